//! The whole reader against a server that speaks HTTP, on real time.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use axum::response::IntoResponse;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::json;

use crate::clock::Clock;
use crate::http::Secret;
use crate::http::scripted::{Seen, Server, json as answer, three};
use crate::model::{Activity, Body, Coverage, Observation, Reading, Spell};
use crate::source::cxengage::Reader;
use crate::source::fixture;
use crate::source::poller::Feed;
use crate::vendor::Class;

/// A record in the server's log: agent, kind, seconds after [`three`] by the server's clock.
type Entry = (&'static str, &'static str, i64);

/// A tenant's server, whose clock is `ahead` of ours. Windows match the starts of records; one
/// longer than ten minutes, or reaching into the last 15 s, is refused.
async fn server(entries: &'static [Entry], ahead: TimeDelta, page: usize) -> Server {
    Server::start(move |seen| {
        let now = three() + ahead;
        let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let get = |name: &str| parameter(&seen, name);
        let time = |name: &str| get(name).parse::<DateTime<Utc>>().unwrap();
        let (start, end) = (time("start"), time("end"));
        if end - start > TimeDelta::minutes(10) || end > now - TimeDelta::seconds(15) {
            return ([("date", date)], answer(400, r#"{"message":"bad window"}"#)).into_response();
        }
        let all: Vec<_> = entries
            .iter()
            .enumerate()
            .map(|(id, (agent, kind, at))| (id, agent, kind, now + TimeDelta::seconds(*at)))
            .filter(|(.., at)| (start..=end).contains(at))
            .collect();
        let offset: usize = get("offset").parse().unwrap();
        let limit: usize = get("limit").parse().unwrap();
        let results: Vec<_> = all
            .iter()
            .skip(offset)
            .take(limit.min(page))
            .map(|(id, agent, kind, at)| {
                json!({"eventId": format!("e{id}"), "agentId": agent, "eventType": kind,
                    "start": at.to_rfc3339_opts(SecondsFormat::Millis, true)})
            })
            .collect();
        let body = json!({"total": all.len().to_string(), "results": results});
        ([("date", date)], answer(200, body.to_string())).into_response()
    })
    .await
}

fn parameter(seen: &Seen, name: &str) -> String {
    let url: reqwest::Url = format!("http://x/?{}", seen.query).parse().unwrap();
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

fn reader(server: &Server, expected: &[&str]) -> Reader {
    let mut tenant = fixture::tenant(server.url.clone());
    tenant.expected = expected.iter().map(|id| (*id).into()).collect();
    let settings = fixture::of_tenant(tenant.clone());
    let mut reader = Reader::new(settings, tenant, Duration::from_secs(10), Clock::fixed(three()));
    reader.prepare().unwrap();
    reader
}

fn agents(reading: &Reading) -> Vec<Observation> {
    match &reading.body {
        Body::Agents { observations, coverage: Coverage::Part, .. } => {
            let mut seen = observations.clone();
            seen.sort_by(|a, b| a.agent.cmp(&b.agent));
            seen
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_90_s_changes_no_time() {
    static LOG: [Entry; 2] = [("a", "agent-ready", -300), ("b", "agent-not-ready", -40)];
    for ahead in [-90, 0, 90] {
        let server = server(&LOG, TimeDelta::seconds(ahead), 1000).await;
        let mut reader = reader(&server, &[]);
        let reading = reader.read().await.unwrap();
        let seen = agents(&reading);
        assert_eq!(seen.len(), 2, "{ahead}");
        for (agent, age) in [(&seen[0], 300), (&seen[1], 40)] {
            let off = agent.since.unwrap() - (three() - TimeDelta::seconds(age));
            assert!(off.num_milliseconds().abs() <= 1000, "{ahead}: {off}");
        }
        let lag = three() - reading.as_of;
        assert!((19..=22).contains(&lag.num_seconds()), "{ahead}: {lag}");
        let offset = reader.clock_offset().unwrap() - TimeDelta::seconds(ahead);
        assert!(offset.num_milliseconds().abs() <= 1000);
    }
}

#[tokio::test]
async fn the_request_is_the_documented_one() {
    let server = server(&[], TimeDelta::zero(), 1000).await;
    reader(&server, &[]).read().await.unwrap();
    let seen = server.seen();
    assert_eq!(parameter(&seen[0], "limit"), "1", "the first one only asks for the time");
    let real = &seen[1];
    assert_eq!(
        (real.method.as_str(), real.path.as_str()),
        ("GET", "/v1/tenants/11111111-2222-3333-4444-555555555555/wfm/rta")
    );
    assert_eq!(real.headers["authorization"], "Basic cnRhOlBhc3N3b3JkIzEyMzQ=");
    let end = parameter(real, "end");
    assert!(end.len() == 20 && end.ends_with('Z'), "whole seconds in UTC: {end}");
    assert_eq!(
        (parameter(real, "limit").as_str(), parameter(real, "offset").as_str()),
        ("1000", "0")
    );
}

#[tokio::test]
async fn pages_follow_each_other_by_what_was_received() {
    static LOG: [Entry; 250] = {
        let mut log = [("a", "agent-capacity", 0); 250];
        let mut i = 0;
        while i < 250 {
            log[i].2 = -(i as i64) - 30;
            i += 1;
        }
        log
    };
    let server = server(&LOG, TimeDelta::zero(), 100).await;
    let mut reader = reader(&server, &[]);
    reader.read().await.unwrap();
    let offsets: Vec<String> =
        server.seen().iter().skip(1).map(|seen| parameter(seen, "offset")).collect();
    assert_eq!(offsets, ["0", "100", "200"]);
    let windows: Vec<String> =
        server.seen().iter().skip(1).map(|seen| parameter(seen, "start")).collect();
    assert!(windows.iter().all(|start| *start == windows[0]), "the window stays the same");
}

#[tokio::test]
async fn the_past_is_told_whole_whatever_the_pages_and_windows() {
    static LOG: [Entry; 24] = {
        let mut log = [("a", "agent-ready", 0); 24];
        let mut i = 0;
        while i < 24 {
            let kind = if i % 2 == 0 { "agent-ready" } else { "agent-not-ready" };
            log[i] = ("a", kind, -25 - 170 * i as i64);
            i += 1;
        }
        log
    };
    let ahead = 90;
    let server = server(&LOG, TimeDelta::seconds(ahead), 3).await;
    let mut reader = reader(&server, &["a"]);
    let mut spells: Vec<Spell> = Vec::new();
    let mut next = Some(reader.read().await.unwrap());
    while next.is_some() || reader.backlog().is_some() {
        let Some(Reading { body: Body::Agents { histories, .. }, .. }) = next else {
            panic!("{next:?}")
        };
        for told in histories {
            spells.retain(|spell| spell.since < told.from || spell.since >= told.until);
            spells.extend(told.spells);
        }
        next = match reader.backlog() {
            Some(_) => reader.read_back().await.unwrap(),
            None => None,
        };
    }
    spells.sort_by_key(|spell| spell.since);
    assert_eq!(spells.len(), 24, "{ahead}");
    for (spell, (_, kind, at)) in spells.iter().rev().zip(&LOG) {
        let off = spell.since - (three() + TimeDelta::seconds(*at));
        assert!(off.num_milliseconds().abs() <= 1000, "{ahead}: {off}");
        assert_eq!(*kind == "agent-ready", spell.activity == Activity::Available);
    }
}

#[tokio::test]
async fn an_agent_silent_for_hours_is_found_on_the_way_back_which_then_ends() {
    static LOG: [Entry; 3] = [
        ("a", "agent-session-start", -7300),
        ("a", "agent-ready", -7200),
        ("b", "agent-ready", -60),
    ];
    let server = server(&LOG, TimeDelta::seconds(90), 1000).await;
    let mut reader = reader(&server, &["a"]);
    let first = reader.read().await.unwrap();
    assert_eq!(agents(&first).len(), 1, "only the newest is known at once");
    let mut found = Vec::new();
    while reader.backlog().is_some() {
        if let Some(reading) = reader.read_back().await.unwrap() {
            assert_eq!(reading.as_of, first.as_of);
            found.extend(agents(&reading));
        }
        if found.iter().any(|seen| seen.agent.as_str() == "a") {
            break;
        }
    }
    let a = found.pop().unwrap();
    assert_eq!(a.activity, Activity::Available);
    let age = three() - a.since.unwrap();
    assert!((age.num_seconds() - 7200).abs() <= 1, "{age}");
    assert!(reader.backlog().is_some(), "since when b is ready is not known");
    while reader.backlog().is_some() {
        reader.read_back().await.unwrap();
    }
    let way = reader.way_back().unwrap();
    assert!(way.is_complete() && way.of > 70, "{way:?}");
}

#[tokio::test]
async fn reading_back_tells_of_the_same_instant_also_when_the_clocks_are_known_better_by_then() {
    let asked = AtomicU8::new(0);
    let server = Server::start(move |_| {
        let ahead = i64::from(asked.fetch_add(1, Ordering::Relaxed) >= 2);
        let date = three() + TimeDelta::seconds(ahead);
        let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        ([("date", date)], answer(200, r#"{"total":0,"results":[]}"#)).into_response()
    })
    .await;
    let mut reader = reader(&server, &[]);
    let first = reader.read().await.unwrap();
    let offset = reader.clock_offset();
    let back = reader.read_back().await.unwrap().unwrap();
    assert!(reader.clock_offset() > offset);
    assert_eq!(back.as_of, first.as_of, "an earlier one would be dropped as overtaken");
}

#[tokio::test]
async fn the_way_back_ends_early_once_everybody_expected_is_known_and_the_past_is_read_at_leisure()
{
    static LOG: [Entry; 2] = [("a", "agent-session-start", -700), ("a", "agent-ready", -690)];
    let server = server(&LOG, TimeDelta::zero(), 1000).await;
    let mut reader = reader(&server, &["a"]);
    reader.read().await.unwrap();
    let hurried = reader.backlog();
    reader.read_back().await.unwrap().unwrap();
    assert!(reader.way_back().unwrap().is_complete());
    assert!(reader.backlog() > hurried);
    let mut steps = 0;
    while reader.backlog().is_some() {
        reader.read_back().await.unwrap();
        assert!(reader.way_back().unwrap().is_complete());
        steps += 1;
    }
    assert!((70..=75).contains(&steps), "a shift of 12 h: {steps}");
}

#[tokio::test]
async fn refusals_and_garbage_name_their_cause() {
    for (status, body, class, text) in [
        (401, "", Class::Denied, "wrong user name or password"),
        (403, "", Class::NotEntitled, "lacks the permission \"WFM RTA\""),
        (400, r#"{"message":"Bad start"}"#, Class::Rejected, "HTTP 400 from the server: Bad start"),
        (302, "", Class::Transient, "a redirect to elsewhere"),
        (200, "\"results\": []", Class::Garbled, "expected an object with `results`"),
        (200, "{}", Class::Garbled, "the answer has no list of records"),
        (200, "<html>", Class::Garbled, "an HTML page"),
    ] {
        let server = Server::start(move |_| answer(status, body)).await;
        let trouble = reader(&server, &[]).read().await.unwrap_err();
        assert_eq!(trouble.class, class, "{trouble}");
        assert!(trouble.text.contains(text), "{trouble}");
    }
}

#[tokio::test]
async fn a_bad_record_is_counted_and_the_rest_is_read() {
    let server = Server::start(|_| {
        let body = r#"{"results":{"x":{"agentId":"a","eventType":"agent-ready",
            "start":"2026-03-01T14:59:00Z"},"y":{"agentId":"b"},"z":7}}"#;
        ([("date", "Sun, 01 Mar 2026 15:00:00 GMT")], answer(200, body)).into_response()
    })
    .await;
    let reading = reader(&server, &[]).read().await.unwrap();
    assert_eq!((reading.skipped, agents(&reading).len()), (2, 1));
}

#[tokio::test]
async fn a_password_that_cannot_be_read_is_not_set() {
    let mut tenant = fixture::tenant("http://127.0.0.1:1/v1".parse().unwrap());
    tenant.account.password = Secret::Env("FLOORWATCH_TEST_UNSET".to_owned());
    let settings = fixture::of_tenant(tenant.clone());
    let mut reader = Reader::new(settings, tenant, Duration::from_secs(1), Clock::fixed(three()));
    let trouble = reader.prepare().unwrap_err();
    assert_eq!(trouble.class, Class::NotSet);
    assert!(trouble.text.contains("FLOORWATCH_TEST_UNSET"), "{trouble}");
}

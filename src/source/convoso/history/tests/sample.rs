//! The document's own sample, the service's shape, and what is no log at all.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::vendor::vendor;
use super::*;
use crate::http::scripted::answer;
use crate::model::{Evidence, Reason};
use crate::vendor::Class;
use crate::vendor::convoso::open_log;

/// The answer of the document, cut out by hand.
const SAMPLE: &str = r#"{"entries": [
{"id": "event_001", "user_id": "12345", "state": "LOGIN", "availability_code": "AVAILABLE",
 "campaign_id": "111", "event_epoch": 1709462400, "event_sec": 28800,
 "created_at": "2026-03-01 08:00:00", "browser": "Chrome 120.0", "ip_address": "192.168.1.100",
 "user_name": "Jane Smith", "campaign_name": "Sales Campaign", "campaign_type": "Outbound"},
{"id": "event_002", "user_id": "12345", "state": "Ready", "availability_code": "READY_CALLS",
 "campaign_id": "111", "event_epoch": 1709462400, "event_sec": 28800,
 "created_at": "2026-03-01 08:00:30", "browser": "Chrome 120.0", "ip_address": "192.168.1.100",
 "user_name": "Jane Smith", "campaign_name": "Sales Campaign", "campaign_type": "Outbound"},
{"id": "event_003", "user_id": "12345", "state": "NotReady", "availability_code": "BREAK",
 "campaign_id": "111", "event_epoch": 1709465400, "event_sec": 30600,
 "created_at": "2026-03-01 09:00:00", "browser": "Chrome 120.0", "ip_address": "192.168.1.100",
 "user_name": "Jane Smith", "campaign_name": "Sales Campaign", "campaign_type": "Outbound"},
{"id": "event_004", "user_id": "12345", "state": "LogOut", "availability_code": "LOGGED_OUT",
 "campaign_id": "111", "event_epoch": 1709481600, "event_sec": 39600,
 "created_at": "2026-03-01 16:00:00", "browser": "Chrome 120.0", "ip_address": "192.168.1.100",
 "user_name": "Jane Smith", "campaign_name": "Sales Campaign", "campaign_type": "Outbound"}
]}"#;

/// Five in the afternoon of the sample's day.
const AFTER: &str = "2026-03-02T01:00:00Z";

fn sample() -> Vec<Value> {
    serde_json::from_str::<Value>(SAMPLE).unwrap()["entries"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_documents_sample_gives_the_figures_of_its_created_at() {
    let mut scene = scene(vendor(AFTER, sample())).await;
    scene.settle().await;
    let spells = scene.spells("12345");
    let words: Vec<&str> = spells.iter().map(|spell| spell.raw.as_str()).collect();
    let expected = ["LOGIN AVAILABLE", "Ready READY_CALLS", "NotReady BREAK", "LogOut LOGGED_OUT"];
    assert_eq!(words, expected);
    assert_eq!(spells[0].since, utc("2026-03-01T16:00:00Z"));
    let hms = |h: i64, m: i64, s: i64| TimeDelta::seconds(h * 3600 + m * 60 + s);
    let of = |activity: Activity| length(spells.iter().filter(|spell| spell.activity == activity));
    let logged_in = length(spells.iter().filter(|spell| is_in(spell)));
    assert_eq!(logged_in, hms(8, 0, 0));
    assert_eq!(of(Activity::LoggedIn), hms(0, 0, 30));
    assert_eq!(of(Activity::Available), hms(0, 59, 30));
    assert_eq!(of(Activity::Away(Reason::Break)), hms(7, 0, 0));
    let ready = of(Activity::Available).num_seconds() * 100_000 / logged_in.num_seconds();
    assert_eq!(ready, 12_395, "12.396 % of the time");
    assert_eq!(spells[1].evidence, Evidence::Derived);
    assert!(spells.iter().all(|spell| spell.doubt.is_none()), "{spells:?}");
}

#[tokio::test]
async fn name_and_connection_come_with_it_and_nowhere_else() {
    let mut scene = scene(vendor(AFTER, sample())).await;
    scene.settle().await;
    let history = scene.readings.iter().find_map(|reading| histories(reading).first()).unwrap();
    assert_eq!(history.name.as_deref(), Some("Jane Smith"));
    let connection = history.connection.as_ref().unwrap();
    assert_eq!(connection.seen_at, utc("2026-03-02T00:00:00Z"));
    assert_eq!(connection.browser.as_ref().unwrap().reveal(), "Chrome 120.0");
    assert_eq!(connection.ip_address.as_ref().unwrap().reveal(), "192.168.1.100");
    let shown = format!("{:?} {}", scene.readings, serde_json::to_string(&scene.readings).unwrap());
    assert!(!shown.contains("192.168") && !shown.contains("Chrome"), "{shown}");
}

#[test]
fn the_document_as_it_stands_is_no_json() {
    let glued = format!("json\n{SAMPLE}Response Fields\n| Field | Type | Description |");
    let example = r#"{
"auth_token": "abc123"
}POST https://api.convoso.com/v1/agent-productivity/search
{
"auth_token": "abc123",
"date_start": "2026-03-01",
"date_end": "2026-03-03"
}Response Example"#;
    for text in [glued.as_str(), example, &format!("{SAMPLE}Response Fields")] {
        assert_eq!(open_log(&answer(200, text)).unwrap_err().class, Class::Garbled);
    }
}

#[tokio::test]
async fn the_services_shape_says_the_same() {
    let rows = [
        ("1748408237", "2025-05-27 21:57:17", "LOGIN", "1", "Login"),
        ("1748408240", "2025-05-27 21:57:20", "READY", "0", ""),
        ("1748411840", "2025-05-27 22:57:20", "", "0", ""),
        ("1748411841", "2025-05-27 22:57:21", "NOTREADY", "1217", "Lunch"),
        ("1748413640", "2025-05-27 23:27:20", "LOGOUT", "0", ""),
    ];
    let rows = rows.into_iter().enumerate().map(|(index, (epoch, at, state, code, name))| {
        json!({"id": index + 1, "user_id": "12345", "user_uid": "u-1", "user_name": "Jane Smith",
            "state": state, "availability_code": code, "availability_name": name,
            "availability_code_name": "", "campaign_id": 111, "campaign_uid": "c-1",
            "event_epoch": epoch, "event_sec": "00:00:03", "created_at": at})
    });
    let mut service = vendor("2025-05-28T06:40:00Z", rows);
    service.is_service = true;
    let mut scene = scene(service).await;
    scene.settle().await;
    let spells = scene.spells("12345");
    let told: Vec<(i64, &Activity, &str)> = spells
        .iter()
        .map(|spell| (spell.since.timestamp(), &spell.activity, spell.raw.as_str()))
        .collect();
    let expected = [
        (1_748_408_237, &Activity::LoggedIn, "LOGIN Login"),
        (1_748_408_240, &Activity::Available, "READY"),
        (1_748_411_841, &Activity::Away(Reason::Lunch), "NOTREADY Lunch"),
        (1_748_413_640, &Activity::Offline, "LOGOUT"),
    ];
    assert_eq!(told, expected);
    assert!(scene.readings.iter().all(|reading| reading.skipped == 0), "a marker is no bad row");
}

#[test]
fn a_list_is_a_list_wherever_it_is() {
    let rows = |body: &str| open_log(&answer(200, body)).unwrap().entries.0.len();
    for (body, count) in [
        (r#"{"entries":[]}"#, 0),
        (r#"{"success":true,"entries":[]}"#, 0),
        (r#"{"success":true,"data":[]}"#, 0),
        (r#"{"success":true,"data":{"entries":{}}}"#, 0),
        (r#"{"entries":{"7":{"id":"7"},"8":{"id":"8"}}}"#, 2),
        (r#"{"success":"true","data":{"total":"14","entries":[{"id":"1"}]}}"#, 1),
    ] {
        assert_eq!(rows(body), count, "{body}");
    }
    for body in [r#"{"success":true}"#, "{}", "[]", "5"] {
        let trouble = open_log(&answer(200, body)).unwrap_err();
        assert_eq!(trouble.class, Class::Garbled, "{body}");
    }
}

#[tokio::test]
async fn refusals_are_told_by_their_words_and_never_show_the_token() {
    for (status, body, class) in [
        (200, r#"{"success":false,"error":"Invalid authentication token"}"#, Class::Denied),
        (
            400,
            r#"{"success":false,"message":"Invalid authentication token s3cret"}"#,
            Class::Denied,
        ),
        (401, r#"{"success":false,"error":"s3cret is wrong"}"#, Class::Denied),
        (403, r#"{"success":false,"text":"not for s3cret"}"#, Class::NotEntitled),
        (200, r#"{"success":false,"code":4001}"#, Class::Denied),
        (
            200,
            r#"{"success":false,"code":"4001","text":"Missing required field"}"#,
            Class::Rejected,
        ),
        (200, r#"{"success":false,"text":"Campaign not found"}"#, Class::Rejected),
        (200, r#"{"success":false,"error":"Limit cannot exceed 1000"}"#, Class::Rejected),
        (
            200,
            r#"{"success":false,"code":7231,"error":"An error occurred while processing your search"}"#,
            Class::Transient,
        ),
        (503, "<html>s3cret</html>", Class::Transient),
        (200, r#"{"entries":["s3cret"]}"#, Class::Garbled),
    ] {
        let mut broken = vendor(AFTER, sample());
        broken.instead = Some((status, body.to_owned()));
        let mut scene = scene(broken).await;
        let trouble = scene.read().await.unwrap_err();
        assert_eq!(trouble.class, class, "{body}: {trouble}");
        assert!(!format!("{trouble:?} {trouble}").contains("s3cret"), "{trouble}");
        scene.settle().await;
        assert_eq!(scene.spells("12345").len(), 4, "it goes on afterwards");
    }
}

#[tokio::test]
async fn a_bad_row_costs_itself_and_is_not_quoted() {
    let mut rows = sample();
    rows.extend([
        json!("10.0.0.7 Jane"),
        json!({"id": "x", "user_id": "", "state": "Ready", "created_at": "2026-03-01 12:00:00"}),
        json!({"id": "y", "user_id": "12345", "state": "Ready", "created_at": "soon"}),
        json!({"id": "z", "user_id": "12345", "state": ["Ready"], "ip_address": {"v": 4}}),
    ]);
    let reach = Reach { page: 100, ..FAR };
    let mut scene = scene_of(vendor(AFTER, rows), reach, |_, _| {}).await;
    scene.settle().await;
    assert_eq!(scene.readings[0].skipped, 3);
    assert_eq!(scene.spells("12345").len(), 4);
}

#[tokio::test]
async fn who_is_no_agent_is_not_told() {
    let other = with(row("a", "2026-03-01 08:00:00", "LOGIN", ""), json!({"user_id": "9001"}));
    let mut scene =
        scene_of(vendor(AFTER, sample().into_iter().chain([other])), FAR, |settings, _| {
            settings.exclude.insert("9001".into());
        })
        .await;
    scene.settle().await;
    assert!(scene.spells("9001").is_empty() && scene.spells("12345").len() == 4);
}

#[tokio::test]
async fn the_floors_own_reasons_are_used() {
    let rows = [
        row("1", "2026-03-01 08:00:00", "LOGIN", ""),
        row("2", "2026-03-01 08:10:00", "NotReady", "77"),
    ];
    let mut scene = scene_of(vendor(AFTER, rows), FAR, |settings, _| {
        settings.reason_map = HashMap::from([("77".to_owned(), Reason::Training)]);
    })
    .await;
    scene.settle().await;
    assert_eq!(scene.spells("1")[1].activity, Activity::Away(Reason::Training));
}

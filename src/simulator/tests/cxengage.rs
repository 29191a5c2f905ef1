use std::collections::{BTreeMap, HashSet};

use super::*;

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn window(from: i64, to: i64) -> String {
    let at = |seconds| stamp(noon() + TimeDelta::seconds(seconds));
    format!("start={}&end={}", at(from), at(to))
}

fn instant(value: &Value) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap().to_utc()
}

fn results(answer: &Value) -> Vec<Value> {
    answer["results"].as_array().unwrap().clone()
}

/// Every record from 12 hours ago to now, as a client that starts cold sees them.
async fn everything(floor: &Floor) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for back in (0..73).rev() {
        let from = -600 * back;
        let answer = json(floor.cx(&window(from, from + 600))).await;
        for record in results(&answer) {
            all.insert(record["eventId"].as_str().unwrap().to_owned(), record);
        }
    }
    all
}

#[tokio::test]
async fn nothing_younger_than_fifteen_seconds_is_known() {
    let floor = Floor::open().await;
    let answer = json(floor.cx(&window(-600, 0))).await;
    let known = noon() - TimeDelta::seconds(15);
    let records = results(&answer);
    assert!(records.len() > 10);
    for record in records {
        assert!(instant(&record["start"]) <= known);
        if !record["end"].is_null() {
            let length = instant(&record["end"]) - instant(&record["start"]);
            assert!(instant(&record["end"]) <= known);
            let seconds = record["durationSeconds"].as_f64().unwrap();
            assert!((seconds - length.as_seconds_f64()).abs() < 0.001);
        } else {
            assert!(record["durationSeconds"].is_null() && record["nextEventId"].is_null());
        }
    }
}

#[tokio::test]
async fn the_newest_record_of_everybody_agrees_with_the_truth_of_fifteen_seconds_ago() {
    let floor = Floor::open().await;
    let all = everything(&floor).await;
    let truth = floor.running.truth_at(noon() - TimeDelta::seconds(15));
    let mut compared = 0;
    for person in &truth.people {
        let Some(cx) = &person.cxengage else { continue };
        let id = person.cxengage_agent_id.as_deref();
        let newest = all
            .values()
            .filter(|r| r["agentId"].as_str() == id)
            .max_by_key(|r| instant(&r["start"]));
        let Some(newest) = newest.filter(|_| cx.logged_in) else { continue };
        let busy = newest["allocation"] != "not-allocated";
        let activity = match newest["eventType"].as_str().unwrap() {
            "agent-session-start" => "logged_in",
            _ if busy => "on_contact",
            _ if newest["presence"] == "ready" => "available",
            _ => "away",
        };
        assert_eq!(activity, cx.activity);
        assert_eq!(instant(&newest["start"]), cx.since);
        assert!(newest["end"].is_null());
        compared += 1;
    }
    assert!(compared >= 6);
}

#[tokio::test]
async fn the_chain_of_events_has_no_gaps() {
    let floor = Floor::open().await;
    let all = everything(&floor).await;
    let links = all.values().filter_map(|r| r["nextEventId"].as_str().map(|next| (r, next)));
    let mut followed = 0;
    for (record, next) in links {
        let next = &all[next];
        assert_eq!(next["start"], record["end"]);
        assert_eq!(next["agentId"], record["agentId"]);
        assert_eq!(next["sessionId"], record["sessionId"]);
        followed += 1;
    }
    assert!(followed > 300);
    let types: HashSet<_> = all.values().map(|r| r["eventType"].as_str().unwrap()).collect();
    assert_eq!(types.len(), 4, "{types:?}");
}

#[tokio::test]
async fn a_contact_is_seen_in_the_capacity_alone() {
    let floor = Floor::open().await;
    let all = everything(&floor).await;
    let contact = all.values().find(|r| r["allocation"] == "fully-allocated").unwrap();
    assert_eq!(contact["eventType"], "agent-capacity");
    assert_eq!((&contact["presence"], &contact["state"]), (&"ready".into(), &"idle".into()));
    assert_eq!(contact["capacity"][0]["channels"]["voice"], 1);
    assert_eq!(contact["capacity"][0]["load"], 1);
    let idle = all.values().find(|r| r["eventType"] == "agent-ready").unwrap();
    assert_eq!(idle["capacity"][0]["load"], 0);
}

#[tokio::test]
async fn who_left_leaves_no_event() {
    let floor = Floor::open().await;
    let all = everything(&floor).await;
    for person in floor.running.truth().people {
        let end_is_null = match person.mishap.as_deref() {
            Some("cx_left_open" | "cx_silent") => true,
            Some("cx_closed") => false,
            _ => continue,
        };
        let id = person.cxengage_agent_id.as_deref();
        let newest = all
            .values()
            .filter(|r| r["agentId"].as_str() == id)
            .max_by_key(|r| instant(&r["start"]))
            .unwrap();
        assert_eq!(newest["state"], "away");
        assert_eq!(newest["end"].is_null(), end_is_null);
        assert!(newest["nextEventId"].is_null());
        assert!(instant(&newest["start"]) < noon() - TimeDelta::minutes(10));
        let convoso = person.convoso.unwrap();
        assert!(convoso.listed, "there is a Convoso row to compare with");
        assert_eq!(convoso.logged_in, person.mishap.as_deref() == Some("cx_silent"));
    }
}

#[tokio::test]
async fn pages_by_received_count_give_every_record_once() {
    let floor = Floor::open().await;
    let query = window(-3_600, -3_000);
    let whole = json(floor.cx(&query)).await;
    let mut paged = Vec::new();
    loop {
        let page = json(floor.cx(&format!("{query}&limit=7&offset={}", paged.len()))).await;
        assert_eq!(page["total"], whole["total"]);
        let got = results(&page);
        if got.is_empty() {
            break;
        }
        paged.extend(got);
    }
    assert_eq!(paged, results(&whole));
    assert!(paged.len() > 7);
}

#[tokio::test]
async fn windows_are_in_the_servers_time() {
    let right = Floor::open().await;
    let ahead = Floor::with(|o| o.skew = TimeDelta::seconds(90)).await;
    let one = results(&json(right.cx(&window(-600, 0))).await);
    let other = results(&json(ahead.cx(&window(-510, 90))).await);
    assert_eq!(one.len(), other.len());
    let shift = instant(&other[0]["start"]) - instant(&one[0]["start"]);
    assert_eq!(shift, TimeDelta::seconds(90));
}

#[tokio::test]
async fn wrong_credentials_and_wrong_windows_are_refused() {
    let floor = Floor::open().await;
    let status = async |request: RequestBuilder| request.send().await.unwrap().status().as_u16();
    let path = format!("/v1/tenants/{}/wfm/rta?", floor.running.credentials().tenant_id);
    assert_eq!(status(floor.request(Method::GET, &path)).await, 401);
    assert_eq!(
        status(floor.request(Method::GET, &path).basic_auth("rta", Some("wrong"))).await,
        401
    );
    assert_eq!(status(floor.cx(&window(-601, 0))).await, 400);
    assert_eq!(status(floor.cx(&window(-300_000, -299_900))).await, 400);
    assert_eq!(status(floor.cx("")).await, 400);
}

//! `floorwatch snapshot` against the truth: every state, every time and every counter.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::simulator::{
    CxTruth, Dialect, Fault, Options, PersonTruth, QueueTruth, Target, Truth,
};
use serde_json::Value;

use super::centre::{Centre, PATIENCE, err, out};
use super::picture::{around, instant, presence};

/// What a time may be off by: seconds are rounded on the way.
const TOLERANCE: TimeDelta = TimeDelta::seconds(2);

fn snapshot(centre: &Centre, status: i32) -> Value {
    let output = centre.run(&["snapshot", "--format", "json", "--wait", PATIENCE]);
    assert_eq!(output.status.code(), Some(status), "{}", err(&output));
    serde_json::from_str(&out(&output)).unwrap()
}

fn near(value: &Value, since: DateTime<Utc>) -> bool {
    !value.is_null() && (instant(value) - since).abs() <= TOLERANCE
}

/// Whether a presence of Convoso's says what is so.
fn dialer_is_right(said: &Value, truth: &PersonTruth) -> bool {
    let Some(seat) = &truth.convoso else { return false };
    if seat.unknown_status {
        return said["activity"] == "unknown" && said["raw"] == seat.status.as_str();
    }
    if !seat.logged_in {
        return said["activity"] == "offline";
    }
    // Who works at both systems may be busy at the other one only.
    said["activity"] == truth.activity.as_str() && near(&said["since"], truth.since)
}

fn cx_is_right(said: &Value, truth: &CxTruth) -> bool {
    said["activity"] == truth.activity.as_str() && near(&said["since"], truth.since)
}

fn queue_is_right(said: &Value, truth: &QueueTruth) -> bool {
    said["calls_today"] == truth.calls_today
        && said["answered"] == truth.answered
        && said["dropped"] == truth.dropped
        && said["dialable_leads"] == truth.dialable_leads
}

#[test]
fn who_sits_in_two_queues_is_one_person_and_counted_in_each_queue() {
    let centre = Centre::start(Options { agents: 12, ..Options::default() });
    centre.without_limit();
    centre.fault(Target::Convoso, Fault::InTwoQueues);
    let snapshot = snapshot(&centre, 0);
    let agents = snapshot["agents"].as_array().unwrap();
    assert_eq!(snapshot["totals"]["people"].as_u64().unwrap(), agents.len() as u64);
    assert_eq!(agents.len(), centre.truth().people.len(), "nobody is doubled");
    let sits = |agent: &Value, queue: &Value| agent["queues"].as_array().unwrap().contains(queue);
    let twice = agents.iter().filter(|agent| agent["queues"].as_array().unwrap().len() == 2);
    assert!(twice.count() > 0);
    for queue in snapshot["queues"].as_array().unwrap() {
        let is_there = |agent: &&Value| {
            let said = presence(agent, "dialer");
            sits(agent, &queue["name"]) && said.is_some_and(|said| said["activity"] != "offline")
        };
        let seated = agents.iter().filter(is_there).count();
        assert_eq!(queue["agents"], seated, "{queue}");
    }
    let csv = out(&centre.run(&["snapshot", "--format", "csv", "--wait", PATIENCE]));
    assert!(csv.contains(';'), "several queues stand in one cell");
}

fn everything_is_right(dialect: Dialect, skew: i64) {
    let options =
        Options { agents: 40, dialect, skew: TimeDelta::seconds(skew), ..Options::default() };
    let centre = Centre::start(options);
    centre.without_limit();
    let snapshot = snapshot(&centre, 0);
    assert_eq!(snapshot["schema"], "floorwatch.snapshot/1");
    for source in snapshot["sources"].as_array().unwrap() {
        assert_eq!(source["status"], "live", "{source}");
        let offset = source["clock_offset_ms"].as_i64().unwrap();
        assert!((offset - skew * 1000).abs() <= 1000, "{source}");
    }
    let agents: BTreeMap<_, _> = snapshot["agents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| (agent["person"].as_str().unwrap().to_owned(), agent))
        .collect();
    let now = centre.truth();
    assert_eq!(agents.len(), now.people.len(), "nobody is missing, nobody is doubled");
    let mut compared = 0;
    for person in &now.people {
        let agent = agents[&person.person];
        if let Some(said) = presence(agent, "dialer") {
            let right = around(&centre.running, instant(&said["as_of"])).iter().any(|truth| {
                dialer_is_right(
                    said,
                    truth.people.iter().find(|p| p.person == person.person).unwrap(),
                )
            });
            assert!(right, "{dialect:?} {skew}: {agent:#}\n{person:#?}");
            compared += 1;
        } else {
            assert!(!person.convoso.as_ref().is_some_and(|seat| seat.logged_in), "{agent:#}");
        }
        let mishap = person.mishap.as_deref().is_some_and(|mishap| mishap.starts_with("cx_"));
        if let (Some(said), false) = (presence(agent, "cx"), mishap) {
            let right = around(&centre.running, instant(&said["as_of"])).iter().any(|truth| {
                let person = truth.people.iter().find(|p| p.person == person.person).unwrap();
                cx_is_right(said, person.cxengage.as_ref().unwrap())
            });
            assert!(right, "{dialect:?} {skew}: {agent:#}\n{person:#?}");
            compared += 1;
        }
    }
    assert!(compared > 40, "only {compared} presences were compared");
    queues_are_right(&centre, &snapshot, dialect);
}

fn queues_are_right(centre: &Centre, snapshot: &Value, dialect: Dialect) {
    let queues = snapshot["queues"].as_array().unwrap();
    let read_at = instant(&snapshot["sources"][0]["as_of"]);
    for queue in centre.truth().queues.iter().filter(|queue| queue.agents > 0) {
        let said = queues.iter().find(|said| said["queue_id"] == queue.queue_id.as_str()).unwrap();
        let same =
            |truth: &Truth| truth.queues.iter().find(|q| q.queue_id == queue.queue_id).cloned();
        let counted = around(&centre.running, instant(&said["as_of"]));
        assert!(
            counted.iter().filter_map(same).any(|q| queue_is_right(said, &q)),
            "{said:#}\n{queue:#?}"
        );
        let seated = around(&centre.running, read_at);
        let agents_right = |q: QueueTruth| {
            let on_contact = q.activities.get("on_contact").copied().unwrap_or(0);
            said["agents"] == q.agents
                && (dialect == Dialect::Mixed || said["on_contact"] == on_contact)
        };
        assert!(seated.iter().filter_map(same).any(agents_right), "{said:#}\n{queue:#?}");
    }
}

#[test]
fn the_documents_shapes_give_the_truth() {
    everything_is_right(Dialect::Documented, 0);
}

#[test]
fn the_services_dialect_gives_the_truth() {
    everything_is_right(Dialect::Service, 0);
}

#[test]
fn a_nasty_mixture_of_both_gives_the_truth() {
    everything_is_right(Dialect::Mixed, 0);
}

#[test]
fn a_server_whose_clock_is_90_s_ahead_gives_the_same_times() {
    everything_is_right(Dialect::Documented, 90);
}

#[test]
fn a_server_whose_clock_is_90_s_behind_gives_the_same_times() {
    everything_is_right(Dialect::Service, -90);
}

#[test]
fn what_is_down_is_said_and_what_is_known_is_printed_all_the_same() {
    let centre = Centre::usual();
    centre.fault(Target::Wfm, Fault::Html);
    centre.fault(Target::CxEngage, Fault::Status { code: 401, retry_after: None });
    let output = centre.run(&["snapshot", "--wait", PATIENCE]);
    assert_eq!(output.status.code(), Some(3));
    let snapshot: Value = serde_json::from_str(&out(&output)).unwrap();
    let status = |at: usize| snapshot["sources"][at]["status"].as_str().unwrap();
    assert_eq!([status(0), status(1), status(2)], ["live", "denied", "denied"]);
    assert!(err(&output).contains("`cx`") && err(&output).contains("`wfm`"), "{}", err(&output));
    assert!(snapshot["totals"]["on_contact"].as_u64().unwrap() > 0);
    let secrets = centre.running.credentials();
    for secret in [secrets.auth_token, secrets.password, secrets.session_cookie] {
        assert!(!out(&output).contains(&secret) && !err(&output).contains(&secret));
    }
}

#[test]
fn csv_has_a_row_an_agent_and_the_table_fits_a_terminal() {
    let centre = Centre::usual();
    let csv = out(&centre.run(&["snapshot", "--format", "csv", "--wait", PATIENCE]));
    let header = "person,name,team,activity,reason,evidence,since,seconds_in_activity,campaign,queue,\
                  skills,calls_today,scheduled,adherent,occupancy_pct,utilization_pct,adherence_pct,flags,known_pct,\
                  adherence_known_pct,by_log";
    assert_eq!(csv.lines().next(), Some(header));
    assert_eq!(csv.lines().count(), 1 + centre.truth().people.len());
    let table = out(&centre.run(&["snapshot", "--format", "table", "--wait", PATIENCE]));
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
}

#[test]
fn a_picture_that_was_not_finished_in_time_says_what_is_missing() {
    let centre = Centre::usual();
    // Without a roster the whole log has to be read back.
    let without =
        |text: String| text.replace("roster = ", "# roster = ").replace("schedule = ", "# ");
    centre.edit_config(without);
    // Each step of the way back takes a second: it takes a minute, and the latest events are there soon.
    centre.fault(Target::CxEngage, Fault::Delay { ms: 1_000 });
    let output = centre.run(&["snapshot", "--wait", "20s"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("`cx` was read back"), "{}", err(&output));
}

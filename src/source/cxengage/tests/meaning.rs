//! What records mean: from their JSON to an observation.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use crate::http::scripted::three;
use crate::model::{Activity, Evidence, Observation, Reason};
use crate::source::cxengage::log::{Log, View};
use crate::source::cxengage::record::Record;
use crate::source::cxengage::tests::records::{at, capacity, event, lunch, ready, record};
use crate::source::reason::Reasons;

/// The record of the vendor's document, made JSON.
const DOCUMENTED: &str = r#"{"platformAgentId":15251,"eventType":"agent-not-ready",
 "loginTimestamp":"2017-10-06T17:50:59.690Z","nextEventId":"0a903d70-aabf-11e7-b5e2-9a5ac3da6edd",
 "agentName":"Admin Subpub-Admin","sessionId":"e98c1770-aabe-11e7-8aba-0fc9cd50d3ff",
 "capacity":[{"channels":{"email":0,"voice":0,"workItem":0,"messaging":0,"sms":0},
  "allocation":"not-allocated","load":0,"capacity":1}],
 "transfers":[{"interactionId":"73a63320-cd80-11e8-8178-02d1c7920e75"}],
 "agentId":"b6828f70-a38f-11e7-bbe9-0fc9cd50d3ff","presence":"not-ready",
 "end":"2017-10-06T17:51:55.079Z","durationSeconds":1.779,"state":"away","reasonName":"Lunch",
 "reasonListName":"Away Reasons","eventId":"0980a230-aabf-11e7-8aba-0fc9cd50d3ff",
 "start":"2017-10-06T17:51:53.300Z","tenantAgentId":9326,"allocation":"not-allocated",
 "direction":"inbound"}"#;

/// What agent `a` is said to do by `records` at `as_of` seconds after [`three`].
fn seen(records: impl IntoIterator<Item = Record>, as_of: i64) -> Observation {
    let mut log = Log::default();
    log.take(records, &Reasons::default());
    let view = View { as_of: at(as_of), offset: TimeDelta::zero(), unread_from: None };
    log.all(view).pop().unwrap()
}

fn since(observation: &Observation) -> i64 {
    (observation.since.unwrap() - three()).num_seconds()
}

#[test]
fn the_documented_record_is_read() {
    let record = record(DOCUMENTED).unwrap();
    assert_eq!(record.agent.as_str(), "b6828f70-a38f-11e7-bbe9-0fc9cd50d3ff");
    assert_eq!(record.busy, Some(false));
    assert_eq!(record.end.unwrap() - record.start, TimeDelta::milliseconds(1779));
    let mut log = Log::default();
    let end = record.end.unwrap();
    log.take([record], &Reasons::default());
    let view = View { as_of: end, offset: TimeDelta::seconds(90), unread_from: None };
    let seen = log.all(view).pop().unwrap();
    assert_eq!(seen.activity, Activity::Away(Reason::Lunch));
    assert_eq!(seen.raw, "agent-not-ready/away (Lunch)");
    assert_eq!(seen.name.as_deref(), Some("Admin Subpub-Admin"));
    let start: DateTime<Utc> = "2017-10-06T17:51:53.300Z".parse().unwrap();
    assert_eq!(seen.since, Some(start - TimeDelta::seconds(90)), "in our clock");
}

#[test]
fn a_record_without_agent_or_start_is_none() {
    assert!(record("{}").is_err());
    assert!(record(r#"{"agentId":"a"}"#).is_err());
    assert!(record(r#"{"agentId":"a","start":"yesterday"}"#).is_err());
    let bare = record(r#"{"agentId":"a","start":"2026-03-01T15:00:00:000Z"}"#).unwrap();
    assert_eq!(seen([bare], 10).activity, Activity::Unknown);
}

#[test]
fn each_kind_of_record_means_its_activity() {
    assert_eq!(seen([ready("1", 0)], 10).activity, Activity::Available);
    assert_eq!(seen([lunch("1", 0)], 10).activity, Activity::Away(Reason::Lunch));
    let login = event("1", 0, &json!({"eventType": "agent-session-start"}));
    assert_eq!(seen([login], 10).activity, Activity::LoggedIn);
    let away = event("1", 0, &json!({"eventType": "agent-not-ready", "reasonName": null}));
    assert_eq!(seen([away], 10).activity, Activity::Away(Reason::Unspecified));
    let dog = event("1", 0, &json!({"eventType": "agent-not-ready", "reasonName": "Dog walk"}));
    assert_eq!(seen([dog], 10).activity, Activity::Away(Reason::Other("Dog walk".into())));
}

#[test]
fn any_sign_of_load_is_a_contact() {
    for sign in [
        json!({"allocation": "fully-allocated"}),
        json!({"allocation": "allocated"}),
        json!({"state": "busy"}),
        json!({"capacity": [{"load": 0.5}]}),
        json!({"capacity": [{"load": "0"}, {"channels": {"voice": 0, "sms": "1"}}]}),
        json!({"capacity": {"voice": {"allocation": "allocated"}}}),
    ] {
        let contact = seen([ready("1", 0), event("2", 5, &sign)], 10);
        assert_eq!(contact.activity, Activity::OnContact, "{sign}");
        assert_eq!((contact.evidence, since(&contact)), (Evidence::Derived, 5), "{sign}");
    }
}

#[test]
fn not_ready_during_a_contact_is_a_contact_first() {
    let busy = json!({"eventType": "agent-not-ready", "presence": "not-ready", "state": "busy",
        "reasonName": "Lunch", "allocation": "fully-allocated"});
    let records = [ready("1", 0), capacity("2", 5, 1), event("3", 8, &busy)];
    let during = seen(records.clone(), 10);
    assert_eq!((during.activity, during.away_pending), (Activity::OnContact, true));
    assert_eq!(during.since, Some(at(5)), "going not-ready does not restart the contact's timer");
    let after = seen(records.into_iter().chain([capacity("4", 30, 0)]), 40);
    assert_eq!(after.activity, Activity::Away(Reason::Lunch));
    assert_eq!((after.away_pending, since(&after)), (false, 30));
}

#[test]
fn a_change_of_capacity_is_no_change_of_presence() {
    let idle = capacity("2", 60, 0);
    let still = seen([lunch("1", 0), idle], 70);
    assert_eq!((&still.activity, since(&still)), (&Activity::Away(Reason::Lunch), 0));
    let login = event("1", 0, &json!({"eventType": "agent-session-start"}));
    let away = json!({"eventType": "agent-capacity", "presence": "not-ready", "state": "away",
        "reasonName": null});
    let fresh = seen([login, event("2", 1, &away)], 10);
    assert_eq!((&fresh.activity, since(&fresh)), (&Activity::LoggedIn, 0));
}

#[test]
fn the_reason_of_an_absence_is_looked_for_behind_a_contact() {
    let away = json!({"eventType": "agent-capacity", "presence": "not-ready", "state": "away"});
    let busy = json!({"eventType": "agent-capacity", "presence": "not-ready", "state": "away",
        "allocation": "fully-allocated"});
    let free = json!({"eventType": "agent-capacity", "presence": "not-ready", "state": "away",
        "allocation": "not-allocated"});
    let reasons = Reasons::new(&HashMap::new());
    let mut log = Log::default();
    let newest = [event("b", 1_450, &busy), event("c", 1_500, &free), event("d", 1_600, &away)];
    log.take(newest, &reasons);
    assert!(!log.is_complete(&["a".into()]), "why the agent is away is not known yet");
    log.take([lunch("a", 0)], &reasons);
    let view = View { as_of: at(1_800), offset: TimeDelta::zero(), unread_from: None };
    let seen = log.all(view).remove(0);
    assert_eq!((&seen.activity, since(&seen)), (&Activity::Away(Reason::Lunch), 1_500));
}

#[test]
fn an_open_record_is_closed_by_its_later_version_and_never_opened_again() {
    let open = lunch("1", 0);
    let closed = event("1", 0, &json!({"end": 60}));
    for versions in [[open.clone(), closed.clone()], [closed, open]] {
        let mut log = Log::default();
        log.take(versions, &Reasons::default());
        let view = |s| View { as_of: at(s), offset: TimeDelta::zero(), unread_from: None };
        let lag = log.all(view(90)).pop().unwrap();
        assert_eq!(
            (&lag.activity, lag.evidence),
            (&Activity::Away(Reason::Lunch), Evidence::Stale)
        );
        let gone = log.all(view(101)).pop().unwrap();
        assert_eq!((&gone.activity, gone.evidence), (&Activity::Unknown, Evidence::Inferred));
        assert_eq!((since(&gone), gone.raw.as_str()), (60, "ended: agent-not-ready/away (Lunch)"));
    }
}

#[test]
fn a_late_event_is_inserted_in_order() {
    let mut log = Log::default();
    let reasons = Reasons::default();
    log.take([ready("1", 0), ready("3", 120)], &reasons);
    let view = View { as_of: at(130), offset: TimeDelta::zero(), unread_from: None };
    assert_eq!(since(&log.all(view).pop().unwrap()), 0);
    log.take([lunch("2", 60)], &reasons);
    let seen = log.all(view).pop().unwrap();
    assert_eq!((&seen.activity, since(&seen)), (&Activity::Available, 120));
}

#[test]
fn the_order_of_arrival_does_not_matter() {
    let records =
        [ready("1", 0), capacity("2", 10, 1), capacity("3", 50, 0), lunch("4", 70), ready("5", 90)];
    let expected = seen(records.clone(), 100);
    let mut order: Vec<usize> = (0..records.len()).collect();
    for round in 0..30 {
        fastrand::Rng::with_seed(round).shuffle(&mut order);
        let shuffled: Vec<Record> = order.iter().map(|&i| records[i].clone()).collect();
        // Every record comes twice, as overlapping windows bring it.
        let twice = shuffled.iter().chain(&shuffled).cloned();
        assert_eq!(seen(twice, 100), expected, "{order:?}");
    }
}

#[test]
fn an_agent_without_a_logout_is_believed_for_half_a_day_only() {
    let almost = seen([lunch("1", 0)], 12 * 3600);
    assert_eq!(almost.evidence, Evidence::Observed);
    let silent = seen([lunch("1", 0)], 12 * 3600 + 1);
    assert_eq!((silent.evidence, since(&silent)), (Evidence::Stale, 0));
}

#[test]
fn an_explicit_logout_is_believed_wherever_it_is_said() {
    for sign in [
        json!({"state": "offline"}),
        json!({"presence": "offline"}),
        json!({"eventType": "agent-session-end", "end": 61}),
        json!({"eventType": "agent-logout"}),
    ] {
        let gone = seen([ready("1", 0), event("2", 60, &sign)], 3600);
        assert_eq!((&gone.activity, since(&gone)), (&Activity::Offline, 60), "{sign}");
        assert_eq!(gone.evidence, Evidence::Observed);
    }
}

#[test]
fn a_new_session_closes_the_old_one() {
    let old =
        |id, start| event(id, start, &json!({"eventType": "agent-ready", "loginTimestamp": -500}));
    let login = event(
        "2",
        100,
        &json!({"eventType": "agent-session-start", "sessionId": "s2",
        "loginTimestamp": 100}),
    );
    let seen = |records: Vec<Record>| seen(records, 300);
    let fresh = seen(vec![old("1", 0), login.clone()]);
    assert_eq!((&fresh.activity, since(&fresh)), (&Activity::LoggedIn, 100));
    let straggler = seen(vec![old("1", 0), login, old("3", 110)]);
    assert_eq!(straggler.activity, Activity::LoggedIn);
    let same_again = event("2", 100, &json!({"eventType": "agent-ready", "sessionId": "s2"}));
    assert_eq!(
        since(&seen(vec![old("1", 0), same_again])),
        100,
        "another session, another stretch"
    );
}

#[test]
fn after_an_outage_only_what_is_newer_is_current() {
    let mut log = Log::default();
    log.take([lunch("1", 0)], &Reasons::default());
    let view = View { as_of: at(3600), offset: TimeDelta::zero(), unread_from: Some(at(10)) };
    assert_eq!(log.all(view).pop().unwrap().evidence, Evidence::Stale);
    log.take([ready("2", 3000)], &Reasons::default());
    assert_eq!(log.all(view).pop().unwrap().evidence, Evidence::Observed);
}

#[test]
fn folding_old_records_away_changes_nothing() {
    let reasons = Reasons::default();
    let mut log = Log::default();
    let records = [ready("1", 0), capacity("2", 10, 1), capacity("3", 50, 1), capacity("4", 60, 2)];
    log.take(records.clone(), &reasons);
    let view = View { as_of: at(100), offset: TimeDelta::zero(), unread_from: None };
    let before = log.all(view);
    log.trim(at(90), at(100));
    assert!(log.take(records, &reasons).is_empty(), "what is folded in is not taken again");
    assert_eq!(log.all(view), before);
    log.take([capacity("5", 95, 0)], &reasons);
    let seen = log.all(view).pop().unwrap();
    assert_eq!((&seen.activity, since(&seen)), (&Activity::Available, 95));
    log.trim(at(90), at(80 * 3600));
    assert!(log.all(view).is_empty(), "who is silent for longer than the vendor remembers");
}

#[test]
fn the_way_back_is_complete_when_everybody_is_seen_and_every_beginning_known() {
    let reasons = Reasons::new(&HashMap::new());
    let mut log = Log::default();
    let expected = ["a".into()];
    assert!(!log.is_complete(&expected));
    log.take([capacity("3", 50, 0)], &reasons);
    assert!(!log.is_complete(&expected), "idle, but ready or away?");
    log.take([lunch("2", 0)], &reasons);
    assert!(!log.is_complete(&expected), "the lunch may have begun before");
    log.take([ready("1", -60)], &reasons);
    assert!(log.is_complete(&expected));
    let older = log.take([ready("0", -90)], &reasons);
    assert_eq!(older.present().count(), 0, "nothing older matters now");
}

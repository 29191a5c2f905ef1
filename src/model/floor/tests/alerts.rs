//! What is known of a WFM's alerts.

use super::*;
use crate::model::{Alert, AlertKind, AlertStatus, Side, SideFeed};

fn alert(id: &str, status: AlertStatus) -> Alert {
    Alert {
        id: id.into(),
        agent: "0b1c-uuid".into(),
        name: None,
        kind: AlertKind::LateStart,
        message: "logged in 15 minutes late".to_owned(),
        status,
        created_at: Some(at(0)),
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    }
}

/// Two WFMs and a roster that knows Jane by her employee number.
fn wfm_floor() -> Floor {
    let mut floor = jane_floor();
    floor.feeds.push(Feed::new("wfm2".into(), SourceKind::Wfm, TimeDelta::seconds(15)));
    floor
}

fn read(floor: &mut Floor, source: &str, (as_of, arrives): (i64, i64), body: Body) {
    floor.apply(Reading { body, ..reading(source, as_of, WHOLE, Vec::new()) }, at(arrives));
}

/// A list of the active alerts of `wfm`, read at `as_of`.
fn active(floor: &mut Floor, as_of: (i64, i64), ids: &[&str], cut: bool) {
    let alerts = ids.iter().map(|id| alert(id, AlertStatus::Active)).collect();
    read(floor, "wfm", as_of, Body::Alerts { status: AlertStatus::Active, alerts, cut });
}

fn key(source: &str, id: &str) -> AlertKey {
    AlertKey { source: source.into(), id: id.into() }
}

fn stands(floor: &Floor, id: &str) -> (AlertStatus, bool) {
    let known = floor.alerts().get(&key("wfm", id)).unwrap();
    (known.alert.status.clone(), known.listed)
}

fn patch(status: AlertStatus) -> AlertPatch {
    AlertPatch { status: Some(status), ..AlertPatch::default() }
}

#[test]
fn a_list_read_before_a_change_and_arriving_after_it_does_not_undo_it() {
    let mut floor = wfm_floor();
    active(&mut floor, (10, 10), &["a"], false);
    floor.merge_alert(&key("wfm", "a"), patch(AlertStatus::Acknowledged), at(20));
    active(&mut floor, (15, 21), &["a"], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Acknowledged, true));
    active(&mut floor, (25, 25), &["a"], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Active, true), "somebody else took it back");
}

#[test]
fn a_list_read_before_a_look_up_and_arriving_after_it_does_not_undo_it() {
    let mut floor = wfm_floor();
    active(&mut floor, (10, 10), &["a"], false);
    let notes = Some("called her".to_owned());
    let resolved = Alert { notes, ..alert("a", AlertStatus::Resolved) };
    read(&mut floor, "wfm", (20, 20), Body::Alert(Box::new(resolved)));
    active(&mut floor, (15, 21), &["a"], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Resolved, true));
    active(&mut floor, (30, 30), &["a"], false);
    let known = floor.alerts().get(&key("wfm", "a")).unwrap();
    assert_eq!(known.alert.notes.as_deref(), Some("called her"), "a list may leave them out");
}

#[test]
fn who_is_missing_from_a_whole_list_is_listed_no_longer_and_an_older_list_does_not_bring_it_back() {
    let mut floor = wfm_floor();
    active(&mut floor, (10, 10), &["a", "b"], false);
    active(&mut floor, (30, 30), &["b"], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Active, false));
    active(&mut floor, (20, 31), &["a", "b"], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Active, false));
    active(&mut floor, (40, 40), &["a", "b"], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Active, true));
}

#[test]
fn a_cut_list_says_nothing_of_the_missing() {
    let mut floor = wfm_floor();
    active(&mut floor, (10, 10), &["a", "b"], false);
    active(&mut floor, (20, 20), &["b"], true);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Active, true));
    assert!(floor.alerts().is_cut(&"wfm".into()));
    active(&mut floor, (15, 21), &["a", "b"], false);
    assert!(floor.alerts().is_cut(&"wfm".into()), "an older list arriving late");
    active(&mut floor, (30, 30), &["b"], false);
    assert!(!floor.alerts().is_cut(&"wfm".into()));
}

#[test]
fn equal_ids_of_two_wfms_are_two_alerts() {
    let mut floor = wfm_floor();
    active(&mut floor, (10, 10), &["a"], false);
    let alerts = vec![alert("a", AlertStatus::Active)];
    let body = Body::Alerts { status: AlertStatus::Active, alerts, cut: false };
    read(&mut floor, "wfm2", (11, 11), body);
    active(&mut floor, (20, 20), &[], false);
    let listed = |source| floor.alerts().get(&key(source, "a")).unwrap().listed;
    assert_eq!((listed("wfm"), listed("wfm2")), (false, true));
    floor.merge_alert(&key("wfm2", "a"), patch(AlertStatus::Resolved), at(21));
    assert_eq!(stands(&floor, "a").0, AlertStatus::Active);
}

#[test]
fn an_alert_finds_whom_the_roster_knows_by_the_employee_number() {
    let mut floor = wfm_floor();
    active(&mut floor, (10, 10), &["b", "a"], false);
    let alone = floor.alerts().get(&key("wfm", "a")).unwrap();
    assert_eq!(floor.person_of_alert(alone), None, "no state has named the employee yet");
    let state =
        Observation { aliases: vec!["EMP001".into()], ..says("0b1c-uuid", Activity::Available, 0) };
    floor.apply(reading("wfm", 15, Coverage::Part, vec![state]), at(15));
    let jane = floor.person(&"jane".into()).unwrap();
    let ids: Vec<_> = floor.alerts_of(jane).iter().map(|known| known.key.id.to_string()).collect();
    assert_eq!(ids, ["a", "b"]);
    let known = floor.alerts().get(&key("wfm", "a")).unwrap();
    assert_eq!(floor.person_of_alert(known).unwrap().id, jane.id);
    let keys: Vec<_> = jane.keys().into_iter().filter(|key| key.source == "wfm".into()).collect();
    let (number, own) = ("EMP001".into(), "0b1c-uuid".into());
    assert_eq!(keys, [own, number].map(|id: AgentId| AgentKey::new("wfm".into(), id)));
    assert!(floor.timeline(&keys[0]).is_some(), "their past is under the WFM's own id");
    assert!(floor.timeline(&keys[1]).is_none());
}

#[test]
fn what_no_answer_has_spoken_of_for_a_day_is_forgotten() {
    let mut floor = wfm_floor();
    active(&mut floor, (0, 0), &["gone", "dealt-with", "active"], false);
    floor.merge_alert(&key("wfm", "dealt-with"), patch(AlertStatus::Acknowledged), at(5));
    let day = 24 * 3600;
    for hour in 1..=24 {
        active(&mut floor, (hour * 3600, hour * 3600), &["active"], false);
    }
    assert_eq!(floor.alerts().all().count(), 3);
    active(&mut floor, (day + 3601, day + 3601), &["active"], false);
    let left: Vec<_> = floor.alerts().all().map(|known| known.key.id.to_string()).collect();
    assert_eq!(left, ["active"]);
    let agent = AgentKey::new("wfm".into(), "0b1c-uuid".into());
    assert_eq!(floor.alerts().of_agent(&agent).count(), 1);
}

#[test]
fn of_too_many_that_need_nobody_the_oldest_are_forgotten_and_no_active_one() {
    let mut floor = wfm_floor();
    let ids: Vec<_> = (0..1_500).map(|n| format!("a{n:04}")).collect();
    for (round, chunk) in ids.chunks(100).cycle().take(45).enumerate() {
        let renamed: Vec<_> = chunk.iter().map(|id| format!("{round:02}-{id}")).collect();
        let ids: Vec<_> = renamed.iter().map(String::as_str).collect();
        let as_of = 60 * i64::try_from(round).unwrap();
        active(&mut floor, (as_of, as_of), &ids, false);
    }
    let listed = floor.alerts().all().filter(|known| known.listed).count();
    assert_eq!((listed, floor.alerts().all().count()), (100, 2_100));
    assert!(floor.alerts().all().all(|known| known.as_of >= at(60 * 24)), "the newest are kept");
}

#[test]
fn a_clock_set_back_does_not_hold_an_alert_as_it_stood_in_the_future() {
    let mut floor = wfm_floor();
    active(&mut floor, (3_600, 3_600), &["a", "b"], false);
    active(&mut floor, (10, 10), &["b"], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Active, false));
}

#[test]
fn alerts_of_which_something_is_no_text_are_counted_list_by_list() {
    let mut floor = wfm_floor();
    floor.feeds[2].sides.push(SideFeed::new(Side::Alerts, TimeDelta::seconds(15)));
    let mut repaired = |as_of: i64, messages: &[&str]| {
        let of = |message: &&str| Alert {
            message: (*message).to_owned(),
            ..alert(message, AlertStatus::Active)
        };
        let (status, alerts) = (AlertStatus::Active, messages.iter().map(of).collect());
        read(&mut floor, "wfm", (as_of, as_of), Body::Alerts { status, alerts, cut: false });
        floor.feed(&"wfm".into()).unwrap().sides[0].repaired
    };
    assert_eq!(repaired(10, &["Caf\u{fffd}", "Z\u{fffd}", "late"]), 2);
    assert_eq!(repaired(25, &["late"]), 0);
}

#[test]
fn that_several_alerts_are_over_at_once_is_believed_after_a_minute() {
    let mut floor = wfm_floor();
    floor.feeds[2].sides.push(SideFeed::new(Side::Alerts, TimeDelta::seconds(15)));
    let held = |floor: &Floor| {
        let side = floor.feed(&"wfm".into()).unwrap().side(Side::Alerts).unwrap();
        let held = floor.alerts().held(&"wfm".into());
        assert_eq!(side.incomplete.is_some(), held.is_some());
        held.map(|held| (held.of, held.until()))
    };
    active(&mut floor, (10, 10), &["a", "b"], false);
    active(&mut floor, (25, 25), &[], false);
    assert_eq!(stands(&floor, "a"), (AlertStatus::Active, true), "one list may be odd");
    assert_eq!(held(&floor), Some((2, at(85))));
    active(&mut floor, (40, 40), &["a", "b"], false);
    assert!(stands(&floor, "b").1 && held(&floor).is_none());
    active(&mut floor, (55, 55), &[], false);
    for seconds in [70, 85, 100, 114] {
        active(&mut floor, (seconds, seconds), &[], false);
        assert_eq!((stands(&floor, "a").1, held(&floor)), (true, Some((2, at(115)))));
    }
    active(&mut floor, (115, 115), &[], false);
    assert!(!stands(&floor, "a").1 && !stands(&floor, "b").1 && held(&floor).is_none());
    active(&mut floor, (130, 130), &["c"], false);
    active(&mut floor, (145, 145), &[], false);
    assert!(!stands(&floor, "c").1, "one alone is over at once");
}

#[test]
fn an_alert_whose_forerunner_stands_in_a_journal_that_hangs_is_not_taken_for_it() {
    let mut floor = wfm_floor();
    let known = |id: &str, status: AlertStatus, as_of: i64| KnownAlert {
        key: AlertKey { source: SourceName::own(), id: id.into() },
        alert: alert(id, status),
        as_of: at(as_of),
        listed: true,
    };
    // As the journal had it when it was last read.
    let seen = known("x", AlertStatus::Acknowledged, 10);
    floor.raise(seen.clone());
    floor.raise(known("x", AlertStatus::Resolved, 20));
    let anew = known("y", AlertStatus::Active, 30);
    floor.raise(anew.clone());
    assert_eq!(floor.adopt(&seen), None);
    assert_eq!(floor.alerts().get(&anew.key), Some(&anew), "somebody has to be rung");
    // Raised again in another program, it is the one that stands.
    let again = known("x", AlertStatus::Active, 25);
    assert_eq!(floor.adopt(&again), Some(anew.key));
}

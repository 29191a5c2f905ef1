//! The vanished and the forgotten.

use super::*;
use crate::model::{AgentKey, Archive, Evidence, Layer, Spell};

/// A floor whose dialer lists Jane and Bob, and then Bob only, from `gone` on.
fn without_jane(gone: i64) -> Floor {
    let mut floor = floor();
    lists(&mut floor, gone - 3, &["1", "2"]);
    lists(&mut floor, gone, &["2"]);
    lists(&mut floor, gone + 3, &["2"]);
    floor
}

fn lists(floor: &mut Floor, now: i64, agents: &[&str]) {
    let seen = |agent: &&str| Observation {
        since: Some(at(-600)),
        ..Observation::of(*agent, Activity::Away(Reason::Break), "PAUSED")
    };
    let reading = Reading {
        source: "dialer".into(),
        taken_at: at(now),
        as_of: at(now),
        skipped: 0,
        body: Body::Agents {
            observations: agents.iter().map(seen).collect(),
            coverage: Coverage::Whole { declared: None },
            summary: None,
            histories: Vec::new(),
        },
    };
    floor.apply(reading, at(now));
}

fn of(floor: &Floor, person: usize, now: i64) -> Option<Lost> {
    let person = &floor.people()[person];
    lost(floor, person, &floor.headline(person, at(now)), at(now))
}

#[test]
fn who_leaves_without_a_logout_is_lost_for_the_rest_of_the_day_and_flagged_while_it_is_news() {
    let mut floor = without_jane(100);
    let vanished = Some(Lost::Vanished { source: "dialer".into(), since: Some(at(97)) });
    assert_eq!(of(&floor, 0, 103), vanished);
    assert_eq!(kinds(&floor, 103), [(FlagKind::Vanished, Severity::Warn)]);
    let later = 5 * 3600;
    lists(&mut floor, later, &["2"]);
    assert_eq!(of(&floor, 0, later), vanished);
    assert_eq!(kinds(&floor, later), []);
    // The sample's day begins at midnight UTC, 16 hours before second 0.
    let tomorrow = 8 * 3600;
    lists(&mut floor, tomorrow, &["2"]);
    assert_eq!(of(&floor, 0, tomorrow), None, "yesterday's are not on this day's list");
}

#[test]
fn a_restart_does_not_forget_whom_an_earlier_run_saw_last() {
    for (last, is_lost) in [(Activity::Available, true), (Activity::Offline, false)] {
        let mut floor = floor();
        let jane = AgentKey::new("dialer".into(), "1".into());
        let spell = Spell {
            since: at(-900),
            until: Some(at(-60)),
            activity: last,
            evidence: Evidence::Observed,
            raw: "RAW".into(),
            doubt: None,
        };
        let spells = vec![(jane.clone(), Layer::Watched, spell)];
        floor.restore(Archive { spells, ..Archive::default() }, at(0));
        floor.admit(&jane, Some("Jane"));
        assert_eq!(of(&floor, 0, 0), None, "nobody is listed yet");
        lists(&mut floor, 3, &["2"]);
        let since = Some(at(-60));
        let vanished = Lost::Vanished { source: "dialer".into(), since };
        assert_eq!(of(&floor, 0, 3), is_lost.then_some(vanished));
        lists(&mut floor, 6, &["1", "2"]);
        assert_eq!(of(&floor, 0, 6), None, "listed again");
    }
}

#[test]
fn who_is_missing_once_or_comes_back_is_not_lost() {
    let mut floor = floor();
    lists(&mut floor, 0, &["1", "2"]);
    lists(&mut floor, 3, &["2"]);
    assert_eq!(of(&floor, 0, 3), None, "one answer may be wrong");
    lists(&mut floor, 6, &["2"]);
    assert!(of(&floor, 0, 6).is_some());
    lists(&mut floor, 9, &["1", "2"]);
    assert_eq!(of(&floor, 0, 9), None);
}

#[test]
fn a_state_of_six_hours_is_forgotten_at_the_limit_and_offline_or_unknown_never() {
    let six_hours = 6 * 3600;
    let cases = [
        (Activity::Away(Reason::Break), six_hours - 1, false),
        (Activity::Away(Reason::Break), six_hours, true),
        (Activity::OnContact, six_hours + 1, true),
        (Activity::Available, 2 * six_hours, true),
        (Activity::Offline, 2 * six_hours, false),
        (Activity::Unknown, 2 * six_hours, false),
    ];
    for (activity, time, expected) in cases {
        let mut floor = floor();
        says(&mut floor, "dialer", 0, doing(activity.clone(), -time));
        let forgotten = Lost::Forgotten { since: at(-time) };
        assert_eq!(of(&floor, 0, 0), expected.then_some(forgotten), "{activity:?} for {time} s");
    }
}

#[test]
fn a_state_that_nothing_confirms_does_not_become_forgotten_by_itself() {
    let mut floor = floor();
    says(&mut floor, "dialer", 0, doing(Activity::OnContact, -3600));
    assert_eq!(of(&floor, 0, 8 * 3600), None, "nobody knows that it went on");
}

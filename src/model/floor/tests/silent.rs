//! What is known of people while the systems that know best are silent.

use super::*;
use crate::model::{AgentHistory, Side, SideFeed, Spell};

/// Jane, of whom the sources say this, each as of its own instant.
fn jane(said: &[(&str, Activity, i64, i64)]) -> Floor {
    let mut floor = jane_floor();
    for (source, activity, since, as_of) in said {
        let (agent, coverage) = match *source {
            "dialer" => ("12345", WHOLE),
            "cx" => ("uuid-1", Coverage::Part),
            _ => ("EMP001", Coverage::Part),
        };
        let seen = vec![says(agent, activity.clone(), *since)];
        floor.apply(reading(source, *as_of, coverage, seen), at(100));
    }
    floor
}

const PAUSED: Activity = Activity::Away(Reason::Unspecified);

#[test]
fn a_source_that_was_late_when_a_better_one_fell_silent_does_not_take_its_place() {
    // The call began at 90; CxEngage has been heard of until 80.
    let mut floor =
        jane(&[("dialer", Activity::OnContact, 90, 100), ("cx", Activity::Available, 0, 80)]);
    fails(&mut floor, "dialer", 103);
    let said = headline_of(&floor, "jane", 104);
    assert_eq!((said.activity.kind(), said.is_stale()), (ActivityKind::OnContact, true));
    assert_eq!(said.time_in_state(at(200)), Some(TimeDelta::seconds(10)), "its time stands still");
    let fate = &floor.weighed(floor.person(&"jane".into()).unwrap(), at(104))[1];
    assert_eq!(fate.fate, crate::model::Fate::Late("dialer".into()));
    // Once it has looked since, its word is the newest there is.
    let seen = vec![says("uuid-1", Activity::Available, 95)];
    floor.apply(reading("cx", 98, Coverage::Part, seen), at(112));
    let said = headline_of(&floor, "jane", 113);
    assert_eq!((said.activity, said.evidence), (Activity::Available, Evidence::Observed));
}

#[test]
fn a_late_source_that_says_the_same_does_not_make_it_begin_earlier() {
    // Between, there was a call of which CxEngage has not been heard yet.
    let mut floor =
        jane(&[("dialer", Activity::Available, 90, 100), ("cx", Activity::Available, 0, 80)]);
    fails(&mut floor, "dialer", 103);
    let said = headline_of(&floor, "jane", 104);
    assert_eq!((said.activity, said.evidence), (Activity::Available, Evidence::Stale));
    assert_eq!(said.since, Some(at(90)));
    // Nor does it once it has been heard of: it has no word for the wrap-up after the call.
    let seen = vec![says("uuid-1", Activity::Available, 85)];
    floor.apply(reading("cx", 98, Coverage::Part, seen), at(112));
    let said = headline_of(&floor, "jane", 113);
    assert_eq!((said.activity, said.evidence), (Activity::Available, Evidence::Observed));
    assert_eq!(said.since, Some(at(90)));
}

#[test]
fn two_that_differed_before_one_fell_silent_still_do() {
    let mut floor = jane(&[("dialer", Activity::OnContact, 20, 100), ("cx", PAUSED, 0, 98)]);
    let before = headline_of(&floor, "jane", 100);
    assert_eq!((before.activity, before.conflict.is_some()), (Activity::OnContact, true));
    fails(&mut floor, "dialer", 103);
    let said = headline_of(&floor, "jane", 104);
    let conflict = said.conflict.unwrap();
    assert_eq!((said.activity, conflict.activity), (PAUSED, Activity::OnContact));
    // Silence proves neither right: what was done meanwhile nobody knows.
    floor.apply(reading("cx", 120, Coverage::Part, vec![says("uuid-1", PAUSED, 0)]), at(140));
    let past = floor.fused(floor.person(&"jane".into()).unwrap(), at(30), at(120), at(140));
    let past: Vec<_> = past.iter().map(|part| (part.until, part.activity.kind())).collect();
    let (known, unknown) = (ActivityKind::OnContact, ActivityKind::Unknown);
    assert_eq!(past, [(at(100), known), (at(120), unknown)]);
    // Whatever it says anew is its own word, and the silent one cannot know of it.
    floor.apply(reading("cx", 130, Coverage::Part, vec![says("uuid-1", PAUSED, 125)]), at(150));
    assert_eq!(headline_of(&floor, "jane", 150).conflict, None);
}

#[test]
fn a_logout_in_the_log_beside_a_silent_monitor_outlives_what_cxengage_leaves_open() {
    let mut floor = jane(&[("cx", PAUSED, 0, 98)]);
    floor.feeds[0].sides.push(SideFeed::new(Side::History, TimeDelta::seconds(60)));
    fails(&mut floor, "dialer", 100);
    for (since, expected) in [(-5, PAUSED), (5, Activity::Offline)] {
        let logout = Spell {
            since: at(since),
            until: None,
            activity: Activity::Offline,
            evidence: Evidence::Observed,
            raw: "LogOut".into(),
            doubt: None,
        };
        let history = AgentHistory {
            agent: "12345".into(),
            name: None,
            from: at(-600),
            until: at(100),
            spells: vec![logout],
            connection: None,
        };
        let body = Body::History { histories: vec![history], incomplete: None };
        let read = Reading {
            source: "dialer".into(),
            taken_at: at(101),
            as_of: at(101),
            skipped: 0,
            body,
        };
        floor.apply(read, at(101));
        let said = headline_of(&floor, "jane", 102);
        assert_eq!((&said.activity, said.by_log), (&expected, expected == Activity::Offline));
    }
}

#[test]
fn a_log_that_lacks_the_logout_that_an_earlier_run_saw_does_not_bring_anybody_back() {
    let key = AgentKey::new("dialer".into(), "12345".into());
    let spell = |since, until: Option<i64>, activity, raw: &str| Spell {
        since: at(since),
        until: until.map(at),
        activity,
        evidence: Evidence::Observed,
        raw: raw.into(),
        doubt: None,
    };
    let seen = spell(-60, Some(-5), Activity::Offline, "LOGGED_OUT");
    let archive = crate::model::Archive {
        spells: vec![(key, crate::model::Layer::Watched, seen)],
        ..Default::default()
    };
    for (begun, expected) in [(-90, Activity::Offline), (-30, PAUSED)] {
        let mut floor = jane_floor();
        floor.feeds[0].sides.push(SideFeed::new(Side::History, TimeDelta::seconds(60)));
        floor.restore(archive.clone(), at(0));
        fails(&mut floor, "dialer", 1);
        let history = AgentHistory {
            agent: "12345".into(),
            name: None,
            from: at(-600),
            until: at(2),
            spells: vec![spell(begun, None, PAUSED, "NotReady")],
            connection: None,
        };
        let body = Body::History { histories: vec![history], incomplete: None };
        floor.apply(Reading { body, ..reading("dialer", 2, WHOLE, Vec::new()) }, at(2));
        assert_eq!(headline_of(&floor, "jane", 3).activity, expected);
    }
}

#[test]
fn a_source_without_a_word_for_what_a_silent_one_said_last_has_not_contradicted_it() {
    let mut floor =
        jane(&[("dialer", Activity::WrapUp, 50, 100), ("cx", Activity::Available, 45, 80)]);
    fails(&mut floor, "dialer", 103);
    let said = headline_of(&floor, "jane", 104);
    assert_eq!((said.activity.kind(), said.is_stale()), (ActivityKind::WrapUp, true));
    let seen = vec![says("uuid-1", Activity::OnContact, 105)];
    floor.apply(reading("cx", 108, Coverage::Part, seen), at(112));
    assert_eq!(headline_of(&floor, "jane", 113).activity, Activity::OnContact, "something new");
}

#[test]
fn when_all_fall_silent_the_last_known_state_stands_as_it_was_judged() {
    for at_dialer in [Activity::OnContact, Activity::WrapUp, Activity::Available, PAUSED] {
        // CxEngage was heard of last, and says less.
        let mut floor =
            jane(&[("dialer", at_dialer.clone(), 60, 90), ("cx", Activity::LoggedIn, 10, 95)]);
        let before = headline_of(&floor, "jane", 100);
        for source in ["dialer", "cx", "wfm"] {
            fails(&mut floor, source, 103);
        }
        let after = headline_of(&floor, "jane", 104);
        assert_eq!((&after.activity, after.since), (&before.activity, before.since));
        assert!(after.is_stale() && !before.is_stale(), "{at_dialer:?}");
    }
}

#[test]
fn a_pause_keeps_the_reason_that_a_source_gave_for_it_before_that_fell_silent() {
    let lunch = Activity::Away(Reason::Lunch);
    let silent: [&[&str]; 3] = [&["wfm"], &["dialer"], &["wfm", "dialer"]];
    for sources in silent {
        let mut floor = jane(&[("dialer", PAUSED, 10, 100), ("wfm", lunch.clone(), 12, 98)]);
        assert_eq!(headline_of(&floor, "jane", 100).activity, lunch);
        sources.iter().for_each(|source| fails(&mut floor, source, 103));
        assert_eq!(headline_of(&floor, "jane", 104).activity, lunch, "{sources:?}");
        if *sources == ["wfm"] {
            // The next pause is another one.
            list(&mut floor, 106, &["12345"]);
            let seen = vec![says("12345", PAUSED, 107)];
            floor.apply(reading("dialer", 109, WHOLE, seen), at(109));
            assert_eq!(headline_of(&floor, "jane", 110).activity, PAUSED);
        }
    }
}

#[test]
fn totals_do_not_move_towards_a_state_that_nobody_reported() {
    let mut floor =
        jane(&[("dialer", Activity::OnContact, 90, 100), ("cx", Activity::Available, 0, 80)]);
    for source in ["dialer", "cx", "wfm"] {
        let before = floor.totals(at(101)).people;
        fails(&mut floor, source, 103);
        assert_eq!(floor.totals(at(104)).people, before, "{source}");
    }
    let totals = floor.totals(at(104));
    assert_eq!(totals.doubtful(ActivityKind::OnContact), 1);
}

#[test]
fn what_a_log_says_of_its_past_takes_back_nothing_of_what_the_newest_answer_left_out() {
    let mut floor = jane_floor();
    let garbled = Observation { name: Some("J\u{fffd}ne".to_owned()), ..seen_at(100) };
    let mut told = |as_of: i64, skipped: u32, seen: Vec<Observation>| {
        let reading = Reading { skipped, ..reading("cx", as_of, Coverage::Part, seen) };
        floor.apply(reading, at(as_of + 12));
        let feed = floor.feed(&"cx".into()).unwrap();
        (feed.skipped, feed.repaired)
    };
    assert_eq!(told(100, 2, vec![garbled]), (2, 1));
    assert_eq!(told(100, 0, vec![]), (2, 1), "a step back that brought nothing, or failed");
    assert_eq!(told(100, 3, vec![]), (3, 1), "what could not be read of the past is told");
    assert_eq!(told(103, 0, vec![seen_at(100)]), (0, 0));
}

fn seen_at(since: i64) -> Observation {
    says("uuid-1", Activity::Available, since)
}

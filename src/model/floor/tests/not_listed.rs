//! Whom a whole list does not have, and never had.

use super::*;
use crate::model::{AgentHistory, Fate, Fused, HoldReason, NOT_LISTED, Side, SideFeed, Spell};

const KINDS: [(&str, SourceKind); 5] = [
    ("dialer", SourceKind::Convoso),
    ("other", SourceKind::Convoso),
    ("cx", SourceKind::CxEngage),
    ("pbx", SourceKind::SipIo),
    ("wfm", SourceKind::Wfm),
];

/// Jane, with an id at every one of five systems.
fn jane() -> Floor {
    let feeds = KINDS.map(|(name, kind)| Feed::new(name.into(), kind, TimeDelta::seconds(3)));
    jane_among(&KINDS.map(|(source, _)| (source, "1")), feeds.into())
}

/// `source` reads somebody else, and not Jane, every three seconds until `until`.
fn lists_others(floor: &mut Floor, source: &str, coverage: Coverage, until: i64) {
    for second in (3..=until).step_by(3) {
        let others = vec![says("2", Activity::Available, 0)];
        floor.apply(reading(source, second, coverage, others), at(second));
    }
}

fn state(floor: &Floor, now: i64) -> (Activity, Evidence) {
    let headline = headline_of(floor, "jane", now);
    (headline.activity, headline.evidence)
}

const NOT_THERE: (Activity, Evidence) = (Activity::Offline, Evidence::Derived);
const UNKNOWN: (Activity, Evidence) = (Activity::Unknown, Evidence::Inferred);

#[test]
fn whom_two_whole_lists_in_a_row_do_not_have_is_not_logged_in_and_nobody_says_since_when() {
    let mut floor = jane();
    lists_others(&mut floor, "dialer", WHOLE, 3);
    assert_eq!(state(&floor, 3), UNKNOWN, "one answer may be wrong");
    lists_others(&mut floor, "dialer", WHOLE, 9);
    assert_eq!(state(&floor, 9), NOT_THERE);
    let said = presence(&floor, "dialer", "1");
    assert_eq!((said.raw.as_str(), said.since, said.as_of), (NOT_LISTED, None, at(9)));
    assert_eq!(floor.totals(at(9)).people.of(ActivityKind::Unknown), 0);
    assert_eq!(headline_of(&floor, "jane", 9).time_in_state(at(9)), None);
}

#[test]
fn an_empty_list_is_whole_too_and_a_stranger_is_no_part_of_the_roster() {
    let mut floor = jane();
    floor.apply(reading("dialer", 3, WHOLE, Vec::new()), at(3));
    floor.apply(reading("dialer", 6, WHOLE, Vec::new()), at(6));
    assert_eq!(state(&floor, 6), NOT_THERE);
    let mut floor = super::floor();
    floor.people.admit(&AgentKey::new("dialer".into(), "9".into()), None);
    list(&mut floor, 3, &[]);
    list(&mut floor, 6, &[]);
    let stranger = &floor.people()[0];
    assert_eq!(floor.headline(stranger, at(6)).activity, Activity::Unknown);
}

#[test]
fn only_a_telephony_systems_live_whole_and_undoubted_list_says_it() {
    let short = Coverage::Whole { declared: Some(2) };
    for (source, coverage, expected) in [
        ("dialer", WHOLE, NOT_THERE),
        ("dialer", Coverage::Whole { declared: Some(1) }, NOT_THERE),
        ("other", WHOLE, NOT_THERE),
        ("pbx", WHOLE, NOT_THERE),
        ("dialer", short, UNKNOWN),
        ("dialer", Coverage::Filtered, UNKNOWN),
        ("dialer", Coverage::Part, UNKNOWN),
        ("pbx", Coverage::Part, UNKNOWN),
        ("cx", Coverage::Part, UNKNOWN),
        ("wfm", Coverage::Part, UNKNOWN),
        ("wfm", WHOLE, UNKNOWN),
    ] {
        let mut floor = jane();
        // For longer than a doubtful list is held.
        lists_others(&mut floor, source, coverage, 90);
        assert_eq!(state(&floor, 90), expected, "{source} {coverage:?}");
    }
    let mut unread = jane();
    for second in [3, 6, 9] {
        let list = Reading { skipped: 1, ..reading("dialer", second, WHOLE, Vec::new()) };
        unread.apply(list, at(second));
    }
    assert_eq!(state(&unread, 9), UNKNOWN, "she may be in the record that nobody understood");
    let mut silent = jane();
    fails(&mut silent, "dialer", 3);
    assert_eq!(state(&silent, 3), UNKNOWN);
}

#[test]
fn a_list_that_falls_silent_or_gets_doubtful_stays_as_something_stale() {
    let stale = (Activity::Offline, Evidence::Stale);
    let mut floor = jane();
    lists_others(&mut floor, "dialer", WHOLE, 9);
    fails(&mut floor, "dialer", 12);
    assert_eq!(state(&floor, 12), stale);
    assert_eq!(floor.totals(at(12)).stale.all(), 2, "she and whom it did list");
    lists_others(&mut floor, "dialer", WHOLE, 15);
    assert_eq!(state(&floor, 15), NOT_THERE);
    let short = |second| reading("dialer", second, Coverage::Whole { declared: Some(9) }, vec![]);
    for second in (18..=30).step_by(3) {
        floor.apply(short(second), at(second));
        assert_eq!(
            state(&floor, second),
            stale,
            "nothing follows from a list that is not believed"
        );
    }
}

#[test]
fn it_gives_way_to_whatever_another_system_says_and_is_no_conflict() {
    let offline = Activity::Offline;
    let away = Activity::Away(Reason::Unspecified);
    let observed = |activity: &Activity| (activity.clone(), Evidence::Observed);
    for (source, says_now, expected) in [
        ("cx", Activity::OnContact, observed(&Activity::OnContact)),
        ("cx", away.clone(), observed(&away)),
        ("cx", Activity::Unknown, NOT_THERE),
        ("pbx", Activity::Available, observed(&Activity::Available)),
        ("pbx", offline.clone(), observed(&offline)),
        ("other", Activity::WrapUp, observed(&Activity::WrapUp)),
        ("wfm", Activity::Available, observed(&Activity::Available)),
        ("wfm", offline.clone(), NOT_THERE),
    ] {
        let mut floor = jane();
        for feed in &mut floor.feeds {
            feed.may_conflict = true;
        }
        lists_others(&mut floor, "dialer", WHOLE, 60);
        let seen = vec![says("1", says_now.clone(), 0)];
        floor.apply(reading(source, 60, Coverage::Part, seen), at(60));
        assert_eq!(state(&floor, 60), expected, "{source} says {says_now:?}");
        assert_eq!(headline_of(&floor, "jane", 60).conflict, None, "{source}");
        let weighed = floor.weighed(floor.person(&"jane".into()).unwrap(), at(60));
        let fate = weighed.iter().find(|w| w.source.as_str() == "dialer").map(|w| &w.fate);
        let expected = if expected == NOT_THERE { Fate::Won } else { Fate::NotListed };
        assert_eq!(fate, Some(&expected), "{source} says {says_now:?}");
    }
}

#[test]
fn whom_another_system_had_at_work_when_it_fell_silent_is_not_known_to_have_gone() {
    for source in ["cx", "pbx", "other", "wfm"] {
        let mut floor = jane();
        let seen = vec![says("1", Activity::OnContact, 0)];
        let mut reading = reading(source, 3, Coverage::Part, seen);
        if let (Body::Agents { histories, .. }, "cx") = (&mut reading.body, source) {
            let spells = vec![spell(0, Activity::OnContact)];
            histories.push(AgentHistory { spells, ..history(3) });
        }
        floor.apply(reading, at(3));
        lists_others(&mut floor, "dialer", WHOLE, 60);
        fails(&mut floor, source, 60);
        assert_eq!(state(&floor, 60), (Activity::OnContact, Evidence::Stale), "{source}");
        let past = told(&floor, 60);
        let last = past.last().map(|last| &last.activity);
        assert_ne!(last, Some(&Activity::Offline), "{source}: {past:?}");
    }
    // Yesterday's session in a log that has no word for leaving is no such word.
    let mut floor = jane();
    let forgotten = Observation {
        evidence: Evidence::Stale,
        ..says("1", Activity::Away(Reason::Unspecified), -14 * 3600)
    };
    lists_others(&mut floor, "dialer", WHOLE, 60);
    floor.apply(reading("cx", 60, Coverage::Part, vec![forgotten]), at(60));
    assert_eq!(state(&floor, 60), NOT_THERE);
}

#[test]
fn what_the_list_itself_last_said_of_somebody_goes_before() {
    let mut floor = jane();
    list(&mut floor, 3, &["1", "2", "3"]);
    list(&mut floor, 6, &["2", "3"]);
    assert_eq!(state(&floor, 6), (Activity::Available, Evidence::Stale), "missed once");
    list(&mut floor, 9, &["2", "3"]);
    let gone = presence(&floor, "dialer", "1");
    assert_eq!((gone.raw.as_str(), gone.since), ("no longer listed", Some(at(3))));
    assert!(gone.has_vanished() && !gone.is_not_listed());
}

#[test]
fn who_is_listed_at_last_has_arrived() {
    let mut floor = jane();
    lists_others(&mut floor, "dialer", WHOLE, 9);
    let seen = vec![says("1", Activity::Available, 10)];
    let changes = floor.apply(reading("dialer", 12, WHOLE, seen), at(12));
    let key = AgentKey::new("dialer".into(), "1".into());
    assert!(changes.contains(&Change::Arrived(key)), "{changes:?}");
    let said = presence(&floor, "dialer", "1");
    assert_eq!((said.since, said.evidence), (Some(at(10)), Evidence::Observed));
}

fn spell(since: i64, activity: Activity) -> Spell {
    Spell {
        since: at(since),
        until: None,
        activity,
        evidence: Evidence::Observed,
        raw: "LogOut".into(),
        doubt: None,
    }
}

/// A log of her until `until`, in which nothing stands.
fn history(until: i64) -> AgentHistory {
    AgentHistory {
        agent: "1".into(),
        name: None,
        from: at(-3600),
        until: at(until),
        spells: Vec::new(),
        connection: None,
    }
}

/// The log of the dialer until `until`.
fn logs(floor: &mut Floor, until: i64, spells: Vec<Spell>) {
    let history = AgentHistory { spells, ..history(until) };
    let body = Body::History { histories: vec![history], incomplete: None };
    let (taken_at, as_of) = (at(until), at(until));
    floor.apply(Reading { source: "dialer".into(), taken_at, as_of, skipped: 0, body }, at(until));
}

#[test]
fn a_logout_in_the_log_beside_the_list_is_observed_and_says_since_when() {
    let mut floor = jane();
    floor.feeds[0].sides = vec![SideFeed::new(Side::History, TimeDelta::seconds(60))];
    lists_others(&mut floor, "dialer", WHOLE, 9);
    logs(&mut floor, 10, vec![spell(-600, Activity::Available), spell(-300, Activity::Offline)]);
    let headline = headline_of(&floor, "jane", 10);
    assert_eq!((headline.activity, headline.evidence), (Activity::Offline, Evidence::Observed));
    assert_eq!(headline.since, Some(at(-300)));
}

fn told(floor: &Floor, now: i64) -> Vec<Fused> {
    floor.fused(floor.person(&"jane".into()).unwrap(), at(0), at(now), at(now))
}

#[test]
fn the_day_knows_that_somebody_was_not_there_in_this_run_and_in_the_next() {
    let mut floor = jane();
    let mut kept = Vec::new();
    for second in (3..=60).step_by(3) {
        let others = vec![says("2", Activity::Available, 0)];
        let changes = floor.apply(reading("dialer", second, WHOLE, others), at(second));
        kept.extend(changes.into_iter().filter_map(|change| match change {
            Change::Keep(entry) => match *entry {
                Entry::Spell { agent, layer, spell } if agent.agent.as_str() == "1" => {
                    Some((agent, layer, spell))
                }
                _ => None,
            },
            _ => None,
        }));
    }
    let parts = |past: Vec<Fused>| -> Vec<_> {
        past.into_iter().map(|part| (part.since, part.until, part.activity)).collect()
    };
    let unknown = (at(0), at(3), Activity::Unknown);
    assert_eq!(parts(told(&floor, 60)), [unknown, (at(3), at(60), Activity::Offline)]);
    assert_eq!(kept.len(), 1, "that it goes on is no news: {kept:?}");
    let mut again = jane();
    for (_, _, spell) in &mut kept {
        spell.until = Some(at(60));
    }
    let archive = crate::model::Archive { spells: kept, ..Default::default() };
    again.restore(archive, at(70));
    lists_others(&mut again, "dialer", WHOLE, 0);
    for second in [75, 78, 81] {
        again.apply(reading("dialer", second, WHOLE, Vec::new()), at(second));
    }
    assert_eq!(state(&again, 81), NOT_THERE);
    let past = parts(told(&again, 81));
    assert_eq!(past[1], (at(3), at(60), Activity::Offline), "{past:?}");
    assert_eq!(past.last(), Some(&(at(75), at(81), Activity::Offline)), "{past:?}");
}

/// What an earlier run kept: it saw these agents of the dialer at work until a minute ago, and then no longer
/// listed where `is_gone`.
fn kept_at_work(agents: &[&str], is_gone: bool) -> crate::model::Archive {
    let spells = agents.iter().flat_map(|agent| {
        let key = AgentKey::new("dialer".into(), (*agent).into());
        let seen = Spell { until: Some(at(-60)), ..spell(-600, Activity::Available) };
        let gone = Spell {
            until: Some(at(-10)),
            evidence: Evidence::Inferred,
            raw: "no longer listed".into(),
            ..spell(-60, Activity::Offline)
        };
        let kept = [seen].into_iter().chain(Some(gone).filter(|_| is_gone));
        kept.map(move |spell| (key.clone(), crate::model::Layer::Watched, spell))
    });
    crate::model::Archive { spells: spells.collect(), ..Default::default() }
}

#[test]
fn whom_an_earlier_run_saw_at_work_is_still_missing_since_then() {
    for is_gone in [false, true] {
        let mut floor = jane();
        let key = AgentKey::new("dialer".into(), "1".into());
        floor.restore(kept_at_work(&["1"], is_gone), at(0));
        lists_others(&mut floor, "dialer", WHOLE, 9);
        assert_eq!(state(&floor, 9), NOT_THERE);
        assert_eq!(floor.missing_since(&key, at(9)), Some(at(-60)));
        let garbled = Reading { skipped: 1, ..reading("dialer", 12, WHOLE, Vec::new()) };
        floor.apply(garbled, at(12));
        assert_eq!(floor.missing_since(&key, at(12)), None, "she may be in that record");
    }
}

#[test]
fn what_an_earlier_run_saw_last_stands_as_something_stale_until_its_system_speaks() {
    let mut floor = jane();
    let logout = Spell { until: Some(at(-10)), ..spell(-60, Activity::Offline) };
    let key = AgentKey::new("dialer".into(), "1".into());
    let archive = crate::model::Archive {
        spells: vec![(key, crate::model::Layer::Watched, logout)],
        ..Default::default()
    };
    floor.restore(archive, at(0));
    let stale = (Activity::Offline, Evidence::Stale);
    assert_eq!(state(&floor, 3), stale);
    // A record that nobody closed does not bring her back.
    let away = says("1", Activity::Away(Reason::Unspecified), -300);
    floor.apply(reading("cx", 6, Coverage::Part, vec![away]), at(6));
    assert_eq!(state(&floor, 6), stale);
    let away = Activity::Away(Reason::Unspecified);
    assert_eq!(state(&floor, 3_600), (away, Evidence::Stale), "nobody believes it for ever");
}

#[test]
fn a_list_that_lacks_most_of_those_whom_an_earlier_run_saw_is_held_whichever_came_first() {
    for is_kept_first in [true, false] {
        let mut floor = jane_among(
            &[("dialer", "1"), ("other", "1")],
            vec![Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3))],
        );
        floor.people.admit(&AgentKey::new("dialer".into(), "2".into()), None);
        let kept = kept_at_work(&["1", "2"], false);
        let empty = |second| reading("dialer", second, WHOLE, Vec::new());
        if is_kept_first {
            floor.restore(kept.clone(), at(0));
        }
        for second in [3, 6] {
            floor.apply(empty(second), at(second));
        }
        if !is_kept_first {
            floor.restore(kept, at(6));
        }
        for second in (9..=120).step_by(3) {
            floor.apply(empty(second), at(second));
            let hold = floor.feeds()[0].hold.unwrap();
            assert_eq!(hold.reason, HoldReason::MassVanish { missing: 2, of: 2 });
            assert_eq!(hold.is_active(at(second)), second < 63 + i64::from(!is_kept_first) * 3);
            let (activity, evidence) = state(&floor, second);
            assert!(activity == Activity::Unknown || evidence == Evidence::Stale, "{second}");
        }
        // Who is back ends it.
        let back = vec![says("1", Activity::Available, 120), says("2", Activity::Available, 120)];
        floor.apply(reading("dialer", 123, WHOLE, back), at(123));
        assert!(floor.feeds()[0].hold.is_none());
    }
}

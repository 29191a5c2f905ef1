//! The machine's clock is set while the floor is watched.

use super::*;
use crate::model::{AdherencePct, Archive, Layer, Past, Spell};

/// How far a clock is set, in seconds.
const STEPS: [i64; 8] = [-7200, -3600, -20, -5, 5, 20, 3600, 7200];

/// What a source reports at second `as_of` of the steady clock, taken in by a floor that is `ahead` of
/// that.
fn hear(floor: &mut Floor, source: &str, as_of: i64, observations: Vec<Observation>, ahead: i64) {
    let coverage = if source == "dialer" { WHOLE } else { Coverage::Part };
    let report = Report {
        source: source.into(),
        at: at(as_of),
        outcome: Outcome::Read(reading(source, as_of, coverage, observations)),
        clock_offset: Some(TimeDelta::milliseconds(40)),
        took: TimeDelta::zero(),
        next_at: Some(at(as_of + 3)),
        way_back: None,
        unread: Vec::new(),
    };
    floor.report(report.moved(TimeDelta::seconds(ahead)), at(as_of + ahead));
}

fn told(past: Past<'_>, from: i64, to: i64) -> Vec<(i64, i64, Activity)> {
    let spells = past.spells(at(from), at(to)).into_iter();
    let second = |at: DateTime<Utc>| at.timestamp() - 1_772_380_800;
    spells
        .filter(|spell| spell.activity != Activity::Unknown)
        .map(|spell| (second(spell.since), second(spell.until.unwrap()), spell.activity))
        .collect()
}

#[test]
fn a_floor_that_follows_its_machine_tells_the_same_times_by_other_names() {
    let away = Activity::Away(Reason::Lunch);
    for step in STEPS {
        let mut floor = jane_floor();
        for second in (3..=60).step_by(3) {
            let (doing, since) =
                if second < 30 { (Activity::Available, 0) } else { (away.clone(), 28) };
            hear(&mut floor, "dialer", second, vec![says("12345", doing, since)], 0);
            hear(&mut floor, "wfm", second, vec![says("EMP001", away.clone(), 28)], 0);
        }
        let by = TimeDelta::seconds(step);
        floor.move_by(by, at(61));
        let state = |floor: &Floor, now: i64| {
            let feed = floor.feed(&"dialer".into()).unwrap();
            (feed.status(at(now)), headline_of(floor, "jane", now))
        };
        let (status, headline) = state(&floor, 61 + step);
        assert_eq!(status, FeedStatus::Live, "{step}");
        assert_eq!((headline.activity, headline.since), (away.clone(), Some(at(28 + step))));
        assert!(headline.evidence != Evidence::Stale, "{step}");
        let offset = floor.feed(&"dialer".into()).unwrap().clock_offset.unwrap();
        assert_eq!(offset, TimeDelta::milliseconds(40) - by, "server minus ours");
        for second in (63..=90).step_by(3) {
            hear(&mut floor, "dialer", second, vec![says("12345", away.clone(), 28)], step);
        }
        let (status, headline) = state(&floor, 91 + step);
        assert_eq!((status, headline.since), (FeedStatus::Live, Some(at(28 + step))), "{step}");
        let key = AgentKey::new("dialer".into(), "12345".into());
        let spells = told(floor.timeline(&key).unwrap(), -90_000, 90_000);
        assert_eq!(
            spells,
            [(step, 28 + step, Activity::Available), (28 + step, 90 + step, away.clone())],
            "{step}: no second is counted twice, none is lost"
        );
    }
}

#[test]
fn when_a_queue_is_asked_for_again_is_told_by_the_clock_that_is_shown() {
    let mut floor = jane_floor();
    let failed = |next_at: i64| Report {
        source: "dialer".into(),
        at: at(next_at - 60),
        outcome: Outcome::QueueFailed {
            campaign_id: None,
            queue_id: "222".to_owned(),
            failure: Failure { kind: FailureKind::Transient, text: "HTTP 500".to_owned() },
            next_at: Some(at(next_at)),
        },
        clock_offset: None,
        took: TimeDelta::zero(),
        next_at: None,
        way_back: None,
        unread: Vec::new(),
    };
    let by = TimeDelta::hours(1);
    floor.report(failed(100), at(40));
    floor.move_by(by, at(50));
    assert_eq!(floor.queues()[0].next_at, Some(at(100) + by));
    floor.report(failed(200).moved(by), at(140) + by);
    assert_eq!(floor.queues()[0].next_at, Some(at(200) + by));
}

#[test]
fn what_earlier_runs_kept_stays_as_their_clock_told_it() {
    let key = AgentKey::new("dialer".into(), "12345".into());
    // The floor's day begins at five in the morning, by this clock.
    let day = floor().day_start(at(60));
    let said = VendorAdherence { since: day, as_of: at(10), adherence: AdherencePct::Bypass };
    let spell = Spell {
        since: at(10),
        until: None,
        activity: Activity::Available,
        evidence: Evidence::Observed,
        raw: "RAW".into(),
        doubt: None,
    };
    let archive = Archive {
        read_until: vec![("dialer".into(), Layer::Recorded, at(40))],
        spells: vec![(key.clone(), Layer::Recorded, spell)],
        adherence: vec![(key.clone(), said.clone())],
        ..Archive::default()
    };
    let mut floor = jane_floor();
    floor.restore(archive, at(60));
    let by = TimeDelta::hours(1);
    floor.move_by(by, at(60));
    assert_eq!(floor.adherence_said(&key), Some(&said));
    assert_eq!(floor.timeline(&key).unwrap().read_until(), Some(at(40)));
    // What this run is told, too, is this run's.
    let kpi = VendorKpi {
        since: day,
        as_of: at(3_670),
        spent: BTreeMap::new(),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence: AdherencePct::Bypass,
    };
    let seen = says("12345", Activity::Available, 10);
    let seen = Observation { kpi: Some(Box::new(kpi)), ..seen };
    floor.apply(reading("dialer", 3_670, WHOLE, vec![seen]), at(3_670));
    let kept = floor.move_by(by, at(3_680));
    assert_eq!(floor.adherence_said(&key).unwrap().since, day + by);
    let [Entry::ClockSet(set), Entry::Sums { .. }, Entry::Adherence { said, .. }] = &kept[..]
    else {
        panic!("{kept:?}")
    };
    assert_eq!((&set.days, said.since), (&vec![(key, day)], day + by));
}

#[test]
fn a_step_is_believed_where_the_sources_clocks_do_not_contradict_it() {
    for (offsets, step, believed) in [
        (vec![], 3600, true),
        (vec![0], 3600, false),
        (vec![0], -20, false),
        (vec![3600], 3600, true),
        (vec![-3590], -3600, true),
        (vec![3600], -3600, false),
        (vec![3600, 3601, 0], 3600, true),
        (vec![0, 1, 3600], 3600, false),
    ] {
        let mut floor = floor();
        for (feed, offset) in floor.feeds.iter_mut().zip(&offsets) {
            feed.clock_offset = Some(TimeDelta::seconds(*offset));
        }
        assert_eq!(floor.believes_in(TimeDelta::seconds(step)), believed, "{offsets:?}, {step}");
    }
}

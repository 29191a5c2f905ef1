//! What readings leave to be kept.

use super::*;
use crate::model::{
    Alert, AlertKind, AlertStatus, Bucket, CallCount, Entry, Layer, ScheduleState, Scheduled,
    VendorKpi,
};

fn entries(changes: Vec<Change>) -> Vec<Entry> {
    let entry = |change| match change {
        Change::Keep(entry) => Some(*entry),
        _ => None,
    };
    changes.into_iter().filter_map(entry).collect()
}

fn read(floor: &mut Floor, as_of: i64, seen: Vec<Observation>) -> Vec<Entry> {
    entries(floor.apply(reading("dialer", as_of, WHOLE, seen), at(as_of)))
}

fn read_until(source: &str, layer: Layer, as_of: i64) -> Entry {
    Entry::ReadUntil { source: source.into(), layer, at: at(as_of) }
}

#[test]
fn a_reading_that_changes_nothing_leaves_only_how_far_was_read() {
    let mut floor = floor();
    let seen = || {
        let named =
            Observation { name: Some("Bob".to_owned()), ..sits("1", Activity::Available, "222") };
        vec![named]
    };
    let first = read(&mut floor, 3, seen());
    let words: Vec<_> = first
        .iter()
        .map(|entry| match entry {
            Entry::ReadUntil { .. } => "read",
            Entry::Name { .. } => "name",
            Entry::Alias { .. } => "alias",
            Entry::Spell { .. } => "spell",
            Entry::Place { .. } => "place",
            _ => "other",
        })
        .collect();
    assert_eq!(words, ["name", "spell", "read", "place"]);
    for as_of in [6, 9] {
        let changes = floor.apply(reading("dialer", as_of, WHOLE, seen()), at(as_of));
        let until = Change::Keep(Box::new(read_until("dialer", Layer::Watched, as_of)));
        assert_eq!(changes, [until]);
    }
}

#[test]
fn who_is_missed_once_is_closed_and_opened_again() {
    let mut floor = floor();
    list(&mut floor, 3, &["1", "2", "3"]);
    let two = || vec![says("1", Activity::Available, 0), says("2", Activity::Available, 0)];
    let agent = AgentKey::new("dialer".into(), "3".into());
    let spell_of = |entries: Vec<Entry>| {
        entries.into_iter().find_map(|entry| match entry {
            Entry::Spell { agent, spell, .. } => Some((agent, spell.since, spell.until)),
            _ => None,
        })
    };
    let missed = read(&mut floor, 6, two());
    assert_eq!(spell_of(missed), Some((agent.clone(), at(0), Some(at(3)))));
    let mut back = two();
    back.push(says("3", Activity::Available, 0));
    assert_eq!(spell_of(read(&mut floor, 9, back)), Some((agent, at(0), None)));
}

#[test]
fn a_log_is_kept_as_recorded_and_not_as_far_as_it_has_not_been_read_back() {
    let mut floor = floor();
    let log = |as_of| Reading {
        body: Body::History { histories: Vec::new(), incomplete: None },
        ..reading("dialer", as_of, WHOLE, Vec::new())
    };
    let kept = entries(floor.apply(log(10), at(10)));
    assert_eq!(kept, [read_until("dialer", Layer::Recorded, 10)]);
    let cx = |floor: &mut Floor, as_of: i64| {
        entries(floor.apply(reading("cx", as_of, Coverage::Part, Vec::new()), at(as_of)))
    };
    assert_eq!(cx(&mut floor, 10), [read_until("cx", Layer::Recorded, 10)]);
    floor.feeds[1].way_back = Some(crate::model::WayBack { done: 1, of: 72 });
    assert_eq!(cx(&mut floor, 25), []);
}

#[test]
fn calls_are_kept_when_a_number_or_the_vendors_day_changes() {
    let mut floor = floor();
    floor.feeds[0].day_zone = Some(chrono_tz::America::Los_Angeles);
    let midnight = (at(0).date_naive().and_time(NaiveTime::MIN).and_utc() - at(0)).num_seconds();
    let mut count_at = |as_of: i64, calls| -> Vec<CallCount> {
        let body = Body::Queue(count(Some("111"), calls));
        let changes =
            floor.apply(Reading { body, ..reading("dialer", as_of, WHOLE, vec![]) }, at(as_of));
        let kept = entries(changes).into_iter();
        kept.filter_map(|entry| match entry {
            Entry::Calls(calls) => Some(calls),
            _ => None,
        })
        .collect()
    };
    // Los Angeles begins its day eight hours after UTC.
    let before = midnight + 8 * 3600 - 60;
    let first = count_at(before, 5);
    assert_eq!((first.len(), first[0].calls), (1, Some(5)));
    assert_eq!(first[0].day, at(midnight - 1).date_naive());
    assert_eq!(count_at(before + 30, 5), []);
    let next_day = count_at(before + 60, 5);
    assert_eq!(next_day[0].day, at(midnight).date_naive());
    assert_eq!(count_at(before + 90, 6)[0].calls, Some(6));
}

pub(super) fn alert(id: &str, status: AlertStatus) -> Alert {
    Alert {
        id: id.into(),
        agent: "7".into(),
        name: None,
        kind: AlertKind::LateStart,
        message: "late".to_owned(),
        status,
        created_at: None,
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    }
}

#[test]
fn an_alert_is_kept_when_it_is_new_or_stands_otherwise() {
    let mut floor = floor();
    let mut active = |as_of: i64, ids: &[&str]| -> Vec<(String, bool)> {
        let alerts = ids.iter().map(|id| alert(id, AlertStatus::Active)).collect();
        let body = Body::Alerts { status: AlertStatus::Active, alerts, cut: false };
        let changes =
            floor.apply(Reading { body, ..reading("wfm", as_of, WHOLE, vec![]) }, at(as_of));
        let kept = entries(changes).into_iter();
        kept.filter_map(|entry| match entry {
            Entry::Alert(known) => Some((known.key.id.to_string(), known.listed)),
            _ => None,
        })
        .collect()
    };
    assert_eq!(active(10, &["a", "b"]), [("a".to_owned(), true), ("b".to_owned(), true)]);
    assert_eq!(active(20, &["a", "b"]), []);
    assert_eq!(active(30, &["b"]), [("a".to_owned(), false)]);
    let key = AlertKey { source: "wfm".into(), id: "b".into() };
    let patch = AlertPatch { status: Some(AlertStatus::Acknowledged), ..AlertPatch::default() };
    floor.merge_alert(&key, patch, at(31));
    let kept = entries(floor.apply(reading("wfm", 35, Coverage::Part, vec![]), at(35)));
    let status = kept.iter().find_map(|entry| match entry {
        Entry::Alert(known) => Some(known.alert.status.clone()),
        _ => None,
    });
    assert_eq!(status, Some(AlertStatus::Acknowledged), "with the next reading of any kind");
}

fn kpi(since: i64, as_of: i64, available: i64) -> VendorKpi {
    VendorKpi {
        since: at(since),
        as_of: at(as_of),
        spent: BTreeMap::from([(Bucket::Available, TimeDelta::seconds(available))]),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence: crate::model::AdherencePct::NoSchedule,
    }
}

#[test]
fn the_first_sums_of_a_window_are_the_baseline_until_the_source_reckons_anew() {
    let mut floor = floor();
    let key = AgentKey::new("dialer".into(), "1".into());
    let mut sums = |as_of: i64, since: i64, available: i64| {
        let kpi = Some(Box::new(kpi(since, as_of, available)));
        let seen = Observation { kpi, ..says("1", Activity::Available, 0) };
        let changes = floor.apply(reading("dialer", as_of, WHOLE, vec![seen]), at(as_of));
        let is_kept = entries(changes).iter().any(|entry| matches!(entry, Entry::Sums { .. }));
        (is_kept, floor.baseline(&key).unwrap().as_of)
    };
    assert_eq!(sums(10, -9_000, 500), (true, at(10)));
    assert_eq!(sums(25, -9_001, 515), (false, at(10)), "the clock is known a little better");
    assert_eq!(sums(40, -9_000, 400), (true, at(40)), "a sum became smaller");
    assert_eq!(sums(55, -9_000, 415), (false, at(40)));
    assert_eq!(sums(70, 60, 10), (true, at(70)), "another day");
}

#[test]
fn what_a_wfm_says_of_the_schedule_is_kept_as_it_changes() {
    let mut floor = floor();
    let mut scheduled = |as_of: i64, scheduled: Scheduled| {
        let state = ScheduleState { scheduled: Some(scheduled), adherent: None, shift: None };
        let seen = Observation { schedule: Some(state), ..says("7", Activity::Available, 0) };
        let changes = floor.apply(reading("wfm", as_of, Coverage::Part, vec![seen]), at(as_of));
        let spans = entries(changes).into_iter().filter_map(|entry| match entry {
            Entry::Schedule { span, .. } => Some((span.since, span.until)),
            _ => None,
        });
        spans.collect::<Vec<_>>()
    };
    assert_eq!(scheduled(15, Scheduled::Available), [(at(15), None)]);
    assert_eq!(scheduled(30, Scheduled::Available), []);
    let lunch = Scheduled::Away(Reason::Lunch);
    assert_eq!(scheduled(45, lunch), [(at(15), Some(at(45))), (at(45), None)]);
}

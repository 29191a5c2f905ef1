use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::*;
use crate::model::{
    Activity, Body, Coverage, Feed, Floor, FloorIdentity, Observation, Reading, Reason, Roster,
    RosterPerson, ScheduleState, Scheduled, SourceKind,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

mod confirmations;
mod conflicts;
mod explaining;
mod explaining_groups;
mod lost;

const SOURCES: [(&str, SourceKind); 4] = [
    ("dialer", SourceKind::Convoso),
    ("cx", SourceKind::CxEngage),
    ("sip", SourceKind::SipIo),
    ("wfm", SourceKind::Wfm),
];

/// A floor with Jane, who is at all four sources.
fn floor() -> Floor {
    floor_of(SOURCES.map(|(name, kind)| Feed::new(name.into(), kind, TimeDelta::seconds(3))).into())
}

fn floor_of(feeds: Vec<Feed>) -> Floor {
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".to_owned(),
        team: None,
        email: None,
        timezone: None,
        ids: SOURCES.map(|(source, _)| (source.into(), "1".into())).into(),
    };
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    Floor::new(identity, Roster::new(vec![jane]), feeds, Vec::new())
}

fn says(floor: &mut Floor, source: &str, now: i64, observation: Observation) {
    let reading = Reading {
        source: source.into(),
        taken_at: at(now),
        as_of: at(now),
        skipped: 0,
        body: Body::Agents {
            observations: vec![observation],
            coverage: Coverage::Part,
            summary: None,
            histories: Vec::new(),
        },
    };
    floor.apply(reading, at(now));
}

fn doing(activity: Activity, since: i64) -> Observation {
    Observation { since: Some(at(since)), ..Observation::of("1", activity, "RAW") }
}

fn scheduled(scheduled: Scheduled, adherent: bool, since: i64) -> Observation {
    let schedule =
        ScheduleState { scheduled: Some(scheduled), adherent: Some(adherent), shift: None };
    Observation { schedule: Some(schedule), ..doing(Activity::Available, since) }
}

fn found(floor: &Floor, now: i64) -> Vec<Finding> {
    let person = &floor.people()[0];
    findings(floor, person, &floor.headline(person, at(now)), &Limits::default(), at(now))
}

fn kinds(floor: &Floor, now: i64) -> Vec<(FlagKind, Severity)> {
    found(floor, now).iter().map(|finding| (finding.kind, finding.severity)).collect()
}

#[test]
fn a_limit_is_reached_at_it_and_not_after_it() {
    let away = Activity::Away;
    let limits = [
        (Activity::Available, 60, 300),
        (Activity::OnContact, 300, 900),
        (Activity::WrapUp, 60, 300),
        (Activity::Ringing, 20, 60),
        (away(Reason::Break), 900, 1_200),
        (away(Reason::Lunch), 3_600, 3_900),
        (away(Reason::Training), 3_600, 5_400),
        (away(Reason::Meeting), 3_600, 5_400),
        (away(Reason::Other("Coffee".to_owned())), 300, 900),
        (away(Reason::Unspecified), 300, 900),
    ];
    for (activity, warn, critical) in limits {
        for (time, severity) in [
            (warn - 1, None),
            (warn, Some(Severity::Warn)),
            (critical - 1, Some(Severity::Warn)),
            (critical, Some(Severity::Critical)),
        ] {
            let mut floor = floor();
            says(&mut floor, "dialer", time, doing(activity.clone(), 0));
            let expected: Vec<_> =
                severity.map(|s| (FlagKind::OverThreshold, s)).into_iter().collect();
            assert_eq!(kinds(&floor, time), expected, "{activity:?} for {time} s");
        }
    }
    for activity in [Activity::LoggedIn, Activity::Unreachable, Activity::Offline] {
        let mut floor = floor();
        says(&mut floor, "dialer", 3_600, doing(activity.clone(), 0));
        assert_eq!(kinds(&floor, 3_600), [], "{activity:?}");
    }
}

#[test]
fn who_is_ready_or_on_a_contact_waits_for_nothing_and_is_not_forgotten() {
    for (activity, found) in [
        (Activity::ReadyOrOnContact, vec![]),
        (
            Activity::Available,
            vec![
                (FlagKind::OverThreshold, Severity::Critical),
                (FlagKind::Forgotten, Severity::Critical),
            ],
        ),
    ] {
        let mut floor = floor();
        says(&mut floor, "dialer", 22_000, doing(activity.clone(), 0));
        assert_eq!(kinds(&floor, 22_000), found, "{activity:?}");
    }
}

#[test]
fn a_finding_explains_itself() {
    let mut floor = floor();
    says(&mut floor, "dialer", 90, doing(Activity::Available, 0));
    let finding = &found(&floor, 90)[0];
    assert_eq!(finding.text, "available for 1:30, limit 1:00");
    assert_eq!(finding.since, Some(at(60)), "since the limit was reached");
}

#[test]
fn a_time_that_nothing_confirms_any_more_does_not_grow_into_an_alarm() {
    let mut floor = floor();
    says(&mut floor, "dialer", 30, doing(Activity::Available, 0));
    assert_eq!(kinds(&floor, 4_000), [], "stale since second 40");
}

#[test]
fn a_deviation_within_the_grace_never_alarms_and_a_long_one_is_severe() {
    for (time, severity) in
        [(119, None), (120, Some(Severity::Warn)), (900, Some(Severity::Critical))]
    {
        let mut floor = floor();
        says(&mut floor, "dialer", time, doing(Activity::LoggedIn, 0));
        says(&mut floor, "wfm", time, scheduled(Scheduled::Available, false, 0));
        let expected: Vec<_> = severity.map(|s| (FlagKind::WrongState, s)).into_iter().collect();
        assert_eq!(kinds(&floor, time), expected, "after {time} s");
    }
}

#[test]
fn a_break_delayed_by_a_call_is_held_and_not_alarmed() {
    let mut floor = floor();
    says(&mut floor, "dialer", 200, doing(Activity::OnContact, 0));
    says(&mut floor, "wfm", 200, scheduled(Scheduled::Away(Reason::Break), false, 0));
    assert_eq!(kinds(&floor, 200), []);
    let person = &floor.people()[0];
    let adherence = adherence(&floor, person, &floor.headline(person, at(200)), at(200)).unwrap();
    assert!(adherence.held_by_call);
}

#[test]
fn a_stale_wfm_cannot_say_who_is_adherent() {
    let mut floor = floor();
    says(&mut floor, "wfm", 0, scheduled(Scheduled::Available, false, -1_000));
    says(&mut floor, "dialer", 60, doing(Activity::LoggedIn, 0));
    let person = &floor.people()[0];
    let adherence = adherence(&floor, person, &floor.headline(person, at(60)), at(60)).unwrap();
    assert_eq!((adherence.scheduled, adherence.adherent), (Scheduled::Available, None));
    assert_eq!(kinds(&floor, 60), []);
}

#[test]
fn six_hours_in_one_state_are_forgotten() {
    let mut floor = floor();
    let six = 6 * 3600;
    says(&mut floor, "dialer", six, doing(Activity::WrapUp, 0));
    assert!(kinds(&floor, six).contains(&(FlagKind::Forgotten, Severity::Critical)));
    says(&mut floor, "dialer", six + 1, doing(Activity::Offline, 0));
    assert_eq!(kinds(&floor, six + 1), []);
}

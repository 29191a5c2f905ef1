use chrono::NaiveTime;
use proptest::prelude::*;

use super::*;
use crate::model::{
    Activity, Body, Coverage, Feed, FloorIdentity, Observation, Reading, Roster, RosterPerson,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200 + seconds, 0).unwrap()
}

fn vendor(spent: &[(Bucket, i64)]) -> VendorKpi {
    VendorKpi {
        since: at(0),
        as_of: at(36_000),
        spent: spent.iter().map(|(b, ms)| (b.clone(), TimeDelta::milliseconds(*ms))).collect(),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence: AdherencePct::Percent(92.0),
    }
}

fn sample() -> VendorKpi {
    vendor(&[
        (Bucket::Available, 5_400_000),
        (Bucket::OnContact, 2_700_000),
        (Bucket::WrapUp, 300_000),
        (Bucket::Away, 600_000),
    ])
}

#[test]
fn the_documents_sample_is_36_and_33_beside_the_vendors_35_and_33() {
    let ours = kpi(&sample());
    assert_eq!(ours.handle, TimeDelta::milliseconds(3_000_000));
    assert_eq!(ours.logged_in, TimeDelta::milliseconds(9_000_000));
    assert_eq!(ours.occupancy_pct.map(rounded), Some(36.0));
    assert_eq!(ours.utilization_pct.map(rounded), Some(33.0));
    let occupancy = compare(ours.occupancy_pct, Some(35.0)).unwrap();
    assert!(occupancy.agrees);
    let why = "35.71 % is 36 % rounded half up; the vendor cut the fraction off";
    assert_eq!(occupancy.why.as_deref(), Some(why));
    let same = Comparison { agrees: true, why: None };
    assert_eq!(compare(ours.utilization_pct, Some(33.0)), Some(same.clone()));
    assert_eq!(compare_logged_in(ours.logged_in, Some(TimeDelta::minutes(150))), Some(same));
}

#[test]
fn what_differs_by_more_than_a_point_is_said_and_what_rounding_explains_is_not() {
    let cases = [
        (Some(50.0), Some(50.0), Some((true, None))),
        (
            Some(50.4),
            Some(51.0),
            Some((true, Some("50.4 % by the formula; the vendor rounds otherwise"))),
        ),
        (
            Some(50.0),
            Some(49.0),
            Some((true, Some("50 % by the formula; the vendor rounds otherwise"))),
        ),
        (
            Some(50.0),
            Some(48.9),
            Some((
                false,
                Some("50 % by the formula, 48.9 % by the vendor: more than one point apart"),
            )),
        ),
        (
            None,
            Some(0.0),
            Some((true, Some("there is nothing to divide by, for which the vendor sends 0"))),
        ),
        (
            None,
            Some(12.0),
            Some((false, Some("there is nothing to divide by, and yet the vendor says 12 %"))),
        ),
        (Some(0.0), Some(0.0), Some((true, None))),
        (Some(50.0), None, None),
        (Some(50.0), Some(f64::NAN), None),
    ];
    for (ours, theirs, expected) in cases {
        let found = compare(ours, theirs);
        let found = found.as_ref().map(|found| (found.agrees, found.why.as_deref()));
        assert_eq!(found, expected, "{ours:?} beside {theirs:?}");
    }
    let apart = compare_logged_in(TimeDelta::minutes(5), Some(TimeDelta::minutes(7))).unwrap();
    assert!(!apart.agrees);
    let why = "its states but offline sum up to 5:00, and the vendor says 7:00";
    assert_eq!(apart.why.as_deref(), Some(why));
}

#[test]
fn without_anything_to_divide_by_there_is_no_percentage() {
    let away = kpi(&vendor(&[(Bucket::Away, 1_000)]));
    assert_eq!((away.occupancy_pct, away.utilization_pct), (None, Some(0.0)));
    let offline = kpi(&vendor(&[(Bucket::Offline, 1_000)]));
    assert_eq!((offline.occupancy_pct, offline.utilization_pct), (None, None));
    assert_eq!(offline.logged_in, TimeDelta::zero());
}

#[test]
fn a_call_on_the_agents_own_phone_and_an_unknown_word_count_as_logged_in_only() {
    let day = vendor(&[
        (Bucket::OnContact, 1_000),
        (Bucket::ExternalCall, 2_000),
        (Bucket::Other("coaching".to_owned()), 3_000),
        (Bucket::Offline, 4_000),
    ]);
    let figures = kpi(&day);
    assert_eq!(figures.handle, TimeDelta::milliseconds(1_000));
    assert_eq!(figures.logged_in, TimeDelta::milliseconds(6_000));
    assert_eq!(figures.occupancy_pct, Some(100.0));
}

fn bucket() -> impl Strategy<Value = Bucket> {
    prop_oneof![
        Just(Bucket::ExternalCall),
        Just(Bucket::OnContact),
        Just(Bucket::Offline),
        Just(Bucket::Unreachable),
        Just(Bucket::Ringing),
        Just(Bucket::Away),
        Just(Bucket::WrapUp),
        Just(Bucket::Available),
        Just(Bucket::LoggedIn),
        "[a-z]{1,4}".prop_map(Bucket::Other),
    ]
}

proptest! {
    #[test]
    fn utilization_never_exceeds_occupancy_whatever_the_times(
        spent in prop::collection::btree_map(bucket(), any::<i64>(), 0..10)
    ) {
        let mut day = vendor(&[]);
        day.spent = spent
            .into_iter()
            .map(|(bucket, ms)| (bucket, TimeDelta::try_milliseconds(ms).unwrap_or(TimeDelta::MAX)))
            .collect();
        let figures = kpi(&day);
        if let Some((occupancy, utilization)) = figures.occupancy_pct.zip(figures.utilization_pct) {
            prop_assert!(utilization <= occupancy);
            prop_assert!((0.0..=100.0).contains(&utilization) && occupancy <= 100.0);
        }
        let ms = by_activity(&day, at(40_000));
        prop_assert!(ms.values().all(|time| *time >= TimeDelta::zero()));
        prop_assert_eq!(ms.len(), ActivityKind::ALL.len());
    }
}

/// A floor with Jane, who has an id at each of `sources`; sip.io has answered at second 36,000.
fn floor(sources: &[&str]) -> Floor {
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".to_owned(),
        team: None,
        email: None,
        timezone: None,
        ids: sources.iter().map(|source| ((*source).into(), "1".into())).collect(),
    };
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let feeds =
        [("dialer", SourceKind::Convoso), ("sip", SourceKind::SipIo), ("wfm", SourceKind::Wfm)]
            .map(|(name, kind)| Feed::new(name.into(), kind, TimeDelta::seconds(15)));
    let mut floor = Floor::new(identity, Roster::new(vec![jane]), feeds.into(), Vec::new());
    let mut day = sample();
    day.spent.insert(Bucket::ExternalCall, TimeDelta::seconds(600));
    let observation = Observation {
        kpi: Some(Box::new(day)),
        ..Observation::of("1", Activity::Available, "ready")
    };
    let reading = Reading {
        source: "sip".into(),
        taken_at: at(36_000),
        as_of: at(36_000),
        skipped: 0,
        body: Body::Agents {
            observations: vec![observation],
            coverage: Coverage::Part,
            summary: None,
            histories: Vec::new(),
        },
    };
    floor.apply(reading, at(36_000));
    floor
}

#[test]
fn the_day_of_whom_only_one_telephony_system_knows_is_told_in_our_words() {
    let floor = floor(&["sip", "wfm"]);
    let day = day_kpi(&floor, &floor.people()[0], at(36_010));
    let ms = day.ms.unwrap();
    assert_eq!(day.since, at(0));
    assert_eq!(ms[&ActivityKind::OnContact], TimeDelta::seconds(3_300), "with the external call");
    assert_eq!(ms[&ActivityKind::Unknown], TimeDelta::seconds(36_010 - 9_600));
    assert_eq!(ms[&ActivityKind::Ringing], TimeDelta::zero());
    assert_eq!(ms.values().sum::<TimeDelta>(), TimeDelta::seconds(36_010));
    assert_eq!(day.logged_in, Some(TimeDelta::seconds(9_600)));
    assert_eq!((day.occupancy_pct, day.utilization_pct), (Some(35.71), Some(31.25)));
    assert_eq!(day.adherence, Some(AdherencePct::Percent(92.0)));
}

#[test]
fn the_day_of_whom_another_telephony_system_knows_too_is_not_told_but_for_the_adherence() {
    let floor = floor(&["sip", "dialer"]);
    let day = day_kpi(&floor, &floor.people()[0], at(36_010));
    assert_eq!((day.since, day.ms, day.logged_in), (at(0), None, None));
    assert_eq!((day.occupancy_pct, day.utilization_pct), (None, None));
    assert_eq!(day.adherence, Some(AdherencePct::Percent(92.0)));
}

#[test]
fn what_was_counted_yesterday_says_nothing_of_today() {
    let floor = floor(&["sip"]);
    let day = day_kpi(&floor, &floor.people()[0], at(86_400 + 60));
    assert_eq!((day.since, day.ms, day.adherence), (at(86_400), None, None));
}

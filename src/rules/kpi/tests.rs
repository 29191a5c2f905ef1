use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::model::{AdherencePct, Bucket, VendorKpi};

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

fn kpi(vendor: &VendorKpi) -> Kpi {
    Kpi::of(&Times::of_vendor(vendor))
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
fn a_percentage_is_written_with_as_many_decimals_as_show_which_way_it_is_rounded() {
    for (pct, text) in [
        (121.497, "121.497"),
        (41.4999, "41.4999"),
        (41.91, "41.91"),
        (36.0, "36"),
        (35.5, "35.5"),
        (100.0 * 2.0 / 3.0, "66.67"),
    ] {
        assert_eq!(unrounded(pct), text);
    }
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
    for (ms, agrees) in [(299_000, true), (298_999, false), (301_000, true), (301_001, false)] {
        let theirs = Some(TimeDelta::milliseconds(ms));
        let found = compare_logged_in(TimeDelta::minutes(5), theirs).unwrap();
        assert_eq!(found.agrees, agrees, "{ms} ms");
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
        let window = TimeDelta::seconds(40_000);
        let times = Times::of_vendors_window(&day, window);
        prop_assert!(ActivityKind::ALL.iter().all(|kind| times.of(*kind) >= TimeDelta::zero()));
        prop_assert_eq!(times.all(), window);
    }
}

#[test]
fn a_percentage_with_two_decimals_rounds_halves_up_though_no_fraction_of_two_holds_them() {
    for (pct, rounded) in [(1.005, 1.01), (35.714_285, 35.71), (0.125, 0.13), (66.665, 66.67)] {
        assert!((two_decimals(pct) - rounded).abs() < 1e-12, "{pct}");
    }
}

#[test]
fn one_percentage_is_the_same_on_every_screen_and_in_every_export() {
    // Handle time of a total, in milliseconds; the whole percent on screen, the two decimals exported,
    // and what an explanation writes.
    for (handle, total, whole, exported, plain_text) in [
        (1, 200, 1.0, "0.50", "0.5"),
        (5, 200, 3.0, "2.50", "2.5"),
        (69, 200, 35.0, "34.50", "34.5"),
        // Rounded twice, it would be 36.
        (35_499, 100_000, 35.0, "35.50", "35.5"),
        (1, 800, 0.0, "0.13", "0.13"),
        (3, 800, 0.0, "0.38", "0.38"),
        (201, 20_000, 1.0, "1.01", "1.01"),
        (2_469, 20_000, 12.0, "12.35", "12.35"),
        (12_344_999, 100_000_000, 12.0, "12.34", "12.34"),
        (0, 7, 0.0, "0.00", "0"),
        (7, 7, 100.0, "100.00", "100"),
    ] {
        let buckets = [(Bucket::OnContact, handle), (Bucket::Available, total - handle)];
        let pct = kpi(&vendor(&buckets)).occupancy_pct.unwrap();
        let found = (rounded(pct), hundredths(pct), plain(pct));
        assert_eq!(found, (whole, exported.to_owned(), plain_text.to_owned()), "{handle}/{total}");
    }
}

#[test]
fn what_is_cut_from_calls_on_the_own_phone_is_not_taken_from_handle_time() {
    let day = vendor(&[(Bucket::ExternalCall, 5_000), (Bucket::OnContact, 1_000)]);
    let times = Times::of_vendors_window(&day, TimeDelta::seconds(4));
    assert_eq!(times.all(), TimeDelta::seconds(4));
    assert_eq!(times.own_calls(), TimeDelta::seconds(4));
    assert_eq!((Kpi::of(&times).handle, times.worked()), (TimeDelta::zero(), TimeDelta::zero()));
}

#[test]
fn sums_longer_than_their_window_are_cut_where_they_are_longest() {
    let window = TimeDelta::seconds(8_999);
    let times = Times::of_vendors_window(&sample(), window);
    assert_eq!(times.all(), window);
    assert_eq!(times.of(ActivityKind::Available), TimeDelta::seconds(5_399));
    assert_eq!(times.of(ActivityKind::OnContact), TimeDelta::seconds(2_700));
    assert_eq!(times.of(ActivityKind::Unknown), TimeDelta::zero());
}

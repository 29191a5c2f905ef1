//! The drop rate by its three denominators, the headroom, and a campaign's windows of 30 days.

use proptest::prelude::*;

use super::*;

#[test]
fn the_documents_sample_is_over_three_percent() {
    let rate = drop_rate_pct(450, 20).unwrap();
    assert!((rate - 4.255_319).abs() < 1e-6);
    assert_eq!(headroom(450, 20), Some(Headroom::AnswersNeeded(197)));
}

#[test]
fn no_calls_have_no_rate_but_no_headroom_either() {
    assert_eq!(drop_rate_pct(0, 0), None);
    assert_eq!(headroom(0, 0), Some(Headroom::DropsLeft(0)));
}

#[test]
fn at_exactly_three_percent_nothing_is_left_and_nothing_is_needed() {
    use Headroom::{AnswersNeeded, DropsLeft};
    for (answered, dropped, rate, left) in [
        (97, 3, 3.0, DropsLeft(0)),
        (679, 21, 3.0, DropsLeft(0)),
        (96, 3, 100.0 * 3.0 / 99.0, AnswersNeeded(1)),
        (193, 6, 100.0 * 6.0 / 199.0, AnswersNeeded(1)),
        (98, 2, 2.0, DropsLeft(1)),
        (97, 2, 100.0 * 2.0 / 99.0, DropsLeft(1)),
        (96, 2, 100.0 * 2.0 / 98.0, DropsLeft(0)),
        (1, 0, 0.0, DropsLeft(0)),
        (0, 1, 100.0, AnswersNeeded(33)),
        (u64::MAX / 4, 0, 0.0, DropsLeft(u64::MAX / 4 * 3 / 97)),
    ] {
        assert_eq!(drop_rate_pct(answered, dropped), Some(rate), "{answered}, {dropped}");
        assert_eq!(headroom(answered, dropped), Some(left), "{answered}, {dropped}");
    }
    assert_eq!((headroom(u64::MAX, 1), drop_rate_pct(u64::MAX, 1)), (None, None));
}

#[test]
fn the_headroom_is_exactly_what_keeps_the_rate_at_or_under_three_percent() {
    for calls in 0..600u64 {
        for dropped in 0..=calls.min(40) {
            match headroom(calls - dropped, dropped).unwrap() {
                Headroom::DropsLeft(left) => {
                    assert!((dropped + left) * 100 <= (calls + left) * 3);
                    assert!((dropped + left + 1) * 100 > (calls + left + 1) * 3);
                }
                Headroom::AnswersNeeded(needed) => {
                    assert!(dropped * 100 <= (calls + needed) * 3);
                    assert!(dropped * 100 > (calls + needed - 1) * 3);
                }
            }
        }
    }
}

fn near(rate: Option<f64>, expected: f64) -> bool {
    rate.is_some_and(|rate| (rate - expected).abs() < 0.005)
}

#[test]
fn the_documents_sample_by_its_three_denominators() {
    let rates = drop_rates(450, 20, Some(500));
    assert!(near(rates.of_answered, 4.44), "{rates:?}");
    assert!(near(rates.of_answered_and_dropped, 4.26), "{rates:?}");
    assert!(near(rates.of_total, 4.0), "{rates:?}");
    let names = rates.named().map(|(name, _)| name);
    assert_eq!(names, ["dropped / answered", "dropped / (answered + dropped)", "dropped / total"]);
}

#[test]
fn each_rate_is_none_where_its_denominator_is_empty() {
    assert_eq!(drop_rates(0, 0, None), DropRates::default());
    assert_eq!(drop_rates(0, 0, Some(0)), DropRates::default());
    let only_drops = drop_rates(0, 5, Some(10));
    assert_eq!(only_drops.of_answered, None);
    assert_eq!(only_drops.of_answered_and_dropped, Some(100.0));
    assert_eq!(only_drops.of_total, Some(50.0));
    assert_eq!(drop_rates(10, 0, None).of_total, None);
    assert_eq!(drop_rates(10, 0, None).of_answered, Some(0.0));
}

fn day(campaign: &str, after: u64, answered: u64, dropped: u64) -> CampaignDay {
    let first = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
    CampaignDay {
        source: "dialer".into(),
        campaign_id: campaign.to_owned(),
        day: first.checked_add_days(Days::new(after)).unwrap(),
        answered,
        dropped,
        calls: Some(answered + dropped),
    }
}

/// Each window as (first day after the campaign's first, recorded, answered, dropped).
fn summary(windows: &[DropWindow]) -> Vec<(i64, u32, u64, u64)> {
    let start = windows[0].first;
    windows
        .iter()
        .map(|w| ((w.first - start).num_days(), w.recorded, w.answered, w.dropped))
        .collect()
}

#[test]
fn without_a_recorded_day_there_is_no_window() {
    assert_eq!(drop_windows(&[]), []);
}

#[test]
fn the_thirtieth_day_is_the_windows_last_and_the_next_day_begins_another() {
    let days = [day("c", 30, 7, 1), day("c", 29, 100, 3), day("c", 0, 50, 2)];
    let windows = drop_windows(&days);
    assert_eq!(summary(&windows), [(0, 2, 150, 5), (30, 1, 7, 1)]);
    assert_eq!((windows[0].last - windows[0].first).num_days(), 29);
    assert_eq!(windows[1].first, windows[0].last.succ_opt().unwrap());
    assert_eq!(windows[0].calls, Some(155));
    assert!(near(windows[0].rates().of_answered_and_dropped, 3.23));
}

#[test]
fn days_without_records_move_no_windows_edge() {
    for (days, expected) in [
        (vec![0], vec![(0, 1, 1, 0)]),
        (vec![0, 29], vec![(0, 2, 2, 0)]),
        (vec![0, 30], vec![(0, 1, 1, 0), (30, 1, 1, 0)]),
        // A silence over the edge begins nothing anew: the second window is that of day 30 all the same.
        (vec![0, 5, 44, 59, 60], vec![(0, 2, 2, 0), (30, 2, 2, 0), (60, 1, 1, 0)]),
        // One day told of twice is one day.
        (vec![0, 0], vec![(0, 1, 2, 0)]),
    ] {
        let recorded: Vec<_> = days.iter().map(|after| day("c", *after, 1, 0)).collect();
        let windows = drop_windows(&recorded);
        assert_eq!(summary(&windows), expected, "{days:?}");
        assert!(windows.iter().all(|w| (w.last - w.first).num_days() == 29));
    }
    let quiet = drop_windows(&[day("c", 0, 0, 0)]);
    assert_eq!(summary(&quiet), [(0, 1, 0, 0)]);
    assert_eq!(quiet[0].rates(), DropRates::default(), "no calls have no rate");
}

#[test]
fn a_window_without_records_is_left_out_and_the_count_goes_on_from_the_first_day() {
    let windows = drop_windows(&[day("c", 0, 1, 0), day("c", 95, 2, 0)]);
    assert_eq!(summary(&windows), [(0, 1, 1, 0), (90, 1, 2, 0)]);
}

#[test]
fn campaigns_and_sources_are_counted_each_from_their_own_first_day() {
    let elsewhere = CampaignDay { source: "second".into(), ..day("c", 45, 9, 0) };
    let days = [day("d", 20, 5, 0), day("c", 0, 1, 0), elsewhere, day("c", 31, 2, 0)];
    let windows = drop_windows(&days);
    let of = |source: &str, campaign: &str| {
        let is_of = |w: &&DropWindow| w.source.as_str() == source && w.campaign_id == campaign;
        windows.iter().filter(is_of).map(|w| (w.first, w.answered)).collect::<Vec<_>>()
    };
    assert_eq!(of("dialer", "c"), [(day("c", 0, 0, 0).day, 1), (day("c", 30, 0, 0).day, 2)]);
    assert_eq!(of("dialer", "d"), [(day("d", 20, 0, 0).day, 5)]);
    assert_eq!(of("second", "c"), [(day("c", 45, 0, 0).day, 9)]);
}

#[test]
fn all_calls_are_unknown_where_one_day_does_not_say() {
    let silent = CampaignDay { calls: None, ..day("c", 1, 10, 1) };
    let windows = drop_windows(&[day("c", 0, 10, 0), silent]);
    assert_eq!(windows[0].calls, None);
    assert_eq!(windows[0].rates().of_total, None);
    assert!(windows[0].rates().of_answered.is_some());
}

proptest! {
    #[test]
    fn every_call_is_in_exactly_one_window(
        days in proptest::collection::vec((0..3_u8, 0..400_u64, 0..9_000_u64, 0..900_u64), 0..60),
    ) {
        let days: Vec<_> = days
            .into_iter()
            .map(|(campaign, after, answered, dropped)| {
                day(&campaign.to_string(), after, answered, dropped)
            })
            .collect();
        let windows = drop_windows(&days);
        let sum = |of: fn(&DropWindow) -> u64| windows.iter().map(of).sum::<u64>();
        prop_assert_eq!(sum(|w| w.answered), days.iter().map(|d| d.answered).sum::<u64>());
        prop_assert_eq!(sum(|w| w.dropped), days.iter().map(|d| d.dropped).sum::<u64>());
        for window in &windows {
            let own = days.iter().filter(|d| d.campaign_id == window.campaign_id);
            let first = own.clone().map(|d| d.day).min().unwrap();
            prop_assert_eq!((window.first - first).num_days() % 30, 0);
            let mut inside: Vec<_> =
                own.map(|d| d.day).filter(|d| (window.first..=window.last).contains(d)).collect();
            inside.sort();
            inside.dedup();
            prop_assert_eq!(inside.len(), window.recorded as usize);
            prop_assert!((1..=30).contains(&window.recorded));
        }
        let mut backwards = days;
        backwards.reverse();
        prop_assert_eq!(drop_windows(&backwards), windows);
    }
}

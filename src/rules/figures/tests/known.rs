//! Of how much of its time a percentage is known.

use super::*;

fn known(share: Option<Share>) -> Option<f64> {
    share.map(|share| share.known_pct().round())
}

#[test]
fn minutes_are_not_shown_as_the_day() {
    // Nobody tells of the time before 10:37, and no schedule of when they came.
    let spells = [spell("10:37:00", "10:39:00", Activity::OnContact)];
    let found = figures(&spells, &[], "00:00:00", "10:39:00");
    let occupancy = found.occupancy.unwrap();
    assert_eq!((occupancy.pct(), occupancy.known_pct().round()), (100.0, 0.0));
    assert!(occupancy.is_partial() && found.utilization.unwrap().is_partial());
    assert_eq!(found.known_pct(), Some(occupancy.known_pct()));
    // Known to have been off until 10:30, it is two minutes of nine, and two of two if until 10:37.
    for (off_until, pct) in [("10:30:00", 22.0), ("10:37:00", 100.0)] {
        let plan = [entry("00:00:00", off_until, Scheduled::Off)];
        let found = figures(&spells, &plan, "00:00:00", "10:39:00");
        assert_eq!(known(found.occupancy), Some(pct));
        assert_eq!(found.occupancy.unwrap().is_partial(), pct < 80.0);
    }
}

#[test]
fn who_is_known_to_have_been_offline_is_known_whatever_it_was_that_told_so() {
    let logged_out = Fused {
        logged: Some(ActivityKind::Offline),
        ..spell("00:00:00", "06:00:00", Activity::Unknown)
    };
    let spells = [
        logged_out,
        spell("06:00:00", "08:00:00", Activity::Offline),
        spell("08:00:00", "09:00:00", Activity::Available),
    ];
    let found = figures(&spells, &[], "00:00:00", "09:00:00");
    assert_eq!((known(found.occupancy), found.known_pct()), (Some(100.0), Some(100.0)));
    let nobody = figures(&[], &[], "00:00:00", "09:00:00");
    assert_eq!((nobody.occupancy, nobody.known_pct()), (None, Some(0.0)));
    let away =
        figures(&[spell("00:00:00", "09:00:00", Activity::Offline)], &[], "00:00:00", "09:00:00");
    assert_eq!((away.occupancy, away.known_pct()), (None, Some(100.0)));
    assert_eq!(figures(&[], &[], "09:00:00", "09:00:00").known_pct(), None, "of no time");
}

#[test]
fn adherence_says_of_how_much_of_the_scheduled_time_it_is_known() {
    let plan = [entry("06:00:00", "09:00:00", Scheduled::Available)];
    let late = [spell("08:30:00", "09:00:00", Activity::Away(Reason::Break))];
    let found = figures(&late, &plan, "00:00:00", "09:00:00");
    assert_eq!(adherence(&found), AdherencePct::Percent(0.0));
    assert_eq!(
        known(found.adherence.share()),
        Some(6.0),
        "30 minutes of 9 hours may have been work"
    );
    let off = entry("00:00:00", "06:00:00", Scheduled::Off);
    let plan = [off, plan[0].clone()];
    let found = figures(&late, &plan, "00:00:00", "09:00:00");
    assert_eq!(known(found.adherence.share()), Some(17.0), "30 minutes of 3 hours");
    assert_eq!((known(found.conformance), known(found.occupancy)), (Some(17.0), None));
}

#[test]
fn work_without_a_known_schedule_is_missing_from_adherence() {
    // A WFM that was first read 35 minutes after the agent had left, and no schedule file.
    let spells = [
        spell("06:00:00", "10:00:00", Activity::OnContact),
        spell("10:00:00", "10:35:00", Activity::Offline),
    ];
    let plan = [entry("10:00:00", "10:35:00", Scheduled::Available)];
    let found = figures(&spells, &plan, "06:00:00", "10:35:00");
    assert_eq!(
        (adherence(&found), known(found.occupancy)),
        (AdherencePct::Percent(0.0), Some(100.0))
    );
    let share = found.adherence.share().unwrap();
    assert_eq!((share.known_pct().round(), share.is_partial()), (13.0, true));
}

#[test]
fn whoever_has_no_schedule_leaves_nothing_unknown_in_the_adherence_of_a_team() {
    let work = [entry("08:00:00", "09:00:00", Scheduled::Available)];
    let spells = [spell("08:00:00", "09:00:00", Activity::OnContact)];
    let bound = figures(&spells, &work, "08:00:00", "09:00:00");
    let free = figures(&spells, &[], "08:00:00", "09:00:00");
    let unseen = figures(&[], &work, "08:00:00", "09:00:00");
    let of = |all: &[&Figures]| {
        let found = Figures::together(all.iter().copied()).unwrap();
        (known(found.occupancy), known(found.adherence.share()))
    };
    assert_eq!(of(&[&bound, &free]), (Some(100.0), Some(100.0)));
    assert_eq!(of(&[&bound, &unseen]), (Some(50.0), Some(50.0)));
}

#[test]
fn the_schedule_file_tells_the_hours_before_a_wfm_was_first_read() {
    let shift = Duty {
        person: "jane".into(),
        date: "2026-03-02".parse().unwrap(),
        start: "06:00:00".parse().unwrap(),
        end: "14:00:00".parse().unwrap(),
        scheduled: Scheduled::Available,
    };
    let file = Timetable::new(chrono_tz::UTC, [shift]);
    for (file, pct, is_partial) in [(Some(file), 100.0 * 240.0 / 275.0, false), (None, 0.0, true)] {
        // Four hours of work, gone for 35 minutes; the WFM is read for the first time now.
        let mut floor = floor(chrono_tz::UTC, &["sip"]).with_timetable(file);
        read(&mut floor, "dialer", at("10:00:00"), since(at("06:00:00"), Activity::OnContact));
        read(&mut floor, "dialer", at("10:35:00"), since(at("10:00:00"), Activity::Offline));
        let state = ScheduleState {
            scheduled: Some(Scheduled::Available),
            adherent: Some(false),
            shift: None,
        };
        let planned =
            Observation { schedule: Some(state), ..since(at("10:00:00"), Activity::Offline) };
        read(&mut floor, "wfm", at("10:34:50"), planned);
        let found = today(&floor, at("10:35:00"));
        let share = found.adherence.share().unwrap();
        assert!((share.pct() - pct).abs() < 0.1, "{share:?}");
        assert_eq!(share.is_partial(), is_partial, "{share:?}");
    }
}

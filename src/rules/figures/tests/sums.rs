//! What a telephony system's sums tell.

use super::*;
use crate::rules::telling::summed;

#[test]
fn sums_tell_a_windows_beginning_and_what_they_do_not_account_for_is_unknown() {
    let vendor = vendor("05:00:00", "08:00:00", AdherencePct::NoSchedule);
    let window = Window { since: at("04:00:00"), until: at("09:00:00") };
    let work = entry("04:30:00", "06:00:00", Scheduled::Available);
    let in_part = summed(&vendor, window, &Plan::of(std::slice::from_ref(&work)));
    assert_eq!(in_part.attendance, Attendance::default(), "sums do not say when");
    let plan = Plan::of(&[work, entry("06:00:00", "09:00:00", Scheduled::Off)]);
    let found = summed(&vendor, window, &plan);
    assert_eq!(found.times.all(), minutes(240), "until they were read");
    assert_eq!(found.times.of(ActivityKind::Available), minutes(90));
    assert_eq!(found.times.of(ActivityKind::Unknown), minutes(60 + 30));
    let sides = found.attendance;
    assert_eq!((sides.worked, sides.due), (minutes(140), minutes(60)));
    assert_eq!((sides.scheduled, sides.kept), (TimeDelta::zero(), TimeDelta::zero()));
}

#[test]
fn a_call_on_the_own_phone_is_no_work_in_sums_either() {
    let mut vendor = vendor("08:00:00", "12:00:00", AdherencePct::NoSchedule);
    vendor.spent.insert(Bucket::ExternalCall, minutes(30));
    let window = Window { since: at("08:00:00"), until: at("12:00:00") };
    let plan = Plan::of(&[entry("08:00:00", "12:00:00", Scheduled::Available)]);
    let sides = summed(&vendor, window, &plan).attendance;
    assert_eq!((sides.worked, sides.due), (minutes(140), minutes(240)));
}

#[test]
fn what_sums_do_not_account_for_is_unknown_as_far_as_somebody_may_have_been_there() {
    let vendor = vendor("05:00:00", "08:00:00", AdherencePct::NoSchedule);
    let window = Window { since: at("04:00:00"), until: at("08:00:00") };
    // 150 of 180 minutes are accounted for; of the hour before them nobody knows anything.
    let nobody_knows = summed(&vendor, window, &Plan::default()).gaps;
    assert_eq!(nobody_knows.logged_in, minutes(60 + 30));
    let plan = Plan::of(&[
        entry("04:00:00", "05:30:00", Scheduled::Off),
        entry("05:30:00", "08:00:00", Scheduled::Available),
    ]);
    let gaps = summed(&vendor, window, &plan).gaps;
    assert_eq!((gaps.logged_in, gaps.due, gaps.unplanned), (minutes(30), minutes(30), minutes(0)));
    assert_eq!(gaps.scheduled, minutes(150), "sums do not say when, so nothing was kept");
}

//! How much it takes to log somebody out.

use super::*;
use crate::model::{AgentKey, Evidence};

fn needed(floor: &Floor, now: i64) -> Confirmation {
    assess(floor, &floor.people()[0], &AgentKey::new("dialer".into(), "1".into()), at(now))
}

fn inferred(activity: Activity) -> Observation {
    Observation { evidence: Evidence::Inferred, ..doing(activity, 0) }
}

fn typed(reason: &str) -> Confirmation {
    Confirmation::Typed(vec![reason.to_owned()])
}

#[test]
fn what_sipio_concludes_holds_up_a_logout_only_where_it_is_busy_or_unknown() {
    use Activity::{
        Available, LoggedIn, Offline, OnContact, Ringing, Unknown, Unreachable, WrapUp,
    };
    let cases = [
        (Available, Confirmation::Plain),
        (LoggedIn, Confirmation::Plain),
        (Activity::Away(Reason::Unspecified), Confirmation::Plain),
        (Offline, Confirmation::Plain),
        (OnContact, typed("on contact at sip")),
        (Ringing, typed("ringing at sip")),
        (WrapUp, typed("wrap-up at sip")),
        (Unknown, typed("unknown at sip")),
        (Unreachable, typed("unreachable at sip")),
    ];
    for (activity, expected) in cases {
        let mut floor = floor();
        says(&mut floor, "sip", 5, inferred(activity.clone()));
        says(&mut floor, "sip", 10, inferred(activity.clone()));
        says(&mut floor, "dialer", 10, doing(Activity::Available, 0));
        assert_eq!(needed(&floor, 10), expected, "{activity:?}");
    }
}

#[test]
fn sipio_that_has_only_begun_to_count_does_not_hold_up_the_whole_floor() {
    let mut floor = floor();
    says(&mut floor, "dialer", 10, doing(Activity::Available, 0));
    says(&mut floor, "sip", 10, inferred(Activity::Unknown));
    assert_eq!(needed(&floor, 10), Confirmation::Plain);
    says(&mut floor, "sip", 11, inferred(Activity::Unknown));
    assert_eq!(needed(&floor, 11), typed("unknown at sip"), "it cannot say of this one");
}

#[test]
fn an_unknown_state_of_any_other_source_is_a_doubt_from_the_first_reading() {
    for source in ["cx", "wfm"] {
        let mut floor = floor();
        says(&mut floor, "dialer", 10, doing(Activity::Available, 0));
        says(&mut floor, source, 10, doing(Activity::Unknown, 0));
        assert_eq!(needed(&floor, 10), typed(&format!("unknown at {source}")));
    }
}

#[test]
fn an_inferred_state_never_allows_what_an_observed_one_forbids() {
    let mut floor = floor();
    says(&mut floor, "sip", 5, inferred(Activity::Available));
    says(&mut floor, "sip", 10, inferred(Activity::Available));
    says(&mut floor, "dialer", 10, doing(Activity::OnContact, 0));
    assert_eq!(needed(&floor, 10), typed("on contact at dialer"));
    says(&mut floor, "dialer", 11, inferred(Activity::Offline));
    assert_eq!(needed(&floor, 11), typed("offline at dialer is only inferred"));
}

//! How much it takes to log somebody out.

use super::*;
use crate::model::{
    AgentHistory, AgentKey, Evidence, Failure, FailureKind, Feed, Outcome, Report, Side, SideFeed,
    SourceKind, Spell,
};
use crate::rules::describe;

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

#[test]
fn what_is_known_of_somebody_is_all_that_a_logout_is_judged_by() {
    let mut dialer = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3));
    dialer.sides = vec![SideFeed::new(Side::History, TimeDelta::seconds(60))];
    let cx = Feed::new("cx".into(), SourceKind::CxEngage, TimeDelta::seconds(3));
    let mut floor = floor_of(vec![dialer, cx]);
    let known = |floor: &Floor, now: i64| {
        describe(floor, &floor.people()[0], &AgentKey::new("dialer".into(), "1".into()), at(now))
    };
    says(&mut floor, "cx", 10, doing(Activity::Available, 0));
    let at_cx = "cx: available for 0:10 (observed, 0:00 old)";
    assert_eq!(known(&floor, 10), [at_cx, "dialer: unknown (it does not list this agent)"]);
    says(&mut floor, "dialer", 10, doing(Activity::Available, 0));
    let failure = Failure { kind: FailureKind::Transient, text: "no route".to_owned() };
    let report = Report {
        source: "dialer".into(),
        at: at(20),
        outcome: Outcome::Failed(failure),
        clock_offset: None,
        took: TimeDelta::zero(),
        next_at: None,
        way_back: None,
        unread: Vec::new(),
    };
    floor.report(report, at(20));
    let lunch = Spell {
        since: at(40),
        until: None,
        activity: Activity::Away(Reason::Lunch),
        evidence: Evidence::Derived,
        raw: "LUNCH".into(),
        doubt: None,
    };
    let history = AgentHistory {
        agent: "1".into(),
        name: None,
        from: at(0),
        until: at(50),
        spells: vec![lunch],
        connection: None,
    };
    let body = Body::History { histories: vec![history], incomplete: None };
    let source = "dialer".into();
    let reading = Reading { source, taken_at: at(50), as_of: at(50), skipped: 0, body };
    floor.apply(reading, at(50));
    let known = known(&floor, 50);
    assert_eq!(
        known,
        [
            "dialer: available for 0:10 (stale, 0:40 old)",
            "cx: available for 0:10 (stale, 0:40 old)",
            "the log of dialer: away (lunch) for 0:10 (0:00 old)",
        ]
    );
}

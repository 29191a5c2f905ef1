//! When two sources differ, and when they only seem to.

use super::*;
use crate::model::Evidence;

const PAUSED: Activity = Activity::Away(Reason::Unspecified);
const LUNCH: Activity = Activity::Away(Reason::Lunch);

fn conflict(floor: &Floor, now: i64) -> Option<Finding> {
    found(floor, now).into_iter().find(|finding| finding.kind == FlagKind::Conflict)
}

fn shown(floor: &Floor, now: i64) -> Activity {
    floor.headline(&floor.people()[0], at(now)).activity
}

#[test]
fn a_conflict_names_both_sides_their_words_and_their_ages() {
    let mut floor = floor();
    let word = |raw: &str, observation| Observation { raw: raw.to_owned(), ..observation };
    says(&mut floor, "dialer", 50, word("RINGING", doing(Activity::Ringing, 40)));
    says(&mut floor, "cx", 45, word("not-ready/away (Lunch)", doing(LUNCH, 0)));
    assert_eq!(conflict(&floor, 50), None, "the lag still explains it");
    says(&mut floor, "dialer", 80, word("RINGING", doing(Activity::Ringing, 40)));
    says(&mut floor, "cx", 78, word("not-ready/away (Lunch)", doing(LUNCH, 0)));
    let conflict = conflict(&floor, 80).unwrap();
    assert_eq!(
        conflict.text,
        "dialer says ringing (\"RINGING\", 0s old), \
         cx says away (lunch) (\"not-ready/away (Lunch)\", 2s old)"
    );
    assert_eq!(conflict.since, Some(at(40)), "since the later of the two began");
}

#[test]
fn what_a_source_has_no_word_for_is_no_conflict_and_everything_else_that_lasts_is() {
    use Activity::{Available, LoggedIn, Offline, OnContact, Ringing, Unreachable, WrapUp};
    let cases = [
        // CxEngage has no wrap-up, no ringing, and after the login no "logged in".
        ("dialer", Ringing, "cx", Available, Ringing, false),
        ("dialer", Ringing, "cx", OnContact, OnContact, false),
        ("dialer", Ringing, "cx", LUNCH, Ringing, true),
        ("dialer", WrapUp, "cx", Available, WrapUp, false),
        ("dialer", WrapUp, "cx", OnContact, WrapUp, false),
        ("sip", Ringing, "cx", Available, Ringing, false),
        ("sip", LoggedIn, "cx", PAUSED, PAUSED, false),
        ("sip", LoggedIn, "cx", LUNCH, LUNCH, true),
        ("sip", Unreachable, "cx", Available, Available, false),
        // Convoso has no "logged in" and no "unreachable".
        ("sip", LoggedIn, "dialer", PAUSED, PAUSED, false),
        ("cx", LoggedIn, "dialer", PAUSED, PAUSED, false),
        ("sip", LoggedIn, "dialer", Available, Available, true),
        ("sip", Unreachable, "dialer", Available, Available, false),
        ("sip", Unreachable, "dialer", OnContact, OnContact, true),
        // sip.io has them all.
        ("dialer", Ringing, "sip", Available, Ringing, true),
        ("dialer", WrapUp, "sip", Available, WrapUp, true),
        ("dialer", Available, "sip", PAUSED, Available, true),
        ("cx", Available, "sip", PAUSED, Available, true),
        // Equal states are equal, with or without a reason.
        ("dialer", PAUSED, "sip", PAUSED, PAUSED, false),
        ("dialer", PAUSED, "cx", LUNCH, LUNCH, false),
        ("dialer", Available, "cx", Offline, Available, true),
    ];
    for (one, doing_one, other, doing_other, headline, differs) in cases {
        let case = format!("{one} {doing_one:?}, {other} {doing_other:?}");
        let mut floor = floor();
        says(&mut floor, one, 200, doing(doing_one, 0));
        says(&mut floor, other, 200, doing(doing_other, 0));
        assert_eq!(shown(&floor, 200), headline, "{case}");
        assert_eq!(conflict(&floor, 200).is_some(), differs, "{case}");
    }
}

#[test]
fn a_wfm_takes_part_in_conflicts_only_where_the_config_says_so() {
    for takes_part in [false, true] {
        let mut feeds = floor().feeds().to_vec();
        feeds[3].may_conflict = takes_part;
        let mut floor = floor_of(feeds);
        says(&mut floor, "dialer", 100, doing(Activity::Available, 0));
        says(&mut floor, "wfm", 100, doing(LUNCH, 0));
        assert_eq!(shown(&floor, 100), Activity::Available);
        assert_eq!(conflict(&floor, 100).is_some(), takes_part);
    }
}

#[test]
fn what_sipio_concludes_is_as_late_as_its_answers_are_apart() {
    let mut floor = floor();
    let concluded = |activity| Observation { evidence: Evidence::Inferred, ..doing(activity, 0) };
    says(&mut floor, "dialer", 100, doing(Activity::Available, 80));
    says(&mut floor, "sip", 100, concluded(Activity::OnContact));
    assert_eq!(shown(&floor, 100), Activity::Available, "the call may have ended at 80");
    assert_eq!(conflict(&floor, 100), None);
    says(&mut floor, "dialer", 115, doing(Activity::Available, 80));
    says(&mut floor, "sip", 115, concluded(Activity::OnContact));
    assert_eq!(shown(&floor, 115), Activity::OnContact, "it has looked since");
    assert!(conflict(&floor, 115).is_some());
}

#[test]
fn among_those_that_agree_an_observed_statement_goes_before_a_derived_and_an_inferred_one() {
    use Evidence::{Derived, Inferred, Observed};
    let cases = [
        ([Some(Observed), Some(Derived), Some(Inferred)], "dialer"),
        ([None, Some(Derived), Some(Inferred)], "cx"),
        ([None, None, Some(Inferred)], "sip"),
        ([Some(Inferred), Some(Derived), Some(Observed)], "sip"),
    ];
    for (evidences, winner) in cases {
        let mut floor = floor();
        for ((source, _), evidence) in SOURCES.into_iter().zip(evidences) {
            if let Some(evidence) = evidence {
                let since = if source == winner { 0 } else { 20 };
                let busy = doing(Activity::OnContact, since);
                says(&mut floor, source, 100, Observation { evidence, ..busy });
            }
        }
        let headline = floor.headline(&floor.people()[0], at(100));
        assert_eq!(headline.source, Some(winner.into()), "{evidences:?}");
    }
}

#[test]
fn an_unknown_state_never_wins_and_never_conflicts() {
    let mut floor = floor();
    says(&mut floor, "sip", 200, doing(Activity::Unknown, 0));
    says(&mut floor, "dialer", 200, doing(Activity::Offline, 0));
    assert_eq!(shown(&floor, 200), Activity::Offline);
    assert_eq!(conflict(&floor, 200), None);
}

//! What several sources say of one person.

use super::*;

fn whole_person(dialer: Observation, cx: Observation, dialer_at: i64, cx_at: i64) -> Floor {
    let mut floor = jane_floor();
    let id = |id: &str, o: Observation| Observation { agent: AgentId::from(id), ..o };
    floor.apply(reading("dialer", dialer_at, WHOLE, vec![id("12345", dialer)]), at(dialer_at));
    floor.apply(reading("cx", cx_at, Coverage::Part, vec![id("uuid-1", cx)]), at(dialer_at));
    floor
}

#[test]
fn without_a_roster_every_source_has_its_own_row_and_with_one_they_are_one_person() {
    let (available, away) =
        (says("", Activity::Available, 0), says("", Activity::Away(Reason::Lunch), 0));
    let joined = whole_person(available.clone(), away, 100, 80);
    assert_eq!(joined.people().len(), 1);
    assert_eq!(joined.people()[0].presences.len(), 2);
    let mut apart = floor();
    list(&mut apart, 3, &["12345"]);
    apart.apply(
        reading("cx", 3, Coverage::Part, vec![Observation { agent: "12345".into(), ..available }]),
        at(3),
    );
    assert_eq!(apart.people().len(), 2, "equal ids of different sources are different agents");
}

#[test]
fn a_wfm_agent_is_found_by_the_employee_number_of_the_roster() {
    let mut floor = jane_floor();
    let seen =
        Observation { aliases: vec!["EMP001".into()], ..says("0b1c-uuid", Activity::Available, 0) };
    floor.apply(reading("wfm", 3, Coverage::Part, vec![seen]), at(3));
    assert_eq!(floor.people().len(), 1);
    assert_eq!(headline_of(&floor, "jane", 3).activity, Activity::Available);
}

#[test]
fn a_source_that_is_merely_late_yields() {
    // CxEngage describes second 80; the call began at 90.
    let floor = whole_person(
        says("", Activity::Away(Reason::Break), 90),
        says("", Activity::OnContact, 0),
        100,
        80,
    );
    let headline = headline_of(&floor, "jane", 100);
    assert_eq!(headline.activity, Activity::Away(Reason::Break));
    assert_eq!(headline.conflict, None);
}

#[test]
fn the_busiest_of_two_current_statements_wins_and_lasting_difference_is_a_conflict() {
    let floor = whole_person(
        says("", Activity::Available, 0),
        says("", Activity::Away(Reason::Lunch), 10),
        50,
        40,
    );
    let early = headline_of(&floor, "jane", 40);
    assert_eq!((early.activity, early.conflict), (Activity::Available, None));
    let conflict = headline_of(&floor, "jane", 50).conflict.unwrap();
    assert_eq!((conflict.source.as_str(), conflict.since), ("cx", at(10)));
}

#[test]
fn cxengage_has_no_wrap_up_and_yields_to_it() {
    let floor =
        whole_person(says("", Activity::WrapUp, 10), says("", Activity::OnContact, 0), 100, 80);
    let headline = headline_of(&floor, "jane", 100);
    assert_eq!((headline.activity, headline.conflict), (Activity::WrapUp, None));
}

#[test]
fn cxengage_has_no_logout_and_its_away_yields_to_an_observed_later_one() {
    let away = says("", Activity::Away(Reason::Unspecified), 0);
    let floor = whole_person(says("", Activity::Offline, 10), away.clone(), 200, 180);
    assert_eq!(headline_of(&floor, "jane", 200).activity, Activity::Offline);
    let earlier = whole_person(says("", Activity::Offline, -50), away, 200, 180);
    assert_eq!(headline_of(&earlier, "jane", 200).activity, Activity::Away(Reason::Unspecified));
}

#[test]
fn a_pause_without_a_reason_takes_it_from_whoever_gives_one() {
    let floor = whole_person(
        says("", Activity::Away(Reason::Unspecified), 5),
        says("", Activity::Away(Reason::Lunch), 0),
        100,
        80,
    );
    let headline = headline_of(&floor, "jane", 100);
    assert_eq!((headline.activity, headline.conflict), (Activity::Away(Reason::Lunch), None));
}

#[test]
fn who_is_away_everywhere_is_away_since_the_last_source_says_so() {
    // CxEngage stopped hearing of her long ago; she was on a call in between.
    let floor = whole_person(
        says("", Activity::Away(Reason::Unspecified), 1_500),
        says("", Activity::Away(Reason::Unspecified), 0),
        1_800,
        1_780,
    );
    assert_eq!(headline_of(&floor, "jane", 1_800).since, Some(at(1_500)));
}

#[test]
fn a_wfm_never_gives_the_activity_of_a_person_whom_telephony_knows() {
    let mut floor = whole_person(
        says("", Activity::Away(Reason::Unspecified), 0),
        says("", Activity::Unknown, 0),
        100,
        80,
    );
    let wfm = Observation { agent: "EMP001".into(), ..says("", Activity::OnContact, 0) };
    floor.apply(reading("wfm", 100, Coverage::Part, vec![wfm]), at(100));
    let headline = headline_of(&floor, "jane", 100);
    assert_eq!(headline.activity, Activity::Away(Reason::Unspecified));
    assert_eq!(headline.conflict, None, "a wfm's states may be kept by hand");
}

#[test]
fn a_wfm_that_has_not_looked_since_gives_neither_a_reason_nor_a_conflict() {
    let mut floor = jane_floor();
    floor.feeds[2].may_conflict = true;
    let paused = says("12345", Activity::Away(Reason::Unspecified), 95);
    floor.apply(reading("dialer", 100, WHOLE, vec![paused]), at(100));
    let mut wfm = |as_of, activity| {
        floor.apply(
            reading("wfm", as_of, Coverage::Part, vec![says("EMP001", activity, 0)]),
            at(100),
        );
        headline_of(&floor, "jane", 100)
    };
    assert_eq!(wfm(90, Activity::Available).conflict, None, "it is merely late");
    let unspecified = Activity::Away(Reason::Unspecified);
    assert_eq!(wfm(91, Activity::Away(Reason::Lunch)).activity, unspecified, "an earlier lunch");
    assert_eq!(wfm(96, Activity::Away(Reason::Lunch)).activity, Activity::Away(Reason::Lunch));
    assert!(wfm(97, Activity::Available).conflict.is_some());
}

#[test]
fn a_logout_is_not_undone_by_its_source_falling_silent() {
    let away = says("", Activity::Away(Reason::Unspecified), 0);
    let mut floor = whole_person(says("", Activity::Offline, 10), away, 200, 180);
    floor.report(failed("dialer", 201, FailureKind::Transient), at(201));
    let headline = headline_of(&floor, "jane", 201);
    assert_eq!((headline.activity, headline.evidence), (Activity::Offline, Evidence::Stale));
}

#[test]
fn a_last_known_state_says_more_than_an_unknown_one() {
    let mut floor =
        whole_person(says("", Activity::Available, 10), says("", Activity::Unknown, 0), 200, 180);
    floor.report(failed("dialer", 201, FailureKind::Transient), at(201));
    let headline = headline_of(&floor, "jane", 201);
    assert_eq!((headline.activity, headline.evidence), (Activity::Available, Evidence::Stale));
}

#[test]
fn a_stale_state_never_wins_over_a_fresh_one() {
    let mut floor =
        whole_person(says("", Activity::OnContact, 0), says("", Activity::Available, 0), 100, 80);
    floor.report(failed("dialer", 101, FailureKind::Transient), at(101));
    let headline = headline_of(&floor, "jane", 101);
    assert_eq!((headline.activity, headline.evidence), (Activity::Available, Evidence::Observed));
}

#[test]
fn a_roster_person_whom_no_source_knows_is_unknown_and_not_offline() {
    let floor = jane_floor();
    assert_eq!(headline_of(&floor, "jane", 0).activity, Activity::Unknown);
    assert_eq!(floor.totals(at(0)).people.of(ActivityKind::Unknown), 1);
}

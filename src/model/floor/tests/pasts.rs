//! What a log beside a monitor adds to what the monitor says.

use super::*;
use crate::model::{AgentHistory, Doubt, Spell};

fn event(since: i64, activity: Activity, raw: &str) -> Spell {
    let evidence = Evidence::Observed;
    Spell { since: at(since), until: None, activity, evidence, raw: raw.into(), doubt: None }
}

fn paused_for(since: i64, reason: Reason) -> Spell {
    event(since, Activity::Away(reason), "NotReady CODE")
}

fn logout(since: i64) -> Spell {
    event(since, Activity::Offline, "LogOut LOGGED_OUT")
}

fn login(since: i64) -> Spell {
    event(since, Activity::LoggedIn, "LOGIN AVAILABLE")
}

/// The dialer's log of one agent from the beginning, read at `as_of`.
fn log(floor: &mut Floor, as_of: i64, agent: &str, spells: Vec<Spell>) {
    let history = AgentHistory {
        agent: agent.into(),
        name: Some("Logged Name".to_owned()),
        from: at(-200_000),
        until: at(as_of),
        spells,
        connection: None,
    };
    let body = Body::History { histories: vec![history], incomplete: None };
    floor.apply(Reading { body, ..reading("dialer", as_of, WHOLE, Vec::new()) }, at(as_of));
}

const PAUSED: Activity = Activity::Away(Reason::Unspecified);

fn pause(floor: &mut Floor, as_of: i64, since: i64) {
    let paused = vec![says("12345", PAUSED, since)];
    floor.apply(reading("dialer", as_of, WHOLE, paused), at(as_of));
}

#[test]
fn a_pause_has_the_reason_of_the_logs_last_spell_if_that_began_with_it() {
    let (lunch, meeting) = (Reason::Lunch, Reason::Meeting);
    let cases = [
        ("it began with the pause", vec![paused_for(100, Reason::Break)], Reason::Break),
        ("ten seconds before", vec![paused_for(90, Reason::Break)], Reason::Break),
        ("eleven before: another pause", vec![paused_for(89, Reason::Break)], Reason::Unspecified),
        (
            "the reason changed",
            vec![paused_for(100, lunch.clone()), paused_for(150, meeting)],
            Reason::Meeting,
        ),
        (
            "the log has gone on",
            vec![paused_for(100, lunch), event(160, Activity::Available, "Ready")],
            Reason::Unspecified,
        ),
        ("it has none either", vec![paused_for(100, Reason::Unspecified)], Reason::Unspecified),
        ("nothing logged", vec![], Reason::Unspecified),
    ];
    for (case, spells, reason) in cases {
        for log_first in [true, false] {
            let mut floor = jane_floor();
            if log_first {
                log(&mut floor, 170, "12345", spells.clone());
            }
            pause(&mut floor, 200, 100);
            if !log_first {
                log(&mut floor, 170, "12345", spells.clone());
            }
            let headline = headline_of(&floor, "jane", 200);
            assert_eq!(headline.activity, Activity::Away(reason.clone()), "{case}, {log_first}");
            let presence = presence(&floor, "dialer", "12345");
            assert_eq!(presence.activity, PAUSED, "what the monitor said");
            assert_eq!(floor.reason_of(presence), Some(reason.clone()), "{case}");
        }
    }
}

#[test]
fn a_pause_has_no_reason_from_a_pause_seconds_before_it() {
    let mut floor = jane_floor();
    pause(&mut floor, 101, 100);
    let ready = vec![says("12345", Activity::Available, 103)];
    floor.apply(reading("dialer", 104, WHOLE, ready), at(104));
    pause(&mut floor, 109, 108);
    log(&mut floor, 110, "12345", vec![paused_for(100, Reason::Lunch)]);
    assert_eq!(headline_of(&floor, "jane", 110).activity, PAUSED);
    let over = event(103, Activity::Available, "Ready");
    log(&mut floor, 130, "12345", vec![paused_for(100, Reason::Lunch), over.clone()]);
    pause(&mut floor, 130, 108);
    let told = |floor: &Floor| {
        let past = floor.timeline(&AgentKey::new("dialer".into(), "12345".into())).unwrap();
        past.spells(at(107), at(130)).pop().unwrap().activity
    };
    assert_eq!(told(&floor), PAUSED, "nor in what is told of it");
    let named = paused_for(108, Reason::Meeting);
    log(&mut floor, 131, "12345", vec![paused_for(100, Reason::Lunch), over, named]);
    assert_eq!(told(&floor), Activity::Away(Reason::Meeting));
}

#[test]
fn the_log_of_the_source_goes_before_the_reasons_of_others() {
    let mut floor = jane_floor();
    let lunch = says("uuid-1", Activity::Away(Reason::Lunch), 100);
    floor.apply(reading("cx", 180, Coverage::Part, vec![lunch]), at(200));
    pause(&mut floor, 200, 120);
    assert_eq!(headline_of(&floor, "jane", 200).activity, Activity::Away(Reason::Lunch));
    log(&mut floor, 200, "12345", vec![paused_for(120, Reason::Training)]);
    assert_eq!(headline_of(&floor, "jane", 200).activity, Activity::Away(Reason::Training));
}

#[test]
fn of_whom_a_log_said_what_is_no_text_is_counted_once() {
    let mut floor = jane_floor();
    floor.feeds[0].sides.push(crate::model::SideFeed::new(Side::History, TimeDelta::minutes(1)));
    let repaired = |floor: &Floor| floor.feed(&"dialer".into()).unwrap().sides[0].repaired;
    log(&mut floor, 3, "1", vec![paused_for(0, Reason::Break)]);
    assert_eq!(repaired(&floor), 0);
    let garbled = || event(1, PAUSED, "AVAILABILITY Caf\u{fffd}");
    log(&mut floor, 6, "1", vec![garbled()]);
    log(&mut floor, 9, "2", vec![garbled()]);
    log(&mut floor, 12, "2", vec![garbled()]);
    log(&mut floor, 15, "3", vec![]);
    assert_eq!(repaired(&floor), 2, "what came since says nothing of it");
}

#[test]
fn a_presence_that_is_not_away_has_no_reason() {
    let mut floor = jane_floor();
    log(&mut floor, 3, "12345", vec![paused_for(0, Reason::Break)]);
    list(&mut floor, 3, &["12345"]);
    assert_eq!(floor.reason_of(presence(&floor, "dialer", "12345")), None);
}

/// Four agents of whom "3" is no longer listed from second 6 on.
fn three_leaves(floor: &mut Floor, until: i64) {
    list(floor, 3, &["1", "2", "3", "4"]);
    for as_of in (6..=until).step_by(3) {
        list(floor, as_of, &["1", "2", "4"]);
    }
}

#[test]
fn who_is_no_longer_listed_and_logged_out_by_the_log_is_observed_to_be_offline() {
    for log_at in [4, 6, 9, 12] {
        let mut floor = floor();
        three_leaves(&mut floor, log_at);
        log(&mut floor, log_at, "3", vec![login(-500), logout(4)]);
        for as_of in [15, 18] {
            list(&mut floor, as_of, &["1", "2", "4"]);
        }
        let gone = presence(&floor, "dialer", "3");
        assert_eq!((&gone.activity, gone.evidence), (&Activity::Offline, Evidence::Observed));
        assert_eq!((gone.since, gone.raw.as_str()), (Some(at(4)), "LogOut LOGGED_OUT"));
        assert!(!gone.has_vanished(), "log at {log_at}");
        let headline = headline_of(&floor, "dialer:3", 18);
        assert_eq!((headline.evidence, headline.since), (Evidence::Observed, Some(at(4))));
        list(&mut floor, 21, &["1", "2", "3", "4"]);
        assert_eq!(presence(&floor, "dialer", "3").activity, Activity::Available, "back again");
    }
}

#[test]
fn a_session_of_which_the_monitor_saw_nothing_ends_with_its_own_logout() {
    let mut floor = floor();
    three_leaves(&mut floor, 9);
    log(&mut floor, 10, "3", vec![logout(4)]);
    log(&mut floor, 60, "3", vec![logout(4), login(20), logout(50)]);
    assert_eq!(presence(&floor, "dialer", "3").since, Some(at(4)), "the monitor is silent");
    list(&mut floor, 60, &["1", "2", "4"]);
    assert_eq!(presence(&floor, "dialer", "3").since, Some(at(50)));
}

#[test]
fn a_logout_before_the_agent_was_last_seen_explains_nothing() {
    let mut floor = floor();
    log(&mut floor, 2, "3", vec![logout(-60)]);
    three_leaves(&mut floor, 12);
    let gone = presence(&floor, "dialer", "3");
    assert_eq!((gone.evidence, gone.has_vanished()), (Evidence::Inferred, true));
    log(&mut floor, 12, "3", vec![logout(-60), login(-30)]);
    assert!(presence(&floor, "dialer", "3").has_vanished(), "a login does not either");
}

#[test]
fn a_logout_is_not_believed_while_the_monitors_list_is_in_doubt() {
    let mut doubted = floor();
    list(&mut doubted, 3, &["1", "2", "3"]);
    list(&mut doubted, 6, &[]);
    log(&mut doubted, 7, "3", vec![logout(4)]);
    assert_eq!(presence(&doubted, "dialer", "3").activity, Activity::Available, "held");

    let mut filtered = floor();
    for (as_of, agents) in [(3, vec!["1", "2", "3"]), (6, vec!["1", "2"])] {
        let seen = agents.iter().map(|a| says(a, Activity::Available, 0)).collect();
        filtered.apply(reading("dialer", as_of, Coverage::Filtered, seen), at(as_of));
    }
    log(&mut filtered, 7, "3", vec![logout(4)]);
    assert_eq!(presence(&filtered, "dialer", "3").activity, Activity::Available);

    let mut unheard = jane_floor();
    log(&mut unheard, 7, "12345", vec![logout(4)]);
    assert_eq!(headline_of(&unheard, "jane", 7).activity, Activity::Unknown);
    list(&mut unheard, 9, &["1"]);
    assert_eq!(headline_of(&unheard, "jane", 9).activity, Activity::Offline, "and then it is");
}

#[test]
fn a_roster_person_whom_the_monitor_never_listed_is_offline_since_the_logged_logout() {
    let mut floor = jane_floor();
    list(&mut floor, 3, &["1"]);
    log(&mut floor, 5, "12345", vec![login(-90_000), logout(-80_000)]);
    let headline = headline_of(&floor, "jane", 5);
    assert_eq!((headline.activity, headline.since), (Activity::Offline, Some(at(-80_000))));
    assert_eq!(floor.people().len(), 2, "jane, and the agent whom the monitor lists");
}

#[test]
fn whom_only_the_log_knows_has_a_row_only_if_the_logout_is_todays() {
    let mut floor = floor();
    list(&mut floor, 3, &["1"]);
    let day_start = (floor.day_start(at(10)) - at(0)).num_seconds();
    log(&mut floor, 10, "7", vec![logout(day_start + 1)]);
    log(&mut floor, 10, "8", vec![logout(day_start - 1)]);
    log(&mut floor, 10, "9", vec![login(5)]);
    let names: Vec<_> = floor.people().iter().map(|person| person.name.clone()).collect();
    assert_eq!(names, ["1", "Logged Name"]);
    let row = floor.person(&"dialer:7".into()).unwrap();
    assert_eq!(floor.headline(row, at(10)).activity, Activity::Offline);
    list(&mut floor, 12, &["1"]);
    assert_eq!(floor.people().len(), 2, "asked once");
}

#[test]
fn a_name_from_the_log_is_used_when_there_is_no_other() {
    let mut floor = jane_floor();
    let named = Observation { name: Some("Bob".into()), ..says("2", Activity::Available, 0) };
    let nameless = says("3", Activity::Available, 0);
    let jane = says("12345", Activity::Available, 0);
    floor.apply(reading("dialer", 3, WHOLE, vec![jane, named, nameless]), at(3));
    for agent in ["12345", "2", "3", "unknown"] {
        log(&mut floor, 5, agent, vec![login(1)]);
    }
    let names: Vec<_> = floor.people().iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Jane Smith", "Bob", "Logged Name"]);
}

#[test]
fn what_goes_on_by_the_log_goes_on_as_far_as_the_whole_log_has_been_read() {
    let mut floor = floor();
    let key = AgentKey::new("dialer".into(), "1".into());
    log(&mut floor, 100, "1", vec![login(50)]);
    log(&mut floor, 160, "2", vec![login(50)]);
    let until = |floor: &Floor| {
        let past = floor.timeline(&key).unwrap();
        past.spells(at(0), at(1_000)).last().and_then(|spell| spell.until)
    };
    assert_eq!(until(&floor), Some(at(160)), "nothing new of this one");
    let body = Body::History { histories: vec![], incomplete: Some("truncated".to_owned()) };
    floor.apply(Reading { body, ..reading("dialer", 220, WHOLE, vec![]) }, at(220));
    assert_eq!(until(&floor), Some(at(160)), "there may have been something");
}

#[test]
fn a_reading_writes_down_what_it_shows_unless_the_source_is_a_log_itself() {
    let mut floor = jane_floor();
    list(&mut floor, 3, &["12345"]);
    list(&mut floor, 6, &["12345"]);
    let seen = vec![says("uuid-1", Activity::Available, 0)];
    floor.apply(reading("cx", 3, Coverage::Part, seen), at(6));
    let past = |source: &str, agent: &str| {
        floor.timeline(&AgentKey::new(source.into(), agent.into())).map(|past| {
            past.spells(at(0), at(100)).iter().map(|s| (s.since, s.until)).collect::<Vec<_>>()
        })
    };
    assert_eq!(past("dialer", "12345"), Some(vec![(at(0), Some(at(6)))]));
    assert_eq!(past("cx", "uuid-1"), None);
}

#[test]
fn what_is_doubtful_about_a_spell_is_kept_with_it() {
    let mut floor = floor();
    let clipped = Spell { doubt: Some(Doubt::Clipped), ..login(10) };
    log(&mut floor, 60, "1", vec![clipped]);
    let past = floor.timeline(&AgentKey::new("dialer".into(), "1".into())).unwrap();
    assert_eq!(past.recorded(at(0), at(100))[0].doubt, Some(Doubt::Clipped));
}

#[test]
fn where_the_monitor_is_silent_the_log_says_what_is_done_and_no_more_than_it_knows() {
    let mut floor = floor();
    floor.feeds.iter_mut().find(|feed| feed.name.as_str() == "dialer").unwrap().sides =
        vec![crate::model::SideFeed::new(Side::History, TimeDelta::seconds(60))];
    pause(&mut floor, 100, 90);
    log(&mut floor, 101, "12345", vec![login(0), paused_for(90, Reason::Lunch)]);
    let headline = |floor: &Floor, now| {
        let key = AgentKey::new("dialer".into(), "12345".into());
        floor.headline(floor.person_of(&key).unwrap(), at(now))
    };
    assert_eq!(headline(&floor, 102).evidence, Evidence::Observed);
    // What the log said before the monitor fell silent the monitor knew better.
    pause(&mut floor, 104, 90);
    floor.report(failed("dialer", 107, FailureKind::Transient), at(107));
    let said = headline(&floor, 108);
    assert_eq!((said.evidence, said.by_log), (Evidence::Stale, false));
    assert_eq!(said.activity, Activity::Away(Reason::Lunch), "the reason stays");
    // The monitor has said nothing for minutes; the log has gone on.
    let ready = event(150, Activity::Available, "Ready READY_CALLS");
    log(&mut floor, 300, "12345", vec![login(0), paused_for(90, Reason::Lunch), ready.clone()]);
    let said = headline(&floor, 301);
    assert_eq!((&said.activity, said.evidence), (&Activity::ReadyOrOnContact, Evidence::Derived));
    assert!(said.by_log && !said.is_current());
    assert_eq!((said.since, said.as_of), (Some(at(150)), Some(at(300))));
    // A log that has fallen silent too leaves what was seen last.
    let said = headline(&floor, 300 + 181);
    assert_eq!((said.activity.kind(), said.evidence), (ActivityKind::Away, Evidence::Stale));
    pause(&mut floor, 501, 90);
    log(&mut floor, 502, "12345", vec![login(0), ready]);
    assert_eq!(headline(&floor, 503).activity, PAUSED, "a monitor that speaks is believed");
}

#[test]
fn a_log_that_lacks_the_logout_which_the_silent_monitor_saw_says_nothing_new() {
    for (monitored, since, by_log) in [
        (Activity::Offline, 150, false),
        (Activity::WrapUp, 150, false),
        (PAUSED, 150, false),
        (Activity::OnContact, 150, true),
        (Activity::Available, 150, true),
        (Activity::Offline, 80, true),
    ] {
        let mut floor = floor();
        floor.feeds.iter_mut().find(|feed| feed.name.as_str() == "dialer").unwrap().sides =
            vec![crate::model::SideFeed::new(Side::History, TimeDelta::seconds(60))];
        let seen = vec![says("12345", monitored.clone(), since)];
        floor.apply(reading("dialer", 160, WHOLE, seen), at(160));
        floor.report(failed("dialer", 163, FailureKind::Transient), at(163));
        log(&mut floor, 200, "12345", vec![login(0), event(100, Activity::Available, "Ready")]);
        let key = AgentKey::new("dialer".into(), "12345".into());
        let said = floor.headline(floor.person_of(&key).unwrap(), at(201));
        assert_eq!(said.by_log, by_log, "{monitored:?} since {since}");
        assert!(by_log || (said.activity == monitored && said.is_stale()), "{monitored:?}");
    }
}

//! A person's past by all sources together.

use super::*;
use crate::model::{AgentHistory, Doubt, Fused, ONE_CHANGE, Side, SideFeed, Spell};

const UNSPECIFIED: Activity = Activity::Away(Reason::Unspecified);

fn logged(since: i64, activity: Activity) -> Spell {
    let raw = activity.word().into();
    let evidence = Evidence::Observed;
    Spell { since: at(since), until: None, activity, evidence, raw, doubt: None }
}

/// A reading of CxEngage, as a log: `spells` are all that began until `as_of`.
fn cx(floor: &mut Floor, as_of: i64, spells: Vec<Spell>, now: i64) -> Vec<Change> {
    let last = spells.last().cloned();
    let seen = last.map(|s| Observation { since: Some(s.since), ..says("uuid-1", s.activity, 0) });
    let history = AgentHistory {
        agent: "uuid-1".into(),
        name: None,
        from: at(-100_000),
        until: at(as_of),
        spells,
        connection: None,
    };
    let body = Body::Agents {
        observations: seen.into_iter().collect(),
        coverage: Coverage::Part,
        summary: None,
        histories: vec![history],
    };
    floor.apply(Reading { body, ..reading("cx", as_of, Coverage::Part, vec![]) }, at(now))
}

fn dial(floor: &mut Floor, as_of: i64, since: i64, activity: &Activity) -> Vec<Change> {
    let seen = vec![says("12345", activity.clone(), since)];
    floor.apply(reading("dialer", as_of, WHOLE, seen), at(as_of))
}

fn fused(floor: &Floor, from: i64, to: i64, now: i64) -> Vec<Fused> {
    floor.fused(floor.person(&"jane".into()).unwrap(), at(from), at(to), at(now))
}

/// In short: since when, until when, what; of an absence why. Whose word it is does not matter.
fn told(floor: &Floor, from: i64, to: i64, now: i64) -> Vec<(i64, i64, String)> {
    let seconds = |instant: DateTime<Utc>| (instant - at(0)).num_seconds();
    let mut told: Vec<(i64, i64, String)> = Vec::new();
    for f in fused(floor, from, to, now) {
        let what = f.activity.reason().map_or(f.activity.word(), Reason::word);
        match told.last_mut() {
            Some((_, until, last)) if last == what => *until = seconds(f.until),
            _ => told.push((seconds(f.since), seconds(f.until), what.to_owned())),
        }
    }
    told
}

fn expect(spells: &[(i64, i64, &str)]) -> Vec<(i64, i64, String)> {
    spells.iter().map(|(since, until, what)| (*since, *until, (*what).to_owned())).collect()
}

#[test]
fn before_the_first_and_after_the_last_word_nobody_knows() {
    let mut floor = jane_floor();
    assert_eq!(told(&floor, 0, 100, 100), expect(&[(0, 100, "unknown")]));
    dial(&mut floor, 40, 30, &Activity::Available);
    dial(&mut floor, 50, 45, &Activity::OnContact);
    let live = [(0, 30, "unknown"), (30, 45, "available"), (45, 55, "on_contact")];
    assert_eq!(told(&floor, 0, 55, 55), expect(&live), "what is current goes on until now");
    let silent =
        [(0, 30, "unknown"), (30, 45, "available"), (45, 50, "on_contact"), (50, 100, "unknown")];
    assert_eq!(
        told(&floor, 0, 100, 100),
        expect(&silent),
        "what is stale ended with its last word"
    );
    assert_eq!(told(&floor, 0, 100, 55).last().unwrap().1, 100, "the future is unknown too");
    assert_eq!(fused(&floor, 100, 100, 100), []);
}

#[test]
fn each_instant_goes_by_the_rules_of_the_headline() {
    let mut floor = jane_floor();
    cx(
        &mut floor,
        290,
        vec![logged(0, Activity::Available), logged(100, Activity::OnContact)],
        300,
    );
    for (as_of, since, activity) in [
        (50, 0, Activity::Available),
        (110, 105, Activity::OnContact),
        (170, 160, Activity::WrapUp),
        (230, 220, Activity::Available),
        (300, 220, Activity::Available),
    ] {
        for seen in [as_of - 5, as_of] {
            dial(&mut floor, seen.max(since), since, &activity);
        }
    }
    let known = [
        (0, 100, "available"),
        (100, 160, "on_contact"),
        (160, 170, "wrap_up"),
        (170, 300, "on_contact"),
    ];
    // The dialer's readings were too far apart to tell of the time in between; beside its wrap-up the
    // log has no word for one, and after that the busiest of two that differ wins.
    assert_eq!(told(&floor, 0, 300, 300), expect(&known));
}

#[test]
fn a_source_is_late_only_where_it_has_not_been_heard_since() {
    let mut floor = jane_floor();
    dial(&mut floor, 60, 0, &Activity::OnContact);
    dial(&mut floor, 69, 0, &Activity::OnContact);
    cx(&mut floor, 70, vec![logged(0, Activity::OnContact)], 90);
    for as_of in [75, 81, 87, 93, 99] {
        let (since, activity) =
            if as_of < 90 { (0, Activity::OnContact) } else { (90, UNSPECIFIED) };
        dial(&mut floor, as_of, since, &activity);
    }
    let edge = [(0, 90, "on_contact"), (90, 100, "unspecified")];
    assert_eq!(told(&floor, 0, 100, 100), expect(&edge), "the log describes second 70");
    cx(&mut floor, 95, vec![logged(0, Activity::OnContact)], 100);
    let heard = [(0, 100, "on_contact")];
    assert_eq!(told(&floor, 0, 100, 100), expect(&heard), "now it does contradict");
}

#[test]
fn that_a_late_source_has_caught_up_is_told_to_whoever_reckons_times() {
    let mut floor = jane_floor();
    cx(&mut floor, 70, vec![logged(0, Activity::OnContact)], 90);
    dial(&mut floor, 93, 90, &UNSPECIFIED);
    let seen = vec![says("uuid-1", Activity::OnContact, 0)];
    let changes = floor.apply(reading("cx", 95, Coverage::Part, seen), at(100));
    let from = Change::Past { agent: AgentKey::new("cx".into(), "uuid-1".into()), from: at(70) };
    assert!(changes.contains(&from), "{changes:?}");
}

#[test]
fn cxengages_away_is_outlived_by_a_later_logout_also_when_the_dialer_falls_silent() {
    let mut floor = jane_floor();
    for as_of in (0..=200).step_by(5) {
        let (since, activity) =
            if as_of < 100 { (0, Activity::Available) } else { (100, Activity::Offline) };
        dial(&mut floor, as_of, since, &activity);
    }
    cx(&mut floor, 300, vec![logged(0, Activity::Available), logged(50, UNSPECIFIED)], 310);
    let known = [(0, 100, "available"), (100, 200, "offline"), (200, 310, "unknown")];
    assert_eq!(told(&floor, 0, 310, 310), expect(&known));
    assert_eq!(
        told(&floor, 150, 310, 310),
        expect(&[(150, 200, "offline"), (200, 310, "unknown")])
    );
    assert_eq!(told(&floor, 250, 310, 310), expect(&[(250, 310, "unknown")]), "a short tail too");
    // An absence that began after the logout is another story.
    let later = vec![logged(0, Activity::Available), logged(250, Activity::Away(Reason::Lunch))];
    cx(&mut floor, 300, later, 310);
    assert_eq!(told(&floor, 260, 310, 310), expect(&[(260, 310, "lunch")]));
}

#[test]
fn a_dialers_log_has_no_calls_and_counts_for_who_is_logged_out_only() {
    let mut floor = jane_floor();
    let history = AgentHistory {
        agent: "12345".into(),
        name: None,
        from: at(0),
        until: at(500),
        spells: vec![
            logged(100, Activity::LoggedIn),
            logged(150, Activity::Available),
            logged(300, Activity::Away(Reason::Lunch)),
            logged(400, Activity::Offline),
        ],
        connection: None,
    };
    let body = Body::History { histories: vec![history], incomplete: None };
    floor.apply(Reading { body, ..reading("dialer", 500, WHOLE, vec![]) }, at(500));
    let known = [(0, 400, "unknown"), (400, 500, "offline")];
    assert_eq!(told(&floor, 0, 500, 500), expect(&known));
    // Beside the schedule it says who was there.
    let logged: Vec<_> = fused(&floor, 0, 500, 500).iter().map(|f| f.logged).collect();
    let kinds = [ActivityKind::LoggedIn, ActivityKind::Available, ActivityKind::Away];
    let expected = [None].into_iter().chain(kinds.map(Some)).chain([None]);
    assert_eq!(logged, expected.collect::<Vec<_>>());
}

#[test]
fn where_the_monitor_is_silent_the_log_beside_it_goes_on() {
    let mut floor = jane_floor();
    floor.feeds[0].sides = vec![SideFeed::new(Side::History, TimeDelta::seconds(60))];
    dial(&mut floor, 100, 90, &UNSPECIFIED);
    let history = AgentHistory {
        agent: "12345".into(),
        name: None,
        from: at(0),
        until: at(300),
        spells: vec![logged(90, Activity::Away(Reason::Lunch)), logged(200, Activity::Offline)],
        connection: None,
    };
    let body = Body::History { histories: vec![history], incomplete: None };
    floor.apply(Reading { body, ..reading("dialer", 300, WHOLE, vec![]) }, at(300));
    let known = [(90, 100, "lunch"), (100, 200, "unknown"), (200, 350, "offline")];
    assert_eq!(told(&floor, 90, 350, 350), expect(&known), "watched, then logged in, then not");
    let quiet =
        [(90, 100, "lunch"), (100, 200, "unknown"), (200, 300, "offline"), (300, 900, "unknown")];
    assert_eq!(told(&floor, 90, 900, 900), expect(&quiet), "that one is silent too");
}

#[test]
fn a_wfm_speaks_only_for_whom_no_telephony_system_knows_but_may_give_a_reason() {
    let wfm = |agent: &str| vec![says(agent, Activity::Away(Reason::Lunch), 0)];
    let mut known = jane_floor();
    known.apply(reading("wfm", 100, Coverage::Part, wfm("EMP001")), at(100));
    assert_eq!(told(&known, 0, 100, 100), expect(&[(0, 100, "unknown")]));
    for as_of in [60, 65, 70] {
        dial(&mut known, as_of, 60, &UNSPECIFIED);
    }
    assert_eq!(told(&known, 50, 70, 70), expect(&[(50, 60, "unknown"), (60, 70, "lunch")]));
    let mut alone = floor();
    alone.apply(reading("wfm", 100, Coverage::Part, wfm("7")), at(100));
    let person = alone.person(&"wfm:7".into()).unwrap();
    let past = alone.fused(person, at(0), at(100), at(100));
    assert_eq!((past.len(), past[0].activity.clone()), (1, Activity::Away(Reason::Lunch)));
}

#[test]
fn where_somebody_sat_cuts_the_time() {
    let mut floor = jane_floor();
    let seat =
        |queue: &str| Observation { agent: "12345".into(), ..sits("", Activity::Available, queue) };
    for as_of in [3, 6, 9] {
        let queue = if as_of < 9 { "222" } else { "333" };
        floor.apply(reading("dialer", as_of, WHOLE, vec![seat(queue)]), at(as_of));
    }
    let all = fused(&floor, 0, 12, 12);
    let places: Vec<_> = all
        .iter()
        .map(|f| {
            (
                (f.until - f.since).num_seconds(),
                f.place.as_ref().map(|keys| keys[0].queue_id.clone()),
            )
        })
        .collect();
    let (first, second) = (Some("222".to_owned()), Some("333".to_owned()));
    assert_eq!(places, [(3, None), (6, first), (3, second)]);
    assert!(all.iter().all(|f| f.activity == Activity::Available));
}

#[test]
fn a_night_shift_is_cut_where_the_day_begins_and_keeps_its_true_beginning_for_the_rules() {
    let mut floor = jane_floor();
    let day = (floor.day_start(at(0)) - at(0)).num_seconds();
    // Away since yesterday evening by the log; logged out since shortly after that.
    dial(&mut floor, day + 100, day - 7_000, &Activity::Offline);
    let away = vec![logged(day - 7_200, UNSPECIFIED)];
    cx(&mut floor, day + 90, away, day + 100);
    assert_eq!(told(&floor, day, day + 100, day + 100), expect(&[(day, day + 100, "offline")]));
}

#[test]
fn what_growth_tells_of_the_time_between_two_readings_is_part_of_the_past() {
    let mut floor = floor();
    floor.feeds.push(Feed::new("sip".into(), SourceKind::SipIo, TimeDelta::seconds(15)));
    let part = |since: i64, until: i64, activity: Activity| Spell {
        until: Some(at(until)),
        ..logged(since, activity)
    };
    let seen = says("9", Activity::Available, 0);
    floor.apply(reading("sip", 15, WHOLE, vec![seen]), at(15));
    let earlier = vec![part(15, 20, Activity::Available), part(20, 27, Activity::OnContact)];
    let seen = Observation { earlier, ..says("9", Activity::WrapUp, 27) };
    floor.apply(reading("sip", 30, WHOLE, vec![seen]), at(30));
    let person = floor.person(&"sip:9".into()).unwrap();
    let past = floor.fused(person, at(0), at(30), at(30));
    let spent: Vec<_> =
        past.iter().map(|f| ((f.until - f.since).num_seconds(), f.activity.word())).collect();
    assert_eq!(spent, [(20, "available"), (7, "on_contact"), (3, "wrap_up")]);
}

#[test]
fn a_call_that_sums_put_somewhere_is_where_another_system_saw_it() {
    let mut floor = jane_floor();
    floor.feeds.push(Feed::new("sip".into(), SourceKind::SipIo, TimeDelta::seconds(15)));
    let jane = floor.person(&"jane".into()).unwrap().clone();
    let ids = jane.ids.into_iter().chain([("sip".into(), "9".into())]).collect();
    let jane = RosterPerson {
        id: "jane".into(),
        name: jane.name,
        team: None,
        email: None,
        timezone: None,
        ids,
    };
    floor.people = People::of(Roster::new(vec![jane]), Vec::new());
    let part = |since: i64, until: i64, activity: Activity| Spell {
        until: Some(at(until)),
        doubt: Some(Doubt::Order),
        ..logged(since, activity)
    };
    let sip = |floor: &mut Floor, as_of: i64, seen: Observation| {
        floor.apply(reading("sip", as_of, Coverage::Part, vec![seen]), at(as_of));
    };
    sip(&mut floor, 15, says("9", Activity::Available, 0));
    dial(&mut floor, 21, 0, &Activity::Available);
    dial(&mut floor, 24, 22, &Activity::OnContact);
    dial(&mut floor, 30, 29, &Activity::WrapUp);
    let earlier = vec![part(15, 21, Activity::OnContact), part(21, 28, Activity::Available)];
    sip(&mut floor, 30, Observation { earlier, ..says("9", Activity::WrapUp, 28) });
    let seen = [(0, 22, "available"), (22, 28, "on_contact"), (28, 30, "wrap_up")];
    assert_eq!(told(&floor, 0, 30, 30), expect(&seen));
}

#[test]
fn one_change_that_two_systems_tell_at_two_instants_makes_no_call_longer() {
    let mut floor = jane_floor();
    dial(&mut floor, 30, 0, &Activity::Available);
    dial(&mut floor, 33, 32, &Activity::OnContact);
    dial(&mut floor, 60, 32, &Activity::OnContact);
    dial(&mut floor, 63, 62, &Activity::Available);
    dial(&mut floor, 90, 62, &Activity::Available);
    let record = |since, activity| logged(since, activity);
    let spells = vec![
        record(0, Activity::Available),
        record(30, Activity::OnContact),
        record(59, Activity::Available),
    ];
    cx(&mut floor, 90, spells, 90);
    // The busier word each time would make 32 s of it.
    let seen = [(0, 32, "available"), (32, 62, "on_contact"), (62, 90, "available")];
    assert_eq!(told(&floor, 0, 90, 90), expect(&seen));
    let longer = vec![record(0, Activity::Available), record(20, Activity::OnContact)];
    cx(&mut floor, 90, longer, 90);
    let seen = [(0, 20, "available"), (20, 90, "on_contact")];
    assert_eq!(told(&floor, 0, 90, 90), expect(&seen), "that is no moment any more");
}

mod any;

//! What tells the past otherwise, one cause at a time.

use super::*;

/// A list of one source, so many seconds old, with one agent in it.
fn one(source: usize, age: i64, agent: usize, state: State) -> Event {
    let mut states = vec![None; agent];
    states.push(Some(state));
    Event::List { source, age, states, is_whole: false }
}

fn log(source: usize, agent: usize, back: i64, spells: &[(i64, usize)]) -> Event {
    Event::Log { source, agent, back, spells: spells.to_vec(), is_all: true }
}

/// The scene after `events`; after each of them the ledger is what is reckoned from scratch.
fn played(events: &[Event]) -> Scene {
    let mut scene = Scene::new();
    for event in events {
        scene.play(event);
        scene.agrees().unwrap();
        scene.is_one_past().unwrap();
    }
    scene
}

fn seconds(scene: &Scene, person: &str, kind: ActivityKind) -> i64 {
    let found = scene.ledger.person(&scene.floor, &person.into(), scene.now).unwrap();
    found.times.of(kind).num_seconds()
}

#[test]
fn beside_a_reading_of_one_instant_the_log_tells_of_the_time_before_and_after() {
    let scene = played(&[
        log(0, 1, 22, &[(1, 5)]),
        one(0, 6, 1, (0, Some(1), 0)),
        Event::Wait(6),
        one(0, 0, 1, (1, None, 0)),
        Event::Wait(11),
    ]);
    assert_eq!(seconds(&scene, "dialer:1", ActivityKind::Offline), 18);
}

#[test]
fn what_went_on_by_a_restored_log_goes_on_once_the_log_is_read_again() {
    let (call, nobody) = (log(1, 1, 3, &[(1, 1)]), log(1, 2, 0, &[]));
    let scene = played(&[call, Event::Restart, Event::Wait(1), Event::Restore, nobody]);
    assert_eq!(seconds(&scene, "p1", ActivityKind::OnContact), 2);
    // Beside a monitor that speaks all the while.
    let (gone, nobody) = (log(0, 0, 25, &[(1, 5)]), log(0, 0, 0, &[]));
    let listed = list(0, &[]);
    let events = [gone, Event::Wait(61), Event::Restart, Event::Restore, listed, nobody];
    assert_eq!(seconds(&played(&events), "p0", ActivityKind::Offline), 62);
}

#[test]
fn a_short_silence_between_two_runs_is_told_at_the_first_reading_already() {
    let ready = |age, since| one(3, age, 0, (0, since, 0));
    let before = [ready(12, Some(1)), Event::Restart, ready(0, None), Event::Restore];
    let scene = played(&before);
    assert_eq!(seconds(&scene, "wfm:0", ActivityKind::Available), 13);
    played(&[&before[..], &[Event::Wait(1)]].concat());
}

#[test]
fn what_ended_at_this_very_instant_does_not_go_on() {
    let ready = one(0, 0, 0, (0, Some(1), 0));
    let scene = played(&[ready, Event::Restart, Event::Restore, Event::Wait(1)]);
    assert_eq!(seconds(&scene, "p0", ActivityKind::Available), 1);
    let whole = Event::List { source: 0, age: 0, states: Vec::new(), is_whole: true };
    played(&[one(0, 1, 5, (0, None, 1)), whole, Event::Wait(1)]);
}

#[test]
fn a_word_is_no_longer_late_also_beside_somebodys_log_alone() {
    let own_call = |age| one(2, age, 6, (7, None, 1));
    let fails = Event::Fail { source: 1 };
    let scene =
        played(&[own_call(8), log(1, 6, 7, &[(6, 2)]), fails, Event::Wait(11), own_call(0)]);
    assert_eq!(seconds(&scene, "p6", ActivityKind::WrapUp), 0);
    assert_eq!(seconds(&scene, "p6", ActivityKind::OnContact), 19);
}

#[test]
fn of_two_accounts_that_begin_together_the_same_one_holds_while_one_goes_on() {
    let (call, ready) = (one(3, 0, 0, (1, Some(1), 0)), one(3, 1, 0, (0, None, 0)));
    played(&[call, Event::Restart, ready, Event::Restore, Event::Wait(1)]);
}

#[test]
fn what_the_log_says_after_the_last_reading_is_told_as_soon_as_it_says_it() {
    let (call, ready) = (log(0, 4, 12, &[(1, 1)]), one(0, 1, 4, (0, Some(1), 0)));
    let read = log(0, 0, 0, &[]);
    played(&[call, ready, Event::Restart, Event::Restore, Event::Wait(20), read]);
}

#[test]
fn where_an_earlier_run_saw_somebody_last_is_known_to_have_lasted_once_this_run_sees_them_somewhere()
 {
    let sits = |age, activity, queue| one(0, age, 1, (activity, None, queue));
    let listed = Event::List { source: 0, age: 10, states: Vec::new(), is_whole: false };
    let before = [sits(11, 0, 1), listed, Event::Restart, sits(6, 8, 0), Event::Restore];
    let scene = played(&[&before[..], &[sits(0, 8, 1)]].concat());
    let found = scene.ledger.queue(&key("1"), scene.now).unwrap();
    assert_eq!(found.times.all(), TimeDelta::seconds(11));
}

#[test]
fn what_a_log_tells_by_a_clock_that_is_ahead_is_told_once_time_has_come_there() {
    let ahead = log(1, 6, 34, &[(0, 0), (-3, 0)]);
    let scene = played(&[ahead, Event::Wait(1), Event::Wait(3)]);
    assert_eq!(seconds(&scene, "p6", ActivityKind::Available), 3);
}

#[test]
fn how_one_account_knew_a_spell_says_nothing_of_the_time_that_another_tells() {
    let own_call = |age, since, queue| one(2, age, 3, (7, since, queue));
    let before = [own_call(9, Some(4), 0), own_call(0, None, 2), Event::Restart, Event::Restore];
    played(&[&before[..], &[own_call(0, Some(10), 2)]].concat());
}

#[test]
fn what_went_on_by_a_log_of_which_an_earlier_run_had_not_read_all_goes_on_from_its_beginning() {
    let part = |agent, back, spells: &[(i64, usize)]| {
        let spells = spells.to_vec();
        Event::Log { source: 0, agent, back, spells, is_all: false }
    };
    let (gone, nobody) = (part(2, 16, &[(8, 5)]), part(0, 0, &[]));
    let scene = played(&[gone, Event::Restart, Event::Restore, nobody]);
    assert_eq!(seconds(&scene, "p2", ActivityKind::Offline), 8);
}

#[test]
fn where_somebody_sat_until_this_very_instant_by_what_came_back_they_do_not_sit_on() {
    let gone = Event::List { source: 0, age: 0, states: Vec::new(), is_whole: true };
    let sat = one(0, 1, 0, (0, None, 1));
    let scene = played(&[sat, gone, Event::Restart, Event::Restore, Event::Wait(1)]);
    let found = scene.ledger.queue(&key("1"), scene.now).unwrap();
    assert_eq!(found.times.all(), TimeDelta::seconds(1));
}

#[test]
fn beside_time_that_one_run_leaves_open_anothers_word_goes_on_from_where_its_own_ended() {
    let left_open = one(2, 0, 4, (8, Some(1), 2));
    played(&[
        one(2, 8, 4, (5, None, 0)),
        Event::Wait(13),
        list(2, &[]),
        Event::Restart,
        Event::Restore,
        left_open,
        one(0, 2, 4, (0, None, 0)),
    ]);
    // And where the earlier one left it open.
    played(&[
        one(2, 7, 4, (8, Some(1), 0)),
        one(2, 0, 4, (8, None, 2)),
        Event::Restart,
        one(2, 0, 4, (2, Some(11), 0)),
        Event::Restore,
        one(0, 5, 4, (1, None, 0)),
    ]);
}

#[test]
fn a_silence_after_an_earlier_run_is_none_no_more_where_somebody_left_at_its_end() {
    let seen = |age, since| one(3, age, 2, (0, since, 0));
    let gone = |age| Event::List { source: 3, age, states: Vec::new(), is_whole: true };
    let first = [seen(3, Some(1)), Event::Wait(19), Event::Restart];
    let second = [seen(5, None), seen(0, None), Event::Restart];
    let third = [seen(7, None), Event::Restore, gone(5), gone(0)];
    played(&[&first[..], &second[..], &third[..]].concat());
    // Nor where what was seen at one instant alone is none of the next.
    let first = [seen(0, Some(1)), Event::Restart, Event::Wait(15), Event::Restore];
    let second = [seen(5, None), Event::Wait(49), seen(0, None)];
    played(&[&first[..], &second[..]].concat());
}

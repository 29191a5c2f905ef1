use proptest::prelude::*;

use super::*;
use crate::model::Reason;

mod kept;
mod restored;

const DAY: i64 = 1_000;
const PATIENCE: TimeDelta = TimeDelta::seconds(10);

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

fn spell(since: i64, until: Option<i64>, activity: Activity) -> Spell {
    let raw = RawWord::from(activity.word());
    let until = until.map(at);
    Spell { since: at(since), until, activity, evidence: Evidence::Observed, raw, doubt: None }
}

/// The log of `events`, read from `from` until `until`.
fn log(from: i64, until: i64, events: &[(i64, Activity)]) -> Timeline {
    let mut timeline = Timeline::default();
    let spells = events.iter().map(|(since, activity)| spell(*since, None, activity.clone()));
    timeline.record(at(from), at(until), spells.collect());
    timeline
}

fn watch(timeline: &mut Timeline, as_of: i64, since: Option<i64>, activity: &Activity) -> Told {
    let seen = Seen {
        since: since.map(at),
        as_of: at(as_of),
        activity,
        evidence: Evidence::Observed,
        raw: activity.word(),
        earlier: &[],
    };
    timeline.watch(seen, PATIENCE)
}

/// What a journal gives back of everything kept: what begins with another replaces it, and what goes on
/// ends at the last reading.
fn read_back(told: impl Iterator<Item = Told>, read_until: i64) -> Vec<Spell> {
    let mut rows = std::collections::BTreeMap::new();
    for kept in told.flat_map(|told| told.kept) {
        match kept {
            Kept::Put(spell) => rows.insert(spell.since, spell),
            Kept::Gone(since) => rows.remove(&since),
        };
    }
    let end = at(read_until);
    let ended = |s: Spell| Spell { until: s.until.or(Some(end)), ..s };
    rows.into_values().map(ended).collect()
}

/// The spells of the whole window in seconds, by word or reason.
fn told(timeline: &Timeline) -> Vec<(i64, i64, String)> {
    told_between(timeline, 0, DAY)
}

fn told_between(timeline: &Timeline, from: i64, to: i64) -> Vec<(i64, i64, String)> {
    let seconds = |instant: DateTime<Utc>| (instant - at(0)).num_seconds();
    let spells = timeline.past(None).spells(at(from), at(to));
    let what =
        |activity: &Activity| activity.reason().map_or(activity.word(), Reason::word).to_owned();
    spells
        .iter()
        .map(|s| (seconds(s.since), seconds(s.until.unwrap()), what(&s.activity)))
        .collect()
}

fn expect(spells: &[(i64, i64, &str)]) -> Vec<(i64, i64, String)> {
    spells.iter().map(|(since, until, what)| (*since, *until, (*what).to_owned())).collect()
}

const BREAK: Activity = Activity::Away(Reason::Break);
const PAUSED: Activity = Activity::Away(Reason::Unspecified);

#[test]
fn what_goes_on_by_the_log_goes_on_as_far_as_the_log_has_been_read() {
    let timeline = log(0, 300, &[(100, Activity::LoggedIn), (200, Activity::Available)]);
    assert_eq!(told(&timeline), expect(&[(100, 200, "logged_in"), (200, 300, "available")]));
    let further = timeline.past(Some(at(450))).spells(at(0), at(DAY));
    assert_eq!(further.last().unwrap().until, Some(at(450)), "and nothing new of this agent");
    let nothing_read = timeline.past(Some(at(10))).spells(at(0), at(DAY));
    assert_eq!(nothing_read.last().unwrap().until, Some(at(300)));
}

#[test]
fn of_the_events_of_one_instant_the_last_one_is_what_held() {
    let events = [(5, Activity::LoggedIn), (5, Activity::Available), (9, Activity::Offline)];
    let timeline = log(0, 20, &events);
    assert_eq!(told(&timeline), expect(&[(5, 9, "available"), (9, 20, "offline")]));
}

#[test]
fn what_is_read_again_replaces_what_was_read_there_and_nothing_else() {
    let mut timeline = log(0, 300, &[(100, Activity::Available), (200, BREAK)]);
    timeline.record(at(150), at(260), vec![spell(150, None, Activity::Away(Reason::Lunch))]);
    assert_eq!(told(&timeline), expect(&[(100, 150, "available"), (150, 300, "lunch")]));
}

#[test]
fn an_event_ahead_of_its_window_is_not_lost_and_not_doubled() {
    let ahead = [(100, Activity::Available), (200, BREAK)];
    let mut timeline = log(0, 200, &ahead);
    let again = ahead.map(|(since, activity)| spell(since, None, activity));
    timeline.record(at(0), at(200), again.into());
    assert_eq!(timeline.recorded.len(), 2, "told again");
    timeline.record(at(200), at(260), vec![spell(200, None, BREAK)]);
    assert_eq!(told(&timeline), expect(&[(100, 200, "available"), (200, 260, "break")]));
}

#[test]
fn a_window_that_begins_in_the_middle_of_a_spell_has_the_rest_of_it() {
    let timeline = log(0, 900, &[(100, Activity::Available), (500, BREAK)]);
    assert_eq!(
        told_between(&timeline, 300, 600),
        expect(&[(300, 500, "available"), (500, 600, "break")])
    );
    assert_eq!(told_between(&timeline, 950, 999), []);
}

#[test]
fn readings_of_one_state_are_one_spell_and_a_long_silence_is_a_gap() {
    let mut timeline = Timeline::default();
    for as_of in [3, 6, 9] {
        watch(&mut timeline, as_of, Some(1), &Activity::Available);
    }
    watch(&mut timeline, 60, Some(55), &BREAK);
    watch(&mut timeline, 63, Some(56), &BREAK);
    assert_eq!(told(&timeline), expect(&[(1, 9, "available"), (55, 63, "break")]));
    assert_eq!(timeline.watched.len(), 2);
}

#[test]
fn a_state_that_says_it_began_before_a_silence_leaves_no_gap() {
    let mut timeline = Timeline::default();
    watch(&mut timeline, 3, Some(1), &Activity::Available);
    watch(&mut timeline, 500, Some(2), &Activity::Available);
    assert_eq!(told(&timeline), expect(&[(1, 500, "available")]));
}

#[test]
fn a_source_that_never_says_since_when_has_one_spell_as_long_as_it_says_the_same() {
    let mut timeline = Timeline::default();
    for as_of in [0, 5, 10, 15] {
        watch(&mut timeline, as_of, None, &Activity::Available);
    }
    watch(&mut timeline, 20, None, &BREAK);
    watch(&mut timeline, 100, None, &BREAK);
    watch(&mut timeline, 105, None, &BREAK);
    let known = [(0, 20, "available"), (100, 105, "break")];
    assert_eq!(told(&timeline), expect(&known), "the break's beginning lies in the silence");
}

#[test]
fn the_same_state_entered_again_is_another_spell() {
    let mut timeline = Timeline::default();
    watch(&mut timeline, 10, Some(0), &Activity::OnContact);
    watch(&mut timeline, 20, Some(15), &Activity::OnContact);
    assert_eq!(told(&timeline), expect(&[(0, 15, "on_contact"), (15, 20, "on_contact")]));
}

#[test]
fn a_clock_set_back_takes_back_what_was_shown_later() {
    let mut timeline = Timeline::default();
    watch(&mut timeline, 10, Some(0), &Activity::Available);
    watch(&mut timeline, 800, Some(790), &BREAK);
    watch(&mut timeline, 14, Some(12), &Activity::OnContact);
    assert_eq!(told(&timeline), expect(&[(0, 12, "available"), (12, 14, "on_contact")]));
}

#[test]
fn where_both_cover_an_instant_the_readings_win() {
    let mut timeline = log(0, 600, &[(0, Activity::Available), (500, Activity::Offline)]);
    for as_of in [203, 206, 210] {
        watch(&mut timeline, as_of, Some(200), &Activity::OnContact);
    }
    let known = [
        (0, 200, "available"),
        (200, 210, "on_contact"),
        (210, 500, "available"),
        (500, 600, "offline"),
    ];
    assert_eq!(told(&timeline), expect(&known));
}

#[test]
fn a_log_read_a_moment_after_the_monitor_does_not_end_what_goes_on() {
    let mut timeline = log(0, 500, &[(100, Activity::Available)]);
    for as_of in (200..=495).step_by(5) {
        watch(&mut timeline, as_of, Some(200), &Activity::OnContact);
    }
    let on_contact = [(100, 200, "available"), (200, 495, "on_contact")];
    assert_eq!(told(&timeline), expect(&on_contact));
    // A monitor that has fallen silent leaves the word to its log.
    let further = timeline.past(Some(at(600))).spells(at(0), at(DAY));
    assert_eq!(further.last().map(|s| (s.since, s.until)), Some((at(495), Some(at(600)))));
}

#[test]
fn a_pause_watched_without_a_reason_has_the_one_that_the_log_gives_for_it() {
    let pause = |timeline: &mut Timeline| {
        for as_of in 0..=10 {
            watch(timeline, 100 + 10 * as_of, Some(100), &PAUSED);
        }
    };
    // The log's event of the pause's beginning, and what the whole pause is told to be.
    let cases = [
        (vec![(102, BREAK)], vec![(100, 200, "break")]),
        (vec![(92, BREAK)], vec![(92, 100, "break"), (100, 200, "break")]),
        (vec![(60, BREAK)], vec![(60, 100, "break"), (100, 200, "unspecified")]),
        (vec![(101, BREAK), (195, Activity::Available)], vec![(100, 200, "break")]),
        (
            vec![(150, BREAK), (170, Activity::Away(Reason::Lunch))],
            vec![(100, 150, "unspecified"), (150, 170, "break"), (170, 200, "lunch")],
        ),
        (vec![(100, PAUSED)], vec![(100, 200, "unspecified")]),
    ];
    for (events, known) in cases {
        let read_until = events.iter().map(|(since, _)| since + 1).max().unwrap().max(160);
        let mut timeline = log(0, read_until, &events);
        pause(&mut timeline);
        assert_eq!(told_between(&timeline, 0, 200), expect(&known), "{events:?}");
    }
}

#[test]
fn an_agent_who_goes_to_and_fro_for_days_takes_no_more_room_than_one_day_of_it() {
    let mut timeline = Timeline::default();
    for minute in 0..3 * 24 * 60 {
        let activity = if minute % 2 == 0 { Activity::OnContact } else { Activity::Available };
        watch(&mut timeline, minute * 60 + 5, Some(minute * 60), &activity);
    }
    assert!(timeline.watched.len() <= 26 * 60 + 2, "{}", timeline.watched.len());
    let words: std::collections::HashSet<_> =
        timeline.watched.iter().map(|spell| spell.raw.as_str().as_ptr()).collect();
    assert_eq!(words.len(), 2, "each word is kept once");
}

#[test]
fn what_is_two_days_old_is_forgotten() {
    let mut timeline = log(0, 100, &[(0, Activity::LoggedIn), (50, Activity::Available)]);
    watch(&mut timeline, 10, Some(0), &Activity::Available);
    let later = KEPT.num_seconds() + 60;
    watch(&mut timeline, later, Some(later - 1), &BREAK);
    assert_eq!(timeline.watched.len(), 1);
    timeline.trim(at(later));
    assert_eq!(timeline.recorded.len(), 1, "the last one may still go on");
}

fn activity() -> impl Strategy<Value = Activity> {
    prop_oneof![
        Just(Activity::Offline),
        Just(Activity::LoggedIn),
        Just(Activity::Available),
        Just(Activity::OnContact),
        Just(PAUSED),
        Just(BREAK),
    ]
}

fn events() -> impl Strategy<Value = Vec<(i64, Activity)>> {
    prop::collection::vec((0..DAY, activity()), 0..30).prop_map(|mut events| {
        events.sort_by_key(|(since, _)| *since);
        events
    })
}

/// Readings in order: after how long, since when before that, what.
fn readings() -> impl Strategy<Value = Vec<(i64, Option<i64>, Activity)>> {
    prop::collection::vec((0i64..40, prop::option::of(0i64..60), activity()), 0..40).prop_map(
        |steps| {
            let mut now = 0;
            let reading = |(after, before, activity): (i64, Option<i64>, Activity)| {
                now += after;
                (now, before.map(|before| now - before), activity)
            };
            steps.into_iter().map(reading).collect()
        },
    )
}

/// A proper sequence: in order, each with an end, none over another, all within the window.
fn is_proper(spells: &[Spell], from: i64, to: i64) -> bool {
    let mut free = at(from);
    spells.iter().all(|spell| {
        let Some(until) = spell.until else { return false };
        let fits = free <= spell.since && spell.since < until && until <= at(to);
        free = until;
        fits
    })
}

proptest! {
    #[test]
    fn the_pieces_of_a_log_give_one_timeline_whatever_their_order(
        events in events(),
        cuts in prop::collection::btree_set(1..DAY, 0..6),
        order in Just(()).prop_perturb(|(), mut rng| rng.random::<u64>()),
        again in prop::collection::vec(0usize..7, 0..4),
    ) {
        let whole = log(0, DAY, &events);
        let bounds: Vec<i64> = [0].into_iter().chain(cuts).chain([DAY]).collect();
        let mut pieces: Vec<(i64, i64)> = bounds.windows(2).map(|pair| (pair[0], pair[1])).collect();
        for index in again {
            pieces.extend(pieces.get(index).copied());
        }
        pieces.sort_by_key(|(from, until)| {
            u64::try_from(from * 31 + until).unwrap().wrapping_mul(order | 1)
        });
        let mut pieced = Timeline::default();
        for (from, until) in pieces {
            let within = events.iter().filter(|(since, _)| (from..until).contains(since));
            let spells = within.map(|(since, activity)| spell(*since, None, activity.clone()));
            pieced.record(at(from), at(until), spells.collect());
        }
        prop_assert_eq!(pieced, whole);
    }

    #[test]
    fn spells_are_in_order_apart_bounded_and_within_the_window(
        events in events(),
        readings in readings(),
        read_until in 0..DAY,
        from in -50..DAY,
        length in 1..DAY,
    ) {
        let mut timeline = log(0, read_until, &events);
        for (as_of, since, activity) in &readings {
            watch(&mut timeline, *as_of, *since, activity);
        }
        let spells = timeline.past(None).spells(at(from), at(from + length));
        prop_assert!(is_proper(&spells, from, from + length), "{spells:?}");
        let logged = timeline.past(None).recorded(at(from), at(from + length));
        prop_assert!(is_proper(&logged, from, from + length), "{logged:?}");
    }

    #[test]
    fn what_was_watched_is_never_longer_than_the_window(readings in readings()) {
        let mut timeline = Timeline::default();
        for (as_of, since, activity) in &readings {
            watch(&mut timeline, *as_of, *since, activity);
        }
        prop_assert!(timeline.watched.len() <= readings.len());
        let spells = timeline.past(None).spells(at(-100), at(2 * DAY));
        let total: TimeDelta = spells.iter().map(|s| s.until.unwrap() - s.since).sum();
        let first = readings.iter().map(|(as_of, since, _)| since.unwrap_or(*as_of)).min();
        let last = readings.last().map(|(as_of, ..)| *as_of);
        let window = last.zip(first).map_or(0, |(last, first)| last - first);
        prop_assert!(total <= TimeDelta::seconds(window), "{spells:?}");
    }
}

#[test]
fn it_is_known_which_layer_tells_of_an_instant() {
    let mut timeline = log(0, 60, &[(0, Activity::Available)]);
    watch(&mut timeline, 50, Some(40), &Activity::OnContact);
    let watched = |seconds| timeline.past(None).is_watched(at(seconds));
    assert!(!watched(39), "only the log tells");
    assert!(watched(40) && watched(49));
    assert!(!watched(50), "the reading ends here");
    assert!(!Timeline::default().past(None).is_watched(at(0)));
}

#[test]
fn what_a_log_says_of_the_time_before_a_logout_that_only_the_readings_saw_is_over_with_it() {
    let mut timeline = log(0, 60, &[(0, Activity::Available)]);
    watch(&mut timeline, 18, Some(15), &Activity::OnContact);
    watch(&mut timeline, 22, Some(20), &Activity::Offline);
    watch(&mut timeline, 30, Some(20), &Activity::Offline);
    let last = told(&timeline).pop().unwrap();
    assert_eq!(last, (20, 30, "offline".to_owned()), "nobody knows what came after");
    // Who comes back is in it again.
    timeline.record(at(60), at(80), vec![spell(65, None, Activity::LoggedIn)]);
    assert_eq!(told(&timeline).pop().unwrap(), (65, 80, "logged_in".to_owned()));
}

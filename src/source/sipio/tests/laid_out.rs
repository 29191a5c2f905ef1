//! From counters to the past between two readings, without a server.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::growth::{at, spent};
use crate::http::scripted::three;
use crate::model::{Activity, Bucket, Spell};
use crate::source::sipio::buckets::name;
use crate::source::sipio::counters::{Finding, Spent, Track};
use crate::source::sipio::growth::Piece;
use crate::source::sipio::state::State;

/// A reading: when, in seconds, and its counters.
type Read<'a> = (i64, &'a [(&'a str, i64)]);

/// One reading's conclusions: what is laid out, and the state where it is known.
type Step = (Vec<Piece>, Option<State>);

fn steps(readings: impl IntoIterator<Item = (DateTime<Utc>, Spent)>) -> Vec<Step> {
    let mut readings = readings.into_iter();
    let (first, counters) = readings.next().unwrap();
    let (mut track, _) = Track::first(counters, first);
    track.lay_out(None);
    let step = |(at, counters)| {
        let (next, finding) = track.next(counters, at);
        track = next;
        let state = match finding {
            Finding::In(state) => Some(state),
            Finding::Open(_) => None,
        };
        (track.lay_out(state.as_ref()), state)
    };
    readings.map(step).collect()
}

/// What each reading after the first lays out, in seconds, and its state, with its beginning.
fn laid_out(readings: &[Read<'_>]) -> Vec<String> {
    let seconds = |at: DateTime<Utc>| (at - three()).num_seconds();
    let piece = |piece: &Piece| {
        let word = piece.bucket.as_ref().map_or("nobody knows", name);
        format!("{word} {}-{}", seconds(piece.since), seconds(piece.until))
    };
    steps(readings.iter().map(|(when, counters)| (at(*when), spent(counters))))
        .iter()
        .map(|(pieces, state)| {
            let state = state.as_ref().map_or("open".to_owned(), |state| {
                format!("{} {}", name(&state.bucket), seconds(state.since.unwrap()))
            });
            let told = pieces.iter().map(piece).chain([state]);
            told.collect::<Vec<_>>().join(", ")
        })
        .collect()
}

#[test]
fn a_state_that_goes_on_leaves_nothing_to_lay_out() {
    let readings: [Read<'_>; 3] =
        [(0, &[("ready", 0)]), (3, &[("ready", 3)]), (18, &[("ready", 18)])];
    assert_eq!(laid_out(&readings), ["ready 0", "ready 0"]);
}

#[test]
fn who_goes_over_to_another_state_leaves_the_rest_of_the_first() {
    let readings: [Read<'_>; 3] =
        [(0, &[("ready", 9)]), (15, &[("ready", 24)]), (30, &[("ready", 29), ("incall", 10)])];
    assert_eq!(laid_out(&readings), ["ready 0", "ready 15-20, incall 20"]);
}

#[test]
fn who_went_and_came_back_was_there_for_as_long_as_the_counters_say() {
    let readings: [Read<'_>; 4] = [
        (0, &[("ready", 0)]),
        (15, &[("ready", 15)]),
        (30, &[("ready", 22), ("ring", 8)]),
        (45, &[("ready", 37), ("ring", 8)]),
    ];
    assert_eq!(laid_out(&readings), ["ready 0", "ready 15-22, ring 22", "ready 30"]);
}

#[test]
fn three_states_within_one_poll_are_laid_out_in_the_order_of_work() {
    let readings: [Read<'_>; 4] = [
        (0, &[("wrapup", 0)]),
        (15, &[("wrapup", 15)]),
        (30, &[("wrapup", 18), ("incall", 4), ("ring", 3), ("ready", 5)]),
        (45, &[("wrapup", 18), ("incall", 19), ("ring", 3), ("ready", 5)]),
    ];
    let expected =
        ["wrapup 0", "wrapup 15-18, ready 18-23, ring 23-26, incall 26-30, open", "incall 26"];
    assert_eq!(laid_out(&readings), expected, "it was the last one, and goes on");
    let other = [
        readings[0],
        readings[1],
        readings[2],
        (45, &[("wrapup", 18), ("incall", 4), ("ring", 3), ("ready", 20)]),
    ];
    assert_eq!(laid_out(&other)[2], "ready 30", "what was laid out stays");
}

#[test]
fn after_a_call_comes_its_wrap_up_and_then_the_next_one() {
    let readings: [Read<'_>; 3] = [
        (0, &[("incall", 0)]),
        (15, &[("incall", 15)]),
        (30, &[("incall", 18), ("wrapup", 6), ("ready", 4), ("ring", 2)]),
    ];
    let expected = "incall 15-18, wrapup 18-24, ready 24-28, ring 28-30, open";
    assert_eq!(laid_out(&readings)[1], expected);
}

#[test]
fn what_came_last_comes_first_the_next_time() {
    let readings: [Read<'_>; 3] =
        [(0, &[]), (15, &[("ready", 5), ("incall", 10)]), (30, &[("ready", 11), ("incall", 19)])];
    assert_eq!(
        laid_out(&readings),
        ["ready 0-5, incall 5-15, open", "incall 15-24, ready 24-30, open"]
    );
}

#[test]
fn counters_that_stand_still_are_time_that_nobody_knows() {
    let still: [Read<'_>; 3] =
        [(0, &[("ready", 5)]), (15, &[("ready", 20)]), (30, &[("ready", 20)])];
    assert_eq!(laid_out(&still)[1], "nobody knows 15-30, open");
    let stood = [still[0], still[1], still[2], (45, &[("ready", 20), ("paused", 15)])];
    assert_eq!(laid_out(&stood)[2], "paused 30");
    let kept = [still[0], still[1], still[2], (45, &[("ready", 40), ("paused", 10)])];
    assert_eq!(laid_out(&kept)[2], "ready 15-35, paused 35", "an answer was kept on its way");
}

#[test]
fn what_no_counter_accounts_for_is_a_gap() {
    let begun: [Read<'_>; 2] = [(0, &[]), (15, &[("idle", 4)])];
    assert_eq!(laid_out(&begun), ["nobody knows 0-11, idle 11"]);
    let less: [Read<'_>; 2] =
        [(0, &[("ready", 5)]), (60, &[("ready", 15), ("ring", 5), ("incall", 5)])];
    assert_eq!(laid_out(&less), ["nobody knows 0-40, ready 40-50, ring 50-55, incall 55-60, open"]);
    let more: [Read<'_>; 2] = [(0, &[("ready", 5)]), (15, &[("ready", 25), ("incall", 15)])];
    assert_eq!(laid_out(&more), ["nobody knows 0-15, open"], "more than the time that passed");
}

#[test]
fn nothing_is_laid_out_of_counters_that_cannot_be_compared() {
    let recomputed: [Read<'_>; 2] =
        [(0, &[("ready", 100)]), (15, &[("ready", 90), ("paused", 25)])];
    assert_eq!(laid_out(&recomputed), ["open"]);
    let set: [Read<'_>; 2] = [(0, &[("ready", 100)]), (-60, &[("ready", 115)])];
    assert_eq!(laid_out(&set), ["open"]);
}

#[test]
fn the_jitter_of_answers_is_no_gap_and_no_overlap() {
    let ms = TimeDelta::milliseconds;
    let counted = |ready: i64, ring: i64, incall: i64| -> Spent {
        [(Bucket::Available, ready), (Bucket::Ringing, ring), (Bucket::OnContact, incall)]
            .map(|(bucket, spent)| (bucket, ms(spent)))
            .into()
    };
    for late in [-900, -20, 0, 20, 900] {
        let readings = [
            (at(0), counted(0, 0, 0)),
            (at(15), counted(15_000, 0, 0)),
            (at(30) + ms(late), counted(17_000, 4_000, 9_000)),
        ];
        let (pieces, state) = steps(readings).remove(1);
        assert_eq!(state, None);
        assert_eq!((pieces[0].since, pieces[2].until), (at(15), at(30) + ms(late)), "{late}");
        assert!(pieces.windows(2).all(|pair| pair[0].until == pair[1].since));
        assert_eq!(pieces[1].until - pieces[1].since, ms(4_000));
    }
}

#[test]
fn a_piece_is_a_spell_in_the_vendors_word() {
    let piece = |bucket| Piece { bucket, since: at(1), until: at(3), is_somewhere: false };
    let spell = Spell::from(piece(Some(Bucket::ExternalCall)));
    assert_eq!((spell.activity, spell.raw.as_str()), (Activity::OwnCall, "extcall"));
    assert_eq!((spell.since, spell.until), (at(1), Some(at(3))));
    assert_eq!(Spell::from(piece(None)).activity, Activity::Unknown);
    assert_eq!(Spell::from(piece(Some(Bucket::Other("siesta".into())))).raw.as_str(), "siesta");
}

/// A day of an agent: states by number, each for some seconds.
fn days() -> impl Strategy<Value = Vec<(usize, i64)>> {
    prop::collection::vec((0_usize..6, 1_i64..40), 1..60)
}

const STATES: [Bucket; 6] = [
    Bucket::LoggedIn,
    Bucket::Available,
    Bucket::Ringing,
    Bucket::OnContact,
    Bucket::WrapUp,
    Bucket::Away,
];

/// The counters of `day` after `seconds`.
fn counters(day: &[(usize, i64)], seconds: i64) -> Spent {
    let mut left = seconds;
    let mut spent = Spent::new();
    for (state, length) in day {
        let part = (*length).min(left);
        *spent.entry(STATES[*state].clone()).or_default() += TimeDelta::seconds(part);
        left -= part;
    }
    spent.retain(|_, time| *time > TimeDelta::zero());
    spent
}

proptest! {
    /// However the readings fall: at each of them the laid-out past, and the present state where it is
    /// known, have no gap and no overlap, and the sum of each bucket is its counter, exactly.
    #[test]
    fn no_millisecond_is_lost_or_invented(day in days(), poll in 3_i64..30) {
        let whole: i64 = day.iter().map(|(_, length)| length).sum();
        let instants: Vec<i64> = (1..=whole / poll).map(|n| n * poll).collect();
        prop_assume!(instants.len() > 1);
        let readings = instants.iter().map(|s| (at(*s), counters(&day, *s)));
        let first = at(instants[0]);
        let mut laid: Vec<Piece> = Vec::new();
        for ((pieces, state), now) in steps(readings).into_iter().zip(&instants[1..]) {
            let end = state.as_ref().and_then(|state| state.since).unwrap_or(at(*now));
            let begin = pieces.first().map_or(end, |piece| piece.since);
            // A state that goes on, or turns out to have been the last one, began earlier.
            laid.retain(|piece| piece.since < begin);
            if let Some(last) = laid.last_mut() {
                last.until = last.until.min(begin);
            }
            laid.extend(pieces);
            laid.extend(state.map(|state| Piece {
                bucket: Some(state.bucket),
                since: end,
                until: at(*now),
                is_somewhere: false,
            }));
            let mut sums = BTreeMap::new();
            let mut free = laid.first().map_or(first, |piece| piece.since);
            for piece in &laid {
                prop_assert_eq!(piece.since, free, "{:?}", &laid);
                free = piece.until;
                let from = piece.since.max(first);
                *sums.entry(piece.bucket.clone()).or_default() += piece.until - from;
            }
            prop_assert_eq!(free, at(*now));
            let mut grown = counters(&day, *now);
            for (bucket, before) in counters(&day, instants[0]) {
                *grown.entry(bucket).or_default() -= before;
            }
            grown.retain(|_, by| *by > TimeDelta::zero());
            let grown: BTreeMap<_, TimeDelta> =
                grown.into_iter().map(|(bucket, by)| (Some(bucket), by)).collect();
            sums.retain(|_, by| *by > TimeDelta::zero());
            prop_assert_eq!(sums, grown, "{:?}", &laid);
        }
    }
}

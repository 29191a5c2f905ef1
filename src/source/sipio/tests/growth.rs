//! From counters to states, without a server.

use chrono::{DateTime, TimeDelta, Utc};

use crate::http::scripted::three;
use crate::model::Bucket;
use crate::source::sipio::buckets::known;
use crate::source::sipio::counters::{Finding, Spent, Track};
use crate::source::sipio::state::State;

type Counters = &'static [(&'static str, i64)];

/// Counters in seconds, and when they were read.
fn reading(seconds: i64, counters: Counters) -> (i64, Counters) {
    (seconds, counters)
}

pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    three() + TimeDelta::seconds(seconds)
}

pub(super) fn spent(seconds: &[(&str, i64)]) -> Spent {
    let bucket = |name: &str| known(name).unwrap_or_else(|| Bucket::Other(name.to_owned()));
    seconds.iter().map(|(name, s)| (bucket(name), TimeDelta::seconds(*s))).collect()
}

/// What a series of readings leads to: the state and since when, or why there is none.
fn follow(readings: &[(i64, &[(&str, i64)])]) -> Result<(String, Option<i64>), String> {
    let (mut track, mut finding) = Track::first(spent(readings[0].1), at(readings[0].0));
    for (when, counters) in &readings[1..] {
        (track, finding) = track.next(spent(counters), at(*when));
        let state = match &finding {
            Finding::In(state) => Some(state),
            Finding::Open(_) => None,
        };
        track.lay_out(state);
    }
    match finding {
        Finding::In(State { bucket, since }) => {
            let name = crate::source::sipio::buckets::name(&bucket).to_owned();
            Ok((name, since.map(|since| (since - three()).num_seconds())))
        }
        Finding::Open(why) => Err(why),
    }
}

fn found(name: &str, since: i64) -> Result<(String, Option<i64>), String> {
    Ok((name.to_owned(), Some(since)))
}

fn open(why: &str) -> Result<(String, Option<i64>), String> {
    Err(why.to_owned())
}

#[test]
fn one_reading_shows_no_growth() {
    assert_eq!(follow(&[(0, &[("ready", 100)])]), open("no growth seen yet"));
    assert_eq!(follow(&[(0, &[])]), open("no growth seen yet"));
}

#[test]
fn what_alone_grew_by_the_time_that_passed_is_the_state() {
    for (grown, state) in [
        (13, found("ready", 2)),
        (15, found("ready", 0)),
        (18, found("ready", -3)),
        (11, open("perhaps ready")),
        (19, open("perhaps ready")),
    ] {
        let after = [("ready", 100 + grown), ("paused", 50)];
        assert_eq!(
            follow(&[(0, &[("ready", 100), ("paused", 50)]), (15, &after)]),
            state,
            "{grown}"
        );
    }
    // Within 3 s, 2 s either way are as much as a slow answer takes.
    assert_eq!(follow(&[(0, &[("paused", 9)]), (3, &[("paused", 10)])]), found("paused", 2));
}

#[test]
fn the_beginning_stays_while_the_state_goes_on() {
    assert_eq!(
        follow(&[(0, &[("ready", 0)]), (3, &[("ready", 3)]), (18, &[("ready", 18)])]),
        found("ready", 0)
    );
    let long = follow(&[(0, &[("ready", 0)]), (15, &[("ready", 16)]), (30, &[("ready", 29)])]);
    assert_eq!(long, found("ready", -1), "the jitter of two answers moves nothing");
}

#[test]
fn a_state_that_changed_began_when_its_own_growth_did() {
    let changed: &[(i64, Counters)] = &[
        (0, &[("ready", 0)]),
        (15, &[("ready", 15)]),
        (30, &[("ready", 20), ("incall", 10)]),
        (45, &[("ready", 20), ("incall", 25)]),
    ];
    assert_eq!(follow(&changed[..3]), found("incall", 20), "from what it was to what it is");
    assert_eq!(follow(changed), found("incall", 20));
    let at_once = [changed[0], changed[1], reading(30, &[("ready", 15), ("incall", 15)])];
    assert_eq!(follow(&at_once), found("incall", 15));
}

#[test]
fn who_went_and_came_back_is_found_out_by_the_next_reading() {
    let there_and_back: &[(i64, Counters)] = &[
        (0, &[("ready", 0)]),
        (15, &[("ready", 15)]),
        (30, &[("ready", 22), ("ring", 8)]),
        (45, &[("ready", 37), ("ring", 8)]),
    ];
    assert_eq!(follow(&there_and_back[..3]), found("ring", 22), "by far the likelier");
    assert_eq!(follow(there_and_back), found("ready", 30), "at the latest");
}

#[test]
fn several_that_grew_leave_it_open_until_the_next_reading() {
    let unknown_before: &[(i64, &[(&str, i64)])] =
        &[(0, &[]), (15, &[("ready", 5), ("incall", 10)]), (30, &[("ready", 5), ("incall", 25)])];
    assert_eq!(follow(&unknown_before[..2]), open("incall or ready"));
    assert_eq!(follow(unknown_before), found("incall", 5), "as it was laid out then");
    let three_of_them: &[(i64, Counters)] = &[
        (0, &[("ready", 10)]),
        (15, &[("ready", 25)]),
        (30, &[("ready", 30), ("ring", 4), ("incall", 6)]),
    ];
    assert_eq!(follow(three_of_them), open("incall or ring or ready"));
    let two_others = [
        three_of_them[0],
        three_of_them[1],
        reading(30, &[("ready", 25), ("ring", 6), ("incall", 9)]),
    ];
    assert_eq!(follow(&two_others), open("incall or ring"));
    let too_much =
        [three_of_them[0], three_of_them[1], reading(30, &[("ready", 35), ("incall", 15)])];
    assert_eq!(follow(&too_much), open("incall or ready"), "more than the time that passed");
}

#[test]
fn nothing_that_grew_is_no_state_and_what_was_kept_on_the_way_is_made_up_for() {
    let still: &[(i64, Counters)] = &[
        (0, &[("ready", 100)]),
        (15, &[("ready", 115)]),
        (30, &[("ready", 115)]),
        (45, &[("ready", 145)]),
    ];
    assert_eq!(follow(&still[..3]), open("nothing grew"));
    assert_eq!(follow(still), found("ready", 0), "the answer in between was an old one");
    let stood = [still[0], still[1], still[2], reading(45, &[("ready", 130)])];
    assert_eq!(follow(&stood), found("ready", 30));
}

#[test]
fn counters_that_fell_or_vanished_begin_anew() {
    let before = reading(0, &[("ready", 100), ("paused", 50)]);
    let after: [Counters; 3] = [&[("ready", 90), ("paused", 75)], &[("ready", 115)], &[]];
    for after in after {
        assert_eq!(follow(&[before, (15, after)]), open("counters recomputed"));
    }
    let on = [before, reading(15, &[("ready", 90)]), (30, &[("ready", 105)])];
    assert_eq!(follow(&on), found("ready", 15));
    // A counter of nothing says no more than none.
    let zero = [reading(0, &[("ready", 100), ("idle", 0)]), (15, &[("ready", 115)])];
    assert_eq!(follow(&zero), found("ready", 0));
}

#[test]
fn an_agents_first_event_may_lie_between_two_readings() {
    assert_eq!(follow(&[(0, &[]), (15, &[("idle", 4)])]), found("idle", 11));
    assert_eq!(follow(&[(0, &[("idle", 0)]), (15, &[("idle", 40)])]), open("perhaps idle"));
}

#[test]
fn a_clock_that_was_set_makes_no_comparison() {
    let set = [reading(0, &[("ready", 100)]), (-60, &[("ready", 115)])];
    assert_eq!(follow(&set), open("no growth seen yet"));
    assert_eq!(follow(&[(0, &[("ready", 1)]), (0, &[("ready", 2)])]), open("no growth seen yet"));
}

#[test]
fn an_unknown_bucket_grows_like_any_other() {
    assert_eq!(follow(&[(0, &[]), (15, &[("siesta", 15)])]), found("siesta", 0));
}

#[test]
fn what_is_told_needs_only_its_beginning_to_be_concluded() {
    let (mut first, _) = Track::first(spent(&[("paused", 100)]), at(0));
    let told = first.told(Bucket::Away, None);
    assert_eq!(told.since, None, "one reading shows no beginning");
    first.lay_out(Some(&told));
    let mut before = first;
    for (seconds, counters, bucket, since, why) in [
        (15, &[("paused", 115)][..], Bucket::Away, 0, "it went on"),
        (30, &[("paused", 130)], Bucket::Away, 0, "it went on"),
        (45, &[("paused", 140), ("ready", 5)], Bucket::Available, 40, "it began"),
        (60, &[("paused", 140), ("ready", 20)], Bucket::OnContact, 60, "this instant"),
        (75, &[("paused", 145), ("ready", 20), ("incall", 10)], Bucket::OnContact, 65, "came back"),
    ] {
        let (mut track, _) = before.next(spent(counters), at(seconds));
        let state = track.told(bucket, Some(&before));
        assert_eq!(state.since, Some(at(since)), "{why}");
        track.lay_out(Some(&state));
        before = track;
    }
}

use proptest::prelude::*;

use super::*;

const PATIENCE: TimeDelta = TimeDelta::seconds(10);

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

fn span(since: i64, until: Option<i64>, value: char) -> Span<char> {
    Span { since: at(since), until: until.map(at), value }
}

fn see(spans: &mut Spans<char>, as_of: i64, value: impl Into<Option<char>>) -> Vec<Span<char>> {
    spans.see(value.into().as_ref(), at(as_of), PATIENCE)
}

fn told(spans: &Spans<char>) -> Vec<(i64, i64, char)> {
    let seconds = |at_: DateTime<Utc>| (at_ - at(0)).num_seconds();
    let within = spans.within(at(0), at(10_000));
    within.iter().map(|s| (seconds(s.since), seconds(s.until.unwrap()), s.value)).collect()
}

#[test]
fn one_value_is_recorded_once_and_a_new_one_ends_it() {
    let mut spans = Spans::default();
    assert_eq!(see(&mut spans, 3, 'a'), [span(3, None, 'a')]);
    assert_eq!(see(&mut spans, 6, 'a'), []);
    assert_eq!(see(&mut spans, 9, 'b'), [span(3, Some(9), 'a'), span(9, None, 'b')]);
    assert_eq!(told(&spans), [(3, 9, 'a')], "the other one has been seen once");
    let on = spans.going_on_within(at(5), at(100), Some(at(11)));
    assert_eq!(on, [span(5, Some(9), 'a'), span(9, Some(11), 'b')]);
}

#[test]
fn a_silence_is_a_gap_and_so_is_a_reading_that_shows_nothing() {
    let mut spans = Spans::default();
    see(&mut spans, 3, 'a');
    see(&mut spans, 6, 'a');
    assert_eq!(see(&mut spans, 60, 'a'), [span(3, Some(6), 'a'), span(60, None, 'a')]);
    assert_eq!(see(&mut spans, 63, None), [span(60, Some(63), 'a')]);
    assert_eq!(see(&mut spans, 66, None), []);
    assert_eq!(told(&spans), [(3, 6, 'a'), (60, 63, 'a')]);
}

#[test]
fn a_clock_set_back_takes_back_what_was_shown_later() {
    let mut spans = Spans::default();
    see(&mut spans, 3, 'a');
    see(&mut spans, 900, 'b');
    let recorded = see(&mut spans, 5, 'a');
    assert_eq!(recorded, [span(900, Some(900), 'b'), span(5, None, 'a')]);
    see(&mut spans, 8, 'a');
    assert_eq!(told(&spans), [(5, 8, 'a')]);
}

#[test]
fn what_was_restored_holds_until_this_run_saw_something() {
    for restored_first in [true, false] {
        let mut spans = Spans::default();
        let restored = vec![span(0, Some(40), 'a'), span(50, Some(90), 'b')];
        if restored_first {
            spans.restore(restored.clone(), PATIENCE);
        }
        see(&mut spans, 80, 'c');
        see(&mut spans, 83, 'c');
        if !restored_first {
            spans.restore(restored, PATIENCE);
        }
        let known = [(0, 50, 'a'), (50, 80, 'b'), (80, 83, 'c')];
        assert_eq!(told(&spans), known, "a short silence between two runs is no gap");
    }
}

#[test]
fn two_programs_that_saw_the_same_are_one() {
    let mut spans = Spans::default();
    let first = vec![span(0, Some(100), 'a'), span(100, Some(200), 'b')];
    let second = vec![span(1, Some(101), 'a'), span(101, Some(199), 'b')];
    spans.restore(first, PATIENCE);
    spans.restore(second, PATIENCE);
    assert_eq!(told(&spans), [(0, 100, 'a'), (100, 200, 'b')]);
}

#[test]
fn what_is_long_over_is_forgotten() {
    let mut spans = Spans::default();
    spans.restore(vec![span(0, Some(40), 'a')], PATIENCE);
    let day = KEPT.num_seconds() + 100;
    see(&mut spans, day, 'b');
    assert_eq!(spans.within(at(0), at(100)), []);
}

fn readings() -> impl Strategy<Value = Vec<(i64, Option<char>)>> {
    let value = prop::option::of(prop_oneof![Just('a'), Just('b')]);
    prop::collection::vec((1i64..20, value), 0..40).prop_map(|steps| {
        let mut now = 300;
        let reading = |(after, value)| {
            now += after;
            (now, value)
        };
        steps.into_iter().map(reading).collect()
    })
}

proptest! {
    #[test]
    fn spans_never_overlap_and_restoring_them_gives_the_same(
        readings in readings(),
        earlier in prop::collection::vec((0i64..400, 1i64..60, prop_oneof![Just('a'), Just('c')]), 0..6),
        when in 0usize..40,
    ) {
        let earlier: Vec<_> =
            earlier.into_iter().map(|(since, long, v)| span(since, Some(since + long), v)).collect();
        let mut early = Spans::default();
        early.restore(earlier.clone(), PATIENCE);
        let mut late = Spans::default();
        let mut recorded = Vec::new();
        for (index, (as_of, value)) in readings.iter().enumerate() {
            recorded.extend(see(&mut early, *as_of, *value));
            if index == when {
                late.restore(earlier.clone(), PATIENCE);
            }
            see(&mut late, *as_of, *value);
        }
        if when >= readings.len() {
            late.restore(earlier, PATIENCE);
        }
        prop_assert_eq!(told(&early), told(&late));
        let told_ = told(&early);
        prop_assert!(told_.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{:?}", told_);
        // Read back from what was recorded, each replacing what began with it, the last one ends at
        // the last reading.
        let read_until = readings.last().map_or(0, |(as_of, _)| *as_of);
        let mut kept = std::collections::BTreeMap::new();
        for span in recorded {
            kept.insert(span.since, span);
        }
        let kept = kept.into_values().map(|s| Span { until: s.until.or(Some(at(read_until))), ..s });
        let mut own = Spans::default();
        for (as_of, value) in &readings {
            see(&mut own, *as_of, *value);
        }
        let mut back = Spans::default();
        back.restore(kept.collect(), TimeDelta::zero());
        prop_assert_eq!(told(&back), told(&own));
    }
}

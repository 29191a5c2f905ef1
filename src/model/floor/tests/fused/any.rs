//! Whatever happens on the floor, a past holds together.

use proptest::prelude::*;

use super::*;

fn any_activity() -> impl Strategy<Value = Activity> {
    prop_oneof![
        Just(Activity::Offline),
        Just(Activity::Available),
        Just(Activity::OnContact),
        Just(Activity::WrapUp),
        Just(UNSPECIFIED),
        Just(Activity::Away(Reason::Break)),
        Just(Activity::Unknown),
    ]
}

/// What happens on a floor: at which source, after how long, since when before that, what.
fn happenings() -> impl Strategy<Value = Vec<(u8, i64, i64, Activity)>> {
    prop::collection::vec((0u8..5, 1i64..15, 0i64..40, any_activity()), 0..40)
}

/// One floor's life, step by step: what each changed, and when.
struct Life {
    floor: Floor,
    now: i64,
    events: Vec<Spell>,
}

impl Life {
    fn begin() -> Self {
        Self::on(jane_floor())
    }

    fn on(floor: Floor) -> Self {
        Self { floor, now: 0, events: Vec::new() }
    }

    fn go_on(
        &mut self,
        (source, after, before, activity): &(u8, i64, i64, Activity),
    ) -> Vec<Change> {
        self.now += after;
        let (floor, now) = (&mut self.floor, self.now);
        match source {
            0 => dial(floor, now, now - before, activity),
            1 => {
                self.events.push(logged(now - 10, activity.clone()));
                cx(floor, now - 5, self.events.clone(), now)
            }
            2 => {
                let seen = vec![says("EMP001", activity.clone(), now - before)];
                floor.apply(reading("wfm", now, Coverage::Part, seen), at(now))
            }
            3 => floor.report(failed("dialer", now, FailureKind::Transient), at(now)),
            // Listed by the dialer's answer is somebody else.
            _ => {
                let other = vec![says("1", Activity::Available, 0)];
                floor.apply(reading("dialer", now, WHOLE, other), at(now))
            }
        }
    }
}

fn happened(happenings: &[(u8, i64, i64, Activity)]) -> (Floor, i64) {
    let mut life = Life::begin();
    for happening in happenings {
        life.go_on(happening);
    }
    (life.floor, life.now)
}

/// Neighbours that only go on joined.
fn joined(past: Vec<Fused>) -> Vec<Fused> {
    let mut joined: Vec<Fused> = Vec::new();
    for next in past {
        match joined.last_mut() {
            Some(last)
                if (Fused { since: last.since, until: next.until, ..next.clone() })
                    == (Fused { until: next.until, ..last.clone() }) =>
            {
                last.until = next.until;
            }
            _ => joined.push(next),
        }
    }
    joined
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_past_covers_its_window_exactly_and_neighbours_differ(
        happenings in happenings(),
        from in -60i64..400,
        length in 1i64..500,
        later in 0i64..30,
    ) {
        let (floor, now) = happened(&happenings);
        let past = fused(&floor, from, from + length, now + later);
        prop_assert_eq!(past.first().map(|f| f.since), Some(at(from)));
        prop_assert_eq!(past.last().map(|f| f.until), Some(at(from + length)));
        for pair in past.windows(2) {
            prop_assert_eq!(pair[0].until, pair[1].since);
            prop_assert!(pair[0].since < pair[0].until);
        }
        for f in &past {
            let is_known = f.activity != Activity::Unknown;
            prop_assert_eq!(is_known, f.source.is_some(), "{:?}", f);
            prop_assert!(!is_known || f.until <= at(now + later));
        }
    }

    #[test]
    fn a_short_tail_tells_what_the_whole_day_tells_of_it(
        happenings in happenings(),
        from in 0i64..300,
    ) {
        let (floor, now) = happened(&happenings);
        let (now, from) = (now.max(1), from.min(now.max(1) - 1));
        let whole = fused(&floor, -100, now, now);
        let tail = fused(&floor, from, now, now);
        let cut: Vec<_> = whole
            .into_iter()
            .filter(|f| f.until > at(from))
            .map(|f| Fused { since: f.since.max(at(from)), ..f })
            .collect();
        prop_assert_eq!(cut, tail);
    }

    #[test]
    fn beside_a_source_that_never_spoke_a_past_is_what_it_is_alone(
        happenings in happenings(),
        id in prop::sample::select(vec![("dialer", "12345"), ("cx", "uuid-1"), ("wfm", "EMP001")]),
        from in -60i64..400,
        length in 1i64..500,
    ) {
        let past = |ids: &[(&str, &str)]| {
            let mut floor = jane_known_as(ids);
            floor.feeds.push(Feed::new("mute".into(), SourceKind::Wfm, TimeDelta::seconds(15)));
            let mut life = Life::on(floor);
            for happening in &happenings {
                life.go_on(happening);
            }
            fused(&life.floor, from, from + length, life.now)
        };
        prop_assert_eq!(past(&[id]), past(&[id, ("mute", "1")]));
    }

    #[test]
    fn whoever_reckons_only_what_is_told_otherwise_has_the_same_past(happenings in happenings()) {
        let mut life = Life::begin();
        let mut past: Vec<Fused> = Vec::new();
        // In the end every source is heard once more: what has fallen silent is told by then.
        let last = [(1, 1, 0, UNSPECIFIED), (2, 1, 0, Activity::Available), (0, 1, 5, UNSPECIFIED)];
        for happening in happenings.iter().chain(&last) {
            let changes = life.go_on(happening);
            let from = changes.iter().filter_map(|change| match change {
                Change::Past { from, .. } => Some(*from),
                _ => None,
            });
            let from = from.min().unwrap_or(at(life.now)) - ONE_CHANGE;
            past.retain(|f| f.since < from);
            if let Some(last) = past.last_mut() {
                last.until = last.until.min(from);
            }
            let reckoned = past.last().map_or(at(-100), |last| last.until);
            let reckoned = (reckoned - at(0)).num_seconds();
            past.extend(fused(&life.floor, reckoned, life.now, life.now));
        }
        prop_assert_eq!(joined(past), fused(&life.floor, -100, life.now, life.now));
    }
}

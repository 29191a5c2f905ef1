//! When a person is scheduled: a daily shift with breaks, lunch, meetings, training.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use fastrand::Rng;

use super::chance;
use super::state::{Reason, State};

const DAY: TimeDelta = TimeDelta::hours(24);

/// What the schedule says of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduled {
    /// No shift.
    Off,
    /// Work.
    Work,
    /// A break, lunch, a meeting, training.
    Away(Reason),
}

impl Scheduled {
    /// Whether `doing` is what was scheduled.
    #[must_use]
    pub fn is_kept_by(self, doing: State) -> bool {
        match self {
            Self::Off => doing.is_out(),
            Self::Away(reason) => doing == State::Away(reason),
            Self::Work => {
                matches!(
                    doing,
                    State::Available | State::Ringing | State::OnContact | State::WrapUp
                )
            }
        }
    }
}

/// A scheduled stretch away from the phone.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// From the start of the shift.
    pub after: TimeDelta,
    /// How long.
    pub length: TimeDelta,
    /// What for.
    pub reason: Reason,
}

/// The same shift every 24 hours.
#[derive(Debug, Clone)]
pub struct Duty {
    first: DateTime<Utc>,
    length: TimeDelta,
    blocks: Vec<Block>,
}

/// One scheduled stretch with its own start and end.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// When it ends.
    pub end: DateTime<Utc>,
    /// What is scheduled; never `Off`.
    pub what: Scheduled,
}

impl Duty {
    /// A shift that begins `before` the world's `start`, rounded down to a quarter of an hour.
    pub fn new(start: DateTime<Utc>, before: TimeDelta, rng: &mut Rng) -> Self {
        let first = (start - before).duration_trunc(TimeDelta::minutes(15)).unwrap_or(start);
        let length = TimeDelta::minutes(*chance::one_of(rng, &[510, 525, 540]));
        Self { first, length, blocks: blocks(rng) }
    }

    /// Puts a block at `from`, rounded down to 5 minutes, and removes what is scheduled around it.
    pub fn insert(&mut self, from: DateTime<Utc>, length: TimeDelta, reason: Reason) {
        let from = from.duration_trunc(TimeDelta::minutes(5)).unwrap_or(from);
        let after = from - self.first;
        let room = TimeDelta::hours(1);
        self.blocks
            .retain(|b| b.after > after + length + room || b.after + b.length < after - room);
        self.blocks.push(Block { after, length, reason });
        self.blocks.sort_by_key(|b| b.after);
    }

    /// The start and end of the shift at `at`, or of the next one.
    #[must_use]
    pub fn shift(&self, at: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let days = (at - self.first).num_milliseconds().div_euclid(DAY.num_milliseconds());
        let start = self.first + TimeDelta::hours(24 * days);
        let start = if at < start + self.length { start } else { start + DAY };
        (start, start + self.length)
    }

    /// What is scheduled at `at`.
    #[must_use]
    pub fn at(&self, at: DateTime<Utc>) -> Scheduled {
        self.block(at).map_or_else(
            || if at < self.shift(at).0 { Scheduled::Off } else { Scheduled::Work },
            |block| block.what,
        )
    }

    /// The scheduled absence at `at`.
    #[must_use]
    pub fn block(&self, at: DateTime<Utc>) -> Option<Stretch> {
        self.absences(self.shift(at).0).find(|s| s.start <= at && at < s.end)
    }

    /// When the next absence of the shift at `at` begins, or its end.
    #[must_use]
    pub fn next_change(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let (start, end) = self.shift(at);
        self.absences(start).map(|s| s.start).find(|start| *start > at).unwrap_or(end)
    }

    /// When something else is scheduled than at `at`, or may be.
    #[must_use]
    pub fn next_boundary(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let (start, end) = self.shift(at);
        let inner = self.absences(start).flat_map(|s| [s.start, s.end]);
        inner.chain([start]).filter(|boundary| *boundary > at).fold(end, Ord::min)
    }

    /// The shift that covers or follows `at`, as stretches without gaps.
    #[must_use]
    pub fn stretches(&self, at: DateTime<Utc>) -> Vec<Stretch> {
        let (start, end) = self.shift(at);
        let mut all = Vec::new();
        let mut from = start;
        for absence in self.absences(start) {
            if from < absence.start {
                all.push(Stretch { start: from, end: absence.start, what: Scheduled::Work });
            }
            all.push(absence);
            from = absence.end;
        }
        if from < end {
            all.push(Stretch { start: from, end, what: Scheduled::Work });
        }
        all
    }

    fn absences(&self, shift: DateTime<Utc>) -> impl Iterator<Item = Stretch> {
        self.blocks.iter().map(move |b| Stretch {
            start: shift + b.after,
            end: shift + b.after + b.length,
            what: Scheduled::Away(b.reason),
        })
    }
}

fn blocks(rng: &mut Rng) -> Vec<Block> {
    let mut block = |minutes: i64, length: i64, reason| Block {
        after: TimeDelta::minutes(minutes + 5 * rng.i64(0..=6)),
        length: TimeDelta::minutes(length),
        reason,
    };
    let mut all = vec![
        block(120, 15, Reason::Break),
        block(240, 30, Reason::Lunch),
        block(390, 15, Reason::Break),
    ];
    let meeting = block(180, 30, Reason::Meeting);
    let training = block(305, 30, Reason::Training);
    match rng.u8(0..12) {
        0 => all.push(meeting),
        1 => all.push(training),
        _ => {}
    }
    all.sort_by_key(|b| b.after);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretches_of_a_shift_leave_no_gap_and_agree_with_the_moment() {
        let start = DateTime::from_timestamp(1_772_380_800, 0).unwrap();
        for seed in 0..50 {
            let mut rng = Rng::with_seed(seed);
            let duty = Duty::new(start, TimeDelta::hours(3), &mut rng);
            let stretches = duty.stretches(start);
            assert_eq!(stretches[0].start, duty.shift(start).0);
            assert_eq!(stretches[stretches.len() - 1].end, duty.shift(start).1);
            for pair in stretches.windows(2) {
                assert_eq!(pair[0].end, pair[1].start);
            }
            for stretch in stretches {
                assert!(stretch.start < stretch.end);
                assert_eq!(duty.at(stretch.start), stretch.what);
            }
        }
    }

    #[test]
    fn outside_a_shift_the_next_one_is_meant() {
        let start = DateTime::from_timestamp(1_772_380_800, 0).unwrap();
        let duty = Duty::new(start, TimeDelta::zero(), &mut Rng::with_seed(1));
        let evening = start + TimeDelta::hours(12);
        assert_eq!(duty.at(evening), Scheduled::Off);
        assert_eq!(duty.shift(evening).0, start + TimeDelta::hours(24));
    }
}

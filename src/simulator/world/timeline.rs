//! One person's day as a list of segments: the one truth behind every API.

use chrono::{DateTime, Utc};

use super::chance;
use super::state::State;

/// A stretch of time in one state; it ends where the next one starts.
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    /// When it began.
    pub start: DateTime<Utc>,
    /// The state.
    pub state: State,
    /// The running number of the person's call; 0 where there is none.
    pub call: u32,
}

/// Calls counted over a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    /// Calls the person took.
    pub answered: u64,
    /// Calls of the person's queue that were abandoned before somebody took them.
    pub dropped: u64,
    /// Calls that reached nobody: busy, no answer. They count in the total only.
    pub unreached: u64,
}

impl Calls {
    /// All calls.
    #[must_use]
    pub fn total(self) -> u64 {
        self.answered + self.dropped + self.unreached
    }

    /// Both counts together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            answered: self.answered + other.answered,
            dropped: self.dropped + other.dropped,
            unreached: self.unreached + other.unreached,
        }
    }
}

/// What was counted so far, so that a poll costs only what is new.
#[derive(Debug, Clone, Copy)]
struct Tally {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    next: usize,
    calls: Calls,
}

/// The segments, oldest first, and where the last one ends as far as it is known.
#[derive(Debug)]
pub struct Timeline {
    segments: Vec<Segment>,
    end: DateTime<Utc>,
    salt: u64,
    tally: Option<Tally>,
}

impl Timeline {
    /// A day that begins offline at `start`. `salt` decides which calls have dropped ones beside them.
    #[must_use]
    pub fn new(start: DateTime<Utc>, salt: u64) -> Self {
        let first = Segment { start, state: State::Offline, call: 0 };
        Self { segments: vec![first], end: start, salt, tally: None }
    }

    /// Up to when the day is written.
    #[must_use]
    pub fn end(&self) -> DateTime<Utc> {
        self.end
    }

    /// Every segment written so far.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The last segment written.
    #[must_use]
    pub fn last(&self) -> Segment {
        self.segments[self.segments.len() - 1]
    }

    /// What was true at `at`; before the history, its first segment.
    #[must_use]
    pub fn at(&self, at: DateTime<Utc>) -> Segment {
        let after = self.segments.partition_point(|s| s.start <= at);
        self.segments[after.saturating_sub(1)]
    }

    /// Writes the next segment; the same state and call go on as one.
    pub fn push(&mut self, state: State, call: u32, until: DateTime<Utc>) {
        let last = self.last();
        if last.state != state || last.call != call {
            self.segments.push(Segment { start: self.end, state, call });
        }
        self.end = until.max(self.end);
    }

    /// Forgets what was written for after `at`.
    pub fn cut(&mut self, at: DateTime<Utc>) {
        let keep = self.segments.partition_point(|s| s.start < at).max(1);
        self.segments.truncate(keep);
        self.end = at;
        self.tally = None;
    }

    /// The calls that began from `from` to `until`.
    pub fn calls(&mut self, from: DateTime<Utc>, until: DateTime<Utc>) -> Calls {
        let mut tally = match self.tally {
            Some(tally) if tally.from == from && tally.until <= until => tally,
            _ => Tally {
                from,
                until,
                next: self.segments.partition_point(|s| s.start < from),
                calls: Calls::default(),
            },
        };
        tally.until = until;
        while let Some(segment) = self.segments.get(tally.next).filter(|s| s.start <= until) {
            if segment.state == State::OnContact {
                tally.calls = tally.calls.plus(around(self.salt, segment.call));
            }
            tally.next += 1;
        }
        self.tally = Some(tally);
        tally.calls
    }
}

/// What happened in the queue about the time somebody took `call`.
fn around(salt: u64, call: u32) -> Calls {
    let roll = chance::mix(salt, u64::from(call)) % 100;
    Calls { answered: 1, dropped: u64::from(roll < 4), unreached: u64::from(roll >= 93) }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn day() -> Timeline {
        let mut day = Timeline::new(at(0), 1);
        for call in 1..=10 {
            let end = day.end();
            day.push(State::Available, 0, end + TimeDelta::seconds(50));
            day.push(State::OnContact, call, end + TimeDelta::seconds(100));
        }
        day
    }

    #[test]
    fn a_moment_has_the_state_that_began_last() {
        let day = day();
        assert_eq!(day.at(at(49)).state, State::Available);
        assert_eq!(day.at(at(50)).state, State::OnContact);
        assert_eq!(day.at(at(-5)).state, State::Offline);
    }

    #[test]
    fn calls_counted_poll_by_poll_equal_calls_counted_at_once() {
        let mut polled = day();
        for second in 0..1_000 {
            polled.calls(at(120), at(second));
        }
        assert_eq!(polled.calls(at(120), at(1_000)).answered, 9);
        assert_eq!(polled.calls(at(120), at(1_000)), day().calls(at(120), at(1_000)));
        assert_eq!(polled.calls(at(120), at(200)).answered, 1, "also when asked about the past");
    }

    #[test]
    fn a_cut_day_can_go_on_differently() {
        let mut day = day();
        day.cut(at(460));
        day.push(State::ForcedOut, 0, at(5_000));
        assert_eq!(day.at(at(459)).state, State::OnContact);
        assert_eq!(day.at(at(460)).state, State::ForcedOut);
        assert_eq!(day.calls(at(0), at(5_000)).answered, 5);
    }
}

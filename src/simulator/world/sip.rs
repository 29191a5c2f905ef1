//! A person's telephone at sip.io: where the time went, as milliseconds per bucket.

use chrono::{DateTime, TimeDelta, Utc};

use super::duty::{Duty, Scheduled};
use super::state::{Reason, State};
use super::timeline::{Segment, Timeline};

/// How often adherence is looked at.
const SAMPLE: TimeDelta = TimeDelta::minutes(5);

/// Where a moment is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// A call on the agent's own line.
    ExtCall,
    /// A call of a queue.
    InCall,
    /// Not logged in.
    Offline,
    /// Logged in, but the telephone cannot be reached.
    Unreachable,
    /// A call rings.
    Ring,
    /// Not ready, for whatever reason.
    Paused,
    /// After a call.
    WrapUp,
    /// Waiting for a call.
    Ready,
    /// Logged in and not ready.
    Idle,
}

/// Milliseconds per bucket, by [`Bucket`]'s order.
pub type Totals = [u64; 9];

/// Every bucket, in the order of [`Totals`].
pub const BUCKETS: [Bucket; 9] = [
    Bucket::ExtCall,
    Bucket::InCall,
    Bucket::Offline,
    Bucket::Unreachable,
    Bucket::Ring,
    Bucket::Paused,
    Bucket::WrapUp,
    Bucket::Ready,
    Bucket::Idle,
];

/// What the vendor says about a person's adherence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adherence {
    /// A number, once there was something scheduled.
    Measured,
    /// Null: nothing was ever scheduled there.
    Unscheduled,
    /// "bypass": exempt.
    Bypass,
    /// The field is not there.
    Absent,
}

/// A person's place in sip.io.
#[derive(Debug)]
pub struct SipSeat {
    /// Digits, from the same range as the dialer's extensions: somebody else has it there.
    pub user_id: String,
    /// What is said about their adherence.
    pub adherence: Adherence,
    /// Sits in no dialer.
    alone: bool,
}

impl Bucket {
    /// The vendor's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ExtCall => "extcall",
            Self::InCall => "incall",
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::Ring => "ring",
            Self::Paused => "paused",
            Self::WrapUp => "wrapup",
            Self::Ready => "ready",
            Self::Idle => "idle",
        }
    }
}

impl SipSeat {
    /// The seat of the person at `index`; `slot` decides what is said about their adherence.
    #[must_use]
    pub fn new(index: usize, slot: usize, people: usize, alone: bool) -> Self {
        let adherence = match slot / 2 % 7 {
            0 => Adherence::Bypass,
            1 => Adherence::Absent,
            4 => Adherence::Unscheduled,
            _ => Adherence::Measured,
        };
        Self { user_id: (1_000 + people - index).to_string(), adherence, alone }
    }

    /// The bucket at `at`, and since when.
    #[must_use]
    pub fn at(&self, day: &Timeline, at: DateTime<Utc>) -> (Bucket, DateTime<Utc>) {
        let segments = day.segments();
        let mut place = segments.partition_point(|s| s.start <= at).saturating_sub(1);
        let bucket = self.bucket(segments, place);
        while place > 0 && self.bucket(segments, place - 1) == bucket {
            place -= 1;
        }
        (bucket, segments[place].start)
    }

    /// Where the time from `since` until `now` went; nothing is known from before the history.
    #[must_use]
    pub fn totals(&self, day: &Timeline, since: DateTime<Utc>, now: DateTime<Utc>) -> Totals {
        let segments = day.segments();
        let first = segments.partition_point(|s| s.start <= since).saturating_sub(1);
        let mut totals = Totals::default();
        for place in first..segments.len() {
            let from = segments[place].start.max(since);
            if from >= now {
                break;
            }
            let until = segments.get(place + 1).map_or(now, |next| next.start.min(now));
            let length = until.timestamp_millis() - from.timestamp_millis();
            totals[self.bucket(segments, place) as usize] += length.max(0).unsigned_abs();
        }
        totals
    }

    /// The share of looks since `since` at which the person did what was scheduled; none before the
    /// first look in a shift.
    #[must_use]
    pub fn adherence_pct(
        day: &Timeline,
        duty: &Duty,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<u64> {
        let mut at = since.max(day.segments()[0].start);
        let (mut looks, mut kept) = (0, 0);
        while at < now {
            let scheduled = duty.at(at);
            if scheduled != Scheduled::Off {
                looks += 1;
                kept += u64::from(scheduled.is_kept_by(day.at(at).state));
            }
            at += SAMPLE;
        }
        (100 * kept).checked_div(looks)
    }

    fn bucket(&self, segments: &[Segment], place: usize) -> Bucket {
        let segment = segments[place];
        match segment.state {
            State::Offline => Bucket::Offline,
            // A telephone outlives the logout that a supervisor forces elsewhere.
            State::ForcedOut => match place.checked_sub(1).map(|b| self.bucket(segments, b)) {
                None => Bucket::Offline,
                Some(quiet @ (Bucket::Offline | Bucket::Unreachable | Bucket::Paused)) => quiet,
                Some(_) => Bucket::Ready,
            },
            State::LoggedIn => Bucket::Idle,
            State::Available => Bucket::Ready,
            State::Ringing => Bucket::Ring,
            State::OnContact if self.alone && segment.call % 9 == 4 => Bucket::ExtCall,
            State::OnContact => Bucket::InCall,
            State::WrapUp => Bucket::WrapUp,
            State::Away(Reason::Unspecified) if self.alone => Bucket::Unreachable,
            State::Away(_) => Bucket::Paused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn day(states: &[State]) -> Timeline {
        let mut day = Timeline::new(at(0), 1);
        for (state, hundred) in states.iter().zip(1_i64..) {
            day.push(*state, 1, at(100 * hundred));
        }
        day
    }

    #[test]
    fn the_time_is_counted_from_the_moment_asked_for() {
        use State::{Available, OnContact, Ringing, WrapUp};
        let seat = SipSeat::new(0, 6, 25, false);
        let day = day(&[Available, Ringing, OnContact, WrapUp]);
        let totals = seat.totals(&day, at(150), at(350));
        let want = |bucket| totals[bucket as usize];
        assert_eq!(
            [Bucket::Ready, Bucket::Ring, Bucket::InCall, Bucket::WrapUp].map(want),
            [0, 50_000, 100_000, 50_000]
        );
        assert_eq!(totals.iter().sum::<u64>(), 200_000);
        assert_eq!(seat.at(&day, at(250)), (Bucket::InCall, at(200)));
    }

    #[test]
    fn a_telephone_outlives_a_logout_that_was_forced_elsewhere() {
        let seat = SipSeat::new(0, 6, 25, false);
        let busy = day(&[State::OnContact, State::ForcedOut]);
        assert_eq!(seat.at(&busy, at(150)).0, Bucket::Ready);
        let paused = day(&[State::Available, State::Away(Reason::Lunch), State::ForcedOut]);
        assert_eq!(seat.at(&paused, at(250)), (Bucket::Paused, at(100)));
    }
}

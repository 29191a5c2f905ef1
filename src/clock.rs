//! The one reader of the wall clock, and the estimate of how far a source's clock is from ours.
//!
//! Everything else takes `now` as an argument, so that a test, a replay and the running program
//! compute with the same code.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

/// An injected wall clock. Clones tell the same time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(system_now))
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::telling(move || at)
    }

    /// A clock that tells what `tell` says: one that somebody else moves, so that a test lets time
    /// pass.
    #[must_use]
    pub fn telling(tell: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// What time it is, in UTC.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// How many `Date` headers an estimate is made from.
const SAMPLES: usize = 16;

/// How far a server's clock is ahead of ours, estimated from its `Date` headers.
///
/// A header has a resolution of one second, so one alone is worth ±0.5 s at best. Each sample says
/// "the server's second `d` fell somewhere between sending and receiving", which bounds the offset
/// to an interval; the true offset lies in all of them, so their intersection narrows with each
/// sample. When a new sample misses the intersection, the clock was set: the old ones are forgotten.
#[derive(Debug, Clone, Default)]
pub struct Offset {
    samples: VecDeque<(TimeDelta, TimeDelta)>,
}

impl Offset {
    /// Takes in one exchange: when it was `sent` and `received` by our clock, and the server's `date`.
    pub fn observe(&mut self, sent: DateTime<Utc>, received: DateTime<Utc>, date: DateTime<Utc>) {
        if received < sent {
            return; // our own clock was set during the exchange: it says nothing
        }
        let sample = (date - received, date + TimeDelta::seconds(1) - sent);
        if let Some((low, high)) = self.bounds()
            && (sample.0 > high || sample.1 < low)
        {
            self.samples.clear();
        }
        if self.samples.len() == SAMPLES {
            self.samples.pop_front();
        }
        self.samples.push_back(sample);
    }

    /// Server minus ours: the middle of what all samples allow; none before the first sample.
    #[must_use]
    pub fn estimate(&self) -> Option<TimeDelta> {
        self.bounds().map(|(low, high)| low + (high - low) / 2)
    }

    fn bounds(&self) -> Option<(TimeDelta, TimeDelta)> {
        let low = self.samples.iter().map(|s| s.0).max()?;
        let high = self.samples.iter().map(|s| s.1).min()?;
        Some((low, high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_772_380_800_000 + ms).unwrap()
    }

    /// What a server whose clock is `ahead` ms puts into its `Date` header at our time `ms`.
    fn header(ms: i64, ahead: i64) -> DateTime<Utc> {
        let server = at(ms + ahead).timestamp_millis();
        DateTime::from_timestamp(server.div_euclid(1000), 0).unwrap()
    }

    #[test]
    fn several_coarse_headers_give_a_fine_offset() {
        for ahead in [-90_000, -120, 0, 90_000] {
            let mut offset = Offset::default();
            for poll in 0..10 {
                let ms = poll * 3_170;
                offset.observe(at(ms), at(ms + 20), header(ms + 10, ahead));
            }
            let error = offset.estimate().unwrap() - TimeDelta::milliseconds(ahead);
            assert!(error.num_milliseconds().abs() <= 200, "{ahead}: off by {error}");
        }
    }

    #[test]
    fn a_clock_that_was_set_is_believed_at_once() {
        let mut offset = Offset::default();
        offset.observe(at(0), at(20), header(10, 0));
        offset.observe(at(3_000), at(3_020), header(3_010, 60_000));
        let error = offset.estimate().unwrap() - TimeDelta::seconds(60);
        assert!(error.num_milliseconds().abs() <= 600);
    }

    #[test]
    fn without_a_header_there_is_no_estimate() {
        assert_eq!(Offset::default().estimate(), None);
    }
}

//! How far a server's clock is ahead of ours.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

/// How many `Date` headers an estimate is made from.
const SAMPLES: usize = 16;

/// How far a server's clock is ahead of ours, estimated from its `Date` headers.
///
/// A header has a resolution of one second, so one alone is worth ±0.5 s at best. Each sample says
/// "the server's second `d` fell somewhere between sending and receiving", which bounds the offset
/// to an interval; the true offset lies in all of them, so their intersection narrows with each
/// sample. When a new sample misses the intersection, the clock was set: the old ones are forgotten.
///
/// "Ours" has to be a clock that nobody sets: then every step is one of the server's.
#[derive(Debug, Clone, Default)]
pub struct Offset {
    samples: VecDeque<(TimeDelta, TimeDelta)>,
    stepped: TimeDelta,
}

/// A header that misses what the others allow by less is not the word of a clock that was set: a
/// proxy answered, or one of several servers whose clocks differ a little.
const SET: TimeDelta = TimeDelta::seconds(2);

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
            let step = middle(sample) - middle((low, high));
            if step.abs() > SET {
                self.stepped += step;
            }
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
        self.bounds().map(middle)
    }

    /// By how much the server's clock was set since the first sample, all in all. Taken off what it
    /// shows, its time goes on as if nobody had ever set it.
    #[must_use]
    pub fn stepped(&self) -> TimeDelta {
        self.stepped
    }

    /// Server minus ours, as if the server's clock had never been set.
    #[must_use]
    pub fn steady(&self) -> Option<TimeDelta> {
        self.estimate().map(|estimate| estimate - self.stepped)
    }

    fn bounds(&self) -> Option<(TimeDelta, TimeDelta)> {
        let low = self.samples.iter().map(|s| s.0).max()?;
        let high = self.samples.iter().map(|s| s.1).min()?;
        Some((low, high))
    }
}

fn middle((low, high): (TimeDelta, TimeDelta)) -> TimeDelta {
    low + (high - low) / 2
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
    fn a_server_that_is_set_is_known_to_within_a_second_at_once_and_by_how_much() {
        for seconds in [-7200, -3600, -20, -5, 5, 20, 3600, 7200] {
            let mut offset = Offset::default();
            for poll in 0..5 {
                let ms = poll * 3_170;
                offset.observe(at(ms), at(ms + 20), header(ms + 10, 300));
            }
            let before = offset.steady().unwrap();
            let ahead = 300 + seconds * 1000;
            for poll in 5..15 {
                let ms = poll * 3_170;
                offset.observe(at(ms), at(ms + 20), header(ms + 10, ahead));
                let error = offset.estimate().unwrap() - TimeDelta::milliseconds(ahead);
                assert!(error.num_milliseconds().abs() <= 600, "{seconds}: {error}");
                let error = offset.stepped() - TimeDelta::seconds(seconds);
                assert!(error.num_milliseconds().abs() <= 1000, "{seconds}: {error}");
                let moved = offset.steady().unwrap() - before;
                assert!(moved.num_milliseconds().abs() <= 1000, "{seconds}: {moved}");
            }
        }
    }

    #[test]
    fn a_header_that_is_a_second_off_is_no_clock_that_was_set() {
        let mut offset = Offset::default();
        offset.observe(at(0), at(20), header(10, 0));
        offset.observe(at(3_000), at(3_020), header(3_010, 1_500));
        assert_eq!(offset.stepped(), TimeDelta::zero());
    }

    #[test]
    fn without_a_header_there_is_no_estimate() {
        assert_eq!(Offset::default().estimate(), None);
    }
}

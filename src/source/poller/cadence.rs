//! When to ask again: after a success, after each kind of failure, and within a budget of requests.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;

use crate::vendor::{Class, Trouble};

/// A missing permission may be granted any time, and asking is cheap.
const HOURLY: Duration = Duration::from_secs(60 * 60);

/// The longest wait after failures that may pass.
const LONGEST: Duration = Duration::from_secs(60);

/// Decides when the next attempt is due.
pub(super) struct Cadence {
    poll: Duration,
    builder: ExponentialBuilder,
    backoff: <ExponentialBuilder as BackoffBuilder>::Backoff,
}

impl Cadence {
    pub(super) fn new(poll: Duration) -> Self {
        // The jitter adds up to as much again, so that the cap is half of the longest wait.
        let builder = ExponentialBuilder::new()
            .with_min_delay(Duration::from_secs(1))
            .with_max_delay(LONGEST / 2)
            .without_max_times()
            .with_jitter();
        Self { poll, builder, backoff: builder.build() }
    }

    /// After a success that began at `began`: at the next beat of its own rhythm. Beats that were
    /// missed are left out, so that a slow answer is not followed by a burst.
    pub(super) fn after_success(&mut self, began: Instant, now: Instant) -> Instant {
        self.backoff = self.builder.build();
        self.next_beat(began, now)
    }

    fn next_beat(&self, began: Instant, now: Instant) -> Instant {
        let mut next = began + self.poll;
        if next < now {
            let missed = (now - next).as_nanos() / self.poll.as_nanos().max(1) + 1;
            next += self.poll.saturating_mul(u32::try_from(missed).unwrap_or(u32::MAX));
        }
        next
    }

    /// After a failure; none when asking again by itself would be wrong.
    pub(super) fn after_failure(
        &mut self,
        trouble: &Trouble,
        began: Instant,
        now: Instant,
    ) -> Option<Instant> {
        match trouble.class {
            Class::NotSet | Class::Denied | Class::Rejected => None,
            Class::NotEntitled => Some(now + HOURLY),
            Class::Garbled => Some(self.next_beat(began, now)),
            Class::Transient => {
                let own = self.backoff.next().unwrap_or(LONGEST).min(LONGEST);
                Some(now + trouble.retry_after.map_or(own, |asked| asked.max(own)))
            }
        }
    }
}

/// How the requests of a minute are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Budget {
    /// Between two main readings.
    pub main: Duration,
    /// Between two of all other requests; none when the main reading needs everything.
    pub rest: Option<Duration>,
}

impl Budget {
    /// The main reading takes what its `poll` needs, at most everything; everything else shares what
    /// is left, evenly spaced.
    pub(super) fn new(per_minute: u32, poll: Duration) -> Self {
        const MINUTE: Duration = Duration::from_secs(60);
        let main = poll.max(MINUTE / per_minute.max(1));
        let left = f64::from(per_minute) - MINUTE.as_secs_f64() / main.as_secs_f64();
        // Less than one a minute is none.
        let rest = (left >= 1.0).then(|| MINUTE.div_f64(left));
        Self { main, rest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn transient() -> Trouble {
        Trouble::new(Class::Transient, "HTTP 503 from the server")
    }

    #[tokio::test(start_paused = true)]
    async fn missed_beats_are_left_out() {
        let mut cadence = Cadence::new(secs(3));
        let began = Instant::now();
        assert_eq!(cadence.after_success(began, began + secs(1)), began + secs(3));
        assert_eq!(cadence.after_success(began, began + secs(7)), began + secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_grow_up_to_a_minute_and_start_over_after_a_success() {
        let mut cadence = Cadence::new(secs(3));
        let now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..12 {
            waits.push(cadence.after_failure(&transient(), now, now).unwrap() - now);
        }
        assert!(waits[0] >= secs(1) && waits[0] <= secs(2), "{waits:?}");
        assert!(waits[3] >= secs(8), "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= secs(60)), "{waits:?}");
        assert!(waits[11] >= secs(30), "{waits:?}");
        let _ = cadence.after_success(now, now);
        assert!(cadence.after_failure(&transient(), now, now).unwrap() - now <= secs(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_wish_to_be_left_alone_is_honoured_beyond_the_cap() {
        let mut cadence = Cadence::new(secs(3));
        let now = Instant::now();
        let wish = Trouble { retry_after: Some(secs(600)), ..transient() };
        assert_eq!(cadence.after_failure(&wish, now, now), Some(now + secs(600)));
    }

    #[test]
    fn the_main_reading_goes_first_and_the_rest_is_for_everything_else() {
        let budget = Budget::new(60, secs(3));
        assert_eq!(budget, Budget { main: secs(3), rest: Some(Duration::from_millis(1500)) });
        assert_eq!(Budget::new(20, secs(3)), Budget { main: secs(3), rest: None });
        assert_eq!(Budget::new(10, secs(3)), Budget { main: secs(6), rest: None });
    }
}

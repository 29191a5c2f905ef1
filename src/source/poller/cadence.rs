//! When to ask again: after a success, after each kind of failure, and within a budget of requests.
//!
//! Nothing is given up. A wall takes no keys, and what looks final (a wrong request, a credential
//! refused) has often been one odd answer of something in between. So what has been right before is
//! asked again at its next poll, and whatever goes on failing ever more slowly.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;

use crate::vendor::{Class, Trouble};

/// While a trouble that may pass is younger than this, it is asked again as often as usual: most are
/// over by then, and the server is asked no more than when it is well.
const YOUNG: Duration = Duration::from_secs(60);

/// The longest wait after failures that may pass.
const LONGEST: Duration = Duration::from_secs(30);

/// The first wait after a refusal that is not the first, doubled by each further one.
const FIRST_REST: Duration = Duration::from_secs(30);

/// The longest wait after a refused credential or request, or an error of our own: seldom enough that no
/// account is locked out by it, often enough that a wall is not dark for long.
const LONGEST_REST: Duration = Duration::from_secs(5 * 60);

/// A missing permission may be granted any time, but nobody grants it twice an hour.
const HOURLY: Duration = Duration::from_secs(60 * 60);

/// The longest that a vendor is left alone for its asking: beyond it a number is a mistake, and a
/// wall would stay dark for it.
const LONGEST_WISH: Duration = Duration::from_secs(60 * 60);

/// Decides when the next attempt is due.
#[derive(Debug)]
pub(in crate::source) struct Cadence {
    poll: Duration,
    /// Whether no attempt may come sooner than the poll: the requests are counted.
    is_budgeted: bool,
    backoff: <ExponentialBuilder as BackoffBuilder>::Backoff,
    /// Whether there has been a success in this run.
    was_right: bool,
    /// Since when it has failed; none after a success.
    failing_since: Option<Instant>,
    /// Refusals since the last success.
    refusals: u32,
}

impl Cadence {
    pub(in crate::source) fn new(poll: Duration) -> Self {
        Self {
            poll,
            is_budgeted: false,
            backoff: backoff(),
            was_right: false,
            failing_since: None,
            refusals: 0,
        }
    }

    /// One that never asks sooner than after the poll.
    pub(super) fn budgeted(poll: Duration) -> Self {
        Self { is_budgeted: true, ..Self::new(poll) }
    }

    /// After a success that began at `began`: at the next beat of its own rhythm. Beats that were
    /// missed are left out, so that a slow answer is not followed by a burst.
    pub(in crate::source) fn after_success(&mut self, began: Instant, now: Instant) -> Instant {
        self.backoff = backoff();
        self.was_right = true;
        self.failing_since = None;
        self.refusals = 0;
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

    /// After a failure of an attempt that began at `began`.
    pub(in crate::source) fn after_failure(
        &mut self,
        trouble: &Trouble,
        began: Instant,
        now: Instant,
    ) -> Instant {
        let since = *self.failing_since.get_or_insert(now);
        let is_young = now - since < YOUNG;
        let beat = self.next_beat(began, now);
        let own = match trouble.class {
            Class::NotSet | Class::Denied | Class::Rejected | Class::Internal => {
                self.after_refusal(LONGEST_REST, beat, now)
            }
            Class::NotEntitled if self.was_right => self.after_refusal(HOURLY, beat, now),
            Class::NotEntitled => now + HOURLY,
            Class::Garbled if is_young => beat,
            Class::Garbled => beat.max(now + self.longer_wait()),
            Class::Transient => {
                let wait = self.longer_wait();
                let wait = if is_young { wait.min(self.poll) } else { wait };
                let next = now + wait;
                if self.is_budgeted { next.max(beat) } else { next }
            }
        };
        wish(trouble).map_or(own, |wish| own.max(now + wish))
    }

    /// What has been right in this run is asked again at its next `beat` after a first refusal.
    fn after_refusal(&mut self, longest: Duration, beat: Instant, now: Instant) -> Instant {
        let before = self.refusals;
        self.refusals = before.saturating_add(1);
        let rests = if self.was_right { before.checked_sub(1) } else { Some(before) };
        match rests {
            None => beat,
            Some(rests) => {
                let factor = 2_u32.saturating_pow(rests);
                beat.max(now + FIRST_REST.saturating_mul(factor).min(longest))
            }
        }
    }

    fn longer_wait(&mut self) -> Duration {
        self.backoff.next().unwrap_or(LONGEST).min(LONGEST)
    }
}

/// The jitter adds up to as much again, so that the cap is half of the longest wait.
fn backoff() -> <ExponentialBuilder as BackoffBuilder>::Backoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_secs(1))
        .with_max_delay(LONGEST / 2)
        .without_max_times()
        .with_jitter()
        .build()
}

/// How long the vendor wants to be left alone, as far as that is heeded.
pub(super) fn wish(trouble: &Trouble) -> Option<Duration> {
    trouble.retry_after.map(|asked| asked.min(LONGEST_WISH))
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

    fn of(class: Class) -> Trouble {
        Trouble::new(class, "as the test says")
    }

    /// The waits after each of `count` failures of `class`, each attempt at the end of the wait before.
    fn waits(cadence: &mut Cadence, class: Class, count: usize) -> Vec<Duration> {
        let mut now = Instant::now();
        let mut wait = || {
            let next = cadence.after_failure(&of(class), now, now);
            let wait = next - now;
            now = next;
            wait
        };
        (0..count).map(|_| wait()).collect()
    }

    fn been_right(poll: Duration) -> Cadence {
        let mut cadence = Cadence::new(poll);
        let _ = cadence.after_success(Instant::now(), Instant::now());
        cadence
    }

    #[tokio::test(start_paused = true)]
    async fn missed_beats_are_left_out() {
        let mut cadence = Cadence::new(secs(3));
        let began = Instant::now();
        assert_eq!(cadence.after_success(began, began + secs(1)), began + secs(3));
        assert_eq!(cadence.after_success(began, began + secs(7)), began + secs(9));
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_pass_is_asked_again_as_often_as_usual_for_a_minute_and_then_more_slowly() {
        for poll in [1, 3, 15] {
            let mut cadence = Cadence::new(secs(poll));
            let waits = waits(&mut cadence, Class::Transient, 400);
            let mut age = Duration::ZERO;
            for wait in &waits {
                let most = if age < secs(60) { secs(poll) } else { secs(30) };
                assert!(*wait <= most, "{wait:?} at {age:?}: {waits:?}");
                age += *wait;
            }
            assert!(waits[399] >= secs(15), "{waits:?}");
            let _ = cadence.after_success(Instant::now(), Instant::now());
            let now = Instant::now();
            let next = cadence.after_failure(&of(Class::Transient), now, now);
            assert!(next - now <= secs(2), "it starts over after a success");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_requests_are_counted_no_failure_makes_them_more() {
        let mut cadence = Cadence::budgeted(secs(6));
        let waits = waits(&mut cadence, Class::Transient, 9);
        assert!(waits.iter().all(|wait| *wait == secs(6)), "{waits:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn garbled_answers_change_no_rhythm_for_a_minute_and_are_asked_for_more_slowly_then() {
        let waits = waits(&mut Cadence::new(secs(3)), Class::Garbled, 60);
        assert!(waits[..20].iter().all(|wait| *wait == secs(3)), "{waits:?}");
        assert!(waits[40..].iter().all(|wait| (secs(15)..=secs(30)).contains(wait)), "{waits:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_rest_ever_longer_and_at_most_five_minutes() {
        for class in [Class::Denied, Class::Rejected, Class::Internal] {
            let never_right = waits(&mut Cadence::new(secs(3)), class, 6);
            let expected = [30, 60, 120, 240, 300, 300].map(secs);
            assert_eq!(never_right, expected, "{class:?}");
            let after = waits(&mut been_right(secs(3)), class, 7);
            assert_eq!(after[0], secs(3), "one odd answer is asked again at the next poll");
            assert_eq!(after[1..], expected, "{class:?}");
        }
        let seldom = waits(&mut been_right(secs(120)), Class::Rejected, 4);
        assert_eq!(seldom, [120, 120, 120, 120].map(secs), "no failure makes it more frequent");
    }

    #[tokio::test(start_paused = true)]
    async fn a_missing_permission_is_asked_for_hourly_but_not_at_the_first_odd_answer() {
        let never_right = waits(&mut Cadence::new(secs(3)), Class::NotEntitled, 2);
        assert_eq!(never_right, [secs(3600), secs(3600)]);
        let after = waits(&mut been_right(secs(3)), Class::NotEntitled, 9);
        let expected = [3, 30, 60, 120, 240, 480, 960, 1920, 3600].map(secs);
        assert_eq!(after, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wish_to_be_left_alone_is_honoured_for_an_hour_at_most() {
        let mut cadence = Cadence::new(secs(3));
        let now = Instant::now();
        for (asked, wait) in [(600, 600), (86_400, 3600)] {
            for class in [Class::Transient, Class::Garbled, Class::Denied] {
                let wish = Trouble { retry_after: Some(secs(asked)), ..of(class) };
                assert_eq!(cadence.after_failure(&wish, now, now), now + secs(wait), "{class:?}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn hours_without_a_network_are_followed_by_a_reading_within_half_a_minute() {
        let mut cadence = been_right(secs(15));
        let waits = waits(&mut cadence, Class::Transient, 5_000);
        let long = waits.iter().sum::<Duration>() > secs(24 * 3600);
        assert!(long && waits.iter().all(|wait| *wait <= secs(30)), "{waits:?}");
    }

    #[test]
    fn the_main_reading_goes_first_and_the_rest_is_for_everything_else() {
        let budget = Budget::new(60, secs(3));
        assert_eq!(budget, Budget { main: secs(3), rest: Some(Duration::from_millis(1500)) });
        assert_eq!(Budget::new(20, secs(3)), Budget { main: secs(3), rest: None });
        assert_eq!(Budget::new(10, secs(3)), Budget { main: secs(6), rest: None });
    }
}

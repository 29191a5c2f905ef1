//! The clock that a run goes by, while somebody sets the machine's.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::TimeDelta;

use super::Clock;

/// How far the machine's clock must be from where it should be to have been set. What corrects it
/// little by little corrects the steady clock as well.
const SET: TimeDelta = TimeDelta::milliseconds(500);

/// The clock that a run goes by. What happens is told by a steady clock, which nobody sets; what is
/// shown and kept is told by the same, moved by as much as the machine's was set, once that has been
/// noticed and is to be followed. Both are moved by one owner at one moment, so that no two instants
/// that are compared were told by different clocks. Clones are one clock.
#[derive(Debug, Clone)]
pub struct RunClock {
    machine: Clock,
    steady: Clock,
    /// The milliseconds by which what is shown is ahead of the steady clock.
    ahead: Arc<AtomicI64>,
}

impl From<Clock> for RunClock {
    /// A run for which nobody sets a clock.
    fn from(clock: Clock) -> Self {
        Self::new(clock.clone(), clock)
    }
}

impl RunClock {
    /// A run on this machine.
    #[must_use]
    pub fn of_this_machine() -> Self {
        Self::new(Clock::system(), Clock::steady())
    }

    /// A run for which `machine` tells what the machine's clock shows, and `steady` goes on whatever is
    /// done to that.
    #[must_use]
    pub fn new(machine: Clock, steady: Clock) -> Self {
        Self { machine, steady, ahead: Arc::default() }
    }

    /// What is shown and kept goes by this one.
    #[must_use]
    pub fn shown(&self) -> Clock {
        let (steady, ahead) = (self.steady.clone(), Arc::clone(&self.ahead));
        Clock::telling(move || {
            steady.now() + TimeDelta::milliseconds(ahead.load(Ordering::Relaxed))
        })
    }

    /// What is read goes by this one, which is never set.
    #[must_use]
    pub fn steady(&self) -> Clock {
        self.steady.clone()
    }

    /// By how much what is shown is ahead of the steady clock.
    #[must_use]
    pub fn ahead(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.ahead.load(Ordering::Relaxed))
    }

    /// By how much the machine's clock was set since it last agreed with what is shown, in whole
    /// milliseconds, as instants are kept; none where it agrees.
    #[must_use]
    pub fn step(&self) -> Option<TimeDelta> {
        let step = self.machine.now() - self.steady.now() - self.ahead();
        let step = TimeDelta::milliseconds(step.num_milliseconds());
        (step.abs() >= SET).then_some(step)
    }

    /// Moves what is shown by `step`.
    pub fn follow(&self, step: TimeDelta) {
        self.ahead.fetch_add(step.num_milliseconds(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use chrono::{DateTime, Utc};

    use super::*;

    /// A clock that the test moves.
    fn movable() -> (Arc<Mutex<DateTime<Utc>>>, Clock) {
        let at = Arc::new(Mutex::new(DateTime::from_timestamp(1_772_377_200, 0).unwrap()));
        let told = Arc::clone(&at);
        (at, Clock::telling(move || *told.lock().unwrap()))
    }

    #[test]
    fn a_step_of_the_machine_changes_nothing_until_it_is_followed() {
        for seconds in [-7200, -3600, -20, -5, 5, 20, 3600, 7200] {
            let (at, machine) = movable();
            let (passed, steady) = movable();
            let run = RunClock::new(machine, steady);
            let (shown, read) = (run.shown(), run.steady());
            let step = TimeDelta::seconds(seconds);
            let second = TimeDelta::seconds(1);
            for clock in [&at, &passed] {
                *clock.lock().unwrap() += second;
            }
            assert_eq!(run.step(), None);
            let before = (shown.now(), read.now());
            *at.lock().unwrap() += step;
            assert_eq!(run.step(), Some(step));
            assert_eq!((shown.now(), read.now()), before, "{seconds}: nobody has followed it");
            run.follow(step);
            assert_eq!(run.step(), None, "{seconds}");
            assert_eq!(shown.now(), before.0 + step, "{seconds}: as the machine shows it");
            assert_eq!(read.now(), before.1, "{seconds}: what is read knows nothing of it");
            assert_eq!(run.ahead(), step);
        }
    }

    #[test]
    fn a_machine_that_slept_was_not_set() {
        let (at, machine) = movable();
        let (passed, steady) = movable();
        let run = RunClock::new(machine, steady);
        for clock in [&at, &passed] {
            *clock.lock().unwrap() += TimeDelta::hours(8);
        }
        assert_eq!(run.step(), None);
    }

    #[test]
    fn the_steady_clock_begins_with_the_machines_and_goes_on() {
        let (steady, machine) = (Clock::steady(), Clock::system());
        let first = steady.now();
        assert!((first - machine.now()).abs() < TimeDelta::seconds(5));
        assert!(steady.now() >= first);
    }
}

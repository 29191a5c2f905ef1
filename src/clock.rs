//! The one reader of the wall clock, the clock that a run goes by when the machine's is set, and the
//! estimate of how far a source's clock is from ours; and which instants of somebody else's can be meant.
//!
//! Everything else takes `now` as an argument, so that a test, a replay and the running program
//! compute with the same code.

mod offset;
mod plausible;
mod run;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

pub use offset::Offset;
pub use plausible::{plausible, plausible_time};
pub use run::RunClock;

/// An injected wall clock. Clones tell the same time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(system_now))
    }

    /// A clock that begins where the machine's stands and goes on steadily from there, also while the
    /// machine sleeps: it is never set.
    #[must_use]
    pub fn steady() -> Self {
        let (wall, begun) = (system_now(), since_boot());
        Self::telling(move || wall + (since_boot() - begun))
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

/// Time since the machine was started, asleep or awake. It is never set; what corrects the wall clock
/// little by little corrects it as well.
fn since_boot() -> TimeDelta {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const COUNTED: rustix::time::ClockId = rustix::time::ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const COUNTED: rustix::time::ClockId = rustix::time::ClockId::Monotonic;
    let time = rustix::time::clock_gettime(COUNTED);
    TimeDelta::seconds(time.tv_sec) + TimeDelta::nanoseconds(time.tv_nsec)
}

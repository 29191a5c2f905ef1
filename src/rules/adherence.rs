//! How far from the schedule an agent may be before it is worth saying.

use chrono::TimeDelta;

/// How long an agent may be out of adherence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdherenceLimits {
    /// A state that corrects itself within it never alarms.
    pub grace: TimeDelta,
    /// From here on it wants someone to act.
    pub severe: TimeDelta,
}

impl Default for AdherenceLimits {
    fn default() -> Self {
        Self { grace: TimeDelta::minutes(2), severe: TimeDelta::minutes(15) }
    }
}

//! The figures of a stretch of time: of one person, or of several together.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{ActivityKind, AdherencePct};

/// Time in each activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    by_kind: [TimeDelta; ActivityKind::ALL.len()],
    /// Of the time on contact, that on calls on the agent's own phone: no work.
    own_calls: TimeDelta,
}

impl Times {
    /// Time in activities of `kind`; what is on contact includes calls on the agent's own phone.
    #[must_use]
    pub fn of(&self, kind: ActivityKind) -> TimeDelta {
        self.by_kind[kind as usize]
    }

    /// All of it: the length of the window, or of everybody's windows together.
    #[must_use]
    pub fn all(&self) -> TimeDelta {
        self.by_kind.iter().sum()
    }
}

/// The figures of a window: see [`super::kpi`] for the formulas.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The window's beginning, in our clock.
    pub since: DateTime<Utc>,
    /// The window's end, in our clock.
    pub until: DateTime<Utc>,
    /// Time in each activity; the sum is the window's length, times the number of people.
    pub times: Times,
    /// On contact (but calls on the agent's own phone) and wrap-up.
    pub handle: TimeDelta,
    /// The window less offline and unknown.
    pub logged_in: TimeDelta,
    /// Percent, unrounded; none where there is nothing to divide by.
    pub occupancy_pct: Option<f64>,
    /// Percent, unrounded; none where there is nothing to divide by.
    pub utilization_pct: Option<f64>,
    /// Share of scheduled time spent as scheduled, unrounded.
    pub adherence: AdherencePct,
    /// Worked time by scheduled time whenever it was, percent, unrounded; may exceed 100.
    pub conformance_pct: Option<f64>,
}

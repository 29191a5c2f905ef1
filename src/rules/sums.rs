//! What a stretch of time adds up to.

use std::ops::AddAssign;

use chrono::{DateTime, Utc};

use super::attendance::{Attendance, Plan};
use super::times::{Doing, Times, span};

/// What a stretch of time adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Time in each activity.
    pub(super) times: Times,
    /// Beside what was scheduled.
    pub(super) attendance: Attendance,
}

impl Sums {
    /// Adds the time from `since` to `until`, in which somebody was `doing` something and `plan` was what
    /// was wanted.
    pub(super) fn spend(
        &mut self,
        doing: Doing,
        plan: &Plan,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) {
        self.times.spend(doing, span(since, until));
        self.attendance += &plan.attended(doing, since, until);
    }

    /// Takes back what [`Self::spend`] added.
    pub(super) fn take_back(
        &mut self,
        doing: Doing,
        plan: &Plan,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) {
        self.times.take_back(doing, span(since, until));
        self.attendance -= &plan.attended(doing, since, until);
    }

    /// The same of one person whom the schedule binds, or does not.
    pub(super) fn of_bound(self, is_bound: bool) -> Self {
        let attendance =
            if is_bound { self.attendance.comparable() } else { Attendance::default() };
        Self { attendance, ..self }
    }
}

impl AddAssign<&Self> for Sums {
    fn add_assign(&mut self, other: &Self) {
        self.times += &other.times;
        self.attendance += &other.attendance;
    }
}

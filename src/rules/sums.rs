//! What a stretch of time adds up to.

use std::ops::AddAssign;

use chrono::{DateTime, Utc};

use super::attendance::{Attendance, Plan};
use super::gaps::Gaps;
use super::times::{Doing, Times, span};

/// What a stretch of time adds up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// Time in each activity.
    pub(super) times: Times,
    /// Beside what was scheduled.
    pub(super) attendance: Attendance,
    /// What nobody knows of it.
    pub(super) gaps: Gaps,
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
        let (attendance, gaps) = plan.attended(doing, since, until);
        self.attendance += &attendance;
        self.gaps += &gaps;
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
        let (attendance, gaps) = plan.attended(doing, since, until);
        self.attendance -= &attendance;
        self.gaps -= &gaps;
    }

    /// The same of the time in one queue, out of a `day`: nobody knows where the day's unknown time was
    /// spent, so each queue bears its share.
    pub(super) fn of_seat(self, day: &Self) -> Self {
        Self { gaps: day.gaps.part(&self.times, &day.times), ..self }
    }

    /// The same of one person whom the schedule binds, or does not.
    pub(super) fn of_bound(self, is_bound: bool) -> Self {
        if !is_bound {
            let (attendance, gaps) = (Attendance::default(), self.gaps.unbound());
            return Self { attendance, gaps, ..self };
        }
        let gaps = self.gaps.beside(self.attendance.scheduled);
        Self { attendance: self.attendance.comparable(), gaps, ..self }
    }
}

impl AddAssign<&Self> for Sums {
    fn add_assign(&mut self, other: &Self) {
        self.times += &other.times;
        self.attendance += &other.attendance;
        self.gaps += &other.gaps;
    }
}

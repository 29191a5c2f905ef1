//! What nobody knows of the time that figures are about.

use std::ops::{AddAssign, SubAssign};

use chrono::TimeDelta;

use super::duty::Duty;
use super::times::{Doing, Times, total};
use crate::model::ActivityKind;

/// What is missing of the time that figures are about. Time in which nobody can have been at work, by a
/// log or since they were off, is missed by nobody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Time in which somebody may have been logged in, of which nobody knows what they did: missing of
    /// occupancy and utilization.
    pub logged_in: TimeDelta,
    /// Scheduled time of which nobody knows whether it was kept: missing of adherence.
    pub scheduled: TimeDelta,
    /// Scheduled work of which nobody knows whether it was done: missing of conformance.
    pub due: TimeDelta,
    /// Time in which somebody was or may have been logged in, and nobody knows what was scheduled:
    /// missing of both.
    pub unplanned: TimeDelta,
}

impl Gaps {
    /// What is missing of `time` in which somebody whom the schedule wanted to do `duty` was `doing`
    /// something.
    pub(super) fn of(doing: Doing, duty: Option<Duty>, time: TimeDelta) -> Self {
        let time_if = |is_so: bool| if is_so { time } else { TimeDelta::zero() };
        let is_unseen = doing.attended() == ActivityKind::Unknown;
        let was_away = doing.attended() == ActivityKind::Offline;
        let is_planned = matches!(duty, Some(Duty::Work | Duty::Away | Duty::Off));
        Self {
            logged_in: time_if(
                doing.kind() == ActivityKind::Unknown && !was_away && duty != Some(Duty::Off),
            ),
            scheduled: time_if(is_unseen && matches!(duty, Some(Duty::Work | Duty::Away))),
            due: time_if(is_unseen && duty == Some(Duty::Work)),
            unplanned: time_if(!is_planned && !was_away),
        }
    }

    /// The same where the schedule binds nobody.
    pub(super) fn unbound(self) -> Self {
        Self { logged_in: self.logged_in, ..Self::default() }
    }

    /// The same of whom so much `scheduled` time is known: who has no schedule at all is missing in no
    /// average.
    pub(super) fn beside(self, scheduled: TimeDelta) -> Self {
        let has_schedule = total([scheduled, self.scheduled]) > TimeDelta::zero();
        if has_schedule { self } else { self.unbound() }
    }

    /// The part of it that falls to a share of somebody's time: what is missing of a day is missing of
    /// each of its parts by their size.
    pub(super) fn part(self, times: &Times, all: &Times) -> Self {
        let (part, whole) = (times.logged_in(), all.logged_in());
        let cut = |missing: TimeDelta| scaled(missing, part, whole);
        Self {
            logged_in: cut(self.logged_in),
            scheduled: cut(self.scheduled),
            due: cut(self.due),
            unplanned: cut(self.unplanned),
        }
    }
}

/// `time` times `part` by `whole`; nothing where the whole is.
fn scaled(time: TimeDelta, part: TimeDelta, whole: TimeDelta) -> TimeDelta {
    let ms = |time: TimeDelta| i128::from(time.num_milliseconds().max(0));
    let scaled = (ms(time) * ms(part)).checked_div(ms(whole)).unwrap_or(0);
    i64::try_from(scaled).ok().and_then(TimeDelta::try_milliseconds).unwrap_or(TimeDelta::MAX)
}

impl AddAssign<&Self> for Gaps {
    fn add_assign(&mut self, other: &Self) {
        self.logged_in = total([self.logged_in, other.logged_in]);
        self.scheduled = total([self.scheduled, other.scheduled]);
        self.due = total([self.due, other.due]);
        self.unplanned = total([self.unplanned, other.unplanned]);
    }
}

impl SubAssign<&Self> for Gaps {
    /// Takes back what was added.
    fn sub_assign(&mut self, other: &Self) {
        self.logged_in -= other.logged_in;
        self.scheduled -= other.scheduled;
        self.due -= other.due;
        self.unplanned -= other.unplanned;
    }
}

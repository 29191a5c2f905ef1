//! How somebody's time compares with the schedule.

use std::ops::{AddAssign, SubAssign};

use chrono::{DateTime, TimeDelta, Utc};

use super::duty::Duty;
use super::gaps::Gaps;
use super::times::{Doing, span, total};
use crate::model::{ActivityKind, TimetableEntry};

/// The formula of adherence, in percent.
pub const ADHERENCE: &str = "adherence % = 100 x scheduled time spent as scheduled / scheduled time; \
     time of which nobody knows what was done is left out, and so is time off";

/// The formula of conformance, in percent.
pub const CONFORMANCE: &str = "conformance % = 100 x worked time / scheduled work, whenever it was worked; \
     worked is available, ringing, on contact and wrap-up, as far as the schedule of the time is known";

/// Both sides of adherence and of conformance. Of several people, or of several stretches of time, the
/// sum of each side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attendance {
    /// Time in which somebody was scheduled to work or to be away, and it is known what they did.
    pub scheduled: TimeDelta,
    /// Of this, spent as scheduled.
    pub kept: TimeDelta,
    /// Time worked, on duty or off; not where nobody knows what was scheduled.
    pub worked: TimeDelta,
    /// Of the scheduled time, work.
    pub due: TimeDelta,
}

impl Attendance {
    /// What `time` comes to in which somebody whom the schedule wanted to do `duty` was `doing`
    /// something.
    fn of(doing: Doing, duty: Option<Duty>, time: TimeDelta) -> Self {
        if doing.attended() == ActivityKind::Unknown {
            return Self::default();
        }
        let time_if = |is_so: bool| if is_so { time } else { TimeDelta::zero() };
        let is_kept = match duty {
            Some(Duty::Work) => doing.is_work(),
            Some(Duty::Away) => doing.attended() == ActivityKind::Away || doing.is_own_call(),
            Some(Duty::Off | Duty::Unknown) | None => false,
        };
        Self {
            scheduled: time_if(matches!(duty, Some(Duty::Work | Duty::Away))),
            kept: time_if(is_kept),
            // Without the schedule of the time there is nothing to compare its work with.
            worked: time_if(doing.is_work() && duty.is_some_and(|duty| duty != Duty::Unknown)),
            due: time_if(duty == Some(Duty::Work)),
        }
    }

    /// Adds time of which only sums are known, not what was done when: `worked` of it, while `due` of
    /// it was scheduled work.
    pub(super) fn spend_summed(&mut self, worked: TimeDelta, due: TimeDelta) {
        self.worked = total([self.worked, worked]);
        self.due = total([self.due, due]);
    }

    /// The same without the work of somebody of whom none was wanted: there is nothing to compare it
    /// with, and it must not make up for what others did not work.
    #[must_use]
    pub(super) fn comparable(self) -> Self {
        let worked = if self.due > TimeDelta::zero() { self.worked } else { TimeDelta::zero() };
        Self { worked, ..self }
    }

    /// Percent, unrounded; none where nothing was scheduled.
    #[must_use]
    pub fn adherence_pct(&self) -> Option<f64> {
        percent(self.kept, self.scheduled)
    }

    /// Percent, unrounded, and more than 100 where more was worked than scheduled; none where no work
    /// was scheduled.
    #[must_use]
    pub fn conformance_pct(&self) -> Option<f64> {
        percent(self.worked, self.due)
    }
}

impl AddAssign<&Self> for Attendance {
    fn add_assign(&mut self, other: &Self) {
        self.scheduled = total([self.scheduled, other.scheduled]);
        self.kept = total([self.kept, other.kept]);
        self.worked = total([self.worked, other.worked]);
        self.due = total([self.due, other.due]);
    }
}

impl SubAssign<&Self> for Attendance {
    /// Takes back what was added.
    fn sub_assign(&mut self, other: &Self) {
        self.scheduled -= other.scheduled;
        self.kept -= other.kept;
        self.worked -= other.worked;
        self.due -= other.due;
    }
}

/// What a schedule wants of one person for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Task {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    duty: Duty,
}

/// What a schedule wants of one person, oldest first, without overlaps; in between nobody knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Plan {
    tasks: Vec<Task>,
}

impl Plan {
    /// The plan of `entries`, which do not overlap, oldest first. One without an end is nothing.
    pub(super) fn of(entries: &[TimetableEntry]) -> Self {
        let task = |entry: &TimetableEntry| {
            let (since, until) = (entry.since?, entry.until?);
            Some(Task { since, until, duty: Duty::from(&entry.scheduled) })
        };
        Self { tasks: entries.iter().filter_map(task).collect() }
    }

    /// Whether it says anything that we understand of the time before `until`.
    pub(super) fn is_known(&self, until: DateTime<Utc>) -> bool {
        self.tasks.iter().any(|task| task.since < until && task.duty != Duty::Unknown)
    }

    /// Whether it says the same as `other` of the time before `until`.
    pub(super) fn agrees(&self, other: &Self, until: DateTime<Utc>) -> bool {
        self.before(until).eq(other.before(until))
    }

    fn before(&self, until: DateTime<Utc>) -> impl Iterator<Item = Task> {
        let begun = self.tasks.iter().take_while(move |task| task.since < until);
        begun.map(move |task| Task { until: task.until.min(until), ..*task })
    }

    /// The time from `since` to `until`, in which somebody was `doing` something, beside it; and what of
    /// that nobody knows.
    pub(super) fn attended(
        &self,
        doing: Doing,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> (Attendance, Gaps) {
        let (mut sum, mut gaps) = (Attendance::default(), Gaps::default());
        for (since, until, duty) in self.parts(since, until) {
            let time = span(since, until);
            sum += &Attendance::of(doing, duty, time);
            gaps += &Gaps::of(doing, duty, time);
        }
        (sum, gaps)
    }

    /// Whether it says what is wanted at every instant from `since` until `until`.
    pub(super) fn covers(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        let mut parts = self.parts(since, until);
        parts.all(|(_, _, duty)| duty.is_some_and(|duty| duty != Duty::Unknown))
    }

    /// Scheduled work between `since` and `until`.
    pub(super) fn work(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> TimeDelta {
        let work = self.parts(since, until).filter(|(_, _, duty)| *duty == Some(Duty::Work));
        total(work.map(|(since, until, _)| span(since, until)))
    }

    /// The parts of the time from `since` to `until`, with one duty each, oldest first.
    fn parts(
        &self,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>, Option<Duty>)> {
        let mut at = since;
        let mut index = self.tasks.partition_point(|task| task.until <= since);
        std::iter::from_fn(move || {
            if at >= until {
                return None;
            }
            let from = at;
            let duty = match self.tasks.get(index) {
                Some(task) if task.since <= from => {
                    at = task.until;
                    index += 1;
                    Some(task.duty)
                }
                Some(task) => {
                    at = task.since;
                    None
                }
                None => {
                    at = until;
                    None
                }
            };
            at = at.min(until);
            Some((from, at, duty))
        })
    }
}

/// `part` in percent of `whole`; none where the whole is nothing. Of milliseconds, since seconds are
/// fractions of which not all are exact: a half must stay one to be rounded up.
#[expect(
    clippy::cast_precision_loss,
    reason = "the milliseconds of any floor's day are below 2^52"
)]
pub(super) fn percent(part: TimeDelta, whole: TimeDelta) -> Option<f64> {
    let ms = |time: TimeDelta| time.num_milliseconds() as f64;
    (ms(whole) > 0.0).then(|| 100.0 * ms(part) / ms(whole))
}

//! Stretches of time, joined where they touch.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::moved::Moved as _;

/// Stretches of time, each from an instant until another, exclusive; apart and in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Covered(Vec<(DateTime<Utc>, DateTime<Utc>)>);

impl Covered {
    /// Adds the time between `from` and `until`.
    pub(super) fn add(&mut self, from: DateTime<Utc>, until: DateTime<Utc>) {
        if from >= until {
            return;
        }
        let first = self.0.partition_point(|(_, end)| *end < from);
        let last = self.0.partition_point(|(begin, _)| *begin <= until);
        let joined = self.0[first..last]
            .iter()
            .fold((from, until), |(from, until), (begin, end)| (from.min(*begin), until.max(*end)));
        self.0.splice(first..last, [joined]);
    }

    pub(super) fn move_by(&mut self, by: TimeDelta) {
        self.0.iter_mut().flat_map(|(from, until)| [from, until]).for_each(|at| at.move_by(by));
    }

    /// Whether `at` lies in it.
    pub(super) fn contains(&self, at: DateTime<Utc>) -> bool {
        let begun = self.0.partition_point(|(begin, _)| *begin <= at);
        begun.checked_sub(1).and_then(|last| self.0.get(last)).is_some_and(|(_, end)| at < *end)
    }

    /// Forgets what ended before `before`.
    pub(super) fn trim(&mut self, before: DateTime<Utc>) {
        let stale = self.0.partition_point(|(_, end)| *end < before);
        self.0.drain(..stale);
    }
}

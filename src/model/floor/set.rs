//! The machine's clock was set while the floor was watched.

use chrono::{DateTime, TimeDelta, Utc};

use super::Floor;
use crate::model::moved::Moved as _;
use crate::model::{ClockSet, Entry};

impl Floor {
    /// Whether a machine whose clock was set by `step` is nearer to the truth than before. The sources'
    /// clocks say so, where any of them is known: half of them or more. A clock that was put wrong must
    /// not move shifts, lateness and alerts; one that was put right must.
    #[must_use]
    pub fn believes_in(&self, step: TimeDelta) -> bool {
        let offsets = self.feeds.iter().filter_map(|feed| feed.clock_offset);
        let (nearer, farther): (Vec<_>, Vec<_>) =
            offsets.partition(|offset| (*offset - step).abs() < offset.abs());
        nearer.len() >= farther.len()
    }

    /// Moves everything that this run has seen by `by`, as the machine's clock was when it showed `at`.
    /// What has to be kept, so that the journal tells the same.
    pub fn move_by(&mut self, by: TimeDelta, at: DateTime<Utc>) -> Vec<Entry> {
        let alerts = self.alerts.all().cloned().collect();
        let days = self.pasts.own_days();
        self.feeds.move_by(by);
        self.people.move_by(by);
        self.queues.move_by(by);
        self.pasts.move_by(by);
        self.alerts.move_by(by);
        let set = Entry::ClockSet(Box::new(ClockSet { at, by, alerts, days }));
        std::iter::once(set).chain(self.pasts.of_own_days()).collect()
    }
}

//! The machine's clock was set while the floor was watched.

use chrono::TimeDelta;

use super::Floor;
use crate::model::moved::Moved as _;

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

    /// Moves everything that this run has seen by `by`, as the machine's clock was.
    pub fn move_by(&mut self, by: TimeDelta) {
        self.feeds.move_by(by);
        self.people.move_by(by);
        self.queues.move_by(by);
        self.pasts.move_by(by);
        self.alerts.move_by(by);
    }
}

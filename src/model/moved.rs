//! Everything of this run's that was told by one clock, moved to another: the machine's clock was set,
//! and the same instants have other names now.
//!
//! What earlier runs kept stays as they kept it: whether their clock was right nobody knows.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    AgentHistory, Alert, Body, Connection, Contact, Feed, Hold, Observation, Outcome, Presence,
    Reading, Report, SideFeed, Span, Spell, Unread, VendorAdherence, VendorKpi,
};

/// What holds instants of our clock.
pub(super) trait Moved {
    /// Moves every one of them by `by`.
    fn move_by(&mut self, by: TimeDelta);
}

impl Moved for DateTime<Utc> {
    fn move_by(&mut self, by: TimeDelta) {
        *self = self.checked_add_signed(by).unwrap_or(*self);
    }
}

impl<T: Moved> Moved for Option<T> {
    fn move_by(&mut self, by: TimeDelta) {
        each(self, by);
    }
}

impl<T: Moved> Moved for Vec<T> {
    fn move_by(&mut self, by: TimeDelta) {
        each(self, by);
    }
}

impl<T: Moved> Moved for Box<T> {
    fn move_by(&mut self, by: TimeDelta) {
        self.as_mut().move_by(by);
    }
}

/// Moves all of `all` by `by`.
pub(super) fn each<'a, T: Moved + 'a>(all: impl IntoIterator<Item = &'a mut T>, by: TimeDelta) {
    all.into_iter().for_each(|one| one.move_by(by));
}

impl Report {
    /// The same report with every instant `by` later: from the clock that sources are read by to the
    /// one that the floor goes by.
    #[must_use]
    pub fn moved(mut self, by: TimeDelta) -> Self {
        if !by.is_zero() {
            self.at.move_by(by);
            self.next_at.move_by(by);
            self.unread.move_by(by);
            self.clock_offset = self.clock_offset.map(|offset| offset - by);
            match &mut self.outcome {
                Outcome::Read(reading) => reading.move_by(by),
                Outcome::QueueFailed { next_at, .. } => next_at.move_by(by),
                Outcome::Failed(_) | Outcome::SideFailed { .. } | Outcome::LookUpFailed { .. } => {}
            }
        }
        self
    }
}

impl Alert {
    /// The same alert with every instant `by` later: as the journal has to tell it, whose clock was set.
    #[must_use]
    pub fn moved(mut self, by: TimeDelta) -> Self {
        self.move_by(by);
        self
    }
}

impl Moved for Reading {
    fn move_by(&mut self, by: TimeDelta) {
        self.taken_at.move_by(by);
        self.as_of.move_by(by);
        match &mut self.body {
            Body::Agents { observations, histories, .. } => {
                observations.move_by(by);
                histories.move_by(by);
            }
            Body::History { histories, .. } => histories.move_by(by),
            Body::Alerts { alerts, .. } => alerts.move_by(by),
            Body::Alert(alert) => alert.move_by(by),
            Body::Queue(_) => {}
        }
    }
}

impl Moved for Observation {
    fn move_by(&mut self, by: TimeDelta) {
        self.since.move_by(by);
        self.contact.move_by(by);
        self.kpi.move_by(by);
        self.earlier.move_by(by);
    }
}

impl Moved for Contact {
    fn move_by(&mut self, by: TimeDelta) {
        for transfer in &mut self.transfers {
            transfer.started_at.move_by(by);
            transfer.ended_at.move_by(by);
        }
    }
}

impl Moved for VendorKpi {
    fn move_by(&mut self, by: TimeDelta) {
        self.since.move_by(by);
        self.as_of.move_by(by);
    }
}

impl Moved for VendorAdherence {
    fn move_by(&mut self, by: TimeDelta) {
        self.since.move_by(by);
        self.as_of.move_by(by);
    }
}

impl Moved for Spell {
    fn move_by(&mut self, by: TimeDelta) {
        self.since.move_by(by);
        self.until.move_by(by);
    }
}

impl<T> Moved for Span<T> {
    fn move_by(&mut self, by: TimeDelta) {
        self.since.move_by(by);
        self.until.move_by(by);
    }
}

impl Moved for AgentHistory {
    fn move_by(&mut self, by: TimeDelta) {
        self.from.move_by(by);
        self.until.move_by(by);
        self.spells.move_by(by);
        self.connection.move_by(by);
    }
}

impl Moved for Connection {
    fn move_by(&mut self, by: TimeDelta) {
        self.seen_at.move_by(by);
    }
}

impl Moved for Alert {
    fn move_by(&mut self, by: TimeDelta) {
        self.created_at.move_by(by);
        self.acknowledged_at.move_by(by);
        self.resolved_at.move_by(by);
    }
}

impl Moved for Presence {
    fn move_by(&mut self, by: TimeDelta) {
        self.since.move_by(by);
        self.as_of.move_by(by);
        self.contact.move_by(by);
        self.kpi.move_by(by);
    }
}

impl Moved for Feed {
    fn move_by(&mut self, by: TimeDelta) {
        self.as_of.move_by(by);
        self.read_at.move_by(by);
        self.next_at.move_by(by);
        self.hold.move_by(by);
        self.unread.move_by(by);
        self.sides.move_by(by);
        self.clock_offset = self.clock_offset.map(|offset| offset - by);
    }
}

impl Moved for Unread {
    fn move_by(&mut self, by: TimeDelta) {
        self.from.move_by(by);
        self.until.move_by(by);
    }
}

impl Moved for Hold {
    fn move_by(&mut self, by: TimeDelta) {
        self.since.move_by(by);
        self.until.move_by(by);
    }
}

impl Moved for SideFeed {
    fn move_by(&mut self, by: TimeDelta) {
        self.as_of.move_by(by);
        self.read_at.move_by(by);
        self.next_at.move_by(by);
    }
}

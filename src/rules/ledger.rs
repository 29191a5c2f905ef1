//! Everybody's times of the floor's day, kept as the floor changes: an update costs in proportion to
//! what changed, not to the day.

use chrono::{DateTime, Utc};

use super::Figures;
use crate::model::{Change, Floor, PersonId, QueueKey};

/// Everybody's times of the floor's day.
#[derive(Debug, Clone, Default)]
pub struct Ledger {}

impl Ledger {
    /// Takes in what `changes` did to `floor`. To be called after every reading and as time passes.
    pub fn update(&mut self, _floor: &Floor, _changes: &[Change], _now: DateTime<Utc>) {}

    /// One person's figures of the day; none for whom it does not know.
    #[must_use]
    pub fn person(&self, _floor: &Floor, _id: &PersonId, _now: DateTime<Utc>) -> Option<Figures> {
        None
    }

    /// The figures of a team, by its name; none without anybody in it.
    #[must_use]
    pub fn team(&self, _floor: &Floor, _team: &str, _now: DateTime<Utc>) -> Option<Figures> {
        None
    }

    /// The figures of the time in which people sat in a queue; none where nobody did.
    #[must_use]
    pub fn queue(&self, _floor: &Floor, _key: &QueueKey, _now: DateTime<Utc>) -> Option<Figures> {
        None
    }

    /// Everybody's figures together; none without anybody.
    #[must_use]
    pub fn floor(&self, _floor: &Floor, _now: DateTime<Utc>) -> Option<Figures> {
        None
    }
}

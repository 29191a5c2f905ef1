//! The vanished and the forgotten: whom the other systems lose.

use chrono::{DateTime, Utc};

use crate::model::{Headline, Person, SourceName};

/// How somebody got lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// No longer listed by a source, without a logout.
    Vanished {
        /// By which.
        source: SourceName,
        /// When they were last seen there, in our clock.
        since: Option<DateTime<Utc>>,
    },
    /// More than six hours in one state.
    Forgotten {
        /// When the state began, in our clock.
        since: DateTime<Utc>,
    },
}

/// Whether `person`, whose headline is `headline`, got lost, however long ago that was.
#[must_use]
pub fn lost(_person: &Person, _headline: &Headline, _now: DateTime<Utc>) -> Option<Lost> {
    None
}

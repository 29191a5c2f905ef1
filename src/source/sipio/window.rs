//! The window over which figures are asked for: since the floor's day began, and the same all day,
//! since counters of two different windows cannot be compared.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::counters::Track;
use crate::clock::Offset;
use crate::model::AgentId;

/// The least instant that can be meant, 2001 in milliseconds: a number below it is in seconds, and
/// would ask for a window that begins in 1970.
const LEAST_MS: i64 = 1_000_000_000_000;

/// One day's window, with what is remembered of each agent in it.
#[derive(Debug)]
pub(super) struct Window {
    /// When the floor's day began, in our clock.
    day: DateTime<Utc>,
    /// The same in the server's clock, as it was known when the window was first asked for, and as if
    /// nobody had ever set that.
    since: DateTime<Utc>,
    /// By how much it had been set at the last reading.
    pub(super) stepped: TimeDelta,
    pub(super) tracks: HashMap<AgentId, Track>,
    /// Readings of it so far.
    pub(super) readings: u32,
}

impl Window {
    /// The window of the day that began at our `day`.
    pub(super) fn new(day: DateTime<Utc>, offset: &Offset) -> Self {
        let since = day + offset.steady().unwrap_or_default();
        Self { day, since, stepped: offset.stepped(), tracks: HashMap::new(), readings: 0 }
    }

    /// Whether it is the window of the day that began at our `day`. One that turns out to begin after
    /// the server's own `server_now`, as if it had never been set, is none.
    pub(super) fn holds(&self, day: DateTime<Utc>, server_now: DateTime<Utc>) -> bool {
        self.day == day && self.since <= server_now
    }

    /// Its beginning in the server's milliseconds: a server that was set calls it otherwise.
    pub(super) fn since_ms(&self, offset: &Offset) -> i64 {
        (self.since + offset.stepped()).timestamp_millis().max(LEAST_MS)
    }

    /// Its beginning in our clock, as well as `offset` is known by now.
    pub(super) fn since(&self, offset: &Offset) -> DateTime<Utc> {
        self.since - offset.steady().unwrap_or_default()
    }
}

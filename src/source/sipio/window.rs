//! The window over which figures are asked for: since the floor's day began, and the same all day,
//! since counters of two different windows cannot be compared.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::counters::Track;
use crate::clock::Offset;
use crate::model::{AgentId, WINDOW_JITTER};

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
    /// By how much the floor's clock had been set when it was last asked for anew.
    pub(super) ahead: TimeDelta,
    /// Whether it begins elsewhere since the last reading, because the floor's clock was set.
    pub(super) is_moved: bool,
    pub(super) tracks: HashMap<AgentId, Track>,
    /// Readings of it so far.
    pub(super) readings: u32,
}

impl Window {
    /// The window of the day that began at our `day`.
    pub(super) fn new(day: DateTime<Utc>, ahead: TimeDelta, offset: &Offset) -> Self {
        let since = day + offset.steady().unwrap_or_default();
        let (stepped, tracks) = (offset.stepped(), HashMap::new());
        Self { day, since, stepped, ahead, is_moved: false, tracks, readings: 0 }
    }

    /// The window of the day that turns out to have begun at our `day`, since the floor's clock was set:
    /// nothing of what agents do has ended by that.
    pub(super) fn moved(self, day: DateTime<Utc>, ahead: TimeDelta, offset: &Offset) -> Self {
        let Self { tracks, readings, .. } = self;
        Self { tracks, readings, is_moved: true, ..Self::new(day, ahead, offset) }
    }

    /// Whether it is the window of the day that began at our `day`, as exactly as the floor compares
    /// windows. One that turns out to begin after the server's own `server_now`, as if it had never been
    /// set, is none.
    pub(super) fn holds(&self, day: DateTime<Utc>, server_now: DateTime<Utc>) -> bool {
        (self.day - day).abs() <= WINDOW_JITTER && self.since <= server_now
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

//! How fast work goes on the floor.

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::chance;

/// How fast work goes from the world's start on; its history always went at the usual pace.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// As on a real floor: calls of minutes.
    #[default]
    Usual,
    /// Everything that is no scheduled absence lasts seconds, so that a minute has many changes;
    /// nothing is so short that a reading every three seconds misses it.
    Brisk,
}

/// How long what is work lasts.
#[derive(Debug, Clone, Copy)]
pub struct Tempo {
    pace: Pace,
    start: DateTime<Utc>,
}

impl Tempo {
    /// The tempo of a world that begins at `start`.
    #[must_use]
    pub fn new(pace: Pace, start: DateTime<Utc>) -> Self {
        Self { pace, start }
    }

    fn is_brisk(self, at: DateTime<Utc>) -> bool {
        self.pace == Pace::Brisk && at >= self.start
    }

    /// How long a conversation that begins at `at` lasts.
    pub fn talk(self, at: DateTime<Utc>, rng: &mut Rng) -> TimeDelta {
        if self.is_brisk(at) {
            return chance::seconds(rng, 5, 18);
        }
        let usual = chance::seconds(rng, 20, 160) + chance::seconds(rng, 0, 170);
        if chance::percent(rng, 4) { usual + chance::seconds(rng, 300, 900) } else { usual }
    }

    /// How long the work after a call lasts.
    pub fn wrap_up(self, at: DateTime<Utc>, rng: &mut Rng) -> TimeDelta {
        if self.is_brisk(at) { chance::seconds(rng, 4, 9) } else { chance::seconds(rng, 5, 35) }
    }

    /// How long somebody waits for the next call.
    pub fn wait(self, at: DateTime<Utc>, rng: &mut Rng) -> TimeDelta {
        if self.is_brisk(at) { chance::seconds(rng, 5, 14) } else { chance::seconds(rng, 6, 140) }
    }

    /// How long a call rings.
    pub fn ring(self, at: DateTime<Utc>, rng: &mut Rng) -> TimeDelta {
        if self.is_brisk(at) { chance::seconds(rng, 4, 8) } else { chance::seconds(rng, 3, 8) }
    }

    /// Whether somebody makes a pause of their own after a call.
    pub fn pauses(self, at: DateTime<Utc>, rng: &mut Rng) -> bool {
        chance::percent(rng, if self.is_brisk(at) { 12 } else { 1 })
    }

    /// How long such a pause lasts.
    pub fn pause(self, at: DateTime<Utc>, rng: &mut Rng) -> TimeDelta {
        if self.is_brisk(at) { chance::seconds(rng, 6, 16) } else { chance::seconds(rng, 40, 240) }
    }

    /// When the world quickens for what is work from `from` until `until`; where it does not, `until`.
    pub fn quickened(
        self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        rng: &mut Rng,
    ) -> DateTime<Utc> {
        if self.pace == Pace::Brisk && from < self.start && self.start < until {
            until.min(self.start + chance::seconds(rng, 1, 15))
        } else {
            until
        }
    }
}

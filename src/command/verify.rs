//! What became of a logout, by the readings that follow it.
//!
//! Nothing is decided before 30 s have passed, except that an agent who was gone and is seen again
//! came back. That the agent is gone is known earlier, provisionally: [`Watch::looks_gone`] says so
//! at once, and the verdict follows when it has stayed so.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Verdict;

/// How long the readings are watched.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

/// What a reading shows of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sighting {
    /// Logged in, whatever they do.
    Present,
    /// Not there: said to be offline, or no longer listed.
    Gone,
    /// There is no new reading, or it cannot say.
    NoNews,
}

/// Watches the readings after one logout was sent.
#[derive(Debug, Clone)]
pub struct Watch {
    sent_at: DateTime<Utc>,
    last: Option<Sighting>,
    is_over: bool,
}

impl Watch {
    /// Begins when the logout was sent.
    #[must_use]
    pub fn new(sent_at: DateTime<Utc>) -> Self {
        Self { sent_at, last: None, is_over: false }
    }

    /// When the watch ends at the latest: `see` is to be called then even without a reading.
    #[must_use]
    pub fn deadline(&self) -> DateTime<Utc> {
        self.sent_at + PATIENCE
    }

    /// Whether the newest reading that counts shows the agent gone. Not a verdict yet.
    #[must_use]
    pub fn looks_gone(&self) -> bool {
        self.last == Some(Sighting::Gone)
    }

    /// Takes in what a reading that describes the instant `as_of` shows, at `now`. Returns the
    /// verdict, once. A reading of an instant before the sending says nothing.
    pub fn see(
        &mut self,
        sighting: Sighting,
        as_of: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<Verdict> {
        if self.is_over {
            return None;
        }
        if sighting != Sighting::NoNews && as_of > self.sent_at {
            if sighting == Sighting::Present && self.looks_gone() {
                return self.conclude(Verdict::CameBack);
            }
            self.last = Some(sighting);
        }
        if now < self.deadline() {
            return None;
        }
        let verdict = match self.last {
            Some(Sighting::Gone) => Verdict::Gone,
            Some(Sighting::Present) => Verdict::StillHere,
            _ => Verdict::Unknown(format!(
                "no reading within {} s could say",
                PATIENCE.num_seconds()
            )),
        };
        self.conclude(verdict)
    }

    fn conclude(&mut self, verdict: Verdict) -> Option<Verdict> {
        self.is_over = true;
        Some(verdict)
    }
}

//! One agent's past at one source, as spells of one activity each.
//!
//! It has two layers: what the source's own log says, and what our readings showed. Where both cover
//! an instant the readings win: a dialer's log cannot tell a call from waiting for one.
//!
//! What earlier runs kept of either layer lies beside what this run learns, and is laid over it only
//! where the past is told: so it makes no difference which of the two came first.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::moved::{Moved as _, each};
use super::person::says_not_listed;
use super::{Activity, Evidence, RawWord};

mod covered;
mod log;
mod logouts;
mod overlay;
mod past;
mod watched;
use covered::Covered;
pub use past::Past;
pub(super) use past::{Piece, TOLERANCE};

/// A stretch of time in one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spell {
    /// When it began, in our clock.
    pub since: DateTime<Utc>,
    /// When it ended; none where only the beginning of the next one says so, or it goes on.
    pub until: Option<DateTime<Utc>>,
    /// The activity.
    pub activity: Activity,
    /// How we know.
    pub evidence: Evidence,
    /// The vendor's own word(s).
    pub raw: RawWord,
    /// What is doubtful about it.
    pub doubt: Option<Doubt>,
}

impl Spell {
    /// Whether the agent was not in lists that had never had it: it was not logged in, and it may have
    /// been so before.
    pub(super) fn is_not_listed(&self) -> bool {
        says_not_listed(&self.activity, self.evidence, self.raw.as_str())
    }
}

/// What is doubtful about a spell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// It began before the log does: its length is a least length.
    Clipped,
    /// It ended with another login, without a logout.
    NoLogout,
    /// The log's words for it contradict each other; the state decided.
    Contradiction,
    /// How long it lasted is known, but when it was only to within two readings.
    Order,
}

impl Doubt {
    /// The words shown and exported.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clipped => "clipped",
            Self::NoLogout => "no_logout",
            Self::Contradiction => "contradiction",
            Self::Order => "order",
        }
    }
}

/// What one reading shows of an agent: cheap to make, since most readings change nothing.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// Since when, in our clock; none where the source does not say.
    pub since: Option<DateTime<Utc>>,
    /// The instant it describes, in our clock.
    pub as_of: DateTime<Utc>,
    /// The activity.
    pub activity: &'a Activity,
    /// How we know.
    pub evidence: Evidence,
    /// The vendor's own word(s).
    pub raw: &'a str,
    /// What was done between the reading before and this state, where the source tells: oldest first,
    /// each with an end.
    pub earlier: &'a [Spell],
}

/// What something new did to a timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What has to be kept of it, in this order.
    pub kept: Vec<Kept>,
    /// From when on the past is told otherwise than before; none where it only goes on.
    pub from: Option<DateTime<Utc>>,
}

/// One thing to keep of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// A spell; it replaces what was kept of the same beginning. A watched one without an end goes on.
    Put(Spell),
    /// The spell that was said to begin then never was.
    Gone(DateTime<Utc>),
}

impl Told {
    /// From the earlier one of two instants on.
    fn told_from(&mut self, at: DateTime<Utc>) {
        self.from = Some(self.from.map_or(at, |from| from.min(at)));
    }
}

/// One agent's past at one source. [`Timeline::past`] tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// What the log says, by beginning.
    recorded: Vec<Spell>,
    /// Up to when the log has been read for this agent.
    recorded_until: Option<DateTime<Utc>>,
    /// The stretches of time for which this run has read the log: there it has the last word.
    covered: Covered,
    /// What the readings showed, by beginning; each with an end, the last instant that confirms it.
    watched: VecDeque<Spell>,
    /// Whether the last of these goes on as far as has been kept.
    is_open: bool,
    /// What earlier runs watched, by beginning, each with an end: each thing once, as they kept it.
    restored: Vec<Spell>,
    /// The same without overlaps, where it has some.
    restored_in_turn: Option<Vec<Spell>>,
    /// The silence between two readings beyond which nobody knows what was in between.
    patience: TimeDelta,
}

/// Two readings of one unchanged state differ by this much at most: seconds are rounded.
pub(super) const JITTER: TimeDelta = TimeDelta::seconds(3);

/// For so long the log's past is kept: it is read from where yesterday began.
const KEPT: TimeDelta = TimeDelta::hours(48);

/// For so long what was watched is kept: the longest day there is, when clocks go back, and a shift
/// that began before it. A dialer's agent goes through hundreds of spells a day, and there may be ten
/// thousand agents.
const WATCHED: TimeDelta = TimeDelta::hours(26);

impl Timeline {
    /// What it tells, where the log has been read until `read_until`: a log has nothing new to say
    /// of most agents most of the time, so it may have been read further than it last spoke of this
    /// one. Where nobody has kept how far an earlier run had read it, it was as far as its last spell.
    #[must_use]
    pub fn past(&self, read_until: Option<DateTime<Utc>>) -> Past<'_> {
        let begun = || self.latest_recorded().map(|spell| spell.since);
        Past::new(self, self.recorded_until.max(read_until).or_else(begun))
    }

    /// The last spell of the log.
    #[must_use]
    pub fn latest_recorded(&self) -> Option<&Spell> {
        self.recorded.last()
    }

    /// When the last thing began that is known, by either layer.
    #[must_use]
    pub fn latest_beginning(&self) -> Option<DateTime<Utc>> {
        let layers =
            [self.watched.back(), self.restored.last(), self.recorded.last()].into_iter().flatten();
        layers.map(|spell| spell.since).max()
    }

    /// Moves what this run has seen, and what it has read in the log: the clock was set.
    pub(super) fn move_by(&mut self, by: TimeDelta) {
        each(&mut self.watched, by);
        let (covered, recorded) = (&self.covered, &mut self.recorded);
        each(recorded.iter_mut().filter(|spell| covered.contains(spell.since)), by);
        self.recorded.sort_by_key(|spell| spell.since);
        self.covered.move_by(by);
        self.recorded_until.move_by(by);
    }

    /// Forgets what is too old at `now` to matter.
    pub fn trim(&mut self, now: DateTime<Utc>) {
        let before = now - KEPT;
        // The last one that began before may reach into what is kept.
        let stale = self.recorded.partition_point(|spell| spell.since <= before);
        self.recorded.drain(..stale.saturating_sub(1));
        self.covered.trim(before);
    }
}

#[cfg(test)]
mod tests;

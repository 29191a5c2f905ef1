//! One agent's past at one source, as spells of one activity each.
//!
//! It has two layers: what the source's own log says, and what our readings showed. Where both cover
//! an instant the readings win: a dialer's log cannot tell a call from waiting for one.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Activity, Evidence, RawWord};

mod past;
pub use past::Past;
pub(super) use past::TOLERANCE;

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
}

impl Doubt {
    /// The words shown and exported.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clipped => "clipped",
            Self::NoLogout => "no_logout",
            Self::Contradiction => "contradiction",
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
}

/// One agent's past at one source. [`Timeline::past`] tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// What the log says, by beginning.
    recorded: Vec<Spell>,
    /// Up to when the log has been read for this agent.
    recorded_until: Option<DateTime<Utc>>,
    /// What the readings showed, by beginning; each with an end, the last instant that confirms it.
    watched: VecDeque<Spell>,
}

/// Two readings of one unchanged state differ by this much at most: seconds are rounded.
const JITTER: TimeDelta = TimeDelta::seconds(3);

/// For so long the log's past is kept: it is read from where yesterday began.
const KEPT: TimeDelta = TimeDelta::hours(48);

/// For so long what was watched is kept: a shift that began yesterday, and as much as is exported. A
/// dialer's agent goes through hundreds of spells a day, and there may be ten thousand agents.
const WATCHED: TimeDelta = TimeDelta::hours(24);

/// Spells before a new one that may have been told in the same words: an agent goes from one contact
/// to the next.
const NEIGHBOURS: usize = 4;

impl Timeline {
    /// Takes in what the log says: `spells` are all that begin from `from` until `until`. Events of
    /// one instant stay in the order in which the log has them: the last one is what held. An event
    /// outside (a clock a second ahead) replaces what was known of its own instant only.
    pub fn record(&mut self, from: DateTime<Utc>, until: DateTime<Utc>, spells: Vec<Spell>) {
        let within = |spell: &Spell| from <= spell.since && spell.since < until;
        let outside: Vec<_> = spells.iter().filter(|s| !within(s)).map(|s| s.since).collect();
        self.recorded.retain(|spell| !within(spell) && !outside.contains(&spell.since));
        self.recorded.extend(spells);
        self.recorded.sort_by_key(|spell| spell.since);
        self.recorded_until = self.recorded_until.max(Some(until));
    }

    /// Takes in what a reading shows. A silence longer than `patience` between two readings is a
    /// gap: nobody knows what was then, unless the state says that it began before it.
    pub fn watch(&mut self, seen: Seen<'_>, patience: TimeDelta) {
        self.rewind(seen.as_of);
        let mut begins = seen.since.unwrap_or(seen.as_of).min(seen.as_of);
        if let Some(last) = self.watched.back_mut() {
            let confirmed = last.until.unwrap_or(last.since);
            let heard_of = seen.as_of - confirmed <= patience;
            let goes_on = match seen.since {
                Some(since) => {
                    (since - last.since).abs() <= JITTER || heard_of && since <= confirmed
                }
                None => heard_of,
            };
            if goes_on && last.activity == *seen.activity && last.raw.as_str() == seen.raw {
                last.until = Some(seen.as_of);
                last.evidence = seen.evidence;
                return;
            }
            begins = begins.max(last.since);
            // It lasted until the next began, if that is not long after it was last confirmed.
            let ends = if begins - confirmed <= patience { begins } else { confirmed };
            last.until = Some(ends);
            if ends == last.since {
                self.watched.pop_back();
            }
        }
        let mut near = self.watched.iter().rev().take(NEIGHBOURS).map(|spell| &spell.raw);
        let raw = near.find(|raw| raw.as_str() == seen.raw).cloned();
        self.watched.push_back(Spell {
            since: begins,
            until: Some(seen.as_of),
            activity: seen.activity.clone(),
            evidence: seen.evidence,
            raw: raw.unwrap_or_else(|| RawWord::from(seen.raw)),
            doubt: None,
        });
        // Only where something is added does anything have to go: a reading costs what it changes.
        let before = seen.as_of - WATCHED;
        while self.watched.front().is_some_and(|s| s.until.is_some_and(|until| until < before)) {
            self.watched.pop_front();
        }
    }

    /// Forgets what lies after `as_of`. The floor takes in nothing older than what it has, except
    /// where our clock was set back: then what was shown later never was.
    fn rewind(&mut self, as_of: DateTime<Utc>) {
        while self.watched.back().is_some_and(|spell| spell.since > as_of) {
            self.watched.pop_back();
        }
        if let Some(last) = self.watched.back_mut() {
            last.until = last.until.min(Some(as_of));
        }
    }

    /// What it tells, where the log has been read until `read_until`: a log has nothing new to say
    /// of most agents most of the time, so it may have been read further than it last spoke of this
    /// one.
    #[must_use]
    pub fn past(&self, read_until: Option<DateTime<Utc>>) -> Past<'_> {
        Past::new(self, self.recorded_until.max(read_until))
    }

    /// The last spell of the log.
    #[must_use]
    pub fn latest_recorded(&self) -> Option<&Spell> {
        self.recorded.last()
    }

    /// Forgets what is too old at `now` to matter.
    pub fn trim(&mut self, now: DateTime<Utc>) {
        let before = now - KEPT;
        // The last one that began before may reach into what is kept.
        let stale = self.recorded.partition_point(|spell| spell.since <= before);
        self.recorded.drain(..stale.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests;

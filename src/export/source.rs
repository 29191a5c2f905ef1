//! One source of the snapshot, and what is read beside it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::instant::maybe_instant;
use crate::model::{Feed, SideFeed};

/// How one source is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceLine {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// live, stale, failed, denied or waiting.
    pub status: &'static str,
    /// The instant its last reading describes.
    #[serde(serialize_with = "maybe_instant")]
    pub as_of: Option<DateTime<Utc>>,
    /// Server minus ours.
    pub clock_offset_ms: Option<i64>,
    /// Why the last attempt failed; where that succeeded, why what is read beside it failed.
    pub error: Option<String>,
    /// When it is asked again.
    #[serde(serialize_with = "maybe_instant")]
    pub next_at: Option<DateTime<Utc>>,
    /// Records of the last reading that could not be understood.
    pub skipped: u32,
    /// Agents of the last reading of whom something came as no text, and is shown as U+FFFD.
    pub repaired: u32,
    /// How much of its log could not be read so far, and why, in a sentence.
    pub missed: Option<String>,
    /// Why its last list is doubtful, so that who is missing is held as stale, in a sentence.
    pub held: Option<String>,
    /// How what is read beside it is doing.
    pub sides: Vec<SideLine>,
}

/// How what is read beside a source is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideLine {
    /// agent-productivity or alerts.
    pub kind: &'static str,
    /// live, stale, failed, denied or waiting.
    pub status: &'static str,
    /// The instant its last reading describes.
    #[serde(serialize_with = "maybe_instant")]
    pub as_of: Option<DateTime<Utc>>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it is asked again.
    #[serde(serialize_with = "maybe_instant")]
    pub next_at: Option<DateTime<Utc>>,
    /// Records that could not be understood: of a log all that are known, else those of the last answer.
    pub skipped: u32,
    /// What came with something that is no text, and is shown as U+FFFD: of a log the agents of all its
    /// answers, else the alerts of the last one.
    pub repaired: u32,
    /// Why what it said is known not to be all.
    pub incomplete: Option<String>,
}

impl SourceLine {
    pub(super) fn of(feed: &Feed, now: DateTime<Utc>) -> Self {
        let sides: Vec<_> = feed.sides.iter().map(|side| SideLine::of(side, now)).collect();
        let own = feed.failure.as_ref().map(|failure| failure.text.clone());
        Self {
            name: feed.name.to_string(),
            kind: feed.kind.word(),
            status: feed.status(now).word(),
            as_of: feed.as_of,
            clock_offset_ms: feed.clock_offset.map(|offset| offset.num_milliseconds()),
            error: own.or_else(|| sides.iter().find_map(SideLine::complaint)),
            next_at: feed.next_at,
            skipped: feed.skipped,
            repaired: feed.repaired,
            missed: feed.missed(),
            held: feed.doubt(now),
            sides,
        }
    }

    /// Why its own numbers cannot be trusted, in a sentence; none where they can, whatever is read
    /// beside them.
    pub(super) fn trouble(&self) -> Option<String> {
        let why = self.error.as_deref().unwrap_or("no current reading");
        let verb = if self.status == "failed" { "" } else { "is " };
        let said = || format!("source `{}` {verb}{}: {why}", self.name, self.status);
        (self.status != "live").then(said)
    }
}

impl SideLine {
    fn of(side: &SideFeed, now: DateTime<Utc>) -> Self {
        Self {
            kind: side.side.word(),
            status: side.status(now).word(),
            as_of: side.as_of,
            error: side.failure.as_ref().map(|failure| failure.text.clone()),
            next_at: side.next_at,
            skipped: side.skipped,
            repaired: side.repaired,
            incomplete: side.incomplete.clone(),
        }
    }

    fn complaint(&self) -> Option<String> {
        self.error.as_ref().map(|error| format!("{}: {error}", self.kind))
    }
}

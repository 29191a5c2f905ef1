//! The floor at one instant, ready to be written.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::agent::Agent;
use super::flag::Flag;
use super::instant::{instant, maybe_instant};
use super::queue::QueueLine;
use crate::model::{ActivityKind, Feed, Floor, Person, Queue, Tally};
use crate::rules::{Limits, adherence, findings};

/// The name and version of the JSON's shape.
const SCHEMA: &str = "floorwatch.snapshot/1";

/// The floor at one instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Snapshot {
    /// The name and version of this shape.
    pub schema: &'static str,
    /// The instant.
    #[serde(serialize_with = "instant")]
    pub taken_at: DateTime<Utc>,
    /// The floor's name.
    pub floor: String,
    /// Start of the floor's day.
    #[serde(serialize_with = "instant")]
    pub since: DateTime<Utc>,
    /// How each source is doing.
    pub sources: Vec<SourceLine>,
    /// People by activity.
    pub totals: Totals,
    /// Every queue.
    pub queues: Vec<QueueLine>,
    /// Everybody.
    pub agents: Vec<Agent>,
    /// The WFM's alerts; null, since this version does not read them.
    pub alerts: Option<()>,
}

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
    /// Why the last attempt failed.
    pub error: Option<String>,
}

/// People by activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the activities'")]
pub struct Totals {
    /// All of them.
    pub people: u32,
    pub offline: u32,
    pub unreachable: u32,
    pub logged_in: u32,
    pub available: u32,
    pub ringing: u32,
    pub on_contact: u32,
    pub wrap_up: u32,
    pub away: u32,
    pub unknown: u32,
}

impl Snapshot {
    /// The snapshot of `floor` at `taken_at`, with what the rules find under `limits`.
    #[must_use]
    pub fn of(floor: &Floor, limits: &Limits, taken_at: DateTime<Utc>) -> Self {
        let since = floor.day_start(taken_at);
        let agent = |person: &Person| {
            let headline = floor.headline(person, taken_at);
            let adherence = adherence(floor, person, &headline, taken_at);
            let found = findings(floor, person, &headline, limits, taken_at);
            let flags = found.into_iter().map(Flag::of).collect();
            Agent::of(person, &headline, adherence.as_ref(), flags, since, taken_at)
        };
        let queue = |queue: &Queue| {
            let feed = floor.feed(&queue.key.source);
            QueueLine::of(queue, feed.is_some_and(|feed| feed.read_at.is_some()))
        };
        Self {
            schema: SCHEMA,
            taken_at,
            floor: floor.identity().name.clone(),
            since,
            sources: floor.feeds().iter().map(|feed| SourceLine::of(feed, taken_at)).collect(),
            totals: Totals::of(&floor.totals(taken_at).people),
            queues: floor.queues().iter().map(queue).collect(),
            agents: floor.people().iter().map(agent).collect(),
            alerts: None,
        }
    }

    /// The sources that are not live, each with its reason, one sentence each.
    #[must_use]
    pub fn troubles(&self) -> Vec<String> {
        let troubled = self.sources.iter().filter(|source| source.status != "live");
        troubled
            .map(|source| {
                let why = source.error.as_deref().unwrap_or("no current reading");
                format!("source `{}` is {}: {why}", source.name, source.status)
            })
            .collect()
    }
}

impl SourceLine {
    pub(super) fn of(feed: &Feed, now: DateTime<Utc>) -> Self {
        Self {
            name: feed.name.to_string(),
            kind: feed.kind.word(),
            status: feed.status(now).word(),
            as_of: feed.as_of,
            clock_offset_ms: feed.clock_offset.map(|offset| offset.num_milliseconds()),
            error: feed.failure.as_ref().map(|failure| failure.text.clone()),
        }
    }
}

impl Totals {
    pub(super) fn of(people: &Tally) -> Self {
        Self {
            people: people.all(),
            offline: people.of(ActivityKind::Offline),
            unreachable: people.of(ActivityKind::Unreachable),
            logged_in: people.of(ActivityKind::LoggedIn),
            available: people.of(ActivityKind::Available),
            ringing: people.of(ActivityKind::Ringing),
            on_contact: people.of(ActivityKind::OnContact),
            wrap_up: people.of(ActivityKind::WrapUp),
            away: people.of(ActivityKind::Away),
            unknown: people.of(ActivityKind::Unknown),
        }
    }
}

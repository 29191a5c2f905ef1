//! What one source says of one person of the snapshot.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::instant::{instant, maybe_instant};
use super::kpi::SourceKpi;
use crate::model::{Evidence, Presence, Reason, Spell};

/// What one source says of a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PresenceLine {
    /// The source.
    pub source: String,
    /// What it says the person does.
    pub activity: &'static str,
    /// Why the person is away, by the source's log where the reading does not say.
    pub reason: Option<String>,
    /// How we know: observed, derived, inferred or stale.
    pub evidence: &'static str,
    /// Its own word for that.
    pub raw: String,
    /// Since when.
    #[serde(serialize_with = "maybe_instant")]
    pub since: Option<DateTime<Utc>>,
    /// The instant its statement describes.
    #[serde(serialize_with = "instant")]
    pub as_of: DateTime<Utc>,
    /// The figures it keeps itself, and ours from the same times; null where it keeps none.
    pub kpi: Option<SourceKpi>,
    /// The last 24 hours there, oldest first; only where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Vec<SpellLine>>,
}

/// A stretch of time in one activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpellLine {
    /// When it began.
    #[serde(serialize_with = "instant")]
    pub since: DateTime<Utc>,
    /// When it ended, or the last instant that confirms it.
    #[serde(serialize_with = "maybe_instant")]
    pub until: Option<DateTime<Utc>>,
    /// What the person did.
    pub activity: &'static str,
    /// Why the person was away.
    pub reason: Option<String>,
    /// How we know: observed, derived or inferred.
    pub evidence: &'static str,
    /// The source's own word.
    pub raw: String,
    /// What is doubtful about it: clipped, no_logout or contradiction.
    pub doubt: Option<&'static str>,
}

impl PresenceLine {
    /// What `presence` says; `reason` is why, where the source's log says more than its reading.
    pub(super) fn of(presence: &Presence, reason: Option<&Reason>, evidence: Evidence) -> Self {
        Self {
            source: presence.source.to_string(),
            activity: presence.activity.word(),
            reason: reason.map(|reason| reason.word().to_owned()),
            evidence: evidence.word(),
            raw: presence.raw.clone(),
            since: presence.since,
            as_of: presence.as_of,
            kpi: presence.kpi.as_deref().map(SourceKpi::of),
            timeline: None,
        }
    }
}

impl SpellLine {
    pub(super) fn of(spell: &Spell) -> Self {
        Self {
            since: spell.since,
            until: spell.until,
            activity: spell.activity.word(),
            reason: spell.activity.reason().map(|reason| reason.word().to_owned()),
            evidence: spell.evidence.word(),
            raw: spell.raw.to_string(),
            doubt: spell.doubt.map(|doubt| doubt.word()),
        }
    }
}

//! One person of the snapshot.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::flag::Flag;
use super::instant::{instant, maybe_instant, seconds};
use crate::model::{Headline, Person, Presence, Scheduled, Work};
use crate::rules;

/// One person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agent {
    /// The roster's id, else `source:id`.
    pub person: String,
    /// The name.
    pub name: String,
    /// The team.
    pub team: Option<String>,
    /// Every id the roster or a source gives.
    pub ids: BTreeMap<String, String>,
    /// What the person does.
    pub activity: &'static str,
    /// Why the person is away.
    pub reason: Option<String>,
    /// How we know: observed, derived, inferred or stale.
    pub evidence: &'static str,
    /// Since when.
    #[serde(serialize_with = "maybe_instant")]
    pub since: Option<DateTime<Utc>>,
    /// How long; what is stale stopped at its last reading.
    pub seconds_in_activity: Option<i64>,
    /// What each source says.
    pub presences: Vec<PresenceLine>,
    /// The campaign's name, else its id.
    pub campaign: Option<String>,
    /// The queue's name, else its id.
    pub queue: Option<String>,
    /// What the person is skilled in.
    pub skills: Vec<String>,
    /// Calls since the vendor's midnight.
    pub calls_today: Option<u64>,
    /// The day's figures.
    pub kpi: Kpi,
    /// What the schedule wants; null without one.
    pub adherence: Option<Adherence>,
    /// What the rules found.
    pub flags: Vec<Flag>,
}

/// What one source says of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresenceLine {
    /// The source.
    pub source: String,
    /// What it says the person does.
    pub activity: &'static str,
    /// Its own word for that.
    pub raw: String,
    /// Since when.
    #[serde(serialize_with = "maybe_instant")]
    pub since: Option<DateTime<Utc>>,
    /// The instant its statement describes.
    #[serde(serialize_with = "instant")]
    pub as_of: DateTime<Utc>,
}

/// The day's figures. They need a history of states, which this version does not keep, so every
/// number is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kpi {
    /// Start of the window.
    #[serde(serialize_with = "instant")]
    pub since: DateTime<Utc>,
    /// Milliseconds in each activity.
    pub ms: KpiMillis,
    /// Milliseconds logged in.
    pub logged_in_ms: Option<u64>,
    /// Handle time by handle and available time.
    pub occupancy_pct: Option<f64>,
    /// Handle time by logged-in time.
    pub utilization_pct: Option<f64>,
    /// Share of scheduled time spent as scheduled.
    pub adherence_pct: Option<f64>,
}

/// Milliseconds in each activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the activities'")]
pub struct KpiMillis {
    pub available: Option<u64>,
    pub on_contact: Option<u64>,
    pub wrap_up: Option<u64>,
    pub away: Option<u64>,
    pub ringing: Option<u64>,
    pub logged_in: Option<u64>,
    pub unreachable: Option<u64>,
    pub offline: Option<u64>,
    pub unknown: Option<u64>,
}

/// What the schedule wants of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adherence {
    /// available, away or off; null where the WFM uses a word of its own.
    pub scheduled: Option<&'static str>,
    /// Why away.
    pub scheduled_reason: Option<String>,
    /// Whether the person does it; null while it cannot be said.
    pub adherent: Option<bool>,
}

impl Agent {
    pub(super) fn of(
        person: &Person,
        headline: &Headline,
        adherence: Option<&rules::Adherence>,
        flags: Vec<Flag>,
        day_start: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Self {
        let work = person.work();
        Self {
            person: person.id.to_string(),
            name: person.name.clone(),
            team: person.team.clone(),
            ids: person.ids.iter().map(|(s, id)| (s.to_string(), id.to_string())).collect(),
            activity: headline.activity.word(),
            reason: headline.activity.reason().map(|reason| reason.word().to_owned()),
            evidence: headline.evidence.word(),
            since: headline.since,
            seconds_in_activity: headline.time_in_state(now).map(seconds),
            presences: person.presences.iter().map(PresenceLine::of).collect(),
            campaign: work.and_then(Work::campaign_or_id).map(str::to_owned),
            queue: work.and_then(Work::queue_or_id).map(str::to_owned),
            skills: work.map(|work| work.skills.clone()).unwrap_or_default(),
            calls_today: work.and_then(|work| work.calls_today),
            kpi: Kpi::unknown(day_start),
            adherence: adherence.map(Adherence::of),
            flags,
        }
    }
}

impl PresenceLine {
    fn of(presence: &Presence) -> Self {
        Self {
            source: presence.source.to_string(),
            activity: presence.activity.word(),
            raw: presence.raw.clone(),
            since: presence.since,
            as_of: presence.as_of,
        }
    }
}

impl Kpi {
    fn unknown(since: DateTime<Utc>) -> Self {
        Self {
            since,
            ms: KpiMillis::default(),
            logged_in_ms: None,
            occupancy_pct: None,
            utilization_pct: None,
            adherence_pct: None,
        }
    }
}

impl Adherence {
    fn of(adherence: &rules::Adherence) -> Self {
        let scheduled_reason = match &adherence.scheduled {
            Scheduled::Away(reason) => Some(reason.word().to_owned()),
            Scheduled::Unknown(word) => Some(word.clone()),
            Scheduled::Available | Scheduled::Off => None,
        };
        Self {
            scheduled: match &adherence.scheduled {
                Scheduled::Unknown(_) => None,
                known => Some(known.word()),
            },
            scheduled_reason,
            adherent: adherence.adherent,
        }
    }
}

//! One person of the snapshot.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::flag::Flag;
use super::instant::{maybe_instant, seconds};
use super::kpi::Kpi;
use super::presence::PresenceLine;
use crate::model::{Headline, Person, Scheduled, Work};
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
    /// Whether it is the word of a log without calls, for want of its monitor's.
    pub by_log: bool,
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
    /// Every queue in which the person sits.
    pub queues: Vec<String>,
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
        presences: Vec<PresenceLine>,
        kpi: Kpi,
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
            by_log: headline.by_log,
            since: headline.since,
            seconds_in_activity: headline.time_in_state(now).map(seconds),
            presences,
            campaign: work.and_then(Work::campaign_or_id).map(str::to_owned),
            queue: work.and_then(Work::queue_or_id).map(str::to_owned),
            queues: work.map(|work| work.queues().map(str::to_owned).collect()).unwrap_or_default(),
            skills: work.map(|work| work.skills.clone()).unwrap_or_default(),
            calls_today: work.and_then(|work| work.calls_today),
            kpi,
            adherence: adherence.map(Adherence::of),
            flags,
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

//! Everything the log has said, by agent, and what it means at an instant.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::chain::Chain;
use super::record::Record;
use super::standing::Standing;
use crate::model::{Activity, AgentId, Evidence, Observation};
use crate::source::reason::Reasons;

/// A record that ended without a successor says nothing more after twice the vendor's lag.
const ENDED: TimeDelta = TimeDelta::seconds(40);

/// The log has no logout: after so long without a word an open record is not believed any more.
const SILENT: TimeDelta = TimeDelta::hours(12);

/// The vendor keeps records for so long; an agent silent for longer is forgotten.
const FORGOTTEN: TimeDelta = TimeDelta::hours(72);

/// The records of all agents.
#[derive(Debug, Default)]
pub(super) struct Log {
    chains: HashMap<AgentId, Chain>,
    arrivals: u64,
}

/// How what the log says is put into a reading.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// The instant described, in the server's clock.
    pub as_of: DateTime<Utc>,
    /// Server minus ours.
    pub offset: TimeDelta,
    /// Not all that follows this instant of the server's has been read: who has nothing newer may do
    /// something else by now.
    pub unread_from: Option<DateTime<Utc>>,
}

impl Log {
    /// Takes in records, in any order and any number of times. Returns whose state they may change.
    pub(super) fn take(
        &mut self,
        records: impl IntoIterator<Item = Record>,
        reasons: &Reasons,
    ) -> HashSet<AgentId> {
        let mut touched = HashSet::new();
        for mut record in records {
            record.arrival = self.arrivals;
            self.arrivals += 1;
            let agent = record.agent.clone();
            if self.chains.entry(agent.clone()).or_default().insert(record, reasons) {
                touched.insert(agent);
            }
        }
        touched
    }

    /// Whether all of `expected` have been seen, and it is known of everybody seen since when they
    /// have been doing what they do.
    pub(super) fn is_complete(&self, expected: &[AgentId]) -> bool {
        expected.iter().all(|agent| self.chains.contains_key(agent))
            && self.chains.values().all(Chain::is_settled)
    }

    /// Forgets what nothing can ask for any more: details before `horizon`, and agents silent for
    /// longer than the vendor's memory.
    pub(super) fn trim(&mut self, horizon: DateTime<Utc>, now: DateTime<Utc>, reasons: &Reasons) {
        for chain in self.chains.values_mut() {
            chain.fold_before(horizon, reasons);
        }
        self.chains.retain(|_, chain| {
            chain.standing().is_some_and(|standing| now - standing.start < FORGOTTEN)
        });
    }

    /// What every agent does.
    pub(super) fn all(&self, view: View) -> Vec<Observation> {
        self.chains.iter().filter_map(|(agent, chain)| observe(agent, chain, view)).collect()
    }

    /// What some agents do.
    pub(super) fn some(&self, agents: &HashSet<AgentId>, view: View) -> Vec<Observation> {
        agents.iter().filter_map(|agent| observe(agent, self.chains.get(agent)?, view)).collect()
    }
}

fn observe(agent: &AgentId, chain: &Chain, view: View) -> Option<Observation> {
    let standing = chain.standing()?;
    let (activity, since, evidence) = believe(standing, view);
    let ended = activity == Activity::Unknown && standing.activity != Activity::Unknown;
    let ours = since.min(view.as_of) - view.offset;
    let raw = if ended { format!("ended: {}", standing.raw) } else { standing.raw.clone() };
    Some(Observation {
        name: standing.name.clone(),
        since: Some(ours),
        evidence,
        away_pending: !ended && standing.away_pending(),
        ..Observation::of(agent.clone(), activity, raw)
    })
}

/// How much of a standing is still to be believed.
fn believe(standing: &Standing, view: View) -> (Activity, DateTime<Utc>, Evidence) {
    let as_said = |evidence| (standing.activity.clone(), standing.since, evidence);
    let unread = view.unread_from.is_some_and(|from| standing.start <= from);
    match standing.end.filter(|end| *end < view.as_of) {
        // A logout leaves nothing open.
        _ if standing.activity == Activity::Offline => {
            as_said(if unread { Evidence::Stale } else { Evidence::Observed })
        }
        _ if unread => as_said(Evidence::Stale),
        Some(end) if view.as_of - end > ENDED => (Activity::Unknown, end, Evidence::Inferred),
        Some(_) => as_said(Evidence::Stale),
        None if view.as_of - standing.start > SILENT => as_said(Evidence::Stale),
        None => as_said(standing.evidence()),
    }
}

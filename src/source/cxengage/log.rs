//! Everything the log has said, by agent, and what it means at an instant.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::chain::{Chain, Changed};
use super::past::{Anchor, Read, Told, tell};
use super::pool::Pool;
use super::record::Record;
use super::standing::Standing;
use super::window::Window;
use crate::model::{
    Activity, AgentHistory, AgentId, Contact, Evidence, LONGEST_SILENCE, Observation,
};
use crate::source::reason::Reasons;

/// A record that ended without a successor says nothing more after twice the vendor's lag.
const ENDED: TimeDelta = TimeDelta::seconds(40);

/// The vendor keeps records for so long; an agent silent for longer is forgotten.
const FORGOTTEN: TimeDelta = TimeDelta::hours(72);

/// The records of all agents.
#[derive(Debug, Default)]
pub(super) struct Log {
    chains: HashMap<AgentId, Chain>,
    pool: Pool,
    arrivals: u64,
    /// None before anything of the past has been told.
    anchor: Option<Anchor>,
    /// Which stretches could not be read when the past was last told.
    missed: Vec<Window>,
}

/// What records that were taken in changed, by agent. It must be told of before the next ones come.
#[derive(Debug, Default)]
pub(super) struct Changes(HashMap<AgentId, Changed>);

impl Changes {
    /// Whose present state may be another.
    pub(super) fn present(&self) -> impl Iterator<Item = &AgentId> {
        self.0.iter().filter(|(_, changed)| changed.present).map(|(agent, _)| agent)
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
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
    /// Takes in records, in any order and any number of times.
    pub(super) fn take(
        &mut self,
        records: impl IntoIterator<Item = Record>,
        reasons: &Reasons,
    ) -> Changes {
        let mut touched = HashSet::new();
        for mut record in records {
            record.arrival = self.arrivals;
            self.arrivals += 1;
            if let Some((known, _)) = self.chains.get_key_value(&record.agent) {
                record.agent = known.clone();
            }
            self.pool.share(&mut record);
            let agent = record.agent.clone();
            self.chains.entry(agent.clone()).or_default().insert(record);
            touched.insert(agent);
        }
        let refold = |agent: AgentId| {
            let changed = self.chains.get_mut(&agent)?.refold(reasons)?;
            Some((agent, changed))
        };
        Changes(touched.into_iter().filter_map(refold).collect())
    }

    /// What the log now says of the past of those of whom `changes` say something else than before;
    /// of everybody, where the clocks turned out to differ otherwise than was thought, or other stretches
    /// are `missed` than before. It has been read up to `read_to` by a clock that is ahead of ours by
    /// `offset`.
    pub(super) fn tell(
        &mut self,
        changes: &Changes,
        read_to: DateTime<Utc>,
        offset: TimeDelta,
        missed: Vec<Window>,
    ) -> Vec<AgentHistory> {
        let anchor = self.anchor.unwrap_or(Anchor::new(offset));
        let is_otherwise = self.missed != missed;
        self.missed = missed;
        let read = Read { to: read_to, missed: &self.missed };
        let history = |agent: &AgentId, chain: &Chain, told: Told| AgentHistory {
            agent: agent.clone(),
            name: chain.standing().and_then(|s| s.name.as_deref()).map(str::to_owned),
            from: told.from,
            until: told.until,
            spells: told.spells,
            connection: None,
        };
        let moved = anchor.moved(offset);
        if moved.is_some() || is_otherwise {
            let anchor = moved.unwrap_or(anchor);
            self.anchor = Some(anchor.settled());
            let all = self.chains.iter();
            return all
                .filter_map(|(agent, chain)| {
                    let told = tell(chain, &chain.places(), read, anchor)?;
                    Some(history(agent, chain, told))
                })
                .collect();
        }
        self.anchor = Some(anchor);
        let changed = changes.0.iter();
        changed
            .filter_map(|(agent, changed)| {
                let chain = self.chains.get(agent)?;
                let told = tell(chain, &changed.links, read, anchor)?;
                Some(history(agent, chain, told))
            })
            .collect()
    }

    /// Whether all of `expected` have been seen, and it is known of everybody seen since when they
    /// have been doing what they do.
    pub(super) fn is_complete(&self, expected: &[AgentId]) -> bool {
        expected.iter().all(|agent| self.chains.contains_key(agent))
            && self.chains.values().all(Chain::is_settled)
    }

    /// Forgets what nothing can ask for any more: details before `horizon`, and agents silent for
    /// longer than the vendor's memory.
    pub(super) fn trim(&mut self, horizon: DateTime<Utc>, now: DateTime<Utc>) {
        for chain in self.chains.values_mut() {
            chain.fold_before(horizon);
        }
        self.chains.retain(|_, chain| {
            chain.standing().is_some_and(|standing| now - standing.start < FORGOTTEN)
        });
        self.pool.trim();
    }

    /// What every agent does.
    pub(super) fn all(&self, view: View) -> Vec<Observation> {
        self.chains.iter().filter_map(|(agent, chain)| observe(agent, chain, view)).collect()
    }

    /// What some agents do.
    pub(super) fn some<'a>(
        &self,
        agents: impl Iterator<Item = &'a AgentId>,
        view: View,
    ) -> Vec<Observation> {
        agents.filter_map(|agent| observe(agent, self.chains.get(agent)?, view)).collect()
    }
}

fn observe(agent: &AgentId, chain: &Chain, view: View) -> Option<Observation> {
    let standing = chain.standing()?;
    let (activity, since, evidence) = believe(standing, view);
    let ended = activity == Activity::Unknown && standing.activity != Activity::Unknown;
    let ours = since.min(view.as_of) - view.offset;
    let raw = if ended { format!("ended: {}", standing.raw) } else { standing.raw.to_string() };
    let contact = if ended { None } else { contact(standing, view.offset) };
    Some(Observation {
        name: standing.name.as_deref().map(str::to_owned),
        contact,
        since: Some(ours),
        evidence,
        away_pending: !ended && standing.away_pending(),
        ..Observation::of(agent.clone(), activity, raw)
    })
}

/// What the agent is working on; none of one who has left.
fn contact(standing: &Standing, offset: TimeDelta) -> Option<Box<Contact>> {
    let work = standing.work.as_ref().filter(|_| standing.activity != Activity::Offline)?;
    Some(Box::new(work.contact(offset)))
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
        None if view.as_of - standing.start > LONGEST_SILENCE => as_said(Evidence::Stale),
        None => as_said(standing.evidence()),
    }
}

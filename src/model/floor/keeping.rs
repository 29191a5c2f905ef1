//! What readings leave behind: what of the past is told otherwise, and what has to be kept of it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Change, Floor};
use crate::model::{
    AgentId, AgentKey, Entry, Evidence, Kept, Layer, Observation, Person, Presence, SourceKind,
    SourceName, Spell, Told,
};

/// Something to keep, as a change.
pub(super) fn keep(entry: Entry) -> Change {
    Change::Keep(Box::new(entry))
}

/// What became of an agent's timeline, as changes.
pub(super) fn kept(
    agent: &AgentKey,
    layer: Layer,
    told: Told,
) -> impl Iterator<Item = Change> + use<> {
    let past = told.from.map(|from| Change::Past { agent: agent.clone(), from });
    let agent = agent.clone();
    let entries = told.kept.into_iter().map(move |kept| {
        let agent = agent.clone();
        keep(match kept {
            Kept::Put(spell) => Entry::Spell { agent, layer, spell },
            Kept::Gone(since) => Entry::NoSpell { agent, layer, since },
        })
    });
    past.into_iter().chain(entries)
}

/// What the observations of one reading tell of the time since the reading before.
#[derive(Debug, Default)]
pub(super) struct Laid(HashMap<AgentId, Vec<Spell>>);

impl Laid {
    /// Takes it out of one.
    pub(super) fn take(&mut self, observation: &mut Observation) {
        if !observation.earlier.is_empty() {
            self.0.insert(observation.agent.clone(), std::mem::take(&mut observation.earlier));
        }
    }

    /// Puts in what follows from the reading before, too.
    pub(super) fn add(&mut self, agent: AgentId, spell: Spell) {
        self.0.entry(agent).or_default().push(spell);
    }

    fn of(&self, agent: &AgentId) -> &[Spell] {
        self.0.get(agent).map_or(&[], Vec::as_slice)
    }
}

impl Floor {
    /// Writes down what the reading of `as_of` showed, and of whom it showed nothing.
    pub(super) fn watch(
        &mut self,
        source: &SourceName,
        as_of: DateTime<Utc>,
        laid: &Laid,
    ) -> Vec<Change> {
        let Some(feed) = self.feeds.iter().find(|feed| feed.name == *source) else {
            return Vec::new();
        };
        let patience = feed.patience();
        let mut changes = Vec::new();
        for presence in self.people.presences_at(feed) {
            let told = if presence.as_of == as_of {
                self.pasts.watch(presence, laid.of(&presence.agent), patience)
            } else if is_unconfirmed(presence, as_of, patience) {
                self.pasts.no_longer_seen(&presence.key())
            } else {
                continue;
            };
            if told != Told::default() {
                changes.extend(kept(&presence.key(), Layer::Watched, told));
            }
        }
        changes
    }

    /// Writes down where whom the reading of `as_of` lists sits, and what is scheduled for them.
    pub(super) fn look_beside(&mut self, source: &SourceName, as_of: DateTime<Utc>) -> Vec<Change> {
        let Some(feed) = self.feeds.iter().find(|feed| feed.name == *source) else {
            return Vec::new();
        };
        let patience = feed.patience();
        // Where an earlier run saw somebody last they may turn out to have been until now: a short silence
        // before a span is none.
        let told_from = |since: DateTime<Utc>| since - patience;
        let mut changes = Vec::new();
        for presence in self.people.presences_at(feed) {
            let is_listed = presence.as_of == as_of && !presence.has_vanished();
            if !is_listed && !is_unconfirmed(presence, as_of, patience) && !presence.has_vanished()
            {
                continue;
            }
            let agent = presence.key();
            if feed.kind.is_telephony() {
                let place = self.queues.assigned(source, &presence.work).filter(|_| is_listed);
                let spans = self.pasts.sits(&agent, place.as_ref(), as_of, patience);
                changes.extend(past_of(&agent, spans.iter().map(|span| told_from(span.since))));
                let entry = |span| keep(Entry::Place { agent: agent.clone(), span });
                changes.extend(spans.into_iter().map(entry));
            } else {
                let state = presence.schedule.as_ref().filter(|_| is_listed);
                let spans = self.pasts.is_scheduled(&agent, state, as_of, patience);
                changes.extend(past_of(&agent, spans.iter().map(|span| told_from(span.since))));
                let entry = |span| keep(Entry::Schedule { agent: agent.clone(), span });
                changes.extend(spans.into_iter().map(entry));
            }
        }
        changes
    }

    /// That everybody of whom `source` tells is told otherwise since it last confirmed them: the source
    /// has fallen silent, or speaks again. To be asked before what it says now is taken in.
    pub(super) fn since_last_confirmed(&mut self, source: &SourceName) -> Vec<Change> {
        let mut changes = self.since_last_logged(source);
        let Some(feed) = self.feeds.iter().find(|feed| feed.name == *source) else {
            return changes;
        };
        let past =
            |presence: &mut Presence| Change::Past { agent: presence.key(), from: presence.as_of };
        changes.extend(self.people.presences_at(feed).map(past));
        changes
    }

    /// That everybody of whom `source` has a log is told otherwise since that was last read for them:
    /// what went on by it then goes on as far as it is read.
    pub(super) fn since_last_logged(&self, source: &SourceName) -> Vec<Change> {
        let logged = self.pasts.logged(source);
        logged.map(|(key, from)| Change::Past { agent: key.clone(), from }).collect()
    }

    /// How far `source` has been heard of each of those of whom another source may tell too.
    pub(super) fn heard(&self, source: &SourceName) -> Vec<(AgentKey, DateTime<Utc>)> {
        let is_log = self.feed(source).is_some_and(|feed| feed.kind.is_log());
        let people = self.people.all().iter().filter(|p| p.ids.len() > 1 || p.presences.len() > 1);
        let keys = people.flat_map(Person::keys).filter(|key| key.source == *source);
        keys.filter_map(|key| {
            let past = self.timeline(&key)?;
            let until = if is_log { past.read_until() } else { past.watched_until() }?;
            Some((key, until))
        })
        .collect()
    }

    /// That people are told otherwise since `source` was heard of them before: beside what another
    /// source said of the time since then its word was late, and no longer is.
    pub(super) fn no_longer_late(&self, heard: Vec<(AgentKey, DateTime<Utc>)>) -> Vec<Change> {
        let since = |(agent, until): (AgentKey, DateTime<Utc>)| {
            let feed = self.feed(&agent.source)?;
            let lag = match feed.kind {
                SourceKind::SipIo => feed.kind.documented_lag(),
                _ => TimeDelta::zero(),
            };
            let from = until - lag;
            let others = self.people.find(&agent)?.keys();
            let mut others = others.iter().filter(|other| other.source != agent.source);
            others
                .any(|other| self.pasts.latest_beginning(other) > Some(from))
                .then_some(Change::Past { agent, from })
        };
        heard.into_iter().filter_map(since).collect()
    }
}

/// Whether the reading of `as_of` no longer vouches for what a presence said.
fn is_unconfirmed(presence: &Presence, as_of: DateTime<Utc>, patience: TimeDelta) -> bool {
    presence.as_of != as_of
        && (presence.evidence == Evidence::Stale || (as_of - presence.as_of).abs() > patience)
}

/// That an agent's past is told otherwise since the first of `instants`.
pub(super) fn past_of(
    agent: &AgentKey,
    instants: impl Iterator<Item = DateTime<Utc>>,
) -> Option<Change> {
    instants.min().map(|from| Change::Past { agent: agent.clone(), from })
}

//! Everybody on the floor, found by any of their ids.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Change;
use crate::model::moved::each;
use crate::model::timeline::JITTER;
use crate::model::{
    AgentId, AgentKey, Evidence, Feed, Observation, Person, PersonId, Presence, Roster, SourceName,
};

/// Everybody on the floor.
#[derive(Debug, Clone)]
pub(super) struct People {
    /// The sources in the config's order: every person's presences stand in it.
    sources: Vec<SourceName>,
    all: Vec<Person>,
    by_key: HashMap<AgentKey, usize>,
    by_id: HashMap<PersonId, usize>,
    /// The roster's e-mail addresses.
    emails: HashMap<PersonId, String>,
}

impl People {
    /// The roster's people, of whom no source has said anything yet.
    pub(super) fn of(roster: Roster, sources: Vec<SourceName>) -> Self {
        let mut by_key = HashMap::new();
        let mut by_id = HashMap::new();
        let mut emails = HashMap::new();
        let mut all = Vec::with_capacity(roster.people().len());
        for (index, person) in roster.into_people().into_iter().enumerate() {
            for (source, agent) in &person.ids {
                let key = AgentKey::new(source.clone(), agent.clone());
                by_key.entry(key).or_insert(index);
            }
            by_id.entry(person.id.clone()).or_insert(index);
            if let Some(email) = person.email {
                emails.insert(person.id.clone(), email);
            }
            all.push(Person {
                id: person.id,
                name: person.name,
                team: person.team,
                ids: person.ids,
                in_roster: true,
                also: Vec::new(),
                presences: Vec::new(),
            });
        }
        Self { sources, all, by_key, by_id, emails }
    }

    /// The e-mail address that the roster has of the person called `id`.
    pub(super) fn email_of(&self, id: &PersonId) -> Option<&str> {
        self.emails.get(id).map(String::as_str)
    }

    pub(super) fn move_by(&mut self, by: TimeDelta) {
        each(self.all.iter_mut().flat_map(|person| &mut person.presences), by);
    }

    pub(super) fn all(&self) -> &[Person] {
        &self.all
    }

    /// Whom `key` names; under our own name, by the person's id.
    pub(super) fn find(&self, key: &AgentKey) -> Option<&Person> {
        if key.source.is_own() {
            return self.called(&PersonId::from(key.agent.as_str()));
        }
        self.by_key.get(key).and_then(|index| self.all.get(*index))
    }

    /// The person called `id`.
    pub(super) fn called(&self, id: &PersonId) -> Option<&Person> {
        self.by_id.get(id).and_then(|index| self.all.get(*index))
    }

    /// Makes a person of an agent whom nobody knows; no source lists it.
    pub(super) fn admit(&mut self, key: &AgentKey, name: Option<&str>) {
        if !self.by_key.contains_key(key) {
            self.add(key, name);
        }
    }

    /// Every presence at `feed`'s source.
    pub(super) fn presences_at<'a>(
        &'a mut self,
        feed: &'a Feed,
    ) -> impl Iterator<Item = &'a mut Presence> {
        self.all
            .iter_mut()
            .flat_map(|person| &mut person.presences)
            .filter(|p| p.source == feed.name)
    }

    /// Takes in what `feed` says of one agent at `as_of`.
    pub(super) fn observe(
        &mut self,
        feed: &Feed,
        observation: Observation,
        as_of: DateTime<Utc>,
    ) -> Option<Change> {
        let key = AgentKey::new(feed.name.clone(), observation.agent.clone());
        let index = self.place(&key, &observation);
        let person = self.all.get_mut(index)?;
        let known = person.presences.iter().position(|presence| presence.source == feed.name);
        match known.and_then(|at| person.presences.get_mut(at)) {
            Some(presence) => {
                let from = presence.activity.clone();
                let was_gone = presence.has_vanished() || presence.is_not_listed();
                let since = steady_since(presence, &observation);
                *presence = presence_of(feed, observation, as_of, since);
                if was_gone {
                    Some(Change::Arrived(key))
                } else {
                    (from != presence.activity).then(|| Change::Activity {
                        agent: key,
                        from,
                        to: presence.activity.clone(),
                    })
                }
            }
            None => {
                let since = observation.since;
                insert(person, presence_of(feed, observation, as_of, since), &self.sources);
                Some(Change::Arrived(key))
            }
        }
    }

    /// Takes in that the list of `feed` does not have at `as_of` whom the roster gives an id there and
    /// whom it never had; `says` is what follows of the agent with that id. Of whom it follows for the
    /// first time.
    pub(super) fn lack(
        &mut self,
        feed: &Feed,
        as_of: DateTime<Utc>,
        says: impl Fn(AgentId) -> Observation,
    ) -> Vec<AgentId> {
        let mut new = Vec::new();
        let Self { sources, all, by_key, .. } = self;
        for (index, person) in all.iter_mut().enumerate().filter(|(_, person)| person.in_roster) {
            let Some(agent) = person.ids.get(&feed.name) else { continue };
            match person.presences.iter_mut().find(|presence| presence.source == feed.name) {
                Some(presence) if presence.is_not_listed() => presence.as_of = as_of,
                Some(_) => {}
                // Of two with one id the first is meant.
                None if by_key.get(&AgentKey::new(feed.name.clone(), agent.clone()))
                    == Some(&index) =>
                {
                    let missing = presence_of(feed, says(agent.clone()), as_of, None);
                    new.push(agent.clone());
                    insert(person, missing, sources);
                }
                None => {}
            }
        }
        new
    }

    /// Learns the name of whom nobody has named so far.
    pub(super) fn name(&mut self, key: &AgentKey, name: &str) {
        let Some(person) = self.by_key.get(key).and_then(|index| self.all.get_mut(*index)) else {
            return;
        };
        if !person.in_roster && person.name == key.agent.as_str() {
            name.clone_into(&mut person.name);
        }
    }

    /// By which other id the roster knows an agent that is listed for the first time.
    pub(super) fn alias(&self, key: &AgentKey, observation: &Observation) -> Option<AgentId> {
        if self.by_key.contains_key(key) {
            return None;
        }
        let is_known = |alias: &&AgentId| {
            self.by_key.contains_key(&AgentKey::new(key.source.clone(), (*alias).clone()))
        };
        observation.aliases.iter().find(is_known).cloned()
    }

    /// Takes in that an earlier run knew by `alias`, of the same source, whom it saw as `key`.
    pub(super) fn join(&mut self, key: AgentKey, alias: AgentId) {
        let alias = AgentKey::new(key.source.clone(), alias);
        let known = self.by_key.get(&alias).copied().filter(|_| !self.by_key.contains_key(&key));
        if let Some((index, person)) = known.and_then(|i| Some((i, self.all.get_mut(i)?))) {
            person.also.push(key.clone());
            self.by_key.insert(key, index);
        }
    }

    /// Whose observation it is: by id, by another id the roster may use, else a new person.
    fn place(&mut self, key: &AgentKey, observation: &Observation) -> usize {
        let by_alias = || {
            let alias = AgentKey::new(key.source.clone(), self.alias(key, observation)?);
            self.by_key.get(&alias).copied()
        };
        if let Some(index) = self.by_key.get(key).copied().or_else(by_alias) {
            self.by_key.entry(key.clone()).or_insert(index);
            return index;
        }
        self.add(key, observation.name.as_deref())
    }

    /// A new person, known by nothing but `key`.
    fn add(&mut self, key: &AgentKey, name: Option<&str>) -> usize {
        let index = self.all.len();
        let id = key.person_id();
        self.by_key.insert(key.clone(), index);
        self.by_id.entry(id.clone()).or_insert(index);
        self.all.push(Person {
            id,
            name: name.unwrap_or(key.agent.as_str()).to_owned(),
            team: None,
            ids: [(key.source.clone(), key.agent.clone())].into(),
            in_roster: false,
            also: Vec::new(),
            presences: Vec::new(),
        });
        index
    }
}

/// Puts `presence` where the order of the sources wants it.
fn insert(person: &mut Person, presence: Presence, sources: &[SourceName]) {
    let rank = |source: &SourceName| sources.iter().position(|name| name == source);
    let mine = rank(&presence.source);
    let at = person.presences.partition_point(|p| rank(&p.source) < mine);
    person.presences.insert(at, presence);
}

fn presence_of(
    feed: &Feed,
    observation: Observation,
    as_of: DateTime<Utc>,
    since: Option<DateTime<Utc>>,
) -> Presence {
    Presence {
        source: feed.name.clone(),
        kind: feed.kind,
        agent: observation.agent,
        name: observation.name,
        activity: observation.activity,
        raw: observation.raw,
        since,
        as_of,
        evidence: observation.evidence,
        episode: observation.episode,
        away_pending: observation.away_pending,
        missed: 0,
        may_be_unread: false,
        work: observation.work,
        schedule: observation.schedule,
        contact: observation.contact,
        kpi: observation.kpi,
    }
}

/// Whether the agent was missing from the reading before, and does what it does now since after it was last
/// seen: it was gone in between.
pub(super) fn was_gone(known: &Presence, seen: &Observation) -> bool {
    known.missed > 0 && seen.since.is_some_and(|since| since > known.as_of)
}

/// Since when, without the jitter of polls: the beginning already shown stays while it is the same
/// stretch of the same state. A different call, or a beginning that moved by more than jitter, is a
/// new stretch; and so is one that began after the agent was last seen, of whom a reading since had
/// nothing: it was gone and is back, however soon.
fn steady_since(known: &Presence, seen: &Observation) -> Option<DateTime<Utc>> {
    let same_state = known.activity == seen.activity
        && known.raw == seen.raw
        && known.evidence != Evidence::Inferred;
    let same_stretch =
        (known.episode.is_none() || seen.episode.is_none() || known.episode == seen.episode)
            && !was_gone(known, seen);
    match (known.since, seen.since) {
        (Some(old), Some(new)) if same_state && same_stretch && (new - old).abs() <= JITTER => {
            Some(old)
        }
        (old, None) if same_state && same_stretch => old,
        (_, new) => new,
    }
}

//! What comes back of earlier runs, before or after the first readings of this one.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::keeping::{kept, past_of};
use super::{Change, Floor, absence};
use crate::model::{
    Activity, AgentKey, Archive, Coverage, Entry, Layer, Person, PersonId, SourceName, Timetable,
    TimetableEntry, WINDOW_JITTER,
};

/// Whatever an earlier run saw so lately is expected to be so when the program is started again.
pub(super) const EXPECTED_FOR: TimeDelta = TimeDelta::minutes(30);

impl Floor {
    /// Takes in what earlier runs kept, before or after the first readings. It brings nobody onto the
    /// floor whom neither the roster nor a source names now; see [`Self::remembered`].
    pub fn restore(&mut self, archive: Archive, now: DateTime<Utc>) -> Vec<Change> {
        let mut told = Vec::new();
        for (source, layer, at) in archive.read_until {
            match layer {
                Layer::Recorded => {
                    told.extend(self.since_last_logged(&source));
                    self.pasts.was_read_until(&source, at);
                }
                Layer::Watched => self.pasts.was_watched_until(&source, at),
            }
        }
        for (agent, alias) in archive.aliases {
            self.people.join(agent, alias);
        }
        for (agent, name) in archive.names {
            self.people.name(&agent, &name);
            self.pasts.restore_name(agent, name);
        }
        let spells = archive.spells.into_iter().map(|(agent, layer, s)| ((agent, layer), s));
        for ((agent, layer), spells) in grouped(spells) {
            let patience = self.patience_of(&agent.source);
            let changed = self.pasts.restore(&agent, layer, spells, patience);
            told.extend(kept(&agent, layer, changed));
        }
        for (agent, spans) in grouped(archive.places) {
            let patience = self.patience_of(&agent.source);
            // A short silence before one of them is none now.
            told.extend(past_of(&agent, spans.iter().map(|span| span.since - patience)));
            self.pasts.restore_places(&agent, spans, patience);
        }
        for (agent, spans) in grouped(archive.schedules) {
            let patience = self.patience_of(&agent.source);
            // A short silence before one of them is none now.
            told.extend(past_of(&agent, spans.iter().map(|span| span.since - patience)));
            self.pasts.restore_schedules(&agent, spans, patience);
        }
        let day_start = self.day_start(now);
        for (agent, kpi) in archive.sums {
            if (kpi.since - day_start).abs() <= WINDOW_JITTER {
                told.push(Change::Past { agent: agent.clone(), from: kpi.since });
                self.pasts.restore_sums(agent, kpi);
            }
        }
        for (agent, said) in archive.adherence {
            if (said.since - day_start).abs() <= WINDOW_JITTER {
                // Whom the schedule does not bind is decided whenever their past is looked at.
                told.push(Change::Past { agent: agent.clone(), from: now });
                self.pasts.restore_adherence(agent, said);
            }
        }
        let own = archive.alerts.into_iter().filter(|known| known.key.source.is_own());
        let undone = own.filter_map(|known| self.alerts.restore(known));
        told.extend(undone.map(|known| Change::Keep(Box::new(Entry::Alert(Box::new(known))))));
        told.extend(self.restore_plans(archive.plans, now));
        for index in 0..self.feeds.len() {
            let missing = self.missing_since_earlier_runs(&self.feeds[index].name, now);
            absence::doubt_restored(&mut self.feeds[index], &mut self.people, missing, now);
        }
        told
    }

    /// How many agents of `source` an earlier run saw at work a short while ago and this one has not seen.
    pub(super) fn missing_since_earlier_runs(
        &self,
        source: &SourceName,
        now: DateTime<Utc>,
    ) -> u64 {
        let keys = self.people.all().iter().flat_map(Person::keys);
        let theirs = keys.filter(|key| key.source == *source);
        let lately = |until: DateTime<Utc>| now - until <= EXPECTED_FOR;
        theirs.filter(|key| self.last_at_work(key).is_some_and(lately)).count() as u64
    }

    /// The same while it may make a list doubtful: at the start of this run, and as long as it does.
    pub(super) fn expected_at(
        &self,
        source: &SourceName,
        coverage: Coverage,
        now: DateTime<Utc>,
    ) -> u64 {
        let feed = self.feed(source).filter(|feed| feed.kind.is_telephony());
        let is_asked = matches!(coverage, Coverage::Whole { .. })
            && feed.is_some_and(|feed| {
                feed.hold.is_some() || feed.readings <= u64::from(absence::BELIEVED_AFTER)
            });
        if is_asked { self.missing_since_earlier_runs(source, now) } else { 0 }
    }

    /// Agents with a past whom neither the roster nor a source names, by source and id, and the name
    /// that a source once gave them.
    #[must_use]
    pub fn remembered(&self) -> Vec<(AgentKey, Option<String>)> {
        let unknown = |agent: &&AgentKey| self.person_of(agent).is_none();
        let name = |agent: &AgentKey| self.pasts.name_of(agent).map(str::to_owned);
        let agents = self.pasts.agents().into_iter().filter(unknown);
        agents.map(|agent| (agent.clone(), name(agent))).collect()
    }

    /// Since when an agent whom an earlier run saw at work is missing from its source's list, which
    /// claims to be everybody: it left without a logout, perhaps before this run began. None for whom
    /// this run has seen itself: then a presence tells.
    #[must_use]
    pub fn missing_since(&self, key: &AgentKey, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // Who is missing may be in a record that could not be understood.
        self.feed(&key.source).filter(|feed| feed.lists_everybody(now) && feed.skipped == 0)?;
        self.last_at_work(key)
    }

    /// Until when an earlier run saw an agent at work whom this one has not seen.
    fn last_at_work(&self, key: &AgentKey) -> Option<DateTime<Utc>> {
        let is_seen = |person: &super::Person| {
            person.presence(&key.source).is_some_and(|presence| !presence.is_not_listed())
        };
        if self.person_of(key).is_some_and(is_seen) {
            return None;
        }
        let last = self.pasts.of(key)?.last_listed()?;
        let at_work = !matches!(last.activity, Activity::Offline | Activity::Unknown);
        last.until.filter(|_| at_work)
    }

    /// Makes a person of an agent whom nobody knows; no source lists it. For looking back: the present
    /// floor has only whom a source names now.
    pub fn admit(&mut self, agent: &AgentKey, name: Option<&str>) {
        self.people.admit(agent, name);
    }

    /// The silence of a source beyond which nobody knows what was; none may be bridged of a source
    /// that the config no longer has.
    fn patience_of(&self, source: &SourceName) -> TimeDelta {
        self.feed(source).map_or(TimeDelta::zero(), super::Feed::patience)
    }

    /// Of the past, earlier runs know better what the schedule file wanted: it may hold other days by
    /// now. As far as they do not reach, and from now on, the file that there is says it.
    fn restore_plans(
        &mut self,
        plans: Vec<(PersonId, TimetableEntry)>,
        now: DateTime<Utc>,
    ) -> Vec<Change> {
        let mut told = Vec::new();
        let mut merged = match self.pasts.plans.take() {
            Some(plans) => Arc::unwrap_or_clone(plans),
            None => {
                let file = self.timetable.clone();
                file.unwrap_or_else(|| Timetable::new(self.identity.timezone, []))
            }
        };
        for (person, entries) in grouped(plans) {
            let since = entries.iter().filter_map(|entry| entry.since).min();
            merged.replace_until(&person, &entries, now);
            let keys = self.person(&person).map(super::Person::keys).into_iter().flatten();
            told.extend(
                keys.zip(since.into_iter().cycle())
                    .map(|(agent, from)| Change::Past { agent, from }),
            );
        }
        self.pasts.plans = Some(Arc::new(merged));
        told
    }
}

fn grouped<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, Vec<V>> {
    let mut groups: BTreeMap<K, Vec<V>> = BTreeMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

//! Every row of two days, by agent, and what it comes to.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::event::{Distrust, Event, TimeSource, distrust};
use super::local_time::{midnight, resolve};
use super::meaning::Meanings;
use super::sessions::Sessions;
use super::wire::{Row, Written};
use crate::model::{AgentHistory, AgentId, Connection, Private};

/// The rows of all agents.
#[derive(Debug)]
pub(super) struct Log {
    zone: Tz,
    meanings: Meanings,
    agents: HashMap<AgentId, Agent>,
    /// Whose each row is.
    places: HashMap<u64, AgentId>,
    campaigns: HashSet<Arc<str>>,
    /// Of whom there is something new to tell.
    touched: HashSet<AgentId>,
    arrivals: u64,
    source: TimeSource,
    /// Rows before this day are not kept.
    first: NaiveDate,
    /// From which day on everybody has been told of.
    told_from: Option<NaiveDate>,
}

#[derive(Debug, Default)]
struct Agent {
    /// The name, and when the row that gives it was written.
    name: Option<(DateTime<Utc>, String)>,
    events: Vec<Event>,
    /// The newest row that says from where the agent works.
    place: Option<Place>,
    /// From when on the open session is not believed.
    doubted_from: Option<DateTime<Utc>>,
}

#[derive(Debug)]
struct Place {
    created: DateTime<Utc>,
    row: u64,
    offset: TimeDelta,
    browser: Option<Private>,
    ip_address: Option<Private>,
}

/// How a row is taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taking {
    /// Which query of which pass brings it.
    pub mark: u64,
    /// Server minus ours.
    pub offset: TimeDelta,
    /// By how much the server's clock was set while it was read.
    pub stepped: TimeDelta,
    /// When the row before it was written.
    pub after: Option<DateTime<Utc>>,
}

/// Which rows are looked at, and which spells are told.
#[derive(Debug, Clone, Copy)]
struct Relevant {
    /// Rows from this day on are looked at.
    told_of: NaiveDate,
    /// Spells that began on this day or later are told.
    first: NaiveDate,
    /// When that day began, in our clock.
    from: DateTime<Utc>,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taken {
    /// The server's day to which it belongs.
    pub day: NaiveDate,
    /// When it was written.
    pub created: DateTime<Utc>,
    /// Which query brought it before; none for a new one.
    pub seen_in: Option<u64>,
}

/// Why a row is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lack {
    #[error("it has no usable user_id")]
    Agent,
    #[error("it has no usable created_at")]
    Time,
}

/// What there is to tell.
#[derive(Debug)]
pub(super) struct News {
    pub histories: Vec<AgentHistory>,
    /// Whether it has just been found out that the log's clocks contradict each other.
    pub clocks_disagree: bool,
}

impl Log {
    pub(super) fn new(zone: Tz, meanings: Meanings) -> Self {
        Self {
            zone,
            meanings,
            agents: HashMap::new(),
            places: HashMap::new(),
            campaigns: HashSet::new(),
            touched: HashSet::new(),
            arrivals: 0,
            source: TimeSource::default(),
            first: NaiveDate::MIN,
            told_from: None,
        }
    }

    /// Takes in a row, new or not; none for one that only marks something or is too old to matter.
    pub(super) fn take(&mut self, row: &Row<'_>, taking: Taking) -> Result<Option<Taken>, Lack> {
        let agent = row.agent().ok_or(Lack::Agent)?;
        let key = row.key();
        let Some(meaning) = self.meanings.of(row.words().borrowed()) else { return Ok(None) };
        let (created, is_ambiguous) = self.created(row, taking.after).ok_or(Lack::Time)?;
        let day = created.with_timezone(&self.zone).date_naive();
        if day < self.first {
            return Ok(None);
        }
        let campaign = row.campaign().map(|campaign| self.campaign(&campaign));
        let event = Event {
            key,
            day,
            created,
            is_ambiguous,
            epoch: row.epoch(),
            arrival: self.arrivals,
            mark: taking.mark,
            offset: taking.offset,
            stepped: taking.stepped,
            campaign,
            meaning,
        };
        self.arrivals += 1;
        let seen_in = self.upsert(&agent, event);
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.hear(row, key, created, taking.offset);
        }
        Ok(Some(Taken { day, created, seen_in }))
    }

    fn created(
        &self,
        row: &Row<'_>,
        after: Option<DateTime<Utc>>,
    ) -> Option<(DateTime<Utc>, bool)> {
        match row.written() {
            Some(Written::Local(local)) => {
                let resolved = resolve(self.zone, local, after);
                Some((resolved.at, resolved.is_ambiguous))
            }
            Some(Written::Instant(at)) => Some((at, false)),
            None => row.epoch().map(|epoch| (epoch, false)),
        }
    }

    fn campaign(&mut self, campaign: &str) -> Arc<str> {
        if let Some(known) = self.campaigns.get(campaign) {
            return Arc::clone(known);
        }
        let new: Arc<str> = campaign.into();
        self.campaigns.insert(Arc::clone(&new));
        new
    }

    /// Puts `event` in its place. Returns which query brought the same row before.
    fn upsert(&mut self, agent: &AgentId, mut event: Event) -> Option<u64> {
        let key = event.key;
        let before = self.places.get(&key).cloned();
        if let Some(owner) = before.as_ref().filter(|owner| *owner != agent) {
            // The row is another agent's by now.
            if let Some(former) = self.agents.get_mut(owner) {
                former.events.retain(|event| event.key != key);
            }
            self.touched.insert(owner.clone());
        }
        self.places.insert(key, agent.clone());
        let events = &mut self.agents.entry(agent.clone()).or_default().events;
        let is_theirs = before.as_ref() == Some(agent);
        let known = events.iter_mut().find(|known| is_theirs && known.key == key);
        let Some(known) = known else {
            events.push(event);
            self.touched.insert(agent.clone());
            return before.map(|_| 0);
        };
        let seen_in = known.mark;
        let local = |event: &Event| event.created.with_timezone(&self.zone).naive_local();
        if known.is_ambiguous && event.is_ambiguous && local(known) == local(&event) {
            // Which of the two hours it was has been settled, when it could be seen in its order.
            event.created = known.created;
        }
        if known.says_what(&event) {
            known.mark = event.mark;
        } else {
            let (offset, stepped) = known.clock_of(&event);
            *known = Event { arrival: known.arrival, offset, stepped, ..event };
            self.touched.insert(agent.clone());
        }
        Some(seen_in)
    }

    /// The campaigns that rows have named.
    pub(super) fn campaigns(&self) -> impl Iterator<Item = &Arc<str>> {
        self.campaigns.iter()
    }

    /// Whether `agent` has a row on `day`, in `campaign` where one is given.
    pub(super) fn has_rows(&self, agent: &AgentId, day: NaiveDate, campaign: Option<&str>) -> bool {
        let on = |event: &Event| {
            event.day == day && campaign.is_none_or(|c| event.campaign.as_deref() == Some(c))
        };
        self.agents.get(agent).is_some_and(|agent| agent.events.iter().any(on))
    }

    /// Everybody who has rows.
    pub(super) fn agents(&self) -> impl Iterator<Item = &AgentId> {
        self.agents.keys()
    }

    /// Whether some row of `day` names no campaign.
    pub(super) fn has_rows_without_campaign(&self, day: NaiveDate) -> bool {
        let mut events = self.agents.values().flat_map(|agent| &agent.events);
        events.any(|event| event.day == day && event.campaign.is_none())
    }

    /// Forgets everything: rows from `first` on will come anew.
    pub(super) fn start_at(&mut self, first: NaiveDate) {
        self.agents.clear();
        self.places.clear();
        self.campaigns.clear();
        self.touched.clear();
        (self.first, self.told_from) = (first, None);
    }

    /// Forgets what was before `first`, but for the last word of each campaign: what somebody did
    /// at midnight began before it.
    pub(super) fn keep_from(&mut self, first: NaiveDate) {
        self.first = first;
        for agent in self.agents.values_mut() {
            let mut newest: HashMap<Option<Arc<str>>, (DateTime<Utc>, u64)> = HashMap::new();
            for event in agent.events.iter().filter(|event| event.day < first) {
                let newest = newest.entry(event.campaign.clone()).or_default();
                *newest = (*newest).max((event.created, event.arrival));
            }
            agent.events.retain(|event| {
                event.day >= first
                    || newest.get(&event.campaign) == Some(&(event.created, event.arrival))
            });
        }
        let horizon = first.pred_opt().unwrap_or(first);
        self.agents.retain(|_, agent| agent.events.iter().any(|event| event.day >= horizon));
        let agents = &self.agents;
        self.touched.retain(|agent| agents.contains_key(agent));
        let kept: HashSet<u64> =
            agents.values().flat_map(|agent| agent.events.iter().map(|event| event.key)).collect();
        self.places.retain(|key, _| kept.contains(key));
        let named: HashSet<Arc<str>> = agents
            .values()
            .flat_map(|agent| agent.events.iter().filter_map(|event| event.campaign.clone()))
            .collect();
        self.campaigns = named;
    }

    /// What is new since it was asked last, of everybody of whom there is something: all that began
    /// on `first` or later, read up to `until`, in our clock.
    pub(super) fn news(
        &mut self,
        first: NaiveDate,
        until: DateTime<Utc>,
        offset: TimeDelta,
    ) -> News {
        // An earlier day says how this one began.
        let reaches_back = self.told_from.is_none_or(|told| first < told);
        self.told_from = Some(first);
        for (id, agent) in &self.agents {
            if reaches_back || agent.doubted_from.is_some_and(|from| from < until) {
                self.touched.insert(id.clone());
            }
        }
        let clocks_disagree = self.choose_clock();
        let from = midnight(self.zone, first) - offset;
        // What was kept of an earlier day says what somebody did at midnight, unless a day that is
        // not to be told of lies in between.
        let told_of = if first <= self.first { NaiveDate::MIN } else { first };
        // Whose rows are all of a day that is not to be told of yet has to wait for it.
        let agents = &self.agents;
        let has_begun = |id: &AgentId| {
            agents.get(id).is_some_and(|agent| {
                agent.events.is_empty() || agent.events.iter().any(|event| event.day >= first)
            })
        };
        let mut touched: Vec<AgentId> =
            self.touched.iter().filter(|id| has_begun(id)).cloned().collect();
        self.touched.clear();
        touched.sort();
        let mut histories = Vec::with_capacity(touched.len());
        for id in touched {
            let Some(agent) = self.agents.get_mut(&id) else { continue };
            let relevant = Relevant { told_of, first, from };
            histories.push(agent.history(id, self.source, relevant, until));
        }
        News { histories, clocks_disagree }
    }

    /// Believes the epochs until one is seen that cannot be believed; then all of the log goes by
    /// the other clock, for good. True when it has just turned out that the clocks contradict.
    fn choose_clock(&mut self) -> bool {
        if self.source == TimeSource::Created {
            return false;
        }
        let touched = self.touched.iter().filter_map(|agent| self.agents.get(agent));
        let worst = touched.filter_map(|agent| distrust(&agent.events)).max();
        if worst.is_some() {
            self.source = TimeSource::Created;
            self.touched.extend(self.agents.keys().cloned());
        }
        worst == Some(Distrust::Contradicted)
    }
}

impl Agent {
    /// Takes in what a row says beside what the agent does.
    fn hear(&mut self, row: &Row<'_>, key: u64, created: DateTime<Utc>, offset: TimeDelta) {
        if let Some(name) = row.name()
            && self.name.as_ref().is_none_or(|(named_at, _)| created >= *named_at)
        {
            self.name = Some((created, name));
        }
        let (browser, ip_address) = (row.browser(), row.ip_address());
        let is_newer = self.place.as_ref().is_none_or(|place| created >= place.created);
        if is_newer && (browser.is_some() || ip_address.is_some()) {
            let offset = match &self.place {
                Some(place) if place.row == key => place.offset,
                _ => offset,
            };
            self.place = Some(Place { created, row: key, offset, browser, ip_address });
        }
    }

    fn history(
        &mut self,
        id: AgentId,
        source: TimeSource,
        relevant: Relevant,
        until: DateTime<Utc>,
    ) -> AgentHistory {
        let Relevant { told_of, first, from } = relevant;
        self.events.sort_by_key(|event| (event.in_order(source), event.created, event.arrival));
        let events = self.events.iter().filter(|event| event.day >= told_of);
        let sessions = Sessions::of(events, source);
        self.doubted_from = sessions.disbelieved_from().filter(|from| *from >= until);
        let spells = sessions.spells(first, until);
        let begin = spells.first().map_or(from, |spell| spell.since.min(from));
        let moment = TimeDelta::milliseconds(1);
        let end = spells.last().map_or(until, |spell| until.max(spell.since + moment));
        let connection = self.place.as_ref().map(|place| Connection {
            seen_at: match self.events.iter().find(|event| event.key == place.row) {
                Some(event) => event.ours(source),
                None => place.created - place.offset,
            },
            browser: place.browser.clone(),
            ip_address: place.ip_address.clone(),
        });
        let name = self.name.as_ref().map(|(_, name)| name.clone());
        AgentHistory { agent: id, name, from: begin, until: end, spells, connection }
    }
}

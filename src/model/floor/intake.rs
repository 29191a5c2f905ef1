//! How what the sources report changes the floor.

use chrono::{DateTime, Utc};

use super::alerts::At;
use super::keeping::{Laid, keep, kept};
use super::pasts::Pasts;
use super::people::was_gone;
use super::{Change, Floor, absence, leavers, not_listed};
use crate::model::{
    Activity, AdherenceSummary, AgentHistory, AgentKey, AlertStatus, Body, Coverage, Entry,
    Evidence, Feed, FeedStatus, Layer, Observation, Outcome, QueueKey, Reading, Report, Side,
    SideFeed, SourceName, Spell, WayBack,
};

/// What a report is about.
enum Subject {
    Main,
    Side(Side),
    Turn,
}

fn subject(outcome: &Outcome) -> Subject {
    match outcome {
        Outcome::Read(Reading { body: Body::Agents { .. }, .. }) | Outcome::Failed(_) => {
            Subject::Main
        }
        Outcome::Read(reading) => reading.body.side().map_or(Subject::Turn, Subject::Side),
        Outcome::SideFailed { side, .. } => Subject::Side(*side),
        Outcome::QueueFailed { .. } | Outcome::LookUpFailed { .. } => Subject::Turn,
    }
}

/// A list of agents, without the agents.
struct List {
    source: SourceName,
    taken_at: DateTime<Utc>,
    as_of: DateTime<Utc>,
    skipped: u32,
    repaired: u32,
    coverage: Coverage,
    summary: Option<AdherenceSummary>,
}

/// The main reading came.
fn answered(feed: &mut Feed, list: &List) {
    // What a log says of its past, beside the newest that was read of it, is no answer of its own: what
    // the newest one left out has still been left out.
    let is_newer = feed.as_of.is_none_or(|as_of| list.as_of > as_of);
    let beside = if is_newer || list.coverage != Coverage::Part {
        (0, 0)
    } else {
        (feed.skipped, feed.repaired)
    };
    feed.skipped = list.skipped.max(beside.0);
    feed.repaired = list.repaired.max(beside.1);
    feed.as_of = Some(list.as_of);
    feed.read_at = Some(list.taken_at);
    feed.readings += 1;
    feed.failures = 0;
    feed.failure = None;
    feed.summary = list.summary;
    feed.coverage = Some(list.coverage);
}

/// What came of reading beside it, without what it said.
struct Beside {
    taken_at: DateTime<Utc>,
    as_of: DateTime<Utc>,
    skipped: u32,
    repaired: u32,
}

/// What is read beside it came; which it is, where its condition changed.
fn side_answered(side: &mut SideFeed, came: &Beside, now: DateTime<Utc>) -> Option<Side> {
    let was = side.status(now);
    side.as_of = side.as_of.max(Some(came.as_of));
    side.read_at = Some(came.taken_at);
    side.readings += 1;
    side.failures = 0;
    side.failure = None;
    side.skipped = came.skipped;
    side.repaired = came.repaired;
    (was != side.status(now)).then_some(side.side)
}

/// Of how many agents, or alerts, something came as no text: in `body`, or in all that a log has said.
fn repaired(source: &SourceName, body: &Body, pasts: &mut Pasts) -> u32 {
    match body {
        Body::Agents { observations, .. } => {
            observations.iter().map(|seen| u32::from(seen.has_replaced())).sum()
        }
        Body::History { histories, .. } => pasts.garbled(source, histories),
        Body::Alerts { alerts, .. } => {
            alerts.iter().map(|alert| u32::from(alert.has_replaced())).sum()
        }
        Body::Queue(_) | Body::Alert(_) => 0,
    }
}

fn read_until(list: &List, layer: Layer) -> Change {
    keep(Entry::ReadUntil { source: list.source.clone(), layer, at: list.as_of })
}

impl Floor {
    /// Where the source called `name` stands among the feeds, whose number and order never change.
    fn feed_index(&self, name: &SourceName) -> Option<usize> {
        self.feeds.iter().position(|feed| feed.name == *name)
    }

    /// Takes in what a source's task reports. A source that the floor does not have is ignored.
    pub fn report(&mut self, report: Report, now: DateTime<Utc>) -> Vec<Change> {
        let Some(index) = self.feed_index(&report.source) else { return Vec::new() };
        let feed = &mut self.feeds[index];
        feed.clock_offset = report.clock_offset.or(feed.clock_offset);
        match subject(&report.outcome) {
            Subject::Main => {
                feed.next_at = report.next_at;
                feed.took = Some(report.took);
                feed.way_back = report.way_back.or(feed.way_back);
                feed.unread = report.unread;
            }
            Subject::Side(side) => {
                if let Some(side) = feed.side_mut(side) {
                    side.next_at = report.next_at;
                    side.way_back = report.way_back.or(side.way_back);
                }
            }
            Subject::Turn => {}
        }
        match report.outcome {
            Outcome::Read(reading) => self.apply(reading, now),
            Outcome::Failed(failure) => {
                let was_live = feed.status(now) == FeedStatus::Live;
                feed.failures = feed.failures.saturating_add(1);
                feed.failure = Some(failure);
                let mut changes = vec![Change::Feed(report.source.clone())];
                if was_live {
                    changes.extend(self.since_last_confirmed(&report.source));
                }
                changes
            }
            Outcome::QueueFailed { campaign_id, queue_id, failure, next_at } => {
                let key = QueueKey { source: report.source, campaign_id, queue_id };
                vec![Change::Queue(self.queues.failed(key, failure, next_at))]
            }
            Outcome::SideFailed { side, failure } => {
                let Some(feed) = feed.side_mut(side) else { return Vec::new() };
                feed.failures = feed.failures.saturating_add(1);
                feed.failure = Some(failure);
                vec![Change::Side(report.source, side)]
            }
            // Only whoever asked for it is concerned.
            Outcome::LookUpFailed { .. } => Vec::new(),
        }
    }

    /// Takes in a reading.
    pub fn apply(&mut self, reading: Reading, now: DateTime<Utc>) -> Vec<Change> {
        let Reading { source, taken_at, as_of, skipped, body } = reading;
        let Some(index) = self.feed_index(&source) else { return Vec::new() };
        let repaired = repaired(&source, &body, &mut self.pasts);
        let came = Beside { taken_at, as_of, skipped, repaired };
        let feed = &mut self.feeds[index];
        let side = body.side().and_then(|side| feed.side_mut(side));
        let mut changes: Vec<_> = side
            .and_then(|side| side_answered(side, &came, now))
            .map(|side| Change::Side(source.clone(), side))
            .into_iter()
            .collect();
        match body {
            Body::Agents { observations, coverage, summary, histories } => {
                let list = List { source, taken_at, as_of, skipped, repaired, coverage, summary };
                changes = self.apply_agents(index, &list, observations, histories, now);
            }
            Body::Queue(count) => {
                let zone = feed.day_zone.unwrap_or(self.identity.timezone);
                let key = self.queues.count(&feed.name, count, as_of, now);
                changes.extend(self.queues.kept(&key, zone).map(|calls| keep(Entry::Calls(calls))));
                changes.push(Change::Queue(key));
            }
            Body::History { histories, incomplete } => {
                if feed.status(now) != FeedStatus::Live {
                    // Where the monitor says nothing the log has the word, further than before.
                    changes.extend(self.since_last_confirmed(&source));
                } else if !changes.is_empty() {
                    changes.extend(self.since_last_logged(&source));
                }
                let side = self.feeds[index].side_mut(Side::History);
                let in_full = |side: &SideFeed| side.way_back.is_none_or(WayBack::is_complete);
                // Of whom it does not speak there is nothing new, if it is all there is.
                if incomplete.is_none() && side.as_ref().is_none_or(|side| in_full(side)) {
                    self.pasts.read_until(&source, as_of);
                    let (source, layer) = (source.clone(), Layer::Recorded);
                    changes.push(keep(Entry::ReadUntil { source, layer, at: as_of }));
                }
                if let Some(side) = side {
                    side.incomplete = incomplete;
                }
                changes.extend(self.record(&source, histories, now));
                changes.extend(self.believe_leavers(&source, now));
            }
            Body::Alerts { status, alerts, cut } => {
                let least = alerts.len();
                self.alerts.list(&source, &status, alerts, cut, At { as_of, now });
                let held = self.alerts.held(&source).map(|held| held.of);
                if let Some(side) = self.feeds[index].side_mut(Side::Alerts)
                    && status == AlertStatus::Active
                {
                    let more = || format!("there may be more than the {least} alerts that came");
                    let held = held.map(|of| format!("none came any more, {of} before"));
                    side.incomplete = held.or_else(|| cut.then(more));
                }
            }
            Body::Alert(alert) => self.alerts.one(&source, *alert, At { as_of, now }),
        }
        changes.extend(self.alerts.unkept().map(|alert| keep(Entry::Alert(Box::new(alert)))));
        changes
    }

    /// Takes in a list of agents of the feed at `index`. One that describes an earlier instant than the last is dropped: it
    /// was overtaken on its way. Where the last one lies in the future a clock was set back, and
    /// dropping what comes now would hold the old picture until time has caught up with it.
    fn apply_agents(
        &mut self,
        index: usize,
        list: &List,
        observations: Vec<Observation>,
        histories: Vec<AgentHistory>,
        now: DateTime<Utc>,
    ) -> Vec<Change> {
        let feed = &self.feeds[index];
        if feed.as_of.is_some_and(|as_of| list.as_of < as_of && as_of <= now) {
            return Vec::new();
        }
        let was = feed.status(now);
        let (unread, before) =
            (absence::Unread { before: feed.skipped, now: list.skipped }, feed.as_of);
        let heard = self.heard(&list.source);
        let mut changes = Vec::new();
        if was != FeedStatus::Live {
            changes.extend(self.since_last_confirmed(&list.source));
        }
        let feed = &mut self.feeds[index];
        answered(feed, list);
        if was != feed.status(now) {
            changes.push(Change::Feed(feed.name.clone()));
        }
        let listed = observations.len() as u64;
        let mut laid = Laid::default();
        for mut observation in observations {
            observation.earlier.extend(self.absence_before(list, &observation));
            laid.take(&mut observation);
            changes.extend(self.observe(&list.source, observation, list.as_of));
        }
        let remembered = self.expected_at(&list.source, list.coverage, now);
        let feed = &mut self.feeds[index];
        let people = &mut self.people;
        changes.extend(absence::judge(
            feed,
            people,
            list.coverage,
            listed,
            unread,
            remembered,
            now,
        ));
        not_listed::infer(feed, &mut self.people, before, &mut laid);
        let layer = if feed.kind.is_log() { Layer::Recorded } else { Layer::Watched };
        if feed.kind.is_log() {
            let is_whole = feed.way_back.is_none_or(WayBack::is_complete) && feed.unread.is_empty();
            self.pasts.read_until(&list.source, list.as_of);
            changes.extend(self.record(&list.source, histories, now));
            if is_whole {
                changes.push(read_until(list, layer));
            }
        } else {
            changes.extend(self.believe_leavers(&list.source, now));
            changes.extend(self.watch(&list.source, list.as_of, &laid));
            changes.push(read_until(list, layer));
        }
        changes.extend(self.look_beside(&list.source, list.as_of));
        changes.extend(self.no_longer_late(heard));
        changes
    }

    /// Takes in what `source` says of one agent at `as_of`.
    fn observe(
        &mut self,
        source: &SourceName,
        observation: Observation,
        as_of: DateTime<Utc>,
    ) -> Vec<Change> {
        let Some(feed) = self.feeds.iter().find(|feed| feed.name == *source) else {
            return Vec::new();
        };
        let mut changes = Vec::new();
        self.queues.seen(source, &observation.work);
        let key = AgentKey::new(source.clone(), observation.agent.clone());
        if let Some(alias) = self.people.alias(&key, &observation) {
            changes.push(keep(Entry::Alias { agent: key.clone(), alias }));
        }
        if let Some(name) = observation.name.as_deref().filter(|name| self.pasts.name(&key, name)) {
            changes.push(keep(Entry::Name { agent: key.clone(), name: name.to_owned() }));
        }
        if let Some(kpi) = observation.kpi.as_deref() {
            let known = self.people.find(&key).and_then(|person| person.presence(source));
            let before = known.and_then(|presence| presence.kpi.as_deref());
            if self.pasts.sums(&key, kpi, before) {
                changes.push(Change::Past { agent: key.clone(), from: kpi.since });
                let kpi = Box::new(kpi.clone());
                changes.push(keep(Entry::Sums { agent: key.clone(), kpi }));
            }
            if let Some(said) = self.pasts.adheres(&key, kpi) {
                changes.push(keep(Entry::Adherence { agent: key, said }));
            }
        }
        changes.extend(self.people.observe(feed, observation, as_of));
        changes
    }

    fn record(
        &mut self,
        source: &SourceName,
        histories: Vec<AgentHistory>,
        now: DateTime<Utc>,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        for history in histories {
            let key = AgentKey::new(source.clone(), history.agent.clone());
            if let Some(name) = &history.name {
                self.people.name(&key, name);
                if self.pasts.name(&key, name) {
                    changes.push(keep(Entry::Name { agent: key.clone(), name: name.clone() }));
                }
            }
            let told = self.pasts.record(source, history, now);
            changes.extend(kept(&key, Layer::Recorded, told));
        }
        changes
    }

    /// The absence that a return ends so soon that it was not believed yet, where the list before claimed
    /// to be everybody.
    fn absence_before(&self, list: &List, seen: &Observation) -> Option<Spell> {
        let is_whole = matches!(list.coverage, Coverage::Whole { .. });
        let key = AgentKey::new(list.source.clone(), seen.agent.clone());
        let known = self.people.find(&key)?.presence(&list.source)?;
        let is_known = known.has_vanished() || known.may_be_unread;
        let is_gone = is_whole && !is_known && seen.earlier.is_empty() && was_gone(known, seen);
        is_gone.then(|| Spell {
            since: known.as_of,
            until: seen.since,
            activity: Activity::Offline,
            evidence: Evidence::Inferred,
            raw: absence::NO_LONGER_LISTED.into(),
            doubt: None,
        })
    }

    /// See [`leavers`].
    fn believe_leavers(&mut self, source: &SourceName, now: DateTime<Utc>) -> Vec<Change> {
        let day_start = self.day_start(now);
        let Some(feed) = self.feeds.iter().find(|feed| feed.name == *source) else {
            return Vec::new();
        };
        leavers::believe(feed, &mut self.people, &mut self.pasts, day_start, now)
    }
}

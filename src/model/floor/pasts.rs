//! Everybody's past at each source, and what else earlier runs and readings told of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::moved::{Moved as _, each};
use crate::model::{
    Activity, AgentHistory, AgentId, AgentKey, AssignedQueues, Connection, Entry, Layer, Past,
    Presence, SAME_BEGINNING, ScheduleState, Seen, SourceName, Span, Spans, Spell, Timeline,
    Timetable, Told, VendorAdherence, VendorKpi, WINDOW_JITTER,
};

/// Everybody's past at each source. A clone shares what neither of the two changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Pasts {
    timelines: HashMap<AgentKey, Arc<Timeline>>,
    connections: HashMap<AgentKey, Connection>,
    places: HashMap<AgentKey, Arc<Spans<AssignedQueues>>>,
    schedules: HashMap<AgentKey, Arc<Spans<ScheduleState>>>,
    names: HashMap<AgentKey, String>,
    baselines: HashMap<AgentKey, Baseline>,
    adherence: HashMap<AgentKey, SaidAdherence>,
    logs: BTreeMap<SourceName, Log>,
    /// What the schedule files of earlier runs wanted, and beyond that the present one.
    pub(super) plans: Option<Arc<Timetable>>,
}

/// What is known of one source's log as a whole.
#[derive(Debug, Clone, Default)]
struct Log {
    /// Up to when this run has read it, in our clock.
    read_until: Option<DateTime<Utc>>,
    /// Up to when earlier runs had read it, in theirs.
    restored_until: Option<DateTime<Utc>>,
    /// Up to when earlier runs had read the source itself.
    watched_until: Option<DateTime<Utc>>,
    /// Whose log came to end with a logout, and their names; see [`Pasts::leavers`].
    leavers: BTreeMap<AgentId, Option<String>>,
    /// Of whom it said something that was no text.
    garbled: BTreeSet<AgentId>,
}

/// The sums of a day before we began to watch it grow.
#[derive(Debug, Clone)]
struct Baseline {
    kpi: Arc<VendorKpi>,
    /// Whether this run read them; an earlier run's only stand in for them.
    is_own: bool,
}

/// What a telephony system last said of an agent's adherence.
#[derive(Debug, Clone)]
struct SaidAdherence {
    said: VendorAdherence,
    /// Whether it said so to this run.
    is_own: bool,
}

impl Log {
    /// Up to when it has been read by any run.
    fn read_until(&self) -> Option<DateTime<Utc>> {
        self.read_until.max(self.restored_until)
    }
}

impl Pasts {
    /// What this run has seen; what earlier runs kept stays.
    pub(super) fn move_by(&mut self, by: TimeDelta) {
        self.timelines.values_mut().for_each(|timeline| Arc::make_mut(timeline).move_by(by));
        each(self.connections.values_mut(), by);
        self.places.values_mut().for_each(|spans| Arc::make_mut(spans).move_by(by));
        self.schedules.values_mut().for_each(|spans| Arc::make_mut(spans).move_by(by));
        let own = self.baselines.values_mut().filter(|baseline| baseline.is_own);
        own.for_each(|baseline| Arc::make_mut(&mut baseline.kpi).move_by(by));
        let own = self.adherence.values_mut().filter(|adherence| adherence.is_own);
        each(own.map(|adherence| &mut adherence.said), by);
        each(self.logs.values_mut().map(|log| &mut log.read_until), by);
    }

    /// Of how many agents the log of `source` has said something that was no text, now that it has told
    /// `histories` too.
    pub(super) fn garbled(&mut self, source: &SourceName, histories: &[AgentHistory]) -> u32 {
        let garbled = histories.iter().filter(|history| history.has_replaced());
        let mut garbled = garbled.map(|history| history.agent.clone()).peekable();
        if garbled.peek().is_none() && !self.logs.contains_key(source) {
            return 0;
        }
        let all = &mut self.logs.entry(source.clone()).or_default().garbled;
        all.extend(garbled);
        u32::try_from(all.len()).unwrap_or(u32::MAX)
    }

    /// Every vendor's day of which this run has read sums or adherence: whose, and when it began.
    pub(super) fn own_days(&self) -> Vec<(AgentKey, DateTime<Utc>)> {
        let sums = self.baselines.iter().filter(|(_, baseline)| baseline.is_own);
        let sums = sums.map(|(key, baseline)| (key.clone(), baseline.kpi.since));
        let said = self.adherence.iter().filter(|(_, adherence)| adherence.is_own);
        let said = said.map(|(key, adherence)| (key.clone(), adherence.said.since));
        let days: BTreeSet<_> = sums.chain(said).collect();
        days.into_iter().collect()
    }

    /// What this run has read of these days, to be kept.
    pub(super) fn of_own_days(&self) -> impl Iterator<Item = Entry> + '_ {
        let sums = self.baselines.iter().filter(|(_, baseline)| baseline.is_own);
        let sums = sums.map(|(key, baseline)| Entry::Sums {
            agent: key.clone(),
            kpi: Box::new(baseline.kpi.as_ref().clone()),
        });
        let said = self.adherence.iter().filter(|(_, adherence)| adherence.is_own);
        let said = said.map(|(key, adherence)| Entry::Adherence {
            agent: key.clone(),
            said: adherence.said.clone(),
        });
        sums.chain(said)
    }

    pub(super) fn of(&self, key: &AgentKey) -> Option<Past<'_>> {
        let read_until = self.logs.get(&key.source).and_then(Log::read_until);
        self.timelines.get(key).map(|timeline| timeline.past(read_until))
    }

    /// Of whom `source` has a log that goes on, and up to when it has been read for them.
    pub(super) fn logged(
        &self,
        source: &SourceName,
    ) -> impl Iterator<Item = (&AgentKey, DateTime<Utc>)> {
        let read_until = self.logs.get(source).and_then(Log::read_until);
        let of = self.timelines.iter().filter(move |(key, _)| key.source == *source);
        of.filter(|(_, timeline)| timeline.latest_recorded().is_some_and(|s| s.until.is_none()))
            .filter_map(move |(key, timeline)| Some((key, timeline.past(read_until).read_until()?)))
    }

    /// Where an agent sat between `from` and `to`, each with an end; where it still sits, until `now`.
    pub(super) fn places(
        &self,
        key: &AgentKey,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        now: Option<DateTime<Utc>>,
    ) -> Vec<Span<AssignedQueues>> {
        let places = self.places.get(key);
        places.map(|places| places.going_on_within(from, to, now)).unwrap_or_default()
    }

    /// What WFMs said of an agent's schedule.
    pub(super) fn schedules(&self, key: &AgentKey) -> Option<&Spans<ScheduleState>> {
        self.schedules.get(key).map(Arc::as_ref).filter(|spans| !spans.is_empty())
    }

    /// The last spell of an agent's log.
    pub(super) fn latest_recorded(&self, key: &AgentKey) -> Option<&Spell> {
        self.timelines.get(key).and_then(|timeline| timeline.latest_recorded())
    }

    /// When the last thing began that is known of an agent's past.
    pub(super) fn latest_beginning(&self, key: &AgentKey) -> Option<DateTime<Utc>> {
        self.timelines.get(key).and_then(|timeline| timeline.latest_beginning())
    }

    /// The spell since which an agent is logged out, where that is how the agent's log ends.
    pub(super) fn logout(&self, key: &AgentKey) -> Option<&Spell> {
        self.latest_recorded(key).filter(|spell| spell.activity == Activity::Offline)
    }

    /// Whether `logout` ended the session in which an agent was last seen; see [`Timeline::is_ended_by`].
    pub(super) fn is_ended_by(&self, key: &AgentKey, logout: &Spell) -> bool {
        self.timelines.get(key).is_none_or(|timeline| timeline.is_ended_by(logout))
    }

    /// When an agent was last seen while it was logged in, since when it had been as it was then.
    pub(super) fn last_logged_in(&self, key: &AgentKey) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let (last, _) = self.timelines.get(key)?.last_logged_in()?;
        Some((last.since, last.until?))
    }

    /// When the last pause began that was watched before the one at `since`.
    pub(super) fn pause_before(
        &self,
        key: &AgentKey,
        since: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        self.timelines.get(key)?.pause_before(since)
    }

    /// Whether an agent's log has a logout at `at`.
    pub(super) fn logs_out_at(&self, key: &AgentKey, at: DateTime<Utc>) -> bool {
        self.timelines.get(key).is_some_and(|timeline| timeline.logs_out_at(at))
    }

    pub(super) fn connection(&self, key: &AgentKey) -> Option<&Connection> {
        self.connections.get(key)
    }

    /// The sums of an agent's day before we began to watch it grow.
    pub(super) fn baseline(&self, key: &AgentKey) -> Option<&VendorKpi> {
        self.baselines.get(key).map(|baseline| baseline.kpi.as_ref())
    }

    /// What a telephony system last said of an agent's adherence.
    pub(super) fn adherence(&self, key: &AgentKey) -> Option<&VendorAdherence> {
        self.adherence.get(key).map(|adherence| &adherence.said)
    }

    /// The name that a source last gave an agent.
    pub(super) fn name_of(&self, key: &AgentKey) -> Option<&str> {
        self.names.get(key).map(String::as_str)
    }

    /// Everybody of whom there is a past, by source and id.
    pub(super) fn agents(&self) -> BTreeSet<&AgentKey> {
        self.timelines.keys().chain(self.places.keys()).chain(self.schedules.keys()).collect()
    }

    /// Whose log has come to end with a logout since this was last asked, and the names it gives.
    pub(super) fn leavers(&mut self, source: &SourceName) -> BTreeMap<AgentId, Option<String>> {
        self.logs.get_mut(source).map(|log| std::mem::take(&mut log.leavers)).unwrap_or_default()
    }

    /// Takes in up to when this run has read `source`'s log.
    pub(super) fn read_until(&mut self, source: &SourceName, at: DateTime<Utc>) {
        let log = self.logs.entry(source.clone()).or_default();
        log.read_until = log.read_until.max(Some(at));
    }

    /// Takes in up to when an earlier run had read `source`'s log.
    pub(super) fn was_read_until(&mut self, source: &SourceName, at: DateTime<Utc>) {
        let log = self.logs.entry(source.clone()).or_default();
        log.restored_until = log.restored_until.max(Some(at));
    }

    /// Takes in up to when an earlier run had read `source` itself.
    pub(super) fn was_watched_until(&mut self, source: &SourceName, at: DateTime<Utc>) {
        let log = self.logs.entry(source.clone()).or_default();
        log.watched_until = log.watched_until.max(Some(at));
    }

    /// Up to when earlier runs had read `source` itself.
    pub(super) fn watched_until(&self, source: &SourceName) -> Option<DateTime<Utc>> {
        self.logs.get(source).and_then(|log| log.watched_until)
    }

    /// Takes in the name that a source shows of an agent; whether it is a new one.
    pub(super) fn name(&mut self, key: &AgentKey, name: &str) -> bool {
        let is_new = self.names.get(key).is_none_or(|known| known != name);
        if is_new {
            self.names.insert(key.clone(), name.to_owned());
        }
        is_new
    }

    /// Takes in what `source`'s log says of one agent.
    pub(super) fn record(
        &mut self,
        source: &SourceName,
        history: AgentHistory,
        now: DateTime<Utc>,
    ) -> Told {
        let key = AgentKey::new(source.clone(), history.agent);
        if let Some(connection) = history.connection {
            let known = self.connections.get(&key);
            if known.is_none_or(|known| known.seen_at <= connection.seen_at) {
                self.connections.insert(key.clone(), connection);
            }
        }
        let timeline = Arc::make_mut(self.timelines.entry(key.clone()).or_default());
        let told = timeline.record(history.from, history.until, history.spells);
        timeline.trim(now);
        let has_left =
            timeline.latest_recorded().is_some_and(|spell| spell.activity == Activity::Offline);
        let log = self.logs.entry(source.clone()).or_default();
        if has_left {
            log.leavers.insert(key.agent, history.name);
        } else {
            log.leavers.remove(&key.agent);
        }
        told
    }

    /// Takes in what a reading shows of one agent, and what it did before that; see [`Timeline::watch`].
    pub(super) fn watch(
        &mut self,
        presence: &Presence,
        earlier: &[Spell],
        patience: TimeDelta,
    ) -> Told {
        let seen = Seen {
            since: presence.since,
            as_of: presence.as_of,
            activity: &presence.activity,
            evidence: presence.evidence,
            raw: &presence.raw,
            earlier,
        };
        let timeline = self.timelines.entry(presence.key()).or_default();
        Arc::make_mut(timeline).watch(seen, patience)
    }

    /// Takes in that the readings no longer show an agent; see [`Timeline::no_longer_seen`].
    pub(super) fn no_longer_seen(&mut self, key: &AgentKey) -> Told {
        match self.timelines.get_mut(key).filter(|timeline| timeline.goes_on()) {
            Some(timeline) => Arc::make_mut(timeline).no_longer_seen(),
            None => Told::default(),
        }
    }

    /// Takes in where an agent sits at `as_of`; none where it sits nowhere. What has to be kept.
    pub(super) fn sits(
        &mut self,
        key: &AgentKey,
        place: Option<&AssignedQueues>,
        as_of: DateTime<Utc>,
        patience: TimeDelta,
    ) -> Vec<Span<AssignedQueues>> {
        see(&mut self.places, key, place, as_of, patience)
    }

    /// Takes in what a WFM says of an agent's schedule at `as_of`. What has to be kept.
    pub(super) fn is_scheduled(
        &mut self,
        key: &AgentKey,
        state: Option<&ScheduleState>,
        as_of: DateTime<Utc>,
        patience: TimeDelta,
    ) -> Vec<Span<ScheduleState>> {
        see(&mut self.schedules, key, state, as_of, patience)
    }

    /// Takes in the sums that a reading gives of an agent's day, where the reading before gave
    /// `before`; whether they are a new beginning: of the day, or because the source reckoned anew.
    pub(super) fn sums(
        &mut self,
        key: &AgentKey,
        kpi: &VendorKpi,
        before: Option<&VendorKpi>,
    ) -> bool {
        let own = self.baselines.get(key).filter(|baseline| baseline.is_own);
        let is_same = own.is_some_and(|own| is_one_window(&own.kpi, kpi));
        let grew = before.is_none_or(|before| {
            let least = |bucket| kpi.spent.get(bucket).copied().unwrap_or_default();
            !is_one_window(before, kpi)
                || before.spent.iter().all(|(bucket, spent)| least(bucket) >= *spent)
        });
        if is_same && grew {
            return false;
        }
        let baseline = Baseline { kpi: Arc::new(kpi.clone()), is_own: true };
        self.baselines.insert(key.clone(), baseline);
        true
    }

    /// Takes in the sums that an earlier run kept. Those of this run, and newer ones, go before.
    pub(super) fn restore_sums(&mut self, key: AgentKey, kpi: VendorKpi) {
        let known = self.baselines.get(&key);
        if known.is_none_or(|known| !known.is_own && known.kpi.as_of < kpi.as_of) {
            self.baselines.insert(key, Baseline { kpi: Arc::new(kpi), is_own: false });
        }
    }

    /// Takes in what a reading says of an agent's adherence; what has to be kept where it is something new.
    pub(super) fn adheres(&mut self, key: &AgentKey, kpi: &VendorKpi) -> Option<VendorAdherence> {
        let is_known = |known: &VendorAdherence| {
            known.adherence == kpi.adherence && (known.since - kpi.since).abs() <= SAME_BEGINNING
        };
        if let Some(known) = self.adherence.get_mut(key).filter(|known| is_known(&known.said)) {
            // What an earlier run was told is this run's as well, once it has been told the same.
            known.is_own = true;
            return None;
        }
        let adherence = kpi.adherence.clone();
        let said = VendorAdherence { since: kpi.since, as_of: kpi.as_of, adherence };
        self.adherence.insert(key.clone(), SaidAdherence { said: said.clone(), is_own: true });
        Some(said)
    }

    /// Takes in what a telephony system said of an agent's adherence in an earlier run; what it said
    /// later goes before.
    pub(super) fn restore_adherence(&mut self, key: AgentKey, said: VendorAdherence) {
        if self.adherence.get(&key).is_none_or(|known| known.said.as_of < said.as_of) {
            self.adherence.insert(key, SaidAdherence { said, is_own: false });
        }
    }

    /// Takes in the name that an earlier run kept; one of this run goes before.
    pub(super) fn restore_name(&mut self, key: AgentKey, name: String) {
        self.names.entry(key).or_insert(name);
    }

    /// Takes in an agent's spells that earlier runs kept; from when on its past is told otherwise, and
    /// what has to be kept of that.
    pub(super) fn restore(
        &mut self,
        key: &AgentKey,
        layer: Layer,
        spells: Vec<Spell>,
        patience: TimeDelta,
    ) -> Told {
        let timeline = Arc::make_mut(self.timelines.entry(key.clone()).or_default());
        match layer {
            Layer::Recorded => timeline.restore_log(spells),
            Layer::Watched => timeline.restore_watched(spells, patience),
        }
    }

    /// Takes in where an agent sat by what earlier runs kept.
    pub(super) fn restore_places(
        &mut self,
        key: &AgentKey,
        spans: Vec<Span<AssignedQueues>>,
        patience: TimeDelta,
    ) {
        Arc::make_mut(self.places.entry(key.clone()).or_default()).restore(spans, patience);
    }

    /// Takes in what WFMs said of an agent's schedule by what earlier runs kept.
    pub(super) fn restore_schedules(
        &mut self,
        key: &AgentKey,
        spans: Vec<Span<ScheduleState>>,
        patience: TimeDelta,
    ) {
        Arc::make_mut(self.schedules.entry(key.clone()).or_default()).restore(spans, patience);
    }
}

/// Takes in what a reading shows; who never showed anything needs no room.
fn see<T: Clone + PartialEq>(
    all: &mut HashMap<AgentKey, Arc<Spans<T>>>,
    key: &AgentKey,
    value: Option<&T>,
    as_of: DateTime<Utc>,
    patience: TimeDelta,
) -> Vec<Span<T>> {
    if value.is_none() && !all.contains_key(key) {
        return Vec::new();
    }
    let spans = Arc::make_mut(all.entry(key.clone()).or_default());
    spans.see(value, as_of, patience)
}

fn is_one_window(a: &VendorKpi, b: &VendorKpi) -> bool {
    (a.since - b.since).abs() <= WINDOW_JITTER
}

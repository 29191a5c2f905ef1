//! Everybody's past at each source.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{
    Activity, AgentHistory, AgentId, AgentKey, Connection, Past, Presence, Seen, SourceName, Spell,
    Timeline,
};

/// Everybody's past at each source. A clone shares what neither of the two changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Pasts {
    timelines: HashMap<AgentKey, Arc<Timeline>>,
    connections: HashMap<AgentKey, Connection>,
    logs: BTreeMap<SourceName, Log>,
}

/// What is known of one source's log as a whole.
#[derive(Debug, Clone, Default)]
struct Log {
    /// Up to when it has been read, in our clock.
    read_until: Option<DateTime<Utc>>,
    /// Whose log came to end with a logout, and their names; see [`Pasts::leavers`].
    leavers: BTreeMap<AgentId, Option<String>>,
}

impl Pasts {
    pub(super) fn of(&self, key: &AgentKey) -> Option<Past<'_>> {
        let read_until = self.logs.get(&key.source).and_then(|log| log.read_until);
        self.timelines.get(key).map(|timeline| timeline.past(read_until))
    }

    /// The last spell of an agent's log.
    pub(super) fn latest_recorded(&self, key: &AgentKey) -> Option<&Spell> {
        self.timelines.get(key).and_then(|timeline| timeline.latest_recorded())
    }

    /// The spell since which an agent is logged out, where that is how the agent's log ends.
    pub(super) fn logout(&self, key: &AgentKey) -> Option<&Spell> {
        self.latest_recorded(key).filter(|spell| spell.activity == Activity::Offline)
    }

    pub(super) fn connection(&self, key: &AgentKey) -> Option<&Connection> {
        self.connections.get(key)
    }

    /// Whose log has come to end with a logout since this was last asked, and the names it gives.
    pub(super) fn leavers(&mut self, source: &SourceName) -> BTreeMap<AgentId, Option<String>> {
        self.logs.get_mut(source).map(|log| std::mem::take(&mut log.leavers)).unwrap_or_default()
    }

    /// Takes in up to when `source`'s log has been read.
    pub(super) fn read_until(&mut self, source: &SourceName, at: DateTime<Utc>) {
        let log = self.logs.entry(source.clone()).or_default();
        log.read_until = log.read_until.max(Some(at));
    }

    /// Takes in what `source`'s log says of one agent.
    pub(super) fn record(
        &mut self,
        source: &SourceName,
        history: AgentHistory,
        now: DateTime<Utc>,
    ) {
        let key = AgentKey::new(source.clone(), history.agent);
        if let Some(connection) = history.connection {
            let known = self.connections.get(&key);
            if known.is_none_or(|known| known.seen_at <= connection.seen_at) {
                self.connections.insert(key.clone(), connection);
            }
        }
        let timeline = Arc::make_mut(self.timelines.entry(key.clone()).or_default());
        timeline.record(history.from, history.until, history.spells);
        timeline.trim(now);
        let has_left =
            timeline.latest_recorded().is_some_and(|spell| spell.activity == Activity::Offline);
        let log = self.logs.entry(source.clone()).or_default();
        if has_left {
            log.leavers.insert(key.agent, history.name);
        } else {
            log.leavers.remove(&key.agent);
        }
    }

    /// Takes in what a reading shows of one agent; see [`Timeline::watch`].
    pub(super) fn watch(&mut self, presence: &Presence, patience: TimeDelta) {
        let seen = Seen {
            since: presence.since,
            as_of: presence.as_of,
            activity: &presence.activity,
            evidence: presence.evidence,
            raw: &presence.raw,
        };
        let timeline = self.timelines.entry(presence.key()).or_default();
        Arc::make_mut(timeline).watch(seen, patience);
    }
}

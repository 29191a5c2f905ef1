//! The alerts that WFMs have raised, as far as they have been read, and our own.
//!
//! Lists, look-ups and the answers to changes overtake each other on their way. Each says how
//! something stood at one instant, and the latest instant counts, not the latest arrival; one in the
//! future does not, since our clock was set back then.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::absence::HOLD;
use crate::model::moved::Moved as _;
use crate::model::{
    AgentKey, Alert, AlertId, AlertKey, AlertPatch, AlertStatus, KnownAlert, SourceName,
};

/// What no answer has spoken of for so long is forgotten.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// So many of a source that need nobody any more are kept at most; the newest of them.
const KEPT_AT_MOST: usize = 2_000;

/// Every alert read so far, by source and id.
#[derive(Debug, Clone, Default)]
pub struct Alerts {
    known: BTreeMap<AlertKey, KnownAlert>,
    by_agent: BTreeMap<AgentKey, BTreeSet<AlertId>>,
    /// The newest list of active alerts of each source.
    lists: BTreeMap<SourceName, Newest>,
    /// Which of them are otherwise than when they were last told to be kept.
    unkept: BTreeSet<AlertKey>,
}

/// A source's newest list of active alerts.
#[derive(Debug, Clone, Copy)]
struct Newest {
    as_of: DateTime<Utc>,
    /// Whether there may be more.
    cut: bool,
    /// Why what it lacks is not believed to be over.
    held: Option<HeldAlerts>,
}

/// That a list of active alerts lost all of several at once: they stand as stale until one that lists some,
/// or until this has been so for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldAlerts {
    /// How many there were.
    pub of: usize,
    /// Since when.
    pub since: DateTime<Utc>,
}

impl HeldAlerts {
    /// Up to when it is not believed.
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.since + HOLD
    }
}

/// The instant that an answer describes, and when it is taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub as_of: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

impl Alerts {
    /// Moves all of them, also what an earlier run kept: an alert that this run goes on judging is this
    /// run's, and its clock was most likely as far off.
    pub(super) fn move_by(&mut self, by: TimeDelta) {
        for known in self.known.values_mut() {
            known.as_of.move_by(by);
            known.alert.move_by(by);
        }
        for newest in self.lists.values_mut() {
            newest.as_of.move_by(by);
            if let Some(held) = &mut newest.held {
                held.since.move_by(by);
            }
        }
    }

    /// Every alert known, by source and id.
    pub fn all(&self) -> impl Iterator<Item = &KnownAlert> {
        self.known.values()
    }

    /// The alert called `key`.
    #[must_use]
    pub fn get(&self, key: &AlertKey) -> Option<&KnownAlert> {
        self.known.get(key)
    }

    /// Every alert known of one agent of one WFM, by id.
    pub fn of_agent<'a>(
        &'a self,
        key: &AgentKey,
    ) -> impl Iterator<Item = &'a KnownAlert> + use<'a> {
        let source = key.source.clone();
        let ids = self.by_agent.get(key).into_iter().flatten();
        ids.filter_map(move |id| {
            self.known.get(&AlertKey { source: source.clone(), id: id.clone() })
        })
    }

    /// Whether `source` may have more active alerts than are known.
    #[must_use]
    pub fn is_cut(&self, source: &SourceName) -> bool {
        self.lists.get(source).is_some_and(|newest| newest.cut)
    }

    /// Whether the alerts of `source` are held, since it lists none any more.
    #[must_use]
    pub fn held(&self, source: &SourceName) -> Option<HeldAlerts> {
        self.lists.get(source).and_then(|newest| newest.held)
    }

    /// Takes in all alerts of `source` that have `status` at `as_of`. Who had it before and is not
    /// among them has it no longer, unless the list is cut. That several are over at once, and no other
    /// is active, is believed as late as that everybody has left a source's list.
    pub(super) fn list(
        &mut self,
        source: &SourceName,
        status: &AlertStatus,
        alerts: Vec<Alert>,
        cut: bool,
        at: At,
    ) {
        let At { as_of, now } = at;
        let is_active = *status == AlertStatus::Active;
        let known = self.lists.get(source);
        let is_newest = known.is_none_or(|newest| !is_overtaken(as_of, newest.as_of, now));
        let has_it = |known: &&KnownAlert| known.listed && known.alert.status == *status;
        let of = self.of_source(source).filter(has_it).count();
        let emptied = is_active && alerts.is_empty() && of > 1;
        let before = known.and_then(|newest| newest.held);
        let held = emptied.then(|| before.unwrap_or(HeldAlerts { of, since: as_of }));
        let held = held.filter(|held| as_of < held.until());
        if is_active && is_newest {
            self.lists.insert(source.clone(), Newest { as_of, cut, held });
        }
        for alert in alerts {
            self.one(source, alert, at);
        }
        if !cut && held.is_none() {
            let mut gone = Vec::new();
            for known in self.of_source_mut(source) {
                if known.listed
                    && known.alert.status == *status
                    && !is_overtaken(as_of, known.as_of, now)
                    && known.as_of != as_of
                {
                    known.listed = false;
                    known.as_of = as_of;
                    gone.push(known.key.clone());
                }
            }
            self.unkept.extend(gone);
        }
        self.forget(source, as_of);
    }

    /// Takes in one alert as it stands at `as_of`; what is older than what is known is dropped.
    pub(super) fn one(&mut self, source: &SourceName, mut alert: Alert, at: At) {
        let At { as_of, now } = at;
        let key = AlertKey { source: source.clone(), id: alert.id.clone() };
        let known = self.known.get_mut(&key);
        if known.as_ref().is_some_and(|known| is_overtaken(as_of, known.as_of, now)) {
            return;
        }
        let agent = AgentKey::new(source.clone(), alert.agent.clone());
        if let Some(known) = known {
            // A list may leave out the notes that a look-up gave.
            alert.notes = alert.notes.or_else(|| known.alert.notes.clone());
            if known.alert.agent != alert.agent {
                let before = AgentKey::new(source.clone(), known.alert.agent.clone());
                unlink(&mut self.by_agent, &before, &key.id);
            }
        }
        self.by_agent.entry(agent).or_default().insert(key.id.clone());
        let is_known =
            self.known.get(&key).is_some_and(|known| known.listed && known.alert == alert);
        if !is_known {
            self.unkept.insert(key.clone());
        }
        self.known.insert(key.clone(), KnownAlert { key, alert, as_of, listed: true });
    }

    /// Takes in one of our own alerts as an earlier run kept it, those that are over too: what
    /// somebody has resolved must not come back. What became of a WFM's meanwhile only the WFM can
    /// say. Where this run has raised it anew before it knew of it, somebody may have dealt with it
    /// in that earlier run: then that stands, and is given back to be kept again.
    pub(super) fn restore(&mut self, mut known: KnownAlert) -> Option<KnownAlert> {
        let raised_anew = match self.known.get(&known.key) {
            None => false,
            Some(here) if here.alert.status != AlertStatus::Active => return None,
            Some(here) => {
                // What has been kept of the new one must not be the newest.
                known.as_of = known.as_of.max(here.as_of + TimeDelta::milliseconds(1));
                known.alert.status != AlertStatus::Active
            }
        };
        let agent = AgentKey::new(known.key.source.clone(), known.alert.agent.clone());
        self.by_agent.entry(agent).or_default().insert(known.key.id.clone());
        self.known.insert(known.key.clone(), known.clone());
        raised_anew.then_some(known)
    }

    /// Which alerts are new or otherwise since this was last asked.
    pub(super) fn unkept(&mut self) -> impl Iterator<Item = KnownAlert> + '_ {
        std::mem::take(&mut self.unkept).into_iter().filter_map(|key| self.known.get(&key).cloned())
    }

    /// Takes over what the answer to a change said at `at`.
    pub(super) fn merge(&mut self, key: &AlertKey, patch: AlertPatch, at: DateTime<Utc>) {
        if let Some(known) = self.known.get_mut(key).filter(|known| known.as_of <= at) {
            known.alert.merge(patch);
            known.as_of = at;
            self.unkept.insert(key.clone());
        }
    }

    /// Takes in one of our own alerts as it stands. Of those, only what is over is forgotten.
    pub(super) fn raise(&mut self, known: KnownAlert) {
        let (source, at) = (known.key.source.clone(), known.as_of);
        let agent = AgentKey::new(source.clone(), known.alert.agent.clone());
        let is_over = known.alert.status == AlertStatus::Resolved;
        self.by_agent.entry(agent).or_default().insert(known.key.id.clone());
        self.known.insert(known.key.clone(), known);
        if !is_over {
            return;
        }
        let over = self.of_source(&source).filter(|k| k.alert.status == AlertStatus::Resolved);
        let mut over: Vec<_> = over.map(|known| (known.as_of, known.key.clone())).collect();
        over.sort_unstable();
        let surplus = over.len().saturating_sub(KEPT_AT_MOST);
        let mut place = 0..;
        over.retain(|(as_of, _)| place.next().is_some_and(|n| n < surplus) || at - *as_of > KEPT);
        self.drop_all(over.into_iter().map(|(_, key)| key));
    }

    /// Calls the one of our own alerts that stands here by the id of `theirs`, the one that stands in the
    /// journal for the same person and kind: it was raised twice. What it was called before; none where
    /// nothing stands here, or it is called so; and where `theirs` has ended here since, so that what
    /// stands is another one that the journal has not been seen to have yet.
    pub(super) fn adopt(&mut self, theirs: &KnownAlert) -> Option<AlertKey> {
        let agent = AgentKey::new(theirs.key.source.clone(), theirs.alert.agent.clone());
        let stands = |known: &&KnownAlert| {
            known.alert.kind == theirs.alert.kind && known.alert.status != AlertStatus::Resolved
        };
        if self.of_agent(&agent).filter(stands).any(|known| known.key == theirs.key) {
            return None;
        }
        let is_over = |known: &KnownAlert| {
            known.alert.status == AlertStatus::Resolved && known.as_of >= theirs.as_of
        };
        if self.known.get(&theirs.key).is_some_and(is_over) {
            return None;
        }
        let ours = self.of_agent(&agent).find(stands)?.clone();
        self.drop_all([ours.key.clone()]);
        let Alert { id, created_at, message, .. } = theirs.alert.clone();
        // Somebody may have dealt with it here, or there.
        let dealt = if ours.alert.status == AlertStatus::Active { theirs } else { &ours };
        let alert = Alert { id, created_at, message, ..dealt.alert.clone() };
        let as_of = ours.as_of.max(theirs.as_of);
        self.raise(KnownAlert { key: theirs.key.clone(), alert, as_of, ..ours.clone() });
        Some(ours.key)
    }

    /// Every alert of one source, by id.
    pub fn of_source(&self, source: &SourceName) -> impl Iterator<Item = &KnownAlert> + use<'_> {
        let first = AlertKey { source: source.clone(), id: AlertId::from("") };
        let source = source.clone();
        let theirs = self.known.range(first..).map(|(_, known)| known);
        theirs.take_while(move |known| known.key.source == source)
    }

    /// The alerts of one source: a range of the map, since keys are ordered by source first.
    fn of_source_mut(&mut self, source: &SourceName) -> impl Iterator<Item = &mut KnownAlert> {
        let first = AlertKey { source: source.clone(), id: AlertId::from("") };
        self.known.range_mut(first..).map(|(_, known)| known).take_while({
            let source = source.clone();
            move |known| known.key.source == source
        })
    }

    /// Forgets those of `source` that no answer has spoken of for long before `now`, and the oldest
    /// of too many that are not (or no longer) listed as active.
    fn forget(&mut self, source: &SourceName, now: DateTime<Utc>) {
        let mut gone = Vec::new();
        let mut done = Vec::new();
        for known in self.of_source_mut(source) {
            let is_listed = known.alert.status == AlertStatus::Active && known.listed;
            if now - known.as_of > KEPT {
                gone.push(known.key.clone());
            } else if !is_listed || known.as_of < now {
                done.push((known.as_of, known.key.clone()));
            }
        }
        if let Some(surplus) = done.len().checked_sub(KEPT_AT_MOST).filter(|surplus| *surplus > 0) {
            done.sort_unstable();
            gone.extend(done.into_iter().take(surplus).map(|(_, key)| key));
        }
        self.drop_all(gone);
    }

    fn drop_all(&mut self, keys: impl IntoIterator<Item = AlertKey>) {
        for key in keys {
            if let Some(known) = self.known.remove(&key) {
                let agent = AgentKey::new(key.source, known.alert.agent);
                unlink(&mut self.by_agent, &agent, &key.id);
            }
        }
    }
}

/// Whether what describes `as_of` is older than what describes `known`.
fn is_overtaken(as_of: DateTime<Utc>, known: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    as_of < known && known <= now
}

fn unlink(by_agent: &mut BTreeMap<AgentKey, BTreeSet<AlertId>>, agent: &AgentKey, alert: &AlertId) {
    if let Some(alerts) = by_agent.get_mut(agent) {
        alerts.remove(alert);
        if alerts.is_empty() {
            by_agent.remove(agent);
        }
    }
}

//! Every queue once seen. It stays when nobody sits in it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::model::moved::each;
use crate::model::{
    AssignedQueues, Assignment, CallCount, Evidence, Failure, FailureKind, KnownQueue, Person,
    Presence, Queue, QueueCount, QueueKey, SourceName, Tally, Work,
};

/// Every queue once seen.
#[derive(Debug, Clone, Default)]
pub(super) struct Queues {
    all: BTreeMap<QueueKey, Queue>,
    /// The calls that were last told to be kept.
    kept: BTreeMap<QueueKey, CallCount>,
}

/// Who sits in a queue.
#[derive(Debug, Clone, Copy, Default)]
struct Seated {
    agents: Tally,
    /// Of these, whom the newest list does not confirm.
    stale: Tally,
}

impl Seated {
    fn add(&mut self, presence: &Presence) {
        self.agents.add(&presence.activity);
        if presence.evidence == Evidence::Stale {
            self.stale.add(&presence.activity);
        }
    }
}

impl Queues {
    /// The queues that the config names; their campaigns are not known yet.
    pub(super) fn named(queues: Vec<(SourceName, String)>) -> Self {
        let mut all = Self::default();
        for (source, queue_id) in queues {
            all.entry(QueueKey { source, campaign_id: None, queue_id });
        }
        all
    }

    pub(super) fn move_by(&mut self, by: TimeDelta) {
        each(self.all.values_mut().map(|queue| &mut queue.counted_at), by);
        each(self.all.values_mut().map(|queue| &mut queue.next_at), by);
    }

    /// Takes in where an agent sits.
    pub(super) fn seen(&mut self, source: &SourceName, work: &Work) {
        for assignment in work.assignments() {
            let Assignment { campaign_id, queue_id, campaign, queue } = assignment;
            let Some(queue_id) = queue_id else { continue };
            let key = QueueKey { source: source.clone(), campaign_id, queue_id };
            self.entry(key).learn_names(queue.as_deref(), campaign.as_deref());
        }
    }

    /// Lists a queue that an earlier run saw.
    pub(super) fn remember(&mut self, known: KnownQueue) {
        self.entry(known.key).learn_names(Some(&known.name), known.campaign.as_deref());
    }

    /// Takes in the counters of one queue, unless they are older than those it has. Counters from
    /// the future are no reason to keep them: a clock was set back.
    pub(super) fn count(
        &mut self,
        source: &SourceName,
        count: QueueCount,
        as_of: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> QueueKey {
        let QueueCount { campaign_id, queue_id, campaign, queue: name, .. } = count;
        let queue = self.entry(QueueKey { source: source.clone(), campaign_id, queue_id });
        queue.learn_names(name.as_deref(), campaign.as_deref());
        if queue.counted_at.is_none_or(|at| at <= as_of || at > now) {
            queue.calls_today = count.calls_today;
            queue.answered = count.answered;
            queue.dropped = count.dropped;
            queue.dialable_leads = count.dialable_leads;
            queue.counted_at = Some(as_of);
            queue.failures = 0;
            queue.error = None;
            queue.refused = false;
            queue.next_at = None;
        }
        queue.key.clone()
    }

    /// The calls of a queue, where they are not what was last told to be kept; the vendor's day
    /// begins at midnight in `zone`.
    pub(super) fn kept(&mut self, key: &QueueKey, zone: Tz) -> Option<CallCount> {
        let queue = self.all.get(key)?;
        let at = queue.counted_at?;
        let count = CallCount {
            key: queue.key.clone(),
            queue: queue.name.clone(),
            campaign: queue.campaign.clone(),
            day: at.with_timezone(&zone).date_naive(),
            at,
            calls: queue.calls_today,
            answered: queue.answered,
            dropped: queue.dropped,
            dialable_leads: queue.dialable_leads,
        };
        let known = self.kept.get(key);
        let is_known = known.is_some_and(|known| CallCount { at, ..known.clone() } == count);
        (!is_known).then(|| {
            self.kept.insert(key.clone(), count.clone());
            count
        })
    }

    /// The queues in which a presence at `source` that works so sits; none where it sits in none.
    pub(super) fn assigned(&self, source: &SourceName, work: &Work) -> Option<AssignedQueues> {
        let keys = work.assignments().filter_map(|assignment| {
            let Assignment { campaign_id, queue_id, .. } = assignment;
            let key = QueueKey { source: source.clone(), campaign_id, queue_id: queue_id? };
            Some(self.resolve(key))
        });
        let keys: BTreeSet<_> = keys.collect();
        (!keys.is_empty()).then(|| keys.into_iter().collect())
    }

    /// Takes in that the counters of one queue could not be read.
    pub(super) fn failed(
        &mut self,
        key: QueueKey,
        failure: Failure,
        next_at: Option<DateTime<Utc>>,
    ) -> QueueKey {
        let queue = self.entry(key);
        queue.failures = queue.failures.saturating_add(1);
        queue.refused = !matches!(failure.kind, FailureKind::Transient | FailureKind::Garbled);
        queue.error = Some(failure.text);
        queue.next_at = next_at;
        queue.key.clone()
    }

    /// Every queue by name, with the agents among `people` that sit in it: who sits in several counts in
    /// each. Who is no longer listed sits nowhere, or in another queue.
    pub(super) fn counted(&self, people: &[Person]) -> Vec<Queue> {
        let presences = people.iter().flat_map(|person| &person.presences);
        // Many sit in few queues: which one is meant is found out once for all who are told of alike.
        let mut seats: HashMap<_, Seated> = HashMap::new();
        let mut tallies: HashMap<QueueKey, Seated> = HashMap::new();
        for presence in presences.filter(|p| !p.has_vanished()) {
            let Presence { source, work, .. } = presence;
            if !work.also.is_empty() {
                for key in self.assigned(source, work).into_iter().flat_map(|keys| keys.to_vec()) {
                    tallies.entry(key).or_default().add(presence);
                }
                continue;
            }
            let seat = (source, work.campaign_id.as_deref(), work.queue_id.as_deref());
            seats.entry(seat).or_default().add(presence);
        }
        for ((source, campaign_id, queue_id), seated) in seats {
            let Some(queue_id) = queue_id.map(str::to_owned) else { continue };
            let (source, campaign_id) = (source.clone(), campaign_id.map(str::to_owned));
            let key = self.resolve(QueueKey { source, campaign_id, queue_id });
            let all = tallies.entry(key).or_default();
            all.agents += seated.agents;
            all.stale += seated.stale;
        }
        let mut queues: Vec<_> = self
            .all
            .values()
            .map(|queue| {
                let Seated { agents, stale } = tallies.get(&queue.key).copied().unwrap_or_default();
                Queue { agents, stale, ..queue.clone() }
            })
            .collect();
        queues.sort_by(|a, b| (&a.name, &a.key).cmp(&(&b.name, &b.key)));
        queues
    }

    /// Every queue, whose agents are not counted.
    pub(super) fn all(&self) -> impl Iterator<Item = &Queue> {
        self.all.values()
    }

    /// The queue that `key` means. A queue named without its campaign is the one of that id whose
    /// campaign is known; the first campaign seen adopts a queue that had none.
    fn entry(&mut self, key: QueueKey) -> &mut Queue {
        let key = self.resolve(key);
        if key.campaign_id.is_some() {
            let nameless = QueueKey { campaign_id: None, ..key.clone() };
            if let Some(queue) = self.all.remove(&nameless) {
                self.all.insert(key.clone(), Queue { key: key.clone(), ..queue });
            }
        }
        self.all.entry(key).or_insert_with_key(|key| Queue {
            key: key.clone(),
            name: key.queue_id.clone(),
            campaign: None,
            agents: Tally::default(),
            stale: Tally::default(),
            calls_today: None,
            answered: None,
            dropped: None,
            dialable_leads: None,
            counted_at: None,
            failures: 0,
            error: None,
            refused: false,
            next_at: None,
        })
    }

    fn resolve(&self, key: QueueKey) -> QueueKey {
        if key.campaign_id.is_some() || self.all.contains_key(&key) {
            return key;
        }
        let same = |k: &&QueueKey| k.source == key.source && k.queue_id == key.queue_id;
        self.all.keys().find(same).cloned().unwrap_or(key)
    }
}

impl Queue {
    fn learn_names(&mut self, name: Option<&str>, campaign: Option<&str>) {
        if let Some(name) = name.filter(|name| *name != self.name) {
            name.clone_into(&mut self.name);
        }
        if let Some(campaign) =
            campaign.filter(|campaign| Some(*campaign) != self.campaign.as_deref())
        {
            self.campaign = Some(campaign.to_owned());
        }
    }
}

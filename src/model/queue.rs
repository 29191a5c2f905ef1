//! A queue: who sits in it, counted by us, and its calls, counted by the vendor.

use std::ops::AddAssign;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{Activity, ActivityKind, SourceName};

/// What a queue is known by. The campaign is none only while a queue named in the config has not
/// been seen with one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueueKey {
    /// The source.
    pub source: SourceName,
    /// The campaign's id.
    pub campaign_id: Option<String>,
    /// The queue's id.
    pub queue_id: String,
}

/// The queues in which an agent sits at the same time, each once, by their keys: most sit in one.
pub type AssignedQueues = Arc<[QueueKey]>;

/// One queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Queue {
    /// What it is known by.
    pub key: QueueKey,
    /// Its name, else its id.
    pub name: String,
    /// The campaign's name, where known.
    pub campaign: Option<String>,
    /// Agents in it now, counted from the source's rows: the vendor's own counters know only three
    /// of the states.
    pub agents: Tally,
    /// Of these, whom the source's newest list does not confirm.
    pub stale: Tally,
    /// Calls since the vendor's midnight.
    pub calls_today: Option<u64>,
    /// Calls answered.
    pub answered: Option<u64>,
    /// Calls dropped.
    pub dropped: Option<u64>,
    /// Leads that can still be dialled.
    pub dialable_leads: Option<u64>,
    /// The instant the calls' counters describe; none before the first.
    pub counted_at: Option<DateTime<Utc>>,
    /// Attempts to read the counters that failed since the last success.
    pub failures: u32,
    /// Why the last one failed.
    pub error: Option<String>,
    /// Whether the source refuses to count it, so that it is not asked again soon.
    pub refused: bool,
    /// When it is counted again; none where that is at its next turn.
    pub next_at: Option<DateTime<Utc>>,
}

/// A queue that was seen once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownQueue {
    /// What it is known by.
    pub key: QueueKey,
    /// Its name, else its id.
    pub name: String,
    /// The campaign's name, where known.
    pub campaign: Option<String>,
    /// When somebody last sat in it.
    pub last_seen: DateTime<Utc>,
}

/// Agents by activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([u32; ActivityKind::ALL.len()]);

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, activity: &Activity) {
        self.0[activity.kind() as usize] += 1;
    }

    /// How many are at `kind`.
    #[must_use]
    pub fn of(&self, kind: ActivityKind) -> u32 {
        self.0[kind as usize]
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.0.iter().sum()
    }

    /// All that are logged in, or may be: everybody but the offline.
    #[must_use]
    pub fn present(&self) -> u32 {
        self.all() - self.of(ActivityKind::Offline)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count += more;
        }
    }
}

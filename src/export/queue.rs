//! One queue of the snapshot.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::campaign::DropRateLine;
use super::instant::maybe_instant;
use crate::model::{ActivityKind, Feed, FeedStatus, Queue, Tally};

/// One queue: its agents counted by us, its calls by the vendor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueueLine {
    /// The source.
    pub source: String,
    /// The campaign's id.
    pub campaign_id: Option<String>,
    /// The queue's id.
    pub queue_id: String,
    /// Its name, else its id.
    pub name: String,
    /// Agents who are logged in, or may be; null, like all of these, before the source was read.
    pub agents: Option<u32>,
    /// Of these, on a contact.
    pub on_contact: Option<u32>,
    /// Of these, available.
    pub available: Option<u32>,
    /// Of these, away.
    pub away: Option<u32>,
    /// Of these, being offered a contact.
    pub ringing: Option<u32>,
    /// Of these, wrapping up.
    pub wrap_up: Option<u32>,
    /// Of these, nobody can say.
    pub unknown: Option<u32>,
    /// Of the agents, those whom nothing fresh confirms.
    pub stale: Option<u32>,
    /// Calls since the vendor's midnight.
    pub calls_today: Option<u64>,
    /// Calls answered.
    pub answered: Option<u64>,
    /// Calls dropped.
    pub dropped: Option<u64>,
    /// Dropped by answered and dropped.
    pub drop_rate_pct: Option<f64>,
    /// Dropped by each of the three denominators in use.
    pub drop_rates: DropRateLine,
    /// Leads that can still be dialled.
    pub dialable_leads: Option<u64>,
    /// The instant that the calls' counters describe.
    #[serde(serialize_with = "maybe_instant")]
    pub as_of: Option<DateTime<Utc>>,
}

impl QueueLine {
    /// `queue` at `now`, whose source is read as `feed` says.
    pub(super) fn of(queue: &Queue, feed: Option<&Feed>, now: DateTime<Utc>) -> Self {
        let agents = feed.filter(|feed| feed.read_at.is_some()).map(|_| &queue.agents);
        let is_live = feed.is_some_and(|feed| feed.status(now) == FeedStatus::Live);
        let stale = if is_live { queue.stale } else { queue.agents };
        let at = |kind| agents.map(|agents| agents.of(kind));
        let drop_rates = DropRateLine::of(queue.answered, queue.dropped, queue.calls_today);
        Self {
            source: queue.key.source.to_string(),
            campaign_id: queue.key.campaign_id.clone(),
            queue_id: queue.key.queue_id.clone(),
            name: queue.name.clone(),
            agents: agents.map(Tally::present),
            on_contact: at(ActivityKind::OnContact),
            available: at(ActivityKind::Available),
            away: at(ActivityKind::Away),
            ringing: at(ActivityKind::Ringing),
            wrap_up: at(ActivityKind::WrapUp),
            unknown: at(ActivityKind::Unknown),
            stale: agents.map(|_| stale.present()),
            calls_today: queue.calls_today,
            answered: queue.answered,
            dropped: queue.dropped,
            drop_rate_pct: drop_rates.of_answered_and_dropped_pct,
            drop_rates,
            dialable_leads: queue.dialable_leads,
            as_of: queue.counted_at,
        }
    }
}

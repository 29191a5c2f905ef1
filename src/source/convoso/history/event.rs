//! One row of the log, as far as anything is concluded from it.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::meaning::Meaning;

/// One row of the log.
#[derive(Debug, Clone)]
pub(super) struct Event {
    /// What tells it from other rows: made from its id, else from all it says.
    pub key: u64,
    /// The server's day to which it belongs.
    pub day: NaiveDate,
    /// What `created_at` says, in the server's clock.
    pub created: DateTime<Utc>,
    /// Whether the wall clock showed that time twice.
    pub is_ambiguous: bool,
    /// What `event_epoch` says.
    pub epoch: Option<DateTime<Utc>>,
    /// Which row it was that we saw.
    pub arrival: u64,
    /// Which query of which pass brought it last.
    pub mark: u64,
    /// Server minus ours when it was read first. Kept: a later and better estimate would move what
    /// has been told.
    pub offset: TimeDelta,
    /// By how much the server's clock had been set then.
    pub stepped: TimeDelta,
    /// The campaign, where the row names one.
    pub campaign: Option<Arc<str>>,
    /// What it says.
    pub meaning: Arc<Meaning>,
}

/// Which of a row's two clocks is believed. Never both in one log: durations between them would be
/// nonsense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum TimeSource {
    /// `event_epoch`, which summer time cannot confuse.
    #[default]
    Epoch,
    /// `created_at` in the configured zone.
    Created,
}

/// Two clocks that are further apart than a day and the widest zone are not both right.
const FARTHEST: TimeDelta = TimeDelta::hours(26);

/// Rows that are written closer together than this may be stamped in any order.
const BLUR: TimeDelta = TimeDelta::seconds(5);

impl Event {
    /// When it happened, in the server's clock.
    pub(super) fn at(&self, source: TimeSource) -> DateTime<Utc> {
        match source {
            TimeSource::Epoch => self.epoch.unwrap_or(self.created),
            TimeSource::Created => self.created,
        }
    }

    /// When it happened, in our clock.
    pub(super) fn ours(&self, source: TimeSource) -> DateTime<Utc> {
        self.at(source) - self.offset
    }

    /// When it happened, in the server's clock as if nobody had ever set that: what orders rows.
    pub(super) fn in_order(&self, source: TimeSource) -> DateTime<Utc> {
        self.at(source) - self.stepped
    }

    /// What `other`, another version of it, was stamped by: by what this one was, unless the whole log
    /// was stamped anew when the server's clock was set. Then it happened when it did all the same.
    pub(super) fn clock_of(&self, other: &Self) -> (TimeDelta, TimeDelta) {
        let moved = other.created - self.created;
        let set = other.stepped - self.stepped;
        let is_stamped_anew = !set.is_zero() && (moved - set).abs() <= BLUR;
        if is_stamped_anew {
            (self.offset + moved, self.stepped + moved)
        } else {
            (self.offset, self.stepped)
        }
    }

    /// Whether it says the same as `other`; when it was seen does not count.
    pub(super) fn says_what(&self, other: &Self) -> bool {
        self.created == other.created
            && self.epoch == other.epoch
            && self.campaign == other.campaign
            && self.meaning == other.meaning
    }
}

/// Why the epochs of one agent's rows cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Distrust {
    /// A row has none: nothing is wrong with the log, it only has one clock.
    Missing,
    /// They contradict `created_at`.
    Contradicted,
}

/// Whether the epochs of one agent's `events` go along with `created_at`.
pub(super) fn distrust(events: &[Event]) -> Option<Distrust> {
    let mut by_creation: Vec<(&Event, DateTime<Utc>)> = Vec::with_capacity(events.len());
    for event in events {
        let Some(epoch) = event.epoch else { return Some(Distrust::Missing) };
        if (epoch - event.created).abs() > FARTHEST {
            return Some(Distrust::Contradicted);
        }
        by_creation.push((event, epoch));
    }
    by_creation.sort_by_key(|(event, epoch)| (event.created, *epoch));
    let contradicts = by_creation.windows(2).any(|pair| {
        let [(before, first), (after, second)] = pair else { return false };
        // Of a wall clock's second hour nobody knows which it was: the epoch does.
        if before.is_ambiguous || after.is_ambiguous {
            return false;
        }
        let stands_still = after.created - before.created > BLUR && second <= first;
        stands_still || *first - *second > BLUR
    });
    contradicts.then_some(Distrust::Contradicted)
}

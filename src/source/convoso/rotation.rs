//! Whose turn it is to be counted, among the queues of one source.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::Reading;
use crate::source::poller::Cadence;
use crate::source::settings::ConvosoSettings;
use crate::vendor::{Class, Trouble};

/// No queue is counted more often than this: its counters are for a day.
const SOONEST: Duration = Duration::from_secs(10);

/// Queues that are counted; each has its turn less often the more there are.
const MOST: usize = 1000;

/// What is asked for to count one queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::source) struct QueueTurn {
    /// None while a queue named in the config has not been seen with a campaign.
    pub campaign_id: Option<String>,
    /// The queue.
    pub queue_id: String,
}

#[derive(Debug)]
struct Turn {
    queue: QueueTurn,
    /// When it was counted, or asked for, last; none before the first time.
    asked: Option<Instant>,
    /// A queue that the vendor refuses to count rests, and never is in the way of the others.
    rest: Cadence,
    /// Not asked for before.
    not_before: Option<Instant>,
}

/// The queues of one source. One once seen stays, also when nobody sits in it any more.
#[derive(Debug)]
pub(in crate::source) struct Rotation {
    turns: Vec<Turn>,
    soonest: Duration,
}

impl Rotation {
    /// The queues that the config names, and those that an earlier run saw.
    pub(super) fn new(settings: &ConvosoSettings, poll: Duration) -> Self {
        let mut rotation = Self { turns: Vec::new(), soonest: SOONEST.max(poll) };
        for queue_id in settings.queues.iter().chain(&settings.filter.queue_id) {
            let campaign_id = settings.filter.campaign_id.clone();
            rotation.add(QueueTurn { campaign_id, queue_id: queue_id.clone() });
        }
        let filter = &settings.filter;
        for (campaign_id, queue_id) in &settings.seen {
            // The filter may be newer than what was seen.
            if filter.campaign_id.is_none() || filter.campaign_id == *campaign_id {
                rotation.see(campaign_id.as_deref(), queue_id);
            }
        }
        rotation
    }

    /// Remembers a queue that was seen; true when it is new.
    pub(super) fn see(&mut self, campaign_id: Option<&str>, queue_id: &str) -> bool {
        if self.turns.iter().any(|turn| {
            turn.queue.queue_id == queue_id
                && (turn.queue.campaign_id.as_deref() == campaign_id || campaign_id.is_none())
        }) {
            return false;
        }
        if self.turns.len() >= MOST {
            return false;
        }
        // Now that the campaign is known, nothing is asked for without it.
        self.turns.retain(|t| t.queue.queue_id != queue_id || t.queue.campaign_id.is_some());
        self.add(QueueTurn {
            campaign_id: campaign_id.map(str::to_owned),
            queue_id: queue_id.to_owned(),
        });
        true
    }

    fn add(&mut self, queue: QueueTurn) {
        if !self.turns.iter().any(|turn| turn.queue == queue) {
            let rest = Cadence::new(self.soonest);
            self.turns.push(Turn { queue, asked: None, rest, not_before: None });
        }
    }

    /// The campaigns of all queues.
    pub(super) fn campaigns(&self) -> impl Iterator<Item = &str> {
        self.turns.iter().filter_map(|turn| turn.queue.campaign_id.as_deref())
    }

    /// The queue that was counted longest ago, and when its turn comes. None without queues.
    pub(super) fn next(&self, now: Instant) -> Option<(QueueTurn, Instant)> {
        self.turns
            .iter()
            .map(|turn| (turn, turn.due(self.soonest).map_or(now, |due| due.max(now))))
            .min_by_key(|(turn, due)| (*due, turn.asked))
            .map(|(turn, due)| (turn.queue.clone(), due))
    }

    /// Notes what came of asking for `queue` now; a refused one rests.
    pub(super) fn asked(
        &mut self,
        queue: &QueueTurn,
        now: Instant,
        outcome: &Result<Reading, Trouble>,
    ) {
        let Some(turn) = self.turns.iter_mut().find(|turn| turn.queue == *queue) else { return };
        turn.asked = Some(now);
        turn.not_before = match outcome {
            Ok(_) => {
                let _ = turn.rest.after_success(now, now);
                None
            }
            // Not its own trouble.
            Err(Trouble { class: Class::Transient | Class::Garbled, .. }) => None,
            Err(trouble) => Some(turn.rest.after_failure(trouble, now, now)),
        };
    }

    /// Until when `queue` rests.
    pub(super) fn rests_until(&self, queue: &QueueTurn) -> Option<Instant> {
        self.turns.iter().find(|turn| turn.queue == *queue)?.not_before
    }

    /// Lets the refused ones be asked for again at once.
    pub(super) fn wake_all(&mut self) {
        for turn in &mut self.turns {
            turn.not_before = None;
        }
    }
}

impl Turn {
    fn due(&self, soonest: Duration) -> Option<Instant> {
        let regular = self.asked.map(|asked| asked + soonest);
        regular.max(self.not_before)
    }
}

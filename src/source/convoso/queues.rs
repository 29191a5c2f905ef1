//! The second task: the counters of one queue after another.

use std::sync::Arc;

use tokio::time::Instant;

use super::desk::Desk;
use super::rotation::QueueTurn;
use super::wire::{Monitor, QueueRow};
use crate::http::Answer;
use crate::model::{Body, Failure, Outcome, QueueCount, Reading};
use crate::source::poller::{Turns, later};
use crate::source::records::Complaints;
use crate::vendor::{Trouble, convoso};

/// Counts queues in turn.
pub(in crate::source) struct Queues {
    desk: Arc<Desk>,
    complaints: Complaints,
}

impl Queues {
    pub(in crate::source) fn new(desk: Arc<Desk>) -> Self {
        let complaints = Complaints::new(desk.settings.name.clone());
        Self { desk, complaints }
    }

    /// Translates an answer.
    pub(super) fn understand(
        &mut self,
        answer: &Answer,
        turn: &QueueTurn,
    ) -> Result<Reading, Trouble> {
        let monitor = Monitor::of(&convoso::open(answer)?)?;
        let calls = monitor.call_data();
        let (mut row, mut skipped) = (None, 0);
        for item in &monitor.agents.unwrap_or_default().0 {
            match self.complaints.record::<QueueRow<'_>>(item) {
                Some(other) if row.is_none() && other.is_of(&turn.queue_id) => row = Some(other),
                Some(_) => {}
                None => skipped += 1,
            }
        }
        let taken_at = answer.middle();
        Ok(Reading {
            source: self.desk.settings.name.clone(),
            taken_at,
            as_of: taken_at,
            skipped,
            body: Body::Queue(QueueCount {
                campaign_id: turn.campaign_id.clone(),
                queue_id: turn.queue_id.clone(),
                campaign: row.as_ref().and_then(|row| row.campaign_name.text()),
                queue: row.as_ref().and_then(|row| row.queue_name.text()),
                calls_today: monitor.queue_calls_today.count().or(calls.total_calls.count()),
                answered: monitor.queue_answered.count().or(calls.answered.count()),
                dropped: monitor.queue_dropped.count().or(calls.dropped.count()),
                dialable_leads: monitor.queue_dialable_leads.count(),
            }),
        })
    }
}

impl Turns for Queues {
    type Turn = QueueTurn;

    fn next(&self, now: Instant) -> Option<(QueueTurn, Instant)> {
        self.desk.rotation().next(now)
    }

    async fn arrival(&self) {
        self.desk.arrivals.notified().await;
    }

    async fn count(&mut self, turn: &QueueTurn) -> Result<Reading, Trouble> {
        let mut filters = vec![("queue_id", turn.queue_id.as_str())];
        filters.extend(turn.campaign_id.as_deref().map(|campaign| ("campaign_id", campaign)));
        let answer = self.desk.search(&filters).await?;
        self.understand(&answer, turn)
    }

    fn came(&mut self, turn: &QueueTurn, outcome: &Result<Reading, Trouble>) {
        self.desk.rotation().asked(turn, Instant::now(), outcome);
    }

    fn failed(&self, turn: &QueueTurn, failure: Failure) -> Outcome {
        let QueueTurn { campaign_id, queue_id, .. } = turn.clone();
        let rest = self.desk.rotation().rests_until(turn);
        let next_at =
            rest.map(|until| later(self.desk.now(), until.duration_since(Instant::now())));
        Outcome::QueueFailed { campaign_id, queue_id, failure, next_at }
    }

    fn renew(&mut self) {
        self.desk.rotation().wake_all();
    }

    fn clock_offset(&self) -> Option<chrono::TimeDelta> {
        self.desk.offset()
    }
}

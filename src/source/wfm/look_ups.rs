//! Looks up what the supervisor asks for: one alert, or the alerts with one status.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::alerts;
use super::desk::Desk;
use crate::model::{Failure, LookUp, Outcome, Reading};
use crate::source::poller::Turns;
use crate::vendor::Trouble;

/// What is to be looked up, in the order in which it was asked for. Clones share it.
#[derive(Clone)]
pub(in crate::source) struct LookUps {
    desk: Arc<Desk>,
    wanted: Arc<Wanted>,
}

#[derive(Default)]
struct Wanted {
    queue: Mutex<VecDeque<LookUp>>,
    arrival: Notify,
}

impl LookUps {
    pub(in crate::source) fn new(desk: Arc<Desk>) -> Self {
        Self { desk, wanted: Arc::default() }
    }

    /// Asks for `what`, unless it is asked for already.
    pub(in crate::source) fn want(&self, what: LookUp) {
        let mut queue = self.queue();
        if !queue.contains(&what) {
            queue.push_back(what);
        }
        drop(queue);
        self.wanted.arrival.notify_one();
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<LookUp>> {
        self.wanted.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for LookUps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LookUps").field("wanted", &*self.queue()).finish_non_exhaustive()
    }
}

impl Turns for LookUps {
    type Turn = LookUp;

    /// How a changed alert stands has to be seen also where the states cannot be had.
    const NEEDS_MAIN: bool = false;

    fn next(&self, now: Instant) -> Option<(LookUp, Instant)> {
        self.queue().front().map(|wanted| (wanted.clone(), now))
    }

    async fn arrival(&self) {
        self.wanted.arrival.notified().await;
    }

    async fn count(&mut self, turn: &LookUp) -> Result<Reading, Trouble> {
        self.queue().retain(|wanted| wanted != turn);
        match turn {
            LookUp::Alert(id) => alerts::one(&self.desk, id).await,
            LookUp::Alerts(status) => alerts::list(&self.desk, status).await,
        }
    }

    fn failed(turn: &LookUp, failure: Failure) -> Outcome {
        Outcome::LookUpFailed { what: turn.clone(), failure }
    }

    fn renew(&mut self) {}

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.desk.offset()
    }
}

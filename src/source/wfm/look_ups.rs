//! Looks up what the supervisor asks for: one alert, or the alerts with one status.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::alerts;
use super::desk::Desk;
use crate::model::{Failure, LookUp, Outcome, Reading};
use crate::source::poller::Turns;
use crate::vendor::{Class, Trouble};

/// How long after each failure it is looked up again by itself. After the last, whoever still wants
/// it asks anew.
const AGAIN: [Duration; 3] =
    [Duration::from_secs(2), Duration::from_secs(10), Duration::from_secs(60)];

/// What is to be looked up, in the order in which it was asked for. Clones share it.
#[derive(Clone)]
pub(in crate::source) struct LookUps {
    desk: Arc<Desk>,
    wanted: Arc<Wanted>,
}

#[derive(Default)]
struct Wanted {
    queue: Mutex<Vec<Want>>,
    arrival: Notify,
}

/// One thing to be looked up.
#[derive(Debug)]
struct Want {
    what: LookUp,
    /// How often it has failed.
    failures: usize,
    /// When it is looked up again; none before the first time.
    not_before: Option<Instant>,
}

impl LookUps {
    pub(in crate::source) fn new(desk: Arc<Desk>) -> Self {
        Self { desk, wanted: Arc::default() }
    }

    /// Asks for `what`, unless it is asked for already. One list of alerts takes the place of another:
    /// one is looked at.
    pub(in crate::source) fn want(&self, what: LookUp) {
        let mut queue = self.queue();
        let is_waiting = queue.iter().any(|want| want.what == what && want.failures == 0);
        if !is_waiting {
            let is_list = |what: &LookUp| matches!(what, LookUp::Alerts(_));
            let wants_list = is_list(&what);
            queue.retain(|want| want.what != what && !(wants_list && is_list(&want.what)));
            queue.push(Want { what, failures: 0, not_before: None });
        }
        drop(queue);
        self.wanted.arrival.notify_one();
    }

    fn queue(&self) -> MutexGuard<'_, Vec<Want>> {
        self.wanted.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that `what` has failed once more than `failures` times: it is looked up again, unless
    /// that has been tried often enough, or it is asked for anew meanwhile.
    fn put_back(&self, what: &LookUp, failures: usize) {
        let Some(wait) = AGAIN.get(failures) else { return };
        let mut queue = self.queue();
        if !queue.iter().any(|want| want.what == *what) {
            let not_before = Some(Instant::now() + *wait);
            queue.push(Want { what: what.clone(), failures: failures + 1, not_before });
        }
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
        let queue = self.queue();
        let due = |want: &Want| want.not_before.map_or(now, |at| at.max(now));
        queue.iter().min_by_key(|want| due(want)).map(|want| (want.what.clone(), due(want)))
    }

    async fn arrival(&self) {
        self.wanted.arrival.notified().await;
    }

    async fn count(&mut self, turn: &LookUp) -> Result<Reading, Trouble> {
        let mut failures = 0;
        self.queue().retain(|want| {
            let is_it = want.what == *turn;
            if is_it {
                failures = want.failures;
            }
            !is_it
        });
        let outcome = match turn {
            LookUp::Alert(id) => alerts::one(&self.desk, id).await,
            LookUp::Alerts(status) => alerts::list(&self.desk, status).await,
        };
        if outcome.as_ref().is_err_and(|trouble| trouble.class != Class::NotEntitled) {
            self.put_back(turn, failures);
        }
        outcome
    }

    fn failed(&self, turn: &LookUp, failure: Failure) -> Outcome {
        Outcome::LookUpFailed { what: turn.clone(), failure }
    }

    fn renew(&mut self) {}

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.desk.offset()
    }
}

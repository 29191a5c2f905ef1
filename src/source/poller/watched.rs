//! What becomes of a task that panics. Nobody can watch a source whose task is gone: it would be silent
//! for ever, and nothing would say why. So it is told like any other failure, and a fresh one begins,
//! ever more slowly, since what it stumbled over is likely to be there still.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::cadence::Cadence;
use super::gate::Gate;
use super::main_task::later;
use super::{Closed, Outbox, failure};
use crate::model::{Outcome, Report, Side};
use crate::vendor::{Class, Trouble, clean};

/// A task that has run for so long has got over what an earlier one stumbled over.
const STEADY: Duration = Duration::from_secs(10 * 60);

/// What is told of a task, and when the next one begins.
pub(super) struct Watched {
    pub outbox: Outbox,
    pub gate: Arc<Gate>,
    /// What the task reads: the main reading, or what is beside it. Of the one that counts in turn only
    /// the log tells, since what it was about is told where it happens.
    pub reads: Option<Option<Side>>,
    /// Woken when the supervisor asks to read now.
    pub asked: Arc<Notify>,
    pub poll: Duration,
}

impl Watched {
    /// Runs one task after the other, each made by `begin`, until one ends by itself.
    pub(super) async fn run<T: Future<Output = ()>>(self, begin: impl Fn() -> T) {
        let mut cadence = Cadence::new(self.poll);
        let _ = cadence.after_success(Instant::now(), Instant::now());
        loop {
            let began = Instant::now();
            let Err(trouble) = caught(begin()).await else { return };
            let now = Instant::now();
            if now - began >= STEADY {
                let _ = cadence.after_success(began, now);
            }
            let next = cadence.after_failure(&trouble, now, now);
            if let Err(Closed) = self.tell(&trouble, next).await {
                return;
            }
            tokio::select! {
                () = self.asked.notified() => {}
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }

    async fn tell(&self, trouble: &Trouble, next: Instant) -> Result<(), Closed> {
        let Some(side) = self.reads else {
            tracing::warn!("{}: {trouble}", self.outbox.source);
            return Ok(());
        };
        let at = self.outbox.clock.now();
        let next_at = Some(later(at, next.saturating_duration_since(Instant::now())));
        let failure = failure(trouble);
        let outcome = match side {
            None => Outcome::Failed(failure),
            Some(side) => Outcome::SideFailed { side, failure },
        };
        if side.is_none() {
            self.gate.note_main(false, next_at);
        }
        let report = Report {
            source: self.outbox.source.clone(),
            at,
            outcome,
            clock_offset: None,
            took: TimeDelta::zero(),
            next_at,
            way_back: None,
            unread: Vec::new(),
        };
        self.outbox.send(report).await
    }
}

/// What `future` comes to; where it panics, that as a trouble. What it left half done goes with it, or
/// is behind a lock that says nothing of it.
pub(super) async fn caught<F: Future>(future: F) -> Result<F::Output, Trouble> {
    let mut future = Box::pin(future);
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(trouble(panic.as_ref()))),
    })
    .await
}

fn trouble(panic: &(dyn Any + Send)) -> Trouble {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).map(clean);
    let said = said.unwrap_or_else(|| "it does not say which".to_owned());
    Trouble::new(Class::Internal, format!("an error in this program, which begins anew: {said}"))
}

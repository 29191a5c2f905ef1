//! The task that counts one thing after another, queues within what the main reading leaves of the
//! budget.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::Instant;

use super::cadence::{Cadence, wish};
use super::gate::Gate;
use super::main_task::later;
use super::watched::caught;
use super::{Closed, Outbox, Turns, failure};
use crate::model::{Outcome, Report};
use crate::vendor::{Class, Trouble};

pub(super) async fn run<T: Turns>(
    mut turns: T,
    spacing: Duration,
    gate: Arc<Gate>,
    outbox: Outbox,
) {
    let mut cadence = Cadence::new(spacing);
    let mut renewals = gate.renewals();
    let mut not_before = Instant::now();
    loop {
        gate.opened(T::NEEDS_MAIN).await;
        if gate.renewals() != renewals {
            renewals = gate.renewals();
            turns.renew();
        }
        let now = Instant::now();
        let Some((turn, due)) = turns.next(now) else {
            turns.arrival().await;
            continue;
        };
        let due = due.max(not_before);
        if due > now {
            // A queue seen for the first time goes before those that only wait for their next turn,
            // but not before the budget allows.
            tokio::select! {
                () = tokio::time::sleep_until(due) => {}
                () = turns.arrival(), if due > not_before => {}
            }
            continue;
        }
        gate.slot().await;
        let began = Instant::now();
        let result = caught(turns.count(&turn)).await.and_then(|result| result);
        turns.came(&turn, &result);
        let now = Instant::now();
        let outcome = match result {
            Ok(reading) => {
                not_before = cadence.after_success(began, now);
                Outcome::Read(reading)
            }
            Err(trouble) => {
                not_before = wait_after(&trouble, &mut cadence, &gate, &outbox, began);
                turns.failed(&turn, failure(&trouble))
            }
        };
        let report = Report {
            source: outbox.source.clone(),
            at: outbox.clock.now(),
            outcome,
            clock_offset: turns.clock_offset(),
            took: TimeDelta::from_std(now - began).unwrap_or(TimeDelta::MAX),
            next_at: gate.main_at(),
            way_back: None,
            unread: Vec::new(),
        };
        if let Err(Closed) = outbox.send(report).await {
            return;
        }
    }
}

/// When the next count may come after `trouble`. A wish to be left alone holds for the main reading
/// too; what is refused is one queue's own trouble, and rests by itself.
fn wait_after(
    trouble: &Trouble,
    cadence: &mut Cadence,
    gate: &Gate,
    outbox: &Outbox,
    began: Instant,
) -> Instant {
    let now = Instant::now();
    let next = match trouble.class {
        Class::Transient => cadence.after_failure(trouble, began, now),
        _ => cadence.after_success(began, now),
    };
    if let Some(wish) = wish(trouble) {
        gate.forbid_until(now + wish);
        gate.delay_main(later(outbox.clock.now(), wish));
    }
    next
}

//! What the tasks of one source know of each other: whether the vendor wants to be left alone, whose
//! turn it is beside the main reading, and when that comes next.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::time::Instant;

#[derive(Debug, Default)]
struct State {
    /// Nobody asks before this.
    embargo: Option<Instant>,
    /// Whether the last main reading succeeded: else nothing is counted beside it. None before the
    /// first one, which makes the connection.
    is_open: Option<bool>,
    /// How often the supervisor has asked to read now.
    renewals: u64,
    main_at: Option<DateTime<Utc>>,
}

/// Shared by the tasks of one source.
#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Notify,
    pace: Option<Pace>,
}

/// What is left of a budget beside the main reading, shared by whoever wants some of it.
#[derive(Debug)]
struct Pace {
    spacing: Duration,
    /// When the next request may go out. Who waits for it is served in the order of asking, so that
    /// a long history and many queues take turns.
    next: tokio::sync::Mutex<Instant>,
}

impl Gate {
    /// A gate that leaves `spacing` between two requests beside the main reading; without one they
    /// are as frequent as whoever makes them.
    pub(super) fn new(spacing: Option<Duration>) -> Self {
        let next = || tokio::sync::Mutex::new(Instant::now());
        let pace = spacing.map(|spacing| Pace { spacing, next: next() });
        Self { pace, ..Self::default() }
    }

    /// Resolves when one request beside the main reading may go out, and takes that right.
    pub(super) async fn slot(&self) {
        if let Some(pace) = &self.pace {
            let mut next = pace.next.lock().await;
            tokio::time::sleep_until(*next).await;
            *next = Instant::now() + pace.spacing;
        }
        // The vendor may have asked to be left alone meanwhile.
        while let Some(until) = self.embargo().filter(|until| *until > Instant::now()) {
            tokio::time::sleep_until(until).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody asks before `until`.
    pub(super) fn forbid_until(&self, until: Instant) {
        let mut state = self.state();
        state.embargo = state.embargo.max(Some(until));
    }

    /// Until when nobody asks.
    pub(super) fn embargo(&self) -> Option<Instant> {
        self.state().embargo
    }

    /// Notes how the last main reading went, and when the next is due.
    pub(super) fn note_main(&self, succeeded: bool, next: Option<DateTime<Utc>>) {
        let mut state = self.state();
        state.is_open = Some(succeeded);
        state.main_at = next;
        drop(state);
        self.changed.notify_one();
    }

    /// When the main reading comes next.
    pub(super) fn main_at(&self) -> Option<DateTime<Utc>> {
        self.state().main_at
    }

    /// Moves the main reading to `at` or later.
    pub(super) fn delay_main(&self, at: DateTime<Utc>) {
        let mut state = self.state();
        state.main_at = state.main_at.map(|main| main.max(at));
    }

    /// The supervisor asked: embargoes and refusals are forgotten.
    pub(super) fn renew(&self) {
        let mut state = self.state();
        state.embargo = None;
        state.renewals += 1;
    }

    /// How often the supervisor has asked.
    pub(super) fn renewals(&self) -> u64 {
        self.state().renewals
    }

    /// Resolves when no embargo is on and there has been a main reading; for what `needs_main`, when
    /// the last one succeeded.
    pub(super) async fn opened(&self, needs_main: bool) {
        loop {
            let changed = self.changed.notified();
            let is_open = self.state().is_open.is_some_and(|succeeded| succeeded || !needs_main);
            match (is_open, self.embargo().filter(|until| *until > Instant::now())) {
                (true, None) => return,
                (true, Some(until)) => tokio::time::sleep_until(until).await,
                (false, _) => changed.await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_wants_more_than_is_left_takes_turns_with_the_others() {
        let gate = Arc::new(Gate::new(Some(Duration::from_millis(1500))));
        let start = Instant::now();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut wishes = tokio::task::JoinSet::new();
        for who in ["history", "queues"] {
            let (gate, order) = (Arc::clone(&gate), Arc::clone(&order));
            wishes.spawn(async move {
                for _ in 0..3 {
                    gate.slot().await;
                    order.lock().unwrap().push((start.elapsed().as_millis(), who));
                }
            });
        }
        while wishes.join_next().await.is_some() {}
        let order = order.lock().unwrap();
        let times: Vec<_> = order.iter().map(|(at, _)| *at).collect();
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1500), "{times:?}");
        // The first of all has nobody to wait for; from then on they alternate.
        assert!(order[1..5].windows(2).all(|pair| pair[0].1 != pair[1].1), "{order:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slot_waits_while_the_vendor_wants_to_be_left_alone() {
        let gate = Gate::new(None);
        let start = Instant::now();
        gate.slot().await;
        assert_eq!(start.elapsed(), Duration::ZERO, "nothing is paced without a budget");
        gate.forbid_until(start + Duration::from_secs(30));
        gate.slot().await;
        assert_eq!(start.elapsed(), Duration::from_secs(30));
    }
}

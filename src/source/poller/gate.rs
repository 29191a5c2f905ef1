//! What the tasks of one source know of each other: whether the vendor wants to be left alone, and
//! when the main reading comes next.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::time::Instant;

#[derive(Debug, Default)]
struct State {
    /// Nobody asks before this.
    embargo: Option<Instant>,
    /// Whether the last main reading succeeded: else nothing beside it is asked for.
    is_open: bool,
    /// How often the supervisor has asked to read now.
    renewals: u64,
    main_at: Option<DateTime<Utc>>,
}

/// Shared by the tasks of one source.
#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Notify,
}

impl Gate {
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
        state.is_open = succeeded;
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

    /// Whether something beside the main reading may be asked for.
    pub(super) fn is_open(&self) -> bool {
        self.state().is_open
    }

    /// Resolves when the main reading has succeeded and no embargo is on.
    pub(super) async fn opened(&self) {
        loop {
            let changed = self.changed.notified();
            match (self.is_open(), self.embargo().filter(|until| *until > Instant::now())) {
                (true, None) => return,
                (true, Some(until)) => tokio::time::sleep_until(until).await,
                (false, _) => changed.await,
            }
        }
    }
}

//! The task of the main reading or of a side reading, and of reading back in between.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::cadence::{Cadence, wish};
use super::gate::Gate;
use super::{Closed, Feed, Outbox, failure};
use crate::model::{Outcome, Reading, Report};
use crate::vendor::{Class, Trouble};

/// What is done next.
enum Step {
    Main,
    Back,
}

pub(super) async fn run<F: Feed>(
    feed: F,
    poll: Duration,
    gate: Arc<Gate>,
    asked: Arc<Notify>,
    outbox: Outbox,
) {
    let cadence = if F::HAS_BUDGET { Cadence::budgeted(poll) } else { Cadence::new(poll) };
    let due = Instant::now();
    let least = poll.min(BETWEEN_WISHES);
    let task = MainTask {
        feed,
        cadence,
        gate,
        outbox,
        due,
        least,
        prepared: false,
        is_open: false,
        began: None,
        wished: false,
    };
    let Closed = task.run(&asked).await;
}

struct MainTask<F> {
    feed: F,
    cadence: Cadence,
    gate: Arc<Gate>,
    outbox: Outbox,
    /// When the main reading is due.
    due: Instant,
    /// The least time between two main readings.
    least: Duration,
    /// Whether the credential has been read.
    prepared: bool,
    /// Whether the last reading succeeded: else nothing of the past is asked for.
    is_open: bool,
    /// When the main reading was last asked for.
    began: Option<Instant>,
    /// Whether the supervisor's wish has already gone before the present embargo.
    wished: bool,
}

/// However often the supervisor asks, there is this much between two main readings, or the poll
/// where that is less: the vendor counts requests, and does not know who is impatient.
const BETWEEN_WISHES: Duration = Duration::from_secs(5);

impl<F: Feed> MainTask<F> {
    async fn run(mut self, asked: &Notify) -> Closed {
        loop {
            let step = self.wait(asked).await;
            if F::SIDE.is_some() {
                self.gate.slot().await;
            }
            let began = match step {
                Step::Main => Instant::now(),
                Step::Back => {
                    if let Err(closed) = self.step_back().await {
                        return closed;
                    }
                    continue;
                }
            };
            self.began = Some(began);
            let outcome = self.read().await;
            let report = match outcome {
                Ok(reading) => {
                    self.wished = false;
                    self.due = self.cadence.after_success(began, Instant::now());
                    self.report(began, Outcome::Read(reading))
                }
                Err(trouble) => self.fail(&trouble, began),
            };
            if let Err(closed) = self.outbox.send(report).await {
                return closed;
            }
        }
    }

    /// Waits for the next thing to do. A supervisor's wish goes before every wait, and once before
    /// an embargo.
    async fn wait(&mut self, asked: &Notify) -> Step {
        loop {
            let main = self.gate.embargo().map_or(self.due, |until| until.max(self.due));
            let back = if self.is_open { self.feed.backlog() } else { None };
            let back = back.map(|pace| Instant::now() + pace);
            let (wake, step) = match back {
                Some(back) if back < main => (back, Step::Back),
                _ => (main, Step::Main),
            };
            tokio::select! {
                biased;
                () = asked.notified() => {
                    if let Some(step) = self.wish() {
                        return step;
                    }
                }
                () = tokio::time::sleep_until(wake) => {
                    // The other task may have been told to leave the vendor alone meanwhile.
                    let now = Instant::now();
                    if self.gate.embargo().is_none_or(|until| until <= now) {
                        return step;
                    }
                }
            }
        }
    }

    /// The supervisor asked to read now: at once, or as soon as there is enough time since the last
    /// reading. Under an embargo that one such wish has not lifted, no further one does.
    fn wish(&mut self) -> Option<Step> {
        let now = Instant::now();
        self.prepared = false;
        if self.wished && self.gate.embargo().is_some_and(|until| until > now) {
            return None;
        }
        self.wished = true;
        self.gate.renew();
        let earliest = self.began.map_or(now, |began| began + self.least);
        if earliest <= now {
            return Some(Step::Main);
        }
        self.due = earliest;
        None
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        if !self.prepared {
            self.feed.prepare()?;
            self.prepared = true;
        }
        self.feed.read().await
    }

    async fn step_back(&mut self) -> Result<(), Closed> {
        let began = Instant::now();
        let report = match self.feed.read_back().await {
            Ok(Some(reading)) => self.report(began, Outcome::Read(reading)),
            Ok(None) => return Ok(()),
            Err(trouble) => self.fail(&trouble, began),
        };
        self.outbox.send(report).await
    }

    fn fail(&mut self, trouble: &Trouble, began: Instant) -> Report {
        let now = Instant::now();
        self.due = self.cadence.after_failure(trouble, began, now);
        if let Some(wish) = wish(trouble) {
            self.gate.forbid_until(now + wish);
            if F::SIDE.is_some() {
                self.gate.delay_main(later(self.outbox.clock.now(), wish));
            }
        }
        // Whatever refuses the credential may have been given another one by the next attempt.
        self.prepared &=
            !matches!(trouble.class, Class::NotSet | Class::Denied | Class::NotEntitled);
        let failure = failure(trouble);
        let outcome = match F::SIDE {
            None => Outcome::Failed(failure),
            Some(side) => Outcome::SideFailed { side, failure },
        };
        self.report(began, outcome)
    }

    fn report(&mut self, began: Instant, outcome: Outcome) -> Report {
        let now = Instant::now();
        let at = self.outbox.clock.now();
        let due = self.gate.embargo().map_or(self.due, |until| until.max(self.due));
        let next_at = Some(later(at, due.saturating_duration_since(now)));
        self.is_open = matches!(outcome, Outcome::Read(_));
        if F::SIDE.is_none() {
            self.gate.note_main(self.is_open, next_at);
        }
        Report {
            source: self.outbox.source.clone(),
            at,
            outcome,
            clock_offset: self.feed.clock_offset(),
            took: TimeDelta::from_std(now - began).unwrap_or(TimeDelta::MAX),
            next_at,
            way_back: self.feed.way_back(),
            unread: self.feed.unread(),
        }
    }
}

/// `wait` after `at`.
pub(in crate::source) fn later(at: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(wait).ok().and_then(|wait| at.checked_add_signed(wait)).unwrap_or(at)
}

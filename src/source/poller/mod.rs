//! Gives each source its own task, its cadence and its back-off.
//!
//! A source has a main reading, which is asked for at every poll, and may have unhurried work: a past
//! to read back into (done by the same task in between) and queues to count in turn (a task of its
//! own, which keeps out of the way of the main one).

mod cadence;
mod complaints;
mod gate;
mod main_task;
mod turns_task;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use self::complaints::Complaints;
use self::gate::Gate;
use super::settings::{Settings, VendorSettings};
use super::{convoso, cxengage, wfm};
use crate::clock::Clock;
use crate::model::{Failure, FailureKind, Reading, Report, WayBack};
use crate::vendor::{Class, Trouble};

/// What the poller needs of a source's main reading.
pub(super) trait Feed: Send + 'static {
    /// Reads the credential anew and makes the connection where there is none.
    fn prepare(&mut self) -> Result<(), Trouble>;

    /// The main reading.
    fn read(&mut self) -> impl Future<Output = Result<Reading, Trouble>> + Send;

    /// One step of reading back into the past; none when it brought nothing.
    fn read_back(&mut self) -> impl Future<Output = Result<Option<Reading>, Trouble>> + Send {
        async { Ok(None) }
    }

    /// How long to wait before the next step back; none when there is none to take.
    fn backlog(&self) -> Option<Duration> {
        None
    }

    /// How far reading back has come.
    fn way_back(&self) -> Option<WayBack> {
        None
    }

    /// Server minus ours.
    fn clock_offset(&self) -> Option<TimeDelta>;
}

/// What the poller needs of things that are counted one after another.
pub(super) trait Turns: Send + 'static {
    /// One of them.
    type Turn: Send + Sync;

    /// Whose turn is next, and when.
    fn next(&self, now: Instant) -> Option<(Self::Turn, Instant)>;

    /// Resolves when there is one more.
    fn arrival(&self) -> impl Future<Output = ()> + Send;

    /// Counts one.
    fn count(&mut self, turn: &Self::Turn)
    -> impl Future<Output = Result<Reading, Trouble>> + Send;

    /// Its campaign and queue, for a failure's report.
    fn names(turn: &Self::Turn) -> (Option<String>, String);

    /// Forgets past refusals.
    fn renew(&mut self);

    /// Server minus ours.
    fn clock_offset(&self) -> Option<TimeDelta>;
}

/// The running tasks of one source. Dropping it ends them.
#[derive(Debug)]
pub struct Handle {
    asked: Arc<Notify>,
    tasks: Vec<AbortHandle>,
}

impl Handle {
    /// Reads the secret anew and asks for the main reading at once, also where the source has stopped
    /// or is waiting before it tries again.
    pub fn read_now(&self) {
        self.asked.notify_one();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts reading the source that `settings` describe, in the current tokio runtime. Every attempt
/// sends one report; the tasks end when the handle is dropped or nobody receives any more.
#[must_use]
pub fn spawn(settings: Settings, clock: Clock, reports: mpsc::Sender<Report>) -> Handle {
    let limit = time_limit(settings.poll);
    let name = settings.name.clone();
    let complaints = Complaints::default();
    let outbox = Outbox { source: name, clock: clock.clone(), reports, complaints };
    let poll = settings.poll;
    match settings.vendor.clone() {
        VendorSettings::CxEngage(tenant) => {
            let reader = cxengage::Reader::new(settings, tenant, limit, clock);
            run(reader, None::<convoso::Queues>, poll, Duration::MAX, outbox)
        }
        VendorSettings::Wfm(site) => {
            let reader = wfm::Reader::new(settings, site, limit, clock);
            run(reader, None::<convoso::Queues>, poll, Duration::MAX, outbox)
        }
        VendorSettings::Convoso(account) => {
            let budget = cadence::Budget::new(account.max_requests_per_minute, poll);
            let desk = convoso::Desk::new(settings, account, limit, clock);
            let agents = convoso::Agents::new(Arc::clone(&desk));
            let queues = budget.turns.map(|_| convoso::Queues::new(desk));
            run(agents, queues, budget.main, budget.turns.unwrap_or(Duration::MAX), outbox)
        }
    }
}

/// How long one request may take: longer than the time between two polls, since the answer for a
/// large floor may be slow.
fn time_limit(poll: Duration) -> Duration {
    poll.clamp(Duration::from_secs(10), Duration::from_secs(30))
}

fn run<F: Feed, T: Turns>(
    feed: F,
    turns: Option<T>,
    poll: Duration,
    spacing: Duration,
    outbox: Outbox,
) -> Handle {
    let asked = Arc::new(Notify::new());
    let gate = Arc::new(Gate::default());
    let mut tasks = Vec::new();
    if let Some(turns) = turns {
        let task = turns_task::run(turns, spacing, Arc::clone(&gate), outbox.clone());
        tasks.push(tokio::spawn(task).abort_handle());
    }
    let task = main_task::run(feed, poll, gate, Arc::clone(&asked), outbox);
    tasks.push(tokio::spawn(task).abort_handle());
    Handle { asked, tasks }
}

/// Where reports go.
#[derive(Clone)]
struct Outbox {
    source: crate::model::SourceName,
    clock: Clock,
    reports: mpsc::Sender<Report>,
    complaints: Complaints,
}

/// Nobody receives reports any more.
struct Closed;

impl Outbox {
    /// Sends a report, and writes a failure into the program's log.
    async fn send(&self, report: Report) -> Result<(), Closed> {
        self.complaints.hear(&self.source, &report.outcome);
        self.reports.send(report).await.map_err(|_| Closed)
    }
}

fn failure(trouble: &Trouble) -> Failure {
    let kind = match trouble.class {
        Class::Transient => FailureKind::Transient,
        Class::Garbled => FailureKind::Garbled,
        Class::Denied => FailureKind::Denied,
        Class::NotEntitled => FailureKind::NotEntitled,
        Class::Rejected => FailureKind::Rejected,
    };
    Failure { kind, text: trouble.text.clone() }
}

#[cfg(test)]
mod tests;

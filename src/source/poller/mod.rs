//! Gives each source its own task, its cadence and its back-off.
//!
//! A source has a main reading, which is asked for at every poll, and may have more beside it: a past
//! to read back into (done by the same task in between), side readings with a poll and a condition of
//! their own (a task each: a log that fails must not take the monitor with it), and things to be asked
//! for one after another (queues to count, alerts to look up: a task that keeps out of the way of the
//! main one). They have in common how the vendor wants to be left alone.

mod cadence;
mod complaints;
mod gate;
mod main_task;
mod turns_task;
mod watched;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Notify, mpsc};
use tokio::task::AbortHandle;
use tokio::time::Instant;

pub(super) use self::cadence::Cadence;
use self::complaints::Complaints;
use self::gate::Gate;
pub(super) use self::main_task::later;
use self::watched::Watched;
use super::settings::{Settings, VendorSettings};
use super::{convoso, cxengage, sipio, wfm};
use crate::clock::{Clock, RunClock};
use crate::model::{Failure, FailureKind, LookUp, Outcome, Reading, Report, Side, Unread, WayBack};
use crate::vendor::{Class, Trouble};

/// What the poller needs of a source's main reading.
pub(super) trait Feed: Send + 'static {
    /// Which side reading it is; none for the main one.
    const SIDE: Option<Side> = None;

    /// Whether its requests are counted, so that no failure may make them more frequent.
    const HAS_BUDGET: bool = false;

    /// Reads the credential anew and makes the connection where there is none.
    fn prepare(&mut self) -> Result<(), Trouble>;

    /// The main reading.
    fn read(&mut self) -> impl Future<Output = Result<Reading, Trouble>> + Send;

    /// One step of reading back into the past; none when it brought nothing. What fails of the past only
    /// is noted by itself and asked for again: the newest data matter more. An error is one of the main
    /// reading, or of the side reading, of which every step is as good as the first.
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

    /// What of a log could not be read so far.
    fn unread(&self) -> Vec<Unread> {
        Vec::new()
    }

    /// Server minus ours.
    fn clock_offset(&self) -> Option<TimeDelta>;
}

/// What the poller needs of things that are counted one after another.
pub(super) trait Turns: Send + 'static {
    /// One of them.
    type Turn: Send + Sync;

    /// Whether they wait while the main reading fails, which would be worth more. What somebody has
    /// asked for does not.
    const NEEDS_MAIN: bool = true;

    /// Whose turn is next, and when.
    fn next(&self, now: Instant) -> Option<(Self::Turn, Instant)>;

    /// Resolves when there is one more.
    fn arrival(&self) -> impl Future<Output = ()> + Send;

    /// Notes what came of counting `turn`, whatever it was.
    fn came(&mut self, _turn: &Self::Turn, _outcome: &Result<Reading, Trouble>) {}

    /// Counts one.
    fn count(&mut self, turn: &Self::Turn)
    -> impl Future<Output = Result<Reading, Trouble>> + Send;

    /// What is reported when it fails.
    fn failed(&self, turn: &Self::Turn, failure: Failure) -> Outcome;

    /// Forgets past refusals.
    fn renew(&mut self);

    /// Server minus ours.
    fn clock_offset(&self) -> Option<TimeDelta>;
}

/// The running tasks of one source. Dropping it ends them.
#[derive(Debug)]
pub struct Handle {
    asked: Vec<Arc<Notify>>,
    look_ups: Option<wfm::LookUps>,
    tasks: Vec<AbortHandle>,
}

impl Handle {
    /// Reads the secret anew and asks for the main and the side readings at once, also where the
    /// source is waiting before it tries again.
    pub fn read_now(&self) {
        self.asked.iter().for_each(|asked| asked.notify_one());
    }

    /// Asks for `what` as soon as may be; a source that has no such thing ignores it.
    pub fn look_up(&self, what: LookUp) {
        if let Some(look_ups) = &self.look_ups {
            look_ups.want(what);
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts reading the source that `settings` describe, in the current tokio runtime, by the steady
/// clock of `clock`; only where a day begins is asked of what is shown. Every attempt
/// sends one report; the tasks end when the handle is dropped or nobody receives any more.
#[must_use]
pub fn spawn(
    settings: Settings,
    clock: impl Into<RunClock>,
    reports: mpsc::Sender<Report>,
) -> Handle {
    let limit = time_limit(settings.poll);
    spawn_within(limit, settings, &clock.into(), reports)
}

/// Starts them; one request takes `limit` at most.
fn spawn_within(
    limit: Duration,
    settings: Settings,
    run_clock: &RunClock,
    reports: mpsc::Sender<Report>,
) -> Handle {
    let (name, clock) = (settings.name.clone(), run_clock.steady());
    let complaints = Complaints::default();
    let outbox = Outbox { source: name, clock: clock.clone(), reports, complaints };
    let poll = settings.poll;
    let mut tasks = Tasks::new(outbox);
    match settings.vendor.clone() {
        VendorSettings::CxEngage(tenant) => {
            let reader = move || {
                cxengage::Reader::new(settings.clone(), tenant.clone(), limit, clock.clone())
            };
            tasks.feed(reader, poll);
        }
        VendorSettings::SipIo(account) => {
            let run_clock = run_clock.clone();
            let reader = move || {
                sipio::Reader::new(settings.clone(), account.clone(), limit, run_clock.clone())
            };
            tasks.feed(reader, poll);
        }
        VendorSettings::Wfm(site) => {
            let desk = wfm::Desk::new(settings, site, limit, clock);
            let look_ups = wfm::LookUps::new(Arc::clone(&desk));
            tasks.handle.look_ups = Some(look_ups.clone());
            tasks.turns(move || look_ups.clone(), BETWEEN_LOOK_UPS);
            let of_alerts = Arc::clone(&desk);
            tasks.feed(move || wfm::AlertList::new(Arc::clone(&of_alerts)), poll);
            tasks.feed(move || wfm::Reader::new(Arc::clone(&desk)), poll);
        }
        VendorSettings::Convoso(account) => {
            let budget = cadence::Budget::new(account.max_requests_per_minute, poll);
            let history_poll = account.history_poll;
            let desk = convoso::Desk::new(settings, account, limit, clock);
            if let Some(spacing) = budget.rest {
                tasks.gate = Arc::new(Gate::new(budget.rest));
                let of_queues = Arc::clone(&desk);
                tasks.turns(move || convoso::Queues::new(Arc::clone(&of_queues)), spacing);
                if let Some(history_poll) = history_poll {
                    let of_log = Arc::clone(&desk);
                    let history = move || convoso::History::new(Arc::clone(&of_log), spacing);
                    tasks.feed(history, history_poll);
                }
            }
            tasks.feed(move || convoso::Agents::new(Arc::clone(&desk)), budget.main);
        }
    }
    tasks.handle
}

/// Between two look-ups: a supervisor who opens one alert after another does not wait for it, and a
/// program that looked up hundreds would not be a burden.
const BETWEEN_LOOK_UPS: Duration = Duration::from_millis(700);

/// How long one request may take: longer than the time between two polls, since the answer for a
/// large floor may be slow.
fn time_limit(poll: Duration) -> Duration {
    poll.clamp(Duration::from_secs(10), Duration::from_secs(30))
}

/// The tasks of one source, as they are started.
struct Tasks {
    gate: Arc<Gate>,
    outbox: Outbox,
    handle: Handle,
}

impl Tasks {
    fn new(outbox: Outbox) -> Self {
        let handle = Handle { asked: Vec::new(), look_ups: None, tasks: Vec::new() };
        Self { gate: Arc::new(Gate::default()), outbox, handle }
    }

    /// A task that reads what `feed` makes.
    fn feed<F: Feed>(&mut self, feed: impl Fn() -> F + Send + 'static, poll: Duration) {
        let asked = Arc::new(Notify::new());
        self.handle.asked.push(Arc::clone(&asked));
        let watched = self.watched(Some(F::SIDE), Arc::clone(&asked), poll);
        let (gate, outbox) = (Arc::clone(&self.gate), self.outbox.clone());
        self.spawn(watched.run(move || {
            let (gate, asked) = (Arc::clone(&gate), Arc::clone(&asked));
            main_task::run(feed(), poll, gate, asked, outbox.clone())
        }));
    }

    /// A task that counts what `turns` makes.
    fn turns<T: Turns>(&mut self, turns: impl Fn() -> T + Send + 'static, spacing: Duration) {
        let watched = self.watched(None, Arc::default(), spacing);
        let (gate, outbox) = (Arc::clone(&self.gate), self.outbox.clone());
        self.spawn(
            watched
                .run(move || turns_task::run(turns(), spacing, Arc::clone(&gate), outbox.clone())),
        );
    }

    fn watched(&self, reads: Option<Option<Side>>, asked: Arc<Notify>, poll: Duration) -> Watched {
        let (outbox, gate) = (self.outbox.clone(), Arc::clone(&self.gate));
        Watched { outbox, gate, reads, asked, poll }
    }

    fn spawn(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.handle.tasks.push(tokio::spawn(task).abort_handle());
    }
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
        Class::NotSet => FailureKind::NotSet,
        Class::Denied => FailureKind::Denied,
        Class::NotEntitled => FailureKind::NotEntitled,
        Class::Rejected => FailureKind::Rejected,
        Class::Internal => FailureKind::Internal,
    };
    Failure { kind, text: trouble.text.clone() }
}

#[cfg(test)]
mod http_tests;
#[cfg(test)]
mod odd_tests;
#[cfg(test)]
mod side_tests;
#[cfg(test)]
mod tests;

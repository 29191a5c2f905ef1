//! What the program is connected to: the tasks that read the sources, the journal, the way to the
//! vendors. Carries out what the program wants.

use std::collections::HashSet;
use std::time::Duration;

use chrono_tz::Tz;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::keeper::Keeper;
use super::recall::recall;
use crate::app::{Effect, KeepingTrouble, Message};
use crate::clock::{Clock, RunClock};
use crate::command::{Dispatcher, Progress};
use crate::config::{Config, Operator};
use crate::journal::{Journal, JournalError, JournalHandle, Runner, path_for};
use crate::model::{Floor, KnownQueue, QueueKey, Report, SourceName};
use crate::source::{self, Handle};

/// Actions of earlier runs that the log begins with.
const LAST_ACTIONS: u32 = 5;

/// Earlier actions that an agent's page shows.
const EARLIER_ACTIONS: u32 = 20;

/// Messages that may wait to be taken in.
const WAITING: usize = 256;

/// How long the start waits for the journal; longer than another process may hold it.
const OPENING: Duration = Duration::from_secs(5);

/// How long the end waits for what is on its way: a logout just confirmed that is not journalled yet,
/// the outcome of one. A signal's watchdog leaves 650 ms for everything.
const LAST_WORK: Duration = Duration::from_millis(400);

/// How long the end waits for the journal after that. One that another process holds, or that lies on a
/// disk that hangs, is left to itself.
const CLOSING: Duration = Duration::from_millis(200);

/// What the program is connected to.
pub(super) struct World {
    /// What the sources report, by the steady clock.
    pub(super) reports: mpsc::Receiver<Report>,
    /// What else happens.
    pub(super) messages: mpsc::Receiver<Message>,
    tell: mpsc::Sender<Message>,
    sources: Vec<(SourceName, Handle)>,
    dispatcher: Dispatcher,
    journal: Option<Journal>,
    /// Keeps what happens; none without a journal.
    keeper: Option<Keeper>,
    /// Tells what the journal knows.
    recall: Option<JoinHandle<()>>,
    remembered: HashSet<QueueKey>,
    clock: Clock,
    /// What is being carried out.
    work: JoinSet<()>,
}

impl World {
    /// Opens the journal and begins to read the sources; what the journal knows of the time before
    /// follows when it has been read. A journal that cannot be opened is told to the supervisor; the
    /// floor is watched all the same, but nothing can be done to it, and nothing is kept.
    pub(super) async fn open(config: &Config, run_clock: &RunClock) -> Self {
        let clock = run_clock.shown();
        let (tell, messages) = mpsc::channel(WAITING);
        let (report, reports) = mpsc::channel(WAITING);
        let (name, opening) = (config.floor.name.clone(), clock.clone());
        let directory = config.journal.directory.clone();
        let Operator { login, host } = Operator::here();
        let opened = tokio::task::spawn_blocking(move || {
            let runner = Runner { operator: login, host };
            path_for(directory.as_deref(), &name)
                .and_then(|path| Journal::open_for(&path, runner, opening))
        });
        // A disk that hangs must not keep the floor from being watched, or keys from being heard.
        let opened = timeout(OPENING, opened).await.unwrap_or_else(|_| {
            let path = path_for(config.journal.directory.as_deref(), &config.floor.name);
            Ok(path.and_then(|path| Err(JournalError::Silent(path))))
        });
        let journal = match opened {
            Ok(Ok(journal)) => Some(journal),
            Ok(Err(error)) => {
                tracing::error!("{error}");
                let text = format!("nothing can be done from here: {error}");
                let _ = tell.try_send(Message::Trouble(text));
                let trouble = KeepingTrouble { why: error.in_short(), since: clock.now() };
                let _ = tell.try_send(Message::Keeping(Some(trouble)));
                None
            }
            Err(_) => {
                // The task panicked; the panic hook has said so.
                let why = "it could not be opened".to_owned();
                let trouble = KeepingTrouble { why, since: clock.now() };
                let _ = tell.try_send(Message::Keeping(Some(trouble)));
                None
            }
        };
        if journal.is_none() {
            let _ = tell.try_send(Message::NothingRestored);
        }
        let handle = journal.as_ref().map(Journal::handle);
        let keeper = handle.clone().map(|journal| {
            let write = move |batch| {
                let journal = journal.clone();
                async move { journal.keep(batch).await }
            };
            Keeper::start(write, clock.clone(), tell.clone())
        });
        let recall = handle.clone().map(|journal| {
            tokio::spawn(recall(journal, clock.clone(), config.journal.retention, tell.clone()))
        });
        let (known, ()) = tokio::join!(
            known_queues(handle.as_ref()),
            tell_last_actions(handle.as_ref(), config.floor.timezone)
        );
        let sources = config
            .sources
            .iter()
            .map(|settings| {
                let settings = settings.counting(&known);
                let name = settings.name.clone();
                (name, source::spawn(settings, run_clock.clone(), report.clone()))
            })
            .collect();
        let dispatcher = Dispatcher::new(config.sender(), handle, clock.clone());
        let remembered = known.iter().map(|queue| queue.key.clone()).collect();
        if !known.is_empty() {
            let _ = tell.try_send(Message::KnownQueues(known));
        }
        let work = JoinSet::new();
        Self {
            reports,
            messages,
            tell,
            sources,
            dispatcher,
            journal,
            keeper,
            recall,
            remembered,
            clock,
            work,
        }
    }

    /// Does what the program wants done outside of it. What belongs to the screen is left to the desk.
    pub(super) fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Carry { ticket, order } => {
                let (dispatcher, tell) = (self.dispatcher.clone(), self.tell.clone());
                self.start(async move {
                    // Room for every step before the first: one that got lost would leave the attempt
                    // under way for ever. Without anybody to tell, nothing is sent.
                    let Ok(mut room) = tell.reserve_many(Progress::AT_MOST).await else { return };
                    let progress = |step| {
                        if let Some(place) = room.next() {
                            place.send(Message::Progress(ticket, step));
                        }
                    };
                    dispatcher.carry_out(order, progress).await;
                });
            }
            Effect::Conclude { id, verdict } => {
                let Some(journal) = self.journal.as_ref().map(Journal::handle) else { return };
                let (tell, now) = (self.tell.clone(), self.clock.now());
                self.start(async move {
                    let mut written = journal.record_outcome(id, verdict.clone(), now).await;
                    // Another process may hold the file for a moment; a row without its verdict
                    // would be "unknown" at the next start, whatever the screen says now.
                    for wait in [1, 3, 9].map(Duration::from_secs) {
                        if written.is_ok() {
                            break;
                        }
                        tokio::time::sleep(wait).await;
                        written = journal.record_outcome(id, verdict.clone(), now).await;
                    }
                    if let Err(error) = written {
                        let _ = tell.send(Message::Trouble(error.to_string())).await;
                    }
                });
            }
            Effect::Keep(entries) => {
                if let Some(keeper) = &self.keeper {
                    keeper.keep(entries);
                }
            }
            Effect::LookUp(name, what) => {
                if let Some((_, source)) = self.sources.iter().find(|(own, _)| *own == name) {
                    source.look_up(what);
                }
            }
            Effect::LoadActions(person, keys) => {
                let Some(journal) = self.journal.as_ref().map(Journal::handle) else { return };
                let tell = self.tell.clone();
                self.start(async move {
                    let message = match journal.actions_on(keys, EARLIER_ACTIONS).await {
                        Ok(actions) => Message::Actions(person, actions),
                        Err(error) => Message::Trouble(error.to_string()),
                    };
                    let _ = tell.send(message).await;
                });
            }
            Effect::ReadNow => self.sources.iter().for_each(|(_, source)| source.read_now()),
            Effect::UseTheme(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    /// Keeps queues that are new, so that they stay listed after a restart.
    pub(super) fn remember_queues(&mut self, floor: &Floor) {
        let Some(journal) = self.journal.as_ref().map(Journal::handle) else { return };
        let now = self.clock.now();
        let unknown = |(key, ..): &(&QueueKey, &str, Option<&str>)| {
            key.campaign_id.is_some() && !self.remembered.contains(*key)
        };
        let new: Vec<_> = floor
            .queue_names()
            .filter(unknown)
            .map(|(key, name, campaign)| KnownQueue {
                key: key.clone(),
                name: name.to_owned(),
                campaign: campaign.map(str::to_owned),
                last_seen: now,
            })
            .collect();
        if new.is_empty() {
            return;
        }
        self.remembered.extend(new.iter().map(|queue| queue.key.clone()));
        self.start(async move {
            if let Err(error) = journal.remember_queues(new).await {
                tracing::warn!("queues once seen are not remembered: {error}");
            }
        });
    }

    fn start(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        while self.work.try_join_next().is_some() {} // what is done takes no room
        self.work.spawn(work);
    }

    /// Lets what is on its way come to an end, for a moment, and writes what still waits to be
    /// written. A request that takes longer is cut off: the journal has its intent.
    pub(super) async fn close(mut self) {
        drop(self.sources);
        if let Some(recall) = self.recall {
            recall.abort();
        }
        let done = async { while self.work.join_next().await.is_some() {} };
        let kept = async {
            if let Some(keeper) = self.keeper {
                keeper.close().await;
            }
        };
        let _ = tokio::time::timeout(LAST_WORK, async { tokio::join!(done, kept) }).await;
        if let Some(journal) = self.journal {
            let closed = tokio::task::spawn_blocking(move || journal.close());
            let _ = tokio::time::timeout(CLOSING, closed).await;
        }
    }
}

/// Writes into the log what was done last from here, the oldest first: also what an earlier run had
/// to leave unverified.
async fn tell_last_actions(journal: Option<&JournalHandle>, zone: Tz) {
    let Some(journal) = journal else { return };
    match journal.recent_actions(LAST_ACTIONS).await {
        Ok(actions) => actions.iter().rev().for_each(|action| {
            let at = action.attempt.asked_at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S");
            let (name, operator) = (&action.attempt.name, &action.attempt.operator);
            let verdict = action.verdict.as_deref().unwrap_or("under way");
            let deed = action.attempt.deed.word();
            tracing::info!("journal: {at} {operator}: {deed} {name}: {verdict}");
        }),
        Err(error) => tracing::warn!("{error}"),
    }
}

async fn known_queues(journal: Option<&JournalHandle>) -> Vec<KnownQueue> {
    match journal {
        Some(journal) => journal.known_queues().await.unwrap_or_else(|error| {
            tracing::warn!("queues seen earlier are not known: {error}");
            Vec::new()
        }),
        None => Vec::new(),
    }
}

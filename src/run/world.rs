//! What the program is connected to: the tasks that read the sources, the journal, the way to the
//! vendors. Carries out what the program wants.

use std::collections::HashSet;

use tokio::sync::mpsc;

use crate::app::{Effect, Message, Ticket};
use crate::clock::Clock;
use crate::command::Dispatcher;
use crate::config::Config;
use crate::journal::{Journal, JournalHandle, path_for};
use crate::model::{Floor, KnownQueue, QueueKey, Report};
use crate::source::{self, Handle, Settings, VendorSettings};

/// Messages that may wait to be taken in.
const WAITING: usize = 256;

/// What the program is connected to.
pub(super) struct World {
    /// What the sources report.
    pub(super) reports: mpsc::Receiver<Report>,
    /// What else happens.
    pub(super) messages: mpsc::Receiver<Message>,
    tell: mpsc::Sender<Message>,
    sources: Vec<Handle>,
    dispatcher: Dispatcher,
    journal: Option<Journal>,
    remembered: HashSet<QueueKey>,
    clock: Clock,
}

impl World {
    /// Opens the journal and begins to read the sources. A journal that cannot be opened is told
    /// to the supervisor; the floor is watched all the same, but nobody can be logged out.
    pub(super) async fn open(config: &Config, clock: Clock) -> Self {
        let (tell, messages) = mpsc::channel(WAITING);
        let (report, reports) = mpsc::channel(WAITING);
        let (name, now) = (config.floor.name.clone(), clock.now());
        let opened = tokio::task::spawn_blocking(move || {
            path_for(&name).and_then(|path| Journal::open(&path, now))
        });
        let journal = match opened.await {
            Ok(Ok(journal)) => Some(journal),
            Ok(Err(error)) => {
                tracing::error!("{error}");
                let text = format!("nobody can be logged out from here: {error}");
                let _ = tell.try_send(Message::Trouble(text));
                None
            }
            Err(_) => None, // the task panicked; the panic hook has said so
        };
        let handle = journal.as_ref().map(Journal::handle);
        let known = known_queues(handle.as_ref()).await;
        let sources = config
            .sources
            .iter()
            .map(|settings| {
                source::spawn(with_queues(settings, &known), clock.clone(), report.clone())
            })
            .collect();
        let dispatcher = Dispatcher::new(config.sender(), handle, clock.clone());
        let remembered = known.iter().map(|queue| queue.key.clone()).collect();
        if !known.is_empty() {
            let _ = tell.try_send(Message::KnownQueues(known));
        }
        Self { reports, messages, tell, sources, dispatcher, journal, remembered, clock }
    }

    /// Does what the program wants done outside of it. What belongs to the screen is left to the desk.
    pub(super) fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::Logout { ticket, attempt, order } => {
                let (dispatcher, tell) = (self.dispatcher.clone(), self.tell.clone());
                tokio::spawn(async move {
                    let progress = |step| {
                        if tell.try_send(Message::Progress(ticket, step)).is_err() {
                            tracing::error!(
                                "the screen misses a step of logout {}",
                                number(ticket)
                            );
                        }
                    };
                    dispatcher.carry_out(order, *attempt, progress).await;
                });
            }
            Effect::Conclude { id, verdict } => {
                let Some(journal) = self.journal.as_ref().map(Journal::handle) else { return };
                let (tell, now) = (self.tell.clone(), self.clock.now());
                tokio::spawn(async move {
                    if let Err(error) = journal.record_outcome(id, verdict, now).await {
                        let _ = tell.send(Message::Trouble(error.to_string())).await;
                    }
                });
            }
            Effect::ReadNow => self.sources.iter().for_each(Handle::read_now),
            Effect::UseTheme(_) | Effect::Redraw | Effect::Suspend | Effect::Quit => {}
        }
    }

    /// Keeps queues that are new, so that they stay listed after a restart.
    pub(super) fn remember_queues(&mut self, floor: &Floor) {
        let Some(journal) = self.journal.as_ref().map(Journal::handle) else { return };
        let now = self.clock.now();
        let new: Vec<_> = floor
            .queues()
            .into_iter()
            .filter(|queue| {
                queue.key.campaign_id.is_some() && !self.remembered.contains(&queue.key)
            })
            .map(|queue| KnownQueue {
                key: queue.key,
                name: queue.name,
                campaign: queue.campaign,
                last_seen: now,
            })
            .collect();
        if new.is_empty() {
            return;
        }
        self.remembered.extend(new.iter().map(|queue| queue.key.clone()));
        tokio::spawn(async move {
            if let Err(error) = journal.remember_queues(new).await {
                tracing::warn!("queues once seen are not remembered: {error}");
            }
        });
    }

    /// Writes what still waits to be written.
    pub(super) async fn close(self) {
        drop(self.sources);
        if let Some(journal) = self.journal {
            let _ = tokio::task::spawn_blocking(move || journal.close()).await;
        }
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

/// The settings of a source, with the queues that an earlier run saw to be counted too.
fn with_queues(settings: &Settings, known: &[KnownQueue]) -> Settings {
    let mut settings = settings.clone();
    if let VendorSettings::Convoso(convoso) = &mut settings.vendor {
        let seen = known.iter().filter(|queue| queue.key.source == settings.name);
        for queue in seen {
            if !convoso.queues.contains(&queue.key.queue_id) {
                convoso.queues.push(queue.key.queue_id.clone());
            }
        }
    }
    settings
}

fn number(ticket: Ticket) -> u64 {
    ticket.0
}

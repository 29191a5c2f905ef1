//! The floor's history, the audit of what was done to agents and alerts, by whom and why, and the queues
//! once seen: one SQLite file per floor name. Several processes may have it open.
//!
//! The history is forgotten when it is old; what was done never is.
//!
//! SQLite blocks, so a thread of its own does all of it. Callers hand it work through a bounded
//! channel and await the answer; when the channel is full, or the disk refuses, they are told so at
//! once, and what is not on disk as an intent is not sent.

mod actions;
mod adherence;
mod alerts;
mod archive;
mod aside;
mod book;
mod calls;
mod clock_set;
mod content;
mod coverage;
mod deeds;
mod error;
mod forget;
mod instant;
mod keep;
mod own_alerts;
mod path;
mod plans;
mod queues;
mod reader;
mod rights;
mod schema;
mod sums;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{oneshot, watch};

pub use aside::Replacement;
pub use book::Runner;
pub use error::{DOES_NOT_ANSWER, JournalError};
pub use path::path_for;
pub use reader::JournalReader;
pub(crate) use rights::{Others, open_to_append};

use crate::clock::Clock;
use crate::model::{
    AgentKey, Answer, Archive, Attempt, AttemptId, AttemptRecord, CampaignDay, Entry, KnownAlert,
    KnownQueue, OwnDeed, Verdict,
};
use book::{Book, Page};
use deeds::Objection;
use writer::Work;

/// How long another process may hold the file before we give up.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long the thread may take for what somebody waits for: twice as long as for a file that another
/// process holds. Beyond that the disk hangs.
const ANSWERS_WITHIN: Duration = Duration::from_secs(6);

/// Work that may wait for the thread; a supervisor does not produce a tenth of it.
const WAITING_WORK: usize = 256;

/// The open journal: its thread ends when this is closed or dropped.
#[derive(Debug)]
pub struct Journal {
    handle: JournalHandle,
    thread: Option<JoinHandle<()>>,
}

/// Access to the open journal. Clones share it.
#[derive(Debug, Clone)]
pub struct JournalHandle {
    work: SyncSender<Work>,
    path: Arc<PathBuf>,
    replacements: watch::Sender<Option<Replacement>>,
}

impl Journal {
    /// Opens the journal at `path`, creating it (0600) and its directory (0700) where they are
    /// missing. A damaged file is set aside and a new one begun ([`JournalHandle::replacements`]).
    /// Attempts that an earlier process left unfinished get the verdict "unknown".
    ///
    /// # Errors
    /// When the file cannot be opened or written, or is of a newer version.
    pub fn open(path: &Path, now: DateTime<Utc>) -> Result<Self, JournalError> {
        Self::open_for(path, Runner::default(), Clock::fixed(now))
    }

    /// [`Journal::open`] for `runner`, who watches the floor and keeps its history.
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub fn open_for(path: &Path, runner: Runner, clock: Clock) -> Result<Self, JournalError> {
        Self::open_patiently(path, runner, clock, PATIENCE)
    }

    /// A journal that is only read: nothing is written, created or brought up to date, whether or not
    /// another program keeps it meanwhile. None where there is no file.
    ///
    /// # Errors
    /// When the file cannot be read, is no journal, or is of another version.
    pub fn open_to_read(path: &Path) -> Result<Option<JournalReader>, JournalError> {
        let reader = JournalReader::new(path, PATIENCE);
        Ok(reader.is_there()?.then_some(reader))
    }

    fn open_patiently(
        path: &Path,
        runner: Runner,
        clock: Clock,
        patience: Duration,
    ) -> Result<Self, JournalError> {
        let now = clock.now();
        let mut book = Book::open(path, patience, runner, clock)?;
        book.work(|page| actions::give_up_abandoned(&page.connection, now))?;
        let replacements = book.replacements();
        let (work, waiting) = sync_channel(WAITING_WORK);
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer::run(book, &waiting))
            .map_err(|error| JournalError::of_disk(path, &error))?;
        let handle = JournalHandle { work, path: Arc::new(path.to_owned()), replacements };
        Ok(Self { handle, thread: Some(thread) })
    }

    /// Access to it.
    #[must_use]
    pub fn handle(&self) -> JournalHandle {
        self.handle.clone()
    }

    /// Writes what still waits, then ends the thread. Blocks until it is done.
    pub fn close(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        // Handles may outlive the journal, so the thread is told to end instead of left to notice.
        if let Some(thread) = self.thread.take()
            && self.handle.work.send(Box::new(|_| writer::Then::End)).is_ok()
        {
            let _ = thread.join();
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.stop();
    }
}

impl JournalHandle {
    /// Writes an intent at `now`. When this returns, it is on disk.
    ///
    /// # Errors
    /// When it is not on disk, or another attempt on the same agent (the same alert) is under way, also
    /// of another process, or what it would do to one of our own alerts has been done: then nothing may
    /// be sent.
    pub async fn record_intent(
        &self,
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<AttemptId, JournalError> {
        let intend = move |page: &mut Page| deeds::intend(page, &attempt, now);
        let written = self.ask_in_time(intend, give_up(now)).await?;
        written.map_err(|objection| match objection {
            Objection::Overtaken(why) => JournalError::Overtaken(why),
            Objection::UnderWay(other) => JournalError::UnderWay {
                what: match other.attempt.deed.alert() {
                    None => format!("a logout of {}", other.attempt.target),
                    Some(alert) => format!("a change of alert {alert} of {}", other.attempt.target),
                },
                operator: other.attempt.operator,
                host: other.attempt.host,
                since: actions::stamp(other.attempt.asked_at),
            },
        })
    }

    /// Writes that the request of `id` goes out at `at`.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn record_sent(&self, id: AttemptId, at: DateTime<Utc>) -> Result<(), JournalError> {
        self.ask(move |page| actions::mark_sent(&page.connection, id, at)).await
    }

    /// Writes what the vendor answered.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn record_answer(&self, id: AttemptId, answer: Answer) -> Result<(), JournalError> {
        self.ask(move |page| actions::mark_answered(&page.connection, id, &answer)).await
    }

    /// Writes what became of an attempt. A later verdict (the agent came back) replaces the earlier.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn record_outcome(
        &self,
        id: AttemptId,
        verdict: Verdict,
        at: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        self.ask(move |page| actions::mark_done(&page.connection, id, &verdict, at)).await
    }

    /// The newest attempts, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn recent_actions(&self, limit: u32) -> Result<Vec<AttemptRecord>, JournalError> {
        self.ask(move |page| actions::recent(&page.connection, limit)).await
    }

    /// What was done to the agents called `keys`, the newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn actions_on(
        &self,
        keys: Vec<AgentKey>,
        limit: u32,
    ) -> Result<Vec<AttemptRecord>, JournalError> {
        self.ask(move |page| actions::on(&page.connection, &keys, limit)).await
    }

    /// What was done to our own alerts, by this program or another, of the attempts numbered above
    /// `after` that were asked for since `since`, oldest first; and up to which number all of them have
    /// come to an end at `now`: from there on more may follow.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn own_deeds(
        &self,
        after: AttemptId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(Vec<OwnDeed>, AttemptId), JournalError> {
        self.ask(move |page| deeds::since(&page.connection, after, since, now)).await
    }

    /// Our own alerts that stand, raised by this program or another, under the ids by which all of them are
    /// to call them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn own_alerts(&self) -> Result<Vec<KnownAlert>, JournalError> {
        self.ask(|page| own_alerts::all_standing(&page.connection)).await
    }

    /// The attempts without a verdict, oldest first: under way, or left behind less than a minute ago.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn open_attempts(&self) -> Result<Vec<AttemptRecord>, JournalError> {
        self.ask(|page| actions::open(&page.connection)).await
    }

    /// Remembers queues, so that they stay listed after a restart.
    ///
    /// # Errors
    /// When they could not be written.
    pub async fn remember_queues(&self, queues: Vec<KnownQueue>) -> Result<(), JournalError> {
        self.ask(move |page| queues::remember(&mut page.connection, &queues)).await
    }

    /// Every queue ever seen.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn known_queues(&self) -> Result<Vec<KnownQueue>, JournalError> {
        self.ask(|page| queues::known(&page.connection)).await
    }

    /// Keeps `entries`, all or none. When this returns, they are on disk. Few at a time, please: an
    /// intent waits until a batch is written.
    ///
    /// # Errors
    /// When they could not be written.
    pub async fn keep(&self, entries: impl Into<Arc<[Entry]>>) -> Result<(), JournalError> {
        let entries = entries.into();
        self.ask_at_leisure(move |page| keep::keep(page, &entries)).await
    }

    /// What was kept of the time between `from` and `until`. Read beside the journal's thread:
    /// nothing waits for it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn archive(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Archive, JournalError> {
        self.look(move |reader| reader.archive(from, until)).await
    }

    /// The calls of every campaign on every of the vendor's days kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn campaign_days(&self) -> Result<Vec<CampaignDay>, JournalError> {
        self.look(JournalReader::campaign_days).await
    }

    /// Forgets what was over before `before`, piece by piece, so that nothing waits long. The last
    /// counts of the vendor's days are kept for 400 days; what was done to agents and alerts is the
    /// audit and stays for ever.
    ///
    /// # Errors
    /// When it could not be deleted.
    pub async fn forget(&self, before: DateTime<Utc>) -> Result<(), JournalError> {
        let mut left = Some(forget::Progress::beginning(before));
        while let Some(at) = left {
            left = self.ask_at_leisure(move |page| forget::piece(page, at)).await?;
        }
        Ok(())
    }

    /// Tells of damaged files that were set aside, one at opening included.
    #[must_use]
    pub fn replacements(&self) -> watch::Receiver<Option<Replacement>> {
        let mut replacements = self.replacements.subscribe();
        if replacements.borrow().is_some() {
            replacements.mark_changed();
        }
        replacements
    }

    /// Has `look` read the file beside the journal's thread.
    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&JournalReader) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let reader = JournalReader::new(&self.path, PATIENCE);
        let file = reader.file();
        let looked = tokio::task::spawn_blocking(move || look(&reader)).await;
        let done = looked.unwrap_or_else(|_| Err(JournalError::Closed(self.path.to_path_buf())));
        if let (Err(JournalError::Damaged(_, cause)), Some(file)) = (&done, file) {
            let cause = cause.clone();
            let _ = self.work.try_send(Box::new(move |book| {
                book.is_damaged(file, &cause);
                writer::Then::GoOn
            }));
        }
        done
    }

    /// Has the thread do `work` and waits for what comes of it, without blocking the runtime, and no longer
    /// than a disk may take that works. Where nobody waits any more, the work is done all the same.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Page) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.answer_to(self.send(work, |_, _| {}, false)?, Some(ANSWERS_WITHIN)).await
    }

    /// The same, however long it takes.
    async fn ask_at_leisure<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Page) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        self.answer_to(self.send(work, |_, _| {}, false)?, None).await
    }

    /// As [`Self::ask`], but what nobody waits for any more is not begun; and where it is done already,
    /// `undo` gets to know.
    async fn ask_in_time<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Page) -> rusqlite::Result<T> + Send + 'static,
        undo: impl FnOnce(&mut Book, Result<T, JournalError>) + Send + 'static,
    ) -> Result<T, JournalError> {
        self.answer_to(self.send(work, undo, true)?, Some(ANSWERS_WITHIN)).await
    }

    /// Puts `work` behind what waits for the thread already.
    fn send<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Page) -> rusqlite::Result<T> + Send + 'static,
        unheard: impl FnOnce(&mut Book, Result<T, JournalError>) + Send + 'static,
        only_in_time: bool,
    ) -> Result<oneshot::Receiver<Result<T, JournalError>>, JournalError> {
        let (answer, answered) = oneshot::channel();
        let path = || self.path.to_path_buf();
        let job: Work = Box::new(move |book| {
            if !(only_in_time && answer.is_closed())
                && let Err(done) = answer.send(book.work(work))
            {
                unheard(book, done);
            }
            writer::Then::GoOn
        });
        self.work.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => JournalError::Busy(path()),
            TrySendError::Disconnected(_) => JournalError::Closed(path()),
        })?;
        Ok(answered)
    }

    async fn answer_to<T>(
        &self,
        mut answered: oneshot::Receiver<Result<T, JournalError>>,
        within: Option<Duration>,
    ) -> Result<T, JournalError> {
        let path = || self.path.to_path_buf();
        let closed = || Err(JournalError::Closed(path()));
        let Some(within) = within else { return answered.await.unwrap_or_else(|_| closed()) };
        match tokio::time::timeout(within, &mut answered).await {
            Ok(done) => done.unwrap_or_else(|_| closed()),
            Err(_) => {
                answered.close();
                // It may have come in this very moment.
                answered.try_recv().unwrap_or_else(|_| Err(JournalError::Silent(path())))
            }
        }
    }
}

/// Writes at `now` that nothing was sent for an intent of which nobody heard any more that it is on disk.
fn give_up<E>(
    now: DateTime<Utc>,
) -> impl FnOnce(&mut Book, Result<Result<AttemptId, E>, JournalError>) + Send + 'static {
    move |book, written| {
        let Ok(Ok(id)) = written else { return };
        let why = Verdict::NotSent("the journal did not answer in time".to_owned());
        let given_up = book.work(|page| actions::mark_done(&page.connection, id, &why, now));
        given_up.unwrap_or_else(|error| tracing::error!("attempt {}: {error}", id.0));
    }
}

#[cfg(test)]
mod tests;

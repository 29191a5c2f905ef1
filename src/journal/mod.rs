//! The audit of what was done to agents and alerts, by whom and why, and the queues once seen: one SQLite file
//! per floor name. Several processes may have it open.
//!
//! SQLite blocks, so a thread of its own does all of it. Callers hand it work through a bounded
//! channel and await the answer; when the channel is full, or the disk refuses, they are told so at
//! once, and what is not on disk as an intent is not sent.

mod actions;
mod error;
mod path;
mod queues;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tokio::sync::oneshot;

pub use error::JournalError;
pub use path::path_for;

use crate::model::{
    AgentKey, Answer, Archive, Attempt, AttemptId, AttemptRecord, CampaignDay, Entry, KnownQueue,
    Verdict,
};
use writer::Work;

/// How long another process may hold the file before we give up.
const PATIENCE: Duration = Duration::from_secs(3);

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
}

impl Journal {
    /// Opens the journal at `path`, creating it (0600) and its directory (0700) where they are
    /// missing. Attempts that an earlier process left unfinished get the verdict "unknown".
    ///
    /// # Errors
    /// When the file cannot be opened or written, is no journal, or is of a newer version.
    pub fn open(path: &Path, now: DateTime<Utc>) -> Result<Self, JournalError> {
        Self::open_patiently(path, now, PATIENCE)
    }

    fn open_patiently(
        path: &Path,
        now: DateTime<Utc>,
        patience: Duration,
    ) -> Result<Self, JournalError> {
        path::prepare(path)?;
        let connection = schema::open(path, patience)?;
        let at_path = |cause| JournalError::of(path, &cause);
        actions::give_up_abandoned(&connection, now).map_err(at_path)?;
        let (work, waiting) = sync_channel(WAITING_WORK);
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || writer::run(connection, &waiting))
            .map_err(|error| JournalError::Unusable(path.to_owned(), error.to_string()))?;
        let handle = JournalHandle { work, path: Arc::new(path.to_owned()) };
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
    /// of another process: then nothing may be sent.
    pub async fn record_intent(
        &self,
        attempt: Attempt,
        now: DateTime<Utc>,
    ) -> Result<AttemptId, JournalError> {
        let insert = move |connection: &mut Connection| actions::insert(connection, &attempt, now);
        let written = self.ask(insert).await?;
        written.map_err(|other| JournalError::UnderWay {
            what: match other.attempt.deed.alert() {
                None => format!("a logout of {}", other.attempt.target),
                Some(alert) => format!("a change of alert {alert} of {}", other.attempt.target),
            },
            operator: other.attempt.operator,
            host: other.attempt.host,
            since: actions::stamp(other.attempt.asked_at),
        })
    }

    /// Writes that the request of `id` goes out at `at`.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn record_sent(&self, id: AttemptId, at: DateTime<Utc>) -> Result<(), JournalError> {
        self.ask(move |connection| actions::mark_sent(connection, id, at)).await
    }

    /// Writes what the vendor answered.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn record_answer(&self, id: AttemptId, answer: Answer) -> Result<(), JournalError> {
        self.ask(move |connection| actions::mark_answered(connection, id, &answer)).await
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
        self.ask(move |connection| actions::mark_done(connection, id, &verdict, at)).await
    }

    /// The newest attempts, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn recent_actions(&self, limit: u32) -> Result<Vec<AttemptRecord>, JournalError> {
        self.ask(move |connection| actions::recent(connection, limit)).await
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
        self.ask(move |connection| actions::on(connection, &keys, limit)).await
    }

    /// The attempts without a verdict, oldest first: under way, or left behind less than a minute ago.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn open_attempts(&self) -> Result<Vec<AttemptRecord>, JournalError> {
        self.ask(|connection| actions::open(connection)).await
    }

    /// Remembers queues, so that they stay listed after a restart.
    ///
    /// # Errors
    /// When they could not be written.
    pub async fn remember_queues(&self, queues: Vec<KnownQueue>) -> Result<(), JournalError> {
        self.ask(move |connection| queues::remember(connection, &queues)).await
    }

    /// Every queue ever seen.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn known_queues(&self) -> Result<Vec<KnownQueue>, JournalError> {
        self.ask(|connection| queues::known(connection)).await
    }

    /// Keeps `entries`, all or none. When this returns, they are on disk.
    ///
    /// # Errors
    /// When they could not be written.
    pub async fn keep(&self, _entries: Vec<Entry>) -> Result<(), JournalError> {
        Ok(())
    }

    /// What was kept of the time between `from` and `until`.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn archive(
        &self,
        _from: DateTime<Utc>,
        _until: DateTime<Utc>,
    ) -> Result<Archive, JournalError> {
        Ok(Archive::default())
    }

    /// The calls of every campaign on every of the vendor's days kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn campaign_days(&self) -> Result<Vec<CampaignDay>, JournalError> {
        Ok(Vec::new())
    }

    /// Forgets what was over before `before`; what was done to agents and alerts stays.
    ///
    /// # Errors
    /// When it could not be deleted.
    pub async fn forget(&self, _before: DateTime<Utc>) -> Result<(), JournalError> {
        Ok(())
    }

    /// Has the thread do `work` and waits for what comes of it, without blocking the runtime.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (answer, answered) = oneshot::channel();
        let path = Arc::clone(&self.path);
        let job: Work = Box::new(move |connection| {
            // Whoever asked may have stopped waiting; the work is done all the same.
            let _ = answer.send(work(connection));
            writer::Then::GoOn
        });
        self.work.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => JournalError::Busy(path.to_path_buf()),
            TrySendError::Disconnected(_) => JournalError::Closed(path.to_path_buf()),
        })?;
        let done = answered.await.map_err(|_| JournalError::Closed(path.to_path_buf()))?;
        done.map_err(|cause| JournalError::of(&path, &cause))
    }
}

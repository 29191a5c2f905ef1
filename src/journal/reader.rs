//! Reading a journal that this program does not keep: it is left exactly as it is.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::aside::with;
use super::path::{self, FileId};
use super::{JournalError, archive, calls, queues, schema};
use crate::model::{Archive, CampaignDay, KnownQueue};

/// A journal that is only read; another program may keep it meanwhile. Its functions block.
#[derive(Debug, Clone)]
pub struct JournalReader {
    path: PathBuf,
    patience: Duration,
}

impl JournalReader {
    pub(super) fn new(path: &Path, patience: Duration) -> Self {
        Self { path: path.to_owned(), patience }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What was kept of the time between `from` and `until`.
    ///
    /// # Errors
    /// When the file cannot be read, or is of another version.
    pub fn archive(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Archive, JournalError> {
        let archive = self.read(|connection| archive::read(connection, from, until))?;
        Ok(archive.unwrap_or_default())
    }

    /// The calls of every campaign on every of the vendor's days kept.
    ///
    /// # Errors
    /// When the file cannot be read, or is of another version.
    pub fn campaign_days(&self) -> Result<Vec<CampaignDay>, JournalError> {
        let days = self.read(|connection| calls::campaign_days(connection))?;
        Ok(days.unwrap_or_default())
    }

    /// Every queue ever seen.
    ///
    /// # Errors
    /// When the file cannot be read, or is of another version.
    pub fn known_queues(&self) -> Result<Vec<KnownQueue>, JournalError> {
        let known = self.read(|connection| queues::known(connection))?;
        Ok(known.unwrap_or_default())
    }

    /// Whether there is a journal that can be read.
    pub(super) fn is_there(&self) -> Result<bool, JournalError> {
        Ok(self.read(|_| Ok(()))?.is_some())
    }

    /// The file that is at the path.
    pub(super) fn file(&self) -> Option<FileId> {
        path::identity(&self.path)
    }

    /// Does `work` on the file; none where there is none.
    ///
    /// While nobody has it open there are no side files, and SQLite would create them to read it.
    /// Then it is read as a file that does not change; where it was opened meanwhile, once more.
    fn read<T>(
        &self,
        work: impl Fn(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, JournalError> {
        if let Some(before) = self.rest() {
            let done = self.open(true, &work);
            if self.rest() == Some(before) {
                return done;
            }
        }
        self.open(false, &work)
    }

    /// What shows whether the file has been at rest: its length and its time, where it has no side file.
    fn rest(&self) -> Option<Option<(u64, SystemTime)>> {
        if with(&self.path, "-wal").exists() {
            return None;
        }
        let metadata = std::fs::metadata(&self.path).ok();
        Some(metadata.and_then(|metadata| Some((metadata.len(), metadata.modified().ok()?))))
    }

    fn open<T>(
        &self,
        still: bool,
        work: impl Fn(&mut Connection) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, JournalError> {
        let opened = schema::open_to_read(&self.path, self.patience, still)?;
        let Some(mut connection) = opened else { return Ok(None) };
        let done = work(&mut connection).map_err(|cause| JournalError::of(&self.path, &cause));
        done.map(Some)
    }
}

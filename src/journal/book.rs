//! The file as the journal's thread has it open, and what is done where it turns out to be damaged or
//! somebody has put another in its place.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::watch;

use super::aside::{self, Replacement};
use super::path::{self, FileId};
use super::{JournalError, schema};
use crate::clock::Clock;

/// How often opening begins again, where another program puts a new file in the place of the one
/// that was just opened.
const ATTEMPTS: usize = 4;

/// Who keeps the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Runner {
    /// The login name.
    pub operator: String,
    /// The machine.
    pub host: String,
}

/// The open file.
pub(super) struct Page {
    pub(super) connection: Connection,
    /// The number of this run; none until it has kept something.
    pub(super) run: Option<i64>,
    pub(super) runner: Runner,
    /// When this run began, as it is kept.
    pub(super) started_at: String,
    file: FileId,
}

/// The file at one path, whichever it is.
pub(super) struct Book {
    path: PathBuf,
    patience: Duration,
    runner: Runner,
    clock: Clock,
    started_at: String,
    page: Option<Page>,
    replaced: watch::Sender<Option<Replacement>>,
}

impl Book {
    /// Opens the file at `path`; a damaged one is set aside first.
    pub(super) fn open(
        path: &Path,
        patience: Duration,
        runner: Runner,
        clock: Clock,
    ) -> Result<Self, JournalError> {
        let started_at = super::actions::stamp(clock.now());
        let (replaced, _) = watch::channel(None);
        let path = path.to_owned();
        let mut book = Self { path, patience, runner, clock, started_at, page: None, replaced };
        book.open_page()?;
        Ok(book)
    }

    /// Tells of damaged files set aside.
    pub(super) fn replacements(&self) -> watch::Sender<Option<Replacement>> {
        self.replaced.clone()
    }

    /// Does `work` on the file that is at the path now. A file that turns out to be damaged is set
    /// aside at once; the work has failed all the same.
    pub(super) fn work<T>(
        &mut self,
        work: impl FnOnce(&mut Page) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let page = self.current()?;
        let done = work(page).map_err(|cause| JournalError::of_work(&self.path, &cause));
        if let Err(JournalError::Damaged(_, cause)) = &done {
            self.replace(cause);
        }
        done
    }

    /// Sets the file aside that a reader has found to be damaged, if it is still the one at the path.
    pub(super) fn is_damaged(&mut self, file: FileId, cause: &str) {
        if path::identity(&self.path) == Some(file) {
            self.replace(cause);
        }
    }

    /// The file at the path. Another program may have set ours aside, or somebody has moved it: what
    /// is written to that would be seen by nobody.
    fn current(&mut self) -> Result<&mut Page, JournalError> {
        let is_there =
            self.page.as_ref().is_some_and(|page| path::identity(&self.path) == Some(page.file));
        if !is_there {
            self.let_go();
            self.open_page()?;
        }
        self.page.as_mut().ok_or_else(|| JournalError::Busy(self.path.clone()))
    }

    fn open_page(&mut self) -> Result<(), JournalError> {
        let mut aside = None;
        for _ in 0..ATTEMPTS {
            let file = path::prepare(&self.path)?;
            let connection = match schema::open(&self.path, self.patience) {
                Ok(connection) => connection,
                Err(JournalError::Damaged(_, cause)) => {
                    if let Some(kept_as) = self.set_aside(file)? {
                        aside = Some(Replacement { path: self.path.clone(), kept_as, cause });
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            if path::identity(&self.path) != Some(file) {
                abandon(connection);
                continue;
            }
            if aside.is_some() {
                let at_path = |cause| JournalError::of(&self.path, &cause);
                schema::number_anew(&connection, self.clock.now()).map_err(at_path)?;
            }
            let (runner, started_at) = (self.runner.clone(), self.started_at.clone());
            self.page = Some(Page { connection, run: None, runner, started_at, file });
            if let Some(aside) = aside {
                self.replaced.send_replace(Some(aside));
            }
            return Ok(());
        }
        Err(JournalError::Busy(self.path.clone()))
    }

    fn replace(&mut self, cause: &str) {
        let Some(file) = self.page.as_ref().map(|page| page.file) else { return };
        self.let_go();
        let begun = self.set_aside(file).and_then(|kept_as| {
            self.open_page()?;
            Ok(kept_as)
        });
        match begun {
            Ok(Some(kept_as)) => {
                if let Some(page) = &self.page
                    && let Err(error) = schema::number_anew(&page.connection, self.clock.now())
                {
                    tracing::error!("{}", JournalError::of(&self.path, &error));
                }
                let (path, cause) = (self.path.clone(), cause.to_owned());
                self.replaced.send_replace(Some(Replacement { path, kept_as, cause }));
            }
            Ok(None) => {}
            // It stays closed: whoever wants something of it next tries again, and is told why not.
            Err(error) => tracing::error!("{error}"),
        }
    }

    fn set_aside(&self, file: FileId) -> Result<Option<PathBuf>, JournalError> {
        aside::set_aside(&self.path, file, self.clock.now())
            .map_err(|error| JournalError::of_disk(&self.path, &error))
    }

    fn let_go(&mut self) {
        if let Some(page) = self.page.take() {
            abandon(page.connection);
        }
    }
}

/// Closes a file that is damaged, or is no longer the one at its path.
fn abandon(connection: Connection) {
    let _ = schema::keep_side_files(&connection, true);
    drop(connection);
}

//! Why the journal cannot be used, in one sentence that names the file.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use rustix::io::Errno;

/// Why the journal cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// There is no directory to keep it in.
    #[error("no place for the journal: neither $XDG_STATE_HOME nor $HOME is set (hint: set one)")]
    NoPlace,
    /// The file or its directory cannot be opened or written.
    #[error("journal `{path}` cannot be used: {cause}", path = .0.display(), cause = .1)]
    Unusable(PathBuf, String),
    /// The file is something else, or damaged.
    #[error("journal `{path}` is damaged or no journal: {cause} (hint: the dashboard sets it aside and begins a new one)", path = .0.display(), cause = .1)]
    Damaged(PathBuf, String),
    /// A newer version of this program wrote it.
    #[error("journal `{path}` is of version {found}, this floorwatch knows up to {known} (hint: update floorwatch)", path = .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest known one.
        known: i64,
    },
    /// An older version of this program wrote it, and it was only to be read.
    #[error("journal `{path}` is of version {found}, reading it needs {known} (hint: start the dashboard once, it brings it up to date)", path = .path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The version that can be read.
        known: i64,
    },
    /// What was to be written cannot be: trying again would not help.
    #[error("journal `{path}` does not take it: {cause}", path = .0.display(), cause = .1)]
    Rejected(PathBuf, String),
    /// There is no room for more.
    #[error("journal `{path}` cannot be written: disk full (hint: make room)", path = .0.display())]
    Full(PathBuf),
    /// Another process holds the file, or too much waits to be written.
    #[error("journal `{path}` is busy (hint: see whether the disk or another floorwatch is stuck)", path = .0.display())]
    Busy(PathBuf),
    /// Another attempt on the same agent or alert is under way, perhaps of another process.
    #[error("{what} is under way since {since} by {operator} at {host}: it is not sent twice")]
    UnderWay {
        /// What it does to whom.
        what: String,
        /// Who asked for it.
        operator: String,
        /// On which machine.
        host: String,
        /// When, in UTC.
        since: String,
    },
    /// What was to be done to one of our own alerts has been done: by whom and when, in a sentence.
    #[error("{0}: it is not done twice")]
    Overtaken(String),
    /// Nothing has been heard of the file for so long that its disk seems to hang.
    #[error("journal `{path}` does not answer (hint: see whether its disk hangs)", path = .0.display())]
    Silent(PathBuf),
    /// The journal's thread has ended.
    #[error("journal `{path}` is closed", path = .0.display())]
    Closed(PathBuf),
}

impl JournalError {
    /// What an error of SQLite means for the journal at `path`.
    pub(super) fn of(path: &Path, cause: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        match cause.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged(path, cause.to_string())
            }
            Some(ErrorCode::DiskFull) => Self::Full(path),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(path),
            code => {
                let words = code.and_then(words).map_or_else(|| cause.to_string(), str::to_owned);
                Self::Unusable(path, words)
            }
        }
    }

    /// What an error of the operating system means for the journal at `path`: in words, since its number
    /// tells a supervisor nothing.
    pub(super) fn of_disk(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        let words = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => return Self::Full(path),
            io::ErrorKind::IsADirectory => IS_A_DIRECTORY.to_owned(),
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "what should be its directory is none (hint: move that away)".to_owned()
            }
            io::ErrorKind::ReadOnlyFilesystem => READ_ONLY.to_owned(),
            io::ErrorKind::PermissionDenied => NO_RIGHTS.to_owned(),
            _ if is_of_exhaustion(error) => EXHAUSTED.to_owned(),
            _ => without_number(&error.to_string()),
        };
        Self::Unusable(path, words)
    }

    /// That a directory is where the journal at `path` should be.
    pub(super) fn is_a_directory(path: &Path) -> Self {
        Self::Unusable(path.to_owned(), IS_A_DIRECTORY.to_owned())
    }

    /// What an error of SQLite means for a piece of work on the open journal at `path`: what neither the
    /// disk nor another program is the cause of is the work's own fault.
    pub(super) fn of_work(path: &Path, cause: &rusqlite::Error) -> Self {
        match Self::of(path, cause) {
            Self::Unusable(path, text) if !is_outside(cause.sqlite_error_code()) => {
                Self::Rejected(path, text)
            }
            other => other,
        }
    }

    /// Whether the same may be written later, when what is wrong outside has passed.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        !matches!(self, Self::Rejected(..) | Self::Overtaken(_))
    }

    /// The cause in a few words, without the file's name: what a banner has room for.
    #[must_use]
    pub fn in_short(&self) -> String {
        match self {
            Self::NoPlace => "no place for it".to_owned(),
            Self::Unusable(_, cause) | Self::Rejected(_, cause) => cause.clone(),
            Self::Damaged(..) => "damaged".to_owned(),
            Self::Newer { .. } => "of a newer floorwatch".to_owned(),
            Self::Older { .. } => "of an older floorwatch".to_owned(),
            Self::Full(_) => "disk full".to_owned(),
            Self::Busy(_) => "busy".to_owned(),
            Self::UnderWay { what, .. } => format!("{what} is under way"),
            Self::Overtaken(why) => why.clone(),
            Self::Silent(_) => DOES_NOT_ANSWER.to_owned(),
            Self::Closed(_) => "closed".to_owned(),
        }
    }
}

/// What is said of a journal of which nothing is heard.
pub const DOES_NOT_ANSWER: &str = "it does not answer";

const IS_A_DIRECTORY: &str = "it is a directory (hint: move it away)";
const READ_ONLY: &str = "it cannot be written to (hint: is its disk mounted read-only?)";
const EXHAUSTED: &str = "too many open files (hint: `ulimit -n` allows more)";
const NO_RIGHTS: &str = "no rights to it (hint: see whose it and its directory are)";

/// What SQLite says of the disk and the rights, in words that say what to do; none where its own say it.
fn words(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::SystemIoFailure => Some("the disk fails (hint: see the system's log)"),
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied if is_exhausted() => Some(EXHAUSTED),
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Some(NO_RIGHTS),
        ErrorCode::ReadOnly => Some(READ_ONLY),
        _ => None,
    }
}

/// Whether this program may open nothing more: SQLite does not say why it could not open a file.
fn is_exhausted() -> bool {
    std::fs::File::open("/").is_err_and(|error| is_of_exhaustion(&error))
}

fn is_of_exhaustion(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}

/// An error of the operating system without its number.
fn without_number(text: &str) -> String {
    text.split(" (os error ").next().unwrap_or(text).to_owned()
}

/// Whether the disk, the rights or the machine are the cause.
fn is_outside(code: Option<ErrorCode>) -> bool {
    matches!(
        code,
        Some(
            ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::NoLargeFileSupport
                | ErrorCode::OperationAborted
                | ErrorCode::OperationInterrupted
                | ErrorCode::SchemaChanged
        )
    )
}

//! Setting a damaged file aside, so that a new one can begin.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::path::{self, FileId};

/// A damaged journal was set aside and a new one begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Where the journal is, now a new one.
    pub path: PathBuf,
    /// Where the damaged one is now.
    pub kept_as: PathBuf,
    /// What was wrong with it.
    pub cause: String,
}

impl std::fmt::Display for Replacement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What matters first: a line of the screen has no room for two paths.
        let (path, kept_as, cause) = (self.path.display(), self.kept_as.display(), &self.cause);
        write!(f, "the damaged journal is set aside and a new one begun: ")?;
        write!(f, "what was `{path}` is now `{kept_as}` ({cause})")
    }
}

/// The files that SQLite keeps beside its own.
const SIDE_FILES: [&str; 2] = ["-wal", "-shm"];

/// Renames the file at `path` and its side files; the new name, or none where another file than `file` is
/// there now: another program was faster.
pub(super) fn set_aside(
    path: &Path,
    file: FileId,
    now: DateTime<Utc>,
) -> io::Result<Option<PathBuf>> {
    let opened = match File::open(path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // Whoever renames holds the lock of the file it renames, so that no second program moves the new
    // one away.
    opened.lock()?;
    if path::identity(path) != Some(file) {
        return Ok(None);
    }
    let name = format!(".damaged-{}", now.format("%Y%m%dT%H%M%SZ"));
    let free = (1..100).map(|number| match number {
        1 => with(path, &name),
        number => with(path, &format!("{name}-{number}")),
    });
    let taken = || io::Error::new(io::ErrorKind::AlreadyExists, "too many were set aside");
    let kept_as = free.into_iter().find(|path| !path.exists()).ok_or_else(taken)?;
    // The file itself last: a new one is begun once it is gone, and must not find old side files.
    for side in SIDE_FILES {
        match std::fs::rename(with(path, side), with(&kept_as, side)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    std::fs::rename(path, &kept_as)?;
    Ok(Some(kept_as))
}

/// `path` with `more` behind its name.
pub(super) fn with(path: &Path, more: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(more);
    PathBuf::from(name)
}

//! Where the journal of a floor is kept.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{DirBuilder, Metadata};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::JournalError;
use super::rights::{Others, close_directory, open_to_append};

/// The journal of the floor called `name`: `<directory>/<name>.sqlite`, where the directory is
/// `$XDG_STATE_HOME/floorwatch` unless another is given.
///
/// # Errors
/// When the environment names no place for it.
pub fn path_for(directory: Option<&Path>, name: &str) -> Result<PathBuf, JournalError> {
    path_in(directory, name, &|variable| std::env::var_os(variable))
}

fn path_in(
    directory: Option<&Path>,
    name: &str,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, JournalError> {
    let file = format!("{}.sqlite", file_name(name));
    if let Some(directory) = directory {
        return Ok(directory.join(file));
    }
    let set = |variable| environment(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
    // A relative $XDG_STATE_HOME is to be ignored, says the standard that defines it.
    let state = set("XDG_STATE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".local").join("state")))
        .ok_or(JournalError::NoPlace)?;
    Ok(state.join("floorwatch").join(file))
}

/// The longest part of a name that is kept readable; file systems allow 255 bytes in all.
const READABLE: usize = 120;

/// A file name for a floor's name: different names give different files, and none leaves the
/// directory or hides.
fn file_name(name: &str) -> String {
    let mut file = String::new();
    for (index, byte) in name.bytes().enumerate() {
        let plain = byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_')
            || (byte == b'.' && index > 0);
        if plain {
            file.push(char::from(byte));
        } else {
            let _ = write!(file, "%{byte:02X}");
        }
    }
    if file.len() > READABLE {
        file.truncate(READABLE);
        let _ = write!(file, "~{:016x}", fnv(name.as_bytes()));
    }
    file
}

/// A hash that stays the same from release to release, unlike the standard library's.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Creates the directory and the file where they are missing, and takes them away from others.
/// SQLite gives its side files the rights of the file itself.
pub(super) fn prepare(path: &Path) -> Result<FileId, JournalError> {
    let unusable = |error: std::io::Error| JournalError::of_disk(path, &error);
    if let Some(directory) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(unusable)?;
        let closed = close_directory(directory);
        let closed = closed.map_err(|error| {
            let name = directory.display();
            JournalError::Unusable(path.to_owned(), format!("its directory `{name}`: {error}"))
        });
        warn(closed?);
    }
    let (file, closed) = open_to_append(path, Others::Nothing).map_err(unusable)?;
    warn(closed);
    Ok(FileId::of(&file.metadata().map_err(unusable)?))
}

fn warn(word: Option<String>) {
    if let Some(word) = word {
        tracing::warn!("{word}");
    }
}

/// Which file it is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

/// Which file is at `path` now; none where none is.
pub(super) fn identity(path: &Path) -> Option<FileId> {
    std::fs::metadata(path).ok().map(|metadata| FileId::of(&metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_directory_of_the_user_holds_one_file_a_floor() {
        let home = |variable: &str| (variable == "HOME").then(|| "/home/sue".into());
        let xdg = |variable: &str| (variable == "XDG_STATE_HOME").then(|| "/state".into());
        let relative = |variable: &str| match variable {
            "XDG_STATE_HOME" => Some("state".into()),
            _ => home(variable),
        };
        let usual = PathBuf::from("/home/sue/.local/state/floorwatch/Tampa.sqlite");
        assert_eq!(path_in(None, "Tampa", &home), Ok(usual.clone()));
        assert_eq!(path_in(None, "Tampa", &relative), Ok(usual));
        assert_eq!(path_in(None, "Tampa", &xdg), Ok("/state/floorwatch/Tampa.sqlite".into()));
        assert_eq!(path_in(None, "Tampa", &|_| None), Err(JournalError::NoPlace));
        let named = path_in(Some(Path::new("/demo")), "Tampa", &|_| None);
        assert_eq!(named, Ok("/demo/Tampa.sqlite".into()), "a directory of its own");
    }

    #[test]
    fn no_name_leaves_the_directory_or_shares_a_file() {
        let names =
            ["a/b", "a_b", "a%2Fb", "..", ".a", "", "ä", &"x".repeat(300), &"x".repeat(301)];
        let files: Vec<String> = names.iter().map(|name| file_name(name)).collect();
        for (index, file) in files.iter().enumerate() {
            assert!(!file.contains('/') && !file.starts_with('.') && file.len() < 200, "{file}");
            assert!(!files[..index].contains(file), "{file}");
        }
    }
}

//! Who else may read or write what the program keeps: nobody. What was left open is closed, and that is
//! said; where it cannot be closed, it is not used.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::io::Errno;

/// What others may do with something of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// Nothing at all.
    Nothing,
    /// Read it.
    Read,
}

impl Others {
    /// The rights that are too many.
    fn refused(self) -> u32 {
        match self {
            Self::Nothing => 0o077,
            Self::Read => 0o022,
        }
    }
}

/// Opens the file at `path` to be written at its end, and makes it where there is none. What others may do
/// beyond `others` is taken from them; the second of the answer tells so.
///
/// # Errors
/// When it cannot be opened, or others may do more and this cannot be changed: because it is not ours, or
/// is reached through a link, which may lead to something that was not meant for us.
pub(crate) fn open_to_append(path: &Path, others: Others) -> io::Result<(File, Option<String>)> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true).mode(0o600);
    let no_link = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default();
    let (file, is_link) = match options.clone().custom_flags(no_link).open(path) {
        Err(error) if Errno::from_io_error(&error) == Some(Errno::LOOP) => {
            (options.open(path)?, true)
        }
        opened => (opened?, false),
    };
    let metadata = file.metadata()?;
    let mode = metadata.permissions().mode() & 0o7777;
    if !metadata.is_file() || mode & others.refused() == 0 {
        return Ok((file, None));
    }
    if is_link {
        let text =
            "it is a link to a file of others' (hint: chmod 600 that file, or move the link away)";
        return Err(io::Error::other(text));
    }
    let word = tighten(mode, others, |rights| file.set_permissions(rights))?;
    Ok((file, Some(format!("`{}` {word}", path.display()))))
}

/// Takes from others the right to write into the directory at `path`; tells so where they had it. Where
/// none can take away what another has put there, as in a place for temporary files, they may write.
///
/// # Errors
/// When the rights cannot be changed.
pub(crate) fn close_directory(path: &Path) -> io::Result<Option<String>> {
    const STICKY: u32 = 0o1000;
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o7777;
    if mode & Others::Read.refused() == 0 || mode & STICKY != 0 {
        return Ok(None);
    }
    let word = tighten(mode, Others::Read, |rights| std::fs::set_permissions(path, rights))?;
    Ok(Some(format!("`{}` {word}", path.display())))
}

fn tighten(
    mode: u32,
    others: Others,
    set: impl FnOnce(Permissions) -> io::Result<()>,
) -> io::Result<String> {
    let rights = mode & !others.refused();
    set(Permissions::from_mode(rights)).map_err(|_| {
        io::Error::other(
            "others may write it, and it is not ours to change (hint: see whose it is)",
        )
    })?;
    Ok(format!("was open to others; its rights are now {rights:o} instead of {mode:o}"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        std::fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn file(dir: &tempfile::TempDir, rights: u32) -> PathBuf {
        let path = dir.path().join("file");
        std::fs::write(&path, "kept\n").unwrap();
        set(&path, rights);
        path
    }

    #[test]
    fn what_others_may_do_too_much_is_taken_from_them_and_said() {
        let dir = tempfile::tempdir().unwrap();
        for (others, before, after) in [
            (Others::Nothing, 0o600, 0o600),
            (Others::Nothing, 0o644, 0o600),
            (Others::Read, 0o644, 0o644),
            (Others::Read, 0o666, 0o644),
            (Others::Read, 0o620, 0o600),
        ] {
            let path = file(&dir, before);
            let (_, word) = open_to_append(&path, others).unwrap();
            assert_eq!(mode(&path), after, "{before:o}");
            assert_eq!(word.is_some(), before != after, "{word:?}");
            assert!(word.is_none_or(|word| word.contains("file` was open to others")));
        }
        let (_, word) = open_to_append(&dir.path().join("new"), Others::Nothing).unwrap();
        assert_eq!((word, mode(&dir.path().join("new"))), (None, 0o600));
    }

    #[test]
    fn what_a_link_leads_to_keeps_its_rights_and_is_used_only_where_they_are_narrow() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        let target = file(&dir, 0o666);
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let error = open_to_append(&link, Others::Nothing).unwrap_err();
        assert!(error.to_string().contains("it is a link"), "{error}");
        assert_eq!(mode(&target), 0o666);
        set(&target, 0o600);
        assert_eq!(open_to_append(&link, Others::Nothing).unwrap().1, None);
    }

    #[test]
    fn a_directory_into_which_others_may_write_is_closed_and_said() {
        let dir = tempfile::tempdir().unwrap();
        for (before, after) in [(0o700, 0o700), (0o755, 0o755), (0o777, 0o755), (0o1777, 0o1777)] {
            set(dir.path(), before);
            let word = close_directory(dir.path()).unwrap();
            assert_eq!((mode(dir.path()), word.is_some()), (after, before != after));
        }
    }
}

//! Where a credential comes from. The credential itself is read when it is needed and read anew when
//! the supervisor asks, so that a renewed token takes effect without a restart.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use secrecy::SecretString;

/// Where a credential comes from.
#[derive(Debug, Clone)]
pub enum Secret {
    /// An environment variable.
    Env(String),
    /// A file; white space around the content is not part of it.
    File(PathBuf),
    /// In the config itself, which then must be private.
    Plain(SecretString),
}

/// Why a credential could not be read. Never holds the credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The environment variable is missing, empty or not text.
    #[error("environment variable `{0}` is not set or empty (hint: export it before starting)")]
    Env(String),
    /// The file cannot be read or is empty.
    #[error("secret file `{path}` cannot be used: {cause}", path = .0.display(), cause = .1)]
    File(PathBuf, String),
}

/// Whether nobody but its owner can read `file`.
///
/// # Errors
/// When the system does not say.
pub fn is_private(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.permissions().mode() & 0o077 == 0)
}

impl Secret {
    /// Reads the credential, anew each time.
    ///
    /// # Errors
    /// When there is nothing to read, or it is empty.
    pub fn read(&self) -> Result<SecretString, SecretError> {
        match self {
            Self::Plain(secret) => Ok(secret.clone()),
            Self::Env(name) => std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
                .map(|value| value.trim().into())
                .ok_or_else(|| SecretError::Env(name.clone())),
            Self::File(path) => {
                let fail = |cause: String| SecretError::File(path.clone(), cause);
                let mut file = File::open(path).map_err(|e| fail(e.to_string()))?;
                if !is_private(&file).map_err(|e| fail(e.to_string()))? {
                    let hint = format!("hint: chmod 600 {}", path.display());
                    return Err(fail(format!("others can read it ({hint})")));
                }
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(|e| fail(e.to_string()))?;
                match text.trim() {
                    "" => Err(fail("it is empty".to_owned())),
                    value => Ok(value.into()),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_file_that_others_can_read_keeps_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, " t0ken\n").unwrap();
        for (mode, is_read) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            match Secret::File(path.clone()).read() {
                Ok(secret) => assert!(is_read && secret.expose_secret() == "t0ken", "{mode:o}"),
                Err(error) => {
                    let text = error.to_string();
                    assert!(!is_read && text.contains("others can read it"), "{text}");
                    assert!(text.contains("chmod 600") && !text.contains("t0ken"), "{text}");
                }
            }
        }
    }
}

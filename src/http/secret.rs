//! Where a credential comes from. The credential itself is read when it is needed and read anew when
//! the supervisor asks, so that a renewed token takes effect without a restart.

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
                let text = std::fs::read_to_string(path).map_err(|e| fail(e.to_string()))?;
                match text.trim() {
                    "" => Err(fail("it is empty".to_owned())),
                    value => Ok(value.into()),
                }
            }
        }
    }
}

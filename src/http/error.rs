//! Why there is no answer: one sentence that names the cause, never a URL's query, never a secret.

use std::error::Error as StdError;
use std::time::Duration;

/// Why there is no complete answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The client itself cannot be made: a bad CA file, no CA certificates on this machine.
    #[error("cannot prepare the connection: {0}")]
    Setup(String),
    /// No connection; nothing was sent.
    #[error("could not connect to {host}: {reason}")]
    Connect {
        /// Host and port.
        host: String,
        /// The system's reason.
        reason: String,
    },
    /// The TLS handshake failed; nothing was sent.
    #[error("TLS with {host} failed: {reason} (hint: `ca_file` adds certificates)")]
    Tls {
        /// Host and port.
        host: String,
        /// What was wrong.
        reason: String,
    },
    /// The answer did not come, or not whole, in time.
    #[error("no complete answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The connection broke before the answer was whole.
    #[error("the connection broke after {received} bytes of the answer: {reason}")]
    Broken {
        /// Bytes of the body that had come.
        received: usize,
        /// The system's reason.
        reason: String,
    },
    /// The answer is larger than anything sensible.
    #[error("the answer is larger than {} MiB", .0 / (1024 * 1024))]
    TooLarge(usize),
}

impl Error {
    /// Whether it is certain that nothing reached the server.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        matches!(self, Self::Setup(_) | Self::Connect { .. } | Self::Tls { .. })
    }

    /// What `error` means for an exchange with `host` of which `received` bytes had come.
    pub(super) fn of(
        error: reqwest::Error,
        host: String,
        limit: Duration,
        received: usize,
    ) -> Self {
        // The error would print the whole URL, and a token may be in its query.
        let error = error.without_url();
        if error.is_builder() {
            return Self::Setup(reason(&error));
        }
        if error.is_connect() {
            let reason =
                if error.is_timeout() { "it does not answer".to_owned() } else { reason(&error) };
            return match tls(&error) {
                Some(reason) => Self::Tls { host, reason },
                None => Self::Connect { host, reason },
            };
        }
        if error.is_timeout() {
            return Self::Timeout(limit);
        }
        Self::Broken { received, reason: reason(&error) }
    }
}

/// The TLS library's own words, where it is the cause.
fn tls(error: &reqwest::Error) -> Option<String> {
    chain(error).find_map(|cause| {
        let tls = match cause.downcast_ref::<std::io::Error>() {
            Some(io) => io.get_ref()?.downcast_ref::<rustls::Error>()?,
            None => cause.downcast_ref::<rustls::Error>()?,
        };
        Some(tls.to_string())
    })
}

/// The deepest cause: the outer ones only say that there was an error.
pub(super) fn reason(error: &(dyn StdError + 'static)) -> String {
    let text = chain(error).last().map(ToString::to_string).unwrap_or_default();
    match text.find(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause: &&'a (dyn StdError + 'static)| (*cause).source())
}

//! Why there is no answer: one sentence that names the cause, never a URL's query, never a secret.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use rustix::io::Errno;

use super::certificate;

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
    /// The name of the server leads nowhere; nothing was sent.
    #[error(
        "the name `{name}` does not resolve: {reason} (hint: check `url`, the network and its DNS)"
    )]
    Unresolved {
        /// The server's name.
        name: String,
        /// The system's reason.
        reason: String,
    },
    /// This program may open nothing more, a connection neither; nothing was sent.
    #[error(
        "no connection can be opened: {0} (hint: `ulimit -n` allows more; what else is running?)"
    )]
    Exhausted(String),
    /// The server's certificate is not accepted; nothing was sent.
    #[error("the certificate of {host} {reason}")]
    Certificate {
        /// Host and port.
        host: String,
        /// What is wrong with it, and what helps.
        reason: String,
    },
    /// The TLS handshake failed otherwise; nothing was sent.
    #[error("TLS with {host} failed: {reason}")]
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
        match self {
            Self::Setup(_)
            | Self::Connect { .. }
            | Self::Unresolved { .. }
            | Self::Exhausted(_)
            | Self::Certificate { .. }
            | Self::Tls { .. } => true,
            Self::Timeout(_) | Self::Broken { .. } | Self::TooLarge(_) => false,
        }
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
            return Self::of_connecting(&error, host);
        }
        if error.is_timeout() {
            return Self::Timeout(limit);
        }
        Self::Broken { received, reason: reason(&error) }
    }

    /// What `error` means, with which no connection to `host` was made.
    fn of_connecting(error: &reqwest::Error, host: String) -> Self {
        if error.is_timeout() {
            return Self::Connect { host, reason: "it does not answer".to_owned() };
        }
        match chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(lack)) => {
                return Self::Certificate { host, reason: certificate::lack(lack) };
            }
            Some(error) => return Self::Tls { host, reason: error.to_string() },
            None => {}
        }
        let reason = reason(error);
        let is_exhausted = chain(error)
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .filter_map(Errno::from_io_error)
            .any(|errno| matches!(errno, Errno::MFILE | Errno::NFILE));
        if is_exhausted {
            return Self::Exhausted(reason);
        }
        // The library has no type for it, the standard library no kind.
        match reason.strip_prefix("failed to lookup address information: ") {
            Some(reason) => {
                let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name).to_owned();
                Self::Unresolved { name, reason: reason.to_owned() }
            }
            None => Self::Connect { host, reason },
        }
    }
}

/// The deepest cause: the outer ones only say that there was an error.
pub(super) fn reason(error: &(dyn StdError + 'static)) -> String {
    let text = chain(error).last().map(ToString::to_string).unwrap_or_default();
    match text.find(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}

/// `error` and what caused it, the outermost first. An error of the system may hold another one that it
/// does not give as its cause, but in the place of itself.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause: &&'a (dyn StdError + 'static)| {
        match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => (*cause).source(),
        }
    })
}

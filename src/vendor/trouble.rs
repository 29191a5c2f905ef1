//! What a vendor's answer means when it is not the one that was asked for.

use std::time::Duration;

use reqwest::StatusCode;

use super::clean;
use crate::http::{Answer, Error};

/// What follows from a trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It may pass: no answer, 408, 421, 425, 429, a 5xx.
    Transient,
    /// The answer could not be understood.
    Garbled,
    /// There is no credential to ask with: nothing was asked.
    NotSet,
    /// Wrong or expired credentials.
    Denied,
    /// The credentials are right but may not do this.
    NotEntitled,
    /// The request itself is refused.
    Rejected,
    /// There is an error in this program: what the vendor said was not dealt with.
    Internal,
}

/// Why a vendor did not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Trouble {
    /// What follows from it.
    pub class: Class,
    /// One sentence naming the cause, without secrets, cleaned.
    pub text: String,
    /// The vendor's own number for it.
    pub code: Option<i64>,
    /// How long the vendor wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl Trouble {
    /// A trouble without a code.
    #[must_use]
    pub fn new(class: Class, text: impl Into<String>) -> Self {
        Self { class, text: text.into(), code: None, retry_after: None }
    }

    /// What the status of `answer` alone says; `said` is what its body says, where it is readable.
    /// None when the status is a success.
    #[must_use]
    pub fn of_status(answer: &Answer, said: Option<&str>) -> Option<Self> {
        let status = answer.status;
        let class = match status {
            s if s.is_success() => return None,
            StatusCode::UNAUTHORIZED => Class::Denied,
            StatusCode::FORBIDDEN => Class::NotEntitled,
            // 501 means "never", unlike the other 5xx.
            StatusCode::NOT_IMPLEMENTED => Class::Rejected,
            s if is_said_in_between(s) => Class::Transient,
            s if s.is_client_error() => Class::Rejected,
            _ => Class::Transient,
        };
        let mut text = format!("HTTP {} from the server", status.as_u16());
        if status.is_redirection() {
            let to = answer.redirect_host.as_deref().map_or("elsewhere", |host| host);
            text = format!(
                "HTTP {}: a redirect to {}, which is not followed (is the URL right?)",
                status.as_u16(),
                clean(to)
            );
        } else if let Some(said) = said.map(clean).filter(|said| !said.is_empty()) {
            text = format!("{text}: {said}");
        } else if status == StatusCode::NOT_FOUND {
            text.push_str(" (is the URL right?)");
        }
        Some(Self { class, text, code: None, retry_after: answer.retry_after })
    }
}

/// Whether the answer to a command, from its `status`, leaves open what became of it. A failing or slow
/// server may have done it first, and a redirect may be the answer to a success; what something in between
/// says may be of a request that was sent on.
pub(super) fn leaves_open(status: StatusCode) -> bool {
    let is_clear = status.is_success() || status.is_client_error();
    !is_clear || is_said_in_between(status)
}

/// Whether it may be something between us and the server that answers: too slow, at the wrong door, too
/// early or too often. It says nothing of the request itself, and passes.
fn is_said_in_between(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 421 | 425 | 429)
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let class = match error {
            Error::Setup(_) => Class::Rejected,
            Error::TooLarge(_) => Class::Garbled,
            Error::Connect { .. }
            | Error::Unresolved { .. }
            | Error::Exhausted(_)
            | Error::Certificate { .. }
            | Error::Tls { .. }
            | Error::Timeout(_)
            | Error::Broken { .. } => Class::Transient,
        };
        Self::new(class, error.to_string())
    }
}

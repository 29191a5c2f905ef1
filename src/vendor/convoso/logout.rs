//! What the answer to a logout says, and what it leaves open.

use reqwest::StatusCode;

use super::envelope::unfold;
use crate::http::Answer;
use crate::vendor::{Class, Trouble};

/// What the answer to a logout says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutAnswer {
    /// It was done.
    Done,
    /// Code 6012.
    NotLoggedIn(String),
    /// It was not done.
    Refused(String),
    /// Nobody can tell from this answer.
    Unclear(String),
}

/// Reads the answer to a logout.
#[must_use]
pub fn read_logout(answer: &Answer) -> LogoutAnswer {
    let status = answer.status;
    let http = format!("HTTP {} from the server", status.as_u16());
    let is_clear = status.is_success() || status.is_client_error();
    if !is_clear || status == StatusCode::REQUEST_TIMEOUT {
        // A failing or slow server may have done it first, and a redirect may be the answer to a
        // success.
        return LogoutAnswer::Unclear(http);
    }
    match unfold(answer) {
        Err(trouble) if trouble.code == Some(6012) => LogoutAnswer::NotLoggedIn(trouble.text),
        // The same, said in the body.
        Err(Trouble { code: Some(408 | 500..=599), text, .. }) => LogoutAnswer::Unclear(text),
        Err(trouble) if trouble.class != Class::Garbled => LogoutAnswer::Refused(trouble.text),
        Ok(envelope) if envelope.says_success && status.is_success() => LogoutAnswer::Done,
        Ok(envelope) if envelope.says_success => {
            LogoutAnswer::Unclear(format!("{http}, but its body says success"))
        }
        Ok(envelope) if status.is_client_error() => LogoutAnswer::Refused(match envelope.said {
            Some(said) => format!("{http}: {said}"),
            None => http,
        }),
        Err(_) if status.is_client_error() => LogoutAnswer::Refused(http),
        Ok(_) => LogoutAnswer::Unclear("the answer says neither success nor failure".to_owned()),
        Err(trouble) => LogoutAnswer::Unclear(trouble.text),
    }
}

//! What the answer to a logout says, and what it leaves open.

use reqwest::StatusCode;

use super::envelope::unfold;
use crate::http::Answer;
use crate::vendor::trouble::leaves_open;
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
    if leaves_open(status) {
        return LogoutAnswer::Unclear(http);
    }
    match unfold(answer) {
        Err(trouble) if trouble.code == Some(6012) => LogoutAnswer::NotLoggedIn(trouble.text),
        // The same, said in the body.
        Err(Trouble { code: Some(code), text, .. }) if is_open(code) => LogoutAnswer::Unclear(text),
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

/// Whether the vendor's own number is that of a status that leaves it open.
fn is_open(code: i64) -> bool {
    let status = u16::try_from(code).ok().and_then(|code| StatusCode::from_u16(code).ok());
    // A status ends at 599; what lies beyond has a meaning of the vendor's.
    status.is_some_and(|status| (400..600).contains(&status.as_u16()) && leaves_open(status))
}

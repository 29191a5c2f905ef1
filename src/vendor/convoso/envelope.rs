//! What surrounds the payload of an answer: up to three layers (the root, `data`, `entries`), each
//! of which may report a failure of its own, whatever the one outside says.

use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::Answer;
use crate::vendor::{Class, Scalar, Trouble, document};

/// The layers of a successful answer.
#[derive(Debug)]
pub struct Envelope<'a> {
    /// The JSON of each layer, the root first. The document's payload is in the root, the service's
    /// in the innermost; a mixture spreads it.
    pub layers: Vec<&'a str>,
    /// Whether any layer says `success: true`.
    pub says_success: bool,
    /// What the layers say in words, where they say anything.
    pub said: Option<String>,
}

/// Opens the answer to a search.
///
/// # Errors
/// When the status or any layer reports a failure, or the body is not JSON.
pub fn open(answer: &Answer) -> Result<Envelope<'_>, Trouble> {
    match unfold(answer) {
        Ok(envelope) if answer.status.is_success() => Ok(envelope),
        Ok(envelope) => Err(of_status(answer, envelope.said.as_deref(), None)),
        Err(trouble) if answer.status.is_success() => {
            Err(Trouble { retry_after: answer.retry_after, ..trouble })
        }
        Err(trouble) => {
            let said = (trouble.class != Class::Garbled).then_some(trouble.text.as_str());
            let of_status = of_status(answer, said, trouble.code);
            // Nobody says which status comes with a wrong token: its words do.
            let is_denied = trouble.class == Class::Denied && of_status.class == Class::Rejected;
            Err(if is_denied { Trouble { class: Class::Denied, ..of_status } } else { of_status })
        }
    }
}

/// Every layer of `answer`, whatever its status.
pub(super) fn unfold(answer: &Answer) -> Result<Envelope<'_>, Trouble> {
    let mut text = document::text(answer)?;
    let mut envelope = Envelope { layers: vec![text], says_success: false, said: None };
    while text.starts_with('{') {
        let layer: Layer<'_> = document::decode(text)?;
        if let Some(failure) = layer.failure() {
            return Err(failure);
        }
        envelope.says_success |= layer.success.truth() == Some(true);
        envelope.said = layer.said().or(envelope.said);
        let inner = layer.data.or(layer.entries).map(RawValue::get);
        match inner {
            Some(inner) if inner.starts_with(['{', '[']) && envelope.layers.len() < 3 => {
                text = inner;
                envelope.layers.push(inner);
            }
            _ => return Ok(envelope),
        }
    }
    if envelope.layers.len() == 1 {
        // A text or a number; an array in the root has no dialect either, but is valid JSON.
        document::decode::<serde::de::IgnoredAny>(text)?;
    }
    Ok(envelope)
}

/// What a layer holds beside its payload.
#[derive(Deserialize)]
struct Layer<'a> {
    #[serde(borrow, default)]
    success: Scalar<'a>,
    #[serde(borrow, default)]
    code: Scalar<'a>,
    #[serde(borrow, default)]
    text: Scalar<'a>,
    #[serde(borrow, default)]
    error: Scalar<'a>,
    #[serde(borrow, default)]
    message: Scalar<'a>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    entries: Option<&'a RawValue>,
}

impl Layer<'_> {
    fn said(&self) -> Option<String> {
        [&self.error, &self.text, &self.message]
            .into_iter()
            .find_map(|word| word.as_str().and_then(|_| word.text()))
    }

    /// The failure that this layer reports: `success: false`, or, where it does not say whether it
    /// succeeded, an `error` or a `code` with a text.
    fn failure(&self) -> Option<Trouble> {
        let code = self.code.code();
        let failed = match self.success.truth() {
            Some(success) => !success,
            None => {
                self.error.as_str().is_some_and(|error| !error.trim().is_empty())
                    || self.said().is_some() && code.is_some_and(|code| !matches!(code, 0 | 200))
            }
        };
        if !failed {
            return None;
        }
        let said = self.said();
        let class = class(code, said.as_deref().unwrap_or_default());
        let said = said.unwrap_or_else(|| "the server reports a failure and no reason".to_owned());
        let text = code.map_or_else(|| said.clone(), |code| format!("{said} (code {code})"));
        Some(Trouble { class, text, code, retry_after: None })
    }
}

/// What follows from a failure in a body. A code means different things at different endpoints, so
/// only those of the monitor are known by number; the rest goes by its words.
fn class(code: Option<i64>, said: &str) -> Class {
    let said = said.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    match code {
        Some(401) => return Class::Denied,
        Some(403) => return Class::NotEntitled,
        Some(429 | 500 | 502..=504) => return Class::Transient,
        Some(6006 | 6026 | 6041) => return Class::Rejected,
        _ => {}
    }
    if says(&["authentication", "auth_token", "auth token", "invalid token", "unauthorized"]) {
        Class::Denied
    } else if says(&["not found", "invalid", "missing", "required", "no such"]) {
        Class::Rejected
    } else {
        Class::Transient
    }
}

fn of_status(answer: &Answer, said: Option<&str>, code: Option<i64>) -> Trouble {
    let hint = match answer.status {
        StatusCode::UNAUTHORIZED => Some("the auth token is missing or wrong"),
        StatusCode::FORBIDDEN => Some("the token may not be used for this"),
        _ => None,
    };
    let mut trouble = Trouble::of_status(answer, said.or(hint))
        .unwrap_or_else(|| Trouble::new(Class::Garbled, "an answer without a meaning"));
    trouble.code = code;
    trouble
}

//! From bytes to JSON, with a clear word for everything that is not JSON.

use serde::Deserialize;

use super::{Class, Trouble, bounds, clean};
use crate::http::Answer;

/// The answer's text, without a byte order mark, and with no more in it than an answer may hold.
pub(super) fn text(answer: &Answer) -> Result<&str, Trouble> {
    let garbled = |text: String| Trouble::new(Class::Garbled, text);
    let text = std::str::from_utf8(&answer.body).map_err(|e| {
        garbled(format!("the answer is not valid UTF-8 at byte {}", e.valid_up_to()))
    })?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(garbled("an empty answer".to_owned()));
    }
    if is_html(answer) {
        return Err(garbled("an HTML page instead of JSON (is the URL right?)".to_owned()));
    }
    bounds::within(text)?;
    Ok(text)
}

/// Whether the body is a web page. The first byte decides before the content type does, since PHP
/// services send JSON as `text/html`.
pub(super) fn is_html(answer: &Answer) -> bool {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body).trim_ascii_start();
    match body.first() {
        Some(b'<') => true,
        Some(b'{' | b'[') => false,
        _ => answer.content_type.as_deref() == Some("text/html"),
    }
}

/// Decodes the JSON in `text`.
///
/// # Errors
/// When it is cut short, not JSON, or not what was expected; with the byte.
pub fn decode<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Trouble> {
    serde_json::from_str(text).map_err(|e| Trouble::new(Class::Garbled, describe(&e, text)))
}

/// Where and why `text` could not be decoded.
fn describe(error: &serde_json::Error, text: &str) -> String {
    let at = offset(error, text);
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(cause, _)| cause);
    match error.classify() {
        serde_json::error::Category::Eof => format!("truncated JSON at byte {at}"),
        serde_json::error::Category::Syntax => {
            format!("the answer is not JSON at byte {at}: {}", clean(message))
        }
        _ => format!("unexpected JSON at byte {at}: {}", clean(message)),
    }
}

/// The byte that line and column of `error` mean.
fn offset(error: &serde_json::Error, text: &str) -> usize {
    let before: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    before + error.column()
}

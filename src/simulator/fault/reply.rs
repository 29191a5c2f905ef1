//! How a fault shows in the HTTP response.

use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::{Fault, body};

/// What a session that ended looks like to a browser.
const LOGIN_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\
    <body><form method=\"post\"><input name=\"email\"></form></body></html>\n";

/// The login page itself.
pub fn login_page() -> Response {
    Html(LOGIN_PAGE).into_response()
}

/// `value` as JSON with `status`.
pub fn json(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

impl Fault {
    /// The response that stands in place of the answer, if this fault has one. Waits where the
    /// fault is about waiting.
    pub async fn instead(&self) -> Option<Response> {
        Some(match self {
            Self::Status { code, retry_after } => status(*code, *retry_after),
            Self::Html => login_page(),
            Self::RedirectToLogin => {
                (StatusCode::FOUND, [(header::LOCATION, "/login?callbackUrl=%2F")]).into_response()
            }
            Self::Empty => StatusCode::OK.into_response(),
            Self::Says { body } => {
                ([(header::CONTENT_TYPE, "application/json")], body.clone()).into_response()
            }
            Self::Oversize => {
                ([(header::CONTENT_TYPE, "application/json")], body::flood()).into_response()
            }
            Self::Hang => std::future::pending().await,
            Self::Delay { ms } => {
                tokio::time::sleep(Duration::from_millis(*ms)).await;
                return None;
            }
            Self::Forbidden => json(StatusCode::FORBIDDEN, &json!({"error": "Forbidden"})),
            Self::SuccessFalse { text } => {
                json(StatusCode::OK, &json!({"success": false, "error": text}))
            }
            Self::CodeText { code, text } => {
                json(StatusCode::OK, &json!({"success": false, "code": code, "text": text}))
            }
            _ => return None,
        })
    }

    /// The answer, spoilt where this fault spoils answers.
    pub fn answer(&self, value: Value) -> Response {
        let bytes = match self {
            Self::WrongTypes => wrong(value).to_string().into_bytes(),
            _ => value.to_string().into_bytes(),
        };
        let body = match self {
            Self::Truncated => Body::from(bytes[..bytes.len() / 2].to_vec()),
            Self::Disconnect => body::cut_off(bytes),
            Self::InvalidUtf8 => Body::from(not_utf8(bytes)),
            _ => Body::from(bytes),
        };
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}

/// An error with an HTTP status, and how many seconds to wait.
pub fn status(code: u16, retry_after: Option<u64>) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = status.canonical_reason().unwrap_or("error");
    let mut response = json(status, &json!({"error": text}));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// Every leaf becomes something of another type; the top stays an object.
fn wrong(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| match value {
                Value::Object(_) => (key, wrong(value)),
                Value::Array(_) => (key, json!(17)),
                Value::String(_) => (key, json!({"is": ["not", "text"]})),
                Value::Number(_) | Value::Bool(_) | Value::Null => (key, json!([[true]])),
            })
            .collect(),
        other => other,
    }
}

/// Puts a broken byte after each quotation mark that follows a colon: inside every text value.
fn not_utf8(bytes: Vec<u8>) -> Vec<u8> {
    let mut spoilt = Vec::with_capacity(bytes.len() + 64);
    for byte in bytes {
        let in_value = byte == b'"' && spoilt.last() == Some(&b':');
        spoilt.push(byte);
        if in_value {
            spoilt.extend([0xff, 0xc0]);
        }
    }
    spoilt
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_leaf_keeps_its_type() {
        let spoilt = wrong(json!({"agents": [1], "total": 3, "data": {"name": "x"}}));
        assert_eq!(spoilt["agents"], 17);
        assert!(spoilt["total"].is_array());
        assert!(spoilt["data"]["name"].is_object());
    }

    #[test]
    fn text_values_are_not_utf8() {
        let spoilt = not_utf8(json!({"name": "Jane"}).to_string().into_bytes());
        assert!(String::from_utf8(spoilt).is_err());
    }
}

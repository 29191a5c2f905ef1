//! What a request asks for, whichever way it says it: query, form body or JSON body.

use std::collections::BTreeMap;

use axum::body::to_bytes;
use axum::extract::{Query, Request};
use axum::http::Uri;
use serde_json::Value;

/// The longest body that is read.
const LONGEST: usize = 1 << 20;

/// Names and values; empty values are absent ones.
#[derive(Debug, Default)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads them from the query and the body of `request`; the body wins.
    pub async fn of(request: Request) -> Self {
        let mut found = pairs(request.uri());
        let body = to_bytes(request.into_body(), LONGEST).await.unwrap_or_default();
        match serde_json::from_slice::<BTreeMap<String, Value>>(&body) {
            Ok(fields) => found.extend(fields.into_iter().filter_map(|(k, v)| Some((k, text(v)?)))),
            Err(_) => found.extend(form(&body)),
        }
        found.retain(|_, value| !value.is_empty());
        Self(found)
    }

    /// Reads them from a query alone.
    #[must_use]
    pub fn of_query(uri: &Uri) -> Self {
        Self(pairs(uri))
    }

    /// The value of `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

fn pairs(uri: &Uri) -> BTreeMap<String, String> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

/// A form body has a query's syntax.
fn form(body: &[u8]) -> BTreeMap<String, String> {
    let body = String::from_utf8_lossy(body);
    format!("/?{}", body.trim()).parse().map(|uri: Uri| pairs(&uri)).unwrap_or_default()
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn token(uri: &str, body: &'static str) -> Option<String> {
        let request = Request::builder().uri(uri).body(Body::from(body)).unwrap();
        Parameters::of(request).await.get("auth_token").map(str::to_owned)
    }

    #[tokio::test]
    async fn the_token_is_found_wherever_it_is() {
        assert_eq!(token("/x?auth_token=a%20b", "").await.unwrap(), "a b");
        assert_eq!(token("/x", "auth_token=a%2Bb&user_id=1").await.unwrap(), "a+b");
        assert_eq!(token("/x", r#"{"auth_token": "abc", "user_id": 5}"#).await.unwrap(), "abc");
        assert_eq!(token("/x", "auth_token=").await, None);
    }
}

//! sip.io: the account, how its agents' KPIs are asked for, and what its answers mean.

use reqwest::header::HeaderValue;
use reqwest::{RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Collection, Scalar, Trouble, document, under};
use crate::http::{Answer, Client, Secret};

/// How to reach one sip.io account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Ends where the documents' `/v1` ends.
    pub url: Url,
    /// A key with the scope "agents"; the same scope may also change agents, so it is kept secret.
    pub api_key: Secret,
}

impl Account {
    /// The KPIs of all agents over the window from `since` until now, in milliseconds of the server's
    /// epoch. Seconds would ask for a window that begins in 1970.
    pub fn agents(&self, client: &Client, key: &SecretString, since_ms: i64) -> RequestBuilder {
        let get = client.get(under(&self.url, &["agents"]));
        let get = get.query(&[("since", since_ms.to_string())]);
        match HeaderValue::from_str(key.expose_secret()) {
            Ok(mut value) => {
                value.set_sensitive(true);
                get.header("x-api-key", value)
            }
            Err(_) => get, // what no header can hold is no key; the server will say so
        }
    }
}

/// The answer, its agents not yet decoded.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `agents`")]
pub struct Page<'a> {
    /// The agents; absent only in an answer that is none.
    #[serde(borrow)]
    pub agents: Option<Collection<'a>>,
}

/// What an error body may say.
#[derive(Deserialize)]
struct Complaint<'a> {
    #[serde(borrow, default)]
    message: Scalar<'a>,
    #[serde(borrow, default)]
    error: Scalar<'a>,
}

/// Opens an answer.
///
/// # Errors
/// When the status reports a failure or the body holds no agents.
pub fn open(answer: &Answer) -> Result<Page<'_>, Trouble> {
    let said = || {
        let complaint: Complaint<'_> = document::decode(document::text(answer).ok()?).ok()?;
        complaint.message.text().or_else(|| complaint.error.text())
    };
    let said = match answer.status {
        s if s.is_success() => None,
        StatusCode::UNAUTHORIZED => said().or_else(|| Some("the API key is not valid".into())),
        // Whatever it says, which permission is missing is what has to be known.
        StatusCode::FORBIDDEN => Some(match said() {
            Some(said) if said.contains("scope") => said,
            Some(said) => format!("{said} (does the API key have the scope \"agents\"?)"),
            None => "the API key lacks the scope \"agents\"".into(),
        }),
        _ => said(),
    };
    if let Some(trouble) = Trouble::of_status(answer, said.as_deref()) {
        return Err(trouble);
    }
    let page: Page<'_> = document::decode(document::text(answer)?)?;
    match page.agents {
        Some(_) => Ok(page),
        None => Err(Trouble::new(super::Class::Garbled, "the answer has no list of agents")),
    }
}

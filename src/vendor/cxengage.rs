//! CxEngage: the account, how a page of its log is asked for, and what its answers mean.

use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::{RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use uuid::Uuid;

use super::{Class, Collection, Scalar, Trouble, document, under};
use crate::http::{Answer, Client, Secret};

/// How to reach one CxEngage tenant.
#[derive(Debug, Clone)]
pub struct Account {
    /// Ends where the documents' `/v1` ends.
    pub url: Url,
    /// The tenant.
    pub tenant_id: Uuid,
    /// A user with the permission "WFM RTA".
    pub username: String,
    /// Their password; sent in a header only.
    pub password: Secret,
}

/// Which records are asked for. The vendor allows windows of at most ten minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// From, in the server's clock.
    pub start: DateTime<Utc>,
    /// To, in the server's clock; always sent, since without it the newest seconds come, in which
    /// records are still out of order.
    pub end: DateTime<Utc>,
    /// How many at most: without a limit an answer has no bound.
    pub limit: usize,
    /// How many to pass over, counted from 0.
    pub offset: usize,
}

impl Account {
    /// One page of the log.
    pub fn page(&self, client: &Client, password: &SecretString, slice: Slice) -> RequestBuilder {
        let tenant = self.tenant_id.to_string();
        let time = |t: DateTime<Utc>| t.to_rfc3339_opts(SecondsFormat::Secs, true);
        client
            .get(under(&self.url, &["tenants", &tenant, "wfm", "rta"]))
            .basic_auth(&self.username, Some(password.expose_secret()))
            .query(&[
                ("start", time(slice.start)),
                ("end", time(slice.end)),
                ("limit", slice.limit.to_string()),
                ("offset", slice.offset.to_string()),
            ])
    }
}

/// One page of the log, its records not yet decoded.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object with `results`")]
pub struct Page<'a> {
    /// How many records the whole window has, where the vendor says so.
    #[serde(borrow, default)]
    pub total: Scalar<'a>,
    /// The records of this page; absent only in an answer that is no page.
    #[serde(borrow)]
    pub results: Option<Collection<'a>>,
}

/// What an error body may say.
#[derive(Deserialize)]
struct Complaint<'a> {
    #[serde(borrow, default)]
    message: Scalar<'a>,
    #[serde(borrow, default)]
    error: Scalar<'a>,
}

/// Opens one page.
///
/// # Errors
/// When the status reports a failure or the body is not a page.
pub fn open(answer: &Answer) -> Result<Page<'_>, Trouble> {
    let said = || {
        let complaint: Complaint<'_> = document::decode(document::text(answer).ok()?).ok()?;
        complaint.message.text().or_else(|| complaint.error.text())
    };
    let said = match answer.status {
        s if s.is_success() => None,
        StatusCode::UNAUTHORIZED => {
            Some("wrong user name or password (a single sign-on user has none of its own)".into())
        }
        StatusCode::FORBIDDEN => Some("the user's role lacks the permission \"WFM RTA\"".into()),
        _ => said(),
    };
    if let Some(trouble) = Trouble::of_status(answer, said.as_deref()) {
        return Err(trouble);
    }
    let page: Page<'_> = document::decode(document::text(answer)?)?;
    match page.results {
        Some(_) => Ok(page),
        None => Err(Trouble::new(Class::Garbled, "the answer has no list of records")),
    }
}

//! The WFM: the account, its session cookie, and what its answers mean.

mod alert;
mod session;
mod update;

use reqwest::header::COOKIE;
use reqwest::{RequestBuilder, StatusCode, Url};
use serde::Deserialize;

use super::{Class, Scalar, Trouble, document, under};
use crate::http::{Answer, Client, Secret};

pub use alert::{AlertRow, Alerts, alert, alerts, instant, is_alert_id};
pub use session::{Session, SharedSession};
pub use update::{AlertFields, UpdateAnswer, read_update};

/// How to reach one WFM installation.
#[derive(Debug, Clone)]
pub struct Account {
    /// Requests go to `{url}/api/adherence/…`.
    pub url: Url,
    /// The whole session cookie, `name=value`.
    pub session_cookie: Secret,
    /// The session that the cookie began, as it is now. Clones of the account share it: a cookie that
    /// an answer to one request renews is the one that the next request needs.
    pub session: SharedSession,
}

impl Account {
    /// The states of all agents that the session may see.
    pub fn states(
        &self,
        client: &Client,
        session: &Session,
        team_id: Option<&str>,
    ) -> RequestBuilder {
        let get = self.get(client, session, &["states"]);
        match team_id {
            Some(team) => get.query(&[("teamId", team)]),
            None => get,
        }
    }

    /// The alerts with `status`, at most `limit`: without one the vendor sends 50.
    pub fn alerts(
        &self,
        client: &Client,
        session: &Session,
        status: &str,
        limit: usize,
    ) -> RequestBuilder {
        let limit = limit.to_string();
        let wanted = [("status", status), ("limit", limit.as_str())];
        self.get(client, session, &["alerts"]).query(&wanted)
    }

    /// One alert.
    pub fn alert(&self, client: &Client, session: &Session, id: &str) -> RequestBuilder {
        self.get(client, session, &["alerts", id])
    }

    /// Changes one alert: `action` is the document's `acknowledge` or `resolve`.
    pub fn update(
        &self,
        client: &Client,
        session: &Session,
        id: &str,
        action: &str,
        notes: Option<&str>,
    ) -> RequestBuilder {
        let url = under(&self.url, &["api", "adherence", "alerts", id]);
        let body = Change { action, notes };
        with_cookies(client.patch(url), session).json(&body)
    }

    fn get(&self, client: &Client, session: &Session, path: &[&str]) -> RequestBuilder {
        let path: Vec<_> = ["api", "adherence"].iter().chain(path).copied().collect();
        with_cookies(client.get(under(&self.url, &path)), session)
    }
}

fn with_cookies(request: RequestBuilder, session: &Session) -> RequestBuilder {
    match session.header() {
        Some(cookies) => request.header(COOKIE, cookies),
        None => request,
    }
}

/// What changes an alert.
#[derive(serde::Serialize)]
struct Change<'a> {
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a str>,
}

/// What an error body may say.
#[derive(Deserialize)]
struct Complaint<'a> {
    #[serde(borrow, default)]
    error: Scalar<'a>,
    #[serde(borrow, default)]
    message: Scalar<'a>,
}

/// The JSON of a successful answer.
///
/// # Errors
/// When the status reports a failure, the body is not JSON, or the session has expired, which looks
/// like any of: 401, a redirect to the login page, the login page itself with status 200.
pub fn open(answer: &Answer) -> Result<&str, Trouble> {
    if answer.status == StatusCode::UNAUTHORIZED {
        return Err(expired("HTTP 401 from the server"));
    }
    if answer.status.is_redirection() {
        return Err(expired(&format!(
            "HTTP {}, a redirect to a login page",
            answer.status.as_u16()
        )));
    }
    if answer.status.is_success() && document::is_html(answer) {
        return Err(expired("a login page instead of data"));
    }
    let said = match answer.status {
        StatusCode::FORBIDDEN => said(answer)
            .or_else(|| Some("adherence is not part of this subscription or role".to_owned())),
        s if s.is_success() => None,
        _ => said(answer),
    };
    match Trouble::of_status(answer, said.as_deref()) {
        Some(trouble) => Err(trouble),
        None => document::text(answer),
    }
}

/// The session is over; `how` it was seen.
fn expired(how: &str) -> Trouble {
    Trouble::new(
        Class::Denied,
        format!("session expired, renew the session cookie, then read now ({how})"),
    )
}

/// What the body of `answer` complains of, cleaned.
fn said(answer: &Answer) -> Option<String> {
    let complaint: Complaint<'_> = document::decode(document::text(answer).ok()?).ok()?;
    complaint.error.text().or_else(|| complaint.message.text())
}

#[cfg(test)]
mod tests;

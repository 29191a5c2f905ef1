//! The WFM: the account, its session cookie, and what its answers mean.

use reqwest::header::{COOKIE, HeaderValue};
use reqwest::{RequestBuilder, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{Class, Scalar, Trouble, document, under};
use crate::http::{Answer, Client, Cookie, Secret};

/// How to reach one WFM installation.
#[derive(Debug, Clone)]
pub struct Account {
    /// Requests go to `{url}/api/adherence/…`.
    pub url: Url,
    /// The whole session cookie, `name=value`.
    pub session_cookie: Secret,
}

impl Account {
    /// The states of all agents that the session may see.
    pub fn states(
        &self,
        client: &Client,
        session: &Session,
        team_id: Option<&str>,
    ) -> RequestBuilder {
        let get = client.get(under(&self.url, &["api", "adherence", "states"]));
        let get = match session.header() {
            Some(cookie) => get.header(COOKIE, cookie),
            None => get,
        };
        match team_id {
            Some(team) => get.query(&[("teamId", team)]),
            None => get,
        }
    }
}

/// A browser session: the cookies as they are now. The server renews them in its answers.
pub struct Session {
    cookies: Vec<(String, SecretString)>,
}

impl Session {
    /// The session that `cookie` (`name=value`, or several with `; ` between) holds.
    #[must_use]
    pub fn new(cookie: &SecretString) -> Self {
        let cookies = cookie
            .expose_secret()
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().into()))
            .collect();
        Self { cookies }
    }

    /// Whether there is no cookie in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.header().is_none()
    }

    /// The values of its cookies.
    #[must_use]
    pub fn values(&self) -> Vec<SecretString> {
        self.cookies.iter().map(|(_, value)| value.clone()).collect()
    }

    /// Takes over renewed values of its own cookies; others are none of its business, and an emptied
    /// one means that the session is over, which the next answer will say.
    pub fn renew(&mut self, set: &[Cookie]) {
        for (name, value) in &mut self.cookies {
            if let Some(new) = set.iter().rfind(|cookie| cookie.name == *name)
                && !new.value.expose_secret().is_empty()
            {
                *value = new.value.clone();
            }
        }
    }

    /// None when there is no cookie, or it holds what no header can.
    fn header(&self) -> Option<HeaderValue> {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(n, v)| format!("{n}={}", v.expose_secret())).collect();
        let mut value = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        value.set_sensitive(true);
        (!pairs.is_empty()).then_some(value)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
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
    let expired = |how: &str| {
        Trouble::new(
            Class::Denied,
            format!("session expired, renew the session cookie, then read now ({how})"),
        )
    };
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
    let complaint = || {
        let complaint: Complaint<'_> = document::decode(document::text(answer).ok()?).ok()?;
        complaint.error.text().or_else(|| complaint.message.text())
    };
    let said = match answer.status {
        StatusCode::FORBIDDEN => complaint()
            .or_else(|| Some("adherence is not part of this subscription or role".to_owned())),
        s if s.is_success() => None,
        _ => complaint(),
    };
    match Trouble::of_status(answer, said.as_deref()) {
        Some(trouble) => Err(trouble),
        None => document::text(answer),
    }
}

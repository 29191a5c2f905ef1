//! The WFM: the account.

use reqwest::Url;

use crate::http::Secret;

/// How to reach one WFM installation.
#[derive(Debug, Clone)]
pub struct Account {
    /// Requests go to `{url}/api/adherence/…`.
    pub url: Url,
    /// The whole session cookie, `name=value`.
    pub session_cookie: Secret,
}

//! CxEngage: the account.

use reqwest::Url;
use uuid::Uuid;

use crate::http::Secret;

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

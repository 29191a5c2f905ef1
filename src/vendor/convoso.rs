//! Convoso: the account and how a request to it is encoded.

use reqwest::Url;

use crate::http::Secret;

/// How to reach one Convoso account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Ends where the documents' `/v1` ends.
    pub url: Url,
    /// The API token.
    pub auth_token: Secret,
    /// How parameters travel.
    pub encoding: Encoding,
}

/// How a request's parameters travel. Always POST.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Everything in a form body: keeps the token out of URLs, which end up in logs.
    #[default]
    Form,
    /// The token in the query, the rest in a form body, as the vendor's document shows.
    Query,
    /// Everything in a JSON body.
    Json,
}

//! Convoso: the account, how a request to it is encoded, and what its answers mean.

mod envelope;
mod logout;

pub use envelope::{Envelope, open};
pub use logout::{LogoutAnswer, read_logout};

use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};

use super::under;
use crate::http::{Client, Secret};

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

impl Account {
    /// A search of the agent monitor.
    pub fn search(
        &self,
        client: &Client,
        token: &SecretString,
        filters: &[(&str, &str)],
    ) -> RequestBuilder {
        self.request(client, token, &["agent-monitor", "search"], filters)
    }

    /// The logout of one agent. It changes something: to be sent once.
    pub fn logout(&self, client: &Client, token: &SecretString, user_id: &str) -> RequestBuilder {
        self.request(client, token, &["agent-monitor", "logout"], &[("user_id", user_id)])
    }

    fn request(
        &self,
        client: &Client,
        token: &SecretString,
        path: &[&str],
        parameters: &[(&str, &str)],
    ) -> RequestBuilder {
        let post = client.post(under(&self.url, path));
        let token = ("auth_token", token.expose_secret());
        let all = || std::iter::once(token).chain(parameters.iter().copied());
        match self.encoding {
            Encoding::Form => post.form(&all().collect::<Vec<_>>()),
            Encoding::Query => post.query(&[token]).form(parameters),
            Encoding::Json => post.json(&all().collect::<std::collections::BTreeMap<&str, &str>>()),
        }
    }
}

#[cfg(test)]
mod tests;

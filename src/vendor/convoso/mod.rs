//! Convoso: the account, how a request to it is encoded, and what its answers mean.

mod envelope;
mod logout;
mod productivity;

pub use envelope::{Envelope, open};
pub use logout::{LogoutAnswer, read_logout};
pub use productivity::{LogPage, LogSlice, open_log, wants_a_later_end};

use reqwest::{RequestBuilder, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

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

/// A parameter's value. The document writes numbers as numbers where the body is JSON.
#[derive(Clone, Copy, Serialize)]
#[serde(untagged)]
enum Field<'a> {
    Text(&'a str),
    Number(u32),
}

impl Account {
    /// A search of the agent monitor.
    pub fn search(
        &self,
        client: &Client,
        token: &SecretString,
        filters: &[(&str, &str)],
    ) -> RequestBuilder {
        let filters: Vec<_> =
            filters.iter().map(|(name, text)| (*name, Field::Text(text))).collect();
        self.request(client, token, &["agent-monitor", "search"], &filters)
    }

    /// The logout of one agent. It changes something: to be sent once.
    pub fn logout(&self, client: &Client, token: &SecretString, user_id: &str) -> RequestBuilder {
        let user = [("user_id", Field::Text(user_id))];
        self.request(client, token, &["agent-monitor", "logout"], &user)
    }

    fn request(
        &self,
        client: &Client,
        token: &SecretString,
        path: &[&str],
        parameters: &[(&str, Field<'_>)],
    ) -> RequestBuilder {
        let post = client.post(under(&self.url, path));
        let token = ("auth_token", Field::Text(token.expose_secret()));
        let all = || std::iter::once(token).chain(parameters.iter().copied());
        match self.encoding {
            Encoding::Form => post.form(&all().collect::<Vec<_>>()),
            Encoding::Query => post.query(&[token]).form(parameters),
            Encoding::Json => {
                post.json(&all().collect::<std::collections::BTreeMap<&str, Field<'_>>>())
            }
        }
    }
}

#[cfg(test)]
mod tests;

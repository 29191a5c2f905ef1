//! Sends a logout: one POST, never again.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use super::Order;
use crate::http::Client;
use crate::model::{Answer, SourceName};
use crate::vendor::convoso::{Account, LogoutAnswer, read_logout};

/// How long the vendor may take to answer.
const LIMIT: Duration = Duration::from_secs(10);

/// A source that takes logouts.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// How to reach it.
    pub account: Account,
    /// Extra CA certificates, PEM.
    pub ca_file: Option<PathBuf>,
}

/// Sends orders to the sources that take them.
#[derive(Debug, Clone, Default)]
pub struct Sender {
    outlets: HashMap<SourceName, Outlet>,
}

impl Sender {
    /// A sender for these sources.
    #[must_use]
    pub fn new(outlets: impl IntoIterator<Item = (SourceName, Outlet)>) -> Self {
        Self { outlets: outlets.into_iter().collect() }
    }

    /// Whether `source` takes logouts at all.
    #[must_use]
    pub fn reaches(&self, source: &SourceName) -> bool {
        self.outlets.contains_key(source)
    }

    /// Sends `order`: exactly one request, or none where it says "not sent". Whatever is answered is
    /// to be verified by readings, except a refusal.
    pub(super) async fn send(&self, order: Order) -> Answer {
        let not_sent = |cause: String| Answer::Refused(format!("not sent: {cause}"));
        let target = order.target();
        let Some(Outlet { account, ca_file }) = self.outlets.get(&target.source) else {
            return not_sent(format!("`{}` takes no logout", target.source));
        };
        let token = match account.auth_token.read() {
            Ok(token) => token,
            Err(error) => return not_sent(error.to_string()),
        };
        // A client of its own for each order: nothing of an earlier one can be used again.
        let client = match Client::for_command(&account.url, ca_file.as_deref(), LIMIT) {
            Ok(client) => client.hiding([token.clone()]),
            Err(error) => return not_sent(error.to_string()),
        };
        let request = account.logout(&client, &token, target.agent.as_str());
        match client.exchange(request).await {
            Ok(answer) => match read_logout(&answer) {
                LogoutAnswer::Done => Answer::Accepted,
                LogoutAnswer::NotLoggedIn(text) => Answer::NotLoggedIn(text),
                LogoutAnswer::Refused(text) => Answer::Refused(text),
                LogoutAnswer::Unclear(text) => Answer::NoAnswer(text),
            },
            Err(error) if error.is_unsent() => not_sent(error.to_string()),
            Err(error) => Answer::NoAnswer(error.to_string()),
        }
    }
}

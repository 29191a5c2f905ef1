//! Sends an order to the source that takes it: one request, never again.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use super::{Order, alert, logout};
use crate::http::{Client, Error};
use crate::model::{Answer, Deed, SourceName};
use crate::vendor::{convoso, wfm};

/// How long the vendor may take to answer.
const LIMIT: Duration = Duration::from_secs(10);

/// A source that takes orders.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// How to reach it.
    pub account: Account,
    /// Extra CA certificates, PEM.
    pub ca_file: Option<PathBuf>,
}

/// How a source that takes orders is reached.
#[derive(Debug, Clone)]
pub enum Account {
    /// Takes logouts.
    Convoso(convoso::Account),
    /// Takes changes of alerts. Shares its session with whoever reads the same source.
    Wfm(wfm::Account),
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

    /// Whether `source` takes orders at all.
    #[must_use]
    pub fn reaches(&self, source: &SourceName) -> bool {
        self.outlets.contains_key(source)
    }

    /// Sends `order`: exactly one request, or none where it says "not sent". Whatever is answered is
    /// to be verified by readings, except a refusal.
    pub(super) async fn send(&self, order: Order) -> Answer {
        let attempt = order.attempt();
        let source = &attempt.target.source;
        let Some(outlet) = self.outlets.get(source) else {
            return not_sent(format!("`{source}` takes no order to {}", attempt.deed.word()));
        };
        match (&outlet.account, &attempt.deed) {
            (Account::Convoso(account), Deed::LogOut) => {
                logout::send(account, attempt, || client(&account.url, outlet)).await
            }
            (Account::Wfm(account), Deed::Acknowledge(id)) => {
                let change = alert::Change { id, action: "acknowledge", notes: &attempt.reason };
                alert::send(account, change, || client(&account.url, outlet)).await
            }
            (Account::Wfm(account), Deed::Resolve(id)) => {
                let change = alert::Change { id, action: "resolve", notes: &attempt.reason };
                alert::send(account, change, || client(&account.url, outlet)).await
            }
            (_, deed) => not_sent(format!("`{source}` takes no order to {}", deed.word())),
        }
    }
}

/// A client of its own for each order: nothing of an earlier one can be used again.
fn client(url: &reqwest::Url, outlet: &Outlet) -> Result<Client, Error> {
    Client::for_command(url, outlet.ca_file.as_deref(), LIMIT)
}

/// The answer where no request was made.
pub(super) fn not_sent(cause: impl std::fmt::Display) -> Answer {
    Answer::Refused(format!("not sent: {cause}"))
}

/// The answer where the request failed on its way.
pub(super) fn failed(error: &Error) -> Answer {
    if error.is_unsent() { not_sent(error) } else { Answer::NoAnswer(error.to_string()) }
}

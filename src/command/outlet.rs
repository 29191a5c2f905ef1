//! Where an order goes, and how a request on its way there ends when there is no answer.

use std::path::PathBuf;
use std::time::Duration;

use crate::http::{Client, Error};
use crate::model::Answer;
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

impl Outlet {
    /// A client of its own for each order: nothing of an earlier one can be used again.
    pub(super) fn client(&self) -> Result<Client, Error> {
        let url = match &self.account {
            Account::Convoso(account) => &account.url,
            Account::Wfm(account) => &account.url,
        };
        Client::for_command(url, self.ca_file.as_deref(), LIMIT)
    }
}

/// The answer where no request was made.
pub(super) fn not_sent(cause: impl std::fmt::Display) -> Answer {
    Answer::Refused(format!("not sent: {cause}"))
}

/// The answer where the request failed on its way.
pub(super) fn failed(error: &Error) -> Answer {
    if error.is_unsent() { not_sent(error) } else { Answer::NoAnswer(error.to_string()) }
}

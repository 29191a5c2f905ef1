//! Sends an order to the source that takes it: one request, never again.

use std::collections::HashMap;

use super::outlet::not_sent;
use super::{Account, Order, Outlet, alert, logout};
use crate::model::{Answer, Deed, SourceName};

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
                logout::send(account, attempt, || outlet.client()).await
            }
            (Account::Wfm(account), Deed::Acknowledge(id)) => {
                let change = alert::Change { id, action: "acknowledge", notes: &attempt.reason };
                alert::send(account, change, || outlet.client()).await
            }
            (Account::Wfm(account), Deed::Resolve(id)) => {
                let change = alert::Change { id, action: "resolve", notes: &attempt.reason };
                alert::send(account, change, || outlet.client()).await
            }
            (_, deed) => not_sent(format!("`{source}` takes no order to {}", deed.word())),
        }
    }
}

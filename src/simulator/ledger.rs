//! What was asked of the centre.

use std::collections::BTreeMap;

use super::fault::Target;

/// Counts of requests.
#[derive(Debug, Default)]
pub struct Ledger {
    /// How often each user's logout was asked for, however it ended.
    pub logouts: BTreeMap<String, u64>,
    /// How often each alert's change was asked for, per alert and action, however it ended.
    pub patches: BTreeMap<String, BTreeMap<String, u64>>,
    /// How often somebody pushed states, which is not implemented.
    pub imports: u64,
    /// Requests per API.
    pub requests: BTreeMap<Target, u64>,
}

impl Ledger {
    /// Counts a request and gives its number, from 1.
    pub fn count_request(&mut self, target: Target) -> u64 {
        let count = self.requests.entry(target).or_default();
        *count += 1;
        *count
    }

    /// Counts a change of an alert.
    pub fn count_patch(&mut self, alert: &str, action: &str) {
        let actions = self.patches.entry(alert.to_owned()).or_default();
        *actions.entry(action.to_owned()).or_default() += 1;
    }

    /// Counts a logout.
    pub fn count_logout(&mut self, user_id: &str) {
        *self.logouts.entry(user_id.to_owned()).or_default() += 1;
    }
}

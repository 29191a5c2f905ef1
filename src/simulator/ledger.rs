//! What was asked of the centre.

use std::collections::BTreeMap;

use super::fault::Target;

/// Counts of requests.
#[derive(Debug, Default)]
pub struct Ledger {
    /// How often each user's logout was asked for, however it ended.
    pub logouts: BTreeMap<String, u64>,
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

    /// Counts a logout.
    pub fn count_logout(&mut self, user_id: &str) {
        *self.logouts.entry(user_id.to_owned()).or_default() += 1;
    }
}

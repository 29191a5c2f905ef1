//! Which part of a day's log one query asks for, and how a part that is too long is divided.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use super::log::Log;
use crate::model::AgentId;

/// An agent's address, by which the vendor filters; its answers name none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub agent: AgentId,
    pub email: Arc<str>,
}

/// A part of a day's log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scope {
    /// Only this campaign.
    pub campaign: Option<Arc<str>>,
    /// Only these agents; everybody when empty.
    pub people: Vec<Address>,
}

/// How far one query reaches.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// Rows asked for at once.
    pub page: u32,
    /// The highest offset that may be asked for: one more page, and the rest is out of reach.
    pub ceiling: u32,
    /// Addresses in one query to begin with.
    pub people: usize,
}

/// What is known of the floor, where a day has to be divided.
pub(super) struct Known<'a> {
    pub log: &'a Log,
    pub addresses: &'a [Address],
    /// Campaigns that the monitor has shown.
    pub campaigns: Vec<Arc<str>>,
    /// Server minus ours.
    pub offset: TimeDelta,
}

/// The parts of a scope, and why they may be less than the whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub scopes: Vec<Scope>,
    pub lack: Option<&'static str>,
}

/// Those whom no part asks for.
const NO_CAMPAIGN: &str = "rows without a campaign may be missing";
const NO_ADDRESS: &str =
    "rows of agents whose e-mail address the roster does not have may be missing";

impl Known<'_> {
    /// Divides `scope` of `day`; none where it cannot be divided any further.
    pub(super) fn divide(&self, scope: &Scope, day: NaiveDate, reach: Reach) -> Option<Parts> {
        if !scope.people.is_empty() {
            return halves(scope).map(|scopes| Parts { scopes, lack: None });
        }
        if scope.campaign.is_none() {
            let mut campaigns: Vec<Arc<str>> = self.log.campaigns().cloned().collect();
            campaigns.extend(self.campaigns.iter().cloned());
            campaigns.sort();
            campaigns.dedup();
            if campaigns.len() > 1 {
                let of = |campaign| Scope { campaign: Some(campaign), people: Vec::new() };
                let lack = self.log.has_rows_without_campaign(day).then_some(NO_CAMPAIGN);
                return Some(Parts { scopes: campaigns.into_iter().map(of).collect(), lack });
            }
        }
        if self.addresses.is_empty() {
            return None;
        }
        let of = |people: &[Address]| Scope { people: people.to_vec(), ..scope.clone() };
        let scopes = self.addresses.chunks(reach.people.max(1)).map(of).collect();
        let campaign = scope.campaign.as_deref();
        let is_unlisted = |agent: &&AgentId| {
            !self.addresses.iter().any(|address| address.agent == **agent)
                && self.log.has_rows(agent, day, campaign)
        };
        let lack = self.log.agents().find(is_unlisted).map(|_| NO_ADDRESS);
        Some(Parts { scopes, lack })
    }

    /// Whether an empty answer to `scope` contradicts what is known of `day`: then one of the
    /// addresses hides the others.
    pub(super) fn expects_rows(&self, scope: &Scope, day: NaiveDate) -> bool {
        let campaign = scope.campaign.as_deref();
        scope.people.iter().any(|person| self.log.has_rows(&person.agent, day, campaign))
    }
}

/// The two halves of a scope's people.
pub(super) fn halves(scope: &Scope) -> Option<Vec<Scope>> {
    if scope.people.len() < 2 {
        return None;
    }
    let (left, right) = scope.people.split_at(scope.people.len() / 2);
    let of = |people: &[Address]| Scope { people: people.to_vec(), ..scope.clone() };
    Some(vec![of(left), of(right)])
}

/// The addresses that may be sent: a comma would make two of one.
pub(super) fn addresses(emails: &[(AgentId, String)]) -> Vec<Address> {
    let mut sorted: Vec<Address> = emails
        .iter()
        .map(|(agent, email)| Address { agent: agent.clone(), email: email.trim().into() })
        .filter(|address| {
            address.email.contains('@') && !address.email.contains([',', ' ', '\t', ';'])
        })
        .collect();
    sorted.sort_by(|a, b| a.email.cmp(&b.email));
    sorted.dedup_by(|a, b| a.email == b.email);
    sorted
}

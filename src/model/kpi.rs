//! The figures a telephony system keeps itself, unchanged.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How far what is known of a server's clock may move the beginning of one and the same window of its
/// counts: the first readings of a run come before anything is known of that clock. Windows are a day apart.
pub const WINDOW_JITTER: TimeDelta = TimeDelta::minutes(2);

/// How far what is said of one window may begin from where it is kept to begin. It is no more than
/// what is known of the server's clock to the second, or figures would not find the window again.
pub const SAME_BEGINNING: TimeDelta = TimeDelta::seconds(2);

/// What a telephony system says of an agent's day: how long in which state, and its own percentages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VendorKpi {
    /// Start of its window, in our clock.
    pub since: DateTime<Utc>,
    /// End of its window, in our clock.
    pub as_of: DateTime<Utc>,
    /// Time in each of its states. A state it does not name is one nobody was in; what is missing of
    /// the window is time before its log begins.
    pub spent: BTreeMap<Bucket, TimeDelta>,
    /// Time logged in, by its own count.
    pub logged_in: Option<TimeDelta>,
    /// Its occupancy, percent; 0 also where there is nothing to divide by.
    pub occupancy_pct: Option<f64>,
    /// Its utilization, percent.
    pub utilization_pct: Option<f64>,
    /// Its adherence.
    pub adherence: AdherencePct,
}

impl VendorKpi {
    /// How much of its window its states account for, in percent; none of no time.
    #[must_use]
    pub fn known_pct(&self) -> Option<f64> {
        let spent = self.spent.values();
        let known =
            spent.fold(0_i64, |sum, time| sum.saturating_add(time.num_milliseconds().max(0)));
        let window = (self.as_of - self.since).num_milliseconds();
        #[expect(clippy::cast_precision_loss, reason = "a window's milliseconds are below 2^52")]
        let (known, window) = (known.min(window) as f64, window as f64);
        (window > 0.0).then(|| 100.0 * known / window)
    }
}

/// What a telephony system last said of an agent's adherence in one of its windows.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorAdherence {
    /// Start of the window, in our clock.
    pub since: DateTime<Utc>,
    /// When it was first said, in our clock; it has said nothing else since.
    pub as_of: DateTime<Utc>,
    /// What it said.
    pub adherence: AdherencePct,
}

/// A state in which a telephony system sums up time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// On a call on the agent's own phone, outside the centre: logged in, but neither handling nor
    /// waiting.
    ExternalCall,
    /// On a contact.
    OnContact,
    /// Not logged in.
    Offline,
    /// Logged in, but the phone cannot be reached.
    Unreachable,
    /// A contact is being offered.
    Ringing,
    /// Deliberately not ready.
    Away,
    /// After-contact work.
    WrapUp,
    /// Ready and waiting.
    Available,
    /// Logged in and not yet ready.
    LoggedIn,
    /// A word of the vendor's that we do not know, verbatim: it counts as logged in.
    Other(String),
}

/// Share of scheduled time spent as scheduled, as a telephony system reports it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdherencePct {
    /// Percent.
    Percent(f64),
    /// The agent has no schedule (null, or not there at all).
    NoSchedule,
    /// The agent has a schedule and need not follow it.
    Bypass,
    /// Something else, verbatim.
    Unreadable(String),
}

//! What an agent is working on: the call, the load on each channel, what was passed on to others.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What an agent is working on, as far as its source says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// The call, where there is one.
    pub call: Option<Call>,
    /// How much is handled of what can be handled at once, 0 to 1.
    pub load: Option<f64>,
    /// How many contacts can be handled at once.
    pub capacity: Option<u64>,
    /// Contacts being handled, by channel.
    pub channels: Vec<ChannelLoad>,
    /// Contacts passed on, the newest last.
    pub transfers: Vec<Transfer>,
    /// The voice work mode (inbound, outbound, …), verbatim; not the direction of a call.
    pub direction: Option<String>,
}

/// The call an agent is on, by the vendor's ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The entry of the call log.
    pub id: Option<String>,
    /// The lead being worked.
    pub lead_id: Option<String>,
    /// The list the lead is on.
    pub list_id: Option<String>,
    /// Inbound, outbound, …, verbatim.
    pub kind: Option<String>,
    /// Phone, e-mail, chat, …, verbatim.
    pub channel: Option<String>,
}

/// How many contacts of one channel are being handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelLoad {
    /// The vendor's word for the channel, verbatim.
    pub channel: String,
    /// How many.
    pub handling: u64,
}

/// One contact passed on. Both instants are in our clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The contact.
    pub interaction: Option<String>,
    /// To whom, by the vendor's id.
    pub to_agent: Option<String>,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

//! What the config says of a source, in the types that reading it uses.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

use chrono::NaiveTime;

use crate::model::{Activity, AgentId, KnownQueue, Reason, Side, SourceKind, SourceName};
use crate::vendor::{convoso, cxengage, sipio, wfm};

/// One source.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name, unique.
    pub name: SourceName,
    /// How often the main reading is asked for.
    pub poll: Duration,
    /// Extra CA certificates, PEM.
    pub ca_file: Option<PathBuf>,
    /// The floor's own pause reasons, lower case, to ours.
    pub reason_map: HashMap<String, Reason>,
    /// Ids that are not agents (admins, test users).
    pub exclude: HashSet<AgentId>,
    /// What only this vendor needs.
    pub vendor: VendorSettings,
}

impl Settings {
    /// The same, with the queues among `known`, which an earlier run saw, to be counted too; with
    /// their campaigns, since one id may be a queue in each of two.
    #[must_use]
    pub fn counting(&self, known: &[KnownQueue]) -> Self {
        let mut settings = self.clone();
        if let VendorSettings::Convoso(convoso) = &mut settings.vendor {
            let seen = known.iter().filter(|queue| self.counts(queue)).map(|queue| &queue.key);
            convoso.seen =
                seen.map(|key| (key.campaign_id.clone(), key.queue_id.clone())).collect();
        }
        settings
    }

    /// Whether a queue that an earlier run saw is this source's, and its filter, which may be newer,
    /// lets it through.
    #[must_use]
    pub fn counts(&self, known: &KnownQueue) -> bool {
        let VendorSettings::Convoso(convoso) = &self.vendor else { return false };
        let campaign = &convoso.filter.campaign_id;
        known.key.source == self.name && (campaign.is_none() || *campaign == known.key.campaign_id)
    }
}

/// What only one vendor needs.
#[derive(Debug, Clone)]
pub enum VendorSettings {
    /// Convoso's agent monitor.
    Convoso(ConvosoSettings),
    /// CxEngage's real-time adherence feed.
    CxEngage(CxEngageSettings),
    /// sip.io's agent KPIs.
    SipIo(SipIoSettings),
    /// A WFM's adherence states and alerts.
    Wfm(WfmSettings),
}

/// What only Convoso needs.
#[derive(Debug, Clone)]
pub struct ConvosoSettings {
    /// How to reach it.
    pub account: convoso::Account,
    /// The time zone of the vendor's server: its day begins at midnight there.
    pub timezone: Tz,
    /// What narrows the agents listed.
    pub filter: Filter,
    /// Requests a minute that may be sent in all; the main reading goes first.
    pub max_requests_per_minute: u32,
    /// Queue ids to count even when nobody sits in them.
    pub queues: Vec<String>,
    /// Campaign and queue ids that an earlier run saw, to be counted likewise.
    pub seen: Vec<(Option<String>, String)>,
    /// How often the log of yesterday and today is asked for; none when it is not.
    pub history_poll: Option<Duration>,
    /// The roster's e-mail addresses, by the agents' ids here: a log that is too long to be asked
    /// for at once is asked for in parts, by address.
    pub emails: Vec<(AgentId, String)>,
    /// Vendor words that this floor uses, upper case, to ours.
    pub status_map: HashMap<String, Activity>,
}

/// What narrows the agents that Convoso lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this campaign.
    pub campaign_id: Option<String>,
    /// Only this queue.
    pub queue_id: Option<String>,
    /// Only this agent.
    pub user_id: Option<String>,
    /// Only agents with any of these skills; matched by us, since the vendor does not say whether
    /// it matches any or all.
    pub skills: Vec<String>,
}

impl Filter {
    /// Whether nothing is narrowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What only CxEngage needs.
#[derive(Debug, Clone)]
pub struct CxEngageSettings {
    /// How to reach it.
    pub account: cxengage::Account,
    /// Agents that the roster expects here: the way back into the log ends early once all are seen.
    pub expected: Vec<AgentId>,
}

/// What only sip.io needs.
#[derive(Debug, Clone)]
pub struct SipIoSettings {
    /// How to reach it.
    pub account: sipio::Account,
    /// The floor's time zone: its figures are asked for since the floor's day began.
    pub timezone: Tz,
    /// When the floor's day begins, in that zone.
    pub day_starts: NaiveTime,
}

/// What only the WFM needs.
#[derive(Debug, Clone)]
pub struct WfmSettings {
    /// How to reach it.
    pub account: wfm::Account,
    /// Only this team.
    pub team_id: Option<String>,
    /// The zone of its shift times.
    pub timezone: Tz,
    /// Whether its own state takes part in conflicts.
    pub conflicts: bool,
}

impl Settings {
    /// What kind of system it is.
    #[must_use]
    pub fn kind(&self) -> SourceKind {
        match self.vendor {
            VendorSettings::Convoso(_) => SourceKind::Convoso,
            VendorSettings::CxEngage(_) => SourceKind::CxEngage,
            VendorSettings::SipIo(_) => SourceKind::SipIo,
            VendorSettings::Wfm(_) => SourceKind::Wfm,
        }
    }

    /// What it is asked for beside the main reading, and how often.
    #[must_use]
    pub fn sides(&self) -> Vec<(Side, Duration)> {
        match &self.vendor {
            VendorSettings::Convoso(convoso) => {
                convoso.history_poll.map(|poll| (Side::History, poll)).into_iter().collect()
            }
            VendorSettings::Wfm(_) => vec![(Side::Alerts, self.poll)],
            VendorSettings::CxEngage(_) | VendorSettings::SipIo(_) => Vec::new(),
        }
    }
}

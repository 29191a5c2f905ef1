//! One attempt to change something outside (log an agent out, deal with an alert), from the question
//! to what the readings showed.
//!
//! ```text
//! Asked ─▶ Journalled ─▶ Sent ─▶ Confirmed | Failed | Unknown
//!    └────────────┴──────────────▶ Failed (nothing was sent)
//! ```

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{AgentKey, AlertId, AlertKey, AlertPatch, AlertStatus, KnownAlert};

/// The journal's number of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AttemptId(pub i64);

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Log the agent out.
    LogOut,
    /// Say of an alert that it has been seen.
    Acknowledge(AlertId),
    /// Say of an alert that it is over.
    Resolve(AlertId),
}

impl Deed {
    /// The words shown.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::LogOut => "log out",
            Self::Acknowledge(_) => "acknowledge",
            Self::Resolve(_) => "resolve",
        }
    }

    /// How an alert stands after it; none for a logout.
    #[must_use]
    pub fn outcome(&self) -> Option<AlertStatus> {
        match self {
            Self::LogOut => None,
            Self::Acknowledge(_) => Some(AlertStatus::Acknowledged),
            Self::Resolve(_) => Some(AlertStatus::Resolved),
        }
    }

    /// The alert it is about; none for a logout.
    #[must_use]
    pub fn alert(&self) -> Option<&AlertId> {
        match self {
            Self::LogOut => None,
            Self::Acknowledge(alert) | Self::Resolve(alert) => Some(alert),
        }
    }

    /// Calls the alert it is about `id`.
    pub fn rename_alert(&mut self, id: AlertId) {
        match self {
            Self::LogOut => {}
            Self::Acknowledge(alert) | Self::Resolve(alert) => *alert = id,
        }
    }
}

/// One attempt: what the journal keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What is to be done.
    pub deed: Deed,
    /// Whom it concerns, and at which source.
    pub target: AgentKey,
    /// The name on the screen when it was confirmed.
    pub name: String,
    /// Who confirmed it: the login name.
    pub operator: String,
    /// On which machine.
    pub host: String,
    /// Why (a logout's reason, an alert's notes); may be empty.
    pub reason: String,
    /// How it stood at the moment of confirmation, in words: every presence, or the alert.
    pub state_before: String,
    /// When it was confirmed.
    pub asked_at: DateTime<Utc>,
}

/// How far an attempt has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Confirmed by the supervisor; not yet on disk.
    Asked,
    /// The intent is on disk; nothing has been sent.
    Journalled,
    /// The request went out; the readings decide what became of it.
    Sent {
        /// When it went out.
        at: DateTime<Utc>,
        /// The vendor's answer, once there is one.
        answer: Option<Answer>,
    },
    /// It is over.
    Done(Verdict),
}

/// What the vendor answered. Only a refusal is believed at once; the rest is verified by readings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It says it did it.
    Accepted,
    /// It says it changed the alert, and how it stands now.
    Changed(Box<AlertPatch>),
    /// Code 6012: "not logged in" in the vendor's document, "required fields are missing" elsewhere.
    NotLoggedIn(String),
    /// It refused (code 6006, wrong credentials, another error); nothing was done.
    Refused(String),
    /// No answer in time, or the connection broke: it may or may not have been done.
    NoAnswer(String),
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The readings show the agent gone.
    Gone,
    /// 30 s later the readings still show the agent.
    StillHere,
    /// The agent was gone and is there again.
    CameBack,
    /// The vendor refused.
    Refused(String),
    /// No reading could say within 30 s.
    Unknown(String),
    /// Nothing was sent: the journal could not be written, or the state had changed.
    NotSent(String),
    /// A reading shows the alert as it was to become.
    Confirmed,
    /// A later reading still shows the alert as it was.
    Unchanged,
    /// A reading shows that somebody else dealt with the alert otherwise.
    Overtaken(String),
}

impl Verdict {
    /// The word kept in the journal and shown.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::StillHere => "still here",
            Self::CameBack => "came back",
            Self::Refused(_) => "refused",
            Self::Unknown(_) => "unknown",
            Self::NotSent(_) => "not sent",
            Self::Confirmed => "confirmed",
            Self::Unchanged => "unchanged",
            Self::Overtaken(_) => "overtaken",
        }
    }

    /// What is known beyond the word.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Gone | Self::StillHere | Self::CameBack | Self::Confirmed | Self::Unchanged => {
                None
            }
            Self::Refused(text)
            | Self::Unknown(text)
            | Self::NotSent(text)
            | Self::Overtaken(text) => Some(text),
        }
    }
}

/// One attempt as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// Its number.
    pub id: AttemptId,
    /// Who asked for what, and why.
    pub attempt: Attempt,
    /// When the request went out; none when it did not, or nobody lived to write it down.
    pub sent_at: Option<DateTime<Utc>>,
    /// What the vendor answered, in words.
    pub answer: Option<String>,
    /// What became of it: [`Verdict::word`]; none while it is open.
    pub verdict: Option<String>,
    /// What is known beyond the word.
    pub detail: Option<String>,
    /// When the verdict was reached.
    pub done_at: Option<DateTime<Utc>>,
}

impl AttemptRecord {
    /// The alert that it is about; none for a logout.
    #[must_use]
    pub fn alert_key(&self) -> Option<AlertKey> {
        let id = self.attempt.deed.alert()?.clone();
        Some(AlertKey { source: self.attempt.target.source.clone(), id })
    }
}

/// A program that has raised or cleared one of our own alerts so soon after another has dealt with it
/// did not know of the deed yet: the deed counts.
pub const OWN_DEED_OVERTAKES: TimeDelta = TimeDelta::seconds(10);

/// What was done to one of the program's own alerts, by whichever program has the journal open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDeed {
    /// Who did what, when and why. It has a verdict: the alert was changed.
    pub record: AttemptRecord,
    /// The alert as it was last kept, with or without the change; none where it has not been.
    pub alert: Option<KnownAlert>,
}

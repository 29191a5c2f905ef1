//! One attempt to log an agent out, from the question to what the readings showed.
//!
//! ```text
//! Asked ─▶ Journalled ─▶ Sent ─▶ Confirmed | Failed | Unknown
//!    └────────────┴──────────────▶ Failed (nothing was sent)
//! ```

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::AgentKey;

/// The journal's number of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AttemptId(pub i64);

/// One attempt to log an agent out: what the journal keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Whom, and at which source.
    pub target: AgentKey,
    /// The name on the screen when it was confirmed.
    pub name: String,
    /// Who confirmed it: the login name.
    pub operator: String,
    /// On which machine.
    pub host: String,
    /// Why; may be empty.
    pub reason: String,
    /// Every presence at the moment of confirmation, in words.
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
        }
    }

    /// What is known beyond the word.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::Gone | Self::StillHere | Self::CameBack => None,
            Self::Refused(text) | Self::Unknown(text) | Self::NotSent(text) => Some(text),
        }
    }
}

//! A WFM's adherence alerts.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{AgentId, AlertId, SourceName};

/// One alert, as its WFM tells it. Every instant is in our clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The WFM's id of it.
    pub id: AlertId,
    /// Whom it concerns: the WFM's id of them.
    pub agent: AgentId,
    /// The name the WFM shows; not an identity.
    pub name: Option<String>,
    /// What it is about.
    pub kind: AlertKind,
    /// The WFM's own sentence; shown, never taken apart.
    pub message: String,
    /// How far it has been dealt with.
    pub status: AlertStatus,
    /// When the WFM raised it.
    pub created_at: Option<DateTime<Utc>>,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When somebody resolved it.
    pub resolved_at: Option<DateTime<Utc>>,
    /// What whoever dealt with it wrote.
    pub notes: Option<String>,
}

impl Alert {
    /// Whether something of it came as no text, of which U+FFFD took the place.
    #[must_use]
    pub fn has_replaced(&self) -> bool {
        let texts = [self.kind.word(), &self.message, self.status.word()].into_iter();
        let mut texts = texts.chain(self.name.as_deref()).chain(self.notes.as_deref());
        texts.any(|text| text.contains(char::REPLACEMENT_CHARACTER))
    }
}

/// What an alert is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Logged in late.
    LateStart,
    /// Logged off early.
    EarlyLeave,
    /// A break over its limit.
    ExtendedBreak,
    /// A break that is not scheduled.
    UnscheduledBreak,
    /// Does something else than scheduled.
    WrongState,
    /// A word of the WFM's that we do not know, verbatim.
    Other(String),
}

impl AlertKind {
    /// The word shown and exported; an unknown one verbatim.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::LateStart => "late_start",
            Self::EarlyLeave => "early_leave",
            Self::ExtendedBreak => "extended_break",
            Self::UnscheduledBreak => "unscheduled_break",
            Self::WrongState => "wrong_state",
            Self::Other(word) => word,
        }
    }

    /// The kind that a WFM's word names.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let known = [
            Self::LateStart,
            Self::EarlyLeave,
            Self::ExtendedBreak,
            Self::UnscheduledBreak,
            Self::WrongState,
        ];
        let found = known.into_iter().find(|kind| kind.word().eq_ignore_ascii_case(word));
        found.unwrap_or_else(|| Self::Other(word.to_owned()))
    }
}

/// How far an alert has been dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertStatus {
    /// Nobody has dealt with it.
    Active,
    /// Somebody has seen it.
    Acknowledged,
    /// It is over.
    Resolved,
    /// A word of the WFM's that we do not know, verbatim.
    Other(String),
}

impl AlertStatus {
    /// The word shown, exported and asked for; an unknown one verbatim.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Other(word) => word,
        }
    }

    /// The status that a WFM's word names.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let known = [Self::Active, Self::Acknowledged, Self::Resolved];
        let found = known.into_iter().find(|status| status.word().eq_ignore_ascii_case(word));
        found.unwrap_or_else(|| Self::Other(word.to_owned()))
    }
}

/// What the answer to a change says of an alert: only some of it, the rest stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPatch {
    /// Its status after the change.
    pub status: Option<AlertStatus>,
    /// When it was acknowledged, in our clock.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When it was resolved, in our clock.
    pub resolved_at: Option<DateTime<Utc>>,
    /// The notes kept with it.
    pub notes: Option<String>,
}

impl Alert {
    /// Takes over what `patch` says.
    pub fn merge(&mut self, patch: AlertPatch) {
        self.status = patch.status.unwrap_or_else(|| self.status.clone());
        self.acknowledged_at = patch.acknowledged_at.or(self.acknowledged_at);
        self.resolved_at = patch.resolved_at.or(self.resolved_at);
        self.notes = patch.notes.or_else(|| self.notes.take());
    }
}

/// How far apart the beginning of one deviation may be read, by two readings or by two programs, each by its
/// own clock.
pub const SAME_DEVIATION: TimeDelta = TimeDelta::seconds(10);

/// One alert of one WFM.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AlertKey {
    /// The WFM.
    pub source: SourceName,
    /// Its id of the alert.
    pub id: AlertId,
}

/// An alert as it was last read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAlert {
    /// Whose it is.
    pub key: AlertKey,
    /// What it says.
    pub alert: Alert,
    /// The instant at which it stood so, in our clock.
    pub as_of: DateTime<Utc>,
    /// Whether the WFM still lists it with that status; where not, somebody has dealt with it and
    /// how is not known.
    pub listed: bool,
}

impl KnownAlert {
    /// Whether it still wants somebody, as far as is known.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.listed && self.alert.status == AlertStatus::Active
    }
}

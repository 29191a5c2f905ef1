//! One record of the log, in the server's clock.

use chrono::{DateTime, Utc};

use crate::model::AgentId;

/// One stretch of an agent's day as the vendor logs it; open while it has no end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    pub event: String,
    pub agent: AgentId,
    pub name: Option<String>,
    pub session: Option<String>,
    pub login: Option<DateTime<Utc>>,
    pub start: DateTime<Utc>,
    pub end: Option<DateTime<Utc>>,
    pub kind: Kind,
    pub presence: Option<Word>,
    pub state: Option<Word>,
    /// The vendor's own words, `eventType/state`.
    pub raw: String,
    /// Whether a contact is being handled, where the record says.
    pub busy: Option<bool>,
    /// The outer none: no word about it; the inner one: explicitly none.
    pub reason: Option<Option<String>>,
    /// In which order records came: what decides between two with the same start.
    pub arrival: u64,
}

/// What a record is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    SessionStart(String),
    Capacity(String),
    Ready(String),
    NotReady(String),
    /// Not documented; the vendor's own screens know it.
    Ended(String),
    Other(String),
    Missing,
}

impl Kind {
    pub(super) fn of(word: Option<String>) -> Self {
        let Some(word) = word else { return Self::Missing };
        let folded = fold(&word);
        let has = |part: &str| folded.contains(part);
        if has("sessionstart") {
            Self::SessionStart(word)
        } else if has("sessionend") || has("logout") || has("logoff") || has("offline") {
            Self::Ended(word)
        } else if has("capacity") {
            Self::Capacity(word)
        } else if has("notready") {
            Self::NotReady(word)
        } else if has("ready") {
            Self::Ready(word)
        } else {
            Self::Other(word)
        }
    }

    /// The vendor's own word.
    pub(super) fn raw(&self) -> Option<&str> {
        match self {
            Self::SessionStart(word)
            | Self::Capacity(word)
            | Self::Ready(word)
            | Self::NotReady(word)
            | Self::Ended(word)
            | Self::Other(word) => Some(word),
            Self::Missing => None,
        }
    }
}

/// A word of `presence` or `state`. In this system idle means ready and waiting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Ready,
    NotReady,
    Offline,
    Other(String),
}

impl Word {
    pub(super) fn of(word: Option<String>) -> Option<Self> {
        let word = word?;
        Some(match fold(&word).as_str() {
            "ready" | "idle" => Self::Ready,
            "notready" | "away" => Self::NotReady,
            "offline" | "loggedout" => Self::Offline,
            _ => Self::Other(word),
        })
    }
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Record {
    /// What orders the records of one agent.
    pub(super) fn place(&self) -> (DateTime<Utc>, u64) {
        (self.start, self.arrival)
    }

    /// Takes in another version of the same record: a closed one beats an open one, a later end an
    /// earlier one, and an attribute that one of them lacks comes from the other.
    pub(super) fn merge(&mut self, other: Self) {
        let arrival = self.arrival;
        let (better, worse) =
            if other.end >= self.end { (other, self.clone()) } else { (self.clone(), other) };
        *self = Self {
            name: better.name.or(worse.name),
            session: better.session.or(worse.session),
            login: better.login.or(worse.login),
            kind: if better.kind == Kind::Missing { worse.kind } else { better.kind },
            presence: better.presence.or(worse.presence),
            state: better.state.or(worse.state),
            raw: if better.raw.is_empty() { worse.raw } else { better.raw },
            busy: better.busy.or(worse.busy),
            reason: better.reason.or(worse.reason),
            arrival,
            ..better
        };
    }
}

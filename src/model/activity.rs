//! What an agent does, why, and how we know.

use serde::{Deserialize, Serialize};

/// What an agent is doing, in our one vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// Not logged in.
    Offline,
    /// Logged in, but the phone cannot be reached.
    Unreachable,
    /// Logged in and not yet ready for anything.
    LoggedIn,
    /// Ready and waiting for a contact.
    Available,
    /// Ready or on a contact: the word of a log that has none for calls, and so cannot tell the two apart.
    ReadyOrOnContact,
    /// A contact is being offered.
    Ringing,
    /// Talking, chatting or writing with a customer.
    OnContact,
    /// A call on the agent's own phone, outside the centre: shown as a contact, and logged in, but
    /// no work.
    OwnCall,
    /// After-contact work.
    WrapUp,
    /// Logged in and deliberately not ready.
    Away(Reason),
    /// We cannot say. Never the same as "nothing".
    Unknown,
}

/// [`Activity`] without the reason of an absence: what totals, thresholds and colours go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// See [`Activity::Offline`].
    Offline,
    /// See [`Activity::Unreachable`].
    Unreachable,
    /// See [`Activity::LoggedIn`].
    LoggedIn,
    /// See [`Activity::Available`].
    Available,
    /// See [`Activity::ReadyOrOnContact`].
    ReadyOrOnContact,
    /// See [`Activity::Ringing`].
    Ringing,
    /// See [`Activity::OnContact`].
    OnContact,
    /// See [`Activity::WrapUp`].
    WrapUp,
    /// See [`Activity::Away`].
    Away,
    /// See [`Activity::Unknown`].
    Unknown,
}

impl ActivityKind {
    /// Every kind, in the order in which totals are listed.
    pub const ALL: [Self; 10] = [
        Self::Offline,
        Self::Unreachable,
        Self::LoggedIn,
        Self::Available,
        Self::ReadyOrOnContact,
        Self::Ringing,
        Self::OnContact,
        Self::WrapUp,
        Self::Away,
        Self::Unknown,
    ];

    /// The word used in files, exports and errors.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::LoggedIn => "logged_in",
            Self::Available => "available",
            Self::ReadyOrOnContact => "ready_or_on_contact",
            Self::Ringing => "ringing",
            Self::OnContact => "on_contact",
            Self::WrapUp => "wrap_up",
            Self::Away => "away",
            Self::Unknown => "unknown",
        }
    }

    /// How busy it is, for choosing between sources that differ: higher wins.
    #[must_use]
    pub fn busyness(self) -> u8 {
        match self {
            Self::OnContact => 9,
            Self::Ringing => 8,
            Self::WrapUp => 7,
            Self::Available => 6,
            Self::ReadyOrOnContact => 5,
            Self::Away => 4,
            Self::LoggedIn => 3,
            Self::Unreachable => 2,
            Self::Offline => 1,
            Self::Unknown => 0,
        }
    }
}

impl Activity {
    /// The activity without its reason.
    #[must_use]
    pub fn kind(&self) -> ActivityKind {
        match self {
            Self::Offline => ActivityKind::Offline,
            Self::Unreachable => ActivityKind::Unreachable,
            Self::LoggedIn => ActivityKind::LoggedIn,
            Self::Available => ActivityKind::Available,
            Self::ReadyOrOnContact => ActivityKind::ReadyOrOnContact,
            Self::Ringing => ActivityKind::Ringing,
            Self::OnContact | Self::OwnCall => ActivityKind::OnContact,
            Self::WrapUp => ActivityKind::WrapUp,
            Self::Away(_) => ActivityKind::Away,
            Self::Unknown => ActivityKind::Unknown,
        }
    }

    /// The word used in files, exports and errors; an absence's reason is not part of it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.kind().word()
    }

    /// The reason of an absence.
    #[must_use]
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Away(reason) => Some(reason),
            _ => None,
        }
    }

    /// Whether a plain confirmation is enough to log an agent out of it: nothing is cut off.
    #[must_use]
    pub fn is_interruptible(&self) -> bool {
        matches!(self, Self::Available | Self::Away(_) | Self::LoggedIn)
    }

    /// Whether a customer is, may be, or is about to be, at the other end.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        use Activity::{OnContact, OwnCall, ReadyOrOnContact, Ringing, WrapUp};
        matches!(self, OnContact | OwnCall | ReadyOrOnContact | Ringing | WrapUp)
    }
}

/// Why an agent is away.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A short break.
    Break,
    /// A meal break.
    Lunch,
    /// A meeting or coaching.
    Meeting,
    /// Training.
    Training,
    /// A reason of this floor's own, in its own words.
    Other(String),
    /// The source does not say.
    Unspecified,
}

impl Reason {
    /// The word shown and exported; a floor's own reason verbatim.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Break => "break",
            Self::Lunch => "lunch",
            Self::Meeting => "meeting",
            Self::Training => "training",
            Self::Other(text) => text,
            Self::Unspecified => "unspecified",
        }
    }

    /// The reason that a word of our own files names (`break`, `lunch`, `meeting`, `training`, `unspecified`).
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "break" => Some(Self::Break),
            "lunch" => Some(Self::Lunch),
            "meeting" => Some(Self::Meeting),
            "training" => Some(Self::Training),
            "unspecified" => Some(Self::Unspecified),
            _ => None,
        }
    }
}

/// How we know a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The source said so.
    Observed,
    /// Computed from several fields of the source (a contact from capacity, say).
    Derived,
    /// Concluded from what the source did not say (logged out because no longer listed).
    Inferred,
    /// True once; nothing current confirms it.
    Stale,
}

impl Evidence {
    /// The word shown and exported.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Derived => "derived",
            Self::Inferred => "inferred",
            Self::Stale => "stale",
        }
    }

    /// How much a statement known this way counts beside one that says the same.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::Observed => 3,
            Self::Derived => 2,
            Self::Inferred => 1,
            Self::Stale => 0,
        }
    }
}

//! Names and ids. Ids of different sources never join by themselves: only the roster joins them.

use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// A source's name, as the config gives it. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct SourceName(Arc<str>);

/// A source's own id of an agent. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct AgentId(Arc<str>);

/// A person's id: the roster's, or `source:id` for whom the roster does not know.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct PersonId(Arc<str>);

/// A WFM's own id of an alert.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct AlertId(Arc<str>);

/// A vendor's own word for a state, verbatim. Cheap to clone: a day holds few different ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct RawWord(Arc<str>);

impl SourceName {
    /// Under which the program itself raises alerts; no source of a config may have it.
    pub const OWN: &'static str = "floorwatch";

    /// The program itself, where an alert names who raised it.
    #[must_use]
    pub fn own() -> Self {
        Self::from(Self::OWN)
    }

    /// Whether it is the program itself.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.as_str() == Self::OWN
    }
}

macro_rules! text_id {
    ($name:ident) => {
        impl $name {
            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}
text_id!(SourceName);
text_id!(AgentId);
text_id!(PersonId);
text_id!(AlertId);
text_id!(RawWord);

/// One agent of one source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AgentKey {
    /// The source that knows the agent.
    pub source: SourceName,
    /// The agent's id there.
    pub agent: AgentId,
}

impl AgentKey {
    /// The key of `agent` at `source`.
    #[must_use]
    pub fn new(source: SourceName, agent: AgentId) -> Self {
        Self { source, agent }
    }

    /// The person id of an agent whom the roster does not know.
    #[must_use]
    pub fn person_id(&self) -> PersonId {
        PersonId::from(self.to_string())
    }
}

impl std::fmt::Display for AgentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.source, self.agent)
    }
}

/// What kind of system a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Convoso's agent monitor: a snapshot of a dialer's agents.
    Convoso,
    /// CxEngage's real-time adherence feed: a log of agent state records.
    CxEngage,
    /// sip.io's agent KPIs: how long each agent spent in each state since the day began.
    SipIo,
    /// A workforce management system: schedule, adherence and alerts.
    Wfm,
}

impl SourceKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Convoso, Self::CxEngage, Self::SipIo, Self::Wfm];

    /// The words used in the config and in exports.
    pub const WORDS: [&str; 4] = ["convoso", "cxengage", "sipio", "wfm"];

    /// The word used in the config and in exports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Convoso => "convoso",
            Self::CxEngage => "cxengage",
            Self::SipIo => "sipio",
            Self::Wfm => "wfm",
        }
    }

    /// The kind that a word of the config names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether it handles the contacts itself; a WFM only hears of them.
    #[must_use]
    pub fn is_telephony(self) -> bool {
        !matches!(self, Self::Wfm)
    }

    /// Whether what it sends is a log of the past itself, so that what its readings show need not be
    /// written down beside it.
    #[must_use]
    pub fn is_log(self) -> bool {
        matches!(self, Self::CxEngage)
    }

    /// How far its data may lag behind the floor by its own documentation: CxEngage withholds the
    /// newest 15 s, and asking every 15 s with a margin of 5 s adds up to 20 more. sip.io says how
    /// long states lasted, not which one there is: that takes two answers, 15 s apart.
    #[must_use]
    pub fn documented_lag(self) -> TimeDelta {
        match self {
            Self::CxEngage => TimeDelta::seconds(35),
            Self::SipIo => TimeDelta::seconds(30),
            Self::Convoso | Self::Wfm => TimeDelta::zero(),
        }
    }
}

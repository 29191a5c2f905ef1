//! What a source's own log says of an agent's past.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AgentId, Spell};

/// What a log says of one agent between two instants: the spells that *begin* there, all of them. It
/// replaces whatever the log was known to say of them before, so that it may come in any order and
/// any number of times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentHistory {
    /// Whose.
    pub agent: AgentId,
    /// The name the source shows; not an identity.
    pub name: Option<String>,
    /// From when, in our clock.
    pub from: DateTime<Utc>,
    /// Until when, exclusive, in our clock.
    pub until: DateTime<Utc>,
    /// What began in between, oldest first.
    pub spells: Vec<Spell>,
    /// From where the agent last worked. Personal: it is not recorded with the reading.
    #[serde(skip)]
    pub connection: Option<Connection>,
}

impl AgentHistory {
    /// Whether something of it came as no text, of which U+FFFD took the place.
    #[must_use]
    pub fn has_replaced(&self) -> bool {
        let raw = self.spells.iter().map(|spell| spell.raw.as_str());
        let mut texts = self.name.as_deref().into_iter().chain(raw);
        texts.any(|text| text.contains(char::REPLACEMENT_CHARACTER))
    }
}

/// From where an agent works: who looks after the floor's security may see it, nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// When it was seen, in our clock.
    pub seen_at: DateTime<Utc>,
    /// The browser.
    pub browser: Option<Private>,
    /// The network address.
    pub ip_address: Option<Private>,
}

/// A text that appears nowhere by accident: neither in logs nor in recordings.
#[derive(Clone, PartialEq, Eq)]
pub struct Private(String);

impl Private {
    /// Keeps `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text, for the one screen that may show it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[private]")
    }
}

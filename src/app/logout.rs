//! Logging an agent out: what is asked, when it may go out, and what became of it.

use chrono::{DateTime, Utc};
use tui_input::Input;

use crate::model::{AgentKey, Attempt, AttemptId, Floor, Person, PersonId, Stage};

/// How much confirmation a logout needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// Every presence is fresh and interruptible: one key is enough.
    Plain,
    /// Something is busy, stale or unknown: the typed word is needed, and these are the reasons.
    Typed(Vec<String>),
}

/// Which field of the prompt is being typed into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptField {
    /// None: a single key answers.
    Answer,
    /// The word that confirms.
    Word,
    /// Why.
    Reason,
}

/// The question whether to log somebody out. Its target is fixed when it opens.
#[derive(Debug, Clone)]
pub struct LogoutPrompt {
    /// Whom.
    pub person: PersonId,
    /// Their name on the screen.
    pub name: String,
    /// The agent that would be logged out, and where.
    pub target: AgentKey,
    /// How much confirmation it needs.
    pub confirmation: Confirmation,
    /// Every presence in words, as it was when the question was put.
    pub state: Vec<String>,
    /// What happens then, in a sentence.
    pub consequence: String,
    /// Set when the state changed between the question and the answer, so that it is put again.
    pub changed: bool,
    /// The field being typed into.
    pub field: PromptField,
    /// The word typed so far.
    pub word: Input,
    /// The reason typed so far.
    pub reason: Input,
}

/// This program's own number of an attempt, until the journal gives it one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// An attempt on its way.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// Our number of it.
    pub ticket: Ticket,
    /// The journal's number of it.
    pub id: Option<AttemptId>,
    /// What was confirmed.
    pub attempt: Attempt,
    /// How far it has come.
    pub stage: Stage,
    /// When it reached that stage.
    pub at: DateTime<Utc>,
}

/// How much confirmation logging `person` out needs at `now`.
#[must_use]
pub fn assess(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Confirmation {
    let _ = (floor, person, now); // (stub)
    Confirmation::Plain
}

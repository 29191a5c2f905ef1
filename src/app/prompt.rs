//! What lies over the page.

use tui_input::Input;

use super::deal::DealPrompt;
use super::deal::Dealing;
use super::filter::FilterPicker;
use super::logout::LogoutPrompt;
use crate::model::{Activity, AgentKey, AlertKey, AttemptRecord, PersonId, QueueKey};

/// What can be explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Why somebody's row looks as it does, and every figure of their day.
    Person(PersonId),
    /// What a queue's figures are made of.
    Queue(QueueKey),
    /// Why an alert was raised.
    Alert(AlertKey),
    /// Why these alerts are one line, in the list's order, and why they were raised.
    Fold(Vec<AlertKey>),
    /// What the figures of the floor are made of, or those of one team, by its name.
    Floor(Option<String>),
}

/// A question whose answer changes something outside: what somebody has to have read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Whether to log somebody out.
    Logout {
        /// Whom, and where.
        target: AgentKey,
        /// Whether the typed word is needed.
        typed: bool,
        /// What each of their presences is at, where one key answers.
        activities: Vec<Activity>,
        /// Why it still stands after an answer.
        objection: Option<&'static str>,
    },
    /// Whether to deal with alerts.
    Deal {
        /// What to do.
        deed: Dealing,
        /// Which.
        keys: Vec<AlertKey>,
        /// Why it still stands after an answer.
        objection: Option<&'static str>,
    },
}

/// What lies over the page. One at a time; the floor goes on being read beneath it.
#[derive(Debug, Clone)]
pub enum Prompt {
    /// The keys.
    Help {
        /// Rows scrolled down.
        scroll: usize,
        /// What it was opened over, which shows again when it is closed.
        over: Option<Box<Self>>,
    },
    /// One person, in full.
    Details {
        /// Whom.
        person: PersonId,
        /// Rows scrolled down.
        scroll: usize,
        /// Whether the browser and the network address are shown.
        connection: bool,
        /// What was done to this person before, the newest first; none while the journal has not
        /// said, or there is no journal.
        actions: Option<Vec<AttemptRecord>>,
    },
    /// One alert, in full.
    Alert {
        /// Which.
        key: AlertKey,
        /// Rows scrolled down.
        scroll: usize,
    },
    /// Why something is shown as it is.
    Explain {
        /// What.
        subject: Subject,
        /// Rows scrolled down.
        scroll: usize,
        /// What it was opened over, which shows again when it is closed.
        over: Option<Box<Self>>,
    },
    /// Typing a name.
    Search {
        /// What has been typed; the list narrows with every letter.
        input: Input,
        /// What was searched for before, to return to.
        before: String,
    },
    /// Choosing what is listed.
    Filter(FilterPicker),
    /// Whether to log somebody out. Boxed: much larger than the others.
    Logout(Box<LogoutPrompt>),
    /// Whether to acknowledge or resolve alerts.
    Deal(Box<DealPrompt>),
}

//! What lies over the page.

use tui_input::Input;

use super::filter::FilterOption;
use super::logout::LogoutPrompt;
use crate::model::PersonId;

/// What lies over the page. One at a time; the floor goes on being read beneath it.
#[derive(Debug, Clone)]
pub enum Prompt {
    /// The keys.
    Help {
        /// Rows scrolled down.
        scroll: usize,
    },
    /// One person, in full.
    Details {
        /// Whom.
        person: PersonId,
        /// Rows scrolled down.
        scroll: usize,
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
}

/// A list of everything the agents can be narrowed to.
#[derive(Debug, Clone)]
pub struct FilterPicker {
    /// What has been typed; narrows the options.
    pub input: Input,
    /// Every option, with how many people it leaves.
    pub options: Vec<FilterOption>,
    /// Indexes into `options` that match what has been typed, best first.
    pub matching: Vec<usize>,
    /// The selected one, an index into `matching`.
    pub selected: usize,
}

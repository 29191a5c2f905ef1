//! What lies over the page.

use tui_input::Input;

use super::filter::FilterPicker;
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

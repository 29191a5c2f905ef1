//! The log's words: for a state and for a reason, as the document has them and as the service does.

use crate::simulator::world::log::Mark;
use crate::simulator::world::state::Reason;

/// The document's word for the state.
pub fn state(mark: Mark) -> &'static str {
    match mark {
        Mark::Login => "LOGIN",
        Mark::Ready => "Ready",
        Mark::Away(_) | Mark::WrapUp => "NotReady",
        Mark::LogOut => "LogOut",
        Mark::Blank => "",
    }
}

/// The document's word for the reason; a floor's own ones are in no list.
pub fn code(mark: Mark) -> &'static str {
    match mark {
        Mark::Login => "AVAILABLE",
        Mark::Ready => "READY_CALLS",
        Mark::WrapUp => "WRAP",
        Mark::LogOut => "LOGGED_OUT",
        Mark::Away(Reason::Break) => "BREAK",
        Mark::Away(Reason::Lunch) => "LUNCH",
        Mark::Away(Reason::Meeting) => "MEETING",
        Mark::Away(Reason::Training) => "TRAINING",
        Mark::Away(Reason::Personal) => "PERSONAL",
        Mark::Away(Reason::Unspecified) | Mark::Blank => "",
    }
}

/// The service's number for the reason, which is the account's own, and its name.
pub fn numbered(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Login => ("1", "Login"),
        Mark::Ready => ("1", "Available"),
        Mark::WrapUp => ("1220", "Wrap"),
        Mark::LogOut | Mark::Blank => ("0", ""),
        Mark::Away(Reason::Break) => ("1216", "Break"),
        Mark::Away(Reason::Lunch) => ("1217", "Lunch"),
        Mark::Away(Reason::Meeting) => ("1218", "Meeting"),
        Mark::Away(Reason::Training) => ("1219", "Training"),
        Mark::Away(Reason::Personal) => ("1231", "Personal"),
        Mark::Away(Reason::Unspecified) => ("0", ""),
    }
}

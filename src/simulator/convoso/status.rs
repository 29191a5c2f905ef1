//! Convoso's words for a state.

use crate::simulator::dialect::Dialect;
use crate::simulator::world::chance;
use crate::simulator::world::state::{Reason, State};
use crate::simulator::world::timeline::Segment;

/// A word that floors use for calls dialled by hand; a client learns it from its config.
pub const MANUAL: &str = "MANUAL";
/// A word that no client can know.
pub const UNKNOWN: &str = "COACHING";

/// The status of the person at `index`.
#[must_use]
pub fn word(dialect: Dialect, index: usize, segment: Segment) -> &'static str {
    match dialect {
        Dialect::Documented | Dialect::Service => documented(segment),
        Dialect::Mixed => mixed(index, segment),
    }
}

/// The human-readable form of `word`.
#[must_use]
pub fn label(word: &str) -> &'static str {
    match word {
        "READY" => "Ready for calls",
        "INCALL" => "In call",
        "TRANSFER" => "Transferring call",
        "PAUSED" => "Paused",
        "WRAP" => "Wrap-up",
        "RINGING" => "Ringing",
        "LOGGED_OUT" => "Logged out",
        _ => "",
    }
}

fn documented(segment: Segment) -> &'static str {
    match segment.state {
        State::Offline | State::ForcedOut => "LOGGED_OUT",
        State::Available => "READY",
        State::Ringing => "RINGING",
        State::OnContact if segment.call % 23 == 22 => "TRANSFER",
        State::OnContact => "INCALL",
        State::WrapUp => "WRAP",
        State::LoggedIn | State::Away(_) => "PAUSED",
    }
}

/// Odd case, stray blanks and the words that other dialers of this family use.
fn mixed(index: usize, segment: Segment) -> &'static str {
    let choices: &[&str] = match segment.state {
        State::Offline | State::ForcedOut => &["LOGGED_OUT", "Logged_Out"],
        State::Available => &["READY", "Ready", "WAITING", " ready "],
        State::Ringing => &["RINGING", "QUEUE", "Ringing"],
        State::OnContact => &["INCALL", "InCall", "TRANSFER", "incall", MANUAL],
        State::WrapUp => &["WRAP", "DISPO", "DEAD", "wrap"],
        State::Away(Reason::Break) => &["PAUSED", "BREAK"],
        State::Away(Reason::Lunch) => &["paused", "Lunch"],
        State::Away(Reason::Training | Reason::Meeting) => &[UNKNOWN],
        State::LoggedIn | State::Away(_) => &["PAUSED", "Paused"],
    };
    let salt = segment.start.timestamp_millis().unsigned_abs();
    let pick = chance::mix(index as u64, salt) % choices.len() as u64;
    choices[usize::try_from(pick).unwrap_or(0)]
}

//! What CxEngage would say of a person if it had no delay.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::simulator::world::person::Person;
use crate::simulator::world::session::Kind;
use crate::simulator::world::state::State;

/// What CxEngage would say of a person if it had no delay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CxTruth {
    /// Whether they are logged in there.
    pub logged_in: bool,
    /// offline, logged_in, available, on_contact or away.
    pub activity: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether the last record stays open although the person left.
    pub left_open: bool,
}

impl CxTruth {
    /// What it would say of `person`, if they sit there.
    pub(super) fn of(person: &Person, now: DateTime<Utc>) -> Option<Self> {
        let sessions = &person.cx.as_ref()?.sessions;
        let offline = |since, left_open| Self {
            logged_in: false,
            activity: State::Offline.word().to_owned(),
            since,
            left_open,
        };
        let Some(record) = sessions.at(now) else {
            return Some(offline(person.day.at(now).start, false));
        };
        if let Some(left) = record.left.filter(|left| *left <= now) {
            return Some(offline(left, record.end.is_none()));
        }
        let since = match record.kind {
            Kind::LeavingContact(_) => sessions.before(now).map_or(record.start, |r| r.start),
            _ => record.start,
        };
        let activity = activity(record.kind).to_owned();
        Some(Self { logged_in: true, activity, since, left_open: false })
    }
}

/// The word for a record.
pub(super) fn activity(kind: Kind) -> &'static str {
    match kind {
        Kind::SessionStart => "logged_in",
        Kind::Ready => "available",
        Kind::Contact | Kind::LeavingContact(_) => "on_contact",
        Kind::NotReady(_) => "away",
    }
}

//! What a schedule wants of an agent.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::Reason;

/// What an agent is scheduled to do now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheduled {
    /// To be at work: available, on a contact or wrapping up.
    Available,
    /// To be away, and why.
    Away(Reason),
    /// Not to be there.
    Off,
    /// A word of the WFM's that we do not know, verbatim.
    Unknown(String),
}

impl Scheduled {
    /// The word shown and exported; the reason of an absence is not part of it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Away(_) => "away",
            Self::Off => "off",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// What a WFM says of one agent's schedule and adherence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleState {
    /// What is scheduled now; none without a schedule.
    pub scheduled: Option<Scheduled>,
    /// Whether the WFM finds the agent adherent; none while it cannot say.
    pub adherent: Option<bool>,
    /// Today's shift, in the WFM's wall time; only shown, never computed with.
    pub shift: Option<Shift>,
}

/// A shift in wall time. An end at or before the start is on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Its start.
    pub start: NaiveTime,
    /// Its end.
    pub end: NaiveTime,
}

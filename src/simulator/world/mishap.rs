//! What goes wrong on a floor and a supervisor should see.

use chrono::{DateTime, TimeDelta, Utc};

use super::duty::Duty;
use super::habits::Detour;
use super::state::{Reason, State};

/// Something wrong with one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// On a break of a quarter of an hour since three quarters.
    LongBreak,
    /// In wrap-up since nearly half an hour.
    ForgottenWrap,
    /// Takes calls while lunch is scheduled.
    OutOfAdherence,
    /// Left; CxEngage still has the last record open.
    CxLeftOpen,
    /// Left; CxEngage closed the last record, and nothing followed.
    CxClosed,
    /// Works, but CxEngage records nothing any more.
    CxSilent,
}

const ALL: [Mishap; 6] = [
    Mishap::LongBreak,
    Mishap::ForgottenWrap,
    Mishap::OutOfAdherence,
    Mishap::CxLeftOpen,
    Mishap::CxClosed,
    Mishap::CxSilent,
];

/// Floors smaller than this have no mishaps: they would be nothing else.
const SMALLEST_FLOOR: usize = 10;

impl Mishap {
    /// How long before the world's start the silent one's records stop.
    pub const SILENT_SINCE: TimeDelta = TimeDelta::seconds(1_830);

    /// Each mishap happens to one person in 25.
    #[must_use]
    pub fn of(slot: usize, people: usize) -> Option<Self> {
        (people >= SMALLEST_FLOOR).then(|| ALL.get(slot % 25).copied()).flatten()
    }

    /// The word the truth uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LongBreak => "long_break",
            Self::ForgottenWrap => "forgotten_wrap",
            Self::OutOfAdherence => "out_of_adherence",
            Self::CxLeftOpen => "cx_left_open",
            Self::CxClosed => "cx_closed",
            Self::CxSilent => "cx_silent",
        }
    }

    /// Whether it needs somebody who sits in CxEngage.
    #[must_use]
    pub fn needs_cx(self) -> bool {
        matches!(self, Self::CxLeftOpen | Self::CxClosed | Self::CxSilent)
    }

    /// What happens, around the world's `start`.
    #[must_use]
    pub fn detours(self, start: DateTime<Utc>) -> Vec<Detour> {
        let detour = |from: i64, to: i64, state| Detour {
            from: start + TimeDelta::seconds(from),
            to: start + TimeDelta::seconds(to),
            state,
        };
        match self {
            Self::LongBreak => vec![detour(-2_820, 2_400, State::Away(Reason::Break))],
            Self::ForgottenWrap => vec![detour(-1_570, 1_800, State::WrapUp)],
            Self::OutOfAdherence => Vec::new(),
            Self::CxLeftOpen | Self::CxClosed => {
                let left = if self == Self::CxLeftOpen { -1_203 } else { -847 };
                vec![
                    detour(left - 25, left, State::Away(Reason::Unspecified)),
                    detour(left, 6 * 3_600, State::Offline),
                ]
            }
            Self::CxSilent => vec![detour(-1_860, -1_800, State::Away(Reason::Unspecified))],
        }
    }

    /// Changes the schedule so that the mishap is one.
    pub fn reschedule(self, duty: &mut Duty, start: DateTime<Utc>) {
        let minutes = TimeDelta::minutes;
        match self {
            Self::LongBreak => duty.insert(start - minutes(47), minutes(15), Reason::Break),
            Self::OutOfAdherence => duty.insert(start - minutes(10), minutes(45), Reason::Lunch),
            _ => {}
        }
    }
}

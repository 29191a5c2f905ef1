//! What a schedule wants of somebody, as far as figures go by it.

use crate::model::Scheduled;

/// What a schedule wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    /// To work.
    Work,
    /// To be away.
    Away,
    /// Nothing.
    Off,
    /// A word that we do not know.
    Unknown,
}

impl From<&Scheduled> for Duty {
    fn from(scheduled: &Scheduled) -> Self {
        match scheduled {
            Scheduled::Available => Self::Work,
            Scheduled::Away(_) => Self::Away,
            Scheduled::Off => Self::Off,
            Scheduled::Unknown(_) => Self::Unknown,
        }
    }
}

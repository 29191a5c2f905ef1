//! What a person does, in the simulator's own words.

/// What a person is doing. Every API is a translation of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not at work.
    Offline,
    /// Logged out of the dialer by a supervisor; other systems keep their own session.
    ForcedOut,
    /// Signed in, not yet ready: nobody who sits in the dialer has it.
    LoggedIn,
    /// Ready and waiting.
    Available,
    /// A call is being delivered.
    Ringing,
    /// Talking.
    OnContact,
    /// Writing up the call.
    WrapUp,
    /// Not ready, for a reason.
    Away(Reason),
}

/// Why somebody is away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A short scheduled break.
    Break,
    /// The meal.
    Lunch,
    /// A team meeting.
    Meeting,
    /// A course.
    Training,
    /// A tenant's own reason, in no vendor's list.
    Personal,
    /// No reason was given.
    Unspecified,
}

impl State {
    /// The word the truth uses.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Offline | Self::ForcedOut => "offline",
            Self::LoggedIn => "logged_in",
            Self::Available => "available",
            Self::Ringing => "ringing",
            Self::OnContact => "on_contact",
            Self::WrapUp => "wrap_up",
            Self::Away(_) => "away",
        }
    }

    /// The reason, where the state has one that was given.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Away(reason) => reason.word(),
            _ => None,
        }
    }

    /// Whether the person is signed out of the dialer.
    #[must_use]
    pub fn is_out(self) -> bool {
        matches!(self, Self::Offline | Self::ForcedOut)
    }
}

impl Reason {
    /// The word the truth, the schedule and the WFM use; none where no reason was given.
    #[must_use]
    pub fn word(self) -> Option<&'static str> {
        match self {
            Self::Break => Some("break"),
            Self::Lunch => Some("lunch"),
            Self::Meeting => Some("meeting"),
            Self::Training => Some("training"),
            Self::Personal => Some("personal"),
            Self::Unspecified => None,
        }
    }
}

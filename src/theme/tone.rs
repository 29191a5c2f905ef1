//! What something on the screen means.

macro_rules! tones {
    ($($(#[doc = $doc:literal])* $tone:ident $key:literal $(=> $broader:ident)?,)*) => {
        /// What something on the screen means. A theme file names tones by [`Tone::key`]; one that
        /// it does not name is drawn as [`Tone::broader`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Tone { $($(#[doc = $doc])* $tone,)* }

        impl Tone {
            /// Every tone.
            pub const ALL: [Self; [$($key),*].len()] = [$(Self::$tone),*];

            /// Its name in a theme file.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$tone => $key,)* }
            }

            /// The broader meaning it is drawn as where a theme file does not name it; none for the
            /// few that every theme file must name.
            #[must_use]
            pub fn broader(self) -> Option<Self> {
                match self { $(Self::$tone => broader!($($broader)?),)* }
            }
        }
    };
}

macro_rules! broader {
    () => {
        None
    };
    ($tone:ident) => {
        Some(Self::$tone)
    };
}

tones! {
    /// Ordinary text.
    Text "text",
    /// What may be overlooked.
    Muted "muted",
    /// What stands out without being good or bad.
    Accent "accent",
    /// The selected row.
    Selected "selected",
    /// What is as it should be.
    Good "good",
    /// What wants an eye on it.
    Warn "warn",
    /// What is wrong.
    Error "error",
    /// The floor's name, a panel's title.
    Title "title" => Accent,
    /// The titles of columns.
    Header "header" => Muted,
    /// The page shown.
    Tab "tab" => Selected,
    /// A panel's frame.
    Border "border" => Muted,
    /// A key.
    Key "key" => Accent,
    /// A sentence for the supervisor.
    Notice "notice" => Accent,
    /// What a prompt asks.
    Prompt "prompt" => Text,
    /// Where the next typed letter goes.
    Cursor "cursor" => Selected,
    /// The sign in front of the selected row.
    Pointer "pointer" => Cursor,
    /// What must not be overlooked while reading the page.
    Banner "banner" => Warn,
    /// An agent who is not logged in.
    Offline "offline" => Muted,
    /// An agent whose phone cannot be reached.
    Unreachable "unreachable" => Warn,
    /// An agent who is logged in and not ready.
    LoggedIn "logged_in" => Text,
    /// An agent who waits for a contact.
    Available "available" => Good,
    /// An agent who waits for a contact or has one, by a log that cannot tell which.
    ReadyOrOnContact "ready_or_on_contact" => Stale,
    /// An agent who is being offered a contact.
    Ringing "ringing" => Accent,
    /// An agent with a customer.
    OnContact "on_contact" => Accent,
    /// An agent in after-contact work.
    WrapUp "wrap_up" => Text,
    /// An agent who is deliberately not ready.
    Away "away" => Warn,
    /// An agent of whom nobody can say.
    Unknown "unknown" => Error,
    /// What wants someone to act.
    Critical "critical" => Error,
    /// What was true once and nothing confirms now.
    Stale "stale" => Muted,
    /// Two sources that differ.
    Conflict "conflict" => Warn,
    /// A source that can be trusted.
    Live "live" => Good,
    /// A source that fails.
    Failed "failed" => Error,
    /// A source that has not answered yet.
    Waiting "waiting" => Muted,
    /// A source that refuses us.
    Denied "denied" => Error,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tone_ends_in_one_that_a_theme_must_name() {
        for tone in Tone::ALL {
            let mut at = tone;
            for _ in 0..Tone::ALL.len() {
                at = at.broader().unwrap_or(at);
            }
            assert_eq!(at.broader(), None, "{} goes in circles", tone.key());
        }
    }
}

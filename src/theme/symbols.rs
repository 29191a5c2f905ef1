//! Which characters stand for what: none is wider than a column or an emoji, and each has an ASCII
//! twin (which may be two letters).

use super::Tone;

/// Which set of characters is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Symbols {
    /// Geometric shapes and lines.
    #[default]
    Unicode,
    /// Nothing beyond ASCII.
    Ascii,
}

impl Symbols {
    fn pick(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }

    /// The shape of an agent's state, so that it can be told without colours; blank for tones that
    /// are no state.
    #[must_use]
    pub fn shape(self, tone: Tone) -> &'static str {
        match tone {
            Tone::Offline => self.pick("○", "."),
            Tone::Unreachable => self.pick("✕", "x"),
            Tone::LoggedIn => self.pick("◌", "-"),
            Tone::Available => self.pick("●", "*"),
            Tone::ReadyOrOnContact => self.pick("◎", "&"),
            Tone::Ringing => self.pick("◇", "+"),
            Tone::OnContact => self.pick("◆", "#"),
            Tone::WrapUp => self.pick("◐", "%"),
            Tone::Away => self.pick("■", "="),
            Tone::Unknown => self.pick("▒", "?"),
            _ => " ",
        }
    }

    /// Stands for what was cut off.
    #[must_use]
    pub fn ellipsis(self) -> &'static str {
        self.pick("…", "..")
    }

    /// Stands for a value that nobody knows.
    #[must_use]
    pub fn dash(self) -> &'static str {
        self.pick("–", "-")
    }

    /// Between two things of one line.
    #[must_use]
    pub fn separator(self) -> &'static str {
        self.pick("│", "|")
    }

    /// The order of a column: largest first, or smallest first.
    #[must_use]
    pub fn order(self, largest_first: bool) -> &'static str {
        if largest_first { self.pick("▼", "v") } else { self.pick("▲", "^") }
    }

    /// Points down at the present instant.
    #[must_use]
    pub fn now(self) -> &'static str {
        self.pick("▼", "v")
    }

    /// Stands for a stretch of time of which nobody knows anything.
    #[must_use]
    pub fn gap(self) -> &'static str {
        self.pick("·", ".")
    }

    /// Stands for a stretch of time that is scheduled for work.
    #[must_use]
    pub fn scheduled(self) -> &'static str {
        self.pick("─", "-")
    }

    /// Between two statements of one line.
    #[must_use]
    pub fn point(self) -> &'static str {
        self.pick("·", "-")
    }

    /// Two sources that differ.
    #[must_use]
    pub fn conflict(self) -> &'static str {
        self.pick("≠", "<>")
    }

    /// An arrow key.
    #[must_use]
    pub fn key(self, shown: &str) -> String {
        match (self, shown) {
            (Self::Ascii, "↑") => "Up".to_owned(),
            (Self::Ascii, "↓") => "Down".to_owned(),
            _ => shown.to_owned(),
        }
    }
}

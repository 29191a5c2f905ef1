//! Which Convoso is simulated.

/// How Convoso's answers are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// As the document says.
    #[default]
    Documented,
    /// As the real service does: nested, numbers as text, words for nothing.
    Service,
    /// Both at once, each record and each field another way; still true.
    Mixed,
}

//! What several screens are drawn with.

pub(super) mod line;
pub(super) mod panel;
pub(super) mod table;

//! (being built) The write side.
mod target;
mod watch;

pub use target::{sighting, target};
pub use watch::{Sighting, WATCH_FOR, Watch};

use crate::model::AgentKey;

/// The right to command. Without it nothing can be ordered.
#[derive(Debug)]
pub struct Authority(());

impl Authority {
    /// Grants it, unless the program may only look.
    #[must_use]
    pub fn grant(read_only: bool, kiosk: bool) -> Option<Self> {
        (!read_only && !kiosk).then_some(Self(()))
    }
}

/// One logout, to be sent once.
#[derive(Debug)]
pub struct Order {
    target: AgentKey,
}

impl Order {
    /// Orders the logout of `target`.
    #[must_use]
    pub fn new(_: &Authority, target: AgentKey) -> Self {
        Self { target }
    }

    /// Whom it logs out.
    #[must_use]
    pub fn target(&self) -> &AgentKey {
        &self.target
    }
}

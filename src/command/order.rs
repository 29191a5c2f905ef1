//! Who may order a logout, and the order itself.

use crate::model::AgentKey;

/// The right to order. Without it no order can be made, and without an order nothing can be sent;
/// a program started read-only or as a kiosk never has one.
#[derive(Debug, Clone)]
pub struct Authority(());

impl Authority {
    /// The right to order, unless the program was started `read_only` or as a `kiosk`.
    #[must_use]
    pub fn grant(read_only: bool, kiosk: bool) -> Option<Self> {
        (!read_only && !kiosk).then_some(Self(()))
    }
}

/// The order to log one agent out. It cannot be copied, and sending it uses it up, so that it goes
/// out once at most.
#[derive(Debug, PartialEq, Eq)]
pub struct Order {
    target: AgentKey,
}

impl Order {
    /// Orders that `target` be logged out.
    #[must_use]
    pub fn new(_: &Authority, target: AgentKey) -> Self {
        Self { target }
    }

    /// Whom.
    #[must_use]
    pub fn target(&self) -> &AgentKey {
        &self.target
    }
}

//! Who may order something, and the order itself.

use crate::model::Attempt;

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

/// The order to do one thing once. It holds the attempt, so that what is journalled is what is sent;
/// it cannot be copied, and sending it uses it up, so that it goes out once at most.
#[derive(Debug, PartialEq, Eq)]
pub struct Order {
    attempt: Attempt,
}

impl Order {
    /// Orders what `attempt` says.
    #[must_use]
    pub fn new(_: &Authority, attempt: Attempt) -> Self {
        Self { attempt }
    }

    /// Whether it is about one of the program's own alerts: nothing of it goes over the wire.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.attempt.target.source.is_own()
    }

    /// What is done, to whom, by whom and why.
    #[must_use]
    pub fn attempt(&self) -> &Attempt {
        &self.attempt
    }
}

//! The write side, the only code that changes anything outside: one logout, sent once, and what the
//! readings then show.

mod order;
mod sender;
mod verify;

pub use order::{Authority, Order};
pub use sender::{Outlet, Sender};
pub use verify::{Sighting, Watch};

#[cfg(test)]
mod tests;

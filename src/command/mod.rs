//! The write side, the only code that changes anything outside: one logout, journalled, sent once,
//! and what the readings then show.

mod dispatch;
mod order;
mod sender;
mod target;
mod watch;

pub use dispatch::{Dispatcher, Progress};
pub use order::{Authority, Order};
pub use sender::{Outlet, Sender};
pub use target::{is_offline, sighting, target};
pub use watch::{Sighting, WATCH_FOR, Watch};

#[cfg(test)]
mod tests;

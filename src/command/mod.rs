//! The write side, the only code that changes anything outside: a logout or a change of an alert,
//! journalled, sent once, and what the readings then show.

mod alert;
mod alert_watch;
mod dispatch;
mod logout;
mod order;
mod outlet;
mod sender;
mod target;
mod watch;

pub use alert_watch::{AlertWatch, LOOK_AGAIN_AFTER};
pub use dispatch::{Dispatcher, Progress};
pub use order::{Authority, Order};
pub use outlet::{Account, Outlet};
pub use sender::Sender;
pub use target::{is_offline, sighting, target};
pub use watch::{Sighting, WATCH_FOR, Watch};

#[cfg(test)]
mod tests;

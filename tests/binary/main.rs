//! The real binary, against the simulated contact centre over real HTTP: on a pseudo-terminal and
//! without a screen.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod centre;
mod command_line;
mod endings;
mod logout;
mod screen;
mod snapshot;
mod terminal;
mod trouble;

//! The real binary, against the simulated contact centre over real HTTP: on a pseudo-terminal and
//! without a screen.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on has failed; one against a running program needs the real clock"
)]

mod alerts;
mod centre;
mod command_line;
mod endings;
mod five;
mod foul;
mod heal;
mod hostile;
mod keys;
mod kpi;
mod late;
mod locale;
mod logout;
mod picture;
mod privacy;
mod report;
mod roster;
mod screen;
mod several;
mod sick;
mod snapshot;
mod steps;
mod terminal;
mod trouble;
mod truth;
mod two;
mod vendor;

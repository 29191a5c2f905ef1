//! The log of what agents did yesterday and today, beside the monitor: it knows why somebody is
//! paused, when they logged in, and what they did before this program was started. It does not know
//! a call from waiting for one.
//!
//! An `agenda` says which part of the log is asked for next, a `Row` is what an answer holds, and the
//! `log` keeps the rows and concludes everybody's spells from them.

mod agenda;
mod day;
mod event;
mod local_time;
mod log;
mod meaning;
mod pass;
mod reader;
mod scope;
mod sessions;
mod sighting;
mod wire;

pub(in crate::source) use reader::History;

#[cfg(test)]
mod tests;

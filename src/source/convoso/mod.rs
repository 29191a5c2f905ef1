//! Convoso: a snapshot of all agents, the counters of one queue after another, and the log of what
//! agents did yesterday and today.

mod agents;
mod desk;
mod history;
mod queues;
mod rotation;
mod status;
mod wire;

pub(super) use agents::Agents;
pub(super) use desk::Desk;
pub(super) use history::History;
pub(super) use queues::Queues;

#[cfg(test)]
mod tests;

//! Convoso's agent monitor: a snapshot of all agents, and the counters of one queue after another.

mod agents;
mod desk;
mod queues;
mod rotation;
mod status;
mod wire;

pub(super) use agents::Agents;
pub(super) use desk::Desk;
pub(super) use queues::Queues;

#[cfg(test)]
mod tests;

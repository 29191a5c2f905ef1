//! sip.io's agent KPIs: how long each agent spent in each state, and which state that implies now.

mod buckets;
mod counters;
mod growth;
mod live;
mod reader;
mod state;
mod window;
mod wire;

pub(super) use reader::Reader;

#[cfg(test)]
mod tests;

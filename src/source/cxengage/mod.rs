//! CxEngage's real-time adherence feed: a log of agent state records, read in windows.

mod chain;
mod log;
mod past;
mod pool;
mod reader;
mod record;
mod standing;
mod window;
mod wire;
mod workload;

pub(super) use reader::Reader;

#[cfg(test)]
mod tests;

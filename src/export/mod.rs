//! Headless outputs: the floor at one instant as JSON, CSV or a table.
//!
//! What the floor cannot know is null (an empty cell, a dash), never 0.

mod agent;
mod csv;
mod flag;
mod instant;
mod json;
mod queue;
mod snapshot;
mod table;
#[cfg(test)]
mod tests;

pub use agent::{Adherence, Agent, Kpi, KpiMillis, PresenceLine};
pub use csv::write_csv;
pub use flag::Flag;
pub use json::write_json;
pub use queue::QueueLine;
pub use snapshot::{Snapshot, SourceLine, Totals};
pub use table::write_table;

//! Headless outputs: the floor at one instant, or the figures of a stretch of time, as JSON, CSV or a
//! table.
//!
//! What the floor cannot know is null (an empty cell, a dash), never 0.

mod agent;
mod alert;
mod campaign;
mod csv;
mod flag;
mod instant;
mod json;
mod kpi;
mod percent;
mod presence;
mod queue;
mod report;
mod snapshot;
mod source;
mod table;
#[cfg(test)]
mod tests;

pub use agent::{Adherence, Agent};
pub use alert::AlertLine;
pub use campaign::{CampaignLine, DropRateLine, DropWindowLine};
pub use csv::write_csv;
pub use flag::Flag;
pub use json::write_json;
pub use kpi::{AdherenceShare, Kpi, KpiMillis, OurFigures, ReportKpi, SourceKpi, VendorFigures};
pub use presence::{PresenceLine, SpellLine};
pub use queue::QueueLine;
pub use report::{
    Report, ReportAgent, ReportQueue, ReportTeam, write_report_csv, write_report_json,
    write_report_table,
};
pub use snapshot::{Snapshot, Totals};
pub use source::{SideLine, SourceLine};
pub use table::write_table;

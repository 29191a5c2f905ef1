//! The figures of a stretch of time, ready to be written: of each person, team and queue.

mod csv;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Serialize, Serializer};

pub use self::csv::write_report_csv;
pub use self::table::write_report_table;
use super::json::write_pretty;
use super::kpi::ReportKpi;
use crate::model::{FloorIdentity, Person, Queue, QueueKey};
use crate::rules::Figures;

/// The name and version of the JSON's shape.
const SCHEMA: &str = "floorwatch.report/1";

/// The figures of a stretch of time. Every format is written from this.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The name and version of this shape.
    pub schema: &'static str,
    /// The floor's name.
    pub floor: String,
    /// The floor's time zone.
    #[serde(serialize_with = "zone_name")]
    pub timezone: Tz,
    /// The beginning of the stretch.
    #[serde(serialize_with = "exact_instant")]
    pub since: DateTime<Utc>,
    /// Its end, exclusive.
    #[serde(serialize_with = "exact_instant")]
    pub until: DateTime<Utc>,
    /// Everybody of whom anything is known, and the roster's people.
    pub agents: Vec<ReportAgent>,
    /// Every team of these.
    pub teams: Vec<ReportTeam>,
    /// Every queue in which somebody sat, with the time in which they did.
    pub queues: Vec<ReportQueue>,
}

/// One person's figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportAgent {
    /// The roster's id, else `source:id`.
    pub person: String,
    /// The name.
    pub name: String,
    /// The team.
    pub team: Option<String>,
    /// Every id the roster or a source gives.
    pub ids: BTreeMap<String, String>,
    /// The figures.
    pub kpi: ReportKpi,
}

/// A team's figures: its people's together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportTeam {
    /// The team.
    pub team: String,
    /// The figures.
    pub kpi: ReportKpi,
}

/// A queue's figures: of the time in which people sat in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportQueue {
    /// The source.
    pub source: String,
    /// The campaign's id.
    pub campaign_id: Option<String>,
    /// The queue's id.
    pub queue_id: String,
    /// Its name, else its id.
    pub name: String,
    /// The figures.
    pub kpi: ReportKpi,
}

impl Report {
    /// The report of `floor` from `since` until `until`, of nobody yet.
    #[must_use]
    pub fn of(floor: &FloorIdentity, since: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self {
            schema: SCHEMA,
            floor: floor.name.clone(),
            timezone: floor.timezone,
            since,
            until,
            agents: Vec::new(),
            teams: Vec::new(),
            queues: Vec::new(),
        }
    }

    /// `at` in floor time.
    fn floor_time(&self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.timezone)
    }
}

impl ReportAgent {
    /// What `figures` say of `person`.
    #[must_use]
    pub fn of(person: &Person, figures: &Figures) -> Self {
        Self {
            person: person.id.to_string(),
            name: person.name.clone(),
            team: person.team.clone(),
            ids: person.ids.iter().map(|(s, id)| (s.to_string(), id.to_string())).collect(),
            kpi: ReportKpi::of(figures),
        }
    }
}

impl ReportTeam {
    /// What `figures` say of `team`.
    #[must_use]
    pub fn of(team: &str, figures: &Figures) -> Self {
        Self { team: team.to_owned(), kpi: ReportKpi::of(figures) }
    }
}

impl ReportQueue {
    /// What `figures` say of the queue `key`; `known` is the queue itself, where the floor knows it.
    #[must_use]
    pub fn of(key: &QueueKey, known: Option<&Queue>, figures: &Figures) -> Self {
        Self {
            source: key.source.to_string(),
            campaign_id: key.campaign_id.clone(),
            queue_id: key.queue_id.clone(),
            name: known.map_or_else(|| key.queue_id.clone(), |queue| queue.name.clone()),
            kpi: ReportKpi::of(figures),
        }
    }
}

/// RFC 3339 to the second, and finer where the stretch was asked for so: the times sum up to it exactly.
fn exact<Z: TimeZone<Offset: std::fmt::Display>>(at: &DateTime<Z>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn exact_instant<S: Serializer>(at: &DateTime<Utc>, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&exact(at))
}

fn zone_name<S: Serializer>(zone: &Tz, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(zone.name())
}

/// Writes `report` as indented JSON with a newline behind it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_report_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(report, out)
}

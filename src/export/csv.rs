//! The snapshot's agents as CSV, one row each, safe to open in a spreadsheet.

use std::io::{self, Write};

use super::instant::stamp;
use super::{Agent, Snapshot};

const COLUMNS: [&str; 18] = [
    "person",
    "name",
    "team",
    "activity",
    "reason",
    "evidence",
    "since",
    "seconds_in_activity",
    "campaign",
    "queue",
    "skills",
    "calls_today",
    "scheduled",
    "adherent",
    "occupancy_pct",
    "utilization_pct",
    "adherence_pct",
    "flags",
];

/// Writes the agents of `snapshot`, with a heading. What is not known is an empty cell; several
/// queues, skills or flags are separated by semicolons.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_csv(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    write_rows(COLUMNS, snapshot.agents.iter().map(cells), out)
}

/// Writes `rows` below `columns`.
pub(super) fn write_rows<const N: usize>(
    columns: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    // Through memory: the writer would turn a closed pipe into an error of no particular kind.
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.map(harmless))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    out.write_all(&bytes)
}

fn cells(agent: &Agent) -> [String; COLUMNS.len()] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let adherence = agent.adherence.as_ref();
    let kinds: Vec<&str> = agent.flags.iter().map(|flag| flag.kind).collect();
    [
        agent.person.clone(),
        agent.name.clone(),
        text(&agent.team),
        agent.activity.to_owned(),
        text(&agent.reason),
        agent.evidence.to_owned(),
        agent.since.map(stamp).unwrap_or_default(),
        known(agent.seconds_in_activity),
        text(&agent.campaign),
        agent.queues.join(";"),
        agent.skills.join(";"),
        known(agent.calls_today),
        adherence.and_then(|a| a.scheduled).unwrap_or_default().to_owned(),
        known(adherence.and_then(|adherence| adherence.adherent)),
        known(agent.kpi.occupancy_pct),
        known(agent.kpi.utilization_pct),
        known(agent.kpi.adherence_pct),
        kinds.join(";"),
    ]
}

pub(super) fn known<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// A spreadsheet runs a cell that begins like a formula; with an apostrophe in front it is a text.
fn harmless(cell: String) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell,
    }
}

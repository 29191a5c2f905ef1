//! The snapshot's agents as CSV, one row each, safe to open in a spreadsheet.

use std::io::{self, Write};

use super::instant::stamp;
use super::kpi::AdherenceShare;
use super::{Agent, Snapshot};
use crate::rules::Share;
use crate::rules::kpi::two_decimals;
use crate::spreadsheet::guarded;

const COLUMNS: [&str; 21] = [
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
    "known_pct",
    "adherence_known_pct",
    "by_log",
];

/// Writes the agents of `snapshot`, with a heading. What is not known is an empty cell; several
/// queues, skills or flags are separated by semicolons.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_csv(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    write_rows(COLUMNS, snapshot.agents.iter().map(cells), out)
}

/// A cell: a text, which may be anybody's and must not be run, or a number of ours.
pub(super) enum Cell {
    Text(String),
    Number(String),
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl Cell {
    /// A number, or nothing.
    pub(super) fn known<T: ToString>(value: Option<T>) -> Self {
        Self::Number(value.map_or_else(String::new, |value| value.to_string()))
    }

    /// A percentage as a number; how much of it is known is a column of its own.
    pub(super) fn percent(share: Option<Share>) -> Self {
        Self::known(share.map(|share| two_decimals(share.pct())))
    }

    fn written(self) -> String {
        match self {
            Self::Text(text) => guarded(&text),
            Self::Number(number) => number,
        }
    }
}

/// Writes `rows` below `columns`.
pub(super) fn write_rows<const N: usize>(
    columns: [&str; N],
    rows: impl Iterator<Item = [Cell; N]>,
    out: &mut dyn Write,
) -> io::Result<()> {
    // Through memory: the writer would turn a closed pipe into an error of no particular kind.
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.write_record(row.map(Cell::written))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    out.write_all(&bytes)
}

fn cells(agent: &Agent) -> [Cell; COLUMNS.len()] {
    let text = |text: &Option<String>| Cell::from(text.clone().unwrap_or_default());
    let adherence = agent.adherence.as_ref();
    let kinds: Vec<&str> = agent.flags.iter().map(|flag| flag.kind).collect();
    [
        agent.person.as_str().into(),
        agent.name.as_str().into(),
        text(&agent.team),
        agent.activity.into(),
        text(&agent.reason),
        agent.evidence.into(),
        agent.since.map(stamp).unwrap_or_default().into(),
        Cell::known(agent.seconds_in_activity),
        text(&agent.campaign),
        agent.queues.join(";").into(),
        agent.skills.join(";").into(),
        Cell::known(agent.calls_today),
        adherence.and_then(|a| a.scheduled).unwrap_or_default().into(),
        Cell::known(adherence.and_then(|adherence| adherence.adherent)),
        Cell::percent(agent.kpi.occupancy_pct),
        Cell::percent(agent.kpi.utilization_pct),
        Cell::known(agent.kpi.adherence_pct.map(AdherenceShare::cell)),
        kinds.join(";").into(),
        Cell::known(agent.kpi.known_pct),
        Cell::known(agent.kpi.adherence_known_pct),
        Cell::known(Some(agent.by_log)),
    ]
}

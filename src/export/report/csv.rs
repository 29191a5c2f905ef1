//! The report as CSV: one row for each person, team and queue, safe to open in a spreadsheet.

use std::io::{self, Write};

use super::super::csv::{Cell, write_rows};
use super::super::kpi::AdherenceShare;
use super::{Report, ReportKpi, exact};

const COLUMNS: [&str; 29] = [
    "scope",
    "person",
    "name",
    "team",
    "source",
    "campaign_id",
    "queue_id",
    "floor",
    "timezone",
    "since",
    "until",
    "available_ms",
    "on_contact_ms",
    "wrap_up_ms",
    "away_ms",
    "ringing_ms",
    "logged_in_unspecified_ms",
    "unreachable_ms",
    "offline_ms",
    "unknown_ms",
    "logged_in_ms",
    "handle_ms",
    "occupancy_pct",
    "utilization_pct",
    "adherence_pct",
    "conformance_pct",
    "ids",
    "known_pct",
    "adherence_known_pct",
];

/// Whose figures a row has: the cells in front of the figures.
#[derive(Default)]
struct Whose<'a> {
    scope: &'static str,
    person: &'a str,
    name: &'a str,
    team: &'a str,
    source: &'a str,
    campaign_id: &'a str,
    queue_id: &'a str,
    ids: String,
}

/// Writes `report`, with a heading. The `scope` is agent, team or queue; instants are in floor time.
/// What is not known is an empty cell.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_report_csv(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let agents = report.agents.iter().map(|agent| {
        let ids: Vec<String> =
            agent.ids.iter().map(|(source, id)| format!("{source}:{id}")).collect();
        let whose = Whose {
            scope: "agent",
            person: &agent.person,
            name: &agent.name,
            team: agent.team.as_deref().unwrap_or_default(),
            ids: ids.join(";"),
            ..Whose::default()
        };
        (whose, &agent.kpi)
    });
    let teams = report.teams.iter().map(|team| {
        let (name, team_name) = (team.team.as_str(), team.team.as_str());
        (Whose { scope: "team", name, team: team_name, ..Whose::default() }, &team.kpi)
    });
    let queues = report.queues.iter().map(|queue| {
        let whose = Whose {
            scope: "queue",
            name: &queue.name,
            source: &queue.source,
            campaign_id: queue.campaign_id.as_deref().unwrap_or_default(),
            queue_id: &queue.queue_id,
            ..Whose::default()
        };
        (whose, &queue.kpi)
    });
    let rows = agents.chain(teams).chain(queues);
    write_rows(COLUMNS, rows.map(|(whose, kpi)| cells(report, whose, kpi)), out)
}

fn cells(report: &Report, whose: Whose<'_>, figures: &ReportKpi) -> [Cell; COLUMNS.len()] {
    let (kpi, ms) = (&figures.kpi, &figures.kpi.ms);
    [
        whose.scope.into(),
        whose.person.into(),
        whose.name.into(),
        whose.team.into(),
        whose.source.into(),
        whose.campaign_id.into(),
        whose.queue_id.into(),
        report.floor.as_str().into(),
        report.timezone.name().into(),
        exact(&report.floor_time(report.since)).into(),
        exact(&report.floor_time(report.until)).into(),
        Cell::known(Some(ms.available)),
        Cell::known(Some(ms.on_contact)),
        Cell::known(Some(ms.wrap_up)),
        Cell::known(Some(ms.away)),
        Cell::known(Some(ms.ringing)),
        Cell::known(Some(ms.logged_in)),
        Cell::known(Some(ms.unreachable)),
        Cell::known(Some(ms.offline)),
        Cell::known(Some(ms.unknown)),
        Cell::known(kpi.logged_in_ms),
        Cell::known(figures.handle_ms),
        Cell::percent(kpi.occupancy_pct),
        Cell::percent(kpi.utilization_pct),
        Cell::known(kpi.adherence_pct.map(AdherenceShare::cell)),
        Cell::percent(figures.conformance_pct),
        whose.ids.into(),
        Cell::known(kpi.known_pct),
        Cell::known(kpi.adherence_known_pct),
    ]
}

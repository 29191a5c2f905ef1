//! The report as aligned text for people: 120 columns, no colours.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::super::table::{cut, dash, fit, fit_right};
use super::{Report, ReportKpi};
use crate::export::AdherenceShare;
use crate::rules::Share;
use crate::rules::kpi::hundredths;

/// Columns of the widest line.
const WIDTH: usize = 120;

/// Columns of a name at least; one that is longer takes what the figures leave.
const NARROWEST_NAME: usize = 12;

const HEADINGS: [&str; 12] = [
    "LOGGED IN",
    "HANDLE",
    "OCC %",
    "UTIL %",
    "ADH %",
    "CONF %",
    "KNOWN",
    "AVAILABLE",
    "CONTACT",
    "WRAP-UP",
    "AWAY",
    "UNKNOWN",
];

/// One line: a name and its figures.
type Row = (String, [String; HEADINGS.len()]);

/// Writes the window in floor time, then the people, the teams and the queues of `report`. Times are
/// hours, minutes and whole seconds; what is not known is a dash.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_report_table(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let shown = |at| report.floor_time(at).format("%Y-%m-%d %H:%M:%S");
    let window = format!("{} to {}", shown(report.since), shown(report.until));
    let title = format!("{}  {window}  ({})", report.floor, report.timezone.name());
    writeln!(out, "{}", cut(&title, WIDTH))?;
    let agents = report.agents.iter().map(|agent| (agent.name.clone(), figures(&agent.kpi)));
    let teams = report.teams.iter().map(|team| (team.team.clone(), figures(&team.kpi)));
    let queues = report.queues.iter().map(|queue| (queue.name.clone(), figures(&queue.kpi)));
    let sections: [(&str, Vec<Row>); 3] =
        [("AGENT", agents.collect()), ("TEAM", teams.collect()), ("QUEUE", queues.collect())];
    let widths = widths(sections.iter().flat_map(|(_, rows)| rows));
    for (heading, rows) in sections {
        // Nobody is an answer to who was there; no team and no queue is what many floors have.
        if rows.is_empty() && heading != "AGENT" {
            continue;
        }
        writeln!(out)?;
        write_line(heading, &HEADINGS.map(str::to_owned), &widths, out)?;
        for (name, cells) in &rows {
            write_line(name, cells, &widths, out)?;
        }
    }
    Ok(())
}

/// The columns of the name, then of each figure.
struct Widths {
    name: usize,
    figures: [usize; HEADINGS.len()],
}

/// Every figure is shown whole, so that its column is as wide as the widest; the names have the rest.
fn widths<'a>(rows: impl Iterator<Item = &'a Row>) -> Widths {
    let mut figures = HEADINGS.map(UnicodeWidthStr::width);
    let mut name = NARROWEST_NAME;
    for (text, cells) in rows {
        name = name.max(text.width());
        for (width, cell) in figures.iter_mut().zip(cells) {
            *width = (*width).max(cell.width());
        }
    }
    let taken: usize = figures.iter().map(|width| width + 1).sum();
    let name = name.min(WIDTH.saturating_sub(taken).max(NARROWEST_NAME));
    Widths { name, figures }
}

fn write_line(
    name: &str,
    cells: &[String; HEADINGS.len()],
    widths: &Widths,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "{}", fit(name, widths.name))?;
    for (cell, width) in cells.iter().zip(widths.figures) {
        write!(out, " {}", fit_right(cell, width))?;
    }
    writeln!(out)
}

fn figures(figures: &ReportKpi) -> [String; HEADINGS.len()] {
    let kpi = &figures.kpi;
    let percent = |share: Option<Share>| share.map_or_else(dash, marked);
    // Of whom nobody knows anything, no time in an activity is claimed.
    let spent = |ms: i64| time(kpi.logged_in_ms.map(|_| ms));
    [
        time(kpi.logged_in_ms),
        time(figures.handle_ms),
        percent(kpi.occupancy_pct),
        percent(kpi.utilization_pct),
        adherence(kpi.adherence_pct),
        percent(figures.conformance_pct),
        // Cut off: it must not seem to be more than is known.
        kpi.known_pct.map_or_else(dash, |pct| format!("{}%", pct.floor())),
        spent(kpi.ms.available),
        spent(kpi.ms.on_contact),
        spent(kpi.ms.wrap_up),
        spent(kpi.ms.away),
        time(Some(kpi.ms.unknown)),
    ]
}

/// A percentage, marked where it is known of a part of its time only.
fn marked(share: Share) -> String {
    format!("{}{}", share.mark(), hundredths(share.pct()))
}

fn adherence(share: Option<AdherenceShare<Share>>) -> String {
    match share {
        Some(AdherenceShare::Percent(share)) => marked(share),
        Some(AdherenceShare::Word(word)) => word.to_owned(),
        None => dash(),
    }
}

/// `h:mm:ss`.
fn time(ms: Option<i64>) -> String {
    ms.map_or_else(dash, |ms| {
        let seconds = ms / 1000;
        format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    })
}

//! The snapshot as aligned text for people: 80 columns, no colours.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::instant::stamp;
use super::{Agent, QueueLine, Snapshot, SourceLine, Totals};

/// Columns of the widest line.
const WIDTH: usize = 80;

/// Writes the sources, the totals, the queues and the agents of `snapshot`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_table(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", cut(&format!("{}  {}", snapshot.floor, stamp(snapshot.taken_at)), WIDTH))?;
    for source in &snapshot.sources {
        write_source(source, snapshot.taken_at, out)?;
    }
    writeln!(out, "\n{}", totals(&snapshot.totals))?;
    if !snapshot.queues.is_empty() {
        writeln!(out)?;
        let heading = ["QUEUE", "SOURCE", "AGENTS", "AVAIL", "CALLS", "ANSW", "DROP", "DROP %"];
        write_row(&QUEUE_COLUMNS, heading.map(str::to_owned), out)?;
        for queue in &snapshot.queues {
            write_row(&QUEUE_COLUMNS, queue_cells(queue), out)?;
        }
    }
    writeln!(out)?;
    let heading = ["NAME", "ACTIVITY", "TIME", "EVIDENCE", "QUEUE", "FLAGS"];
    write_row(&AGENT_COLUMNS, heading.map(str::to_owned), out)?;
    for agent in &snapshot.agents {
        write_row(&AGENT_COLUMNS, agent_cells(agent), out)?;
    }
    Ok(())
}

/// A column's width, and whether its cells stand on the right.
type Column = (usize, bool);

const QUEUE_COLUMNS: [Column; 8] =
    [(22, false), (12, false), (6, true), (5, true), (8, true), (8, true), (6, true), (6, true)];

const AGENT_COLUMNS: [Column; 6] =
    [(22, false), (18, false), (8, true), (8, false), (10, false), (9, false)];

fn write_source(source: &SourceLine, now: DateTime<Utc>, out: &mut dyn Write) -> io::Result<()> {
    let age = source.as_of.map_or_else(
        || "no reading".to_owned(),
        |as_of| format!("as of {} s ago", (now - as_of).num_seconds().max(0)),
    );
    let line =
        format!("  {}  {:<8} {:<8} {age}", fit(&source.name, 16), source.kind, source.status);
    writeln!(out, "{}", line.trim_end())?;
    match &source.error {
        Some(error) => write_wrapped(error, out),
        None => Ok(()),
    }
}

/// A failure is shown whole: its end holds the hint.
fn write_wrapped(text: &str, out: &mut dyn Write) -> io::Result<()> {
    const INDENT: &str = "    ";
    let mut line = INDENT.to_owned();
    for word in text.split_whitespace() {
        let gap = if line == INDENT { "" } else { " " };
        if line != INDENT && line.width() + gap.len() + word.width() > WIDTH {
            writeln!(out, "{line}")?;
            line = INDENT.to_owned();
            line.push_str(&cut(word, WIDTH - INDENT.len()));
        } else {
            line.push_str(gap);
            line.push_str(&cut(word, WIDTH - INDENT.len()));
        }
    }
    writeln!(out, "{line}")
}

fn totals(totals: &Totals) -> String {
    let counts = [
        ("on contact", totals.on_contact),
        ("available", totals.available),
        ("ready or on contact", totals.ready_or_on_contact),
        ("wrap-up", totals.wrap_up),
        ("ringing", totals.ringing),
        ("away", totals.away),
        ("logged in", totals.logged_in),
        ("unreachable", totals.unreachable),
        ("offline", totals.offline),
        ("unknown", totals.unknown),
    ];
    let shown = counts.iter().filter(|(_, count)| *count > 0);
    let words: Vec<String> = shown.map(|(word, count)| format!("{count} {word}")).collect();
    let people = if totals.people == 1 { "person" } else { "people" };
    let what = if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) };
    let doubts = [("stale", totals.stale), ("by log", totals.by_log)];
    let doubts = doubts.iter().filter(|(_, count)| *count > 0);
    let doubts: Vec<String> =
        doubts.map(|(word, count)| format!("{count} of them {word}")).collect();
    let doubts = if doubts.is_empty() { String::new() } else { format!("; {}", doubts.join(", ")) };
    format!("{} {people}{what}{doubts}", totals.people)
}

fn queue_cells(queue: &QueueLine) -> [String; 8] {
    [
        queue.name.clone(),
        queue.source.clone(),
        known(queue.agents.map(u64::from)),
        known(queue.available.map(u64::from)),
        known(queue.calls_today),
        known(queue.answered),
        known(queue.dropped),
        queue.drop_rate_pct.map_or_else(dash, |rate| format!("{rate:.2}")),
    ]
}

fn agent_cells(agent: &Agent) -> [String; 6] {
    let activity = match agent.reason.as_deref() {
        Some(reason) if reason != "unspecified" => format!("{} ({reason})", agent.activity),
        _ => agent.activity.to_owned(),
    };
    let flags: Vec<&str> = agent.flags.iter().map(|flag| flag.kind).collect();
    [
        agent.name.clone(),
        activity,
        agent.seconds_in_activity.map_or_else(dash, clock_face),
        agent.evidence.to_owned(),
        agent.queue.clone().unwrap_or_else(dash),
        flags.join(","),
    ]
}

fn known(count: Option<u64>) -> String {
    count.map_or_else(dash, |count| count.to_string())
}

pub(super) fn dash() -> String {
    "-".to_owned()
}

/// `m:ss`, from an hour on `h:mm:ss`.
fn clock_face(seconds: i64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

fn write_row<const N: usize>(
    columns: &[Column; N],
    cells: [String; N],
    out: &mut dyn Write,
) -> io::Result<()> {
    let cells = columns.iter().zip(cells).map(|((width, right), cell)| {
        if *right { fit_right(&cell, *width) } else { fit(&cell, *width) }
    });
    let line = cells.collect::<Vec<_>>().join(" ");
    writeln!(out, "{}", line.trim_end())
}

/// `text` in exactly `width` columns, on the left.
pub(super) fn fit(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let gap = width.saturating_sub(text.width());
    text + &" ".repeat(gap)
}

/// `text` in exactly `width` columns, on the right.
pub(super) fn fit_right(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let gap = width.saturating_sub(text.width());
    " ".repeat(gap) + &text
}

/// `text` in at most `width` columns; what is cut off leaves an ellipsis. Measured in columns of the
/// terminal, since some letters take two and some none.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut columns = 0;
    let kept = text.chars().take_while(|c| {
        columns += c.width().unwrap_or(0);
        columns < width
    });
    kept.chain(['…']).collect()
}

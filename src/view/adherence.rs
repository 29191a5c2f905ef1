//! Adherence: who does what the schedule wants, those who do not first.

use super::agents::mark;
use super::scene::Scene;
use super::state;
use super::table::{Column, Row, Spec, Table, cell, choose};
use super::text::Line;
use super::{List, due, time, window};
use crate::app;
use crate::model::{AdherenceSummary, FeedStatus, Person, SourceKind};
use crate::rules::{self, Adherence, Severity, kpi, words};
use crate::theme::Tone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    Mark,
    Name,
    Scheduled,
    Is,
    Out,
    Shift,
    Team,
    Note,
}

const fn spec(id: Id, title: &'static str, min: usize, ideal: usize, rank: u8) -> Spec<Id> {
    Spec { id, title, min, ideal, flush_right: matches!(id, Id::Out), rank }
}

/// In the order shown; the rank says who stays longest.
const COLUMNS: [Spec<Id>; 8] = [
    spec(Id::Mark, " !", 3, 3, 0),
    spec(Id::Name, "Name", 12, 30, 1),
    spec(Id::Scheduled, "Scheduled", 9, 14, 2),
    spec(Id::Is, "Is", 17, 23, 3),
    spec(Id::Out, "Out for", 8, 8, 4),
    spec(Id::Shift, "Shift", 11, 11, 6),
    spec(Id::Team, "Team", 8, 14, 7),
    spec(Id::Note, "Note", 14, 40, 5),
];

/// The page in `room` rows.
pub(super) fn list(scene: &Scene<'_>, room: usize) -> List {
    let rows = scene.app.rows();
    if rows.is_empty() {
        let why = super::text::wrap(&why_empty(scene), scene.width.max(1));
        return List { empty: why.into_iter().map(Line::text).collect(), ..List::default() };
    }
    let mut above = vec![head_count(scene).fit(scene.width, scene.symbols)];
    above.extend(due::lines(scene));
    let chosen = choose(&COLUMNS, scene.width);
    let selected = scene.app.selected_row().filter(|_| !scene.is_kiosk());
    let visible = window::around(selected, rows.len(), room.saturating_sub(1 + above.len()));
    let table_rows = rows[visible.clone()]
        .iter()
        .zip(visible)
        .filter_map(|(row, index)| {
            let person = scene.floor.people().get(row.person)?;
            let adherence = row.adherence.as_ref()?;
            let is_selected = selected == Some(index);
            let cells = chosen
                .iter()
                .map(|(id, column)| {
                    value(scene, *id, column, &Entry { row, person, adherence }, is_selected)
                })
                .collect();
            Some(Row { cells, selected: is_selected })
        })
        .collect();
    let columns = chosen.into_iter().map(|(_, column)| column).collect();
    List { above, table: Table { columns, rows: table_rows }, ..List::default() }
}

struct Entry<'a> {
    row: &'a app::Row,
    person: &'a Person,
    adherence: &'a Adherence,
}

fn value(scene: &Scene<'_>, id: Id, column: &Column, entry: &Entry<'_>, selected: bool) -> Line {
    let Entry { row, person, adherence } = entry;
    let text = |text: &str, tone: Tone| cell(text, tone, column, scene.symbols);
    let dash = scene.symbols.dash();
    match id {
        Id::Mark => mark(severity(row), selected),
        Id::Name => text(&scene.name(person, row.person), Tone::Text),
        Id::Scheduled => text(&words::scheduled(&adherence.scheduled), Tone::Text),
        Id::Is => state::cell(scene, person, &row.headline, &row.findings, column),
        Id::Out => match adherence.out_since {
            Some(since) if adherence.adherent == Some(false) => {
                let until = rules::known_until(person, &row.headline, scene.now);
                let time = words::duration(until.unwrap_or(scene.now) - since);
                match row.headline.is_current() {
                    true => text(&time, out_tone(row)),
                    false => text(&format!("~{time}"), Tone::Stale),
                }
            }
            _ => text(if adherence.adherent == Some(true) { "" } else { dash }, Tone::Muted),
        },
        Id::Shift => match adherence.shift {
            Some(shift) => {
                let (start, end) = (shift.start.format("%H:%M"), shift.end.format("%H:%M"));
                text(&format!("{start}-{end}"), Tone::Text)
            }
            None => text(dash, Tone::Muted),
        },
        Id::Team => text(person.team.as_deref().unwrap_or(dash), Tone::Text),
        Id::Note => {
            let (note, tone) = note(row, adherence);
            text(note, tone)
        }
    }
}

/// How urgent the deviation is; none within the grace.
fn severity(row: &app::Row) -> Option<Severity> {
    let out = row.findings.iter().find(|finding| finding.kind.is_deviation());
    out.map(|finding| finding.severity)
}

fn out_tone(row: &app::Row) -> Tone {
    severity(row).map_or(Tone::Text, state::severity_tone)
}

fn note(row: &app::Row, adherence: &Adherence) -> (&'static str, Tone) {
    match adherence.adherent {
        Some(true) => ("adherent", Tone::Muted),
        None if adherence.exempt => ("exempt", Tone::Muted),
        // A call that came too late is no reason.
        Some(false) if severity(row).is_some() => {
            let mut kinds = row.findings.iter().map(|finding| finding.kind);
            let kind = kinds.find(|kind| kind.is_deviation());
            (kind.map_or("OUT", |kind| state::flag(kind, Some(adherence))), out_tone(row))
        }
        Some(false) | None if adherence.held_by_call => ("held by call", Tone::Text),
        Some(false) => ("within grace", Tone::Text),
        None => ("cannot say", Tone::Stale),
    }
}

/// How many do what is scheduled now, of how many of whom it can be said.
fn head_count(scene: &Scene<'_>) -> Line {
    let count = scene.app.head_count();
    let silent = rules::silent_wfm(scene.floor, scene.now).map(|feed| {
        let since = feed.as_of.map(|at| format!(" since {}", time::clock(scene, at)));
        format!("{}: no data{}", feed.name, since.unwrap_or_default())
    });
    if let Some(silent) = silent.as_ref().filter(|_| !count.goes_by_file(scene.floor)) {
        return Line::of(format!("Adherent now: cannot be said, {silent}"), Tone::Warn);
    }
    let (adherent, said) = (count.adherent, count.said());
    let by = if silent.is_some() { " by the schedule file" } else { "" };
    let mut line = Line::text(format!("Adherent now{by}: "));
    match count.pct().map(kpi::rounded) {
        Some(pct) => line.push(format!("{adherent} of {said} ({pct} %)"), Tone::Title),
        None => line.push(scene.symbols.dash(), Tone::Muted),
    }
    if count.unsaid > 0 {
        line.push(format!(", {} cannot be said", count.unsaid), Tone::Warn);
    }
    if let Some(silent) = silent {
        line.push(format!("; {silent}"), Tone::Warn);
        return line;
    }
    let theirs = rules::wfms_count(scene.floor, scene.now);
    let differs = |theirs: &AdherenceSummary| {
        (theirs.adherent, theirs.total) != (u64::from(adherent), u64::from(said))
    };
    if let Some((feed, theirs)) = theirs.filter(|(_, theirs)| differs(theirs)) {
        let text = format!("; {} counts {} of {}", feed.name, theirs.adherent, theirs.total);
        line.push(text, Tone::Muted);
    }
    line
}

fn why_empty(scene: &Scene<'_>) -> String {
    let Some(feed) = scene.floor.feeds().iter().find(|feed| feed.kind == SourceKind::Wfm) else {
        return if scene.floor.timetable().is_some() {
            "The schedule file has nobody on duty now.".to_owned()
        } else {
            "Neither a WFM source nor a schedule file is configured.".to_owned()
        };
    };
    match feed.status(scene.now) {
        FeedStatus::Waiting => format!("{} has not answered yet.", feed.name),
        FeedStatus::Live | FeedStatus::Stale => format!("{} gives nobody a schedule.", feed.name),
        FeedStatus::Failed | FeedStatus::Denied => {
            let why = feed.failure.as_ref().map_or("it has fallen silent", |f| f.text.as_str());
            format!("{} has given no schedule: {why}", feed.name)
        }
    }
}

//! Adherence: who does what the schedule wants, those who do not first.

use super::agents::mark;
use super::scene::Scene;
use super::state;
use super::table::{Column, Row, Spec, Table, cell, choose};
use super::text::Line;
use super::{List, time, window};
use crate::app;
use crate::model::{Feed, FeedStatus, Person, SourceKind};
use crate::rules::{Adherence, Severity, words};
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
    spec(Id::Note, "Note", 12, 40, 5),
];

/// The page in `room` rows.
pub(super) fn list(scene: &Scene<'_>, room: usize) -> List {
    let rows = scene.app.rows();
    if rows.is_empty() {
        let why = super::text::wrap(&why_empty(scene), scene.width.max(1));
        return List { empty: why.into_iter().map(Line::text).collect(), ..List::default() };
    }
    let above = vec![head_count(scene, rows).fit(scene.width, scene.symbols)];
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
                text(&words::duration(scene.now - since), out_tone(row))
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
        Some(false) if severity(row).is_some() => ("OUT", out_tone(row)),
        Some(false) | None if adherence.held_by_call => ("held by call", Tone::Text),
        Some(false) => ("within grace", Tone::Text),
        None => ("cannot say", Tone::Stale),
    }
}

/// Adherent people now / people with a schedule now of whom it can be said: a head count, which is
/// not the share of scheduled time that "adherence" means elsewhere.
fn head_count(scene: &Scene<'_>, rows: &[app::Row]) -> Line {
    let mut counts = [0usize; 3];
    let measured = rows.iter().filter_map(|row| row.adherence.as_ref()).filter(|a| !a.exempt);
    for adherence in measured {
        counts[match adherence.adherent {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        }] += 1;
    }
    let [adherent, out, unsaid] = counts;
    let said = adherent + out;
    if let Some(feed) = silent(scene) {
        // The few whom a schedule file judges meanwhile are no share of the floor.
        let since = feed.as_of.map(|at| format!(" since {}", time::clock(scene, at)));
        let since = since.unwrap_or_default();
        let text = format!("Adherent now: cannot be said, {} gives no data{since}", feed.name);
        return Line::of(text, Tone::Warn);
    }
    let mut line = Line::text("Adherent now: ");
    // Rounded half up.
    match (adherent * 200 + said).checked_div(2 * said) {
        Some(pct) => line.push(format!("{adherent} of {said} ({pct} %)"), Tone::Title),
        None => line.push(scene.symbols.dash(), Tone::Muted),
    }
    if unsaid > 0 {
        line.push(format!(", {unsaid} cannot be said"), Tone::Warn);
    }
    if let Some((feed, summary)) = summary(scene)
        .filter(|(_, summary)| (summary.adherent, summary.total) != (adherent as u64, said as u64))
    {
        let (theirs, of) = (summary.adherent, summary.total);
        line.push(format!("; {} counts {theirs} of {of}", feed.name), Tone::Muted);
    }
    line
}

/// A WFM that gives no data now.
fn silent<'a>(scene: &Scene<'a>) -> Option<&'a Feed> {
    let mut wfms = scene.floor.feeds().iter().filter(|feed| feed.kind == SourceKind::Wfm);
    wfms.find(|feed| feed.status(scene.now) != FeedStatus::Live)
}

/// Whether nobody can say how many of the floor do what is scheduled, since a WFM is silent.
pub(super) fn is_silent(scene: &Scene<'_>) -> bool {
    silent(scene).is_some()
}

fn summary<'a>(scene: &Scene<'a>) -> Option<(&'a Feed, crate::model::AdherenceSummary)> {
    let feeds = scene.floor.feeds().iter();
    let mut live = feeds.filter(|feed| feed.status(scene.now) == FeedStatus::Live);
    live.find_map(|feed| feed.summary.map(|summary| (feed, summary)))
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

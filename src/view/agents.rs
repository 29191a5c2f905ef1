//! The agents: who does what, for how long, and who needs attention.

use unicode_width::UnicodeWidthStr;

use super::scene::Scene;
use super::table::{Column, Row, Spec, Table, cell, choose};
use super::text::Line;
use super::{List, figures, state, window};
use crate::app::{self, Sort};
use crate::model::{Evidence, FeedStatus, Person, Work};
use crate::rules::{Adherence, Lost, Severity, words};
use crate::theme::Tone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    Mark,
    State,
    Time,
    Name,
    Queue,
    Campaign,
    Adherence,
    Calls,
    Occupancy,
    Utilization,
    Lost,
    Flags,
    Team,
    Skills,
    Sources,
}

const fn spec(id: Id, title: &'static str, min: usize, ideal: usize, rank: u8) -> Spec<Id> {
    let flush_right = matches!(id, Id::Time | Id::Calls | Id::Occupancy | Id::Utilization);
    Spec { id, title, min, ideal, flush_right, rank }
}

/// In the order shown; the rank says who stays longest.
const COLUMNS: [Spec<Id>; 14] = [
    spec(Id::Mark, " ! ", 3, 3, 0),
    spec(Id::State, "State", 20, 23, 1),
    spec(Id::Time, "Time", 8, 8, 2),
    spec(Id::Name, "Name", 14, 24, 3),
    spec(Id::Queue, "Queue", 12, 18, 5),
    spec(Id::Campaign, "Campaign", 12, 16, 10),
    spec(Id::Adherence, "Adh", 4, 4, 4),
    spec(Id::Calls, "Calls", 5, 6, 6),
    spec(Id::Occupancy, "Occ", 5, 5, 8),
    spec(Id::Utilization, "Util", 5, 5, 9),
    spec(Id::Flags, "Why", 20, 90, 7),
    spec(Id::Team, "Team", 6, 12, 11),
    spec(Id::Skills, "Skills", 8, 12, 12),
    spec(Id::Sources, "Sources", 16, 20, 13),
];

/// The same where only the lost are listed: how and since when stands before where they work.
const LOST_COLUMNS: [Spec<Id>; 9] = [
    spec(Id::Mark, " ! ", 3, 3, 0),
    spec(Id::State, "State", 20, 23, 1),
    spec(Id::Time, "Time", 8, 8, 2),
    spec(Id::Name, "Name", 14, 26, 3),
    spec(Id::Lost, "Lost", 28, 44, 4),
    spec(Id::Queue, "Queue", 12, 18, 5),
    spec(Id::Campaign, "Campaign", 12, 18, 7),
    spec(Id::Team, "Team", 6, 12, 6),
    spec(Id::Sources, "Sources", 16, 20, 8),
];

/// The page in `room` rows.
pub(super) fn list(scene: &Scene<'_>, room: usize) -> List {
    let rows = scene.app.rows();
    let silent = scene.floor.feeds().iter().all(|feed| feed.read_at.is_none());
    if rows.is_empty() || silent {
        return List { empty: why_empty(scene, silent), ..List::default() };
    }
    let lost = scene.app.filter().lost;
    let mut chosen = choose(if lost { &LOST_COLUMNS[..] } else { &COLUMNS[..] }, scene.width);
    mark_sort(scene, &mut chosen);
    let above: Vec<_> = team(scene).into_iter().collect();
    let selected = scene.app.selected_row().filter(|_| !scene.is_kiosk());
    let visible = window::around(selected, rows.len(), room.saturating_sub(1 + above.len()));
    let table_rows = rows[visible.clone()]
        .iter()
        .zip(visible)
        .filter_map(|(row, index)| {
            let person = scene.floor.people().get(row.person)?;
            let is_selected = selected == Some(index);
            let cells = chosen
                .iter()
                .map(|(id, column)| value(scene, *id, column, row, person, is_selected))
                .collect();
            Some(Row { cells, selected: is_selected })
        })
        .collect();
    let columns = chosen.into_iter().map(|(_, column)| column).collect();
    List { above, table: Table { columns, rows: table_rows }, ..List::default() }
}

/// The figures of the team to which the list is narrowed.
fn team(scene: &Scene<'_>) -> Option<Line> {
    let team = scene.app.filter().team.as_ref()?;
    let figures = scene.app.shown_ledger().team(team, scene.now)?;
    let mut line = Line::of(format!("{team} today: "), Tone::Title);
    line.push(
        figures::summary(scene, &figures, scene.width.saturating_sub(line.width())),
        Tone::Text,
    );
    Some(line.fit(scene.width, scene.symbols))
}

/// Marks the column by which the list is sorted.
fn mark_sort(scene: &Scene<'_>, columns: &mut [(Id, Column)]) {
    let (sort, reverse) = scene.app.sort();
    let (by, largest_first) = match sort {
        _ if scene.app.filter().lost => (Id::Time, true),
        Sort::Attention => (Id::Mark, true),
        Sort::Occupancy => (Id::Occupancy, true),
        Sort::Time => (Id::Time, true),
        Sort::State => (Id::State, true),
        Sort::Calls => (Id::Calls, true),
        Sort::Name => (Id::Name, false),
        Sort::Queue => (Id::Queue, false),
    };
    let mark = scene.symbols.order(largest_first != reverse);
    if let Some((id, column)) = columns.iter_mut().find(|(id, _)| *id == by) {
        let title = column.title.trim();
        column.title =
            if *id == Id::Mark { format!(" {title}{mark}") } else { format!("{title}{mark}") };
    }
}

fn value(
    scene: &Scene<'_>,
    id: Id,
    column: &Column,
    row: &app::Row,
    person: &Person,
    selected: bool,
) -> Line {
    let work = person.work();
    let text = |text: &str, tone: Tone| cell(text, tone, column, scene.symbols);
    let known = |value: Option<&str>| {
        let dash = scene.symbols.dash();
        value.map_or_else(|| text(dash, Tone::Muted), |value| text(value, Tone::Text))
    };
    match id {
        Id::Mark => mark(row.severity(), selected),
        Id::State => state::cell(scene, person, &row.headline, &row.findings, column),
        Id::Time => {
            let (time, tone) = time(scene, row);
            text(&time, tone)
        }
        Id::Occupancy | Id::Utilization => {
            let figures = scene.figures(&person.id);
            let share = figures.and_then(|figures| match id {
                Id::Occupancy => figures.occupancy,
                _ => figures.utilization,
            });
            let (share, tone) = figures::share(scene, share, !row.headline.is_current());
            text(&share, tone)
        }
        Id::Lost => row
            .lost
            .as_ref()
            .map_or_else(|| known(None), |lost| text(&got_lost(scene, lost), Tone::Warn)),
        Id::Name => text(&scene.name(person, row.person), Tone::Text),
        Id::Queue => known(work.and_then(queues).as_deref()),
        Id::Campaign => known(work.and_then(Work::campaign_or_id)),
        Id::Adherence => {
            let (word, tone) = adherence(scene, row.adherence.as_ref());
            text(word, tone)
        }
        Id::Calls => {
            known(work.and_then(|work| work.calls_today).map(|n| n.to_string()).as_deref())
        }
        Id::Flags => flags(scene, row, column),
        Id::Team => known(person.team.as_deref()),
        Id::Skills => {
            known(work.filter(|w| !w.skills.is_empty()).map(|w| w.skills.join(", ")).as_deref())
        }
        Id::Sources => sources(scene, person).fit(column.width, scene.symbols),
    }
}

/// The time in the state; where only the lost are listed, since when they have been.
fn time(scene: &Scene<'_>, row: &app::Row) -> (String, Tone) {
    match row.lost.as_ref().filter(|_| scene.app.filter().lost) {
        Some(Lost::Vanished { since: Some(since), .. }) => {
            (words::duration(scene.now - *since), Tone::Warn)
        }
        Some(Lost::Vanished { since: None, .. }) => (scene.symbols.dash().to_owned(), Tone::Muted),
        Some(Lost::Forgotten { .. }) | None => state::time(scene, &row.headline, &row.findings),
    }
}

/// How somebody got lost, and since when.
fn got_lost(scene: &Scene<'_>, lost: &Lost) -> String {
    let since = lost
        .since()
        .map_or_else(|| scene.symbols.dash().to_owned(), |since| super::time::clock(scene, since));
    match lost {
        Lost::Vanished { source, .. } => format!("vanished {since} from {source}"),
        Lost::Forgotten { .. } => format!("forgotten since {since}"),
    }
}

/// The sign in front of the selected row: where there are no colours its background is none.
pub(super) fn pointer(selected: bool) -> Line {
    if selected { Line::of(">", Tone::Pointer) } else { Line::text(" ") }
}

/// The first queue in which somebody sits, and in how many more.
fn queues(work: &Work) -> Option<String> {
    let mut names = work.queues();
    let first = names.next()?.to_owned();
    match names.count() {
        0 => Some(first),
        more => Some(format!("{first} +{more}")),
    }
}

/// Whether the row is selected, and how urgent it is.
pub(super) fn mark(severity: Option<Severity>, selected: bool) -> Line {
    let tone = severity.map_or(Tone::Text, state::severity_tone);
    pointer(selected).with(state::severity_mark(severity), tone)
}

fn adherence(scene: &Scene<'_>, adherence: Option<&Adherence>) -> (&'static str, Tone) {
    match adherence {
        None => (scene.symbols.dash(), Tone::Muted),
        Some(Adherence { exempt: true, .. }) => (scene.symbols.dash(), Tone::Muted),
        Some(Adherence { adherent: None, held_by_call: false, .. }) => ("?", Tone::Muted),
        Some(Adherence { adherent: Some(true), .. }) => ("ok", Tone::Text),
        Some(Adherence { held_by_call: true, .. }) => ("held", Tone::Text),
        Some(_) => ("OUT", Tone::Warn),
    }
}

/// What wants attention: as many in full as there is room for, the others in a word each.
fn flags(scene: &Scene<'_>, row: &app::Row, column: &Column) -> Line {
    let wording = |in_full: usize| {
        let findings = row.findings.iter().enumerate();
        let words: Vec<_> = findings
            .map(|(at, f)| {
                if at < in_full {
                    f.text.as_str()
                } else {
                    state::flag(f.kind, row.adherence.as_ref())
                }
            })
            .collect();
        words.join("; ")
    };
    let tone = row.severity().map_or(Tone::Text, state::severity_tone);
    let text = (0..=row.findings.len())
        .rev()
        .map(wording)
        .find(|text| text.width() <= column.width)
        .unwrap_or_else(|| wording(0));
    cell(&text, tone, column, scene.symbols)
}

/// What each source says, in a letter each.
fn sources(scene: &Scene<'_>, person: &Person) -> Line {
    let mut line = Line::default();
    for presence in &person.presences {
        let kind = presence.activity.kind();
        let stale = scene.floor.evidence(presence, scene.now) == Evidence::Stale;
        let gap = if line.is_empty() { "" } else { " " };
        line.push(format!("{gap}{} ", presence.source), Tone::Muted);
        if stale {
            line.push(format!("~{}", state::letter(kind)), Tone::Stale);
        } else {
            line.push(state::letter(kind), state::tone(kind));
        }
    }
    line
}

/// Why nobody is listed.
fn why_empty(scene: &Scene<'_>, silent: bool) -> Vec<Line> {
    if !silent && !scene.floor.people().is_empty() {
        return vec![Line::text("Nobody matches what the list is narrowed to.")];
    }
    let waiting: Vec<_> = scene
        .floor
        .feeds()
        .iter()
        .filter(|feed| feed.status(scene.now) == FeedStatus::Waiting)
        .map(|feed| feed.name.as_str())
        .collect();
    vec![Line::text(match (waiting.is_empty(), silent) {
        (false, _) => format!("waiting for {}{}", waiting.join(", "), scene.symbols.ellipsis()),
        (true, true) => "No source has said anything yet.".to_owned(),
        (true, false) => "No source lists anybody.".to_owned(),
    })]
}

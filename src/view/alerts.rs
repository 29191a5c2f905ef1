//! The alerts, the WFMs' and our own: what, about whom, since when, and what is being done about it.

use chrono::TimeDelta;
use unicode_width::UnicodeWidthStr;

use super::agents::pointer;
use super::concern::{kind_of, person};
use super::scene::Scene;
use super::table::{Column, GAP, Row, Spec, Table, cell, choose};
use super::text::{Line, wrap};
use super::{List, folded, time, window};
use crate::action::Action;
use crate::app::{AlertRow, AlertScope, Place};
use crate::keymap::Mode;
use crate::model::{Deed, Feed, FeedStatus, KnownAlert, Side, SideFeed, SourceKind};
use crate::rules::alert_is_current;
use crate::theme::Tone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Id {
    Mark,
    Age,
    Kind,
    Person,
    Message,
    Status,
    Source,
}

const fn spec(id: Id, title: &'static str, min: usize, ideal: usize, rank: u8) -> Spec<Id> {
    Spec { id, title, min, ideal, flush_right: matches!(id, Id::Age), rank }
}

/// In the order shown; the rank says who stays longest.
const COLUMNS: [Spec<Id>; 7] = [
    spec(Id::Mark, "", 2, 2, 0),
    spec(Id::Age, "Age", 6, 6, 3),
    spec(Id::Kind, "Type", 12, 17, 2),
    spec(Id::Person, "Person", 12, 24, 1),
    spec(Id::Message, "Message", 16, 90, 5),
    spec(Id::Status, "Status", 14, 14, 4),
    spec(Id::Source, "Source", 6, 12, 6),
];

/// The page in `room` rows.
pub(super) fn list(scene: &Scene<'_>, room: usize) -> List {
    let rows = scene.app.alert_rows();
    let above = above(scene);
    if rows.is_empty() {
        let why = wrap(&why_empty(scene), scene.width.max(1));
        let empty = why.into_iter().map(Line::text).collect();
        return List { above, empty, ..List::default() };
    }
    let columns: Vec<_> = COLUMNS
        .into_iter()
        .filter(|spec| match spec.id {
            Id::Source => says_whose(scene),
            // All that are listed have one status; only what is on its way differs.
            Id::Status => pending(scene) > 0,
            _ => true,
        })
        .map(|spec| narrowed(scene, spec))
        .collect();
    let chosen = choose(&columns, scene.width);
    let selected = scene.app.selected_alert_row().filter(|_| !scene.is_kiosk());
    let visible = window::around(selected, rows.len(), room.saturating_sub(1 + above.len()));
    let table_rows = rows[visible.clone()]
        .iter()
        .zip(visible)
        .filter_map(|(row, index)| {
            let known = scene.floor.alerts().get(&row.key)?;
            let is_selected = selected == Some(index);
            let cells = match row.place {
                Place::Fold { .. } => fold_cells(scene, &chosen, row, known, is_selected),
                Place::Alone | Place::Within => chosen
                    .iter()
                    .map(|(id, column)| value(scene, *id, column, row, known, is_selected))
                    .collect(),
            };
            Some(Row { cells, selected: is_selected })
        })
        .collect();
    let columns = chosen.into_iter().map(|(_, column)| column).collect();
    List { above, table: Table { columns, rows: table_rows }, ..List::default() }
}

/// Whether it has to be said whose an alert is.
fn says_whose(scene: &Scene<'_>) -> bool {
    let mut rows = scene.app.alert_rows().iter();
    wfms(scene).count() > 1 || rows.any(|row| row.key.source.is_own())
}

/// What stands in the row of several alerts: the mark and the age as of one, then a line.
fn fold_cells(
    scene: &Scene<'_>,
    chosen: &[(Id, Column)],
    row: &AlertRow,
    first: &KnownAlert,
    selected: bool,
) -> Vec<Line> {
    let leading = chosen.iter().take_while(|(id, _)| matches!(id, Id::Mark | Id::Age));
    let mut cells: Vec<_> =
        leading.map(|(id, column)| value(scene, *id, column, row, first, selected)).collect();
    let rest = chosen.iter().skip(cells.len()).map(|(_, column)| column.width + GAP);
    let width = rest.sum::<usize>().saturating_sub(GAP);
    let tone = tone(scene, row, first);
    let source = chosen.last().filter(|(id, _)| *id == Id::Source).map(|(_, column)| column);
    cells.push(match source {
        // Where it stands in the other rows.
        Some(column) => {
            let room = width.saturating_sub(column.width + GAP);
            let mut line = folded::line(scene, row, first, (tone, false), room);
            line.push(" ".repeat(room.saturating_sub(line.width()) + GAP), tone);
            line.append(cell(first.key.source.as_str(), tone, column, scene.symbols));
            line
        }
        None => folded::line(scene, row, first, (tone, says_whose(scene)), width),
    });
    cells
}

fn tone(scene: &Scene<'_>, row: &AlertRow, known: &KnownAlert) -> Tone {
    if !is_current(scene, known) || row.pending.is_some() { Tone::Stale } else { Tone::Text }
}

/// A column no wider than what is listed in it needs: what is left over goes to the message.
fn narrowed(scene: &Scene<'_>, spec: Spec<Id>) -> Spec<Id> {
    let listed = scene.app.alert_rows().iter();
    let listed = listed.filter_map(|row| scene.floor.alerts().get(&row.key));
    let widest = match spec.id {
        Id::Kind => listed.map(|known| kind(known).width()).max(),
        Id::Person => listed.map(|known| person(scene, known).width()).max(),
        Id::Source => listed.map(|known| known.key.source.as_str().width()).max(),
        _ => None,
    };
    let ideal = widest.map_or(spec.ideal, |widest| widest.clamp(spec.min, spec.ideal));
    Spec { ideal, ..spec }
}

fn value(
    scene: &Scene<'_>,
    id: Id,
    column: &Column,
    row: &AlertRow,
    known: &KnownAlert,
    selected: bool,
) -> Line {
    let alert = &known.alert;
    let stale = !is_current(scene, known);
    let tone = tone(scene, row, known);
    let text = |text: &str| cell(text, tone, column, scene.symbols);
    match id {
        Id::Mark => {
            let mark = match row.place {
                _ if row.is_marked => "*",
                Place::Fold { marked: 1.., .. } => "+", // some of them
                _ => " ",
            };
            pointer(selected).with(mark, Tone::Accent)
        }
        Id::Age => match alert.created_at {
            Some(at) => text(&age(scene.now - at)),
            None => text(scene.symbols.dash()),
        },
        Id::Kind if row.place == Place::Within => text(&format!(" {}", kind(known))),
        Id::Kind => text(&kind(known)),
        Id::Person => text(&person(scene, known)),
        Id::Message => text(&message(scene, known)),
        Id::Status => {
            let (word, tone) = status(scene, row.pending.as_ref(), known);
            let tone = if stale { Tone::Stale } else { tone };
            cell(&word, tone, column, scene.symbols)
        }
        Id::Source => text(known.key.source.as_str()),
    }
}

/// How old an alert is, in as few letters as say it: nobody needs an alert's seconds for an hour.
fn age(time: TimeDelta) -> String {
    let minutes = time.num_minutes();
    match minutes {
        ..1 => time::age(time),
        1..60 => format!("{minutes}m"),
        60..1440 => format!("{}h{:02}m", minutes / 60, minutes % 60),
        _ => format!("{}d{:02}h", minutes / 1440, minutes / 60 % 24),
    }
}

/// What an alert is about, in words.
pub(super) fn kind(known: &KnownAlert) -> String {
    kind_of(&known.alert.kind)
}

/// The WFM's sentence; it may name the person, who then is called as everywhere on this screen.
pub(super) fn message(scene: &Scene<'_>, known: &KnownAlert) -> String {
    let alert = &known.alert;
    let known_as = scene.floor.person_of_alert(known).map(|person| person.name.as_str());
    let shown = person(scene, known);
    [alert.name.as_deref(), known_as]
        .into_iter()
        .flatten()
        .filter(|name| !name.is_empty() && !scene.shows_names())
        .fold(alert.message.clone(), |message, name| message.replace(name, &shown))
}

/// How far an alert has been dealt with; what is on its way is shown as such.
pub(super) fn status(
    scene: &Scene<'_>,
    pending: Option<&Deed>,
    known: &KnownAlert,
) -> (String, Tone) {
    let dots = scene.symbols.ellipsis();
    match pending {
        Some(Deed::Acknowledge(_)) => (format!("acknowledging{dots}"), Tone::Accent),
        Some(Deed::Resolve(_)) => (format!("resolving{dots}"), Tone::Accent),
        Some(Deed::LogOut) | None => (known.alert.status.word().to_owned(), Tone::Text),
    }
}

/// Whether an alert stands as shown as far as anyone can know.
pub(super) fn is_current(scene: &Scene<'_>, known: &KnownAlert) -> bool {
    alert_is_current(scene.floor, known, scene.now)
}

fn wfms<'a>(scene: &'a Scene<'_>) -> impl Iterator<Item = &'a Feed> {
    scene.floor.feeds().iter().filter(|feed| feed.kind == SourceKind::Wfm)
}

/// The WFMs whose alerts are not current, and how their reading is doing.
fn in_doubt<'a>(scene: &'a Scene<'_>) -> impl Iterator<Item = (&'a Feed, &'a SideFeed)> {
    let sides = wfms(scene).filter_map(|feed| Some((feed, feed.side(Side::Alerts)?)));
    sides.filter(|(_, side)| side.status(scene.now) != FeedStatus::Live)
}

/// Which alerts these are, and what must be known of them before they are believed.
fn above(scene: &Scene<'_>) -> Vec<Line> {
    if !scene.app.raises_alerts() {
        return Vec::new();
    }
    let mut lines: Vec<_> = in_doubt(scene)
        .filter(|(_, side)| side.status(scene.now) != FeedStatus::Waiting)
        .map(|(feed, side)| doubt(scene, feed, side))
        .collect();
    lines.extend(wfms(scene).filter_map(|feed| held(scene, feed)));
    lines.push(scope(scene));
    lines.into_iter().map(|line| line.fit(scene.width, scene.symbols)).collect()
}

/// That a WFM listed none any more.
fn held(scene: &Scene<'_>, feed: &Feed) -> Option<Line> {
    let held = scene.floor.alerts().held(&feed.name)?;
    let until = time::clock(scene, held.until());
    let (wfm, of) = (&feed.name, held.of);
    let text = format!(" {wfm} lists no alert any more, {of} before: held as stale until {until} ");
    Some(Line::of(text, Tone::Banner))
}

fn doubt(scene: &Scene<'_>, feed: &Feed, side: &SideFeed) -> Line {
    let since = match side.as_of {
        Some(at) => format!("as they were at {}", time::clock(scene, at)),
        None => "never read".to_owned(),
    };
    let why = side.failure.as_ref().map_or("nothing has come since", |f| f.text.as_str());
    Line::of(format!(" {} alerts: {since}: {why} ", feed.name), Tone::Banner)
}

/// How many of the listed alerts are being dealt with.
fn pending(scene: &Scene<'_>) -> usize {
    scene.app.listed_alerts().1
}

fn scope(scene: &Scene<'_>) -> Line {
    let app = scene.app;
    let ((listed, pending), shown) = (app.listed_alerts(), app.alert_scope());
    let more = wfms(scene).any(|feed| scene.floor.alerts().is_cut(&feed.name));
    let awaited = in_doubt(scene).find(|(_, side)| side.status(scene.now) == FeedStatus::Waiting);
    // Our own may be there before a WFM has said anything.
    let awaited = awaited.filter(|_| shown == AlertScope::Active && listed > 0);
    let more = more || awaited.is_some();
    let plus = if more && shown == AlertScope::Active { "+" } else { "" };
    let known = match shown {
        AlertScope::Active => {
            listed > 0 || app.active_alerts().is_some() && in_doubt(scene).next().is_none()
        }
        AlertScope::Acknowledged | AlertScope::Resolved => {
            wfms(scene).next().is_none() || app.alerts_read_at().is_some()
        }
    };
    let count = match listed - pending {
        0 if !known => scene.symbols.dash().to_owned(),
        count => format!("{count}{plus}"),
    };
    let mut line = Line::of(format!("{count} {}", word(shown)), Tone::Title);
    if pending > 0 {
        line.push(format!(", {pending} on the way"), Tone::Accent);
    }
    if !app.search().is_empty() {
        line.push(format!(", only \"{}\"", app.search()), Tone::Warn);
    }
    let order = if app.alerts_reversed() { "oldest first" } else { "newest first" };
    line.push(format!(", {order}"), Tone::Muted);
    if shown != AlertScope::Active
        && let Some(at) = app.alerts_read_at()
    {
        line.push(format!(", read at {}", time::clock(scene, at)), Tone::Muted);
    }
    if let Some((feed, _)) = awaited {
        line.push(format!("; waiting for the alerts of {}", feed.name), Tone::Warn);
    } else if !plus.is_empty() {
        line.push("; the WFM sends no more at once", Tone::Warn);
    }
    if app.marked_alerts() > 0 {
        line.push(format!("  * {} marked", app.marked_alerts()), Tone::Accent);
    }
    let others = others(scene, shown);
    if line.width() + others.width() <= scene.width {
        line.append(others);
    }
    line
}

/// The key that shows the others, and which there are.
fn others(scene: &Scene<'_>, shown: AlertScope) -> Line {
    let Some(key) = scene.key(Mode::Floor, Action::Filter).filter(|_| !scene.is_kiosk()) else {
        return Line::default();
    };
    let others: Vec<_> = SCOPES.into_iter().filter(|scope| *scope != shown).map(word).collect();
    Line::of(format!("  {} ", scene.symbols.point()), Tone::Muted)
        .with(key, Tone::Key)
        .with(format!(": {}", others.join(", ")), Tone::Muted)
}

const SCOPES: [AlertScope; 3] =
    [AlertScope::Active, AlertScope::Acknowledged, AlertScope::Resolved];

fn word(scope: AlertScope) -> String {
    scope.status().word().to_owned()
}

/// Why no alert is listed. That there is none is said only where that is known.
fn why_empty(scene: &Scene<'_>) -> String {
    let (app, dots) = (scene.app, scene.symbols.ellipsis());
    if !app.raises_alerts() {
        return "Neither a WFM source nor a schedule file is configured: alerts come from one or by \
                the other."
            .to_owned();
    }
    let shown = app.alert_scope();
    let word = word(shown);
    if shown != AlertScope::Active {
        return match app.alerts_read_at() {
            None if wfms(scene).next().is_some() => format!("waiting for the {word} alerts{dots}"),
            _ if !app.search().is_empty() => {
                format!("No {word} alert matches \"{}\".", app.search())
            }
            _ => format!("No {word} alerts."),
        };
    }
    // Why not is said above.
    if let Some((feed, side)) = in_doubt(scene).next() {
        return match side.status(scene.now) {
            FeedStatus::Waiting => format!("waiting for the alerts of {}{dots}", feed.name),
            _ => "Nobody can say whether there are alerts.".to_owned(),
        };
    }
    match app.active_alerts() {
        Some((active @ 1.., _)) if !app.search().is_empty() => {
            format!("None of the {active} active alerts matches \"{}\".", app.search())
        }
        Some(_) => "No active alerts.".to_owned(),
        None => "No alerts are read from this WFM.".to_owned(),
    }
}

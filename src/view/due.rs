//! Who is due about now: how many of them are here, and who is not.

use chrono::{DateTime, Utc};

use super::scene::Scene;
use super::text::Line;
use crate::rules::Coming;
use crate::theme::Tone;

/// Below this height the lists need every row.
const ROOM_FOR_A_LINE: usize = 24;

/// Puts who is due behind the last of the header's `lines`, or below them where there is room. The page
/// that says it itself needs no second line.
pub(super) fn add_to(lines: &mut Vec<Line>, scene: &Scene<'_>) {
    let due = brief(scene);
    if due.is_empty() || scene.app.page() == crate::app::Page::Adherence {
        return;
    }
    match lines.last_mut() {
        Some(last) if last.width() + 3 + due.width() <= scene.width => {
            last.push(format!(" {} ", scene.symbols.separator()), Tone::Muted);
            last.append(due);
        }
        _ if scene.height >= ROOM_FOR_A_LINE => lines.push(due),
        _ => {}
    }
}

/// How many of every shift that begins about now are here; nothing where none does.
fn brief(scene: &Scene<'_>) -> Line {
    let mut line = Line::default();
    for at in scene.app.due().beginnings() {
        let gap = if line.is_empty() { "" } else { "; " };
        line.push(gap, Tone::Muted);
        line.append(shift(scene, at, false));
    }
    line
}

/// A line of every shift that begins about now, with the names of those who are not here.
pub(super) fn lines(scene: &Scene<'_>) -> Vec<Line> {
    let line = |at| shift(scene, at, true).fit(scene.width, scene.symbols);
    scene.app.due().beginnings().map(line).collect()
}

/// How many of the shift that begins at `at` are here and how many are not; then, where `named`, who is not.
fn shift(scene: &Scene<'_>, at: DateTime<Utc>, named: bool) -> Line {
    let late = if at <= scene.now { Tone::Warn } else { Tone::Text };
    let mut line =
        Line::of(format!("due {}: ", at.with_timezone(&scene.zone).format("%H:%M")), Tone::Title);
    let (mut gap, mut absent) = ("", Line::default());
    for (coming, word, tone) in [
        (Coming::Here, "here", Tone::Text),
        (Coming::Missing, "missing", late),
        (Coming::Unknown, "unknown", Tone::Stale),
    ] {
        let places = scene.app.due().those(at, coming);
        if places.is_empty() {
            continue;
        }
        line.push(gap, Tone::Muted);
        line.push(format!("{} {word}", places.len()), tone);
        gap = ", ";
        if named && coming != Coming::Here {
            // Where only one kind is not here its count stands just before.
            let before = if absent.is_empty() { ": ".to_owned() } else { format!("; {word}: ") };
            absent.push(format!("{before}{}", names(scene, places)), Tone::Text);
        }
    }
    line.append(absent);
    line
}

fn names(scene: &Scene<'_>, places: &[usize]) -> String {
    let name = |place: &usize| Some(scene.name(scene.floor.people().get(*place)?, *place));
    places.iter().filter_map(name).collect::<Vec<_>>().join(", ")
}

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
        line.append(counts(scene, at));
    }
    line
}

/// A line of every shift that begins about now, with the names of those who are not here.
pub(super) fn lines(scene: &Scene<'_>) -> Vec<Line> {
    let due = scene.app.due();
    let of = |at: DateTime<Utc>| {
        let mut line = counts(scene, at);
        let absent = [Coming::Missing, Coming::Unknown].map(|coming| due.those(at, coming));
        let names = absent
            .iter()
            .flat_map(|places| places.iter())
            .filter_map(|place| Some(scene.name(scene.floor.people().get(*place)?, *place)));
        let names: Vec<_> = names.collect();
        if !names.is_empty() {
            line.push(format!(": {}", names.join(", ")), Tone::Text);
        }
        line.fit(scene.width, scene.symbols)
    };
    due.beginnings().map(of).collect()
}

fn counts(scene: &Scene<'_>, at: DateTime<Utc>) -> Line {
    let count = |coming| scene.app.due().those(at, coming).len();
    let late = if at <= scene.now { Tone::Warn } else { Tone::Text };
    let mut line =
        Line::of(format!("due {}: ", at.with_timezone(&scene.zone).format("%H:%M")), Tone::Title);
    let counts = [
        (count(Coming::Here), "here", Tone::Text),
        (count(Coming::Missing), "missing", late),
        (count(Coming::Unknown), "unknown", Tone::Stale),
    ];
    let mut gap = "";
    for (count, word, tone) in counts.into_iter().filter(|(count, ..)| *count > 0) {
        line.push(gap, Tone::Muted);
        line.push(format!("{count} {word}"), tone);
        gap = ", ";
    }
    line
}

//! Alerts of one cause in one line: how many, of what, since when, of whom.

use super::concern::{kind_of, person};
use super::scene::Scene;
use super::text::{Line, fit};
use crate::app::{AlertRow, Place};
use crate::model::{AlertKey, AlertKind, KnownAlert};
use crate::rules::{Cause, ShiftStart};
use crate::theme::Tone;

/// No line has room for more names.
const NAMED: usize = 24;

/// The line in `width` columns of a row that stands for several alerts; `tone` is that of the first.
/// Where several sources raise alerts it says whose these are.
pub(super) fn line(
    scene: &Scene<'_>,
    row: &AlertRow,
    first: &KnownAlert,
    (tone, says_whose): (Tone, bool),
    width: usize,
) -> Line {
    let Place::Fold { members, is_open, .. } = &row.place else { return Line::default() };
    let whose = if says_whose { format!(" ({})", first.key.source) } else { String::new() };
    let when = begun(scene, first, members).map(|at| format!(" at {at}")).unwrap_or_default();
    let what = format!("{} {}{when}{whose}", members.len(), several(&first.alert.kind));
    let on_the_way = members.iter().filter(|key| scene.app.dealing_with(key).is_some()).count();
    let mut line = Line::of(what, tone);
    if on_the_way > 0 {
        line.push(format!(", {on_the_way} on the way"), Tone::Accent);
    }
    if *is_open {
        line.push(":", tone);
        return line.fit(width, scene.symbols);
    }
    let known = members.iter().filter_map(|key| scene.floor.alerts().get(key));
    let mut names: Vec<_> = known.take(NAMED).map(|known| person(scene, known)).collect();
    names.dedup();
    line.push(": ", tone);
    let room = width.saturating_sub(line.width());
    line.push(fit(&names.join(", "), room, scene.symbols), tone);
    line.fit(width, scene.symbols)
}

/// When it happened: the shift's beginning of late starts, else when the first was raised.
fn begun(scene: &Scene<'_>, first: &KnownAlert, members: &[AlertKey]) -> Option<String> {
    let cause = Cause::of(scene.floor, first, first.alert.status.clone());
    let at = match cause.shift {
        Some(ShiftStart::Wall(start)) => return Some(start.format("%H:%M").to_string()),
        Some(ShiftStart::At(at)) => Some(at),
        None => {
            let known = members.iter().filter_map(|key| scene.floor.alerts().get(key));
            known.filter_map(|known| known.alert.created_at).min()
        }
    };
    Some(at?.with_timezone(&scene.zone).format("%H:%M").to_string())
}

fn several(kind: &AlertKind) -> String {
    match kind {
        AlertKind::LateStart => "late starts".to_owned(),
        AlertKind::EarlyLeave => "early leaves".to_owned(),
        AlertKind::ExtendedBreak => "extended breaks".to_owned(),
        AlertKind::UnscheduledBreak => "unscheduled breaks".to_owned(),
        AlertKind::WrongState => "wrong states".to_owned(),
        AlertKind::Other(_) => kind_of(kind),
    }
}

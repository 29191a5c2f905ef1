//! The figures of a person's day, all systems together.

use chrono::TimeDelta;

use super::figures::{hours, percent};
use super::heading;
use crate::model::{ActivityKind, AdherencePct, Headline, Person};
use crate::rules::{Figures, kpi, words};
use crate::theme::Tone;
use crate::view::panel::labelled;
use crate::view::scene::Scene;
use crate::view::state;
use crate::view::text::Line;
use crate::view::time;

/// Our figures of the day; nothing where nothing is known of it.
pub(super) fn lines(
    scene: &Scene<'_>,
    person: &Person,
    headline: &Headline,
    inner: usize,
) -> Vec<Line> {
    let Some(figures) = scene.figures(&person.id) else { return Vec::new() };
    let (from, to) = (time::clock(scene, figures.since), time::clock(scene, figures.until));
    let stale = if headline.is_stale() { "; what goes on now is not confirmed" } else { "" };
    let mut lines = heading(format!("Day, all systems, {from} to {to}{stale}"));
    for (label, text) in [
        ("occupancy", percent(scene, figures.occupancy_pct.map(kpi::rounded))),
        ("utilization", percent(scene, figures.utilization_pct.map(kpi::rounded))),
        ("adherence", adherence(scene, &figures)),
        ("conformance", percent(scene, figures.conformance_pct.map(kpi::rounded))),
        ("logged in", hours(figures.logged_in)),
        ("handle time", hours(figures.handle)),
        ("spent", spent(&figures)),
    ] {
        lines.extend(labelled(label, &text, Tone::Text, inner));
    }
    lines
}

fn adherence(scene: &Scene<'_>, figures: &Figures) -> String {
    match &figures.adherence {
        AdherencePct::Percent(pct) => percent(scene, Some(kpi::rounded(*pct))),
        AdherencePct::NoSchedule => format!("{} (nothing is scheduled)", scene.symbols.dash()),
        AdherencePct::Bypass => "bypass: has a schedule and need not follow it".to_owned(),
        AdherencePct::Unreadable(word) => format!("not understood: \"{word}\""),
    }
}

/// The time in each activity; what is unknown belongs to it, since together they are the window.
fn spent(figures: &Figures) -> String {
    let times = state::KINDS.iter().map(|kind| (*kind, figures.times.of(*kind)));
    let times =
        times.filter(|(kind, time)| *kind == ActivityKind::Unknown || *time > TimeDelta::zero());
    let parts: Vec<_> =
        times.map(|(kind, time)| format!("{} {}", words::kind(kind), hours(time))).collect();
    parts.join(", ")
}

//! The figures of a person's day, all systems together.

use chrono::TimeDelta;

use super::figures::hours;
use super::heading;
use crate::model::{ActivityKind, Headline, Person};
use crate::rules::{DayAdherence, Figures, Share, words};
use crate::theme::Tone;
use crate::view::figures::percent;
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
    let stale = if headline.is_current() { "" } else { "; what goes on now is not confirmed" };
    let mut lines = heading(format!("Day, all systems, {from} to {to}{stale}"));
    let known = (figures.logged_in, figures.gaps.logged_in);
    let of_work = |share| known_of(scene, share, known, "logged in or not known to be off");
    for (label, text) in [
        ("occupancy", of_work(figures.occupancy)),
        ("utilization", of_work(figures.utilization)),
        ("adherence", adherence(scene, &figures)),
        ("conformance", conformance(scene, &figures)),
        ("logged in", hours(figures.logged_in)),
        ("handle time", hours(figures.handle)),
        ("spent", spent(&figures)),
    ] {
        lines.extend(labelled(label, &text, Tone::Text, inner));
    }
    lines
}

/// A percentage; where it is known of a part of its time only, of how much.
fn known_of(
    scene: &Scene<'_>,
    share: Option<Share>,
    (known, unknown): (TimeDelta, TimeDelta),
    what: &str,
) -> String {
    let text = percent(scene, share, false);
    if !share.is_some_and(Share::is_partial) {
        return text;
    }
    format!("{text}, known of {} of {} {what}", hours(known), hours(known + unknown))
}

fn conformance(scene: &Scene<'_>, figures: &Figures) -> String {
    let unknown = figures.gaps.due + figures.gaps.unplanned;
    known_of(scene, figures.conformance, (figures.attendance.due, unknown), "scheduled work")
}

fn adherence(scene: &Scene<'_>, figures: &Figures) -> String {
    match &figures.adherence {
        // A telephony system's own is of no schedule of ours.
        DayAdherence::Share(share) if figures.attendance.scheduled.is_zero() => {
            percent(scene, Some(*share), false)
        }
        DayAdherence::Share(share) => {
            let unknown = figures.gaps.scheduled + figures.gaps.unplanned;
            let known = (figures.attendance.scheduled, unknown);
            known_of(scene, Some(*share), known, "scheduled")
        }
        DayAdherence::NoSchedule => format!("{} (nothing is scheduled)", scene.symbols.dash()),
        DayAdherence::Bypass => "bypass: has a schedule and need not follow it".to_owned(),
        DayAdherence::Unreadable(word) => format!("not understood: \"{word}\""),
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

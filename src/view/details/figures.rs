//! The figures of a person's day: ours beside those that a telephony system keeps itself.

use std::cmp::Reverse;

use chrono::TimeDelta;

use super::heading;
use crate::model::{AdherencePct, Bucket, Person, Presence, SourceName, VendorKpi};
use crate::rules::kpi::{self, Comparison, compare, compare_logged_in};
use crate::rules::{Kpi, Share, Times, Worktime, day_worktime};
use crate::theme::Tone;
use crate::view::figures::percent;
use crate::view::panel::labelled;
use crate::view::scene::Scene;
use crate::view::text::Line;
use crate::view::time;

/// The figures of every source that keeps some.
pub(super) fn lines(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let keeping = person.presences.iter().filter_map(|p| Some((p, p.kpi.as_deref()?)));
    let figures = keeping.flat_map(|(presence, kpi)| of(scene, presence, kpi, inner));
    let times = logs(scene, person).flat_map(|(source, t)| worktime(scene, &source, &t, inner));
    figures.chain(times).collect()
}

/// What the logs make of the person's day.
fn logs(scene: &Scene<'_>, person: &Person) -> impl Iterator<Item = (SourceName, Worktime)> {
    person.keys().into_iter().filter_map(|key| {
        let times = day_worktime(scene.floor, &key, scene.now)?;
        Some((key.source, times))
    })
}

/// The work metrics that the dialer's document defines.
fn worktime(scene: &Scene<'_>, source: &SourceName, times: &Worktime, inner: usize) -> Vec<Line> {
    let since = time::clock(scene, scene.floor.day_start(scene.now));
    let ready_pct = times.ready_pct.map(|pct| format!("{} %", kpi::rounded(pct)));
    let ready_pct = ready_pct.unwrap_or_else(|| scene.symbols.dash().to_owned());
    let mut lines = heading(format!("Work times by the log of {source}, since {since}"));
    let ready = format!("{} (incl. calls)", hours(times.ready));
    for (label, text) in [
        ("login hours", hours(times.logged_in)),
        ("ready time", ready),
        ("ready %", ready_pct),
        ("break time", hours(times.on_break)),
        ("lunch", hours(times.at_lunch)),
    ] {
        lines.extend(labelled(label, &text, Tone::Text, inner));
    }
    lines
}

fn of(scene: &Scene<'_>, presence: &Presence, vendor: &VendorKpi, inner: usize) -> Vec<Line> {
    let ours = Kpi::of(&Times::of_vendor(vendor));
    let (from, to) = (time::clock(scene, vendor.since), time::clock(scene, vendor.as_of));
    let mut lines = heading(format!("Figures of {}, {from} to {to}", presence.source));
    for (label, ours, theirs) in [
        ("occupancy", ours.occupancy_pct, vendor.occupancy_pct),
        ("utilization", ours.utilization_pct, vendor.utilization_pct),
    ] {
        let share = ours.map(|pct| Share::new(pct, vendor.known_pct().unwrap_or(0.0)));
        let text = beside(scene, &percent(scene, share, false), theirs.map(plain));
        lines.extend(compared(label, &text, compare(ours, theirs), inner));
    }
    let text = beside(scene, &hours(ours.logged_in), vendor.logged_in.map(hours));
    lines.extend(compared(
        "logged in",
        &text,
        compare_logged_in(ours.logged_in, vendor.logged_in),
        inner,
    ));
    lines.extend(labelled("handle time", &hours(ours.handle), Tone::Text, inner));
    lines.extend(labelled("adherence", &adherence(vendor), Tone::Text, inner));
    let mut spent: Vec<_> = vendor.spent.iter().collect();
    spent.sort_by_key(|(_, time)| Reverse(**time));
    let spent: Vec<_> = spent
        .into_iter()
        .map(|(bucket, time)| format!("{} {}", word(bucket), hours(*time)))
        .collect();
    if !spent.is_empty() {
        lines.extend(labelled("spent", &spent.join(", "), Tone::Text, inner));
    }
    lines.extend(labelled("known", &coverage(scene, vendor), Tone::Text, inner));
    lines
}

/// Our figure, and the vendor's unchanged.
fn beside(scene: &Scene<'_>, ours: &str, theirs: Option<String>) -> String {
    let point = scene.symbols.point();
    let theirs = theirs.unwrap_or_else(|| "gives none".to_owned());
    format!("{ours} {point} vendor {theirs}")
}

/// A figure, and why ours and the vendor's do not look the same, where they do not.
fn compared(label: &str, text: &str, with: Option<Comparison>, inner: usize) -> Vec<Line> {
    let (agrees, why) = with.map_or((true, None), |with| (with.agrees, with.why));
    let Some(why) = why else { return labelled(label, text, Tone::Text, inner) };
    let tone = if agrees { Tone::Text } else { Tone::Warn };
    labelled(label, &format!("{text}: {why}"), tone, inner)
}

/// A vendor's percentage as it came, with two decimals at most.
pub(super) fn plain(pct: f64) -> String {
    format!("{} %", kpi::plain(pct))
}

/// A length of time as `h:mm:ss`.
pub(super) fn hours(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn adherence(vendor: &VendorKpi) -> String {
    match &vendor.adherence {
        AdherencePct::Percent(pct) => format!("{}, by the vendor", plain(*pct)),
        AdherencePct::NoSchedule => "no schedule there".to_owned(),
        AdherencePct::Bypass => "bypass: has a schedule and need not follow it".to_owned(),
        AdherencePct::Unreadable(word) => format!("not understood: \"{word}\""),
    }
}

/// How much of the window the vendor's states account for.
fn coverage(scene: &Scene<'_>, vendor: &VendorKpi) -> String {
    match vendor.known_pct().map(kpi::rounded) {
        None => scene.symbols.dash().to_owned(),
        Some(pct) if pct >= 100.0 => "100 % of the window".to_owned(),
        Some(pct) => format!("{pct} % of the window; the rest is before its log begins"),
    }
}

/// A vendor's state in our words.
fn word(bucket: &Bucket) -> &str {
    match bucket {
        Bucket::ExternalCall => "on the own phone",
        Bucket::OnContact => "on contact",
        Bucket::Offline => "offline",
        Bucket::Unreachable => "unreachable",
        Bucket::Ringing => "ringing",
        Bucket::Away => "away",
        Bucket::WrapUp => "wrap-up",
        Bucket::Available => "available",
        Bucket::LoggedIn => "logged in",
        Bucket::Other(word) => word,
    }
}

//! How figures of ours are written in a list.

use super::scene::Scene;
use crate::model::{AdherencePct, FeedStatus};
use crate::rules::{Figures, kpi};
use crate::theme::Tone;

/// A percentage in a cell, rounded half up; marked where nothing confirms what goes on now.
pub(super) fn share(scene: &Scene<'_>, pct: Option<f64>, stale: bool) -> (String, Tone) {
    match pct.map(kpi::rounded) {
        None => (scene.symbols.dash().to_owned(), Tone::Muted),
        Some(pct) if stale => (format!("~{pct}%"), Tone::Stale),
        Some(pct) => (format!("{pct}%"), Tone::Text),
    }
}

/// Whether every phone system is current: else what goes on now is missing from everybody's figures.
pub(super) fn are_current(scene: &Scene<'_>) -> bool {
    let mut telephony = scene.floor.feeds().iter().filter(|feed| feed.kind.is_telephony());
    telephony.all(|feed| feed.status(scene.now) == FeedStatus::Live)
}

/// Several people's figures in a line, the ones that matter most first.
pub(super) fn summary(scene: &Scene<'_>, figures: &Figures) -> String {
    let doubt = if are_current(scene) { "" } else { "~" };
    let percent = |pct: Option<f64>| {
        pct.map_or_else(
            || scene.symbols.dash().to_owned(),
            |pct| format!("{doubt}{} %", kpi::rounded(pct)),
        )
    };
    let adherence = match &figures.adherence {
        AdherencePct::Percent(pct) => Some(*pct),
        AdherencePct::NoSchedule | AdherencePct::Bypass | AdherencePct::Unreadable(_) => None,
    };
    format!(
        "occupancy {}, utilization {}, adherence {}, conformance {}",
        percent(figures.occupancy_pct),
        percent(figures.utilization_pct),
        percent(adherence),
        percent(figures.conformance_pct)
    )
}

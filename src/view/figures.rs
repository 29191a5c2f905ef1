//! How figures of ours are written in a list.

use unicode_width::UnicodeWidthStr;

use super::scene::Scene;
use crate::model::FeedStatus;
use crate::rules::{Figures, PARTIAL, Share, kpi};
use crate::theme::Tone;

/// A percentage in a cell, rounded half up; marked where it is known of a part of its time only, and
/// where nothing confirms what goes on now.
pub(super) fn share(scene: &Scene<'_>, share: Option<Share>, stale: bool) -> (String, Tone) {
    let Some(share) = share else { return (scene.symbols.dash().to_owned(), Tone::Muted) };
    let tone = if stale || share.is_partial() { Tone::Stale } else { Tone::Text };
    (format!("{}{}%", mark(share, stale), kpi::rounded(share.pct())), tone)
}

/// A percentage in a sentence, marked as in a cell; a dash where there is none.
pub(super) fn percent(scene: &Scene<'_>, share: Option<Share>, stale: bool) -> String {
    share.map_or_else(
        || scene.symbols.dash().to_owned(),
        |share| format!("{}{} %", mark(share, stale), kpi::rounded(share.pct())),
    )
}

fn mark(share: Share, stale: bool) -> &'static str {
    if stale { PARTIAL } else { share.mark() }
}

/// Whether every phone system is current: else what goes on now is missing from everybody's figures.
pub(super) fn are_current(scene: &Scene<'_>) -> bool {
    let mut telephony = scene.floor.feeds().iter().filter(|feed| feed.kind.is_telephony());
    telephony.all(|feed| feed.status(scene.now) == FeedStatus::Live)
}

/// Several people's figures in a line, the ones that matter most first, in words that leave every figure
/// whole in `room` columns.
pub(super) fn summary(scene: &Scene<'_>, figures: &Figures, room: usize) -> String {
    let is_stale = !are_current(scene);
    let shares =
        [figures.occupancy, figures.utilization, figures.adherence.share(), figures.conformance];
    let line = |words: [&str; 4]| {
        let figures = words.into_iter().zip(shares);
        let figures = figures.map(|(word, of)| format!("{word} {}", percent(scene, of, is_stale)));
        figures.collect::<Vec<_>>().join(", ")
    };
    let long = line(["occupancy", "utilization", "adherence", "conformance"]);
    if long.width() <= room { long } else { line(["occ", "util", "adh", "conf"]) }
}

//! A panel that lies over the page.

use super::scene::Scene;
use super::text::{Line, wrap};
use super::window;
use crate::action::Action;
use crate::keymap::Mode;
use crate::theme::Tone;

/// A panel that lies over the page, in its middle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panel {
    /// Its title.
    pub title: Line,
    /// The lines inside its frame, no wider than it.
    pub lines: Vec<Line>,
    /// What stands in the lower edge of its frame.
    pub foot: Line,
    /// Its width, with the frame.
    pub width: u16,
    /// Its height, with the frame.
    pub height: u16,
    /// Whether all of it is shown.
    pub complete: bool,
    /// Rows by which it can be scrolled down.
    pub scroll_limit: usize,
}

/// The frame's columns, and a blank one on either side.
const FRAME: usize = 4;

/// The columns inside a panel that wants `wanted` of them.
pub(super) fn inner_width(scene: &Scene<'_>, wanted: usize) -> usize {
    wanted.min(scene.width.saturating_sub(FRAME))
}

/// The rows inside a panel as high as the screen allows.
pub(super) fn inner_height(scene: &Scene<'_>) -> usize {
    scene.height.saturating_sub(4)
}

/// A panel `inner` columns wide around `lines`, as high as they need.
pub(super) fn around(
    scene: &Scene<'_>,
    title: impl Into<String>,
    lines: Vec<Line>,
    inner: usize,
    foot: Line,
) -> Panel {
    let fit = |line: Line| line.fit(inner, scene.symbols);
    let complete = lines.len() <= inner_height(scene);
    let lines: Vec<_> = lines.into_iter().take(inner_height(scene)).map(fit).collect();
    let columns = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    Panel {
        title: fit(Line::of(format!(" {} ", title.into()), Tone::Title)),
        height: columns(lines.len() + 2),
        lines,
        // It stands in the frame, which is wider than what is inside of it.
        foot: if foot.is_empty() { foot } else { spaced(foot).fit(inner + 2, scene.symbols) },
        width: columns(inner + FRAME),
        complete,
        scroll_limit: 0,
    }
}

/// A panel that shows the part of `lines` from `scroll` on; the keys that scroll it stand in its
/// foot, with as many of `more_keys` as there is room for.
pub(super) fn scrolled(
    scene: &Scene<'_>,
    title: impl Into<String>,
    lines: Vec<Line>,
    inner: usize,
    scroll: usize,
    more_keys: Vec<Line>,
) -> Panel {
    let all = lines.len();
    let visible = window::from(scroll, all, inner_height(scene));
    let mut foot = Line::default();
    if visible.len() < all {
        let (from, to) = (visible.start + 1, visible.end);
        foot.push(format!("{from}-{to}/{all}  "), Tone::Muted);
        foot.append(super::footer::scrolling(scene));
    }
    let closing = super::footer::closing(scene);
    for hint in more_keys {
        if foot.width() + hint.width() + closing.width() <= inner + 2 {
            foot.append(hint);
        }
    }
    foot.append(closing);
    let scroll_limit = all.saturating_sub(visible.len());
    let lines = lines.into_iter().skip(visible.start).take(visible.len()).collect();
    Panel {
        complete: visible.len() == all,
        scroll_limit,
        ..around(scene, title, lines, inner, foot)
    }
}

/// A panel that asks something: `pinned`, the answer and its keys, is always in it, and of what stands
/// above as much as there is room for, from line `scroll` on.
pub(super) fn asking(
    scene: &Scene<'_>,
    title: impl Into<String>,
    above: Vec<Line>,
    pinned: Vec<Line>,
    inner: usize,
    (scroll, mode): (usize, Mode),
) -> Panel {
    let (all, height) = (above.len(), inner_height(scene));
    let visible = window::from(scroll, all, height.saturating_sub(pinned.len() + 1));
    let mut between = Line::default();
    if visible.len() < all {
        let (from, to) = (visible.start + 1, visible.end);
        between.push(format!("{from}-{to}/{all}  "), Tone::Muted);
        between.append(super::footer::hint(scene, mode, Action::PageDown, "more"));
        between.append(super::footer::hint(scene, mode, Action::PageUp, "back"));
    }
    let scroll_limit = all - visible.len();
    let lines = above.into_iter().skip(visible.start).take(visible.len());
    let lines = lines.chain([between]).chain(pinned).collect();
    Panel { scroll_limit, ..around(scene, title, lines, inner, Line::default()) }
}

/// A line with a blank before and behind it.
fn spaced(mut line: Line) -> Line {
    if let Some(last) = line.spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    let mut spaced = Line::text(" ");
    spaced.append(line);
    spaced.with(" ", Tone::Text)
}

/// A sentence over as many lines as it needs.
pub(super) fn sentence(text: &str, tone: Tone, inner: usize) -> Vec<Line> {
    wrap(text, inner).into_iter().map(|line| Line::of(line, tone)).collect()
}

/// A sentence behind `label`, its further lines indented as far.
pub(super) fn labelled(label: &str, text: &str, tone: Tone, inner: usize) -> Vec<Line> {
    let indent = LABEL.max(label.len() + 1);
    let wrapped = wrap(text, inner.saturating_sub(indent)).into_iter();
    wrapped
        .enumerate()
        .map(|(index, line)| {
            let label = if index == 0 { label } else { "" };
            Line::of(format!("{label:<indent$}"), Tone::Muted).with(line, tone)
        })
        .collect()
}

/// The columns that labels take.
pub(super) const LABEL: usize = 12;

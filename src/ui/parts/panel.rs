//! A panel that lies over the page, in its middle.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::widgets::{Block, Clear, Widget};

use super::line;
use crate::theme::{Symbols, Theme, Tone};
use crate::view::Panel;

const ASCII: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Draws `panel` into the middle of `area`, as much of it as fits.
pub(in crate::ui) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    panel: &Panel,
    symbols: Symbols,
    theme: &Theme,
) {
    let (width, height) = (panel.width.min(area.width), panel.height.min(area.height));
    let area = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    if area.is_empty() {
        return;
    }
    let set = match symbols {
        Symbols::Unicode => border::ROUNDED,
        Symbols::Ascii => ASCII,
    };
    Clear.render(area, buffer);
    let block = Block::bordered()
        .border_set(set)
        .border_style(theme.style(Tone::Border))
        .title_top(line::styled(&panel.title, theme))
        .title_bottom(line::styled(&panel.foot, theme));
    let inner = block.inner(area);
    block.render(area, buffer);
    let inner = Rect {
        x: inner.x.saturating_add(1).min(area.right()),
        width: inner.width.saturating_sub(2),
        ..inner
    };
    for (row, text) in (0..).zip(&panel.lines) {
        line::draw(buffer, inner, row, text, theme);
    }
}

//! A page with a list: what stands over it, the list, what stands at the bottom.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::parts::{line, table};
use crate::theme::Theme;
use crate::view::List;

pub(super) fn draw(buffer: &mut Buffer, area: Rect, list: &List, theme: &Theme) {
    let rows = |n: usize| u16::try_from(n).unwrap_or(u16::MAX).min(area.height);
    for (row, text) in (0..).zip(&list.above) {
        line::draw(buffer, area, row, text, theme);
    }
    let (above, below) = (rows(list.above.len()), rows(list.below.len()));
    let middle =
        Rect { y: area.y + above, height: (area.height - above).saturating_sub(below), ..area };
    table::draw(buffer, middle, &list.table, theme);
    let lines = u16::try_from(list.empty.len()).unwrap_or(u16::MAX);
    let start = middle.height.saturating_sub(lines) / 2;
    for (row, text) in (start..).zip(&list.empty) {
        line::draw_centred(buffer, middle, row, text, theme);
    }
    for (row, text) in (area.height - below..).zip(&list.below) {
        line::draw(buffer, area, row, text, theme);
    }
}

//! A list with columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text;

use super::line::{lay_over, place, styled};
use crate::theme::{Theme, Tone};
use crate::view::{Column, GAP, Row, Table};

/// Draws the titles into the first row of `area` and the rows beneath.
pub(in crate::ui) fn draw(buffer: &mut Buffer, area: Rect, table: &Table, theme: &Theme) {
    if table.columns.is_empty() {
        return;
    }
    let header = theme.style(Tone::Header);
    lay_over(buffer, area, 0, header);
    let titles = table.columns.iter().map(|c| text::Line::styled(c.title.as_str(), header));
    cells(buffer, area, 0, &table.columns, titles);
    for (row, content) in (1..).zip(&table.rows) {
        draw_row(buffer, area, row, &table.columns, content, theme);
    }
}

fn draw_row(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    columns: &[Column],
    content: &Row,
    theme: &Theme,
) {
    cells(buffer, area, row, columns, content.cells.iter().map(|cell| styled(cell, theme)));
    if content.selected {
        // Its colours stay: the first row is the worst, and must not look the calmest.
        lay_over(buffer, area, row, theme.style(Tone::Selected));
    }
}

fn cells<'a>(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    columns: &[Column],
    lines: impl Iterator<Item = text::Line<'a>>,
) {
    let mut at = 0;
    for (column, line) in columns.iter().zip(lines) {
        let indent = if column.flush_right { column.width.saturating_sub(line.width()) } else { 0 };
        let Ok(left) = u16::try_from(at + indent) else { return };
        place(buffer, area, row, left, line);
        at += column.width + GAP;
    }
}

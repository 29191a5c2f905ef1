//! A list with columns.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text;

use super::line::{lay_over, place, styled, uniform};
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
    let lines = content.cells.iter();
    if content.selected {
        // Colours reversed are patches; the letters, shapes and marks say the same.
        let text = theme.style(Tone::Text);
        cells(buffer, area, row, columns, lines.map(|cell| uniform(cell, text)));
        lay_over(buffer, area, row, theme.style(Tone::Selected));
    } else {
        cells(buffer, area, row, columns, lines.map(|cell| styled(cell, theme)));
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

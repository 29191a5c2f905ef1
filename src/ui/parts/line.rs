//! A line of text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text;
use ratatui::widgets::Widget;

use crate::theme::Theme;
use crate::view::Line;

/// Draws `line` into row `row` of `area`.
pub(in crate::ui) fn draw(buffer: &mut Buffer, area: Rect, row: u16, line: &Line, theme: &Theme) {
    place(buffer, area, row, 0, styled(line, theme));
}

/// Draws `line` into the middle of row `row` of `area`.
pub(in crate::ui) fn draw_centred(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    line: &Line,
    theme: &Theme,
) {
    let width = u16::try_from(line.width()).unwrap_or(u16::MAX);
    place(buffer, area, row, area.width.saturating_sub(width) / 2, styled(line, theme));
}

/// Draws `line` into row `row` of `area`, from its column `column` on; nothing outside of `area`.
pub(in crate::ui) fn place(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    column: u16,
    line: text::Line<'_>,
) {
    if row >= area.height || column >= area.width {
        return;
    }
    let area = Rect { x: area.x + column, y: area.y + row, width: area.width - column, height: 1 };
    line.render(area.intersection(buffer.area), buffer);
}

/// The line as the terminal's library knows it.
pub(in crate::ui) fn styled<'a>(line: &'a Line, theme: &Theme) -> text::Line<'a> {
    let spans = line.spans.iter();
    spans.map(|span| text::Span::styled(span.text.as_str(), theme.style(span.tone))).collect()
}

/// Lays `style` over row `row` of `area`.
pub(in crate::ui) fn lay_over(buffer: &mut Buffer, area: Rect, row: u16, style: Style) {
    if row < area.height {
        buffer.set_style(Rect { y: area.y + row, height: 1, ..area }, style);
    }
}

//! From words and meanings to cells. No sorting, no clock, no config; never panics, whatever the
//! size of the terminal.

mod list;
mod log;
mod parts;

use ratatui::Frame;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;

use crate::theme::{Symbols, Theme};
use crate::view::{Body, Screen, shown};
use parts::{line, panel};

/// Draws `screen` over the whole of `frame`.
pub fn draw(frame: &mut Frame<'_>, screen: &Screen, theme: &Theme) {
    let area = frame.area();
    render(frame.buffer_mut(), area, screen, theme);
}

/// Draws `screen` into `area` of `buffer`; what does not fit is left out.
pub fn render(buffer: &mut Buffer, area: Rect, screen: &Screen, theme: &Theme) {
    let area = area.intersection(buffer.area);
    if let Body::TooSmall(text) = &screen.body {
        line::draw(buffer, area, 0, text, theme);
        return;
    }
    for (row, text) in (0..).zip(&screen.header) {
        line::draw(buffer, area, row, text, theme);
    }
    let header = u16::try_from(screen.header.len()).unwrap_or(u16::MAX);
    line::draw(buffer, area, header, &screen.tabs, theme);
    let top = header.saturating_add(1).min(area.height);
    let body = Rect { y: area.y + top, height: (area.height - top).saturating_sub(1), ..area };
    match &screen.body {
        Body::List(content) => list::draw(buffer, body, content, theme),
        Body::Log { back, zone } => {
            log::draw(buffer, body, (*back, *zone), screen.symbols, theme);
        }
        Body::TooSmall(_) => {}
    }
    line::draw(buffer, area, area.height.saturating_sub(1).max(top), &screen.footer, theme);
    if let Some(overlay) = &screen.overlay {
        panel::draw(buffer, area, overlay, screen.symbols, theme);
    }
    if screen.symbols == Symbols::Ascii {
        spell_out(buffer, area);
    }
}

/// Writes in ASCII what is still something else: a terminal of another charset would show two or three
/// letters for each. What a cell has no room for is left out.
fn spell_out(buffer: &mut Buffer, area: Rect) {
    for position in area.positions() {
        let Some(cell) = buffer.cell(position).filter(|cell| !cell.symbol().is_ascii()) else {
            continue;
        };
        let (width, style) = (usize::from(cell.cell_width()), cell.style());
        let spelled = shown(cell.symbol(), Symbols::Ascii).into_owned();
        let text = format!("{spelled:<width$.width$}");
        buffer.set_string(position.x, position.y, text, style);
    }
}

#[cfg(test)]
mod tests;

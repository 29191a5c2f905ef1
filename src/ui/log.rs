//! The program's own log, from the one logger of the process.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use tui_logger::{TuiLoggerLevelOutput, TuiLoggerWidget};

use crate::theme::{Theme, Tone};

/// No further back than this: the logger forgets what is older anyway.
const FURTHEST_BACK: usize = 2000;

/// Draws the log scrolled back by `back` lines.
///
/// The logger's widget always shows the newest lines and scrolls by pages only, so a picture that
/// is higher by `back` lines is drawn aside, and its upper part is what is shown.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, back: usize, theme: &Theme) {
    if area.is_empty() {
        return;
    }
    let back = u16::try_from(back.min(FURTHEST_BACK)).unwrap_or_default();
    let tall = Rect { x: 0, y: 0, width: area.width, height: area.height.saturating_add(back) };
    let mut aside = Buffer::empty(tall);
    TuiLoggerWidget::default()
        .output_level(Some(TuiLoggerLevelOutput::Long))
        .output_separator(' ')
        .output_target(false)
        .output_file(false)
        .output_line(false)
        .style(theme.style(Tone::Text))
        .style_error(theme.style(Tone::Error))
        .style_warn(theme.style(Tone::Warn))
        .style_debug(theme.style(Tone::Muted))
        .style_trace(theme.style(Tone::Muted))
        .render(tall, &mut aside);
    let blank = Cell::default();
    let is_blank = |y: u16| (0..tall.width).all(|x| aside[(x, y)].symbol() == blank.symbol());
    // Where there are fewer lines than that, the oldest one is at the top.
    let first = (0..back).find(|y| !is_blank(*y)).unwrap_or(back);
    for y in 0..area.height {
        for x in 0..area.width {
            if let Some(cell) = buffer.cell_mut((area.x + x, area.y + y)) {
                cell.clone_from(&aside[(x, first + y)]);
            }
        }
    }
}

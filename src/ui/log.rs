//! The program's own log, from the one logger of the process.

use chrono::DateTime;
use chrono_tz::Tz;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;
use tui_logger::{ExtLogRecord, LogFormatter, TuiLoggerWidget};

use crate::theme::{Symbols, Theme, Tone};
use crate::view::{shown, wrap};

/// No further back than this: the logger forgets what is older anyway.
const FURTHEST_BACK: usize = 2000;

/// The column in which what follows the time begins, also of lines that are continued.
const INDENT: usize = "00:00:00 ".len();

/// Writes entries of the log, broken between words: the logger's own way breaks them anywhere.
struct Sentences {
    /// The floor's: a server's own is nobody's who reads it.
    zone: Tz,
    plain: Style,
    error: Style,
    warn: Style,
    muted: Style,
    symbols: Symbols,
}

impl Sentences {
    fn of(theme: &Theme, symbols: Symbols, zone: Tz) -> Self {
        Self {
            zone,
            plain: theme.style(Tone::Text),
            error: theme.style(Tone::Error),
            warn: theme.style(Tone::Warn),
            muted: theme.style(Tone::Muted),
            symbols,
        }
    }

    fn style(&self, level: &str) -> Style {
        match level {
            "ERROR" => self.error,
            "WARN" => self.warn,
            "DEBUG" | "TRACE" => self.muted,
            _ => self.plain,
        }
    }
}

impl LogFormatter for Sentences {
    fn min_width(&self) -> u16 {
        13
    }

    fn format(&self, width: usize, entry: &ExtLogRecord) -> Vec<Line<'_>> {
        let (at, level) = (entry.timestamp.timestamp().as_second(), entry.level.as_str());
        let at = clock(at, self.zone);
        let text = format!("{level:<5} {}", entry.msg());
        lines(&at, &shown(&text, self.symbols), width)
            .into_iter()
            .map(|line| Line::styled(line, self.style(level)))
            .collect()
    }
}

/// The time of day in `zone` at so many seconds since 1970.
fn clock(seconds: i64, zone: Tz) -> String {
    let at = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    at.with_timezone(&zone).format("%H:%M:%S ").to_string()
}

/// An entry as lines of at most `width` columns, `at` before the first of them.
fn lines(at: &str, text: &str, width: usize) -> Vec<String> {
    let room = width.saturating_sub(INDENT);
    let wrapped = text.lines().flat_map(|line| wrap(line, room)).enumerate();
    wrapped
        .map(|(index, line)| format!("{:INDENT$}{line}", if index == 0 { at } else { "" }))
        .collect()
}

/// Draws the log scrolled back by `back` lines, in the time of `zone`: the machine's, as the logger asks for
/// it, also while what is shown does not follow that.
///
/// The logger's widget always shows the newest lines and scrolls by pages only, so a picture that
/// is higher by `back` lines is drawn aside, and its upper part is what is shown.
pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    (back, zone): (usize, Tz),
    symbols: Symbols,
    theme: &Theme,
) {
    if area.is_empty() {
        return;
    }
    let back = u16::try_from(back.min(FURTHEST_BACK)).unwrap_or_default();
    let tall = Rect { x: 0, y: 0, width: area.width, height: area.height.saturating_add(back) };
    let mut aside = Buffer::empty(tall);
    TuiLoggerWidget::default()
        .style(theme.style(Tone::Text))
        .formatter(Box::new(Sentences::of(theme, symbols, zone)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_told_in_the_floors_time_wherever_the_program_runs() {
        let noon = 1_772_366_400; // of 1 March 2026, in UTC
        assert_eq!(clock(noon, Tz::UTC), "12:00:00 ");
        assert_eq!(clock(noon, Tz::America__New_York), "07:00:00 ");
    }

    #[test]
    fn an_entry_is_broken_between_words_under_its_beginning_and_a_long_word_anywhere() {
        let text = "WARN  the answer of dialer is malformed";
        assert_eq!(
            lines("10:00:00 ", text, 30),
            ["10:00:00 WARN  the answer of", "         dialer is malformed"]
        );
        assert_eq!(
            lines("10:00:00 ", "INFO  abcdefghij", 14),
            ["10:00:00 INFO", "         abcde", "         fghij"]
        );
        let two = lines("10:00:00 ", "INFO  one\ntwo", 40);
        assert_eq!(two, ["10:00:00 INFO  one", "         two"]);
    }
}

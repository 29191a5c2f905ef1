//! From a finished frame to the bytes that turn the last one on the terminal into it.
//!
//! Only what differs is written, unless signs are in a row of which terminals do not agree how wide they
//! are: what such a sign covers is not known, so where one comes, goes or has a new neighbour its row is
//! painted anew, and behind it everything begins at a place that is named.

use std::collections::BTreeSet;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, DisableLineWrap, EndSynchronizedUpdate,
};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use termprofile::TermProfile;

use super::disputed::{covered, is_disputed, row};

/// A finished picture of the whole screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Every cell.
    pub buffer: Buffer,
    /// Where the cursor shows; none to hide it.
    pub cursor: Option<Position>,
}

/// Knows what stands on the terminal, and writes only what differs.
#[derive(Debug)]
pub struct Painter {
    profile: TermProfile,
    painted: Option<Frame>,
}

impl Painter {
    /// A painter for a terminal with the colours of `profile`, on which nothing stands yet.
    #[must_use]
    pub fn new(profile: TermProfile) -> Self {
        Self { profile, painted: None }
    }

    /// Forgets what stands on the terminal: the next frame is painted whole.
    pub fn forget(&mut self) {
        self.painted = None;
    }

    /// The bytes that make the terminal show `frame`, as one chunk; empty when it does already.
    pub fn paint(&mut self, frame: Frame) -> Vec<u8> {
        if self.painted.as_ref() == Some(&frame) {
            return Vec::new();
        }
        let mut bytes = Vec::with_capacity(4096);
        // A Vec takes everything; only a cell's own formatting could fail, and it does not.
        let painted = self.chunk(&frame, &mut bytes);
        debug_assert!(painted.is_ok());
        self.painted = Some(frame);
        bytes
    }

    fn chunk(&self, frame: &Frame, bytes: &mut Vec<u8>) -> std::io::Result<()> {
        queue!(bytes, BeginSynchronizedUpdate)?;
        let area = frame.buffer.area;
        let known = self.painted.as_ref().filter(|painted| painted.buffer.area == area);
        let empty;
        let before = match known {
            Some(painted) => &painted.buffer,
            None => {
                // All of it, since a terminal may have been reset in between. What a row has no room
                // for must not run over into the next one.
                queue!(bytes, SetAttribute(Attribute::Reset), Hide, DisableLineWrap)?;
                queue!(bytes, Clear(ClearType::All))?;
                empty = Buffer::empty(area);
                &empty
            }
        };
        let anew = rows_to_paint_anew(before, &frame.buffer);
        let differing = before.diff_iter(&frame.buffer).filter(|(_, y, _)| !anew.contains(y));
        let cells: Vec<_> = differing.map(|(x, y, cell)| (x, y, self.adapted(cell))).collect();
        CrosstermBackend::new(&mut *bytes).draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))?;
        for y in anew {
            self.paint_anew(&frame.buffer, y, bytes)?;
        }
        match frame.cursor.filter(|at| on(area, *at)) {
            Some(at) => queue!(bytes, MoveTo(at.x, at.y), Show)?,
            None if known.is_some_and(|painted| painted.cursor.is_some()) => queue!(bytes, Hide)?,
            None => {}
        }
        queue!(bytes, EndSynchronizedUpdate)
    }

    /// Paints all of row `y`, whatever stands there.
    fn paint_anew(&self, buffer: &Buffer, y: u16, bytes: &mut Vec<u8>) -> std::io::Result<()> {
        queue!(bytes, MoveTo(0, y), Clear(ClearType::CurrentLine))?;
        let cells = buffer.content.get(row(buffer, y)).unwrap_or_default();
        let mut stretch: Vec<(u16, Cell)> = Vec::new();
        let mut next = 0;
        for (x, cell) in (0..buffer.area.width).zip(cells) {
            if x < next {
                continue; // a wide letter covers it
            }
            next = x.saturating_add(cell.cell_width().max(1));
            if *cell != Cell::default() {
                stretch.push((x, self.adapted(cell)));
            }
            if is_disputed(cell.symbol()) {
                draw_stretch(&mut stretch, y, bytes)?;
                if next < buffer.area.width {
                    queue!(bytes, MoveTo(next, y), Clear(ClearType::UntilNewLine))?;
                }
            }
        }
        draw_stretch(&mut stretch, y, bytes)
    }

    /// A cell in colours that the terminal has. Adapting only those that are written keeps a frame's cost
    /// in proportion to what changed.
    fn adapted(&self, cell: &Cell) -> Cell {
        let mut cell = cell.clone();
        let Style { fg, bg, underline_color, .. } = self.profile.adapt_style(cell.style());
        cell.fg = fg.unwrap_or(Color::Reset);
        cell.bg = bg.unwrap_or(Color::Reset);
        cell.underline_color = underline_color.unwrap_or(Color::Reset);
        cell
    }
}

/// Draws these cells of row `y`, and takes them.
fn draw_stretch(
    stretch: &mut Vec<(u16, Cell)>,
    y: u16,
    bytes: &mut Vec<u8>,
) -> std::io::Result<()> {
    if stretch.is_empty() {
        return Ok(());
    }
    CrosstermBackend::new(bytes).draw(stretch.iter().map(|(x, cell)| (*x, y, cell)))?;
    stretch.clear();
    Ok(())
}

/// The rows in which something differs that a sign of disputed width covers, or covered.
fn rows_to_paint_anew(before: &Buffer, after: &Buffer) -> BTreeSet<u16> {
    let differs = |y: &u16| {
        let covered = covered(before, *y).into_iter().chain(covered(after, *y));
        covered
            .into_iter()
            .any(|cells| before.content.get(cells.clone()) != after.content.get(cells))
    };
    (0..after.area.height).filter(differs).collect()
}

fn on(area: Rect, at: Position) -> bool {
    area.contains(at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Modifier;

    use super::*;

    fn frame(lines: &[&str]) -> Frame {
        Frame { buffer: Buffer::with_lines(lines.iter().copied()), cursor: None }
    }

    fn screen(height: u16, width: u16) -> vt100::Parser {
        let size = |n| std::num::NonZeroU16::new(n).unwrap();
        vt100::Parser::new(size(height), size(width), 0)
    }

    fn shown(screen: &vt100::Parser) -> String {
        screen.screen().contents()
    }

    #[test]
    fn a_frame_appears_and_the_next_writes_only_what_differs() {
        crossterm::style::force_color_output(true);
        let (mut painter, mut screen) = (Painter::new(TermProfile::TrueColor), screen(2, 20));
        screen.process(&painter.paint(frame(&["available  00:01    ", "on contact 12:00    "])));
        assert_eq!(shown(&screen), "available  00:01\non contact 12:00");
        let bytes = painter.paint(frame(&["available  00:02    ", "on contact 12:00    "]));
        assert!(bytes.len() < 60, "{} bytes for one digit", bytes.len());
        screen.process(&bytes);
        assert_eq!(shown(&screen), "available  00:02\non contact 12:00");
        assert!(painter.paint(frame(&["available  00:02    ", "on contact 12:00    "])).is_empty());
    }

    #[test]
    fn a_chunk_is_one_synchronized_update() {
        let text =
            String::from_utf8(Painter::new(TermProfile::NoColor).paint(frame(&["x"]))).unwrap();
        assert!(text.starts_with("\u{1b}[?2026h") && text.ends_with("\u{1b}[?2026l"), "{text:?}");
    }

    #[test]
    fn another_size_or_a_lost_picture_is_painted_whole() {
        let (mut painter, mut screen) = (Painter::new(TermProfile::Ansi16), screen(2, 6));
        screen.process(&painter.paint(frame(&["abcdef", "ghijkl"])));
        screen.process(&painter.paint(frame(&["abc", "ghi"])));
        assert_eq!(shown(&screen), "abc\nghi");
        screen.process(b"\x1b[2J\x1b[Hgarbage");
        painter.forget();
        screen.process(&painter.paint(frame(&["abc", "ghi"])));
        assert_eq!(shown(&screen), "abc\nghi");
    }

    #[test]
    fn without_colours_reversed_and_bold_remain() {
        crossterm::style::force_color_output(true);
        let mut picture = frame(&["selected"]);
        let style =
            Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Red).add_modifier(Modifier::REVERSED);
        picture.buffer.set_style(picture.buffer.area, style);
        let mut screen = screen(1, 8);
        screen.process(&Painter::new(TermProfile::NoColor).paint(picture));
        let cell = screen.screen().cell(0, 7).unwrap();
        assert!(cell.inverse());
        assert_eq!(
            (cell.fgcolor(), cell.bgcolor()),
            (vt100::Color::Default, vt100::Color::Default)
        );
    }

    #[test]
    fn colours_are_reduced_to_what_the_terminal_has() {
        crossterm::style::force_color_output(true);
        let mut picture = frame(&["x"]);
        picture.buffer.set_style(picture.buffer.area, Style::new().fg(Color::Rgb(255, 0, 0)));
        for (profile, rgb) in [(TermProfile::TrueColor, true), (TermProfile::Ansi256, false)] {
            let bytes = Painter::new(profile).paint(picture.clone());
            assert_eq!(String::from_utf8_lossy(&bytes).contains("38;2;"), rgb, "{profile:?}");
        }
    }

    #[test]
    fn the_cursor_shows_where_it_is_wanted_and_hides_again() {
        let (mut painter, mut screen) = (Painter::new(TermProfile::NoColor), screen(1, 4));
        let with = |cursor| Frame { cursor, ..frame(&["/abc"]) };
        screen.process(&painter.paint(with(None)));
        assert!(screen.screen().hide_cursor());
        screen.process(&painter.paint(with(Some(Position::new(2, 0)))));
        assert!(!screen.screen().hide_cursor());
        assert_eq!(screen.screen().cursor_position(), (0, 2));
        screen.process(&painter.paint(with(None)));
        assert!(screen.screen().hide_cursor());
        assert!(painter.paint(with(None)).is_empty());
        let outside = with(Some(Position::new(9, 9)));
        screen.process(&painter.paint(outside));
        assert!(screen.screen().hide_cursor());
    }

    proptest! {
        /// Whatever frames were left out in between, the terminal ends up showing the last one.
        #[test]
        fn the_screen_shows_the_last_frame_painted(
            frames in prop::collection::vec(prop::collection::vec("[a-c 電]{0,6}", 3), 1..6),
        ) {
            let (mut painter, mut screen) = (Painter::new(TermProfile::Ansi256), screen(3, 12));
            for lines in &frames {
                let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 3));
                for (y, line) in (0..).zip(lines) {
                    buffer.set_string(0, y, line, Style::new());
                }
                screen.process(&painter.paint(Frame { buffer, cursor: None }));
            }
            let expected: Vec<&str> = frames.last().unwrap().iter().map(|line| line.trim_end()).collect();
            let shown: Vec<String> = screen.screen().rows(0, 12).map(|row| row.trim_end().to_owned()).collect();
            prop_assert_eq!(shown, expected);
        }
    }
}

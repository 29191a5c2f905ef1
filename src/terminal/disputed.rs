//! Signs of which terminals do not agree how many columns they take.
//!
//! One draws a keycap, a flag, a family, a skin tone, a letter with a mark of its own, a cluster of an
//! Indic script or a syllable by its parts as one sign, another draws its parts one after the other. What
//! such a sign covers on the screen is not known, and where the cursor stands behind it neither.

use std::ops::Range;

use ratatui::buffer::{Buffer, CellWidth};

/// Whether terminals may differ in how wide they draw `symbol`.
pub(super) fn is_disputed(symbol: &str) -> bool {
    let mut letters = symbol.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => !is_agreed(letter),
        _ => !symbol.is_empty(),
    }
}

/// Whether every terminal draws `letter` as wide as any other: the scripts that terminals have known for
/// ever, and the shapes and lines that this program draws itself.
fn is_agreed(letter: char) -> bool {
    matches!(letter,
        ' '..='~'
        | '\u{a1}'..='\u{ac}'
        | '\u{ae}'..='\u{2ff}' // Latin
        | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{556}' // Greek, Cyrillic, Armenian
        | '\u{1e00}'..='\u{1fff}' // more of Latin and Greek
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203b}' // dashes, quotes, the ellipsis
        | '\u{20ac}' | '\u{2190}'..='\u{2193}' | '\u{2260}'..='\u{2265}'
        | '\u{2500}'..='\u{25a9}' | '\u{25b2}'..='\u{25b5}' | '\u{25bc}'..='\u{25bf}'
        | '\u{25c6}'..='\u{25fa}' // lines and shapes
        | '\u{2715}'
        | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{30ff}' // Kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{ac00}'..='\u{d7a3}' // Hangul
        | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}')
}

/// The columns of row `y` that a sign whose width is disputed may cover on any terminal, as indexes of the
/// buffer's cells.
pub(super) fn covered(buffer: &Buffer, y: u16) -> Vec<Range<usize>> {
    let row = row(buffer, y);
    row.clone()
        .filter_map(|at| {
            let cell = buffer.content.get(at)?;
            let symbol = cell.symbol();
            let widest = symbol.chars().count() * 2;
            let reach = widest.max(usize::from(cell.cell_width()));
            // A sign that is nothing but marks joins the letter before it.
            let from = at.saturating_sub(1).max(row.start);
            is_disputed(symbol).then(|| from..(at + reach).min(row.end))
        })
        .collect()
}

/// Row `y` as indexes of the buffer's cells.
pub(super) fn row(buffer: &Buffer, y: u16) -> Range<usize> {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    start..start + width
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};
    use termprofile::TermProfile;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;
    use crate::terminal::{Frame, Painter};

    const SIGNS: [&str; 18] = [
        "1\u{20e3}",
        "1\u{fe0f}\u{20e3}",
        "☎\u{fe0f}",
        "🇩🇪",
        "🇩",
        "👍🏽",
        "👩\u{200d}👩\u{200d}👧",
        "🙂",
        "क्ष",
        "ि",
        "e\u{301}",
        "\u{1112}\u{1161}\u{11ab}",
        "⚠",
        "❤",
        "\u{ad}",
        "ﷺ",
        "\u{e48}",
        "\u{1faf0}",
    ];

    #[test]
    fn what_is_drawn_as_one_sign_or_as_several_is_disputed() {
        for sign in SIGNS {
            assert!(is_disputed(sign), "{sign}");
        }
        for sign in ["a", "é", "ặ", "Ж", "Ω", "電", "カ", "한", "…", "–", "│", "─", "╯", " ", ""]
        {
            assert!(!is_disputed(sign), "{sign}");
        }
        for sign in "○✕◌●◇◆◐■▒…–│▼▲·─≠↑↓".chars() {
            assert!(!is_disputed(&sign.to_string()), "{sign} is drawn in every row");
        }
    }

    const SIZE: (u16, u16) = (44, 4);

    /// Columns beside the frame, for the emulator that would wrap at the edge whatever it is told.
    const SPARE: u16 = 40;

    /// A terminal that measures signs in its own way.
    enum Emulator {
        /// Mostly by whole signs, as we do.
        Signs(Box<vt100::Parser>),
        /// Letter by letter.
        Letters(Box<avt::Terminal>),
        /// Every part of a disputed sign as a wide letter of its own.
        Wide(Box<avt::Terminal>),
    }

    impl Emulator {
        fn all() -> [Self; 3] {
            let size = |n| std::num::NonZeroU16::new(n).unwrap();
            let letters = || avt::Terminal::new(SIZE.0.into(), SIZE.1.into()).unwrap();
            [
                Self::Signs(Box::new(vt100::Parser::new(size(SIZE.1), size(SIZE.0 + SPARE), 0))),
                Self::Letters(Box::new(letters())),
                Self::Wide(Box::new(letters())),
            ]
        }

        fn process(&mut self, bytes: &[u8]) {
            let text = std::str::from_utf8(bytes).unwrap();
            match self {
                Self::Signs(screen) => screen.process(bytes),
                Self::Letters(screen) => screen.feed(text),
                Self::Wide(screen) => screen.feed(&*widened(text)),
            }
        }

        fn rows(&self) -> Vec<String> {
            let rows: Vec<String> = match self {
                Self::Signs(screen) => screen.screen().rows(0, SIZE.0).collect(),
                Self::Letters(screen) | Self::Wide(screen) => {
                    let row = |y: u16| screen.screen().line(y.into()).unwrap().text();
                    (0..SIZE.1).map(row).collect()
                }
            };
            rows.into_iter().map(|row| row.trim_end().to_owned()).collect()
        }
    }

    /// `text` with every part of a disputed sign as a wide letter; what steers the terminal as it is.
    fn widened(text: &str) -> String {
        let mut all = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let steering =
                rest.strip_prefix("\u{1b}[").map(|rest| rest.find(|c| ('@'..='~').contains(&c)));
            let (taken, letters) = match steering {
                Some(end) => (end.unwrap() + 3, false),
                None => (rest.find('\u{1b}').unwrap_or(rest.len()), true),
            };
            let (now, later) = rest.split_at(taken);
            for sign in now.graphemes(true) {
                match letters && is_disputed(sign) {
                    true => all.extend(sign.chars().map(|_| '電')),
                    false => all.push_str(sign),
                }
            }
            rest = later;
        }
        all
    }

    /// A list: a name, what its bearer does, and something at the right edge.
    fn list(rows: &[(String, u8)]) -> Frame {
        let area = Rect::new(0, 0, SIZE.0, SIZE.1);
        let mut buffer = ratatui::buffer::Buffer::empty(area);
        for (y, (name, seconds)) in (0..).zip(rows) {
            buffer.set_stringn(0, y, name, 14, Style::new().fg(Color::Red));
            buffer.set_string(15, y, format!("on contact {seconds:02}"), Style::new());
            buffer.set_stringn(SIZE.0 - 6, y, name, 6, Style::new());
            if seconds % 5 == 0 {
                buffer.set_style(Rect { y, height: 1, ..area }, Style::new().bg(Color::Blue));
            }
        }
        Frame { buffer, cursor: None }
    }

    /// What stands on each terminal after `frames`, and after the last of them alone.
    fn shown(frames: &[Frame]) -> Vec<(Vec<String>, Vec<String>)> {
        let (after_all, alone) = (Emulator::all(), Emulator::all());
        let both = after_all.into_iter().zip(alone);
        both.map(|(mut after_all, mut alone)| {
            let mut painter = Painter::new(TermProfile::TrueColor);
            for frame in frames {
                after_all.process(&painter.paint(frame.clone()));
            }
            let last = frames.last().unwrap().clone();
            alone.process(&Painter::new(TermProfile::TrueColor).paint(last));
            (after_all.rows(), alone.rows())
        })
        .collect()
    }

    #[test]
    fn no_letter_of_another_line_stays_in_a_name() {
        let (keycap, plain) = (("1\u{20e3} Cap".to_owned(), 1), ("abcdefghijklmn".to_owned(), 2));
        let frames = [list(&[keycap.clone(), plain.clone()]), list(&[plain, keycap])];
        for (rows, alone) in shown(&frames) {
            assert_eq!(rows, alone);
            assert!(rows[0].starts_with("abcdefghijklmn on contact 02"), "{rows:?}");
            assert!(rows[1].contains(" Cap") && !rows[1].contains('b'), "{rows:?}");
            assert!(rows[1].contains("on contact 01"), "{rows:?}");
        }
    }

    #[test]
    fn what_ticks_beside_such_a_name_costs_a_few_bytes() {
        let mut painter = Painter::new(TermProfile::NoColor);
        let name = || "क्षमा 🇩🇪".to_owned();
        painter.paint(list(&[(name(), 1), (name(), 2)]));
        let bytes = painter.paint(list(&[(name(), 2), (name(), 3)]));
        assert!(bytes.len() < 80, "{} bytes for two digits", bytes.len());
    }

    fn name() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            3 => prop::sample::select(SIGNS.to_vec()).prop_map(str::to_owned),
            2 => "[a-c]{1,3}",
            1 => Just(" ".to_owned()),
            1 => "[電한é]",
        ];
        prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        /// Whatever moved before, every terminal shows what it would show if only the last frame had been
        /// painted.
        #[test]
        fn after_any_movement_the_screen_is_as_if_painted_whole(
            names in prop::collection::vec(name(), 4),
            moves in prop::collection::vec((Just(vec![0usize, 1, 2, 3]).prop_shuffle(), 0..100u8, 0..4usize), 1..6),
        ) {
            let frames: Vec<_> = moves.iter().map(|(order, seconds, shown)| {
                let rows: Vec<_> = order.iter().take(*shown + 1).map(|at| (names[*at].clone(), *seconds)).collect();
                list(&rows)
            }).collect();
            for (rows, alone) in shown(&frames) {
                prop_assert_eq!(rows, alone);
            }
        }
    }
}

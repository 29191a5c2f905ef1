//! Text with meanings, measured and cut by the columns it takes on the screen.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::rules::spelling;
use crate::theme::{Symbols, Tone};

/// A stretch of text of one meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// What it means.
    pub tone: Tone,
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Its stretches, from left to right.
    pub spans: Vec<Span>,
}

impl Line {
    /// A line with one stretch.
    #[must_use]
    pub fn of(text: impl Into<String>, tone: Tone) -> Self {
        Self::default().with(text, tone)
    }

    /// An ordinary line.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Text)
    }

    /// The line with one more stretch.
    #[must_use]
    pub fn with(mut self, text: impl Into<String>, tone: Tone) -> Self {
        self.push(text, tone);
        self
    }

    /// Adds a stretch; nothing where it is empty.
    pub fn push(&mut self, text: impl Into<String>, tone: Tone) {
        let text = text.into();
        if !text.is_empty() {
            self.spans.push(Span { text, tone });
        }
    }

    /// Adds all of another line.
    pub fn append(&mut self, other: Self) {
        self.spans.extend(other.spans);
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The columns it takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }

    /// The line cut to `width` columns, with an ellipsis where something is missing.
    #[must_use]
    pub fn fit(mut self, width: usize, symbols: Symbols) -> Self {
        for span in &mut self.spans {
            if let Cow::Owned(text) = shown(&span.text, symbols) {
                span.text = text;
            }
        }
        if self.width() <= width {
            return self;
        }
        let mut left = width;
        let mut fitted = Self::default();
        for span in self.spans {
            let taken = span.text.width();
            // A span that fits exactly still needs room for the ellipsis of what follows.
            if taken < left {
                left -= taken;
                fitted.spans.push(span);
                continue;
            }
            fitted.push(cut(&span.text, left, symbols.ellipsis()), span.tone);
            break;
        }
        fitted
    }
}

/// `text` in the letters that are drawn.
#[must_use]
pub fn shown(text: &str, symbols: Symbols) -> Cow<'_, str> {
    match symbols {
        Symbols::Unicode => Cow::Borrowed(text),
        Symbols::Ascii => spelling::ascii(text),
    }
}

/// `text` cut to `width` columns, with an ellipsis where something is missing.
#[must_use]
pub fn fit(text: &str, width: usize, symbols: Symbols) -> String {
    let text = &*shown(text, symbols);
    // Every character takes a byte and most take a column: a long text need not be measured whole.
    if text.len() <= width || (text.len() <= width * 64 && text.width() <= width) {
        return text.to_owned();
    }
    cut(text, width, symbols.ellipsis())
}

/// As many whole graphemes as leave room for `ellipsis` in `width`, and the ellipsis.
fn cut(text: &str, width: usize, ellipsis: &str) -> String {
    let Some(room) = width.checked_sub(ellipsis.width()) else {
        return ".".repeat(width);
    };
    let mut taken = 0;
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        taken += grapheme.width();
        if taken > room {
            break;
        }
        end = at + grapheme.len();
    }
    format!("{}{ellipsis}", text[..end].trim_end())
}

/// `text` broken into lines of at most `width` columns, between words where that is possible.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    let mut taken = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        // What stands behind a word without a blank, as a bracket does, stays with it.
        let word_width = piece.trim_end().width();
        if taken + word_width > width && taken > 0 {
            lines.push(String::new());
            taken = 0;
        }
        for grapheme in piece.graphemes(true) {
            let is_blank = grapheme.trim().is_empty();
            let grapheme_width = grapheme.width();
            if taken + grapheme_width > width && taken > 0 {
                if is_blank {
                    continue; // the end of the line stands for it
                }
                lines.push(String::new());
                taken = 0;
            }
            if let Some(line) = lines.last_mut() {
                line.push_str(grapheme);
            }
            taken += grapheme_width;
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const U: Symbols = Symbols::Unicode;

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(fit("Jane", 4, U), "Jane");
        assert_eq!(fit("佐藤", 4, U), "佐藤");
    }

    #[test]
    fn a_wide_letter_is_never_cut_in_half() {
        assert_eq!(fit("佐藤花子", 4, U), "佐…");
        assert_eq!(fit("佐藤花子", 5, U), "佐藤…");
        for width in 0..12 {
            assert!(fit("a佐b藤c花d子", width, U).width() <= width);
        }
    }

    #[test]
    fn what_belongs_to_one_letter_stays_together() {
        assert_eq!(fit("e\u{301}a\u{301}o\u{301}", 2, U), "e\u{301}…");
    }

    #[test]
    fn ascii_cuts_with_ascii() {
        assert_eq!(fit("Montgomery", 6, Symbols::Ascii), "Mont..");
        assert_eq!(fit("Montgomery", 1, Symbols::Ascii), ".");
    }

    #[test]
    fn ascii_writes_names_as_they_read() {
        assert_eq!(fit("José 佐藤", 20, Symbols::Ascii), "Jose Zuo Teng");
        assert_eq!(fit("佐藤花子", 8, Symbols::Ascii), "Zuo Te..");
        let line = Line::text("Đặng").with(" – Zoë", Tone::Warn);
        let fitted = line.fit(9, Symbols::Ascii);
        assert_eq!(fitted, Line::text("Dang").with(" -..", Tone::Warn));
    }

    #[test]
    fn a_line_is_cut_across_its_stretches() {
        let line = Line::text("abc").with("def", Tone::Warn).with("ghi", Tone::Good);
        assert_eq!(line.clone().fit(9, U), line);
        let cut = line.fit(6, U);
        assert_eq!(cut.width(), 6);
        assert_eq!(cut.spans[1], Span { text: "de…".to_owned(), tone: Tone::Warn });
    }

    #[test]
    fn a_sentence_is_broken_between_words_and_a_long_word_anywhere() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("佐藤花子", 4), ["佐藤", "花子"]);
        assert_eq!(wrap("one two", 3), ["one", "two"]);
    }

    #[test]
    fn a_bracket_stays_with_its_word() {
        assert_eq!(wrap("late (since 10:40)", 17), ["late (since", "10:40)"]);
    }
}

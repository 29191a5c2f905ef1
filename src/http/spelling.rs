//! How a text may be spelled so that some decoder makes it again: JSON's escapes, percent signs,
//! HTML's entities, one within the other; and with characters in it that no screen shows.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::clean::{is_harmful, skip_escape};

/// A text, decoded so many times, of which every byte knows where it came from.
pub(super) struct Spelled {
    pub(super) text: String,
    /// For each byte of the text, the bytes of the original that spell its character.
    origin: Vec<(u32, u32)>,
}

impl Spelled {
    /// `text` as it stands.
    pub(super) fn new(text: &str) -> Self {
        let mut spelled = Self { text: String::with_capacity(text.len()), origin: Vec::new() };
        for (at, c) in text.char_indices() {
            spelled.push(c, at..at + c.len_utf8());
        }
        spelled
    }

    fn push(&mut self, c: char, origin: Range<usize>) {
        let origin = (small(origin.start), small(origin.end));
        self.text.push(c);
        self.origin.extend(std::iter::repeat_n(origin, c.len_utf8()));
    }

    /// Where in the original the bytes `range` of the text come from.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        let first = self.origin.get(range.start).map_or(0, |origin| origin.0);
        let last = self.origin.get(range.end.saturating_sub(1)).map_or(0, |origin| origin.1);
        first as usize..last.max(first) as usize
    }

    /// The text with each of its escapes replaced by what it spells; none where it has no escape.
    pub(super) fn decoded(&self) -> Option<Self> {
        memchr::memchr3(b'\\', b'%', b'&', self.text.as_bytes())?;
        let mut decoded = Self { text: String::with_capacity(self.text.len()), origin: Vec::new() };
        let (mut at, mut has_changed) = (0, false);
        while let Some(c) = self.text[at..].chars().next() {
            let (c, length) = match escape(&self.text[at..]) {
                Some(escape) => {
                    has_changed = true;
                    escape
                }
                None => (c, c.len_utf8()),
            };
            decoded.push(c, self.origin(at..at + length));
            at += length;
        }
        has_changed.then_some(decoded)
    }

    /// The text without what is not seen of it, and without white space; none where all of it stays.
    pub(super) fn squeezed(&self) -> Option<Self> {
        if self.text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let mut squeezed =
            Self { text: String::with_capacity(self.text.len()), origin: Vec::new() };
        let mut rest = self.text.chars();
        loop {
            let at = self.text.len() - rest.as_str().len();
            let Some(c) = rest.next() else { return Some(squeezed) };
            if c == '\u{1b}' {
                skip_escape(&mut rest);
            } else if !is_harmful(c) && !c.is_whitespace() && c.width() != Some(0) {
                squeezed.push(c, self.origin(at..at + c.len_utf8()));
            }
        }
    }
}

/// Texts are looked at in pieces that are much shorter.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// The character that the escape at the beginning of `text` spells, and the escape's length.
fn escape(text: &str) -> Option<(char, usize)> {
    match text.as_bytes() {
        [b'\\', b'u', ..] => unicode(text),
        [b'\\', b'x', ..] => Some((char::from(hex(text.get(2..4)?)?), 4)),
        [b'\\', letter, ..] => Some((simple(*letter)?, 2)),
        [b'%', ..] => percent(text),
        [b'&', ..] => entity(text),
        _ => None,
    }
}

fn simple(letter: u8) -> Option<char> {
    match letter {
        b'"' | b'\'' | b'\\' | b'/' => Some(char::from(letter)),
        b'b' => Some('\u{8}'),
        b'f' => Some('\u{c}'),
        b'n' => Some('\n'),
        b'r' => Some('\r'),
        b't' => Some('\t'),
        _ => None,
    }
}

fn hex(two: &str) -> Option<u8> {
    let are_digits = two.len() == 2 && two.bytes().all(|digit| digit.is_ascii_hexdigit());
    are_digits.then(|| u8::from_str_radix(two, 16).ok()).flatten()
}

/// The unit of UTF-16 that `\uXXXX` at the beginning of `text` spells.
pub(super) fn utf16_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    let digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
    let unit = digits.reduce(|sum, digit| Some(sum? * 16 + digit?))??;
    u16::try_from(unit).ok()
}

/// `\uXXXX`, or two of them where they are a pair.
fn unicode(text: &str) -> Option<(char, usize)> {
    let first = utf16_unit(text.as_bytes())?;
    if let Some(c) = char::from_u32(first.into()) {
        return Some((c, 6));
    }
    let pair = [first, utf16_unit(text.get(6..)?.as_bytes())?];
    Some((char::decode_utf16(pair).next()?.ok()?, 12))
}

/// `%XX`, as many as the bytes of one character need.
fn percent(text: &str) -> Option<(char, usize)> {
    let byte = |at: usize| match text.get(at..at + 3)?.split_at(1) {
        ("%", digits) => hex(digits),
        _ => None,
    };
    let length = match byte(0)? {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    };
    let bytes: Option<Vec<u8>> = (0..length).map(|index| byte(index * 3)).collect();
    let c = std::str::from_utf8(&bytes?).ok()?.chars().next()?;
    Some((c, length * 3))
}

/// `&name;`, `&#65;` or `&#x41;`.
fn entity(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 12;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)?
        }
    };
    Some((c, end + 1))
}

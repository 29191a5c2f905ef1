//! Makes a vendor's text harmless to show. Names come from other people's systems, and a terminal
//! obeys what it is sent.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// Letters kept of one text, the ellipsis included.
const LETTERS: usize = 120;

/// Combining marks kept on one letter: enough for every living script, too few to climb over the
/// lines above.
const MARKS: usize = 2;

/// `text` without escape sequences, control characters, characters that reorder or hide text, and
/// piles of accents; white space becomes single spaces, and at most 120 letters are kept.
///
/// Cleaning twice changes nothing.
#[must_use]
pub fn clean(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::new();
    let (mut letters, mut marks, mut space) = (0, 0, false);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            skip_escape(&mut rest);
        } else if c.is_whitespace() {
            space = letters > 0;
        } else if is_harmful(c) {
            // Left out.
        } else if c.width() == Some(0) {
            // A mark without a letter would sit on whatever stands before it on the screen.
            if letters > 0 && !space && marks < MARKS {
                out.push(c);
                marks += 1;
            }
        } else {
            let needed = if space { 2 } else { 1 };
            if letters + needed > LETTERS {
                return shortened(&without_foreign_marks(&out));
            }
            if space {
                out.push(' ');
            }
            out.push(c);
            letters += needed;
            (marks, space) = (0, false);
        }
    }
    without_foreign_marks(&out)
}

/// Without the marks of one script on the letters of another: a mark that takes a column of its own
/// belongs to the scripts from Devanagari on; on a Latin letter, terminals do not agree how wide the
/// two are together.
fn without_foreign_marks(text: &str) -> String {
    let clusters = text.graphemes(true).flat_map(|cluster| {
        let own = cluster.starts_with(|base: char| base >= '\u{900}');
        cluster.char_indices().filter(move |(at, c)| *at == 0 || own || c.width() == Some(0))
    });
    let text: String = clusters.map(|(_, c)| c).collect();
    // What stood alone between two spaces may be gone.
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether nothing needs to be done: nearly every text of a large floor, every few seconds.
fn is_plain(text: &str) -> bool {
    text.len() <= LETTERS
        && text.bytes().all(|b| matches!(b, b' '..=b'~'))
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
}

/// `full` with its last letter (and the marks on it) replaced by an ellipsis, so that the length
/// stays within the bound.
fn shortened(full: &str) -> String {
    let letters = full.chars().filter(|c| c.width() != Some(0)).count();
    let mut kept = full;
    if letters >= LETTERS
        && let Some((last, _)) = full.char_indices().rev().find(|(_, c)| c.width() != Some(0))
    {
        kept = &full[..last];
    }
    format!("{}…", kept.trim_end())
}

/// Consumes what belongs to an escape sequence whose ESC has been read.
pub(super) fn skip_escape(rest: &mut std::str::Chars<'_>) {
    let mut ahead = rest.clone();
    match ahead.next() {
        // A control sequence: parameters, then one final letter.
        Some('[') => {
            *rest = ahead;
            for c in rest.by_ref() {
                if !matches!(c, '\u{20}'..='\u{3f}') {
                    break;
                }
            }
        }
        // A string (a window title, say) up to BEL or ESC \.
        Some(']' | 'P' | '_' | '^' | 'X') => {
            *rest = ahead;
            let mut escaped = false;
            for c in rest.by_ref() {
                if c == '\u{7}' || (escaped && c == '\\') {
                    break;
                }
                escaped = c == '\u{1b}';
            }
        }
        // Intermediates and one final letter.
        Some('\u{20}'..='\u{2f}') => {
            *rest = ahead;
            for c in rest.by_ref() {
                if !matches!(c, '\u{20}'..='\u{2f}') {
                    break;
                }
            }
        }
        Some('\u{30}'..='\u{7e}') => *rest = ahead,
        // Something else follows: the ESC alone goes.
        _ => {}
    }
}

/// Whether `c` controls, hides or reorders text instead of being some.
pub(super) fn is_harmful(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' // C0, DEL, C1
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // letters that show nothing
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' // zero-width, separators, bidi
        | '\u{2060}'..='\u{206f}' // word joiner, isolates
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' // of shorthand and of music
        | '\u{e0000}'..='\u{e0fff}' // tags, variation selectors
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_go_whole() {
        assert_eq!(clean("\u{1b}[31mJane\u{1b}[0m"), "Jane");
        assert_eq!(clean("Ja\u{1b}]0;owned\u{7}ne"), "Jane");
        assert_eq!(clean("Ja\u{1b}]8;;http://x\u{1b}\\ne"), "Jane");
        assert_eq!(clean("Ja\u{1b}(Bne\u{1b}c"), "Jane");
        assert_eq!(clean("Jane\u{1b}"), "Jane");
    }

    #[test]
    fn what_reorders_or_hides_text_goes() {
        assert_eq!(clean("\u{202e}enaJ\u{202c}"), "enaJ");
        assert_eq!(clean("J\u{200b}a\u{feff}n\u{2066}e\u{2069}\u{e0041}"), "Jane");
        assert_eq!(clean("J\u{7}an\u{9b}e"), "Jane");
        assert_eq!(clean("J\u{1bca0}a\u{1bca1}n\u{1bca2}e\u{1bca3}"), "Jane");
    }

    #[test]
    fn white_space_becomes_single_spaces() {
        assert_eq!(clean(" \tJane\r\n\u{2028} Smith\u{a0} "), "Jane Smith");
        assert_eq!(clean(" \n "), "");
    }

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in ["Zoë Müller", "山田 太郎", "Nguyễn Thị", "O'Brien-Łukasz", "🎧 Team 1", "محمد"]
        {
            assert_eq!(clean(name), name);
        }
    }

    #[test]
    fn a_mark_of_one_script_does_not_stay_on_a_letter_of_another() {
        assert_eq!(clean("Grace Weber\u{9bf}"), "Grace Weber");
        assert_eq!(clean("\u{995}\u{9bf} Roy"), "\u{995}\u{9bf} Roy");
    }

    #[test]
    fn accents_do_not_pile_up() {
        let tower = format!("a{}b", "\u{301}".repeat(3_000));
        assert_eq!(clean(&tower), "a\u{301}\u{301}b");
        assert_eq!(clean("\u{301}a"), "a");
    }

    #[test]
    fn a_mark_between_two_spaces_leaves_one_of_them() {
        assert_eq!(clean("\u{a13} \u{abe3}"), "\u{a13}");
        assert_eq!(clean("a \u{abe3} b"), "a b");
    }

    #[test]
    fn ten_kilobytes_are_cut_with_an_ellipsis() {
        let long = clean(&"x".repeat(10_000));
        assert_eq!(long.chars().count(), LETTERS);
        assert!(long.ends_with('…'));
        assert_eq!(clean(&"x".repeat(LETTERS)), "x".repeat(LETTERS));
    }

    proptest! {
        #[test]
        fn nothing_harmful_is_left_of_any_text(text in "\\PC*|.*|(\u{1b}|\u{301}|\u{202e}|a| |\\[|\\]|;|\u{7}){0,300}") {
            let cleaned = clean(&text);
            prop_assert!(!cleaned.chars().any(is_harmful));
            prop_assert!(!cleaned.starts_with(' ') && !cleaned.ends_with(' '));
            prop_assert!(!cleaned.contains("  "));
            prop_assert!(cleaned.chars().count() <= LETTERS * (1 + MARKS));
            prop_assert_eq!(clean(&cleaned), cleaned);
        }
    }
}

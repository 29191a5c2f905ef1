//! What an answer may hold. It is counted before any of it is decoded: what a decoder reserves depends
//! on how many things there are and not on how many bytes, and a few bytes of compressed commas are
//! millions of things.

use super::{Class, Trouble};

/// The most items that a list, or an object, may have: five times the largest floor there is.
const ITEMS: u32 = 50_000;

/// How deep lists and objects may lie within each other; the deepest documented answer has eight.
const DEPTH: usize = 32;

/// The longest text in an answer, in bytes.
const TEXT: usize = 256 * 1024;

/// The longest record that is decoded, in bytes; a documented one has about 800.
pub const RECORD: usize = 64 * 1024;

/// The most parts that one record may have of a kind: skills, channels, transfers, times.
pub const PARTS: usize = 100;

/// Looks at `json` without keeping anything of it. What is not well-formed passes: a decoder finds
/// the place.
///
/// # Errors
/// When it holds more than it may; names the bound.
pub(super) fn within(json: &str) -> Result<(), Trouble> {
    let more = |than: String| Err(Trouble::new(Class::Garbled, format!("the answer {than}")));
    let bytes = json.as_bytes();
    // For each list that is open, the commas in it so far.
    let mut commas = [0_u32; DEPTH + 1];
    let (mut depth, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let length = text_length(&bytes[at + 1..]);
                if length > TEXT {
                    return more(format!("holds a text of more than {} KiB", TEXT / 1024));
                }
                at += length + 1;
            }
            b'[' | b'{' if depth == DEPTH => {
                return more(format!("is nested more than {DEPTH} deep"));
            }
            b'[' | b'{' => {
                depth += 1;
                commas[depth] = 0;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => {
                commas[depth] += 1;
                if commas[depth] >= ITEMS {
                    return more(format!("has a list of more than {ITEMS} items"));
                }
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

/// How long the text is whose quotation mark has been read.
fn text_length(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b'"', b'\\', &rest[at.min(rest.len())..]) {
        at += next;
        if rest[at] == b'"' {
            return at;
        }
        at += 2; // the backslash and what it escapes
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(json: &str) -> String {
        within(json).map_or_else(|trouble| trouble.text, |()| "none".to_owned())
    }

    #[test]
    fn a_bound_is_named_and_what_keeps_to_it_passes() {
        let list = |items: usize| format!("[{}0]", "0,".repeat(items - 1));
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        let text = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes));
        for (json, said) in [
            (list(50_000), "none"),
            (list(50_001), "the answer has a list of more than 50000 items"),
            (
                format!("{{\"data\":{{\"agents\":{}}}}}", list(50_001)),
                "the answer has a list of more than 50000 items",
            ),
            (list(50_000).replace('0', "{}"), "none"),
            (list(50_001).replace('0', "{}"), "the answer has a list of more than 50000 items"),
            (format!("[{0},{0}]", list(30_000)), "none"),
            (nested(32), "none"),
            (nested(33), "the answer is nested more than 32 deep"),
            ("{\"a\":".repeat(5_000_000), "the answer is nested more than 32 deep"),
            (text(256 * 1024), "none"),
            (text(256 * 1024 + 1), "the answer holds a text of more than 256 KiB"),
            (
                "\"".to_owned() + &"\\\"".repeat(200_000),
                "the answer holds a text of more than 256 KiB",
            ),
        ] {
            assert_eq!(refusal(&json), said, "{:.60}", json);
        }
    }

    #[test]
    fn what_stands_in_a_text_counts_for_nothing() {
        let commas = ",[{".repeat(60_000);
        assert_eq!(
            refusal(&format!("[\"{commas}\\\"{commas}\"]")),
            "the answer holds a text of more than 256 KiB"
        );
        let commas = ",[{".repeat(30_000);
        assert_eq!(refusal(&format!("[\"{commas}\\\"\\\\\",\"{commas}\"]")), "none");
    }

    proptest! {
        #[test]
        fn nothing_stops_the_count(json in "[\\[\\]{},\":\\\\a]{0,60}") {
            prop_assert!(within(&json).is_ok());
        }
    }
}

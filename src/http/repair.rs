//! What is no text in a body is replaced, so that one bad byte costs a letter and not the answer.

use super::spelling::utf16_unit;

/// Beyond one bad byte in so many it is not text in which something went wrong, but no text.
const ONE_IN: usize = 8;

/// Replaces what is not UTF-8 in `body`, and halves of UTF-16 pairs among JSON's escapes, by U+FFFD. A
/// body that is no text at all stays as it is.
pub(super) fn repair(body: &mut Vec<u8>) {
    replace_bytes(body);
    replace_halves(body);
}

fn replace_bytes(body: &mut Vec<u8>) {
    const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();
    let bad = || body.utf8_chunks().map(|chunk| chunk.invalid());
    let (places, bytes) =
        bad().filter(|bytes| !bytes.is_empty()).fold((0, 0), |(n, sum), b| (n + 1, sum + b.len()));
    if places == 0 || bytes > body.len() / ONE_IN {
        return;
    }
    let mut repaired = Vec::with_capacity(body.len() - bytes + places * REPLACEMENT.len());
    for chunk in body.utf8_chunks() {
        repaired.extend_from_slice(chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            repaired.extend_from_slice(REPLACEMENT);
        }
    }
    *body = repaired;
}

/// A half is as long as its replacement, so that nothing moves.
fn replace_halves(body: &mut [u8]) {
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'\\', &body[at..]) {
        at += next;
        at += match utf16_unit(&body[at..]) {
            // The first half of a pair, whose second follows.
            Some(0xd800..=0xdbff)
                if utf16_unit(&body[at + 6..])
                    .is_some_and(|unit| (0xdc00..=0xdfff).contains(&unit)) =>
            {
                12
            }
            Some(0xd800..=0xdfff) => {
                body[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            Some(_) => 6,
            // Whatever is escaped begins no escape itself.
            None => 2,
        };
        at = at.min(body.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repaired(body: &[u8]) -> String {
        let mut body = body.to_vec();
        repair(&mut body);
        String::from_utf8_lossy(&body).into_owned()
    }

    #[test]
    fn a_bad_byte_costs_a_letter() {
        assert_eq!(repaired(b"{\"name\":\"Zo\xeb\"}"), "{\"name\":\"Zo\u{fffd}\"}");
        assert_eq!(
            repaired(b"{\"name\":\"a\xe5\xb1 and \xffb\"}"),
            "{\"name\":\"a\u{fffd} and \u{fffd}b\"}"
        );
        assert_eq!(repaired("{\"name\":\"山田\"}".as_bytes()), "{\"name\":\"山田\"}");
    }

    #[test]
    fn half_a_letter_costs_a_letter_and_a_whole_one_stays() {
        for (body, expected) in [
            (r#""a\ud800b""#, r#""a\ufffdb""#),
            (r#""\uDC00\ud800""#, r#""\ufffd\ufffd""#),
            (r#""\ud800\u0041""#, r#""\ufffd\u0041""#),
            (r#""\ud83d\ude00 \uD83D\uDE00""#, r#""\ud83d\ude00 \uD83D\uDE00""#),
            (r#""\\ud800 \\\ud800""#, r#""\\ud800 \\\ufffd""#),
            (r#""\ud8"#, r#""\ud8"#),
            ("\\", "\\"),
        ] {
            assert_eq!(repaired(body.as_bytes()), expected);
        }
    }

    #[test]
    fn what_is_no_text_at_all_stays_as_it_is() {
        let mut body = vec![0xff; 1000];
        repair(&mut body);
        assert_eq!(body, [0xff; 1000]);
    }
}

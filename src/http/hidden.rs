//! Credentials that a server repeats, blanked out of what it says before anybody reads it, however
//! the server spells them.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use secrecy::{ExposeSecret, SecretString};

use super::spelling::Spelled;

/// Shorter secrets are not looked for: they stand in any text by chance.
const SHORTEST: usize = 6;

/// How much of a form is looked for; what follows is compared. So one that is cut is found too.
const LOOKED_FOR: usize = 24;

/// How often a text is decoded: an error inside an error inside an error.
const ROUNDS: usize = 4;

/// Secrets remembered; the oldest go first. A session that is renewed with every answer has ever
/// more of them, and those of an hour ago open nothing.
const REMEMBERED: usize = 16;

/// A body is looked at in pieces, so that looking takes little memory whatever the body's size.
const PIECE: usize = 128 * 1024;

/// What two pieces have in common: the longest spelling of a secret that is found for certain.
const OVERLAP: usize = 16 * 1024;

/// Secrets, and every form in which they may come back. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Hidden {
    secrets: Vec<SecretString>,
    search: Option<Arc<Search>>,
}

struct Search {
    forms: Vec<Form>,
    /// Whether white space in a text may be a part of a secret.
    has_space: bool,
    beginnings: AhoCorasick,
}

/// Where a secret stands in a text.
struct Found {
    place: Range<usize>,
    is_encoded: bool,
}

/// One way of writing a secret.
struct Form {
    text: String,
    /// Whether the letters around it may hold the rest of it, as in a base64 of more than the secret.
    is_encoded: bool,
}

impl Hidden {
    /// These and `secrets`.
    #[must_use]
    pub(super) fn and(mut self, secrets: impl IntoIterator<Item = SecretString>) -> Self {
        let before = self.secrets.len();
        for secret in secrets {
            let is_known =
                self.secrets.iter().any(|known| known.expose_secret() == secret.expose_secret());
            if !is_known && secret.expose_secret().len() >= SHORTEST {
                self.secrets.push(secret);
            }
        }
        if self.secrets.len() > before {
            self.secrets.drain(..self.secrets.len().saturating_sub(REMEMBERED));
            self.search = Search::of(&self.secrets).map(Arc::new);
        }
        self
    }

    /// Overwrites every secret in `body`, whatever its spelling, with characters that keep a document
    /// well-formed. What is no text is left alone: nobody can show it.
    pub(super) fn blank(&self, body: &mut [u8]) {
        let Some(search) = &self.search else { return };
        let mut start = 0;
        loop {
            let end = boundary(body, start + PIECE);
            if let Ok(piece) = std::str::from_utf8(&body[start..end]) {
                for found in search.places(piece) {
                    body[start..end][found].fill(b'*');
                }
            }
            if end == body.len() {
                return;
            }
            start = boundary(body, end - OVERLAP);
        }
    }

    /// `text` without the secrets.
    pub(super) fn blanked(&self, text: String) -> String {
        let mut bytes = text.into_bytes();
        self.blank(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Says nothing of the secrets.
impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden")
    }
}

/// The first place from `at` on at which a character begins.
fn boundary(body: &[u8], at: usize) -> usize {
    (at..body.len()).find(|place| body[*place] & 0xc0 != 0x80).unwrap_or(body.len())
}

impl Search {
    fn of(secrets: &[SecretString]) -> Option<Self> {
        let forms: Vec<Form> =
            secrets.iter().flat_map(|secret| forms(secret.expose_secret())).collect();
        let beginnings = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(forms.iter().map(|form| beginning(&form.text)));
        let has_space = secrets.iter().any(|s| s.expose_secret().contains(char::is_whitespace));
        Some(Self { forms, has_space, beginnings: beginnings.ok()? })
    }

    /// Where in `piece` a secret stands.
    fn places(&self, piece: &str) -> Vec<Range<usize>> {
        let raw = widened(self.matches(piece), piece).into_iter();
        let mut places: Vec<_> = raw.map(|found| whole_escapes(piece, found)).collect();
        // Nearly every piece has nothing in it to decode or to leave out, and is not copied for that.
        let is_plain =
            |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'%' | b'&');
        if piece.bytes().all(is_plain) && !self.has_space {
            return places;
        }
        let mut spelled = Some(Spelled::new(piece));
        for _ in 0..=ROUNDS {
            let Some(layer) = spelled else { break };
            let decoded = widened(self.matches(&layer.text), &layer.text).into_iter();
            places.extend(decoded.map(|found| layer.origin(found)));
            if let Some(squeezed) = layer.squeezed() {
                // Without white space, words that stand beside it would seem to belong to it.
                let original =
                    |found: Found| Found { place: squeezed.origin(found.place.clone()), ..found };
                let found = self.matches(&squeezed.text);
                places.extend(widened(found.map(original), piece));
            }
            spelled = layer.decoded();
        }
        places
    }

    fn matches<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Found> + 'a {
        self.beginnings.find_overlapping_iter(text).map(|found| {
            let form = &self.forms[found.pattern().as_usize()];
            let bytes = text.as_bytes();
            let same = form.text.bytes().zip(&bytes[found.start()..]);
            let same = same.take_while(|(of_form, other)| of_form.eq_ignore_ascii_case(other));
            let (start, mut end) = (found.start(), found.start() + same.count());
            // The form may end within a character that goes on otherwise.
            while !text.is_char_boundary(end) {
                end += 1;
            }
            Found { place: start..end, is_encoded: form.is_encoded }
        })
    }
}

/// Where `matches` stand in `text`, each with the run of a base64 that it is in. A run is looked over
/// once, however many of them are in it: a server that knows a form, since it was sent it, could send
/// a run of nothing else, and each of thousands would be as long to look over as all of it.
fn widened(matches: impl Iterator<Item = Found>, text: &str) -> Vec<Range<usize>> {
    let (mut places, mut run) = (Vec::new(), 0..0);
    for Found { place, is_encoded } in matches {
        if !is_encoded {
            places.push(place);
        } else if place.start < run.start || place.end > run.end {
            run = whole_run(text, place);
            places.push(run.clone());
        }
    }
    places
}

/// `found` in `text` with the digits of a base64 around it, which may hold the rest of it.
fn whole_run(text: &str, found: Range<usize>) -> Range<usize> {
    let is_digit = |byte: &&u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=')
    };
    let bytes = text.as_bytes();
    let before = bytes[..found.start].iter().rev().take_while(is_digit).count();
    let after = bytes[found.end..].iter().take_while(is_digit).count();
    found.start - before..found.end + after
}

/// `found` with the escape it may begin in and without the one it may end in: half an escape would
/// break the document.
fn whole_escapes(text: &str, found: Range<usize>) -> Range<usize> {
    let backslashes =
        |end: usize| text.as_bytes()[..end].iter().rev().take_while(|byte| **byte == b'\\').count();
    let start = found.start - backslashes(found.start) % 2;
    let end = found.end - backslashes(found.end) % 2;
    start..end.max(start)
}

/// All forms of `secret`, without white space and what is not seen.
fn forms(secret: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut add = |text: String, is_encoded: bool| {
        if text.len() >= SHORTEST && forms.iter().all(|form| form.text != text) {
            forms.push(Form { text, is_encoded });
        }
    };
    // In a form's encoding a space is a plus sign.
    for text in [secret.to_owned(), secret.replace(' ', "+")] {
        let mut spelled = Some(Spelled::new(&text));
        // What a decoder makes of it although it is no escape: it does so wherever it stands.
        for _ in 0..=ROUNDS {
            let Some(layer) = spelled else { break };
            add(
                layer.squeezed().map_or_else(|| layer.text.clone(), |squeezed| squeezed.text),
                false,
            );
            spelled = layer.decoded();
        }
    }
    add(secret.bytes().map(|byte| format!("{byte:02x}")).collect(), false);
    for before in 0..3 {
        add(encoded(&STANDARD, before, secret), true);
        add(encoded(&URL_SAFE, before, secret), true);
    }
    forms
}

/// What a base64 holds of `secret` for certain where `before` bytes, counted by threes, stand before
/// it: with a user's name, say, as in the header of a request.
fn encoded(base64: &impl base64::Engine, before: usize, secret: &str) -> String {
    let bytes = [&b"___"[..before], secret.as_bytes(), b"___"].concat();
    // A letter holds six bits.
    let first = (before * 8).div_ceil(6);
    let end = (before + secret.len()) * 8 / 6;
    base64.encode(bytes).get(first..end).unwrap_or_default().to_owned()
}

/// The part of a form that is looked for; whole characters.
fn beginning(form: &str) -> &str {
    &form[..form.floor_char_boundary(LOOKED_FOR)]
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use proptest::prelude::*;

    use super::*;

    fn blanked(secrets: &[&str], text: &str) -> String {
        let secrets = secrets.iter().map(|secret| SecretString::from(*secret));
        Hidden::default().and(secrets).blanked(text.to_owned())
    }

    /// The ways to write `text` that a decoder undoes.
    const SPELLINGS: [fn(&str) -> String; 12] = [
        |text| text.to_owned(),
        |text| text.to_ascii_uppercase(),
        |text| text.replace('/', "\\/").replace('"', "\\\""),
        |text| {
            let json = serde_json::to_string(text).unwrap();
            json[1..json.len() - 1].to_owned()
        },
        |text| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
        |text| text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect(),
        |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        |text| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric();
            let letter = |byte: u8| match byte {
                b' ' => "+".to_owned(),
                _ if plain(byte) => char::from(byte).to_string(),
                _ => format!("%{byte:02x}"),
            };
            text.bytes().map(letter).collect()
        },
        |text| text.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
        |text| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
        |text| text.chars().map(|c| format!("{c}\u{200b}")).collect(),
        |text| text.chars().map(|c| format!("\u{1b}[1m{c}")).collect(),
    ];

    fn bits_in(text: &str) -> [String; 6] {
        let whole = |engine: &base64::engine::GeneralPurpose, text: String| engine.encode(text);
        [
            whole(&STANDARD, text.to_owned()),
            whole(&URL_SAFE, text.to_owned()),
            whole(&STANDARD, format!("rta-user:{text}")),
            whole(&STANDARD, format!("u:{text}")),
            whole(&STANDARD, format!("session={text}; other=1")),
            text.bytes().map(|byte| format!("{byte:02X}")).collect(),
        ]
    }

    #[test]
    fn a_secret_is_blanked_and_the_rest_stays_as_it_is() {
        let text = r#"{"error":"no such token s3cr\u0065t/key","name":"Zo\u00eb 100%"}"#;
        let expected = r#"{"error":"no such token ***************","name":"Zo\u00eb 100%"}"#;
        assert_eq!(blanked(&["s3cret/key"], text), expected);
        assert_eq!(blanked(&[], text), text);
        assert_eq!(blanked(&["short"], "short"), "short");
    }

    #[test]
    fn the_header_of_a_request_is_blanked_whole() {
        let header = STANDARD.encode("rta-user:correct horse");
        let text = format!("you sent Basic {header}!");
        assert_eq!(
            blanked(&["correct horse"], &text),
            format!("you sent Basic {}!", "*".repeat(header.len()))
        );
        let lines = text.replace("Y29y", "Y2\\r\\n9y");
        let blank = blanked(&["correct horse"], &lines);
        assert!(
            lines != text && blank.starts_with("you sent Basic ***") && blank.ends_with("***!")
        );
    }

    #[test]
    fn a_run_that_holds_a_secret_thousands_of_times_is_looked_over_once() {
        let secret = "correct-horse-battery";
        let search = Search::of(&[secret.into()]).unwrap();
        let run = STANDARD.encode(secret.repeat(PIECE / 40));
        assert_eq!(search.places(&run), vec![0..run.len()]);
        let two = format!("{run} {run}");
        let n = run.len();
        assert_eq!(search.places(&two), [0..n, n + 1..2 * n + 1], "and so is the next one");
        assert_eq!(blanked(&[secret], &two), format!("{0} {0}", "*".repeat(run.len())));
    }

    #[test]
    fn a_secret_that_was_cut_is_blanked_as_far_as_it_goes() {
        let secret = "0123456789abcdefghijklmnopqrstuvwxyz";
        assert_eq!(blanked(&[secret], &secret[..30]), "*".repeat(30));
    }

    #[test]
    fn a_secret_on_the_border_of_two_pieces_is_found() {
        for before in [PIECE - 3, PIECE - OVERLAP - 3, PIECE + 1] {
            let text = format!("{}s3cret/key{}", "ä".repeat(before / 2), "-".repeat(before));
            assert!(!blanked(&["s3cret/key"], &text).contains("s3cret"), "{before}");
        }
    }

    proptest! {
        #[test]
        fn no_secret_is_left_in_any_spelling(
            secret in "[!-~]{3}[ -~]{3,40}[!-~]|[a-z0-9]{6,9}|[!-~]{5}\\PC{3}[!-~]{2}",
            ways in proptest::collection::vec(0..SPELLINGS.len(), 1..4),
            before in "[a-z {}:,]{0,8}", after in "[a-z {}:,]{0,8}",
        ) {
            let text = ways.iter().fold(secret.clone(), |text, way| SPELLINGS[*way](&text));
            let said = serde_json::json!({ "error": format!("{before}{text}{after}") }).to_string();
            let blank = blanked(&[&secret], &said);
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(&blank);
            prop_assert!(parsed.is_ok(), "{}", blank);
            let shown = parsed.unwrap()["error"].as_str().unwrap().to_owned();
            let mut layer = Some(Spelled::new(&shown));
            while let Some(spelled) = layer {
                let seen = spelled.squeezed().map_or_else(|| spelled.text.clone(), |s| s.text);
                let secret: String = secret.split_whitespace().collect();
                prop_assert!(!seen.to_ascii_lowercase().contains(&secret.to_ascii_lowercase()), "{} {}", said, seen);
                layer = spelled.decoded();
            }
        }

        #[test]
        fn no_secret_is_left_in_base64_or_as_digits(secret in "[!-~]{6,40}", way in 0..6_usize, json in proptest::bool::ANY) {
            let form = &bits_in(&secret)[way];
            let form = if json { form.replace('/', "\\/") } else { form.clone() };
            let blank = blanked(&[&secret], &format!("you sent {form}, did you?"));
            prop_assert_eq!(blank, format!("you sent {}, did you?", "*".repeat(form.len())));
        }
    }
}

//! From the bytes of a terminal to keys and pasted text, without reading anything itself.
//!
//! Nothing that has begun stays unfinished for long: a bracket that opens a paste and is never closed,
//! or half of a key's sequence, would swallow every key after it. Ctrl-C is a key wherever it comes.

use std::time::Duration;

use crossterm::event::{Event, KeyEventKind};
use terminput_crossterm::to_crossterm;
use tokio::time::Instant;

const ESCAPE: u8 = 0x1b;
const CTRL_C: u8 = 0x03;
const OPENING: &[u8] = b"\x1b[200~";
const CLOSING: &[u8] = b"\x1b[201~";

/// The longest paste that is taken in, in bytes. What follows until its closing bracket is left out.
const LONGEST_PASTE: usize = 64 * 1024;

/// The longest sequence of a key.
const LONGEST_KEY: usize = 64;

/// How long the rest of what has begun may take to come. A paste comes in one go.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long an Escape may be the beginning of more. Other keys' sequences come with it; a person who
/// pressed it does not notice.
const ESCAPE_PATIENCE: Duration = Duration::from_millis(15);

/// After this time what comes so slowly as this is typed, not pasted.
const TYPED: (Duration, usize) = (Duration::from_secs(10), 1024);

/// Makes events of bytes as they come.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// A key's sequence that is not complete.
    begun: Vec<u8>,
    paste: Option<Paste>,
    /// When the last byte came.
    heard: Option<Instant>,
    events: Vec<Event>,
}

/// A paste whose closing bracket has not come.
#[derive(Debug)]
struct Paste {
    began: Instant,
    text: Vec<u8>,
    /// Whether what could be taken in has been: what comes now is left out.
    is_full: bool,
}

impl Decoder {
    /// What `bytes`, which came at `now`, complete.
    pub(super) fn take_in(&mut self, bytes: &[u8], now: Instant) -> Vec<Event> {
        self.give_up(now);
        for byte in bytes {
            match (*byte, &mut self.paste) {
                (CTRL_C, _) => {
                    self.paste = None;
                    self.begun = vec![CTRL_C];
                    self.complete_key(now);
                }
                (byte, Some(paste)) => {
                    if let Some(text) = paste.take_in(byte) {
                        self.events.push(text);
                    }
                    if paste.is_closed() {
                        self.close_paste();
                    }
                }
                (byte, None) => {
                    // Some terminals send a line feed for Enter.
                    self.begun.push(if byte == b'\n' { b'\r' } else { byte });
                    self.complete_key(now);
                }
            }
        }
        self.heard = Some(now);
        std::mem::take(&mut self.events)
    }

    /// When what has begun is given up if nothing comes; none where nothing has begun.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let heard = self.heard?;
        match (&self.paste, self.begun.as_slice()) {
            (Some(paste), _) => Some((heard + PATIENCE).min(paste.deadline(heard))),
            (None, []) => None,
            (None, [ESCAPE]) => Some(heard + ESCAPE_PATIENCE),
            (None, _) => Some(heard + PATIENCE),
        }
    }

    /// What is complete at `now` because nothing more came.
    pub(super) fn wait_no_longer(&mut self, now: Instant) -> Vec<Event> {
        self.give_up(now);
        std::mem::take(&mut self.events)
    }

    fn give_up(&mut self, now: Instant) {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return;
        }
        self.close_paste();
        if self.begun == [ESCAPE] {
            self.push(&[ESCAPE]);
        }
        self.begun.clear();
    }

    /// Ends the paste, if there is one.
    fn close_paste(&mut self) {
        if let Some(paste) = self.paste.take().filter(|paste| !paste.is_full) {
            self.events.push(paste.into_text());
        }
    }

    /// Takes the key that has begun as complete, where it is.
    fn complete_key(&mut self, now: Instant) {
        match self.begun.as_slice() {
            [ESCAPE] => return,
            // Pressed twice: the second may begin something else.
            [ESCAPE, ESCAPE] => {
                self.push(&[ESCAPE]);
                self.begun.truncate(1);
                return;
            }
            OPENING => {
                self.paste = Some(Paste { began: now, text: Vec::new(), is_full: false });
            }
            begun => match (terminput::Event::parse_from(begun), begun) {
                (Ok(None), begun) if begun.len() < LONGEST_KEY => return,
                // Half of something, and then something else: only the half is lost.
                (Err(_), [first, .., last]) if *first >= 0x80 || *last == ESCAPE => {
                    self.begun = vec![*last];
                    return self.complete_key(now);
                }
                (_, _) => {
                    let bytes = std::mem::take(&mut self.begun);
                    self.push(&bytes);
                }
            },
        }
        self.begun.clear();
    }

    /// The event of a whole sequence; none where it is nobody's, or of no use: releases of keys, which
    /// some terminals report too, the mouse, focus.
    fn push(&mut self, sequence: &[u8]) {
        let read = terminput::Event::parse_from(sequence).ok().flatten();
        let event = read.and_then(|event| to_crossterm(event).ok());
        let is_press =
            |event: &Event| matches!(event, Event::Key(key) if key.kind == KeyEventKind::Press);
        self.events.extend(event.filter(is_press));
    }
}

impl Paste {
    /// Takes in one more byte; the text where it cannot hold more.
    fn take_in(&mut self, byte: u8) -> Option<Event> {
        self.text.push(byte);
        if self.is_full {
            let old = self.text.len().saturating_sub(CLOSING.len());
            self.text.drain(..old);
            return None;
        }
        if self.text.len() < LONGEST_PASTE {
            return None;
        }
        self.is_full = true;
        let kept = self.text.split_off(self.text.len() - CLOSING.len());
        let text = std::mem::replace(&mut self.text, kept);
        Some(Event::Paste(String::from_utf8_lossy(&text).into_owned()))
    }

    fn is_closed(&self) -> bool {
        self.text.ends_with(CLOSING)
    }

    fn into_text(self) -> Event {
        let text = self.text.strip_suffix(CLOSING).unwrap_or(&self.text);
        Event::Paste(String::from_utf8_lossy(text).into_owned())
    }

    /// By when it has to be closed, however steadily bytes come.
    fn deadline(&self, heard: Instant) -> Instant {
        let (time, least) = TYPED;
        if self.is_full || self.text.len() >= least { heard + PATIENCE } else { self.began + time }
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    /// What comes when, in milliseconds, and what becomes of it, until nothing more is waited for.
    fn decoded(coming: &[(u64, &[u8])]) -> Vec<(u64, Event)> {
        let (start, mut decoder, mut all) = (Instant::now(), Decoder::default(), Vec::new());
        let mut pass = |decoder: &mut Decoder, until: Instant| {
            while let Some(deadline) = decoder.deadline().filter(|deadline| *deadline <= until) {
                let ms = u64::try_from((deadline - start).as_millis()).unwrap();
                all.extend(decoder.wait_no_longer(deadline).into_iter().map(|event| (ms, event)));
            }
        };
        let mut at_last = Vec::new();
        for (ms, bytes) in coming {
            let now = start + Duration::from_millis(*ms);
            pass(&mut decoder, now);
            at_last.extend(decoder.take_in(bytes, now).into_iter().map(|event| (*ms, event)));
        }
        pass(&mut decoder, start + Duration::from_secs(3_600));
        all.extend(at_last);
        all.sort_by_key(|(ms, _)| *ms);
        all
    }

    fn key(code: KeyCode) -> Event {
        Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    fn letter(c: char) -> Event {
        key(KeyCode::Char(c))
    }

    fn ctrl_c() -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL))
    }

    fn pasted(text: &str) -> Event {
        Event::Paste(text.to_owned())
    }

    #[test]
    fn keys_are_read_whole_however_their_bytes_are_split() {
        let bytes = "a\u{1b}[A\u{1b}[5~\u{1b}OPäz\r\n\u{7f}\t\u{1b}[Z".as_bytes();
        let whole: Vec<_> = decoded(&[(0, bytes)]).into_iter().map(|(_, event)| event).collect();
        let shift_tab = Event::Key(KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT));
        let codes = [
            KeyCode::Char('a'),
            KeyCode::Up,
            KeyCode::PageUp,
            KeyCode::F(1),
            KeyCode::Char('ä'),
            KeyCode::Char('z'),
            KeyCode::Enter,
            KeyCode::Enter,
            KeyCode::Backspace,
            KeyCode::Tab,
        ];
        assert_eq!(whole, codes.map(key).into_iter().chain([shift_tab]).collect::<Vec<_>>());
        let one_by_one: Vec<_> = bytes.chunks(1).map(|byte| (0, byte)).collect();
        let split: Vec<_> = decoded(&one_by_one).into_iter().map(|(_, event)| event).collect();
        assert_eq!(split, whole);
    }

    #[test]
    fn an_escape_alone_is_a_key_at_once_and_two_are_two() {
        assert_eq!(decoded(&[(0, b"\x1b")]), [(15, key(KeyCode::Esc))]);
        let twice = [(0, key(KeyCode::Esc)), (15, key(KeyCode::Esc))];
        assert_eq!(decoded(&[(0, b"\x1b\x1b")]), twice);
        assert_eq!(decoded(&[(0, b"\x1b"), (5, b"[B")]), [(5, key(KeyCode::Down))]);
    }

    #[test]
    fn what_is_no_key_is_left_out_and_swallows_nothing() {
        // A wheel, a click, a key's release, focus, a bracket that closes nothing, half a sequence.
        for noise in [
            "\u{1b}[<64;10;5M",
            "\u{1b}[M !!",
            "\u{1b}[113;1:3u",
            "\u{1b}[I",
            "\u{1b}[201~",
            "\u{1b}[999z",
        ] {
            assert_eq!(
                decoded(&[(0, noise.as_bytes()), (0, b"q")]),
                [(0, letter('q'))],
                "{noise:?}"
            );
        }
        assert_eq!(decoded(&[(0, b"\x1b["), (1_001, b"q")]), [(1_001, letter('q'))]);
        assert_eq!(decoded(&[(0, b"\xe4"), (1_001, b"q")]), [(1_001, letter('q'))]);
        // A letter of another charset, half a letter before a key.
        assert_eq!(
            decoded(&[(0, b"\xe4q"), (1, b"\xc3\x1b[A")]),
            [(0, letter('q')), (1, key(KeyCode::Up))]
        );
        assert_eq!(decoded(&[(0, b"\xff\x80q")]), [(0, letter('q'))]);
        let long = [b"\x1b[".as_slice(), &[b'1'; 200]].concat();
        assert_eq!(decoded(&[(0, &long), (1_001, b"q")]).last(), Some(&(1_001, letter('q'))));
    }

    #[test]
    fn a_paste_is_text_also_in_pieces() {
        assert_eq!(
            decoded(&[(0, b"\x1b[200~Jane\rq\x1b[201~q")]),
            [(0, pasted("Jane\rq")), (0, letter('q'))]
        );
        let pieces: [(u64, &[u8]); 4] =
            [(0, b"\x1b[20"), (10, b"0~Ja"), (900, b"ne\x1b[20"), (1_800, b"1~q")];
        assert_eq!(decoded(&pieces), [(1_800, pasted("Jane")), (1_800, letter('q'))]);
    }

    #[test]
    fn a_paste_that_is_never_closed_ends_when_nothing_comes_for_a_second() {
        let events = decoded(&[(0, b"\x1b[200~Ja"), (500, b"ne"), (1_600, b"q")]);
        assert_eq!(events, [(1_500, pasted("Jane")), (1_600, letter('q'))]);
    }

    #[test]
    fn who_goes_on_typing_into_an_open_paste_ends_it_too() {
        let typing: Vec<(u64, &[u8])> = (0..40).map(|n| (n * 400, b"j".as_slice())).collect();
        let mut coming: Vec<(u64, &[u8])> = vec![(0, b"\x1b[200~")];
        coming.extend(typing);
        let events = decoded(&coming);
        assert_eq!(events[0], (10_000, pasted(&"j".repeat(25))));
        assert_eq!(events[1], (10_000, letter('j')));
    }

    #[test]
    fn a_paste_without_end_is_cut_and_the_rest_of_it_is_no_key() {
        let flood = vec![b'q'; 3 * LONGEST_PASTE];
        let events = decoded(&[(0, b"\x1b[200~"), (0, &flood), (10, b"\x1b[201~x")]);
        let Some((0, Event::Paste(text))) = events.first() else { panic!("{events:?}") };
        assert!(text.len() <= LONGEST_PASTE && text.len() > LONGEST_PASTE - 10);
        assert_eq!(events[1..], [(10, letter('x'))]);
        let mut decoder = Decoder::default();
        decoder.take_in(b"\x1b[200~", Instant::now());
        decoder.take_in(&flood, Instant::now());
        assert!(decoder.paste.unwrap().text.len() < 100, "what is left out is not kept");
        let events = decoded(&[(0, b"\x1b[200~"), (0, &flood), (1_100, b"x")]);
        assert_eq!(events.last(), Some(&(1_100, letter('x'))));
    }

    #[test]
    fn ctrl_c_is_a_key_in_whatever_has_begun() {
        for begun in ["\u{1b}[200~Jane", "\u{1b}", "\u{1b}[", "\u{1b}[20", "\u{1b}O"] {
            let events = decoded(&[(0, begun.as_bytes()), (0, b"\x03q")]);
            assert_eq!(events, [(0, ctrl_c()), (0, letter('q'))], "{begun:?}");
        }
    }
}

//! Whether a question can have been read by whoever answers it.
//!
//! Two keys that come in one go, as a paste without brackets does or a slow line's bunch, are no question
//! and answer. An answer counts when its question has stood whole on the terminal for a while, with no
//! other key in that time: what was typed blindly goes on being typed.

use std::time::Duration;

use tokio::time::Instant;

use crate::terminal::{Generation, Written};

/// How long a question has to stand before it can have been read.
pub(super) const LEAST: Duration = Duration::from_millis(500);

/// How long the question that is put has been on the screen.
#[derive(Debug)]
pub(super) struct Reading<Q> {
    /// The question in the newest frames.
    shown: Option<Shown<Q>>,
    /// When that had been written to the terminal.
    written: Option<Instant>,
    /// When a key last came too early.
    disturbed: Option<Instant>,
}

/// A question in the newest frames.
#[derive(Debug)]
struct Shown<Q> {
    question: Q,
    /// Whether all of it stands there.
    is_whole: bool,
    /// The first of these frames.
    first: Generation,
}

impl<Q> Default for Reading<Q> {
    fn default() -> Self {
        Self { shown: None, written: None, disturbed: None }
    }
}

impl<Q: PartialEq> Reading<Q> {
    /// `question`, if any, stands in the frame of this number, whole or in part.
    pub(super) fn shows(&mut self, question: Option<Q>, is_whole: bool, first: Generation) {
        let as_before = self.shown.as_ref().is_none_or(|shown| shown.is_whole == is_whole);
        if !as_before || !self.is_showing(question.as_ref()) {
            let shown = question.map(|question| Shown { question, is_whole, first });
            *self = Self { shown, ..Self::default() };
        }
    }

    /// Something else may have been on the screen: what stands there begins to stand with the next frame.
    pub(super) fn begin_anew(&mut self) {
        *self = Self::default();
    }

    /// What the terminal was given last.
    pub(super) fn hear_of(&mut self, written: Option<Written>) {
        let Some(shown) = self.shown.as_ref().filter(|shown| shown.is_whole) else { return };
        let stands = written.filter(|written| written.generation >= shown.first);
        self.written = self.written.or(stands.map(|written| written.at));
    }

    /// Whether it is to be heard when the frame with the question has been written.
    pub(super) fn waits_for_writing(&self) -> bool {
        self.written.is_none() && self.shown.as_ref().is_some_and(|shown| shown.is_whole)
    }

    /// From when on answers count; none where nobody can say yet.
    pub(super) fn ready_at(&self) -> Option<Instant> {
        let since = self.written?.max(self.disturbed.unwrap_or(self.written?));
        Some(since + LEAST)
    }

    /// Whether `question` can have been read at `now`.
    pub(super) fn is_read(&self, question: &Q, now: Instant) -> bool {
        self.is_showing(Some(question)) && self.ready_at().is_some_and(|ready| now >= ready)
    }

    /// Whether it is this question, if any, that stands in the newest frame.
    pub(super) fn is_showing(&self, question: Option<&Q>) -> bool {
        self.shown.as_ref().map(|shown| &shown.question) == question
    }

    /// Whether a part of `question` has no room on the screen.
    pub(super) fn is_cut_off(&self, question: &Q) -> bool {
        self.is_showing(Some(question)) && self.shown.as_ref().is_some_and(|shown| !shown.is_whole)
    }

    /// This question, if any, is put now: what another one has been looked at does not count for it, nor
    /// for the same when it is put again.
    pub(super) fn follow(&mut self, question: Option<&Q>) {
        if self.shown.is_some() && !self.is_showing(question) {
            self.begin_anew();
        }
    }

    /// A key came at `now`: where that was too early, the wait begins anew.
    pub(super) fn disturb(&mut self, now: Instant) {
        if self.shown.is_some() && self.ready_at().is_none_or(|ready| now < ready) {
            self.disturbed = self.disturbed.max(Some(now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::Frames;

    /// A clock in milliseconds, and as many numbers of frames as are wanted.
    struct Stage {
        start: Instant,
        frames: Frames,
        reading: Reading<&'static str>,
    }

    impl Stage {
        fn new() -> Self {
            struct Nowhere;
            impl crate::terminal::Canvas for Nowhere {
                fn write(&mut self, _: &[u8]) -> std::io::Result<bool> {
                    Ok(true)
                }
            }
            let profile = termprofile::TermProfile::NoColor;
            let frames = Frames::start(Nowhere, profile, |_| {}).unwrap();
            Self { start: Instant::now(), frames, reading: Reading::default() }
        }

        fn at(&self, ms: u64) -> Instant {
            self.start + Duration::from_millis(ms)
        }

        /// A frame with all of `question`.
        fn draw(&mut self, question: Option<&'static str>) -> Generation {
            let buffer = ratatui::buffer::Buffer::empty(ratatui::layout::Rect::new(0, 0, 1, 1));
            let generation = self.frames.show(crate::terminal::Frame { buffer, cursor: None });
            self.reading.shows(question, true, generation);
            generation
        }

        fn write(&mut self, generation: Generation, ms: u64) {
            let at = self.at(ms);
            self.reading.hear_of(Some(Written { generation, at }));
        }

        /// Whether a key at this moment finds the question read.
        fn key(&mut self, ms: u64) -> bool {
            let now = self.at(ms);
            let is_read = self.reading.is_read(&"log out?", now);
            self.reading.disturb(now);
            is_read
        }
    }

    #[test]
    fn an_answer_counts_half_a_second_after_its_question_was_written() {
        let mut stage = Stage::new();
        assert!(!stage.key(0));
        let drawn = stage.draw(Some("log out?"));
        stage.write(drawn, 40);
        assert!(!stage.reading.is_read(&"log out?", stage.at(539)));
        assert!(stage.key(540));
        assert!(stage.key(541), "who types on after that is in time");
        assert!(!stage.reading.is_read(&"log out Jane?", stage.at(999)));
    }

    #[test]
    fn a_key_that_comes_too_early_makes_the_wait_begin_anew() {
        let mut stage = Stage::new();
        let drawn = stage.draw(Some("log out?"));
        assert!(!stage.key(2), "not written yet");
        stage.write(drawn, 10);
        for ms in [30, 130, 629, 1_128] {
            assert!(!stage.key(ms), "{ms}");
        }
        assert!(stage.key(1_628));
    }

    #[test]
    fn a_terminal_that_takes_nothing_shows_nothing() {
        let mut stage = Stage::new();
        let before = stage.draw(None);
        let drawn = stage.draw(Some("log out?"));
        stage.write(before, 10);
        assert!(stage.reading.waits_for_writing());
        assert!(!stage.key(50_000));
        let later = stage.draw(Some("log out?"));
        stage.write(later, 60_100); // the first was left out
        assert!(!stage.reading.waits_for_writing() && later > drawn);
        assert!(!stage.key(60_599) && stage.key(61_099));
    }

    #[test]
    fn what_is_redrawn_goes_on_standing_and_another_question_does_not() {
        let mut stage = Stage::new();
        let drawn = stage.draw(Some("log out?"));
        stage.write(drawn, 0);
        let again = stage.draw(Some("log out?"));
        stage.write(again, 400);
        assert_eq!(stage.reading.ready_at(), Some(stage.at(500)));
        stage.draw(Some("log out Jane?"));
        let back = stage.draw(Some("log out?"));
        stage.write(back, 450);
        assert!(!stage.key(501));
        stage.draw(None);
        assert!(!stage.key(9_000));
    }

    #[test]
    fn a_question_that_is_cut_off_is_not_read_until_it_stands_there_whole() {
        let mut stage = Stage::new();
        let drawn = stage.draw(None);
        stage.reading.shows(Some("log out?"), false, drawn);
        stage.write(drawn, 0);
        assert!(!stage.key(9_000) && !stage.reading.waits_for_writing());
        assert!(
            stage.reading.is_cut_off(&"log out?") && !stage.reading.is_cut_off(&"log out Jane?")
        );
        let whole = stage.draw(Some("log out?"));
        stage.write(whole, 9_500);
        assert!(!stage.reading.is_cut_off(&"log out?"));
        assert!(!stage.key(9_999) && stage.key(10_499));
    }

    #[test]
    fn a_question_that_was_left_and_is_put_again_is_read_again() {
        for leave in [None, Some("log out Jane?")] {
            let mut stage = Stage::new();
            let drawn = stage.draw(Some("log out?"));
            stage.write(drawn, 0);
            assert!(stage.key(600));
            stage.reading.follow(leave.as_ref());
            stage.reading.follow(Some(&"log out?"));
            assert!(!stage.key(700), "nothing was drawn in between");
        }
    }
}

//! The program on a pseudo-terminal, with an emulator that keeps what a person would see.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

use super::centre::Centre;

/// How long anything may take before it has failed. The longest that the program itself takes is the
/// half minute for which it watches a change; the rest is for a machine that is busy with other things.
const LIMIT: Duration = Duration::from_secs(110);

/// The program on a terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    seen: Arc<Seen>,
}

struct Seen {
    state: Mutex<State>,
    news: Condvar,
}

impl Seen {
    /// A test that failed while it looked left nothing half done.
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

struct State {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    /// How many of the bytes are on the screen.
    shown: usize,
    /// When the newest of them came there.
    drawn_at: DateTime<Utc>,
    ended: bool,
    /// Whether nobody reads any more: the other end closes with the next bytes.
    closed: bool,
}

impl State {
    /// Puts on the screen what is finished. A frame comes as one synchronized update and in several
    /// reads: like a person, a test sees none that is half drawn, with one page's footer under the
    /// next page's list.
    fn show(&mut self) {
        let last = |mark: &[u8]| self.bytes.windows(mark.len()).rposition(|bytes| bytes == mark);
        let (began, ended) = (last(b"\x1b[?2026h"), last(b"\x1b[?2026l"));
        let finished = match began {
            Some(began) if !self.ended && ended < Some(began) => began,
            _ => self.bytes.len(),
        };
        if let Some(bytes) = self.bytes.get(self.shown..finished).filter(|new| !new.is_empty()) {
            self.parser.process(bytes);
            self.shown = finished;
            self.drawn_at = Utc::now();
        }
    }
}

fn non_zero(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
}

impl Terminal {
    /// Starts the program on a terminal of 80x24.
    pub fn start(centre: &Centre, args: &[&str]) -> Self {
        Self::sized(centre, args, 80, 24)
    }

    pub fn sized(centre: &Centre, args: &[&str], width: u16, height: u16) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_floorwatch"));
        command.args(centre.args(args));
        command.env_clear();
        for (name, value) in centre.env() {
            command.env(name, value);
        }
        Self::of(command, width, height)
    }

    /// Starts the program where the locale is another.
    pub fn in_locale(centre: &Centre, args: &[&str], locale: &str) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_floorwatch"));
        command.args(centre.args(args));
        command.env_clear();
        let other = [("LC_ALL".to_owned(), locale.to_owned())];
        for (name, value) in centre.env().into_iter().chain(other) {
            command.env(name, value);
        }
        Self::of(command, 120, 40)
    }

    pub fn of(command: CommandBuilder, width: u16, height: u16) -> Self {
        let size = PtySize { rows: height, cols: width, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = vt100::Parser::new(non_zero(height), non_zero(width), 0);
        let state = Mutex::new(State {
            parser,
            bytes: Vec::new(),
            shown: 0,
            drawn_at: Utc::now(),
            ended: false,
            closed: false,
        });
        let seen = Arc::new(Seen { state, news: Condvar::new() });
        let mut reader = pair.master.try_clone_reader().unwrap();
        let heard = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let mut state = heard.state();
                state.bytes.extend_from_slice(&buffer[..read]);
                state.ended = read == 0;
                state.show();
                heard.news.notify_all();
                if read == 0 || state.closed {
                    break;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { child, master: Some(pair.master), writer: Some(writer), seen }
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Waits until the screen is as `wanted`; what is on it when it is.
    pub fn wait_until(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> String {
        let end = Instant::now() + LIMIT;
        let mut state = self.seen.state();
        loop {
            if wanted(state.parser.screen()) {
                return state.parser.screen().contents();
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !state.ended,
                "never saw {what}, but:\n{}",
                state.parser.screen().contents()
            );
            state = self.seen.news.wait_timeout(state, left).unwrap().0;
        }
    }

    /// Waits until the screen shows `text`.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?}"), |screen| screen.contents().contains(text))
    }

    /// Waits until the question on the screen says that an answer counts: its key is as bright as the
    /// others.
    pub fn wait_until_answerable(&self) -> String {
        self.wait_until("a question that can be answered", |screen| {
            let asks = |row, col, hint: &str| {
                let letter = |col| screen.cell(row, col).map_or("", vt100::Cell::contents);
                hint.split_inclusive(|_| true).zip(col..).all(|(wanted, col)| {
                    letter(col) == wanted || (wanted == " " && letter(col).is_empty())
                })
            };
            let colour = |row, col| screen.cell(row, col).map(vt100::Cell::fgcolor);
            let (rows, columns) = screen.size();
            let hints = ["y log out", "Enter log out", "Enter acknowledge", "Enter resolve"];
            (0..rows.get()).any(|row| {
                (0..columns.get()).any(|col| {
                    hints.iter().filter(|hint| asks(row, col, hint)).any(|hint| {
                        let word = u16::try_from(hint.find(' ').unwrap() + 1).unwrap();
                        colour(row, col) != colour(row, col + word)
                    })
                })
            })
        })
    }

    /// Waits until the screen no longer shows `text`.
    pub fn wait_without(&self, text: &str) -> String {
        self.wait_until(&format!("no {text:?}"), |screen| !screen.contents().contains(text))
    }

    /// Shows `look` each screen with the moment at which it was drawn, from the one that stands there on,
    /// until it has seen enough; what it has seen then.
    pub fn watch<T>(
        &self,
        what: &str,
        mut look: impl FnMut(&vt100::Screen, DateTime<Utc>) -> Option<T>,
    ) -> T {
        let mut seen = None;
        let end = Instant::now() + 3 * LIMIT;
        let mut state = self.seen.state();
        loop {
            if seen != Some(state.shown) {
                seen = Some(state.shown);
                let (screen, drawn_at) = (state.parser.screen().clone(), state.drawn_at);
                drop(state);
                if let Some(enough) = look(&screen, drawn_at) {
                    return enough;
                }
                state = self.seen.state();
                continue;
            }
            let left = end.saturating_duration_since(Instant::now());
            let last = || state.parser.screen().contents();
            assert!(!left.is_zero() && !state.ended, "never saw {what}, but:\n{}", last());
            state = self.seen.news.wait_timeout(state, left).unwrap().0;
        }
    }

    /// What is on the screen.
    pub fn contents(&self) -> String {
        self.seen.state().parser.screen().contents()
    }

    /// Everything the program has sent so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.state().bytes.clone()
    }

    /// Whether the alternate screen is shown.
    pub fn on_alternate_screen(&self) -> bool {
        self.seen.state().parser.screen().alternate_screen()
    }

    pub fn cursor_is_hidden(&self) -> bool {
        self.seen.state().parser.screen().hide_cursor()
    }

    pub fn resize(&self, width: u16, height: u16) {
        // The emulator first: the program draws for the new size at once.
        let mut state = self.seen.state();
        state.parser.screen_mut().set_size(non_zero(height), non_zero(width));
        drop(state);
        let size = PtySize { rows: height, cols: width, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.pid()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal)
            .unwrap();
    }

    /// Closes the terminal's other end, as a lost connection does.
    pub fn close(&mut self) {
        self.seen.state().closed = true;
        self.writer = None;
        self.master = None;
    }

    /// Waits until the program has ended by itself.
    pub fn wait_for_end(&mut self) -> ExitStatus {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What it wrote last may still be on its way.
                let mut state = self.seen.state();
                while !state.ended && self.master.is_some() {
                    state = self.seen.news.wait_timeout(state, LIMIT).unwrap().0;
                }
                return status;
            }
            assert!(Instant::now() < end, "the program does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The thread that reads keys.
//!
//! It asks the kernel before it reads: a terminal that has vanished would be readable for ever.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

use crossterm::event::Event;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

use super::decoder::Decoder;

/// What comes from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputEvent {
    /// A key that was pressed, pasted text, or a new size, and when it came: it may have to wait until it
    /// is taken in.
    Event(Event, Instant),
    /// The terminal has hung up; nothing comes any more.
    Gone,
}

/// Reading keys; ends when dropped.
#[derive(Debug)]
pub struct Input {
    wake: Arc<UnixStream>,
    resizes: tokio::task::JoinHandle<()>,
}

impl Input {
    /// Starts the thread `input`, which sends to `events` until the receiver is gone, this is dropped
    /// or the terminal hangs up. The terminal must have been entered. Needs the runtime: a change of
    /// the window's size is a signal.
    ///
    /// # Errors
    /// When no thread can be started or no signal heard.
    pub fn start(events: Sender<InputEvent>) -> io::Result<Self> {
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let wake = Arc::new(wake);
        let mut resized = signal(SignalKind::window_change())?;
        let waker = Arc::clone(&wake);
        let resizes = tokio::spawn(async move {
            while resized.recv().await.is_some() {
                // A full pipe wakes the thread as well as one byte more.
                let _ = (&*waker).write(&[RESIZED]);
            }
        });
        std::thread::Builder::new().name("input".to_owned()).spawn(move || {
            // The end says only how it ended; whoever listens has been told.
            let _ = read_all(&events, &woken);
        })?;
        Ok(Self { wake, resizes })
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        self.resizes.abort();
        let _ = (&*self.wake).write(&[STOP]);
    }
}

const RESIZED: u8 = b'r';
const STOP: u8 = b's';

/// Why reading ended.
enum Ended {
    Stopped,
    NobodyListens,
}

fn read_all(events: &Sender<InputEvent>, woken: &UnixStream) -> Ended {
    let send = |event, at| {
        let event = InputEvent::Event(event, at);
        events.blocking_send(event).map_err(|_| Ended::NobodyListens)
    };
    let mut decoder = Decoder::default();
    loop {
        let wish = next_wish(woken, decoder.deadline());
        let now = Instant::now();
        let decoded = match wish {
            Wish::Stop => return Ended::Stopped,
            Wish::Gone => {
                let _ = events.blocking_send(InputEvent::Gone);
                return Ended::Stopped;
            }
            Wish::Resize => {
                let size = rustix::termios::tcgetwinsize(stdin()).ok();
                size.map(|size| Event::Resize(size.ws_col, size.ws_row)).into_iter().collect()
            }
            Wish::Read(bytes) => decoder.take_in(&bytes, now),
            Wish::GoOn => decoder.wait_no_longer(now),
        };
        for event in decoded {
            if let Err(ended) = send(event, now) {
                return ended;
            }
        }
    }
}

/// What the thread is to do next.
enum Wish {
    Read(Vec<u8>),
    /// Nothing has come for as long as it was waited for.
    GoOn,
    Resize,
    Gone,
    Stop,
}

/// Waits until there is something to do, no longer than until `deadline`.
fn next_wish(woken: &UnixStream, deadline: Option<Instant>) -> Wish {
    let stdin = stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(woken, PollFlags::IN)];
    loop {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        match poll(&mut fds, left.as_ref()) {
            Ok(0) => return Wish::GoOn,
            Ok(_) => break,
            Err(Errno::INTR) => {}
            Err(_) => return Wish::Gone,
        }
    }
    let [keys, wakes] = [fds[0].revents(), fds[1].revents()];
    if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
        return Wish::Gone;
    }
    if wakes.is_empty() {
        return read_keys();
    }
    let mut bytes = [0; 64];
    let read = (&*woken).read(&mut bytes).unwrap_or(0);
    match &bytes[..read] {
        [] => Wish::Stop, // the other end is gone
        bytes if bytes.contains(&STOP) => Wish::Stop,
        _ => Wish::Resize,
    }
}

/// Reads what has come.
fn read_keys() -> Wish {
    let mut bytes = [0; 4096];
    match rustix::io::read(stdin(), &mut bytes) {
        Ok(0) => Wish::Gone,
        Ok(read) => Wish::Read(bytes[..read].to_vec()),
        // Whoever shares the terminal with us may have been faster.
        Err(Errno::INTR | Errno::AGAIN) => Wish::GoOn,
        Err(_) => Wish::Gone,
    }
}

//! The thread that reads keys.
//!
//! When a terminal vanishes, crossterm's reader loops for ever at full speed, holding its lock. So
//! this thread asks the kernel first, and lets crossterm read only where there is something to read
//! and no hang-up.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{Event, KeyEventKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::Sender;

/// What comes from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputEvent {
    /// A key that was pressed, pasted text, or a new size.
    Event(Event),
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
        // Its reader opens what it needs with the first look, and is dead for good where that fails: with
        // the first key it might, when other things have taken all there was.
        if !has_hung_up() {
            crossterm::event::poll(Duration::ZERO)?;
        }
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
    let send = |event| events.blocking_send(event).map_err(|_| Ended::NobodyListens);
    // What was typed before the first look waits in the reader, not in the terminal.
    if !has_hung_up()
        && let Err(ended) = pass_on(&send)
    {
        return ended;
    }
    loop {
        let step = match next_wish(woken) {
            Wish::Stop => return Ended::Stopped,
            Wish::Gone => {
                let _ = send(InputEvent::Gone);
                return Ended::Stopped;
            }
            Wish::Resize => rustix::termios::tcgetwinsize(stdin()).map_or(Ok(()), |size| {
                send(InputEvent::Event(Event::Resize(size.ws_col, size.ws_row)))
            }),
            Wish::Read => pass_on(&send),
        };
        if let Err(ended) = step {
            return ended;
        }
    }
}

/// What the thread is to do next.
enum Wish {
    Read,
    Resize,
    Gone,
    Stop,
}

/// Whether the terminal is gone, as far as can be told without waiting.
fn has_hung_up() -> bool {
    let stdin = stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut fds, Some(&now)).is_err() || fds[0].revents().intersects(GONE)
}

/// What the kernel says of a terminal that is gone.
const GONE: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

/// Waits until there is something to do.
fn next_wish(woken: &UnixStream) -> Wish {
    let stdin = stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(woken, PollFlags::IN)];
    loop {
        match poll(&mut fds, None) {
            Ok(_) => break,
            Err(Errno::INTR) => {}
            Err(_) => return Wish::Gone,
        }
    }
    let [keys, wakes] = [fds[0].revents(), fds[1].revents()];
    if keys.intersects(GONE) {
        return Wish::Gone;
    }
    if wakes.is_empty() {
        return Wish::Read;
    }
    let mut bytes = [0; 64];
    let read = (&*woken).read(&mut bytes).unwrap_or(0);
    match &bytes[..read] {
        [] => Wish::Stop, // the other end is gone
        bytes if bytes.contains(&STOP) => Wish::Stop,
        _ => Wish::Resize,
    }
}

/// Sends on what crossterm has to say, until it has no more. Sizes come from the signal instead:
/// crossterm would notice a new one only when the next key is pressed.
fn pass_on(send: &impl Fn(InputEvent) -> Result<(), Ended>) -> Result<(), Ended> {
    while matches!(crossterm::event::poll(Duration::ZERO), Ok(true)) {
        let Ok(event) = crossterm::event::read() else { break };
        if is_wanted(&event) {
            send(InputEvent::Event(event))?;
        }
    }
    Ok(())
}

/// Key releases (which some terminals report too), focus, mouse and crossterm's own sizes are not.
fn is_wanted(event: &Event) -> bool {
    match event {
        Event::Key(key) => key.kind == KeyEventKind::Press,
        Event::Paste(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    #[test]
    fn only_presses_and_pasted_text_are_passed_on() {
        let key = |kind| {
            Event::Key(KeyEvent::new_with_kind(KeyCode::Char('q'), KeyModifiers::NONE, kind))
        };
        assert!(is_wanted(&key(KeyEventKind::Press)));
        assert!(!is_wanted(&key(KeyEventKind::Release)));
        assert!(is_wanted(&Event::Paste("jane".into())));
        assert!(!is_wanted(&Event::FocusGained));
    }
}

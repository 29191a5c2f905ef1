//! The guard: takes the terminal over and gives it back as it was found.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::queue;
use crossterm::style::{Attribute, Print, SetAttribute};
use crossterm::terminal::{
    EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{
    Action, OptionalActions, QueueSelector, Termios, isatty, tcflow, tcflush, tcgetattr, tcsetattr,
};

use super::Canvas;
use super::warden::Warden;

/// Why there is no terminal to draw on.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Standard input or output is something else.
    #[error(
        "no terminal: {0} is not one (hint: run it in a terminal, or use `floorwatch snapshot`)"
    )]
    NotATerminal(&'static str),
    /// The terminal does not do what it is told.
    #[error("no terminal: it refused: {0}")]
    Refused(#[from] io::Error),
}

/// The terminal of this process, taken over. Clones are the same terminal.
///
/// Writes go to the file descriptor itself: the standard library's lock on its output would be held
/// by a writer that is stuck, just when the screen has to be restored.
#[derive(Debug, Clone)]
pub struct Terminal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// What the terminal was set to before us.
    found: Termios,
    /// Held while something is written.
    writing: Mutex<()>,
    /// Whether the screen is ours.
    entered: AtomicBool,
    /// Whether it was given back for good.
    over: AtomicBool,
    /// Whether the terminal has hung up: then nothing is written any more.
    gone: AtomicBool,
    /// Gives it back where we cannot any more.
    warden: Option<Warden>,
}

/// How long restoring waits for a writer that is stuck, and then for the terminal.
const PATIENCE: Duration = Duration::from_millis(60);

impl Terminal {
    /// Takes the terminal over: raw mode, alternate screen, no cursor, pasted text as text, no mouse and no
    /// wheel.
    ///
    /// # Errors
    /// When there is none; then nothing has been touched.
    pub fn enter() -> Result<Self, TerminalError> {
        if !isatty(stdin()) {
            return Err(TerminalError::NotATerminal("standard input"));
        }
        if !isatty(stdout()) {
            return Err(TerminalError::NotATerminal("standard output"));
        }
        let found = tcgetattr(stdin()).map_err(io::Error::from)?;
        let terminal = Self(Arc::new(Inner {
            found,
            writing: Mutex::default(),
            entered: AtomicBool::new(false),
            over: AtomicBool::new(false),
            gone: AtomicBool::new(false),
            warden: Warden::post(leave()),
        }));
        terminal.reenter()?;
        Ok(terminal)
    }

    /// Takes the terminal over again, after [`Terminal::suspend`] or after something else had it; does
    /// nothing after [`Terminal::restore`].
    ///
    /// # Errors
    /// When it refuses.
    pub fn reenter(&self) -> Result<(), TerminalError> {
        if self.0.over.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut raw = self.0.found.clone();
        raw.make_raw();
        tcsetattr(stdin(), OptionalActions::Now, &raw).map_err(io::Error::from)?;
        self.0.entered.store(true, Ordering::SeqCst);
        if let Some(warden) = &self.0.warden {
            warden.is_ours();
        }
        let mut bytes = Vec::new();
        queue!(bytes, EnterAlternateScreen, Hide, EnableBracketedPaste, Print(NO_WHEEL))?;
        self.write_now(&bytes).inspect_err(|_| self.restore())?;
        Ok(())
    }

    /// Gives the terminal back as it was found, for good. Does so once, however often it is called;
    /// never panics, never waits for long, and writes nothing to a terminal that is gone.
    pub fn restore(&self) {
        self.0.over.store(true, Ordering::SeqCst);
        self.suspend();
    }

    /// Gives the terminal back as it was found until [`Terminal::reenter`].
    pub fn suspend(&self) {
        if !self.0.entered.swap(false, Ordering::SeqCst) {
            return;
        }
        if !self.is_gone() {
            let _writing = self.lock_patiently();
            if self.is_writable() || self.is_writable_after_unblocking() {
                let _ = write_all(&leave());
            }
        }
        // Also where the terminal is gone: another program may still hold it.
        let _ = tcsetattr(stdin(), OptionalActions::Now, &self.0.found);
        if let Some(warden) = &self.0.warden {
            warden.is_theirs();
        }
    }

    /// Whether the screen is ours at the moment.
    #[must_use]
    pub fn is_entered(&self) -> bool {
        self.0.entered.load(Ordering::SeqCst)
    }

    /// Whether the terminal has hung up.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.0.gone.load(Ordering::SeqCst)
    }

    /// Remembers that the terminal has hung up: from here on nothing is written to it.
    pub fn mark_gone(&self) {
        self.0.gone.store(true, Ordering::SeqCst);
    }

    /// Throws away what the terminal has not shown yet and lets its output go on, so that a writer
    /// which is stuck behind a suspended output comes free.
    pub fn unblock(&self) {
        let _ = tcflush(stdout(), QueueSelector::OFlush);
        // Flushing alone does not wake a writer that waits for room; being started does, and only
        // what was stopped is started.
        let _ = tcflow(stdout(), Action::OOff);
        let _ = tcflow(stdout(), Action::OOn);
    }

    /// The terminal's size in columns and rows; asks the kernel, starts no process.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = rustix::termios::tcgetwinsize(stdout())?;
        Ok((size.ws_col, size.ws_row))
    }

    fn write_now(&self, bytes: &[u8]) -> io::Result<bool> {
        let _writing = self.0.writing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !self.is_entered() {
            return Ok(false);
        }
        write_all(bytes).inspect_err(|_| self.mark_gone())?;
        Ok(true)
    }

    /// The lock, unless a writer is stuck with it: then its output is thrown away, and if that does
    /// not help, nothing will.
    fn lock_patiently(&self) -> Option<MutexGuard<'_, ()>> {
        const STEP: Duration = Duration::from_millis(5);
        for unblock in [true, false] {
            for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
                match self.0.writing.try_lock() {
                    Ok(lock) => return Some(lock),
                    Err(TryLockError::Poisoned(lock)) => return Some(lock.into_inner()),
                    Err(TryLockError::WouldBlock) => std::thread::sleep(STEP),
                }
            }
            if unblock {
                self.unblock();
            }
        }
        None
    }

    fn is_writable(&self) -> bool {
        let stdout = stdout();
        let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
        let patience = Timespec { tv_sec: 0, tv_nsec: i64::from(PATIENCE.subsec_nanos()) };
        let ready = poll(&mut fds, Some(&patience)).is_ok_and(|ready| ready > 0);
        ready && !fds[0].revents().intersects(PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL)
    }

    fn is_writable_after_unblocking(&self) -> bool {
        self.unblock();
        self.is_writable()
    }
}

impl Canvas for Terminal {
    fn write(&mut self, bytes: &[u8]) -> io::Result<bool> {
        self.write_now(bytes)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.entered.load(Ordering::SeqCst) {
            if !self.gone.load(Ordering::SeqCst) {
                let _ = write_all(&leave());
            }
            let _ = tcsetattr(stdin(), OptionalActions::Now, &self.found);
            if let Some(warden) = &self.warden {
                warden.is_theirs();
            }
        }
    }
}

/// Remembers whether the wheel presses arrow keys on the alternate screen, and keeps it from that: a wheel
/// is for looking, and never acts.
const NO_WHEEL: &str = "\u{1b}[?1007s\u{1b}[?1007l";

/// Lets the wheel do what it did before; where the terminal remembers nothing, what is usual.
const WHEEL: &str = "\u{1b}[?1007h\u{1b}[?1007r";

/// What undoes everything that entering and drawing may have left behind.
fn leave() -> Vec<u8> {
    let mut bytes = Vec::new();
    // A Vec takes everything.
    let _ = queue!(
        bytes,
        EndSynchronizedUpdate,
        SetAttribute(Attribute::Reset),
        DisableBracketedPaste,
        EnableLineWrap,
        Print(WHEEL),
        Show,
        LeaveAlternateScreen
    );
    bytes
}

/// Writes all of `bytes`, in one call where the terminal takes them at once.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(stdout(), bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Whoever shares the terminal with us may have made it non-blocking.
            Err(Errno::AGAIN) => match poll(&mut [PollFd::new(&stdout(), PollFlags::OUT)], None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            },
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_undoes_entering() {
        let text = String::from_utf8(leave()).unwrap();
        for undone in [
            "\u{1b}[?2026l",
            "\u{1b}[0m",
            "\u{1b}[?2004l",
            "\u{1b}[?7h",
            "\u{1b}[?1007r",
            "\u{1b}[?25h",
            "\u{1b}[?1049l",
        ] {
            assert!(text.contains(undone), "{undone:?} is not in {text:?}");
        }
    }

    #[test]
    fn no_terminal_is_one_sentence_with_a_way_out() {
        let text = TerminalError::NotATerminal("standard input").to_string();
        assert!(
            text.starts_with("no terminal: ") && text.contains("floorwatch snapshot"),
            "{text}"
        );
    }
}

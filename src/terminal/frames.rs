//! The thread that owns the output. It takes the newest finished frame from a mailbox with one slot:
//! what a slow terminal has not shown yet is replaced, not queued. Since frames are left out, it takes
//! whole frames and finds the differences to the last *painted* one itself.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use termprofile::TermProfile;
use tokio::sync::watch;
use tokio::time::Instant;

use super::painter::{Frame, Painter};

/// What a chunk is written to.
pub trait Canvas: Send {
    /// Writes all of `bytes` at once. `false` when nothing was written since the screen is not ours
    /// at the moment.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn write(&mut self, bytes: &[u8]) -> io::Result<bool>;
}

/// A frame's number: a later one's is larger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Generation(u64);

/// Which frame the terminal was given last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Its number. Earlier ones that were not given to it never will be.
    pub generation: Generation,
    /// When all of it had been written.
    pub at: Instant,
}

/// The way to the screen. Nothing here ever waits for the terminal.
#[derive(Debug, Clone)]
pub struct Frames {
    mailbox: Arc<Mailbox>,
    written: watch::Receiver<Option<Written>>,
}

#[derive(Debug, Default)]
struct Mailbox {
    slot: Mutex<Slot>,
    filled: Condvar,
}

#[derive(Debug, Default)]
struct Slot {
    /// The newest frame's number, also after it has been taken.
    generation: Generation,
    newest: Option<Frame>,
    redraw: bool,
    closed: bool,
}

impl Mailbox {
    /// A thread that panicked while it held the slot left nothing half done in it.
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the slot and tells the thread.
    fn change<T>(&self, change: impl FnOnce(&mut Slot) -> T) -> T {
        let changed = change(&mut self.slot());
        self.filled.notify_one();
        changed
    }

    /// Waits for work: the newest frame and its number, and whether to paint all of it; none when closed.
    fn take(&self) -> Option<(Option<Frame>, Generation, bool)> {
        let mut slot = self
            .filled
            .wait_while(self.slot(), |slot| !slot.closed && slot.newest.is_none() && !slot.redraw)
            .unwrap_or_else(PoisonError::into_inner);
        if slot.closed {
            return None;
        }
        Some((slot.newest.take(), slot.generation, std::mem::take(&mut slot.redraw)))
    }
}

impl Frames {
    /// Starts the thread `output`. It ends when closed, or when `canvas` fails: then `gone` is told
    /// why, once.
    ///
    /// # Errors
    /// When no thread can be started.
    pub fn start(
        canvas: impl Canvas + 'static,
        profile: TermProfile,
        gone: impl FnOnce(io::Error) + Send + 'static,
    ) -> io::Result<Self> {
        let (tell, written) = watch::channel(None);
        let mailbox = Arc::new(Mailbox::default());
        let taking = Arc::clone(&mailbox);
        std::thread::Builder::new().name("output".to_owned()).spawn(move || {
            let paint = || paint_all(&taking, canvas, Painter::new(profile), &tell);
            // A screen that nobody paints any more must not look as if it were live.
            let ended = catch_unwind(AssertUnwindSafe(paint))
                .unwrap_or_else(|_| Err(io::Error::other("internal error while painting")));
            if let Err(error) = ended {
                gone(error);
            }
        })?;
        Ok(Self { mailbox, written })
    }

    /// Shows `frame`, unless a newer one comes before the terminal is ready for it; says its number.
    pub fn show(&self, frame: Frame) -> Generation {
        self.mailbox.change(|slot| {
            slot.generation.0 += 1;
            slot.newest = Some(frame);
            slot.generation
        })
    }

    /// Paints everything anew: something else has written to the terminal.
    pub fn invalidate(&self) {
        self.mailbox.change(|slot| slot.redraw = true);
    }

    /// Which frame the terminal was given last; none before the first.
    #[must_use]
    pub fn written(&self) -> Option<Written> {
        *self.written.borrow()
    }

    /// Waits until the terminal has been given another frame.
    pub async fn next_written(&mut self) {
        if self.written.changed().await.is_err() {
            std::future::pending::<()>().await; // the thread has ended: there will be none
        }
    }

    /// Ends the thread; does not wait for it, since it may be stuck.
    pub fn close(&self) {
        self.mailbox.change(|slot| slot.closed = true);
    }
}

fn paint_all(
    mailbox: &Mailbox,
    mut canvas: impl Canvas,
    mut painter: Painter,
    written: &watch::Sender<Option<Written>>,
) -> io::Result<()> {
    let mut last: Option<Frame> = None;
    while let Some((newest, generation, redraw)) = mailbox.take() {
        if redraw {
            painter.forget();
        }
        let Some(frame) = newest.or(last.take()) else { continue };
        last = Some(frame.clone());
        let bytes = painter.paint(frame);
        if bytes.is_empty() || canvas.write(&bytes)? {
            written.send_replace(Some(Written { generation, at: Instant::now() }));
        } else {
            painter.forget();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    use ratatui::buffer::Buffer;

    use super::*;

    /// A terminal that says what it is given and takes it only when it is let to.
    struct Slow {
        written: SyncSender<String>,
        let_go: Receiver<io::Result<bool>>,
    }

    impl Canvas for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<bool> {
            self.written
                .send(String::from_utf8_lossy(bytes).into_owned())
                .map_err(io::Error::other)?;
            self.let_go.recv().map_err(io::Error::other)?
        }
    }

    struct Stage {
        frames: Frames,
        written: Receiver<String>,
        let_go: SyncSender<io::Result<bool>>,
        gone: Receiver<String>,
    }

    fn stage() -> Stage {
        let (written_in, written) = sync_channel(8);
        let (let_go, let_go_out) = sync_channel(8);
        let (gone_in, gone) = sync_channel(1);
        let canvas = Slow { written: written_in, let_go: let_go_out };
        let tell = move |error: io::Error| gone_in.send(error.to_string()).unwrap();
        let frames = Frames::start(canvas, TermProfile::NoColor, tell).unwrap();
        Stage { frames, written, let_go, gone }
    }

    fn frame(text: &str) -> Frame {
        Frame { buffer: Buffer::with_lines([text]), cursor: None }
    }

    #[test]
    fn a_stalled_terminal_gets_the_newest_frame_and_nobody_waits_for_it() {
        let Stage { frames, written, let_go, .. } = stage();
        frames.show(frame("one"));
        assert!(written.recv().unwrap().contains("one"));
        for text in ["two", "six", "ten"] {
            frames.show(frame(text)); // the terminal still has not taken the first
        }
        let_go.send(Ok(true)).unwrap();
        let next = written.recv().unwrap();
        assert!(next.contains("ten") && !next.contains("two") && !next.contains("six"), "{next:?}");
    }

    #[test]
    fn invalidating_paints_the_last_frame_whole_again() {
        let Stage { frames, written, let_go, .. } = stage();
        frames.show(frame("floor"));
        let first = written.recv().unwrap();
        let_go.send(Ok(true)).unwrap();
        frames.invalidate();
        assert_eq!(written.recv().unwrap(), first);
    }

    #[test]
    fn what_was_not_written_is_painted_whole_the_next_time() {
        let Stage { frames, written, let_go, .. } = stage();
        frames.show(frame("floor1"));
        written.recv().unwrap();
        let_go.send(Ok(false)).unwrap(); // suspended
        frames.show(frame("floor2"));
        assert!(written.recv().unwrap().contains("floor2"));
    }

    #[test]
    fn a_terminal_that_is_gone_is_reported_once_and_ends_the_thread() {
        let Stage { frames, written, let_go, gone, .. } = stage();
        frames.show(frame("one"));
        written.recv().unwrap();
        let_go.send(Err(io::Error::other("hung up"))).unwrap();
        assert_eq!(gone.recv().unwrap(), "hung up");
        assert!(gone.recv().is_err());
        frames.show(frame("two"));
        assert!(written.recv().is_err());
    }

    #[test]
    fn a_frame_counts_as_written_once_all_of_it_has_been() {
        let Stage { mut frames, written, let_go, .. } = stage();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let before = Instant::now();
        let first = frames.show(frame("one"));
        written.recv().unwrap();
        let second = frames.show(frame("two"));
        let third = frames.show(frame("six"));
        assert!(first < second && second < third && frames.written().is_none());
        let_go.send(Ok(false)).unwrap(); // suspended
        written.recv().unwrap();
        let_go.send(Ok(true)).unwrap();
        runtime.block_on(frames.next_written());
        let last = frames.written().unwrap();
        assert_eq!(
            last.generation, third,
            "neither what is not ours is written, nor what is left out"
        );
        assert!(last.at > before);
        let fourth = frames.show(frame("six"));
        runtime.block_on(frames.next_written());
        assert_eq!(frames.written().unwrap().generation, fourth, "it stands there already");
    }

    #[test]
    fn closing_ends_the_thread_without_an_error() {
        let Stage { frames, written, gone, .. } = stage();
        frames.close();
        assert!(written.recv().is_err());
        assert!(gone.recv().is_err());
    }
}

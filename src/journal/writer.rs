//! The thread that owns the open file.

use std::sync::mpsc::Receiver;

use super::book::Book;

/// One piece of work.
pub(super) type Work = Box<dyn FnOnce(&mut Book) -> Then + Send>;

/// What the thread does after a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    End,
}

/// Does the work in the order in which it came, until told to end or nobody is left to send any.
pub(super) fn run(mut book: Book, waiting: &Receiver<Work>) {
    while let Ok(work) = waiting.recv() {
        if work(&mut book) == Then::End {
            break;
        }
    }
}

//! The thread that owns the connection.

use std::sync::mpsc::Receiver;

use rusqlite::Connection;

/// One piece of work.
pub(super) type Work = Box<dyn FnOnce(&mut Connection) -> Then + Send>;

/// What the thread does after a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    GoOn,
    End,
}

/// Does the work in the order in which it came, until told to end or nobody is left to send any.
pub(super) fn run(mut connection: Connection, waiting: &Receiver<Work>) {
    while let Ok(work) = waiting.recv() {
        if work(&mut connection) == Then::End {
            break;
        }
    }
}

//! The commands without a screen. Each says on standard output what it found and on standard error
//! what went wrong, and ends with an exit status that scripts can rely on.

mod check;
mod guess;
mod kept;
mod lacks;
mod logout;
mod report;
mod roster;
mod roster_file;
mod session;
mod simulate;
mod snapshot;
mod window;

use std::io::{self, Write};

pub use check::check;
pub use logout::logout;
pub use report::report;
pub use roster::roster;
pub use simulate::simulate;
pub use snapshot::snapshot;

use crate::config::ConfigError;

/// How a command ended, as an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Well = 0,
    /// What was asked for was not done.
    NotDone = 1,
    /// The arguments or the config are wrong.
    Usage = 2,
    /// Some sources are not live; what is known was printed all the same.
    NotAllLive = 3,
}

/// Why a command could not run, in one sentence (a config's mistakes: one line each).
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The config is missing or wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The arguments do not fit the config or each other.
    #[error("{0}")]
    Usage(String),
    /// What was asked for was not done.
    #[error("{0}")]
    NotDone(String),
    /// Standard output could not be written.
    #[error("standard output cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl Failure {
    /// The exit status that goes with it.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_) | Self::Usage(_) => Exit::Usage,
            Self::NotDone(_) | Self::Output(_) => Exit::NotDone,
        }
    }
}

/// Prints `text` to standard output. A reader that has heard enough (`| head`) is no failure.
fn print(text: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Tells `sentence` on standard error; if nobody can hear it, so be it.
fn tell(sentence: &str) {
    let _ = writeln!(io::stderr().lock(), "floorwatch: {sentence}");
}

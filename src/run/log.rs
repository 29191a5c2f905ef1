//! The program's own log: on its page of the screen, and in a file where one is asked for.
//!
//! Only this program's own records are kept. Those of the HTTP libraries may hold addresses with
//! credentials in them; ours are written with that in mind.

use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

use crate::headless::Failure;
use crate::journal::{Others, open_to_append};

/// Who reads the log besides the file's readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever looks at the log's page.
    Screen,
    /// Nobody.
    Nobody,
}

/// Begins to log. Where logging has begun already, in the same process, it goes on as it is.
///
/// # Errors
/// When `file` cannot be written.
pub fn log_to(file: Option<&Path>, audience: Audience) -> Result<(), Failure> {
    let own = || Targets::new().with_target("floorwatch", LevelFilter::INFO);
    let (file, word) = file.map(open).transpose()?.unzip();
    let to_file = file
        .map(|file| fmt::layer().with_ansi(false).with_writer(Mutex::new(file)).with_filter(own()));
    let to_screen = (audience == Audience::Screen).then(|| {
        // The logger of the screen is one per process; a second dashboard shares it.
        let _ = tui_logger::init_logger(tui_logger::LevelFilter::Info);
        tui_logger::set_default_level(tui_logger::LevelFilter::Info);
        tui_logger::TuiTracingSubscriberLayer.with_filter(own())
    });
    let _ = tracing_subscriber::registry().with(to_file).with(to_screen).try_init();
    if let Some(word) = word.flatten() {
        tracing::warn!("{word}");
    }
    Ok(())
}

/// The file may name agents, so a new one can be read by its owner only. One that is there may have been
/// opened to readers on purpose, but never to writers: they could make it say what did not happen.
fn open(path: &Path) -> Result<(File, Option<String>), Failure> {
    open_to_append(path, Others::Read).map_err(|error| {
        Failure::Usage(format!("`--log-file {}` cannot be written: {error}", path.display()))
    })
}

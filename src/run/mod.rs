//! The async loop: what comes in becomes a message, what the program wants is carried out, and the
//! screen is drawn once for each batch.

mod deeds;
mod demo;
mod desk;
mod keeper;
mod keys;
mod log;
mod reading;
mod recall;
mod world;

use std::process::ExitCode;

use crate::args::{self, Common};
use crate::clock::RunClock;
use crate::config::Config;
use crate::headless::Failure;
use crate::terminal::{self, ColourChoice, Terminal, TerminalError};
use crate::theme::Symbols;

pub use demo::demo;
pub use log::{Audience, log_to};

/// Opens the dashboard on the sources of `config` and runs it until it is left.
///
/// # Errors
/// When there is no terminal, or a theme or the log file cannot be used; then nothing was touched.
pub async fn dashboard(config: Config, common: &Common) -> Result<ExitCode, Failure> {
    let desk = desk::Desk::new(&config, common, RunClock::of_this_machine())?;
    log_to(common.log_file.as_deref(), Audience::Screen)?;
    // color-eyre's hook first: ours wraps it, so that its report lands on a restored screen. A
    // second dashboard in one process finds it installed.
    let _ = color_eyre::install();
    let terminal = Terminal::enter().map_err(|error| match error {
        TerminalError::NotATerminal(_) => Failure::Usage(error.to_string()),
        TerminalError::Refused(_) => Failure::NotDone(error.to_string()),
    })?;
    terminal.install_panic_hook();
    let ended = desk.run(&config, terminal.clone()).await;
    terminal.restore();
    ended
}

/// What the screen is drawn with: what is asked for, else what the locale can show.
fn symbols(common: &Common) -> Symbols {
    if common.utf8 || (!common.ascii && terminal::is_utf8()) {
        Symbols::Unicode
    } else {
        Symbols::Ascii
    }
}

fn colour_choice(color: args::Color) -> ColourChoice {
    match color {
        args::Color::Auto => ColourChoice::Auto,
        args::Color::Always => ColourChoice::Always,
        args::Color::Never => ColourChoice::Never,
    }
}

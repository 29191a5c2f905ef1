//! The dashboard on a simulated floor: the same program, the same HTTP, no account.

use std::process::ExitCode;

use super::dashboard;
use crate::args::{self, Common};
use crate::clock::Clock;
use crate::config::Config;
use crate::headless::Failure;
use crate::simulator::{self, Options};

/// Starts the simulator on loopback in this process and opens the dashboard on it.
///
/// # Errors
/// When there is no terminal, or the simulator cannot be started.
pub async fn demo(options: &args::Demo, common: &Common) -> Result<ExitCode, Failure> {
    let failed = |what: &str, error: std::io::Error| {
        Failure::NotDone(format!("the demo cannot start: {what}: {error}"))
    };
    let running = simulator::start(Options {
        agents: usize::try_from(options.agents).unwrap_or(usize::MAX),
        seed: options.seed,
        clock: Clock::steady(),
        // Beside its config: removed with it, and unseen by any floor that is real.
        journal: Some("journal".to_owned()),
        ..Options::default()
    })
    .await
    .map_err(|error| failed("the simulator", error))?;
    // The config is a file like any other, so that the demo shows what a real start does.
    let directory = tempfile::Builder::new()
        .prefix("floorwatch-demo-")
        .tempdir()
        .map_err(|error| failed("its directory", error))?;
    running.write(directory.path()).map_err(|error| failed("its config", error))?;
    let config = Config::load(Some(&directory.path().join("config.toml")))?;
    let ended = dashboard(config, common).await;
    // First, since a signal leaves little time. A journal on a disk that hangs may still be open in it.
    drop(directory);
    running.stop().await;
    ended
}

//! `floorwatch simulate`: the simulated contact centre alone.

use chrono::TimeDelta;
use tokio::signal::unix::{SignalKind, signal};

use super::{Exit, Failure, print};
use crate::args;
use crate::clock::Clock;
use crate::simulator::{self, Dialect, Options, SessionRules};

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// When the address cannot be listened on, or the files cannot be written.
pub async fn simulate(options: &args::Simulate, clock: Clock) -> Result<Exit, Failure> {
    let dialect = match options.dialect {
        args::Dialect::Documented => Dialect::Documented,
        args::Dialect::Service => Dialect::Service,
        args::Dialect::Mixed => Dialect::Mixed,
    };
    let running = simulator::start(Options {
        listen: options.listen,
        agents: usize::try_from(options.agents).unwrap_or(usize::MAX),
        seed: options.seed,
        dialect,
        floor: "Simulated floor".to_owned(),
        // Each centre has a past of its own, so what was kept of another one would be wrong here.
        journal: Some(format!("journal-{}", clock.now().format("%Y%m%dT%H%M%SZ"))),
        clock,
        session: SessionRules {
            // The config that is written is opened again and again, each time with the first cookie.
            old_valid_for: TimeDelta::days(30),
            ..SessionRules::default()
        },
        ..Options::default()
    })
    .await
    .map_err(|error| {
        Failure::Usage(format!(
            "`--listen {}` cannot be listened on: {error} (hint: port 0 takes a free one)",
            options.listen
        ))
    })?;
    if let Some(dir) = &options.write {
        running.write(dir).map_err(|error| {
            Failure::Usage(format!("`--write {}` cannot be written: {error}", dir.display()))
        })?;
    }
    let mut text = format!("simulator: {}\n", running.url());
    if let Some(dir) = &options.write {
        let config = dir.join("config.toml");
        text += &format!("config: {}\n", config.display());
    }
    print(text.as_bytes())?;
    let stop = |kind| signal(kind).map_err(|error| Failure::NotDone(format!("signals: {error}")));
    let (mut terminate, mut interrupt) =
        (stop(SignalKind::terminate())?, stop(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    running.stop().await;
    Ok(Exit::Well)
}

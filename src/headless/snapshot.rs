//! `floorwatch snapshot`: the floor, read once and printed.

use super::session::{Session, has_given_up, has_said_enough};
use super::{Exit, Failure, print, tell};
use crate::args;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{Snapshot, write_csv, write_json, write_table};
use crate::model::Floor;

/// Reads every source until each has said enough or has failed, at most as long as asked for, and
/// prints the floor.
///
/// # Errors
/// When standard output cannot be written.
pub async fn snapshot(
    config: &Config,
    options: &args::Snapshot,
    clock: Clock,
) -> Result<Exit, Failure> {
    let mut session = Session::open(config, clock);
    let done = |floor: &Floor, now| {
        floor.feeds().iter().all(|feed| has_given_up(feed, now) || has_said_enough(floor, feed))
    };
    session.watch(options.wait.0, done).await;
    let (floor, now) = (&session.floor, session.now());
    let snapshot = Snapshot::of(floor, &config.limits(), now);
    let mut text = Vec::new();
    match options.format {
        args::Format::Json => write_json(&snapshot, &mut text)?,
        args::Format::Csv => write_csv(&snapshot, &mut text)?,
        args::Format::Table => write_table(&snapshot, &mut text)?,
    }
    print(&text)?;
    let troubles = snapshot.troubles();
    troubles.iter().for_each(|trouble| tell(trouble));
    Ok(if troubles.is_empty() { Exit::Well } else { Exit::NotAllLive })
}

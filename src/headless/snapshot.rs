//! `floorwatch snapshot`: the floor, read once and printed.

use chrono::TimeDelta;

use super::kept::{Kept, kept};
use super::lacks::{cut_off, held, sick_sides};
use super::session::{Session, all_has_been_said};
use super::{Exit, Failure, print, tell};
use crate::args;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{Snapshot, write_csv, write_json, write_table};

/// How much of what was kept is read: the floor's day and what went on as it began, as a dashboard does.
const LOOK_BACK: TimeDelta = TimeDelta::hours(48);

/// Reads what a dashboard has kept of the floor, then every source until each has said enough or has failed, at most as long as asked for, and
/// prints the floor.
///
/// # Errors
/// When standard output cannot be written.
pub async fn snapshot(
    config: &Config,
    options: &args::Snapshot,
    clock: Clock,
) -> Result<Exit, Failure> {
    let now = clock.now();
    let kept = kept(config, now - LOOK_BACK, now).await.unwrap_or_else(|error| {
        tell(&format!("what a dashboard kept of the floor is left out: {error}"));
        None
    });
    let (days, mut session) = match kept {
        Some(Kept { archive, queues, days }) => {
            (Some(days), Session::remembering(config, clock, queues, archive))
        }
        None => (None, Session::open(config, clock)),
    };
    session.watch(options.wait.0, all_has_been_said).await;
    let (floor, now) = (&session.floor, session.now());
    let mut snapshot = Snapshot::of(floor, &config.limits(), now);
    if let Some(days) = days {
        snapshot = snapshot.with_campaigns(&days);
    }
    if options.timeline && options.format != args::Format::Json {
        tell("--timeline is printed as JSON only (hint: --format json)");
    }
    if options.timeline {
        snapshot = snapshot.with_timelines(floor);
    }
    let mut text = Vec::new();
    match options.format {
        args::Format::Json => write_json(&snapshot, &mut text)?,
        args::Format::Csv => write_csv(&snapshot, &mut text)?,
        args::Format::Table => write_table(&snapshot, &mut text)?,
    }
    print(&text)?;
    held(floor, now).for_each(|doubt| tell(&doubt));
    // The numbers of a live source are whole without what is read beside it: that is said, and the exit
    // status goes by the sources themselves.
    floor.feeds().iter().flat_map(sick_sides).for_each(|sick| tell(&sick));
    let mut troubles = snapshot.troubles();
    troubles
        .extend(floor.feeds().iter().filter_map(|feed| cut_off(floor, feed, &session.remembered)));
    troubles.iter().for_each(|trouble| tell(trouble));
    Ok(if troubles.is_empty() { Exit::Well } else { Exit::NotAllLive })
}

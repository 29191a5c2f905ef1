//! `floorwatch snapshot`: the floor, read once and printed.

use super::session::{Session, has_given_up, has_said_enough};
use super::{Exit, Failure, print, tell};
use crate::args;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{Snapshot, write_csv, write_json, write_table};
use crate::model::{Feed, Floor};

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
    for feed in floor.feeds().iter().filter(|f| f.hold.is_some_and(|hold| hold.is_active(now))) {
        tell(&format!(
            "the last list of `{}` is doubtful: who is missing is held as stale",
            feed.name
        ));
    }
    let mut troubles = snapshot.troubles();
    troubles.extend(floor.feeds().iter().filter_map(|feed| cut_off(floor, feed)));
    troubles.iter().for_each(|trouble| tell(trouble));
    Ok(if troubles.is_empty() { Exit::Well } else { Exit::NotAllLive })
}

/// What is missing of a source that is live: the rest was not there in time.
fn cut_off(floor: &Floor, feed: &Feed) -> Option<String> {
    let name = &feed.name;
    if feed.failure.is_some() || feed.readings == 0 {
        return None; // that is said already
    }
    if let Some(way_back) = feed.way_back.filter(|way_back| !way_back.is_complete()) {
        let (done, of) = (way_back.done, way_back.of);
        return Some(format!(
            "source `{name}` was read back {done} of {of} steps only: agents whose state began \
             earlier are missing (hint: a longer --wait)"
        ));
    }
    let queues = floor.queues();
    let uncounted: Vec<_> =
        queues.iter().filter(|q| q.key.source == *name && q.counted_at.is_none()).collect();
    let first = uncounted.first()?;
    let why = uncounted.iter().find_map(|queue| queue.error.as_deref());
    let why = why
        .unwrap_or("there was no time for it (hint: a longer --wait, or see `floorwatch check`)");
    Some(format!(
        "source `{name}` has not counted {} of its queues ({}{}): {why}",
        uncounted.len(),
        first.name,
        if uncounted.len() > 1 { ", …" } else { "" },
    ))
}

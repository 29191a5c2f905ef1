//! `floorwatch snapshot`: the floor, read once and printed.

use super::session::{Session, has_given_up, has_said_enough};
use super::{Exit, Failure, print, tell};
use crate::args;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{Flag, Snapshot};
use crate::model::{FeedStatus, Floor, Headline, Person};
use crate::rules::{self, Limits};

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
    let limits = config.limits();
    let flags = |person: &Person, headline: &Headline| flags(floor, person, headline, &limits, now);
    let snapshot = Snapshot::of(floor, &flags, now);
    let mut text = Vec::new();
    match options.format {
        args::Format::Json => snapshot.write_json(&mut text)?,
        args::Format::Csv => snapshot.write_csv(&mut text)?,
        args::Format::Table => snapshot.write_table(&mut text)?,
    }
    print(&text)?;
    let mut exit = Exit::Well;
    for feed in floor.feeds() {
        let status = feed.status(now);
        if status != FeedStatus::Live {
            exit = Exit::NotAllLive;
            let why = feed.failure.as_ref().map_or("no answer yet", |failure| &failure.text);
            tell(&format!("source `{}` is {}: {why}", feed.name, status.word()));
        }
    }
    Ok(exit)
}

fn flags(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    limits: &Limits,
    now: chrono::DateTime<chrono::Utc>,
) -> Vec<Flag> {
    let findings = rules::findings(floor, person, headline, limits, now);
    findings
        .into_iter()
        .map(|finding| Flag {
            kind: finding.kind.word(),
            severity: finding.severity.word(),
            since: finding.since,
            text: finding.text,
        })
        .collect()
}

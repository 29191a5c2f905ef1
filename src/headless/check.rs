//! `floorwatch check`: what is wrong with each source, and what to do about it.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::session::Session;
use super::{Exit, Failure, print};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{FailureKind, Feed, FeedStatus, Floor, SourceKind};

/// How long a source may take to say anything.
const AT_MOST: Duration = Duration::from_secs(20);

/// A clock this far off makes CxEngage's newest events come out of order.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(5);

/// Unmatched agents that are named; the rest are counted.
const NAMED: usize = 5;

/// Reads each source once and says of each whether that works.
///
/// # Errors
/// When standard output cannot be written.
pub async fn check(config: &Config, clock: Clock) -> Result<Exit, Failure> {
    let mut session = Session::open(config, clock);
    let answered = |feed: &Feed| feed.readings > 0 || feed.failure.is_some();
    session.watch(AT_MOST, |floor, _| floor.feeds().iter().all(answered)).await;
    let (floor, now) = (&session.floor, session.now());
    let mut text = format!("config: {}\n", config.path.display());
    for notice in &config.notices {
        let _ = writeln!(text, "note: {notice}");
    }
    let mut exit = Exit::Well;
    for feed in floor.feeds() {
        let status = feed.status(now);
        if status != FeedStatus::Live {
            exit = Exit::NotAllLive;
        }
        describe(&mut text, floor, feed, now);
    }
    print(text.as_bytes())?;
    Ok(exit)
}

fn describe(text: &mut String, floor: &Floor, feed: &Feed, now: DateTime<Utc>) {
    let status = feed.status(now);
    let _ = write!(text, "\n{} ({}): {}", feed.name, feed.kind.word(), status.word());
    if let Some(took) = feed.took {
        let _ = write!(text, ", answered in {} ms", took.num_milliseconds());
    }
    if let Some(offset) = feed.clock_offset {
        let _ = write!(text, ", {}", clock(offset));
    }
    text.push('\n');
    if let Some(failure) = &feed.failure {
        let _ = writeln!(text, "  failed: {}", failure.text);
        let _ = writeln!(text, "  hint: {}", hint(feed.kind, failure.kind));
    } else if status == FeedStatus::Waiting {
        let _ = writeln!(text, "  no answer within {} s", AT_MOST.as_secs());
        let _ = writeln!(text, "  hint: {}", hint(feed.kind, FailureKind::Transient));
    }
    if feed.skipped > 0 {
        let _ =
            writeln!(text, "  {} records could not be understood and were left out", feed.skipped);
    }
    if feed.clock_offset.is_some_and(|offset| offset.abs() > CLOCK_TOLERANCE) {
        let _ = writeln!(
            text,
            "  hint: the times shown allow for it; still, set this machine's clock by NTP"
        );
    }
    unmatched(text, floor, feed);
}

/// A server tells its time in whole seconds, so less than one is no difference.
fn clock(offset: TimeDelta) -> String {
    let seconds = offset.num_seconds();
    match seconds {
        0 => "its clock agrees with ours".to_owned(),
        1.. => format!("its clock is {seconds} s ahead of ours"),
        _ => format!("its clock is {} s behind ours", -seconds),
    }
}

fn hint(source: SourceKind, failure: FailureKind) -> &'static str {
    match (failure, source) {
        (FailureKind::Denied, SourceKind::Convoso) => {
            "renew `auth_token`; it belongs to one Convoso account"
        }
        (FailureKind::Denied, SourceKind::CxEngage) => {
            "check `username` and `password`; a user who signs in by SSO has none"
        }
        (FailureKind::Denied, SourceKind::Wfm) => {
            "sign in to the WFM anew and put the whole cookie, name=value, into `session_cookie`"
        }
        (FailureKind::NotEntitled, SourceKind::CxEngage) => {
            "give the user a role with the permission WFM RTA"
        }
        (FailureKind::NotEntitled, SourceKind::Wfm) => "adherence needs the WFM's Enterprise tier",
        (FailureKind::NotEntitled, SourceKind::Convoso) => {
            "ask for API access to the agent monitor"
        }
        (FailureKind::Rejected, _) => "check `url`, the ids and the filters in the config",
        (FailureKind::Garbled, _) => "check `url`: something answers there, but not this API",
        (FailureKind::Transient, _) => "check `url`, the network and whether the service is up",
    }
}

/// Which of the source's agents no row of the roster names.
fn unmatched(text: &mut String, floor: &Floor, feed: &Feed) {
    if !floor.people().iter().any(|person| person.in_roster) {
        return;
    }
    let strangers: Vec<_> = floor
        .people()
        .iter()
        .filter(|person| !person.in_roster)
        .filter_map(|person| Some((person, person.presence(&feed.name)?)))
        .collect();
    if strangers.is_empty() {
        return;
    }
    let agents = if strangers.len() == 1 { "agent is" } else { "agents are" };
    let _ = writeln!(text, "  {} {agents} not in the roster:", strangers.len());
    for (person, presence) in strangers.iter().take(NAMED) {
        let _ = writeln!(text, "    {} ({})", person.name, presence.agent);
    }
    if strangers.len() > NAMED {
        let _ = writeln!(text, "    and {} more", strangers.len() - NAMED);
    }
    let _ = writeln!(text, "  hint: put their ids into the roster's column `{}`", feed.name);
}

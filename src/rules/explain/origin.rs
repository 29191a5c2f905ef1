//! How each source is doing, as something that figures are made of.

use chrono::{DateTime, Utc};

use super::wording::span;
use super::{Explanation, Input};
use crate::model::{Failure, Feed, FeedStatus, Floor, Side};
use crate::rules::words;

/// Every source, and what is read beside it: its status, its age, and why it fails where it does.
pub(super) fn sources(floor: &Floor, now: DateTime<Utc>) -> Explanation {
    let feeds = floor.feeds();
    let live = feeds.iter().filter(|feed| feed.status(now) == FeedStatus::Live).count();
    let rule = "A source is live while its last attempt succeeded, no longer ago than three of its polls \
        (10 seconds at least); else what it said before is stale, or unknown where it said nothing.";
    let mut found = Explanation::of(format!("Sources: {live} of {} live", feeds.len()), rule);
    for feed in feeds {
        found.inputs.push(status("reading", feed, now));
        for side in &feed.sides {
            let mut value = state(side.status(now), side.failure.as_ref(), side.next_at, now);
            value.push_str(&left_out(side.skipped));
            value.push_str(&garbled(side.repaired));
            value.extend(side.incomplete.iter().map(|why| format!(", not all of it: {why}")));
            let age = side.as_of.map(|as_of| (now - as_of).max(chrono::TimeDelta::zero()));
            let name = match side.side {
                Side::History => "its log",
                Side::Alerts => "its alerts",
            };
            let source = Some(feed.name.clone());
            found.inputs.push(Input { source, age, ..Input::own(name, value) });
        }
        found.config.push(format!("source.{}: poll = \"{}\"", feed.name, span(feed.poll)));
    }
    found
}

/// How `feed` is doing, called `name`.
pub(super) fn status(name: &str, feed: &Feed, now: DateTime<Utc>) -> Input {
    let mut value = state(feed.status(now), feed.failure.as_ref(), feed.next_at, now);
    value.push_str(&left_out(feed.skipped));
    value.push_str(&garbled(feed.repaired));
    if let Some(way_back) = feed.way_back.filter(|way_back| !way_back.is_complete()) {
        value = format!("{value}, reading back {}/{}", way_back.done, way_back.of);
    }
    if let Some(missed) = feed.missed() {
        value = format!("{value}; {missed}");
    }
    value.extend(feed.doubt(now).map(|doubt| format!("; {doubt}")));
    let source = Some(feed.name.clone());
    Input { source, age: feed.age(now), ..Input::own(name, value) }
}

fn left_out(skipped: u32) -> String {
    if skipped > 0 { format!(", {skipped} records not understood") } else { String::new() }
}

fn garbled(repaired: u32) -> String {
    if repaired > 0 { format!(", {repaired} hold what is no text") } else { String::new() }
}

/// The status; where the last attempt failed why, and when the next one comes.
fn state(
    status: FeedStatus,
    failure: Option<&Failure>,
    next_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> String {
    let Some(failure) = failure else { return status.word().to_owned() };
    let next = next_at.map(|at| format!(" (next in {})", words::age(at - now)));
    format!("{}{}: {}", status.word(), next.unwrap_or_default(), failure.text)
}

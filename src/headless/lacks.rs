//! What a picture of the floor lacks, in sentences.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::model::{Failure, Feed, Floor, QueueKey, Side, SideFeed};

/// What is missing of a source that is live: the rest was not there in time. A queue that is only
/// remembered may be gone for good: where nobody sits in it, nothing is missing without its calls.
pub(super) fn cut_off(
    floor: &Floor,
    feed: &Feed,
    remembered: &HashSet<QueueKey>,
) -> Option<String> {
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
    if let Some(missed) = feed.missed() {
        return Some(format!("source `{name}`: {missed}"));
    }
    let queues = floor.queues();
    let uncounted: Vec<_> = queues
        .iter()
        .filter(|q| q.key.source == *name && q.counted_at.is_none())
        .filter(|q| q.agents.present() > 0 || !remembered.contains(&q.key))
        .collect();
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

/// What is missing of a side reading that does not fail; nothing where the source itself has not
/// answered.
fn unfinished(feed: &Feed, side: &SideFeed) -> Option<String> {
    if side.has_ended() || feed.failure.is_some() || feed.readings == 0 {
        return None;
    }
    let far = match side.way_back {
        Some(way_back) => format!("was read {} of {} steps only", way_back.done, way_back.of),
        None => "was not read in time".to_owned(),
    };
    let lacking = match side.side {
        Side::History => "the day before now, and reasons of pauses, may be missing",
        Side::Alerts => "alerts are missing",
    };
    let (name, word) = (&feed.name, side.side.word());
    Some(format!("source `{name}`: {word} {far}: {lacking} (hint: a longer --wait)"))
}

/// What fails beside the main reading of a source, is known not to be all, or was not there in time;
/// not what fails with the source itself.
pub(super) fn sick_sides(feed: &Feed) -> impl Iterator<Item = String> {
    let main = feed.failure.as_ref();
    feed.sides.iter().filter_map(move |side| {
        let (name, word) = (&feed.name, side.side.word());
        match (&side.failure, &side.incomplete) {
            (Some(failure), _) if main.is_some_and(|main| main.text == failure.text) => None,
            (Some(failure), _) => {
                Some(format!("source `{name}`: {word} {}: {}", verb(failure), failure.text))
            }
            (None, Some(why)) => Some(format!("source `{name}`: {word} is not all: {why}")),
            (None, None) => unfinished(feed, side).or_else(|| {
                let count = Some(side.skipped).filter(|count| *count > 0)?;
                let said = "could not be understood and were left out";
                Some(format!("source `{name}`: {word}: {count} records {said}"))
            }),
        }
    })
}

fn verb(failure: &Failure) -> &'static str {
    if failure.kind.is_refusal() { "is denied" } else { "failed" }
}

/// Every source whose last list is doubtful at `now`.
pub(super) fn held(floor: &Floor, now: DateTime<Utc>) -> impl Iterator<Item = String> {
    let doubt = move |feed: &Feed| Some((feed.name.clone(), feed.doubt(now)?));
    floor.feeds().iter().filter_map(doubt).map(|(name, doubt)| format!("source `{name}`: {doubt}"))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::model::{FailureKind, SourceKind, WayBack};

    fn dialer(side: SideFeed) -> Feed {
        let mut feed = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3));
        feed.readings = 2;
        feed.sides = vec![side];
        feed
    }

    fn history() -> SideFeed {
        SideFeed::new(Side::History, TimeDelta::minutes(1))
    }

    fn failure(kind: FailureKind) -> Option<Failure> {
        Some(Failure { kind, text: "HTTP 500 from the server".to_owned() })
    }

    #[test]
    fn a_sick_side_is_named_with_its_cause_and_only_once_where_everything_is_sick() {
        let said = |feed: &Feed| sick_sides(feed).collect::<Vec<_>>();
        let mut feed = dialer(SideFeed { failure: failure(FailureKind::Transient), ..history() });
        let failed = "source `dialer`: agent-productivity failed: HTTP 500 from the server";
        assert_eq!(said(&feed), [failed]);
        feed.failure = failure(FailureKind::Transient);
        assert!(said(&feed).is_empty());
        let denied = dialer(SideFeed { failure: failure(FailureKind::Denied), ..history() });
        assert!(said(&denied)[0].contains("agent-productivity is denied: "));
        let part = SideFeed { incomplete: Some("too many rows".to_owned()), ..history() };
        assert!(said(&dialer(part))[0].ends_with("is not all: too many rows"));
    }

    #[test]
    fn a_log_that_was_not_read_to_its_end_is_said_and_one_that_was_is_not() {
        let said = |side| sick_sides(&dialer(side)).collect::<Vec<_>>();
        assert!(said(history())[0].contains("agent-productivity was not read in time"));
        let way_back = |done| Some(WayBack { done, of: 9 });
        let part = SideFeed { readings: 1, way_back: way_back(3), ..history() };
        assert!(said(part)[0].contains("was read 3 of 9 steps only"));
        assert!(said(SideFeed { readings: 3, way_back: way_back(9), ..history() }).is_empty());
    }
}

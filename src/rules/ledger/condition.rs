//! How a source is doing, as far as it decides what the past tells.

use chrono::{DateTime, Utc};

use crate::model::{Feed, FeedStatus, Side};

/// How a source was doing at the last update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Condition {
    main: Reach,
    log: Option<Reach>,
}

/// How far one kind of its readings reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reach {
    is_live: bool,
    as_of: Option<DateTime<Utc>>,
    readings: u64,
}

/// What has happened to a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// It fell silent or came back: from then on it tells otherwise of everybody it knows.
    Turn(DateTime<Utc>),
    /// It was read.
    Read,
}

impl Condition {
    /// That of `feed` at `now`.
    pub(super) fn of(feed: &Feed, now: DateTime<Utc>) -> Self {
        let reach = |status, as_of, readings| Reach {
            is_live: status == FeedStatus::Live,
            as_of,
            readings,
        };
        let log = feed.side(Side::History);
        Self {
            main: reach(feed.status(now), feed.as_of, feed.readings),
            log: log.map(|log| reach(log.status(now), log.as_of, log.readings)),
        }
    }

    /// What has happened to `feed` since it was in the condition `before`; none where nothing did.
    pub(super) fn since(&self, before: &Self, feed: &Feed) -> Option<News> {
        let heard = [before.main.as_of, before.log.and_then(|log| log.as_of)];
        let confirmed = heard.into_iter().flatten().min();
        let has_skipped = before
            .main
            .as_of
            .zip(self.main.as_of)
            .is_some_and(|(before, after)| after < before || after - before > feed.patience());
        let has_turned = self.main.is_live != before.main.is_live || has_skipped;
        let is_live = |log: Option<Reach>| log.is_some_and(|log| log.is_live);
        let has_turned = has_turned || is_live(self.log) != is_live(before.log);
        if has_turned {
            // What was never heard before arrives with its own changes.
            return Some(confirmed.or(self.main.as_of).map_or(News::Read, News::Turn));
        }
        (self != before).then_some(News::Read)
    }
}

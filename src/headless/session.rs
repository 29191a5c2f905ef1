//! A floor that is read for a while, without a screen.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Feed, FeedStatus, Floor, Report, SourceKind};
use crate::source::{self, Handle};

/// Reports that may wait to be taken in.
const WAITING_REPORTS: usize = 64;

/// A floor and the tasks that read its sources. The tasks end with it.
pub(super) struct Session {
    pub(super) floor: Floor,
    pub(super) clock: Clock,
    reports: mpsc::Receiver<Report>,
    _sources: Vec<Handle>,
}

impl Session {
    /// Begins to read every source of `config`.
    pub(super) fn open(config: &Config, clock: Clock) -> Self {
        let (sender, reports) = mpsc::channel(WAITING_REPORTS);
        let sources = config
            .sources
            .iter()
            .map(|settings| source::spawn(settings.clone(), clock.clone(), sender.clone()))
            .collect();
        Self { floor: config.floor(Vec::new()), clock, reports, _sources: sources }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Takes in what the sources report until `enough`, or until `at_most` has passed. `enough` is
    /// asked after every report, and every second, since time alone can decide.
    pub(super) async fn watch(
        &mut self,
        at_most: Duration,
        mut enough: impl FnMut(&Floor, DateTime<Utc>) -> bool,
    ) {
        let end = Instant::now() + at_most;
        while !enough(&self.floor, self.clock.now()) && Instant::now() < end {
            let next = end.min(Instant::now() + Duration::from_secs(1));
            match timeout_at(next, self.reports.recv()).await {
                Ok(Some(report)) => {
                    let now = self.clock.now();
                    self.floor.report(report, now);
                }
                // Every task has ended; only time can still decide.
                Ok(None) => tokio::time::sleep_until(next).await,
                Err(_) => {}
            }
        }
    }
}

/// Whether `feed` will say nothing better soon: it refuses us, or failed twice in a row.
pub(super) fn has_given_up(feed: &Feed, now: DateTime<Utc>) -> bool {
    feed.failures >= 2 || feed.status(now) == FeedStatus::Denied
}

/// Whether `feed` has said all that a picture of the floor needs: Convoso twice (one list alone
/// cannot show who left) and every queue once, CxEngage's log read all the way back, the others once.
pub(super) fn has_said_enough(floor: &Floor, feed: &Feed) -> bool {
    match feed.kind {
        SourceKind::Convoso => {
            let uncounted = |queue: &crate::model::Queue| {
                queue.key.source == feed.name
                    && queue.counted_at.is_none()
                    && queue.failures < 2
                    && !queue.refused
            };
            feed.readings >= 2 && !floor.queues().iter().any(uncounted)
        }
        SourceKind::CxEngage => {
            feed.readings >= 1 && feed.way_back.is_none_or(|way_back| way_back.is_complete())
        }
        SourceKind::Wfm => feed.readings >= 1,
    }
}

//! A floor that is read for a while, without a screen.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::clock::Clock;
use crate::config::Config;
use crate::model::{
    Activity, Archive, FailureKind, Feed, FeedStatus, Floor, KnownQueue, QueueKey, Report, Side,
    SideFeed, SourceKind,
};
use crate::source::{self, Handle};

/// Reports that may wait to be taken in.
const WAITING_REPORTS: usize = 64;

/// A floor and the tasks that read its sources. The tasks end with it.
pub(super) struct Session {
    pub(super) floor: Floor,
    pub(super) clock: Clock,
    /// The queues that an earlier run saw: nobody may sit in them any more.
    pub(super) remembered: HashSet<QueueKey>,
    reports: mpsc::Receiver<Report>,
    _sources: Vec<Handle>,
}

impl Session {
    /// Begins to read every source of `config`.
    pub(super) fn open(config: &Config, clock: Clock) -> Self {
        Self::remembering(config, clock, Vec::new(), Archive::default())
    }

    /// The same of a floor whose past and whose `queues` a journal has kept.
    pub(super) fn remembering(
        config: &Config,
        clock: Clock,
        mut queues: Vec<KnownQueue>,
        archive: Archive,
    ) -> Self {
        queues.retain(|queue| config.sources.iter().any(|settings| settings.counts(queue)));
        let (sender, reports) = mpsc::channel(WAITING_REPORTS);
        let sources = config.sources.iter().map(|settings| {
            source::spawn(settings.counting(&queues), clock.clone(), sender.clone())
        });
        let sources = sources.collect();
        let mut floor = config.floor(Vec::new());
        floor.restore(archive, clock.now());
        let remembered = queues.iter().map(|queue| queue.key.clone()).collect();
        floor.remember_queues(queues);
        Self { floor, clock, remembered, reports, _sources: sources }
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

/// Whether `feed` will say nothing better soon: it refuses us, the request or the credentials, or failed
/// twice in a row.
pub(super) fn has_given_up(feed: &Feed, now: DateTime<Utc>) -> bool {
    let is_final = |kind| matches!(kind, FailureKind::Rejected | FailureKind::Internal);
    let is_refused = feed.failure.as_ref().is_some_and(|failure| is_final(failure.kind));
    feed.failures >= 2 || is_refused || feed.status(now) == FeedStatus::Denied
}

/// Whether every source has listed whom it lists, once, or has given up: more readings would tell what
/// people do, not who they are.
pub(super) fn all_have_listed(floor: &Floor, now: DateTime<Utc>) -> bool {
    floor.feeds().iter().all(|feed| has_given_up(feed, now) || has_listed(feed))
}

/// Whether `feed` has listed whom it lists. A log does so when it has been read all the way back.
fn has_listed(feed: &Feed) -> bool {
    let is_back = feed.way_back.is_none_or(|way_back| way_back.is_complete());
    feed.readings >= 1 && is_back && feed.side(Side::History).is_none_or(SideFeed::has_ended)
}

/// Whether every source has said all that a picture of the floor needs, or has given up.
pub(super) fn all_has_been_said(floor: &Floor, now: DateTime<Utc>) -> bool {
    floor.feeds().iter().all(|feed| has_given_up(feed, now) || has_said_enough(floor, feed))
}

/// Whether `feed` has said all that a picture of the floor needs: Convoso twice (one list alone
/// cannot show who left), every queue once and its log whole, CxEngage's log read all the way back,
/// sip.io twice where one answer leaves states open, a WFM its states and its alerts once. What is
/// read beside the main reading and fails is done without.
fn has_said_enough(floor: &Floor, feed: &Feed) -> bool {
    let is_main_done = match feed.kind {
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
        // It says how long states lasted: which one there is shows in what grew since.
        SourceKind::SipIo => feed.readings >= 2 || feed.readings == 1 && !is_in_doubt(floor, feed),
        SourceKind::Wfm => feed.readings >= 1,
    };
    is_main_done && feed.sides.iter().all(SideFeed::has_ended)
}

fn is_in_doubt(floor: &Floor, feed: &Feed) -> bool {
    let mut presences = floor.people().iter().filter_map(|person| person.presence(&feed.name));
    presences.any(|presence| presence.activity == Activity::Unknown)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::model::{
        Body, Coverage, Failure, FloorIdentity, Observation, Outcome, Reading, Roster, WayBack,
    };

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    /// A floor of one source, read once for each of `activities`.
    fn floor(kind: SourceKind, sides: Vec<SideFeed>, activities: &[Activity]) -> Floor {
        let identity = FloorIdentity {
            name: "f".to_owned(),
            timezone: chrono_tz::Tz::UTC,
            day_starts: chrono::NaiveTime::MIN,
        };
        let mut feed = Feed::new("s".into(), kind, TimeDelta::seconds(15));
        feed.sides = sides;
        let mut floor = Floor::new(identity, Roster::default(), vec![feed], Vec::new());
        for activity in activities {
            let observations = vec![Observation::of("a", activity.clone(), "raw")];
            let (coverage, summary) = (Coverage::Part, None);
            let body = Body::Agents { observations, coverage, summary, histories: Vec::new() };
            let (taken_at, as_of) = (now(), now());
            floor.apply(Reading { source: "s".into(), taken_at, as_of, skipped: 0, body }, now());
        }
        floor
    }

    fn is_enough(kind: SourceKind, sides: Vec<SideFeed>, activities: &[Activity]) -> bool {
        all_has_been_said(&floor(kind, sides, activities), now())
    }

    #[test]
    fn sip_io_is_read_twice_where_one_answer_leaves_a_state_open() {
        use Activity::{Available, Unknown};
        assert!(!is_enough(SourceKind::SipIo, Vec::new(), &[]));
        assert!(!is_enough(SourceKind::SipIo, Vec::new(), &[Unknown]));
        assert!(is_enough(SourceKind::SipIo, Vec::new(), &[Unknown, Unknown]));
        assert!(is_enough(SourceKind::SipIo, Vec::new(), &[Available]));
    }

    #[test]
    fn a_roster_waits_for_one_list_and_for_a_log_until_it_is_whole() {
        let listed = |sides| {
            all_have_listed(&floor(SourceKind::Convoso, sides, &[Activity::Available]), now())
        };
        assert!(!all_have_listed(&floor(SourceKind::Convoso, Vec::new(), &[]), now()));
        assert!(listed(Vec::new()), "who left shows only in a second, who is there in the first");
        let log = SideFeed::new(Side::History, TimeDelta::minutes(1));
        let way_back = |done| Some(WayBack { done, of: 2 });
        assert!(!listed(vec![SideFeed { readings: 1, way_back: way_back(1), ..log.clone() }]));
        assert!(listed(vec![SideFeed { readings: 2, way_back: way_back(2), ..log }]));
    }

    #[test]
    fn a_source_that_has_refused_is_not_waited_for() {
        for (kind, waits) in [
            (FailureKind::Rejected, false),
            (FailureKind::Denied, false),
            (FailureKind::NotEntitled, false),
            (FailureKind::Transient, true),
            (FailureKind::Garbled, true),
        ] {
            let mut floor = floor(SourceKind::Wfm, Vec::new(), &[]);
            let outcome = Outcome::Failed(Failure { kind, text: "no".to_owned() });
            let report = Report {
                source: "s".into(),
                at: now(),
                outcome,
                took: TimeDelta::zero(),
                next_at: None,
                clock_offset: None,
                way_back: None,
                unread: Vec::new(),
            };
            floor.report(report, now());
            assert_eq!(all_have_listed(&floor, now()), !waits, "{kind:?}");
            assert_eq!(all_has_been_said(&floor, now()), !waits, "{kind:?}");
        }
    }

    #[test]
    fn what_is_read_beside_is_waited_for_until_it_is_whole_or_fails() {
        let twice = [Activity::Available, Activity::Available];
        let log = SideFeed::new(Side::History, TimeDelta::minutes(1));
        let enough = |side: SideFeed| is_enough(SourceKind::Convoso, vec![side], &twice);
        assert!(is_enough(SourceKind::Convoso, Vec::new(), &twice), "none is configured");
        assert!(!enough(log.clone()));
        let way_back = |done| Some(WayBack { done, of: 2 });
        assert!(!enough(SideFeed { readings: 1, way_back: way_back(1), ..log.clone() }));
        assert!(enough(SideFeed { readings: 2, way_back: way_back(2), ..log.clone() }));
        let failure = Some(Failure { kind: FailureKind::Transient, text: "no".to_owned() });
        assert!(enough(SideFeed { failure: failure.clone(), ..log }));
        let alerts = SideFeed::new(Side::Alerts, TimeDelta::seconds(15));
        let enough = |side| is_enough(SourceKind::Wfm, vec![side], &twice[..1]);
        assert!(!enough(alerts.clone()));
        assert!(enough(SideFeed { readings: 1, ..alerts.clone() }));
        assert!(enough(SideFeed { failure, ..alerts }));
    }
}

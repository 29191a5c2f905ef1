//! The floor: everybody on it, every source and every queue, and how a reading changes them.

mod absence;
mod people;
mod queues;

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

use super::fusion::{Headline, Statement, headline};
use super::timetable::instant;
use super::{
    Activity, AgentKey, Body, Evidence, Feed, FeedStatus, KnownQueue, Outcome, Person, PersonId,
    Presence, Queue, QueueKey, Reading, Report, Roster, SourceName, Tally, Timetable,
};
use people::People;
use queues::Queues;

/// Whose floor it is, and when its day begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorIdentity {
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub timezone: Tz,
    /// When its day begins, in that zone.
    pub day_starts: NaiveTime,
}

/// What a reading changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A source lists an agent it did not list before.
    Arrived(AgentKey),
    /// An agent does something else.
    Activity {
        /// Who.
        agent: AgentKey,
        /// What they did.
        from: Activity,
        /// What they do.
        to: Activity,
    },
    /// A source lists an agent no longer, and this is now believed.
    Left(AgentKey),
    /// A queue is new or was counted.
    Queue(QueueKey),
    /// A source's own condition changed.
    Feed(SourceName),
}

/// People by what they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// By headline activity.
    pub people: Tally,
    /// Of these, whose state nothing fresh confirms.
    pub stale: u32,
}

/// The floor. One owner; a clone is a picture of it that no longer changes.
#[derive(Debug, Clone)]
pub struct Floor {
    identity: FloorIdentity,
    feeds: Vec<Feed>,
    people: People,
    queues: Queues,
    timetable: Option<Timetable>,
}

impl Floor {
    /// A floor before the first reading. `queues` are the (source, queue id) pairs that are counted
    /// even when nobody sits in them.
    #[must_use]
    pub fn new(
        identity: FloorIdentity,
        roster: Roster,
        feeds: Vec<Feed>,
        queues: Vec<(SourceName, String)>,
    ) -> Self {
        let sources = feeds.iter().map(|feed| feed.name.clone()).collect();
        Self {
            identity,
            feeds,
            people: People::of(roster, sources),
            queues: Queues::named(queues),
            timetable: None,
        }
    }

    /// This floor, with a schedule file for whom no WFM knows the schedule.
    #[must_use]
    pub fn with_timetable(self, timetable: Option<Timetable>) -> Self {
        Self { timetable, ..self }
    }

    /// The schedule file's say, where there is one.
    #[must_use]
    pub fn timetable(&self) -> Option<&Timetable> {
        self.timetable.as_ref()
    }

    /// Whose floor it is.
    #[must_use]
    pub fn identity(&self) -> &FloorIdentity {
        &self.identity
    }

    /// Takes in what a source's task reports. A source that the floor does not have is ignored.
    pub fn report(&mut self, report: Report, now: DateTime<Utc>) -> Vec<Change> {
        let Some(feed) = self.feeds.iter_mut().find(|feed| feed.name == report.source) else {
            return Vec::new();
        };
        feed.clock_offset = report.clock_offset.or(feed.clock_offset);
        feed.way_back = report.way_back.or(feed.way_back);
        let about_queue = matches!(
            &report.outcome,
            Outcome::QueueFailed { .. } | Outcome::Read(Reading { body: Body::Queue(_), .. })
        );
        if !about_queue {
            feed.next_at = report.next_at;
            feed.took = Some(report.took);
        }
        match report.outcome {
            Outcome::Read(reading) => self.apply(reading, now),
            Outcome::Failed(failure) => {
                feed.failures = feed.failures.saturating_add(1);
                feed.failure = Some(failure);
                vec![Change::Feed(report.source)]
            }
            Outcome::QueueFailed { campaign_id, queue_id, failure } => {
                let key = QueueKey { source: report.source, campaign_id, queue_id };
                vec![Change::Queue(self.queues.failed(key, failure))]
            }
        }
    }

    /// Takes in a reading. One that describes an earlier instant than the last is dropped: it was
    /// overtaken on its way. Where the last one lies in the future a clock was set back, and dropping
    /// what comes now would hold the old picture until time has caught up with it.
    pub fn apply(&mut self, reading: Reading, now: DateTime<Utc>) -> Vec<Change> {
        let Some(feed) = self.feeds.iter_mut().find(|feed| feed.name == reading.source) else {
            return Vec::new();
        };
        let (observations, coverage, summary) = match reading.body {
            Body::Queue(count) => {
                let key = self.queues.count(&feed.name, count, reading.as_of, now);
                return vec![Change::Queue(key)];
            }
            Body::Agents { observations, coverage, summary } => (observations, coverage, summary),
        };
        if feed.as_of.is_some_and(|as_of| reading.as_of < as_of && as_of <= now) {
            return Vec::new();
        }
        let was = feed.status(now);
        feed.as_of = Some(reading.as_of);
        feed.read_at = Some(reading.taken_at);
        feed.readings += 1;
        feed.failures = 0;
        feed.failure = None;
        let unread = absence::Unread { before: feed.skipped, now: reading.skipped };
        feed.skipped = reading.skipped;
        feed.summary = summary;
        let mut changes = Vec::new();
        if was != feed.status(now) {
            changes.push(Change::Feed(feed.name.clone()));
        }
        let listed = observations.len() as u64;
        for observation in observations {
            self.queues.seen(&feed.name, &observation.work);
            changes.extend(self.people.observe(feed, observation, reading.as_of));
        }
        changes.extend(absence::judge(feed, &mut self.people, coverage, listed, unread, now));
        changes
    }

    /// Lists queues that an earlier run saw, until a reading says more of them.
    pub fn remember_queues(&mut self, known: Vec<KnownQueue>) {
        for queue in known {
            self.queues.remember(queue);
        }
    }

    /// Everybody: the roster's people first, then whom the sources brought, in that order.
    #[must_use]
    pub fn people(&self) -> &[Person] {
        self.people.all()
    }

    /// The person called `id`.
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.all().iter().find(|person| &person.id == id)
    }

    /// The person whom `key` names.
    #[must_use]
    pub fn person_of(&self, key: &AgentKey) -> Option<&Person> {
        self.people.find(key)
    }

    /// Every source, in the config's order.
    #[must_use]
    pub fn feeds(&self) -> &[Feed] {
        &self.feeds
    }

    /// The source called `name`.
    #[must_use]
    pub fn feed(&self, name: &SourceName) -> Option<&Feed> {
        self.feeds.iter().find(|feed| &feed.name == name)
    }

    /// Every queue, by name, with its agents counted.
    #[must_use]
    pub fn queues(&self) -> Vec<Queue> {
        self.queues.counted(self.people.all())
    }

    /// How a presence is known at `now`: its own evidence, or stale where its feed is not live, or
    /// where the feed goes on but has not said it again for as long as would make the feed stale (a
    /// WFM that no longer lists somebody does not mean that they left, but it no longer vouches).
    #[must_use]
    pub fn evidence(&self, presence: &Presence, now: DateTime<Utc>) -> Evidence {
        let Some(feed) = self.feed(&presence.source) else { return Evidence::Stale };
        let is_repeated =
            feed.as_of.is_some_and(|as_of| (as_of - presence.as_of).abs() <= feed.patience());
        match feed.status(now) {
            FeedStatus::Live if is_repeated => presence.evidence,
            _ => Evidence::Stale,
        }
    }

    /// The one activity of `person` at `now`.
    #[must_use]
    pub fn headline(&self, person: &Person, now: DateTime<Utc>) -> Headline {
        let statements: Vec<_> = person
            .presences
            .iter()
            .map(|presence| Statement {
                presence,
                evidence: self.evidence(presence, now),
                may_conflict: self.feed(&presence.source).is_some_and(|feed| feed.may_conflict),
            })
            .collect();
        headline(&statements, now)
    }

    /// Everybody by what they do at `now`.
    #[must_use]
    pub fn totals(&self, now: DateTime<Utc>) -> Totals {
        let mut totals = Totals::default();
        for person in self.people.all() {
            let headline = self.headline(person, now);
            totals.people.add(&headline.activity);
            totals.stale += u32::from(headline.is_stale());
        }
        totals
    }

    /// When the floor's present day began, in UTC.
    #[must_use]
    pub fn day_start(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let FloorIdentity { timezone, day_starts, .. } = self.identity;
        let today = now.with_timezone(&timezone).date_naive();
        let begin = |date: chrono::NaiveDate| instant(timezone, date.and_time(day_starts));
        let start = begin(today);
        if start <= now { start } else { today.checked_sub_days(Days::new(1)).map_or(start, begin) }
    }
}

#[cfg(test)]
mod tests;

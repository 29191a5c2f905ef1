//! The floor: everybody on it, every source and every queue, and how a reading changes them.

mod absence;
mod alerts;
mod by_log;
mod intake;
mod keeping;
mod leavers;
mod not_listed;
mod pasts;
mod people;
mod queues;
mod restore;
mod scheduled;
mod set;

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::fusion::{Headline, Statement, Weighed, headline, weighed};
use super::timeline::TOLERANCE;
use super::timetable::day_start;
use super::{
    Activity, ActivityKind, AgentKey, AlertKey, AlertPatch, AssignedQueues, Connection, Entry,
    Evidence, Feed, FeedStatus, KnownAlert, KnownQueue, Past, Person, PersonId, Presence, Queue,
    QueueKey, Reason, Roster, Side, SourceKind, SourceName, Span, Tally, Timetable,
    VendorAdherence, VendorKpi,
};
pub use alerts::{Alerts, HeldAlerts};
use pasts::Pasts;
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
    /// The condition of what is read beside its main reading changed.
    Side(SourceName, Side),
    /// An agent's past is told otherwise than before, from `from` on. By all sources together a person's
    /// is so since [`ONE_CHANGE`](super::ONE_CHANGE) before that.
    Past {
        /// Whose.
        agent: AgentKey,
        /// From when.
        from: DateTime<Utc>,
    },
    /// Something to be kept from one run to the next.
    Keep(Box<Entry>),
}

/// People by what they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// By headline activity.
    pub people: Tally,
    /// Of these, whose state nothing fresh confirms.
    pub stale: Tally,
    /// Of these, whose state is the word of a log without calls, for want of its monitor's.
    pub by_log: Tally,
}

impl Totals {
    /// Counts one more, who does what `headline` says.
    pub fn add(&mut self, headline: &Headline) {
        self.people.add(&headline.activity);
        if headline.is_stale() {
            self.stale.add(&headline.activity);
        }
        if headline.by_log {
            self.by_log.add(&headline.activity);
        }
    }

    /// How many of those who are at `kind` are so by less than the word of the system that knows best.
    #[must_use]
    pub fn doubtful(&self, kind: ActivityKind) -> u32 {
        self.stale.of(kind) + self.by_log.of(kind)
    }
}

/// The floor. One owner; a clone is a picture of it that no longer changes.
#[derive(Debug, Clone)]
pub struct Floor {
    identity: FloorIdentity,
    feeds: Vec<Feed>,
    people: People,
    queues: Queues,
    pasts: Pasts,
    alerts: Alerts,
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
            pasts: Pasts::default(),
            alerts: Alerts::default(),
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

    /// What is known of an agent's past at one source.
    #[must_use]
    pub fn timeline(&self, key: &AgentKey) -> Option<Past<'_>> {
        self.pasts.of(key)
    }

    /// Up to when earlier runs had read `source` itself.
    pub(super) fn watched_by_earlier_runs_until(
        &self,
        source: &SourceName,
    ) -> Option<DateTime<Utc>> {
        self.pasts.watched_until(source)
    }

    /// Where an agent sat between `from` and `to`; where it still sits there at `now`, until then.
    #[must_use]
    pub fn places(
        &self,
        key: &AgentKey,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
        now: Option<DateTime<Utc>>,
    ) -> Vec<Span<AssignedQueues>> {
        self.pasts.places(key, (from, to), now)
    }

    /// Why a presence is away: its own reason, else the one that the log beside its monitor gives,
    /// else unspecified. None where it is not away.
    #[must_use]
    pub fn reason_of(&self, presence: &Presence) -> Option<Reason> {
        let own = presence.activity.reason()?;
        Some(self.logged_reason(presence).unwrap_or(own).clone())
    }

    /// The reason that the log beside a monitor gives for a pause which the monitor does not explain:
    /// that of the log's last spell, if it is an absence that began with the pause. An earlier one
    /// was the reason of another pause, and where the log has gone on to something else, what it
    /// says is over.
    fn logged_reason(&self, presence: &Presence) -> Option<&Reason> {
        if presence.activity != Activity::Away(Reason::Unspecified) {
            return None;
        }
        let latest = self.pasts.latest_recorded(&presence.key())?;
        let since = presence.since?;
        // The reason of a pause shortly before this one, which was seen itself, is not this one's.
        let apart = |since: DateTime<Utc>| (latest.since - since).abs();
        let earlier = self.pasts.pause_before(&presence.key(), since);
        let is_nearest = earlier.is_none_or(|earlier| apart(since) <= apart(earlier));
        let is_of_it = latest.since >= since - TOLERANCE && is_nearest;
        latest.activity.reason().filter(|reason| is_of_it && **reason != Reason::Unspecified)
    }

    /// The sums that a telephony system gave for an agent's present day when it was first read, or first
    /// after it reckoned them anew: what it did before we began to watch.
    #[must_use]
    pub fn baseline(&self, key: &AgentKey) -> Option<&VendorKpi> {
        self.pasts.baseline(key)
    }

    /// What a telephony system last said of an agent's adherence on the present day, in this run or an
    /// earlier one.
    #[must_use]
    pub fn adherence_said(&self, key: &AgentKey) -> Option<&VendorAdherence> {
        self.pasts.adherence(key)
    }

    /// From where an agent last worked. Personal: for the one screen that may show it.
    #[must_use]
    pub fn connection(&self, key: &AgentKey) -> Option<&Connection> {
        self.pasts.connection(key)
    }

    /// Every alert read so far.
    #[must_use]
    pub fn alerts(&self) -> &Alerts {
        &self.alerts
    }

    /// Whom an alert concerns; none where no source and no roster knows them.
    #[must_use]
    pub fn person_of_alert(&self, known: &KnownAlert) -> Option<&Person> {
        self.person_of(&AgentKey::new(known.key.source.clone(), known.alert.agent.clone()))
    }

    /// Every alert of `person`, a WFM's or our own, oldest first, under whichever id a WFM raised it: where the roster has the employee
    /// number, the states have taught the WFM's own id beside it.
    #[must_use]
    pub fn alerts_of(&self, person: &Person) -> Vec<&KnownAlert> {
        let mut found: Vec<_> = person
            .keys()
            .iter()
            .chain([&person.own_key()])
            .flat_map(|key| self.alerts.of_agent(key))
            .filter(|known| self.person_of_alert(known).is_some_and(|of| of.id == person.id))
            .collect();
        found.sort_by_key(|known| known.alert.created_at);
        found
    }

    /// Takes over what the answer to a change of an alert said at `at`.
    pub fn merge_alert(&mut self, key: &AlertKey, patch: AlertPatch, at: DateTime<Utc>) {
        self.alerts.merge(key, patch, at);
    }

    /// Takes in one of our own alerts as it stands from now on.
    pub fn raise(&mut self, known: KnownAlert) {
        self.alerts.raise(known);
    }

    /// Calls one of our own alerts as the journal does; see `Alerts::adopt`.
    pub fn adopt(&mut self, theirs: &KnownAlert) -> Option<AlertKey> {
        self.alerts.adopt(theirs)
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
        self.people.called(id)
    }

    /// The e-mail address that the roster has of the person called `id`: for finding them, never shown.
    #[must_use]
    pub fn email_of(&self, id: &PersonId) -> Option<&str> {
        self.people.email_of(id)
    }

    /// The person whom `key` names.
    #[must_use]
    pub fn person_of(&self, key: &AgentKey) -> Option<&Person> {
        if key.source.is_own() {
            return self.people.called(&PersonId::from(key.agent.as_str()));
        }
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

    /// The key, the name and the campaign of every queue.
    pub fn queue_names(&self) -> impl Iterator<Item = (&QueueKey, &str, Option<&str>)> {
        self.queues.all().map(|queue| (&queue.key, queue.name.as_str(), queue.campaign.as_deref()))
    }

    /// How a presence is known at `now`: its own evidence, or stale where its feed is not live, or
    /// where the feed goes on but has not said it again for as long as would make the feed stale (a
    /// WFM that no longer lists somebody does not mean that they left, but it no longer vouches).
    #[must_use]
    pub fn evidence(&self, presence: &Presence, now: DateTime<Utc>) -> Evidence {
        let Some(feed) = self.feed(&presence.source) else { return Evidence::Stale };
        let is_repeated =
            feed.as_of.is_some_and(|as_of| (as_of - presence.as_of).abs() <= feed.patience());
        // Nothing follows from a list that is not believed.
        let is_held = presence.is_not_listed() && feed.hold.is_some_and(|hold| hold.is_active(now));
        match feed.status(now) {
            FeedStatus::Live if is_repeated && !is_held => presence.evidence,
            _ => Evidence::Stale,
        }
    }

    /// The one activity of `person` at `now`. Where no telephony source says anything fresh, the log
    /// beside a silent monitor may, and it goes before a list that never had the person.
    #[must_use]
    pub fn headline(&self, person: &Person, now: DateTime<Utc>) -> Headline {
        let said = headline(&self.statements(person, now), now);
        let by = said.source.as_ref().and_then(|source| self.feed(source));
        let is_said = said.source.as_ref().is_none_or(|source| !person.is_not_listed_by(source));
        let is_fresh = !said.is_stale() && said.activity != Activity::Unknown && is_said;
        match by.filter(|_| is_fresh).map(|feed| feed.kind) {
            // It has no word for a logout, and the log has.
            Some(SourceKind::CxEngage) if is_left_open(&said) => {
                let is_logout = |logged: &Headline| {
                    logged.activity == Activity::Offline && logged.since > said.since
                };
                self.by_log(person, now).filter(is_logout).unwrap_or(said)
            }
            Some(kind) if kind.is_telephony() => said,
            _ => self.by_log(person, now).unwrap_or(said),
        }
    }

    /// Whether what `headline` says of `person` is the word of a source that a phone system which is silent now
    /// had outdone, and that has said nothing new since.
    #[must_use]
    pub fn is_contested(&self, person: &Person, headline: &Headline, now: DateTime<Utc>) -> bool {
        let statements = self.statements(person, now);
        let mut by = statements.iter().filter(|s| Some(s.source) == headline.source.as_ref());
        by.any(|winner| statements.iter().any(|last| winner.was_outdone_by(last)))
    }

    /// What became of each source's statement about `person` when the headline at `now` was made;
    /// where the log beside a silent monitor gives the headline, what they would have made by themselves.
    #[must_use]
    pub fn weighed(&self, person: &Person, now: DateTime<Utc>) -> Vec<Weighed> {
        let statements = self.statements(person, now);
        weighed(&statements, &headline(&statements, now))
    }

    fn statements<'a>(&'a self, person: &'a Person, now: DateTime<Utc>) -> Vec<Statement<'a>> {
        let of = |presence: &'a Presence| Statement {
            logged_reason: self.logged_reason(presence),
            may_conflict: self.feed(&presence.source).is_some_and(|feed| feed.may_conflict),
            ..Statement::of(presence, self.evidence(presence, now))
        };
        let mut said: Vec<_> = person.presences.iter().map(of).collect();
        let is_unread = |feed: &Feed| feed.kind.is_telephony() && feed.read_at.is_none();
        if self.feeds.iter().any(is_unread) {
            said.extend(self.said_in_earlier_runs(person, now));
        }
        said
    }

    /// What phone systems that this run has not read yet said last in an earlier one: last known states, like
    /// those of systems that fell silent in this run.
    fn said_in_earlier_runs(
        &self,
        person: &Person,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = Statement<'_>> {
        person.keys().into_iter().filter_map(move |key| {
            let feed = self.feed(&key.source)?;
            let is_unread = feed.kind.is_telephony() && feed.read_at.is_none();
            let last = self.pasts.of(&key).filter(|_| is_unread)?.last_listed()?;
            let as_of = last.until.filter(|until| now - *until <= restore::EXPECTED_FOR)?;
            Some(Statement::last_word(feed, last, last.since, as_of))
        })
    }

    /// Everybody by what they do at `now`.
    #[must_use]
    pub fn totals(&self, now: DateTime<Utc>) -> Totals {
        let mut totals = Totals::default();
        self.people.all().iter().for_each(|person| totals.add(&self.headline(person, now)));
        totals
    }

    /// When the floor's present day began, in UTC.
    #[must_use]
    pub fn day_start(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        day_start(self.identity.timezone, self.identity.day_starts, now)
    }
}

/// Whether CxEngage may go on saying so after the person has logged out.
fn is_left_open(said: &Headline) -> bool {
    matches!(said.activity, Activity::Away(_) | Activity::LoggedIn)
}

#[cfg(test)]
mod tests;

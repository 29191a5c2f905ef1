//! One human on the floor, and what each source says of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Activity, AgentId, AgentKey, Contact, Evidence, PersonId, ScheduleState, SourceKind,
    SourceName, VendorKpi, Work,
};

/// One human on the floor.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The roster's id, or `source:id`.
    pub id: PersonId,
    /// The roster's name, else the first one a source gave, else the id.
    pub name: String,
    /// The roster's team.
    pub team: Option<String>,
    /// Every id the roster or a source gives.
    pub ids: BTreeMap<SourceName, AgentId>,
    /// Whether the roster names this person.
    pub in_roster: bool,
    /// Under which other keys than the roster's earlier runs knew this person.
    pub also: Vec<AgentKey>,
    /// What each source says now: at most one a source, in the config's order.
    pub presences: Vec<Presence>,
}

impl Person {
    /// What `source` says of this person.
    #[must_use]
    pub fn presence(&self, source: &SourceName) -> Option<&Presence> {
        self.presences.iter().find(|presence| &presence.source == source)
    }

    /// Whether all that `source` says is that its list never had this person.
    #[must_use]
    pub fn is_not_listed_by(&self, source: &SourceName) -> bool {
        self.presence(source).is_some_and(Presence::is_not_listed)
    }

    /// Every key by which a source may speak of this person: the roster's ids, and those under which
    /// the sources list them or once did, which may be others.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<AgentKey> {
        let by_roster =
            self.ids.iter().map(|(source, id)| AgentKey::new(source.clone(), id.clone()));
        let listed = self.presences.iter().map(Presence::key);
        by_roster.chain(self.also.iter().cloned()).chain(listed).collect()
    }

    /// The key by which our own alerts speak of this person.
    #[must_use]
    pub fn own_key(&self) -> AgentKey {
        AgentKey::new(SourceName::own(), AgentId::from(self.id.as_str()))
    }

    /// What the WFM says of this person's schedule, and when.
    #[must_use]
    pub fn schedule(&self) -> Option<(&ScheduleState, &Presence)> {
        self.presences.iter().find_map(|presence| presence.schedule.as_ref().map(|s| (s, presence)))
    }

    /// Where this person works: the first telephony source that says so.
    #[must_use]
    pub fn work(&self) -> Option<&Work> {
        let telling = |p: &&Presence| p.work.campaign.is_some() || p.work.queue.is_some();
        self.presences
            .iter()
            .filter(|p| p.kind.is_telephony())
            .find(telling)
            .or_else(|| self.presences.iter().find(telling))
            .or_else(|| self.presences.first())
            .map(|presence| &presence.work)
    }
}

/// No shift is longer: a log that has no word for leaving is not believed after so long without a word.
pub const LONGEST_SILENCE: TimeDelta = TimeDelta::hours(12);

/// Our word for what a list says of whom it does not have; see [`Presence::is_not_listed`].
pub const NOT_LISTED: &str = "not listed";

/// Whether this is what follows from a list that never had somebody; see [`Presence::is_not_listed`].
pub(super) fn says_not_listed(activity: &Activity, evidence: Evidence, raw: &str) -> bool {
    *activity == Activity::Offline && evidence == Evidence::Derived && raw == NOT_LISTED
}

/// What one source says of one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Presence {
    /// The source.
    pub source: SourceName,
    /// What kind of system it is.
    pub kind: SourceKind,
    /// The person's id there.
    pub agent: AgentId,
    /// The name it shows.
    pub name: Option<String>,
    /// What it says the person does.
    pub activity: Activity,
    /// Its own word(s) for that, verbatim.
    pub raw: String,
    /// Since when, in our clock, kept steady against the jitter of polls.
    pub since: Option<DateTime<Utc>>,
    /// The instant its statement describes, in our clock.
    pub as_of: DateTime<Utc>,
    /// How we know; the staleness of the whole feed is not in here, see `Floor::evidence`.
    pub evidence: Evidence,
    /// What distinguishes two stretches of the same activity.
    pub episode: Option<String>,
    /// Not ready as soon as the present contact ends.
    pub away_pending: bool,
    /// Successful readings in a row that did not list the person.
    pub missed: u8,
    /// Whether the person may be in a record of the last reading that could not be understood.
    pub may_be_unread: bool,
    /// Where the person works and how much.
    pub work: Work,
    /// What the schedule wants; only a WFM says so.
    pub schedule: Option<ScheduleState>,
    /// What the person is working on there.
    pub contact: Option<Box<Contact>>,
    /// The figures the source keeps itself.
    pub kpi: Option<Box<VendorKpi>>,
}

impl Presence {
    /// The (source, id) pair.
    #[must_use]
    pub fn key(&self) -> AgentKey {
        AgentKey::new(self.source.clone(), self.agent.clone())
    }

    /// Whether its source has never listed the person: that they are not logged in there is derived from
    /// a whole list that does not have them, and since when they are not nobody says.
    #[must_use]
    pub fn is_not_listed(&self) -> bool {
        says_not_listed(&self.activity, self.evidence, &self.raw)
    }

    /// From when on its source, a log that has no word for leaving, has been silent of the person for so
    /// long that nobody believes that they are still there.
    #[must_use]
    pub fn disbelieved_from(&self) -> Option<DateTime<Utc>> {
        let until = self.since? + LONGEST_SILENCE;
        let is_old = self.kind.is_log() && self.evidence == Evidence::Stale && until <= self.as_of;
        is_old.then_some(until)
    }

    /// Whether the person left the feed without a logout: no longer listed, and nothing said why.
    #[must_use]
    pub fn has_vanished(&self) -> bool {
        self.missed >= 2
    }
}

//! (stub: signatures only)
#![allow(missing_docs, clippy::todo, clippy::missing_const_for_fn)]
use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloorIdentity {
    pub name: String,
    pub timezone: Tz,
    pub day_starts: NaiveTime,
}
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Arrived(AgentKey),
    Activity { agent: AgentKey, from: Activity, to: Activity },
    Left(AgentKey),
    Queue(QueueKey),
    Feed(SourceName),
}
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub people: Tally,
    /// Of these, whose state nothing fresh confirms.
    pub stale: u32,
}
#[derive(Debug, Clone)]
pub struct Floor {
    identity: FloorIdentity,
    people: Vec<Person>,
    feeds: Vec<Feed>,
}
impl Floor {
    /// `queues`: (source, queue id) pairs that the config names, counted even when nobody sits in them.
    #[must_use]
    pub fn new(
        identity: FloorIdentity,
        roster: Roster,
        feeds: Vec<Feed>,
        queues: Vec<(SourceName, String)>,
    ) -> Self {
        let _ = (roster, queues);
        Self { identity, people: vec![], feeds }
    }
    #[must_use]
    pub fn identity(&self) -> &FloorIdentity {
        &self.identity
    }
    /// Takes in what a source's task reports; a reading in it goes to `apply`.
    pub fn report(&mut self, report: Report, now: DateTime<Utc>) -> Vec<Change> {
        let _ = (report, now);
        todo!()
    }
    pub fn apply(&mut self, reading: Reading, now: DateTime<Utc>) -> Vec<Change> {
        let _ = (reading, now);
        todo!()
    }
    #[must_use]
    pub fn people(&self) -> &[Person] {
        &self.people
    }
    #[must_use]
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|p| &p.id == id)
    }
    /// The person whom `key` names.
    #[must_use]
    pub fn person_of(&self, key: &AgentKey) -> Option<&Person> {
        let _ = key;
        todo!()
    }
    #[must_use]
    pub fn feeds(&self) -> &[Feed] {
        &self.feeds
    }
    #[must_use]
    pub fn feed(&self, name: &SourceName) -> Option<&Feed> {
        self.feeds.iter().find(|f| &f.name == name)
    }
    /// Every queue, by name, with its agents counted.
    #[must_use]
    pub fn queues(&self) -> Vec<Queue> {
        todo!()
    }
    /// How a presence is known at `now`: its own evidence, or stale where its feed is, or it was missed.
    #[must_use]
    pub fn evidence(&self, presence: &Presence, now: DateTime<Utc>) -> Evidence {
        let _ = (presence, now);
        todo!()
    }
    #[must_use]
    pub fn headline(&self, person: &Person, now: DateTime<Utc>) -> Headline {
        let _ = (person, now);
        todo!()
    }
    #[must_use]
    pub fn totals(&self, now: DateTime<Utc>) -> Totals {
        let _ = now;
        todo!()
    }
    /// Start of the floor's present day, in UTC.
    #[must_use]
    pub fn day_start(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let _ = now;
        todo!()
    }
}

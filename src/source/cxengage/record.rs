//! One record of the log, in the server's clock, as if nobody had ever set that.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::workload::Workload;
use crate::model::AgentId;

/// One stretch of an agent's day as the vendor logs it; open while it has no end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    pub event: Arc<str>,
    pub agent: AgentId,
    pub name: Option<Arc<str>>,
    pub session: Option<Arc<str>>,
    pub login: Option<DateTime<Utc>>,
    pub start: DateTime<Utc>,
    pub end: Option<DateTime<Utc>>,
    pub kind: Kind,
    pub presence: Option<Word>,
    pub state: Option<Word>,
    /// The vendor's own words, `eventType/state`.
    pub raw: Arc<str>,
    /// Whether a contact is being handled, where the record says.
    pub busy: Option<bool>,
    /// The outer none: no word about it; the inner one: explicitly none.
    pub reason: Option<Option<Arc<str>>>,
    /// What the record says of contacts; none where it says nothing.
    pub work: Option<Arc<Workload>>,
    /// In which order records came: what decides between two with the same start.
    pub arrival: u64,
    /// By how much the server's clock had been set when the record was read; taken off its times.
    pub stepped: TimeDelta,
}

/// By so much it is mistaken by how much a server's clock was set, at each end of it.
const BLUR: TimeDelta = TimeDelta::seconds(2);

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    SessionStart,
    Capacity,
    Ready,
    NotReady,
    /// Not documented; the vendor's own screens know it.
    Ended,
    Other,
    Missing,
}

impl Kind {
    pub(super) fn of(word: Option<&str>) -> Self {
        let Some(word) = word else { return Self::Missing };
        let folded = fold(word);
        let has = |part: &str| folded.contains(part);
        if has("sessionstart") {
            Self::SessionStart
        } else if has("sessionend") || has("logout") || has("logoff") || has("offline") {
            Self::Ended
        } else if has("capacity") {
            Self::Capacity
        } else if has("notready") {
            Self::NotReady
        } else if has("ready") {
            Self::Ready
        } else {
            Self::Other
        }
    }
}

/// A word of `presence` or `state`. In this system idle means ready and waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Ready,
    NotReady,
    Offline,
    Other,
}

impl Word {
    pub(super) fn of(word: Option<String>) -> Option<Self> {
        let word = word?;
        Some(match fold(&word).as_str() {
            "ready" | "idle" => Self::Ready,
            "notready" | "away" => Self::NotReady,
            "offline" | "loggedout" => Self::Offline,
            _ => Self::Other,
        })
    }
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Record {
    /// What orders the records of one agent.
    pub(super) fn place(&self) -> (DateTime<Utc>, u64) {
        (self.start, self.arrival)
    }

    /// The record, read when the server's clock had been set by `stepped`.
    pub(super) fn read_after(mut self, stepped: TimeDelta) -> Self {
        if !stepped.is_zero() {
            let own = [Some(&mut self.start), self.end.as_mut(), self.login.as_mut()];
            own.into_iter().flatten().for_each(|at| *at -= stepped);
            self.work = self.work.map(|work| Arc::new(work.read_after(stepped)));
            self.stepped = stepped;
        }
        self
    }

    /// Whether `other`, which was read when the server's clock had been set otherwise, is this one once
    /// more. A server may stamp its whole log anew, or leave it as it was stamped.
    fn is_again(&self, other: &Self) -> bool {
        let anew = (self.start - other.start).abs() <= BLUR;
        self.event == other.event
            && (anew || is_same_stamp((self.start, self), (other.start, other)))
    }

    /// This record in `others`, where it was read before the server's clock was set again, with the times
    /// that it had there: what has been told must not move.
    pub(super) fn known_among<'a>(mut self, others: impl Iterator<Item = &'a Self>) -> Self {
        let mut before = others.filter(|known| known.stepped != self.stepped);
        let Some(known) = before.find(|known| self.is_again(known)) else { return self };
        self.login = known.login.or(self.login);
        let end = match (self.end, known.end) {
            (Some(new), Some(old))
                if (new - old).abs() <= BLUR || is_same_stamp((new, &self), (old, known)) =>
            {
                Some(old)
            }
            (new, _) => new.map(|end| end.max(known.start)),
        };
        (self.start, self.end) = (known.start, end);
        self.stepped = known.stepped;
        self
    }

    /// This record as another version of it completes it: a closed one beats an open one, a later end
    /// an earlier one, and an attribute that one of them lacks comes from the other.
    pub(super) fn merged(&self, other: Self) -> Self {
        let arrival = self.arrival;
        let (better, worse) =
            if other.end >= self.end { (other, self.clone()) } else { (self.clone(), other) };
        Self {
            name: better.name.or(worse.name),
            session: better.session.or(worse.session),
            login: better.login.or(worse.login),
            kind: if better.kind == Kind::Missing { worse.kind } else { better.kind },
            presence: better.presence.or(worse.presence),
            state: better.state.or(worse.state),
            raw: if better.raw.is_empty() { worse.raw } else { better.raw },
            busy: better.busy.or(worse.busy),
            reason: better.reason.or(worse.reason),
            work: Workload::over(worse.work.as_ref(), better.work.as_ref()),
            event: worse.event,
            arrival,
            ..better
        }
    }
}

/// Whether two instants of two records are one stamp of the server's.
fn is_same_stamp(one: (DateTime<Utc>, &Record), other: (DateTime<Utc>, &Record)) -> bool {
    one.0 + one.1.stepped == other.0 + other.1.stepped
}

//! What an agent does, folded from the records of a session in order.
//!
//! A record says only what it has attributes for; what it leaves out holds on from the record before
//! it in the same session. Contacts have no records of their own: they are derived from the load.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{Kind, Record, Word};
use super::workload::Workload;
use crate::model::{Activity, Evidence};
use crate::source::reason::Reasons;

/// Between records that follow each other one ends where the next begins; after a longer silence the
/// same activity is a new stretch of it.
const SILENCE: TimeDelta = TimeDelta::seconds(40);

/// What the vendor calls presence: what the agent wants, not what keeps them busy.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Presence {
    Unknown,
    LoggedIn,
    Ready,
    NotReady(Option<Arc<str>>),
    Offline,
}

/// The vendor's own words, with the reason in force where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Raw {
    words: Arc<str>,
    reason: Option<Arc<str>>,
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            Some(reason) => write!(f, "{} ({reason})", self.words),
            None => f.write_str(&self.words),
        }
    }
}

/// What an agent does after some record, in the server's clock.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standing {
    pub name: Option<Arc<str>>,
    session: Option<Arc<str>>,
    login: Option<DateTime<Utc>>,
    presence: Presence,
    /// Whether a record that can give a reason said why the agent is not ready; a change of capacity
    /// cannot, so behind one the reason is still to be found.
    reasoned: bool,
    busy: Option<bool>,
    pub activity: Activity,
    /// Since when, over all records in a row with the same activity.
    pub since: DateTime<Utc>,
    /// Start of the newest record.
    pub start: DateTime<Utc>,
    /// End of the newest record; none while it is open.
    pub end: Option<DateTime<Utc>>,
    /// The vendor's own words of the newest record.
    pub raw: Raw,
    /// Those of the record with which the activity began.
    pub began_as: Raw,
    /// Whether it began with the newest record.
    pub begins: bool,
    /// Whether nothing is known of what was before it.
    pub clipped: bool,
    /// What is known of the contacts.
    pub work: Option<Arc<Workload>>,
    /// Whether `since` is known to be where the activity began, not only where our knowledge does.
    pub settled: bool,
}

impl Standing {
    /// What holds after `record`, which comes after everything in `before`.
    pub(super) fn after(before: Option<Self>, record: &Record, reasons: &Reasons) -> Self {
        let Some(before) = before else { return Self::first(record, reasons) };
        let new_session = record.session.is_some()
            && before.session.is_some()
            && record.session != before.session;
        if new_session && record.login.zip(before.login).is_some_and(|(new, old)| new < old) {
            // A straggler of a session that a newer one has closed.
            return Self { begins: false, ..before };
        }
        let carried = (!new_session).then_some(&before);
        let presence = presence(record, carried.map(|b| &b.presence));
        let reasoned = reasoned(record, &presence, carried);
        let busy = record.busy.or(carried.and_then(|b| b.busy));
        let activity = activity(&presence, busy, reasons);
        let away = matches!(activity, Activity::Away(_));
        let goes_on = carried.is_some()
            && activity == before.activity
            && before.end.is_none_or(|end| record.start - end <= SILENCE);
        let raw = raw(record, &presence);
        // A session logs in once; a server whose clock is set meanwhile may say otherwise.
        let known = carried.filter(|_| !record.stepped.is_zero()).and_then(|b| b.login);
        let login = known.or(record.login).or(before.login);
        let work = carried.and_then(|b| b.work.as_ref());
        Self {
            work: Workload::over(work, record.work.as_ref()),
            begins: !goes_on,
            clipped: goes_on && before.clipped,
            began_as: if goes_on { before.began_as } else { raw.clone() },
            raw,
            name: record.name.clone().or(before.name),
            session: record.session.clone().or(before.session),
            login,
            since: if goes_on { before.since } else { record.start },
            settled: if goes_on {
                before.settled
            } else {
                presence != Presence::Unknown && (reasoned || !away)
            },
            start: record.start,
            end: record.end,
            presence,
            reasoned,
            busy,
            activity,
        }
    }

    fn first(record: &Record, reasons: &Reasons) -> Self {
        let presence = presence(record, None);
        let activity = activity(&presence, record.busy, reasons);
        let raw = raw(record, &presence);
        let settled = record.kind == Kind::SessionStart;
        Self {
            name: record.name.clone(),
            session: record.session.clone(),
            login: record.login,
            busy: record.busy,
            activity,
            since: record.start,
            start: record.start,
            end: record.end,
            began_as: raw.clone(),
            raw,
            begins: true,
            clipped: !settled,
            settled,
            work: record.work.clone(),
            reasoned: reasoned(record, &presence, None),
            presence,
        }
    }

    /// Not ready as soon as the contact ends.
    pub(super) fn away_pending(&self) -> bool {
        self.activity == Activity::OnContact && matches!(self.presence, Presence::NotReady(_))
    }

    /// Whether `next`, which comes right after this, is of another session although this one never
    /// ended.
    pub(super) fn is_left_open_before(&self, next: &Self) -> bool {
        let another = self.session.is_some() && next.session.is_some();
        let another = another && self.session != next.session;
        another && self.end.is_none() && self.activity != Activity::Offline
    }

    /// How the activity is known: a contact is concluded from the load.
    pub(super) fn evidence(&self) -> Evidence {
        match self.activity {
            Activity::OnContact => Evidence::Derived,
            _ => Evidence::Observed,
        }
    }
}

fn presence(record: &Record, carried: Option<&Presence>) -> Presence {
    let says_offline = |word: &Option<Word>| *word == Some(Word::Offline);
    if matches!(record.kind, Kind::Ended)
        || says_offline(&record.presence)
        || says_offline(&record.state)
    {
        return Presence::Offline;
    }
    let known = carried.filter(|p| !matches!(p, Presence::Unknown | Presence::Offline));
    match (&record.kind, &record.presence) {
        (Kind::SessionStart, _) => Presence::LoggedIn,
        (_, Some(Word::Ready)) => Presence::Ready,
        // A change of capacity is no change of presence: who has only logged in has not gone away.
        (Kind::Capacity, Some(Word::NotReady))
            if carried == Some(&Presence::LoggedIn) && reason(record).is_none() =>
        {
            Presence::LoggedIn
        }
        (_, Some(Word::NotReady)) => not_ready(record, carried),
        (Kind::Ready, _) => Presence::Ready,
        (Kind::NotReady, _) => not_ready(record, carried),
        _ => known.cloned().unwrap_or_else(|| match record.state {
            Some(Word::Ready) => Presence::Ready,
            Some(Word::NotReady) => not_ready(record, carried),
            _ => Presence::Unknown,
        }),
    }
}

/// The reason holds on where the record has no word about it; a change of capacity has none even
/// where it says null.
fn not_ready(record: &Record, carried: Option<&Presence>) -> Presence {
    let silent = record.reason.is_none()
        || matches!(record.kind, Kind::Capacity) && reason(record).is_none();
    match carried {
        Some(Presence::NotReady(reason)) if silent => Presence::NotReady(reason.clone()),
        _ => Presence::NotReady(reason(record).cloned()),
    }
}

fn reasoned(record: &Record, presence: &Presence, carried: Option<&Standing>) -> bool {
    let by_carried =
        || carried.is_some_and(|b| b.reasoned && matches!(b.presence, Presence::NotReady(_)));
    match presence {
        Presence::NotReady(None) => matches!(record.kind, Kind::NotReady) || by_carried(),
        _ => true,
    }
}

fn reason(record: &Record) -> Option<&Arc<str>> {
    record.reason.as_ref()?.as_ref()
}

fn activity(presence: &Presence, busy: Option<bool>, reasons: &Reasons) -> Activity {
    match presence {
        Presence::Offline => Activity::Offline,
        _ if busy == Some(true) => Activity::OnContact,
        Presence::Ready => Activity::Available,
        Presence::NotReady(reason) => Activity::Away(reasons.of(reason.as_deref())),
        Presence::LoggedIn => Activity::LoggedIn,
        Presence::Unknown => Activity::Unknown,
    }
}

fn raw(record: &Record, presence: &Presence) -> Raw {
    let reason = match presence {
        Presence::NotReady(reason) => reason.clone(),
        _ => None,
    };
    Raw { words: Arc::clone(&record.raw), reason }
}

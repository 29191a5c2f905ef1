//! What everybody did, as the systems that keep a log have it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::cxengage::activity;
use crate::simulator::centre::Centre;
use crate::simulator::world::log::{Log, Mark};
use crate::simulator::world::person::Person;
use crate::simulator::world::session::{Kind, Record};

/// One person's past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryTruth {
    /// The roster's id.
    pub person: String,
    /// What the dialer's log says, oldest first: logged_in, available (calls are in it), away,
    /// wrap_up, offline. None for somebody who does not sit there.
    pub convoso: Option<Vec<SpellTruth>>,
    /// When they left the dialer without a logout in its log.
    pub missing_logouts: Vec<DateTime<Utc>>,
    /// When its log has them log in although they were.
    pub repeated_logins: Vec<DateTime<Utc>>,
    /// Whether their entries are there for a second campaign as well.
    pub second_campaign: bool,
    /// What CxEngage's records say, oldest first, and when they left, which no record says:
    /// logged_in, available, on_contact, away, offline. None for somebody who does not sit there.
    pub cxengage: Option<Vec<SpellTruth>>,
}

/// A stretch of time in one state; it ends where the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpellTruth {
    /// When it began.
    pub since: DateTime<Utc>,
    /// The state.
    pub activity: String,
    /// Why, where they were away and a reason was given: break, lunch, meeting, training, personal.
    pub reason: Option<String>,
}

/// Everybody's past up to now, in the roster's order.
pub fn history(centre: &Centre) -> Vec<HistoryTruth> {
    let mut world = centre.world();
    let now = centre.time().now;
    world.advance_log(now);
    let mut spells = dialer(&world.log, world.people.len());
    let of = |person: &Person| HistoryTruth {
        person: person.id.clone(),
        convoso: person.dialer.is_some().then(|| std::mem::take(&mut spells[person.index])),
        missing_logouts: world.log.missing_logouts(person.index).to_vec(),
        repeated_logins: world.log.repeated_logins(person.index).to_vec(),
        second_campaign: person.dialer.as_ref().is_some_and(|seat| seat.second_campaign),
        cxengage: person.cx.as_ref().map(|seat| cx(seat.sessions.records(), now)),
    };
    world.people.iter().map(of).collect()
}

fn dialer(log: &Log, people: usize) -> Vec<Vec<SpellTruth>> {
    let mut all = vec![Vec::new(); people];
    for event in log.events().iter().filter(|e| !e.doubled) {
        let (activity, reason) = match event.mark {
            Mark::Login => ("logged_in", None),
            Mark::Ready => ("available", None),
            Mark::Away(reason) => ("away", reason.word()),
            Mark::WrapUp => ("wrap_up", None),
            Mark::LogOut => ("offline", None),
            Mark::Blank => continue,
        };
        push(&mut all[event.person], event.at, activity, reason);
    }
    all
}

fn cx(records: &[Record], now: DateTime<Utc>) -> Vec<SpellTruth> {
    let mut spells = Vec::new();
    for record in records.iter().filter(|r| r.start <= now) {
        let reason = match record.kind {
            Kind::NotReady(reason) => reason.word(),
            _ => None,
        };
        push(&mut spells, record.start, activity(record.kind), reason);
        if let Some(left) = record.left.filter(|left| *left <= now) {
            push(&mut spells, left, "offline", None);
        }
    }
    spells
}

/// The next spell; the same again goes on as one, and one without any length is none.
fn push(spells: &mut Vec<SpellTruth>, since: DateTime<Utc>, activity: &str, reason: Option<&str>) {
    while spells.last().is_some_and(|last| last.since == since) {
        spells.pop();
    }
    if spells.last().is_none_or(|s| s.activity != activity || s.reason.as_deref() != reason) {
        let (activity, reason) = (activity.to_owned(), reason.map(str::to_owned));
        spells.push(SpellTruth { since, activity, reason });
    }
}

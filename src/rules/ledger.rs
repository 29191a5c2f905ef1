//! Everybody's times of the floor's day, kept as the floor changes: an update costs in proportion to
//! what changed, not to the day.
//!
//! Between two changes everybody goes on as before, which takes no reckoning at all. What makes that
//! untrue is looked for with every update: a past that is told otherwise, a source that falls silent
//! or comes back, a reading that moves how far a source has been heard where that decides between two
//! sources, a new day.

mod account;
mod condition;
mod queues;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::Figures;
use super::figures::personal;
use super::sums::Sums;
use super::telling::Window;
use crate::model::{
    AgentKey, AssignedQueues, Change, Entry, Floor, ONE_CHANGE, PersonId, QueueKey,
};
use account::Account;
use condition::{Condition, News};
use queues::Queues;

/// Everybody's times of the floor's day.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    /// When the day began, and up to when everything has been taken in; none before the first update.
    day: Option<Day>,
    /// In the floor's order of people.
    accounts: Vec<Account>,
    by_person: HashMap<PersonId, usize>,
    by_team: HashMap<String, Vec<usize>>,
    queues: Queues,
    /// In the floor's order of sources.
    conditions: Vec<Condition>,
    /// Whose time has to be reckoned anew once it has gone on, and from when.
    pending: BTreeMap<usize, DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Day {
    since: DateTime<Utc>,
    at: DateTime<Utc>,
}

impl Ledger {
    /// Takes in what `changes` did to `floor`. To be called after every reading and as time passes.
    pub fn update(&mut self, floor: &Floor, changes: &[Change], now: DateTime<Utc>) {
        let since = floor.day_start(now);
        let goes_on = self.day.is_some_and(|day| day.since == since && day.at <= now);
        if !goes_on || self.conditions.len() != floor.feeds().len() {
            *self = Self::default();
        }
        self.day = Some(Day { since, at: now });
        let mut due = std::mem::take(&mut self.pending);
        let mut from = |index: usize, at: DateTime<Utc>| {
            due.entry(index).and_modify(|from| *from = at.min(*from)).or_insert(at);
        };
        self.enroll(floor, |index| from(index, since));
        for (key, at) in changes.iter().filter_map(|change| told_anew(change, since, now)) {
            if let Some(index) = self.index(floor, &key) {
                from(index, at);
            }
        }
        self.hear(floor, now, from);
        for (index, at) in due {
            self.reckon(floor, index, at, now);
        }
    }

    /// Opens an account for whom the floor did not have before.
    fn enroll(&mut self, floor: &Floor, mut opened: impl FnMut(usize)) {
        for person in floor.people().iter().skip(self.accounts.len()) {
            let index = self.accounts.len();
            self.accounts.push(Account::default());
            self.by_person.insert(person.id.clone(), index);
            if let Some(team) = &person.team {
                self.by_team.entry(team.clone()).or_default().push(index);
            }
            opened(index);
        }
    }

    /// Looks for whose past the sources' conditions tell otherwise, though none of their states changed.
    fn hear(
        &mut self,
        floor: &Floor,
        now: DateTime<Utc>,
        mut from: impl FnMut(usize, DateTime<Utc>),
    ) {
        let before = std::mem::take(&mut self.conditions);
        self.conditions = floor.feeds().iter().map(|feed| Condition::of(feed, now)).collect();
        if before.len() != self.conditions.len() {
            return; // the first update: everybody is new
        }
        for (feed, (before, condition)) in
            floor.feeds().iter().zip(before.iter().zip(&self.conditions))
        {
            let Some(news) = condition.since(before, feed) else { continue };
            let everybody = floor.people().iter().zip(&mut self.accounts).enumerate();
            for (index, (person, account)) in everybody {
                let at = match news {
                    News::Turn(at) => account.is_told_by(person, feed).then_some(at),
                    News::Read => account.hear(floor, person, feed, now),
                };
                if let Some(at) = at {
                    from(index, at);
                }
            }
        }
    }

    fn reckon(&mut self, floor: &Floor, index: usize, from: DateTime<Utc>, now: DateTime<Utc>) {
        let (Some(day), Some(person)) = (self.day, floor.people().get(index)) else { return };
        let Some(account) = self.accounts.get_mut(index) else { return };
        // Where a change was told, what lies a moment before it may have been part of it.
        let from = from - ONE_CHANGE;
        let window = Window::of(day.since, now, now);
        let seats = |queues: &AssignedQueues| self.queues.seat(queues, index);
        if let Some(again) = account.reckon(floor, person, window, from, seats) {
            self.pending.insert(index, again);
        }
    }

    fn index(&self, floor: &Floor, whose: &Whose<'_>) -> Option<usize> {
        let id = match whose {
            Whose::Agent(key) => &floor.person_of(key)?.id,
            Whose::Person(id) => *id,
        };
        self.by_person.get(id).copied()
    }

    /// One person's figures of the day; none for whom it does not know.
    #[must_use]
    pub fn person(&self, floor: &Floor, id: &PersonId, now: DateTime<Utc>) -> Option<Figures> {
        let index = *self.by_person.get(id)?;
        let (account, person) = (self.accounts.get(index)?, floor.people().get(index)?);
        let window = self.window(now)?;
        let sums = account.sums(window.until);
        Some(personal(floor, person, window, account.is_planned(window.until), &sums))
    }

    /// The figures of a team, by its name; none without anybody in it.
    #[must_use]
    pub fn team(&self, team: &str, now: DateTime<Utc>) -> Option<Figures> {
        let members = self.by_team.get(team)?;
        self.together(members.iter().filter_map(|index| self.accounts.get(*index)), now)
    }

    /// The figures of the time in which people sat in a queue; none where nobody did.
    #[must_use]
    pub fn queue(&self, key: &QueueKey, now: DateTime<Utc>) -> Option<Figures> {
        let window = self.window(now)?;
        let (places, members) = self.queues.members(key);
        let accounts = members.iter().filter_map(|index| self.accounts.get(*index));
        let mut seated = accounts.filter_map(|account| account.sums_at(places, window.until));
        let mut sums = seated.next()?;
        seated.for_each(|more| sums += &more);
        Some(Figures::of(window.since, window.until, &sums))
    }

    /// Everybody's figures together; none without anybody.
    #[must_use]
    pub fn floor(&self, now: DateTime<Utc>) -> Option<Figures> {
        self.together(self.accounts.iter(), now)
    }

    fn together<'a>(
        &self,
        mut accounts: impl Iterator<Item = &'a Account>,
        now: DateTime<Utc>,
    ) -> Option<Figures> {
        let window = self.window(now)?;
        let bound = |account: &Account| account.bound(account.sums(window.until));
        let mut sums: Sums = bound(accounts.next()?);
        accounts.for_each(|account| sums += &bound(account));
        Some(Figures::of(window.since, window.until, &sums))
    }

    fn window(&self, now: DateTime<Utc>) -> Option<Window> {
        self.day.map(|day| Window::of(day.since, now, now))
    }
}

/// Whose past a change is about.
enum Whose<'a> {
    Agent(&'a AgentKey),
    Person(&'a PersonId),
}

/// Whose day a change tells otherwise, and from when; the day began at `since`.
fn told_anew<'a>(
    change: &'a Change,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<(Whose<'a>, DateTime<Utc>)> {
    match change {
        Change::Past { agent, from } => Some((Whose::Agent(agent), *from)),
        // Who else knows a person decides whose word counts at all.
        Change::Arrived(agent) => Some((Whose::Agent(agent), since)),
        Change::Activity { agent, .. } | Change::Left(agent) => Some((Whose::Agent(agent), now)),
        Change::Keep(entry) => match &**entry {
            Entry::Place { agent, span } => Some((Whose::Agent(agent), span.since)),
            // The plan and the sums are looked at again whenever anything is.
            Entry::Schedule { agent, .. } | Entry::Sums { agent, .. } => {
                Some((Whose::Agent(agent), now))
            }
            Entry::Plan { person, .. } => Some((Whose::Person(person), now)),
            _ => None,
        },
        Change::Queue(_) | Change::Feed(_) | Change::Side(..) => None,
    }
}

#[cfg(test)]
mod tests;

//! The simulated floor: people, their days, campaigns and queues. No API's words live here.

pub mod alert;
pub mod chance;
pub mod duty;
mod habits;
pub mod log;
mod mishap;
mod name;
pub mod pace;
pub mod person;
pub mod queue;
pub mod session;
pub mod sip;
pub mod state;
pub mod timeline;

use chrono::{DateTime, SubsecRound, Utc};
use fastrand::Rng;

use alert::Board;
use log::Log;
use pace::Pace;
use person::{DialerSeat, Origin, Person};
use queue::{Campaign, Queue};
use timeline::Calls;

/// The floor. The same seed, size and start make the same one.
#[derive(Debug)]
pub struct World {
    /// Everybody, in the roster's order.
    pub people: Vec<Person>,
    /// The campaigns.
    pub campaigns: Vec<Campaign>,
    /// The queues.
    pub queues: Vec<Queue>,
    /// The dialer's log, as far as it has been asked for.
    pub log: Log,
    /// The WFM's alerts, as far as they have been asked for.
    pub board: Board,
}

impl World {
    /// A floor of `people` with `queues` queues and the history before `start`.
    #[must_use]
    pub fn new(seed: u64, start: DateTime<Utc>, people: usize, queues: usize) -> Self {
        Self::at_pace(Pace::Usual, seed, start, people, queues)
    }

    /// The same with work going at `pace` from `start` on.
    #[must_use]
    pub fn at_pace(
        pace: Pace,
        seed: u64,
        start: DateTime<Utc>,
        people: usize,
        queues: usize,
    ) -> Self {
        let start = start.trunc_subsecs(3);
        let mut slots: Vec<usize> = (0..people).collect();
        Rng::with_seed(seed).shuffle(&mut slots);
        let queues = queue::queues(queues, seed);
        let origin =
            |(index, slot)| Origin { seed, start, pace, people, queues: queues.len(), index, slot };
        let people = slots.into_iter().enumerate().map(|p| Person::new(origin(p))).collect();
        Self {
            people,
            campaigns: queue::campaigns(),
            queues,
            log: Log::default(),
            board: Board::default(),
        }
    }

    /// Lets time pass up to `now`.
    pub fn advance(&mut self, now: DateTime<Utc>) {
        for person in &mut self.people {
            person.advance(now);
        }
    }

    /// Lets time pass up to `now` in the dialer's log as well.
    pub fn advance_log(&mut self, now: DateTime<Utc>) {
        self.advance(now);
        self.log.follow(&self.people, &self.queues, self.campaigns.len(), now);
    }

    /// Lets time pass up to `now` in the WFM's alerts as well.
    pub fn advance_board(&mut self, now: DateTime<Utc>) {
        self.advance(now);
        self.board.follow(&self.people, now);
    }

    /// The person with this Convoso id.
    pub fn by_user_id(&mut self, user_id: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|p| p.dialer.as_ref().is_some_and(|d| d.user_id == user_id))
    }

    /// The calls from `from` to `until` of those whose seat is `chosen`.
    pub fn calls(
        &mut self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        chosen: impl Fn(&DialerSeat) -> bool,
    ) -> Calls {
        self.people
            .iter_mut()
            .filter(|p| p.dialer.as_ref().is_some_and(&chosen))
            .map(|p| p.day.calls(from, until))
            .fold(Calls::default(), Calls::plus)
    }
}

#[cfg(test)]
mod tests;

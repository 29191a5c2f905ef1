//! The dialer's log of events: what its agents did, in its own few words, in the order of time.
//!
//! It has no word for a call: who waits, is rung or talks is ready all the while. It is written only
//! once somebody asks for it, and from then on costs what is new.

use chrono::{DateTime, TimeDelta, Utc};

use super::person::{Lapse, Person};
use super::queue::Queue;
use super::state::{Reason, State};
use super::timeline::Segment;

/// How long somebody is logged in before they are ready.
const GETTING_READY: TimeDelta = TimeDelta::seconds(2);
/// The return to the phone at which a login is repeated, where it is.
const REPEATS_AT: u32 = 8;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A login.
    Login,
    /// Ready for calls.
    Ready,
    /// Away from the phone.
    Away(Reason),
    /// Writing up a call, which the log takes for a kind of absence.
    WrapUp,
    /// A logout.
    LogOut,
    /// An entry without a state, which the document does not know.
    Blank,
}

/// One entry.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// Whose; the place in the world's list.
    pub person: usize,
    /// The place of its campaign.
    pub campaign: usize,
    /// What happened.
    pub mark: Mark,
    /// How long the state lasted that ended with it; nothing where none did.
    pub ended: TimeDelta,
    /// Whether it says again, for a second campaign, what the one before it says.
    pub doubled: bool,
}

/// The log, oldest first. Nothing in it ever changes.
#[derive(Debug, Default)]
pub struct Log {
    events: Vec<Event>,
    followers: Vec<Follower>,
}

/// How far one person's day has been written into the log.
#[derive(Debug, Clone, Default)]
struct Follower {
    next: usize,
    /// The mark that holds, and since when; none outside a session.
    mark: Option<(Mark, DateTime<Utc>)>,
    /// A readiness that is still to come.
    ready_at: Option<DateTime<Utc>>,
    returns: u32,
    unlogged: Vec<DateTime<Utc>>,
    repeated: Vec<DateTime<Utc>>,
}

impl Log {
    /// The entries. An entry's place never changes.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// When the person at `place` left without a logout.
    #[must_use]
    pub fn missing_logouts(&self, place: usize) -> &[DateTime<Utc>] {
        self.followers.get(place).map_or(&[], |f| &f.unlogged)
    }

    /// When the person at `place` logged in although they were.
    #[must_use]
    pub fn repeated_logins(&self, place: usize) -> &[DateTime<Utc>] {
        self.followers.get(place).map_or(&[], |f| &f.repeated)
    }

    /// Takes in what of the days of `people` has happened by `now`.
    pub fn follow(
        &mut self,
        people: &[Person],
        queues: &[Queue],
        campaigns: usize,
        now: DateTime<Utc>,
    ) {
        self.followers.resize_with(people.len(), Follower::default);
        let known = self.events.len();
        for (person, follower) in people.iter().zip(&mut self.followers) {
            let Some(seat) = &person.dialer else { continue };
            let campaign = queues[seat.queue].campaign;
            let events = &mut self.events;
            let blanks = person.index % 8 == 2;
            follower.follow(person.day.segments(), seat.lapse, now, |at, mark, ended| {
                let person = person.index;
                let event = Event { at, person, campaign, mark, ended, doubled: false };
                events.push(event);
                if seat.second_campaign {
                    let campaign = (campaign + 1) % campaigns;
                    events.push(Event { campaign, doubled: true, ..event });
                }
                if blanks && mark == Mark::Login {
                    events.push(Event { mark: Mark::Blank, ended: TimeDelta::zero(), ..event });
                }
            });
        }
        // Everything new is younger than everything known; a stable order keeps one person's own.
        self.events[known..].sort_by_key(|e| (e.at, e.person));
    }
}

impl Follower {
    fn follow(
        &mut self,
        day: &[Segment],
        lapse: Option<Lapse>,
        now: DateTime<Utc>,
        mut write: impl FnMut(DateTime<Utc>, Mark, TimeDelta),
    ) {
        while let Some(segment) = day.get(self.next).filter(|s| s.start <= now) {
            self.take(*segment, lapse, &mut write);
            self.next += 1;
        }
        self.get_ready(now, &mut write);
    }

    fn take(
        &mut self,
        segment: Segment,
        lapse: Option<Lapse>,
        write: &mut impl FnMut(DateTime<Utc>, Mark, TimeDelta),
    ) {
        let at = segment.start;
        self.get_ready(at, write);
        let mark = match segment.state {
            State::Offline | State::ForcedOut => Mark::LogOut,
            State::LoggedIn | State::Available | State::Ringing | State::OnContact => Mark::Ready,
            State::WrapUp => Mark::WrapUp,
            State::Away(reason) => Mark::Away(reason),
        };
        match (self.mark, mark) {
            (None, Mark::LogOut) => {}
            (Some(_), Mark::LogOut) => {
                if lapse == Some(Lapse::NoLogout) && segment.state == State::Offline {
                    self.unlogged.push(at);
                } else {
                    self.write(at, mark, write);
                }
                *self = Self { mark: None, ready_at: None, returns: 0, ..std::mem::take(self) };
            }
            (None, _) => {
                self.write(at, Mark::Login, write);
                if mark == Mark::Ready {
                    self.ready_at = Some(at + GETTING_READY);
                } else {
                    self.write(at, mark, write);
                }
            }
            (Some((last, _)), _) if last == mark => {}
            (Some(_), Mark::Ready) if self.ready_at.is_some() => {}
            (Some(_), _) => {
                self.ready_at = None;
                self.returns += u32::from(mark == Mark::Ready);
                let repeats = mark == Mark::Ready && self.returns == REPEATS_AT;
                if repeats && lapse == Some(Lapse::LoginAgain) {
                    self.write(at, Mark::Login, write);
                    self.repeated.push(at);
                }
                self.write(at, mark, write);
            }
        }
    }

    fn get_ready(
        &mut self,
        now: DateTime<Utc>,
        write: &mut impl FnMut(DateTime<Utc>, Mark, TimeDelta),
    ) {
        if let Some(at) = self.ready_at.take_if(|at| *at <= now) {
            self.write(at, Mark::Ready, write);
        }
    }

    fn write(
        &mut self,
        at: DateTime<Utc>,
        mark: Mark,
        write: &mut impl FnMut(DateTime<Utc>, Mark, TimeDelta),
    ) {
        let ended = self.mark.map_or(TimeDelta::zero(), |(_, since)| at - since);
        self.mark = Some((mark, at));
        write(at, mark, ended);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn log(lapse: Option<Lapse>, states: &[(i64, State)]) -> Vec<(i64, Mark)> {
        let segment =
            |(second, state): &(i64, State)| Segment { start: at(*second), state: *state, call: 0 };
        let day: Vec<_> = states.iter().map(segment).collect();
        let mut written = Vec::new();
        let mut follower = Follower::default();
        // Second by second, as clients that poll make it.
        for second in 0..1_000 {
            follower.follow(&day, lapse, at(second), |at, mark, _| {
                written.push(((at - self::at(0)).num_seconds(), mark));
            });
        }
        written
    }

    #[test]
    fn a_call_is_one_stretch_of_readiness_and_its_wrap_up_an_absence() {
        use State::{Available, Offline, OnContact, Ringing, WrapUp};
        let day = [
            (0, Offline),
            (10, Available),
            (20, Ringing),
            (25, OnContact),
            (90, WrapUp),
            (100, Available),
            (150, Offline),
        ];
        let want = [
            (10, Mark::Login),
            (12, Mark::Ready),
            (90, Mark::WrapUp),
            (100, Mark::Ready),
            (150, Mark::LogOut),
        ];
        assert_eq!(log(None, &day), want);
        assert_eq!(log(Some(Lapse::NoLogout), &day), want[..4]);
    }

    #[test]
    fn who_is_put_out_at_once_never_was_ready() {
        let day = [(10, State::Available), (11, State::ForcedOut)];
        for lapse in [None, Some(Lapse::NoLogout)] {
            assert_eq!(log(lapse, &day), [(10, Mark::Login), (11, Mark::LogOut)]);
        }
    }

    #[test]
    fn a_login_is_repeated_in_the_middle_of_a_session() {
        let day: Vec<_> = (0..20)
            .map(|i| (10 + 20 * i, if i % 2 == 0 { State::Available } else { State::WrapUp }))
            .collect();
        let written = log(Some(Lapse::LoginAgain), &day);
        let logins: Vec<_> = written.iter().filter(|(_, mark)| *mark == Mark::Login).collect();
        assert_eq!(logins, [&(10, Mark::Login), &(330, Mark::Login)]);
        assert!(written.contains(&(330, Mark::Ready)));
    }
}

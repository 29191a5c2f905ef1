//! How a person moves from state to state: the call cycle, scheduled absences, detours.

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use super::chance;
use super::duty::{Duty, Scheduled};
use super::pace::Tempo;
use super::state::{Reason, State};
use super::timeline::Timeline;

/// A stretch in which something other than the usual happens, whatever the schedule says.
#[derive(Debug, Clone, Copy)]
pub struct Detour {
    /// When it begins.
    pub from: DateTime<Utc>,
    /// When the usual goes on.
    pub to: DateTime<Utc>,
    /// The state all the while.
    pub state: State,
}

/// What decides a person's next state.
#[derive(Debug)]
pub struct Habits {
    /// The person's own chance.
    pub rng: Rng,
    /// How long work lasts.
    pub tempo: Tempo,
    /// Calls ring and are wrapped up: everywhere but in CxEngage, which has no words for it.
    pub rings: bool,
    /// Signs in before being ready: everywhere but in the dialer.
    pub signs_in: bool,
    /// Goes not-ready for a moment before signing out, as CxEngage demands.
    pub pauses_before_leaving: bool,
    /// Works through every scheduled absence.
    pub skips_breaks: bool,
    /// Mishaps and forced logouts.
    pub detours: Vec<Detour>,
}

impl Habits {
    /// Writes the next segment of `day`.
    pub fn step(&mut self, day: &mut Timeline, duty: &Duty) {
        let now = day.end();
        if let Some(detour) = self.detours.iter().find(|d| d.from <= now && now < d.to) {
            let (state, to) = (detour.state, detour.to);
            return day.push(state, 0, to);
        }
        let (state, until) = self.next(day, duty, now);
        let until =
            if is_work(state) { self.tempo.quickened(now, until, &mut self.rng) } else { until };
        let until = self.detours.iter().map(|d| d.from).filter(|f| *f > now).fold(until, Ord::min);
        day.push(state, call_of(day, state), until);
    }

    fn next(&mut self, day: &Timeline, duty: &Duty, now: DateTime<Utc>) -> (State, DateTime<Utc>) {
        let last = day.last().state;
        let (rng, tempo) = (&mut self.rng, self.tempo);
        match last {
            State::Ringing => return (State::OnContact, now + tempo.talk(now, rng)),
            State::OnContact if self.rings => {
                return (State::WrapUp, now + tempo.wrap_up(now, rng));
            }
            _ => {}
        }
        let scheduled = duty.at(now);
        if scheduled == Scheduled::Off {
            if self.pauses_before_leaving && !last.is_out() && !matches!(last, State::Away(_)) {
                return (State::Away(Reason::Unspecified), now + chance::seconds(rng, 15, 40));
            }
            return (State::Offline, duty.shift(now).0 + lateness(rng));
        }
        if last.is_out() && self.signs_in {
            return (State::LoggedIn, now + chance::seconds(rng, 2, 5));
        }
        if let Some(block) = duty.block(now).filter(|_| !self.skips_breaks)
            && let Scheduled::Away(reason) = block.what
            && !matches!(last, State::Away(_))
        {
            return (State::Away(reason), block.end + chance::seconds(rng, 0, 45));
        }
        self.work(last, now, duty)
    }

    fn work(&mut self, last: State, now: DateTime<Utc>, duty: &Duty) -> (State, DateTime<Utc>) {
        let (rng, tempo) = (&mut self.rng, self.tempo);
        match last {
            State::Available if self.rings => (State::Ringing, now + tempo.ring(now, rng)),
            State::Available => (State::OnContact, now + tempo.talk(now, rng)),
            State::WrapUp | State::OnContact if tempo.pauses(now, rng) => {
                let reason = *chance::one_of(rng, &[Reason::Personal, Reason::Unspecified]);
                (State::Away(reason), now + tempo.pause(now, rng))
            }
            // A scheduled absence that is still going on (somebody came back early) waits for the
            // few seconds of being available, so that two reasons never follow without a change.
            State::Away(_) if duty.block(now).is_some() => {
                (State::Available, now + chance::seconds(rng, 3, 6))
            }
            _ => {
                let until = now + tempo.wait(now, rng);
                let change =
                    if self.skips_breaks { duty.shift(now).1 } else { duty.next_change(now) };
                (State::Available, until.min(change))
            }
        }
    }
}

/// A new call rings or is taken; the call just taken goes on through its wrap-up.
fn call_of(day: &Timeline, state: State) -> u32 {
    let newest = day.segments().iter().rev().map(|s| s.call).find(|c| *c > 0).unwrap_or(0);
    match (day.last().state, state) {
        (State::Ringing, State::OnContact) | (State::OnContact, State::WrapUp) => newest,
        (_, State::Ringing | State::OnContact) => newest + 1,
        _ => 0,
    }
}

fn is_work(state: State) -> bool {
    matches!(state, State::Available | State::Ringing | State::OnContact | State::WrapUp)
}

fn lateness(rng: &mut Rng) -> TimeDelta {
    if chance::percent(rng, 10) {
        chance::seconds(rng, 300, 1_200)
    } else {
        chance::seconds(rng, 0, 90)
    }
}

//! One human, the systems they sit in, and their day.

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use uuid::Uuid;

use super::chance;
use super::duty::Duty;
use super::habits::{Detour, Habits};
use super::mishap::Mishap;
use super::name;
use super::pace::{Pace, Tempo};
use super::session::Sessions;
use super::sip::SipSeat;
use super::state::State;
use super::timeline::Timeline;

/// How much happened before the world's start.
pub const HISTORY: TimeDelta = TimeDelta::hours(12);

/// A person's place in Convoso.
#[derive(Debug)]
pub struct DialerSeat {
    /// Digits.
    pub user_id: String,
    /// The phone's extension.
    pub extension: String,
    /// The index of their queue.
    pub queue: usize,
    /// What they can do.
    pub skills: Vec<&'static str>,
    /// How long they stay listed as logged out; afterwards they vanish from the list.
    pub listed_after_logout: TimeDelta,
    /// What is wrong with their entries in the dialer's log.
    pub lapse: Option<Lapse>,
    /// Logs into a second campaign as well, so that the log has each of their events twice.
    pub second_campaign: bool,
}

/// What a person's entries in the dialer's log lack, or have too many of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// Whoever leaves leaves no logout behind, as after a crash.
    NoLogout,
    /// A login is repeated in the middle of a session.
    LoginAgain,
}

/// A person's place in CxEngage.
#[derive(Debug)]
pub struct CxSeat {
    /// The key.
    pub agent_id: Uuid,
    /// The tenant's number.
    pub tenant_agent_id: u64,
    /// The platform's number.
    pub platform_agent_id: u64,
    /// Works with text messages (two at once) instead of calls.
    pub digital: bool,
    /// Their sessions and records.
    pub sessions: Sessions,
}

/// A person's place in the WFM.
#[derive(Debug)]
pub struct WfmSeat {
    /// The key.
    pub employee_id: Uuid,
    /// EMP001.
    pub employee_number: String,
}

/// A human on the floor.
#[derive(Debug)]
pub struct Person {
    /// Their place in the world's list.
    pub index: usize,
    /// Their id in the roster.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their team.
    pub team: &'static str,
    /// What went wrong with them today.
    pub mishap: Option<Mishap>,
    /// Their schedule.
    pub duty: Duty,
    /// Their day.
    pub day: Timeline,
    /// Convoso.
    pub dialer: Option<DialerSeat>,
    /// CxEngage.
    pub cx: Option<CxSeat>,
    /// sip.io.
    pub sip: Option<SipSeat>,
    /// The WFM.
    pub wfm: Option<WfmSeat>,
    habits: Habits,
}

/// What a person is made from.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// The world's seed.
    pub seed: u64,
    /// The world's start.
    pub start: DateTime<Utc>,
    /// How fast work goes from then on.
    pub pace: Pace,
    /// How many people there are.
    pub people: usize,
    /// How many queues there are.
    pub queues: usize,
    /// The person's place in the list.
    pub index: usize,
    /// The person's place in the shuffled list: decides mishaps and systems.
    pub slot: usize,
}

impl Person {
    /// Makes the person and their first hours, up to the world's start.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        let Origin { seed, start, index, slot, people, .. } = origin;
        let salt = chance::mix(seed, index as u64);
        let mut rng = Rng::with_seed(salt);
        let mishap = Mishap::of(slot, people);
        let before = match mishap {
            Some(_) => TimeDelta::minutes(rng.i64(180..=300)),
            None if slot % 50 == 34 => TimeDelta::minutes(-rng.i64(60..=180)),
            None => TimeDelta::minutes(rng.i64(30..=420)),
        };
        let mut duty = Duty::new(start, before, &mut rng);
        let systems = Systems::of(slot, mishap);
        let dialer = systems.dialer.then(|| dialer_seat(origin, mishap, &mut rng));
        let cx = systems.cx.then(|| cx_seat(index, start, mishap, &mut rng));
        let wfm = systems.wfm.then(|| wfm_seat(index, &mut rng));
        let sip = systems.sip.then(|| SipSeat::new(index, slot, people, !systems.dialer));
        let mut habits = Habits {
            rings: systems.dialer || !systems.cx,
            signs_in: !systems.dialer,
            pauses_before_leaving: systems.cx,
            skips_breaks: mishap == Some(Mishap::OutOfAdherence),
            detours: Vec::new(),
            tempo: Tempo::new(origin.pace, start),
            rng,
        };
        if let Some(mishap) = mishap {
            habits.detours = mishap.detours(start);
            mishap.reschedule(&mut duty, start);
        }
        let mut person = Self {
            index,
            id: format!("p{:03}", index + 1),
            name: name::person(index, &mut habits.rng),
            team: name::team(index, people),
            mishap,
            duty,
            day: Timeline::new(start - HISTORY, salt),
            dialer,
            cx,
            sip,
            wfm,
            habits,
        };
        person.advance(start);
        person
    }

    /// Their address, which the dialer knows as well as the roster.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@example.com", self.id)
    }

    /// Writes the day up to `now`.
    pub fn advance(&mut self, now: DateTime<Utc>) {
        while self.day.end() <= now {
            self.habits.step(&mut self.day, &self.duty);
        }
        if let Some(cx) = &mut self.cx {
            cx.sessions.follow(self.day.segments(), now);
        }
    }

    /// Puts the person out of the dialer from `now` until `back`.
    pub fn put_out(&mut self, now: DateTime<Utc>, back: DateTime<Utc>) {
        self.advance(now);
        self.day.cut(now);
        // Whatever else was to happen in the meantime does not.
        self.habits.detours.retain(|d| d.to <= now || d.from >= back);
        self.habits.detours.push(Detour { from: now, to: back, state: State::ForcedOut });
        self.advance(now);
    }

    /// How long the person stays away after being put out: half an hour at least.
    pub fn time_out(&mut self) -> TimeDelta {
        TimeDelta::minutes(self.habits.rng.i64(30..=45))
    }
}

/// In which systems somebody sits.
struct Systems {
    dialer: bool,
    cx: bool,
    sip: bool,
    wfm: bool,
}

impl Systems {
    /// Of ten people without a mishap, one sits in CxEngage alone and three in both; two of those in
    /// the dialer have a telephone of sip.io, and one in 25 has nothing but that.
    fn of(slot: usize, mishap: Option<Mishap>) -> Self {
        match mishap {
            Some(mishap) => Self { dialer: true, cx: mishap.needs_cx(), sip: false, wfm: true },
            None if slot % 25 == 14 => Self { dialer: false, cx: false, sip: true, wfm: true },
            None => Self {
                dialer: slot % 10 != 3,
                cx: matches!(slot % 10, 1 | 3 | 5 | 8),
                sip: matches!(slot % 10, 6 | 8),
                wfm: slot % 12 != 10,
            },
        }
    }
}

fn dialer_seat(origin: Origin, mishap: Option<Mishap>, rng: &mut Rng) -> DialerSeat {
    const SKILLS: [&str; 6] = ["spanish", "sales", "billing", "retention", "technical", "french"];
    let mut skills = vec!["english"];
    skills.extend(SKILLS.into_iter().filter(|_| chance::percent(rng, 30)));
    let listed_after_logout = match mishap {
        Some(Mishap::CxLeftOpen | Mishap::CxClosed) => TimeDelta::hours(3),
        _ if rng.bool() => TimeDelta::seconds(90),
        _ => TimeDelta::zero(),
    };
    let lapse = match mishap {
        Some(Mishap::CxLeftOpen) => Some(Lapse::NoLogout),
        Some(_) => None,
        None if origin.slot % 25 == 7 => Some(Lapse::LoginAgain),
        None => (origin.slot % 25 == 9).then_some(Lapse::NoLogout),
    };
    DialerSeat {
        user_id: (12_345 + 7 * origin.index).to_string(),
        extension: (1_001 + origin.index).to_string(),
        // A third of the people in the first queue, so that queues differ in size.
        queue: if origin.index.is_multiple_of(3) { 0 } else { origin.index % origin.queues },
        skills,
        listed_after_logout,
        lapse,
        second_campaign: origin.slot % 25 == 10,
    }
}

fn cx_seat(index: usize, start: DateTime<Utc>, mishap: Option<Mishap>, rng: &mut Rng) -> CxSeat {
    let number = index as u64;
    let leaves_open = match mishap {
        Some(Mishap::CxLeftOpen) => true,
        Some(Mishap::CxClosed) => false,
        _ => rng.bool(),
    };
    let silent_from = (mishap == Some(Mishap::CxSilent)).then(|| start - Mishap::SILENT_SINCE);
    CxSeat {
        agent_id: version_4(rng),
        tenant_agent_id: 9_326 + number,
        platform_agent_id: 15_251 + 3 * number,
        digital: chance::percent(rng, 25),
        sessions: Sessions::new(leaves_open, silent_from),
    }
}

fn wfm_seat(index: usize, rng: &mut Rng) -> WfmSeat {
    WfmSeat { employee_id: version_4(rng), employee_number: format!("EMP{:03}", index + 1) }
}

/// A random UUID (version 4) from a seeded chance.
pub fn version_4(rng: &mut Rng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.u128(..).to_be_bytes()).into_uuid()
}

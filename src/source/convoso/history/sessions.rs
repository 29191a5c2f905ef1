//! From one agent's rows to spells of one activity each.
//!
//! An agent may be logged in to several campaigns at once. They are one agent all the same, so that
//! all rows are taken in the order of time and the last word counts, whichever campaign it is of:
//! - a login to one more campaign changes nothing: who is logged in already does what they did;
//! - a logout from one of them goes back to the last word of the others, and only the last logout
//!   logs the agent out. A campaign that nobody logged in to was moved to in the middle of a session:
//!   its logout ends everything;
//! - a second login to the same campaign, or to none in particular, means that a logout is missing.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::event::{Event, TimeSource};
use super::meaning::{Meaning, Step};
use crate::model::{Activity, Doubt, Evidence, Spell};

/// Nobody works for so long without a word: an open session is not believed any further.
const LONGEST_SILENCE: TimeDelta = TimeDelta::hours(16);

/// What the rows of one agent come to.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    told: Vec<Told>,
    open: Vec<Session>,
    /// Whether the first row was a login: else a session began before the log does.
    begins_with_login: bool,
    /// Whether a login has been seen: before one, each campaign with a row is taken to be logged in to.
    has_login: bool,
    last_at: Option<DateTime<Utc>>,
}

/// A spell, the day it began on, and whose word it is.
#[derive(Debug)]
struct Told {
    spell: Spell,
    day: NaiveDate,
    campaign: Option<Arc<str>>,
}

/// Logged in to one campaign.
#[derive(Debug)]
struct Session {
    campaign: Option<Arc<str>>,
    /// Its last word.
    meaning: Arc<Meaning>,
}

impl Sessions {
    /// What `events`, in the order of time, come to.
    pub(super) fn of<'a>(events: impl Iterator<Item = &'a Event>, source: TimeSource) -> Self {
        let mut sessions = Self::default();
        for (index, event) in events.enumerate() {
            if index == 0 {
                sessions.begins_with_login = event.meaning.step == Step::Login;
            }
            // Rows that were read with different estimates of the server's clock keep their order.
            let at = event.ours(source).max(sessions.last_at.unwrap_or(DateTime::<Utc>::MIN_UTC));
            match event.meaning.step {
                Step::Login => sessions.log_in(event, at),
                Step::Logout => sessions.log_out(event, at),
                Step::Within => sessions.go_on(event, at),
            }
            sessions.last_at = Some(at);
        }
        if !sessions.begins_with_login
            && let Some(first) = sessions.told.first_mut()
        {
            first.spell.doubt = first.spell.doubt.or(Some(Doubt::Clipped));
        }
        sessions
    }

    /// The spells that began on `first` or later, as they are to be believed at `now`.
    pub(super) fn spells(mut self, first: NaiveDate, now: DateTime<Utc>) -> Vec<Spell> {
        if let Some(end) = self.disbelieved_from().filter(|end| *end < now)
            && let Some(last) = self.told.last_mut()
        {
            last.spell.until = Some(end);
            last.spell.evidence = Evidence::Stale;
        }
        self.told.retain(|told| told.day >= first);
        self.told.into_iter().map(|told| told.spell).collect()
    }

    /// From when on an open session is not believed, if nothing more is said of it.
    pub(super) fn disbelieved_from(&self) -> Option<DateTime<Utc>> {
        self.is_in().then_some(self.last_at? + LONGEST_SILENCE)
    }

    fn is_in(&self) -> bool {
        self.told.last().is_some_and(|told| told.spell.activity != Activity::Offline)
    }

    fn log_in(&mut self, event: &Event, at: DateTime<Utc>) {
        self.has_login = true;
        if self.is_in() {
            let is_open = self.open.iter().any(|session| session.campaign == event.campaign);
            if event.campaign.is_some() && !is_open && !self.open.is_empty() {
                self.open(event);
                return;
            }
            self.close_without_logout(at);
        }
        self.open.clear();
        self.open(event);
        self.tell(event, &event.meaning, at);
    }

    fn open(&mut self, event: &Event) {
        let (campaign, meaning) = (event.campaign.clone(), Arc::clone(&event.meaning));
        self.open.push(Session { campaign, meaning });
    }

    fn close_without_logout(&mut self, at: DateTime<Utc>) {
        let believed = self.last_at.map(|last| last + LONGEST_SILENCE);
        if let Some(Told { spell, .. }) = self.told.last_mut() {
            spell.doubt = Some(Doubt::NoLogout);
            spell.until = Some(at);
            if let Some(believed) = believed.filter(|believed| *believed < at) {
                spell.until = Some(believed);
                spell.evidence = Evidence::Stale;
            }
        }
    }

    fn log_out(&mut self, event: &Event, at: DateTime<Utc>) {
        let place = self.open.iter().position(|session| session.campaign == event.campaign);
        match place.filter(|_| event.campaign.is_some()) {
            Some(place) => drop(self.open.remove(place)),
            None => self.open.clear(),
        }
        let Some(other) = self.open.last() else {
            if self.is_in() || self.told.is_empty() {
                self.tell(event, &event.meaning, at);
            }
            return;
        };
        if self.told.last().is_some_and(|told| told.campaign == event.campaign) {
            let (meaning, campaign) = (Arc::clone(&other.meaning), other.campaign.clone());
            if !self.is_told(&meaning) {
                self.tell(event, &meaning, at);
                if let Some(told) = self.told.last_mut() {
                    told.spell.evidence = Evidence::Derived;
                }
            }
            if let Some(told) = self.told.last_mut() {
                told.campaign = campaign;
            }
        }
    }

    /// Whether the last spell already says what `meaning` says.
    fn is_told(&self, meaning: &Meaning) -> bool {
        self.told.last().is_some_and(|told| {
            told.spell.activity == meaning.activity && told.spell.raw == meaning.raw
        })
    }

    fn go_on(&mut self, event: &Event, at: DateTime<Utc>) {
        if let Some(place) = self.open.iter().position(|open| open.campaign == event.campaign) {
            // The session with the newest word is the last.
            let mut session = self.open.remove(place);
            session.meaning = Arc::clone(&event.meaning);
            self.open.push(session);
        } else if !self.is_in() || !self.has_login {
            self.open(event);
        }
        let is_of_another = self.told.last().is_some_and(|told| told.campaign != event.campaign);
        // The same word for one more campaign is no new stretch of it.
        if !(is_of_another && self.is_told(&event.meaning)) {
            self.tell(event, &event.meaning, at);
        }
    }

    /// From `at` on it is as `meaning` says. Of what is said at the same instant the last counts.
    fn tell(&mut self, event: &Event, meaning: &Meaning, at: DateTime<Utc>) {
        if self.told.last().is_some_and(|told| told.spell.since == at) {
            self.told.pop();
        }
        let spell = Spell {
            since: at,
            until: None,
            activity: meaning.activity.clone(),
            evidence: meaning.evidence,
            raw: meaning.raw.clone(),
            doubt: meaning.doubt,
        };
        self.told.push(Told { spell, day: event.day, campaign: event.campaign.clone() });
    }
}

//! A person's CxEngage sessions: the records that their day leaves there.
//!
//! CxEngage knows fewer states than the dialer (no ringing, no wrap-up), writes no record when
//! somebody signs out, and a session there outlives a forced logout elsewhere.

use chrono::{DateTime, TimeDelta, Utc};

use super::state::{Reason, State};
use super::timeline::Segment;

/// How long the record of a new session lasts before the first real state.
const SIGNING_IN: TimeDelta = TimeDelta::seconds(2);
/// How long before the end of a contact an agent asks to go away.
const ASKING_TO_LEAVE: TimeDelta = TimeDelta::seconds(10);

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session began.
    SessionStart,
    /// Ready and idle.
    Ready,
    /// Working on a contact.
    Contact,
    /// Still on a contact, already not ready.
    LeavingContact(Reason),
    /// Not ready.
    NotReady(Reason),
}

/// One stretch of a session.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// When it began; one record of a person begins at a time.
    pub start: DateTime<Utc>,
    /// When it ended; none while it goes on, and for ever where the person left it open.
    pub end: Option<DateTime<Utc>>,
    /// What it says.
    pub kind: Kind,
    /// When its session began.
    pub login: DateTime<Utc>,
    /// When the person left, where this was the session's last record.
    pub left: Option<DateTime<Utc>>,
}

/// All records of one person, oldest first.
#[derive(Debug)]
pub struct Sessions {
    records: Vec<Record>,
    followed: usize,
    leaves_open: bool,
    silent_from: Option<DateTime<Utc>>,
}

impl Sessions {
    /// No sessions yet. `leaves_open`: the last record stays open when the person leaves;
    /// `silent_from`: from then on nothing is recorded any more.
    #[must_use]
    pub fn new(leaves_open: bool, silent_from: Option<DateTime<Utc>>) -> Self {
        Self { records: Vec::new(), followed: 0, leaves_open, silent_from }
    }

    /// The records.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The record that began last at `at`.
    #[must_use]
    pub fn at(&self, at: DateTime<Utc>) -> Option<Record> {
        let begun = self.records.partition_point(|r| r.start <= at);
        self.records[..begun].last().copied()
    }

    /// The one before that.
    #[must_use]
    pub fn before(&self, at: DateTime<Utc>) -> Option<Record> {
        let begun = self.records.partition_point(|r| r.start <= at);
        self.records[..begun].iter().rev().nth(1).copied()
    }

    /// Takes in what of `day` had begun at `now`.
    pub fn follow(&mut self, day: &[Segment], now: DateTime<Utc>) {
        while let Some(segment) = day.get(self.followed).filter(|s| s.start <= now) {
            if self.silent_from.is_none_or(|from| segment.start < from) {
                self.take(*segment);
            }
            self.followed += 1;
        }
    }

    fn take(&mut self, segment: Segment) {
        let kind = match segment.state {
            State::Offline => return self.leave(segment.start),
            State::ForcedOut => match self.session() {
                Some(last) if is_contact(last.kind) => Kind::Ready,
                _ => return, // the session here goes on as it was
            },
            State::LoggedIn => Kind::SessionStart,
            State::Available | State::Ringing | State::WrapUp => Kind::Ready,
            State::OnContact => Kind::Contact,
            State::Away(reason) => Kind::NotReady(reason),
        };
        match (self.session(), kind) {
            (None, Kind::SessionStart) => self.push(segment.start, kind, segment.start),
            (None, _) => {
                self.push(segment.start, Kind::SessionStart, segment.start);
                self.push(segment.start + SIGNING_IN, kind, segment.start);
            }
            (Some(last), _) if last.kind == kind => {}
            (Some(last), Kind::NotReady(reason)) if is_contact(last.kind) => {
                let asked = segment.start - ASKING_TO_LEAVE;
                if asked > last.start {
                    self.push(asked, Kind::LeavingContact(reason), last.login);
                }
                self.push(segment.start, kind, last.login);
            }
            (Some(last), _) => self.push(segment.start, kind, last.login),
        }
    }

    /// The last record of the session that is going on.
    fn session(&self) -> Option<Record> {
        self.records.last().copied().filter(|r| r.left.is_none())
    }

    fn push(&mut self, start: DateTime<Utc>, kind: Kind, login: DateTime<Utc>) {
        // A state shorter than signing in takes must not put records out of order, nor give two the
        // same time: their ids are made of it.
        let soonest = |last: &Record| last.start + TimeDelta::milliseconds(1);
        let start = self.records.last().map_or(start, |last| start.max(soonest(last)));
        if let Some(last) = self.records.last_mut().filter(|r| r.left.is_none()) {
            last.end = Some(start);
        }
        self.records.push(Record { start, end: None, kind, login, left: None });
    }

    fn leave(&mut self, at: DateTime<Utc>) {
        let leaves_open = self.leaves_open;
        if let Some(last) = self.records.last_mut().filter(|r| r.left.is_none()) {
            last.left = Some(at.max(last.start));
            if !leaves_open {
                last.end = last.left;
            }
        }
    }
}

fn is_contact(kind: Kind) -> bool {
    matches!(kind, Kind::Contact | Kind::LeavingContact(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn follow(leaves_open: bool, states: &[State]) -> Sessions {
        let day: Vec<_> = (0..)
            .zip(states)
            .map(|(i, state)| Segment { start: at(100 * i), state: *state, call: 0 })
            .collect();
        let mut sessions = Sessions::new(leaves_open, None);
        sessions.follow(&day, at(100_000));
        sessions
    }

    fn kinds(sessions: &Sessions) -> Vec<Kind> {
        sessions.records().iter().map(|r| r.kind).collect()
    }

    #[test]
    fn ringing_and_wrap_up_are_ready_here() {
        use State::{Available, OnContact, Ringing, WrapUp};
        let sessions =
            follow(false, &[State::Offline, Available, Ringing, OnContact, WrapUp, Available]);
        assert_eq!(kinds(&sessions), [Kind::SessionStart, Kind::Ready, Kind::Contact, Kind::Ready]);
        assert_eq!(sessions.records()[1].end, Some(at(300)));
        assert_eq!(sessions.records()[3].end, None);
    }

    #[test]
    fn leaving_writes_no_record() {
        let away = State::Away(Reason::Unspecified);
        for (leaves_open, end) in [(true, None), (false, Some(at(200)))] {
            let sessions = follow(leaves_open, &[State::Available, away, State::Offline]);
            let last = *sessions.records().last().unwrap();
            assert_eq!(last.kind, Kind::NotReady(Reason::Unspecified));
            assert_eq!((last.end, last.left), (end, Some(at(200))));
        }
    }

    #[test]
    fn a_session_outlives_a_forced_logout_elsewhere() {
        let sessions = follow(false, &[State::OnContact, State::ForcedOut]);
        let last = *sessions.records().last().unwrap();
        assert_eq!((last.kind, last.left), (Kind::Ready, None));
    }

    #[test]
    fn who_goes_away_from_a_contact_is_not_ready_before_it_ends() {
        let sessions = follow(false, &[State::OnContact, State::Away(Reason::Lunch)]);
        let tail = &sessions.records()[sessions.records().len() - 2..];
        assert_eq!(tail[0].kind, Kind::LeavingContact(Reason::Lunch));
        assert_eq!(tail[0].end, Some(tail[1].start));
    }
}

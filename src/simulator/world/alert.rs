//! The WFM's alerts: raised when somebody does what is not scheduled for too long, over when they do
//! what is, and changed by supervisors in between.
//!
//! They follow from the days alone, however often somebody looks, and are made only once somebody
//! asks for them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use uuid::Uuid;

use super::chance;
use super::duty::Scheduled;
use super::person::{Person, version_4};
use super::state::{Reason, State};

/// How long a mismatch lasts before there is an alert.
const GRACE: TimeDelta = TimeDelta::minutes(5);

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Not there since the shift began.
    LateStart,
    /// Left before the shift's end.
    EarlyLeave,
    /// Still away after the scheduled absence.
    ExtendedBreak,
    /// Away during work time.
    UnscheduledBreak,
    /// Anything else.
    WrongState,
}

/// An alert, apart from what people did about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alert {
    /// The key, the same for its whole life.
    pub id: Uuid,
    /// Whom it is about; the place in the world's list.
    pub person: usize,
    /// What.
    pub kind: Kind,
    /// When it was raised.
    pub created: DateTime<Utc>,
    /// When its cause was over.
    pub over: Option<DateTime<Utc>>,
}

/// Who did something about an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A request with a session.
    Client,
    /// Somebody else, at the vendor's own screen.
    Colleague,
    /// Nobody: the cause was over.
    Itself,
}

/// What is to be done about an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Somebody has seen it.
    Acknowledge,
    /// Somebody has dealt with it.
    Resolve,
}

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no such alert.
    Unknown,
    /// It is in that status already, or past it.
    Already(Status),
}

/// Where an alert is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nobody has done anything about it.
    Active,
    /// Somebody has seen it.
    Acknowledged,
    /// It is over.
    Resolved,
}

/// An alert as it is at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The alert.
    pub alert: Alert,
    /// Who has seen it, and when.
    pub acknowledged: Option<(DateTime<Utc>, By)>,
    /// Who resolved it, and when.
    pub resolved: Option<(DateTime<Utc>, By)>,
    /// What was noted last.
    pub notes: Option<String>,
}

/// All alerts.
#[derive(Debug, Default)]
pub struct Board {
    watches: Vec<Watch>,
    changes: BTreeMap<Uuid, Vec<Change>>,
}

/// What somebody did.
#[derive(Debug, Clone)]
struct Change {
    at: DateTime<Utc>,
    by: By,
    action: Action,
    notes: Option<String>,
}

/// How far one person's day has been looked at.
#[derive(Debug, Default)]
struct Watch {
    next: usize,
    /// What they do as far as a schedule is concerned, and since when.
    doing: Option<(State, DateTime<Utc>)>,
    past: Vec<Alert>,
    /// Those of what they are doing now.
    current: Vec<Alert>,
}

impl Board {
    /// Takes in what of the days of `people` has happened by `now`.
    pub fn follow(&mut self, people: &[Person], now: DateTime<Utc>) {
        self.watches.resize_with(people.len(), Watch::default);
        for (person, watch) in people.iter().zip(&mut self.watches) {
            if person.wfm.is_some() {
                watch.follow(person, now);
            }
        }
    }

    /// Every alert raised by `at`, as it was then; the newest first.
    #[must_use]
    pub fn at(&self, at: DateTime<Utc>) -> Vec<Standing> {
        let all = self.watches.iter().flat_map(|w| w.past.iter().chain(&w.current));
        let mut raised: Vec<_> =
            all.filter(|a| a.created <= at).map(|a| self.standing(*a, at)).collect();
        raised.sort_by_key(|s| (std::cmp::Reverse(s.alert.created), s.alert.person));
        raised
    }

    /// The alert with this id as it was at `at`.
    #[must_use]
    pub fn find(&self, id: &str, at: DateTime<Utc>) -> Option<Standing> {
        let id = Uuid::parse_str(id).ok()?;
        let mut all = self.watches.iter().flat_map(|w| w.past.iter().chain(&w.current));
        let alert = all.find(|a| a.id == id && a.created <= at)?;
        Some(self.standing(*alert, at))
    }

    /// Does `action` about the alert with this id.
    ///
    /// # Errors
    /// When there is none, or it is too late for that.
    pub fn change(
        &mut self,
        id: &str,
        action: Action,
        notes: Option<String>,
        by: By,
        now: DateTime<Utc>,
    ) -> Result<Standing, Refused> {
        let before = self.find(id, now).ok_or(Refused::Unknown)?;
        let status = before.status();
        if status == Status::Resolved
            || (status == Status::Acknowledged && action == Action::Acknowledge)
        {
            return Err(Refused::Already(status));
        }
        let change = Change { at: now, by, action, notes };
        self.changes.entry(before.alert.id).or_default().push(change);
        Ok(self.standing(before.alert, now))
    }

    fn standing(&self, alert: Alert, at: DateTime<Utc>) -> Standing {
        let mut standing = Standing { alert, acknowledged: None, resolved: None, notes: None };
        let changes = self.changes.get(&alert.id).map_or(&[][..], Vec::as_slice);
        for change in changes.iter().filter(|c| c.at <= at) {
            match change.action {
                Action::Acknowledge => standing.acknowledged = Some((change.at, change.by)),
                Action::Resolve => standing.resolved = Some((change.at, change.by)),
            }
            standing.notes = change.notes.clone().or(standing.notes);
        }
        let over = alert.over.filter(|over| *over <= at).map(|over| (over, By::Itself));
        standing.resolved = standing.resolved.or(over);
        standing
    }
}

impl Standing {
    /// Where it is in its life.
    #[must_use]
    pub fn status(&self) -> Status {
        match (self.resolved, self.acknowledged) {
            (Some(_), _) => Status::Resolved,
            (None, Some(_)) => Status::Acknowledged,
            (None, None) => Status::Active,
        }
    }
}

impl Watch {
    fn follow(&mut self, person: &Person, now: DateTime<Utc>) {
        while let Some(segment) = person.day.segments().get(self.next).filter(|s| s.start <= now) {
            let doing = in_general(segment.state);
            match self.doing {
                Some((before, _)) if before == doing => {}
                Some((before, since)) => {
                    self.past.extend(mismatches(person, before, since, segment.start, true));
                    self.doing = Some((doing, segment.start));
                }
                None => self.doing = Some((doing, segment.start)),
            }
            self.next += 1;
        }
        self.current.clear();
        if let Some((doing, since)) = self.doing {
            self.current.extend(mismatches(person, doing, since, now, false));
        }
    }
}

/// All states that are work are the same to a schedule, and so are both ways of being out.
fn in_general(state: State) -> State {
    match state {
        State::Ringing | State::OnContact | State::WrapUp => State::Available,
        State::ForcedOut => State::Offline,
        other => other,
    }
}

/// The alerts about `person`, who was `doing` that from `from` until `until`, and then, where
/// `ended`, something else.
fn mismatches(
    person: &Person,
    doing: State,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    ended: bool,
) -> Vec<Alert> {
    let mut found = Vec::new();
    let mut began = None;
    let mut at = from;
    while at < until {
        match (person.duty.at(at).is_kept_by(doing), began) {
            (false, None) => began = Some(at),
            (true, Some(since)) => {
                found.extend(alert(person, doing, since, at, true));
                began = None;
            }
            _ => {}
        }
        at = person.duty.next_boundary(at);
    }
    if let Some(since) = began {
        found.extend(alert(person, doing, since, until, ended));
    }
    found
}

fn alert(
    person: &Person,
    doing: State,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    ended: bool,
) -> Option<Alert> {
    let created = since + GRACE;
    let over = ended.then_some(until);
    let lasted = if ended { created < until } else { created <= until };
    let salt = since.timestamp_millis().unsigned_abs();
    let mut rng = Rng::with_seed(chance::mix(person.index as u64, salt));
    lasted.then(|| Alert {
        id: version_4(&mut rng),
        person: person.index,
        kind: kind(person, doing, since),
        created,
        over,
    })
}

fn kind(person: &Person, doing: State, since: DateTime<Utc>) -> Kind {
    let duty = &person.duty;
    let before = duty.at(since - TimeDelta::milliseconds(1));
    match (duty.at(since + GRACE), doing) {
        (Scheduled::Work, State::Away(reason)) if before == Scheduled::Away(reason) => {
            Kind::ExtendedBreak
        }
        (Scheduled::Work, State::Away(Reason::Unspecified)) => Kind::WrongState,
        (Scheduled::Work, State::Away(_)) => Kind::UnscheduledBreak,
        (Scheduled::Work | Scheduled::Away(_), State::Offline) if before == Scheduled::Off => {
            Kind::LateStart
        }
        (Scheduled::Work | Scheduled::Away(_), State::Offline) => Kind::EarlyLeave,
        _ => Kind::WrongState,
    }
}

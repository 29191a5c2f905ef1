//! What was done and what was scheduled, side by side, seen from one instant backwards.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Activity, Fused, Scheduled, TimetableEntry};

/// A contact and its wrap-up that delay what is scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// When the contact began.
    pub since: DateTime<Utc>,
    /// When its wrap-up had ended; none while it goes on.
    pub until: Option<DateTime<Utc>>,
}

/// What somebody does, as far as a schedule is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Not logged in.
    Offline,
    /// Ready for work.
    Work,
    /// On a contact, or wrapping up after one.
    Contact,
    /// On a call of their own: no work, and no part of it.
    OwnCall,
    /// Deliberately not ready.
    Away,
    /// Logged in, but neither at work nor away.
    Idle,
}

impl Doing {
    /// What `activity` is; none where nobody knows.
    pub(super) fn of(activity: &Activity) -> Option<Self> {
        Some(match activity {
            Activity::Offline => Self::Offline,
            // Ready or on a contact is at work either way.
            Activity::Available | Activity::ReadyOrOnContact | Activity::Ringing => Self::Work,
            Activity::OnContact | Activity::WrapUp => Self::Contact,
            Activity::OwnCall => Self::OwnCall,
            Activity::Away(_) => Self::Away,
            Activity::LoggedIn | Activity::Unreachable => Self::Idle,
            Activity::Unknown => return None,
        })
    }
}

/// A silence no longer than this between two stretches of the same does not end the first: a source
/// that misses a few readings has not seen anybody come back.
pub(super) const BRIDGED: TimeDelta = TimeDelta::minutes(2);

/// A shift: work and absences, one after the other, without being off in between.
pub(super) struct Shift {
    /// When it began; none where nobody knows.
    pub begins: Option<DateTime<Utc>>,
    /// Since when it is known of; none where that is not known either.
    pub known_since: Option<DateTime<Utc>>,
    /// When it ends, as far as is known.
    pub ends: Option<DateTime<Utc>>,
}

/// What was done and what was scheduled until `now`.
pub(super) struct Course<'a> {
    plan: &'a [TimetableEntry],
    /// The index of `entry`.
    at: usize,
    /// What is scheduled at `now`.
    pub entry: &'a TimetableEntry,
    past: &'a [Fused],
    pub now: DateTime<Utc>,
}

impl<'a> Course<'a> {
    /// The course of `past` beside `plan`; none where nothing is scheduled at `now`.
    pub(super) fn of(
        plan: &'a [TimetableEntry],
        past: &'a [Fused],
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let holds = |entry: &TimetableEntry| {
            entry.since.is_none_or(|since| since <= now) && entry.until.is_none_or(|u| now < u)
        };
        let at = plan.iter().rposition(holds)?;
        Some(Self { plan, at, entry: &plan[at], past, now })
    }

    /// What is done now; none where nobody knows.
    pub(super) fn doing(&self) -> Option<Doing> {
        self.past.last().and_then(|last| Doing::of(&last.activity))
    }

    /// Since when what is done now has been `such`, without anything else in between.
    pub(super) fn run(&self, such: impl Fn(Doing) -> bool) -> Option<DateTime<Utc>> {
        self.first_of_run(such).map(|first| first.since)
    }

    /// [`Self::run`], over silences of any length: since when nobody has seen anything else.
    pub(super) fn nothing_else_since(&self, such: impl Fn(Doing) -> bool) -> Option<DateTime<Utc>> {
        self.first_over(TimeDelta::MAX, such).map(|first| first.since)
    }

    /// The first stretch of [`Self::run`]. Who was in no list that would have them was not there before
    /// either, as far as anybody knows: however long nobody looked, what is known before goes on.
    pub(super) fn first_of_run(&self, such: impl Fn(Doing) -> bool) -> Option<&'a Fused> {
        self.first_over(BRIDGED, such)
    }

    fn first_over(&self, silence: TimeDelta, such: impl Fn(Doing) -> bool) -> Option<&'a Fused> {
        let mut begun: Option<&Fused> = None;
        for stretch in self.past.iter().rev() {
            match Doing::of(&stretch.activity) {
                Some(doing) if such(doing) => {
                    let is_apart = |begun: &Fused| {
                        begun.since - stretch.until > silence && !begun.is_not_listed()
                    };
                    if begun.is_some_and(is_apart) {
                        break;
                    }
                    begun = Some(stretch);
                }
                Some(_) => break,
                // Logged in, whatever was done.
                None if stretch.logged.is_some() && such(Doing::Offline) => break,
                None => {}
            }
        }
        begun
    }

    /// [`Self::run`], within what is scheduled now: before it, it was no deviation from that. Where
    /// nobody knows when that began, because its WFM was first read later, it is the run's.
    pub(super) fn since(&self, such: impl Fn(Doing) -> bool) -> Option<DateTime<Utc>> {
        let is_known = self.at > 0 && follows(&self.plan[self.at - 1..=self.at]);
        if is_known { self.since_scheduled(such) } else { self.run(such) }
    }

    /// [`Self::run`], as far as it is known that what is scheduled now was then.
    pub(super) fn since_scheduled(&self, such: impl Fn(Doing) -> bool) -> Option<DateTime<Utc>> {
        let begun = self.run(such);
        begun.map(|begun| self.entry.since.map_or(begun, |since| since.max(begun)))
    }

    /// The shift of which what is scheduled now is a part.
    pub(super) fn shift(&self) -> Shift {
        let is_shift = |entry: &TimetableEntry| entry.scheduled != Scheduled::Off;
        let mut first = self.at;
        while first > 0 && follows(&self.plan[first - 1..=first]) && is_shift(&self.plan[first - 1])
        {
            first -= 1;
        }
        let mut last = self.at;
        while last + 1 < self.plan.len()
            && follows(&self.plan[last..=last + 1])
            && is_shift(&self.plan[last + 1])
        {
            last += 1;
        }
        let known_since = self.plan[first].since;
        // Only being off before it says that it did not begin earlier.
        let is_known = first > 0 && follows(&self.plan[first - 1..=first]);
        Shift { begins: known_since.filter(|_| is_known), known_since, ends: self.plan[last].until }
    }

    /// Whether somebody was logged in at any time between `from` and `to`.
    pub(super) fn was_there(&self, from: Option<DateTime<Utc>>, to: DateTime<Utc>) -> bool {
        let overlaps =
            |s: &Fused| from.is_none_or(|from| s.until > from) && s.since < to && s.since < s.until;
        let there = |s: &Fused| {
            s.logged.is_some() || Doing::of(&s.activity).is_some_and(|d| d != Doing::Offline)
        };
        self.past.iter().any(|stretch| overlaps(stretch) && there(stretch))
    }

    /// The last absence that was scheduled before the work that is scheduled now, and its end.
    pub(super) fn absence_before(&self) -> Option<(&'a TimetableEntry, DateTime<Utc>)> {
        let mut at = self.at;
        while let Some(before) = at.checked_sub(1) {
            let entry = &self.plan[before];
            match entry.scheduled {
                Scheduled::Away(_) => return entry.until.map(|until| (entry, until)),
                Scheduled::Off => return None,
                Scheduled::Available | Scheduled::Unknown(_) => at = before,
            }
        }
        None
    }

    /// The contacts and their wrap-ups, one after the other without anything in between, by
    /// beginning. One that goes on has no end.
    fn chains(&self) -> Vec<Delay> {
        let mut chains: Vec<Delay> = Vec::new();
        for stretch in self.past {
            if Doing::of(&stretch.activity) != Some(Doing::Contact) {
                continue;
            }
            match chains.last_mut() {
                Some(last) if last.until == Some(stretch.since) => last.until = Some(stretch.until),
                _ => chains.push(Delay { since: stretch.since, until: Some(stretch.until) }),
            }
        }
        if self.doing() == Some(Doing::Contact)
            && let Some(last) = chains.last_mut()
        {
            last.until = None;
        }
        chains
    }

    /// The contact that went on at `at`, which had begun before.
    pub(super) fn chain_at(&self, at: Option<DateTime<Utc>>) -> Option<Delay> {
        let at = at?;
        let goes_on = |d: &Delay| d.since < at && d.until.is_none_or(|until| until > at);
        self.chains().into_iter().find(goes_on)
    }

    /// The contacts that go on at `since` or begin later.
    pub(super) fn delays(&self, since: Option<DateTime<Utc>>) -> Vec<Delay> {
        let reaches = |d: &Delay| d.until.zip(since).is_none_or(|(until, since)| until > since);
        self.chains().into_iter().filter(reaches).collect()
    }
}

/// Whether the second of two entries begins where the first ends.
fn follows(pair: &[TimetableEntry]) -> bool {
    matches!(pair, [first, second] if first.until.is_some() && first.until == second.since)
}

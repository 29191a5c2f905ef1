//! Who is to do what, when: the schedule file in our words.

use std::collections::HashMap;

use chrono::{
    DateTime, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Timelike, Utc,
};
use chrono_tz::Tz;

use super::{PersonId, Scheduled, Shift};

/// One entry of the schedule, in floor time. An end at or before the start is on the next day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// Whose.
    pub person: PersonId,
    /// The day on which it starts.
    pub date: NaiveDate,
    /// When it starts.
    pub start: NaiveTime,
    /// When it ends.
    pub end: NaiveTime,
    /// What is to be done.
    pub scheduled: Scheduled,
}

impl Duty {
    /// Its start and its end in wall time.
    #[must_use]
    pub fn wall(&self) -> (NaiveDateTime, NaiveDateTime) {
        let (start, end) = (self.date.and_time(self.start), self.date.and_time(self.end));
        let next_day = || end.checked_add_days(Days::new(1)).unwrap_or(end);
        (start, if end > start { end } else { next_day() })
    }
}

/// What a person is scheduled to do at some instant, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimetableEntry {
    /// What.
    pub scheduled: Scheduled,
    /// Since when; none while off before the first entry.
    pub since: Option<DateTime<Utc>>,
    /// Until when, exclusive; none while off after the last entry.
    pub until: Option<DateTime<Utc>>,
}

/// Everybody's schedule. Absences are cut out of the work around them, so that each instant of a
/// person has one entry at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    zone: Tz,
    by_person: HashMap<PersonId, Vec<Stretch>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    scheduled: Scheduled,
}

impl Timetable {
    /// The timetable of `duties` on a floor in `zone`.
    #[must_use]
    pub fn new(zone: Tz, duties: impl IntoIterator<Item = Duty>) -> Self {
        let mut stretches: HashMap<PersonId, Vec<Stretch>> = HashMap::new();
        for duty in duties {
            let (start, end) = duty.wall();
            let (since, until) = (instant(zone, start), instant(zone, end));
            let stretch = Stretch { since, until, scheduled: duty.scheduled };
            stretches.entry(duty.person).or_default().push(stretch);
        }
        let by_person =
            stretches.into_iter().map(|(person, stretches)| (person, flat(&stretches))).collect();
        Self { zone, by_person }
    }

    /// What `person` is to do at `now`. None when nobody knows: there is no entry of the person
    /// today, yesterday or tomorrow (floor time). Who has one of those, but none now, is off.
    #[must_use]
    pub fn scheduled(&self, person: &PersonId, now: DateTime<Utc>) -> Option<TimetableEntry> {
        let stretches = self.by_person.get(person)?;
        let begun = stretches.partition_point(|stretch| stretch.since <= now);
        let last = begun.checked_sub(1).map(|index| &stretches[index]);
        if let Some(current) = last.filter(|stretch| now < stretch.until) {
            return Some(TimetableEntry {
                scheduled: current.scheduled.clone(),
                since: Some(current.since),
                until: Some(current.until),
            });
        }
        let next = stretches.get(begun);
        let today = now.with_timezone(&self.zone).date_naive();
        let from = self.midnight(today.checked_sub_days(Days::new(1))?);
        let to = self.midnight(today.checked_add_days(Days::new(2))?);
        let near = last.is_some_and(|stretch| stretch.until > from)
            || next.is_some_and(|stretch| stretch.since < to);
        near.then(|| TimetableEntry {
            scheduled: Scheduled::Off,
            since: last.map(|stretch| stretch.until),
            until: next.map(|stretch| stretch.since),
        })
    }

    /// When shifts of `person` begin between `from` and `to`, both included: entries before which there
    /// is none.
    pub fn begins(
        &self,
        person: &PersonId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> {
        let all = self.by_person.get(person).map_or(&[][..], Vec::as_slice);
        let first = all.partition_point(|stretch| stretch.since < from);
        let last = all.partition_point(|stretch| stretch.since <= to).max(first);
        (first..last).filter_map(move |at| {
            let before = at.checked_sub(1).and_then(|before| all.get(before));
            let since = all.get(at)?.since;
            before.is_none_or(|before| before.until < since).then_some(since)
        })
    }

    /// The shift of `person` that goes on at `now`, else the next one of the same day: entries without
    /// time off in between, in wall time.
    #[must_use]
    pub fn shift(&self, person: &PersonId, now: DateTime<Utc>) -> Option<Shift> {
        let all = self.by_person.get(person)?;
        let first = all.partition_point(|stretch| stretch.until <= now);
        let is_one = |pair: &[Stretch]| pair[0].until == pair[1].since;
        let before = all[..=first.min(all.len().checked_sub(1)?)].windows(2).rev();
        let begun = all.get(first - before.take_while(|pair| is_one(pair)).count())?;
        let after = all.get(first..)?.windows(2);
        let ended = all.get(first + after.take_while(|pair| is_one(pair)).count())?;
        let wall = |at: DateTime<Utc>| at.with_timezone(&self.zone).naive_local();
        let (start, end) = (wall(begun.since), wall(ended.until));
        let is_near = begun.since <= now || start.date() == wall(now).date();
        is_near.then(|| Shift { start: start.time(), end: end.time() })
    }

    /// What `person` is to do between `from` and `to`, cut to that, oldest first; where nothing is
    /// said in between, they are off.
    pub fn stretches(
        &self,
        person: &PersonId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = TimetableEntry> {
        let all = self.by_person.get(person).into_iter().flatten();
        all.filter_map(move |stretch| {
            let (since, until) = (stretch.since.max(from), stretch.until.min(to));
            (since < until).then(|| TimetableEntry {
                scheduled: stretch.scheduled.clone(),
                since: Some(since),
                until: Some(until),
            })
        })
    }

    /// What `person` is to do between `from` and `to`, cut to that, oldest first, each with both ends;
    /// who is off by [`Self::scheduled`] is said to be off, and where nobody knows there is nothing.
    #[must_use]
    pub fn within(
        &self,
        person: &PersonId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<TimetableEntry> {
        let mut found: Vec<TimetableEntry> = Vec::new();
        let mut at = from;
        while at < to {
            let Some(next_day) = at.with_timezone(&self.zone).date_naive().succ_opt() else {
                break;
            };
            // Whether somebody is off or nobody knows is said day by day.
            let midnight = self.midnight(next_day).max(at + TimeDelta::nanoseconds(1));
            let Some(entry) = self.scheduled(person, at) else {
                let Some(known_from) = self.known_after(person, at) else { break };
                at = known_from.max(midnight);
                continue;
            };
            let is_off = entry.scheduled == Scheduled::Off;
            let ends = entry.until.filter(|until| !is_off || *until < midnight).unwrap_or(midnight);
            let until = ends.min(to);
            match found.last_mut() {
                Some(last) if last.until == Some(at) && last.scheduled == entry.scheduled => {
                    last.until = Some(until);
                }
                _ => found.push(TimetableEntry {
                    scheduled: entry.scheduled,
                    since: Some(at),
                    until: Some(until),
                }),
            }
            at = until;
        }
        found
    }

    /// Where nothing is known of `person` at `at`: when something will be, on the day before the next
    /// entry; none where none follows. A window may begin decades before the first one.
    fn known_after(&self, person: &PersonId, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let stretches = self.by_person.get(person)?;
        let next = stretches.get(stretches.partition_point(|stretch| stretch.since <= at))?;
        let day = next.since.with_timezone(&self.zone).date_naive();
        Some(self.midnight(day.pred_opt()?))
    }

    /// Everybody of whom it has anything, in order.
    #[must_use]
    pub fn people(&self) -> Vec<&PersonId> {
        let mut people: Vec<_> = self.by_person.keys().collect();
        people.sort_unstable();
        people
    }

    /// Takes over `entries` for `person` as far as they reach, but not beyond `until`. There they are
    /// all there was.
    pub(super) fn replace_until(
        &mut self,
        person: &PersonId,
        entries: &[TimetableEntry],
        until: DateTime<Utc>,
    ) {
        let stretches: Vec<_> = entries
            .iter()
            .filter_map(|entry| {
                let (since, until) = (entry.since?, entry.until?.min(until));
                let scheduled = entry.scheduled.clone();
                (since < until && scheduled != Scheduled::Off).then_some(Stretch {
                    since,
                    until,
                    scheduled,
                })
            })
            .collect();
        let reach = stretches
            .iter()
            .map(|stretch| (stretch.since, stretch.until))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let Some((first, last)) = reach else { return };
        let known = self.by_person.remove(person).unwrap_or_default();
        let rest = known.into_iter().flat_map(|stretch| {
            let before = Stretch { until: stretch.until.min(first), ..stretch.clone() };
            let after = Stretch { since: stretch.since.max(last), ..stretch };
            [before, after].into_iter().filter(|part| part.since < part.until)
        });
        let all: Vec<_> = rest.chain(stretches).collect();
        self.by_person.insert(person.clone(), flat(&all));
    }

    fn midnight(&self, date: NaiveDate) -> DateTime<Utc> {
        instant(self.zone, date.and_time(NaiveTime::MIN))
    }
}

/// The instant of a wall time. Where clocks go back and show it twice, the first; where they go
/// forward and skip it, the moment they do. Both keep the order of wall times, so that one entry
/// ends exactly where the next begins.
#[must_use]
pub fn instant(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    /// The longest skip ever was a whole day, on Samoa.
    const LONGEST_SKIP_MINUTES: i64 = 25 * 60;
    (0..=LONGEST_SKIP_MINUTES)
        .find_map(|minutes| {
            let later = wall.checked_add_signed(TimeDelta::minutes(minutes))?;
            // Clocks change at whole minutes.
            let wall =
                if minutes == 0 { later } else { later.with_second(0)?.with_nanosecond(0)? };
            match zone.from_local_datetime(&wall) {
                MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => {
                    Some(at.with_timezone(&Utc))
                }
                MappedLocalTime::None => None,
            }
        })
        .unwrap_or_else(|| wall.and_utc())
}

/// When the day that `now` belongs to began, in UTC, where days begin at `day_starts` in `zone`.
#[must_use]
pub fn day_start(zone: Tz, day_starts: NaiveTime, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let begin = |date: NaiveDate| instant(zone, date.and_time(day_starts));
    let start = begin(today);
    if start <= now { start } else { today.checked_sub_days(Days::new(1)).map_or(start, begin) }
}

/// `stretches` in order, with one at a time: an absence wins over the work around it, and work that
/// goes on from one entry to the next is one stretch.
fn flat(stretches: &[Stretch]) -> Vec<Stretch> {
    let mut cuts: Vec<DateTime<Utc>> =
        stretches.iter().flat_map(|stretch| [stretch.since, stretch.until]).collect();
    cuts.sort();
    cuts.dedup();
    let mut by_start: Vec<&Stretch> = stretches.iter().collect();
    by_start.sort_by_key(|stretch| stretch.since);
    let mut flat: Vec<Stretch> = Vec::new();
    let mut open: Vec<&Stretch> = Vec::new();
    let mut waiting = by_start.into_iter().peekable();
    for pair in cuts.windows(2) {
        let (since, until) = (pair[0], pair[1]);
        open.retain(|stretch| stretch.until > since);
        while let Some(stretch) = waiting.next_if(|stretch| stretch.since <= since) {
            if stretch.until > since {
                open.push(stretch);
            }
        }
        let absence = open.iter().find(|stretch| stretch.scheduled != Scheduled::Available);
        let Some(winner) = absence.or(open.first()) else { continue };
        match flat.last_mut() {
            Some(last) if last.until == since && last.scheduled == winner.scheduled => {
                last.until = until;
            }
            _ => flat.push(Stretch { since, until, scheduled: winner.scheduled.clone() }),
        }
    }
    flat
}

#[cfg(test)]
mod tests;

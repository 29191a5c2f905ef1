//! Whose shift is about to begin or has just begun, and whether they are here.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Adherence;
use super::adherence::fresh_schedule;
use crate::model::{Activity, Floor, Headline, Person, Scheduled, wall_instant};

/// So long before a shift its people are looked for.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Whether somebody who is due has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coming {
    /// Logged in, by the word of a system that is current.
    Here,
    /// Not logged in, by the word of a system that is current.
    Missing,
    /// Only a silent system would know, or a log beside it: never the same as missing.
    Unknown,
}

impl Coming {
    fn of(headline: &Headline) -> Self {
        match headline.activity {
            Activity::Unknown => Self::Unknown,
            _ if !headline.is_current() => Self::Unknown,
            Activity::Offline => Self::Missing,
            _ => Self::Here,
        }
    }
}

/// Those whose shift begins about now, by when it does: their places among the floor's people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    shifts: BTreeMap<DateTime<Utc>, BTreeMap<Coming, Vec<usize>>>,
}

impl Due {
    /// Counts the person at `place`, whose shift begins at `at`.
    pub fn add(&mut self, at: DateTime<Utc>, place: usize, headline: &Headline) {
        let shift = self.shifts.entry(at).or_default();
        shift.entry(Coming::of(headline)).or_default().push(place);
    }

    /// When shifts begin, the first one first.
    pub fn beginnings(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.shifts.keys().copied()
    }

    /// Who of the shift that begins at `at` is `coming` so.
    #[must_use]
    pub fn those(&self, at: DateTime<Utc>, coming: Coming) -> &[usize] {
        let those = self.shifts.get(&at).and_then(|shift| shift.get(&coming));
        those.map_or(&[], Vec::as_slice)
    }
}

/// When the shift of `person` begins, from five minutes before until `grace` after it: by the WFM while its
/// word is fresh, else by the schedule file. None at other times, and for whom the schedule does not bind.
#[must_use]
pub fn due_at(
    floor: &Floor,
    person: &Person,
    adherence: Option<&Adherence>,
    grace: TimeDelta,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if adherence.is_none_or(|adherence| adherence.exempt) {
        return None;
    }
    let is_due =
        |at: &DateTime<Utc>| *at - AHEAD <= now && now < *at + grace.max(TimeDelta::zero());
    let wfm = fresh_schedule(floor, person, now).filter(|said| said.scheduled.is_some());
    let is_off = wfm.is_some_and(|said| said.scheduled == Some(Scheduled::Off));
    let by_wfm = || {
        let shift = wfm?.shift?;
        let (_, presence) = person.schedule()?;
        let zone = floor.feed(&presence.source)?.day_zone.unwrap_or(floor.identity().timezone);
        let today = now.with_timezone(&zone).date_naive();
        // About midnight it is tomorrow's that begins, or yesterday's that has just begun.
        let days = [today.pred_opt(), Some(today), today.succ_opt()];
        let starts = days.into_iter().flatten().map(|day| day.and_time(shift.start));
        Some(starts.map(|start| wall_instant(zone, start)).find(is_due))
    };
    let by_file = || floor.timetable()?.begins(&person.id, now - grace, now + AHEAD).find(is_due);
    let at = by_wfm().unwrap_or_else(by_file)?;
    // Where the WFM says that nothing has begun, the shift is another day's.
    (at > now || !is_off).then_some(at)
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, NaiveTime};

    use super::*;
    use crate::model::{Duty, Reason, Timetable};

    #[test]
    fn a_shift_begins_where_nothing_was_wanted_before_and_not_after_a_break() {
        let date: NaiveDate = "2026-06-01".parse().unwrap();
        let duty = |start: &str, end: &str, scheduled| Duty {
            person: "jane".into(),
            date,
            start: start.parse().unwrap(),
            end: end.parse().unwrap(),
            scheduled,
        };
        let all = [
            duty("08:00:00", "12:00:00", Scheduled::Available),
            duty("10:00:00", "10:15:00", Scheduled::Away(Reason::Break)),
            duty("12:00:00", "12:30:00", Scheduled::Away(Reason::Lunch)),
            duty("14:00:00", "18:00:00", Scheduled::Available),
        ];
        let timetable = Timetable::new(chrono_tz::UTC, all);
        let at = |hour| date.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap()).and_utc();
        let begins =
            |from, to| -> Vec<_> { timetable.begins(&"jane".into(), at(from), at(to)).collect() };
        assert_eq!(begins(0, 23), [at(8), at(14)]);
        assert_eq!(begins(8, 14), [at(8), at(14)], "both included");
        assert!(begins(9, 13).is_empty());
        assert_eq!(timetable.begins(&"nobody".into(), at(0), at(23)).count(), 0);
    }
}

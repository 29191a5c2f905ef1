//! What was scheduled for people, and what of the schedule file is to be kept.

use chrono::{DateTime, Days, Utc};

use super::Floor;
use crate::model::{Entry, Person, TimetableEntry};

impl Floor {
    /// What the schedule wanted of `person` between `from` and `to`, cut to that, oldest first, each with
    /// both ends: a WFM's word, and for the time of which it said none, before it was first read or while
    /// it was silent, the file's. Where neither says anything nobody knows; an entry "off" says that the
    /// person is free.
    #[must_use]
    pub fn scheduled(
        &self,
        person: &Person,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<TimetableEntry> {
        let said = self.scheduled_by_wfm(person, from, to);
        let Some(file) = self.pasts.plans.as_deref().or(self.timetable.as_ref()) else {
            return said;
        };
        let mut entries: Vec<TimetableEntry> = Vec::new();
        let mut told = from;
        for entry in said {
            if let Some(since) = entry.since.filter(|since| *since > told) {
                file.within(&person.id, told, since)
                    .into_iter()
                    .for_each(|e| go_on(&mut entries, e));
            }
            told = entry.until.unwrap_or(to);
            go_on(&mut entries, entry);
        }
        if told < to {
            file.within(&person.id, told, to).into_iter().for_each(|e| go_on(&mut entries, e));
        }
        entries
    }

    /// What the first WFM that has a schedule of `person` said between `from` and `to`, as
    /// [`Floor::scheduled`] without the file.
    pub(crate) fn scheduled_by_wfm(
        &self,
        person: &Person,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<TimetableEntry> {
        let mut entries: Vec<TimetableEntry> = Vec::new();
        for key in person.keys() {
            let Some(spans) = self.pasts.schedules(&key) else { continue };
            // The last reading's word is good until the next one is overdue.
            let patience = self.feed(&key.source).map(super::Feed::patience);
            let confirmed = person.presence(&key.source).map(|presence| presence.as_of);
            let until = confirmed.zip(patience).map(|(confirmed, patience)| confirmed + patience);
            for span in spans.going_on_within(from, to, until) {
                let Some(scheduled) = span.value.scheduled else { continue };
                let (since, until) = (Some(span.since), span.until);
                go_on(&mut entries, TimetableEntry { scheduled, since, until });
            }
            if !entries.is_empty() {
                break;
            }
        }
        entries
    }

    /// What the schedule file wants from the present day of `now` to two days ahead, of everybody of whom it
    /// wants something then: to be kept at the start, and once a day.
    #[must_use]
    pub fn plan(&self, now: DateTime<Utc>) -> Vec<Entry> {
        let Some(timetable) = &self.timetable else { return Vec::new() };
        let day = |at: Option<DateTime<Utc>>| self.day_start(at.unwrap_or(now));
        // What was judged by an earlier day's file stays as it is.
        let from = self.day_start(now);
        let until = day(now.checked_add_days(Days::new(3)));
        let of = |person: &crate::model::PersonId| {
            let entries: Vec<_> = timetable.stretches(person, from, until).collect();
            let person = person.clone();
            (!entries.is_empty()).then_some(Entry::Plan { person, from, until, entries })
        };
        timetable.people().into_iter().filter_map(of).collect()
    }
}

/// Appends `next`; what only goes on with the last entry is part of it.
fn go_on(entries: &mut Vec<TimetableEntry>, next: TimetableEntry) {
    match entries.last_mut() {
        Some(last) if last.until == next.since && last.scheduled == next.scheduled => {
            last.until = next.until;
        }
        _ => entries.push(next),
    }
}

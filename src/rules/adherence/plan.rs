//! What was and is scheduled for a person, as far back as it matters.

use chrono::{DateTime, TimeDelta, Utc};

use super::deviation::SAME_SHIFT;
use crate::model::{Floor, Person, Scheduled, TimetableEntry};

/// No shift is longer.
pub(super) const LOOK_BACK: TimeDelta = TimeDelta::hours(24);

/// What is scheduled, oldest first; the last that has begun holds now.
pub(super) struct Plan {
    pub entries: Vec<TimetableEntry>,
}

impl Plan {
    /// By the schedule file, which says everything: where it wants nothing the person is off.
    pub(super) fn of_file(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Self {
        let Some(timetable) = floor.timetable() else { return Self { entries: Vec::new() } };
        let from = now - LOOK_BACK;
        let mut entries: Vec<TimetableEntry> = Vec::new();
        let mut told = from;
        for entry in timetable.stretches(&person.id, from, now + LOOK_BACK) {
            let (Some(since), Some(until)) = (entry.since, entry.until) else { continue };
            if since > told {
                entries.push(off(told, Some(since)));
            }
            told = until;
            entries.push(entry);
        }
        entries.push(off(told, None));
        Self { entries }
    }

    /// By what a WFM said so far; `scheduled` is what it says now. What it said before it was first
    /// read nobody knows.
    pub(super) fn of_wfm(
        floor: &Floor,
        person: &Person,
        scheduled: &Scheduled,
        now: DateTime<Utc>,
    ) -> Self {
        let mut entries = floor.scheduled(person, now - LOOK_BACK, now);
        match entries.last_mut() {
            // It goes on as far as anybody knows.
            Some(last) if last.scheduled == *scheduled => last.until = None,
            last => {
                let since = last.and_then(|last| last.until);
                entries.push(TimetableEntry { scheduled: scheduled.clone(), since, until: None });
            }
        }
        Self { entries }
    }

    /// From when on it matters what the person did.
    pub(super) fn past_from(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let begun = self.entries.iter().rev().skip_while(|e| e.since.is_some_and(|s| s > now));
        let mut shift = begun.take_while(|entry| entry.scheduled != Scheduled::Off).peekable();
        let known = if shift.peek().is_none() {
            // Whether a contact went on when the shift ended.
            let holds = self.entries.iter().rfind(|entry| entry.since.is_none_or(|s| s <= now));
            holds.and_then(|entry| entry.since)
        } else {
            shift.last().and_then(|entry| entry.since)
        };
        (known.unwrap_or(now) - SAME_SHIFT).max(now - LOOK_BACK)
    }
}

fn off(since: DateTime<Utc>, until: Option<DateTime<Utc>>) -> TimetableEntry {
    TimetableEntry { scheduled: Scheduled::Off, since: Some(since), until }
}

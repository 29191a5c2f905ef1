//! What was and is scheduled for a person, as far back as it matters.

use chrono::{DateTime, TimeDelta, Utc};

use super::deviation::SAME_SHIFT;
use crate::model::{Floor, Person, Scheduled, TimetableEntry};

/// No shift is longer.
const LOOK_BACK: TimeDelta = TimeDelta::hours(24);

/// What is said at an instant lasts until a moment after it.
const MOMENT: TimeDelta = TimeDelta::seconds(1);

/// A WFM that says the same before and after a silence of this length has not changed its mind between.
const OUTAGE: TimeDelta = TimeDelta::hours(1);

/// What is scheduled, oldest first; the last that has begun holds now.
#[derive(Default)]
pub(super) struct Plan {
    pub entries: Vec<TimetableEntry>,
    /// When a WFM was seen to want something else than before: what it wants now it did not want earlier.
    pub changed_at: Option<DateTime<Utc>>,
}

impl Plan {
    /// By the schedule file, which says everything: where it wants nothing the person is off.
    pub(super) fn of_file(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Self {
        let Some(timetable) = floor.timetable() else { return Self::default() };
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
        Self { entries, changed_at: None }
    }

    /// By what a WFM said so far; `scheduled` is what it says now. What it wanted before it was first
    /// read, while it was silent, and from now on, the schedule file knows, as far as the two agree.
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
        let changed_at =
            match floor.scheduled_by_wfm(person, now - LOOK_BACK, now + MOMENT).as_slice() {
                [.., before, last] if before.until == last.since => last.since,
                _ => None,
            };
        let entries = filled(entries, &Self::of_file(floor, person, now).entries, now);
        Self { entries, changed_at }
    }

    /// By what a WFM had said by `at`.
    pub(super) fn of_wfm_at(floor: &Floor, person: &Person, at: DateTime<Utc>) -> Self {
        let moment = at + MOMENT;
        let mut entries = floor.scheduled(person, at - LOOK_BACK, moment);
        if let Some(last) = entries.last_mut().filter(|last| last.until == Some(moment)) {
            last.until = None;
        }
        let entries = filled(entries, &Self::of_file(floor, person, at).entries, at);
        Self { entries, changed_at: None }
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

/// `entries` of a WFM until `now`, with what `file` has where they leave something open and both say
/// the same beside it.
fn filled(
    entries: Vec<TimetableEntry>,
    file: &[TimetableEntry],
    now: DateTime<Utc>,
) -> Vec<TimetableEntry> {
    let mut filled: Vec<TimetableEntry> = Vec::new();
    for mut entry in entries {
        let told = filled.last().and_then(|last| last.until);
        if let Some(since) = entry.since.filter(|since| told != Some(*since)) {
            let from = told.unwrap_or(DateTime::<Utc>::MIN_UTC);
            let goes_on = filled.last().is_some_and(|last| last.scheduled == entry.scheduled)
                && since - from <= OUTAGE;
            let agreed = file.iter().position(|known| agrees(known, &entry, since));
            if let Some(at) = agreed {
                let before = file.iter().take(at).filter(|known| known.until > Some(from)).cloned();
                filled.extend(before.map(|known| cut(known, from)));
                entry.since = cut(file[at].clone(), from).since;
            } else if goes_on {
                entry.since = told;
            }
        }
        filled.push(entry);
    }
    let open = filled.last_mut().filter(|last| last.until.is_none());
    if let Some(last) = open
        && let Some(at) = file.iter().position(|known| agrees(known, last, now))
    {
        last.until = file[at].until;
        filled.extend(file.iter().skip(at + 1).cloned());
    }
    filled
}

/// Whether the file's entry holds at `at` and wants what the WFM's does.
fn agrees(known: &TimetableEntry, entry: &TimetableEntry, at: DateTime<Utc>) -> bool {
    known.scheduled == entry.scheduled
        && known.since.is_none_or(|since| since <= at)
        && known.until.is_none_or(|until| at < until)
}

/// As much of `entry` as lies after `from`.
fn cut(entry: TimetableEntry, from: DateTime<Utc>) -> TimetableEntry {
    TimetableEntry { since: entry.since.max(Some(from)), ..entry }
}

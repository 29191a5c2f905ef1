//! The schedule file: who is to do what, when, in floor time.

use std::collections::HashMap;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::problem::Expected;
use super::roster::{Row, Rows};
use super::section::Sheet;
use super::time_of_day;
use crate::model::{Duty, PersonId, Reason, Roster, Scheduled, Timetable};

const COLUMNS: [&str; 5] = ["person", "date", "start", "end", "activity"];

/// On a larger roster, guessing who was meant in each of thousands of rows would take minutes.
const GUESSABLE: usize = 500;

/// The words of the column `activity`.
const ACTIVITIES: [(&str, Scheduled); 5] = [
    ("work", Scheduled::Available),
    ("break", Scheduled::Away(Reason::Break)),
    ("lunch", Scheduled::Away(Reason::Lunch)),
    ("meeting", Scheduled::Away(Reason::Meeting)),
    ("training", Scheduled::Away(Reason::Training)),
];

/// Reads the schedule that the config names on `line`. Without a roster nobody is unknown: then a
/// person is `source:id`.
pub(super) fn read(
    sheet: &Sheet<'_>,
    file: &Path,
    line: usize,
    roster: Option<&Roster>,
    zone: Tz,
) -> Option<Timetable> {
    let rows = Rows::read(sheet, file, line)?;
    let names: Option<Vec<&str>> =
        roster.map(|roster| roster.people().iter().map(|person| person.id.as_str()).collect());
    let known: Option<std::collections::HashSet<&str>> =
        names.as_ref().map(|names| names.iter().copied().collect());
    let mut duties: Vec<(usize, Duty)> = Vec::new();
    for row in rows.checked(&COLUMNS, &COLUMNS) {
        if let (Some(known), Some(person)) = (&known, rows.cell(row, "person"))
            && !known.contains(person)
        {
            let near = names
                .as_ref()
                .filter(|names| names.len() <= GUESSABLE)
                .and_then(|names| super::problem::nearest(person, names));
            let expected = Expected {
                allowed: "a person of the roster".to_owned(),
                hint: near.map(|name| format!("did you mean `{name}`?")),
            };
            rows.problem(row.line, format!("unknown person `{person}`"), expected);
        }
        duties.extend(duty(&rows, row).map(|duty| (row.line, duty)));
    }
    report_overlaps(&rows, &duties);
    Some(Timetable::new(zone, duties.into_iter().map(|(_, duty)| duty)))
}

fn duty(rows: &Rows<'_>, row: &Row) -> Option<Duty> {
    let given: Vec<bool> =
        COLUMNS.iter().map(|column| rows.required(row, column).is_some()).collect();
    let date = rows.parsed(row, "date", |text| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map_err(|_| Expected::new("a date, such as 2026-03-01"))
    });
    let start = rows.parsed(row, "start", time_of_day);
    let end = rows.parsed(row, "end", time_of_day);
    let scheduled = rows.parsed(row, "activity", |text| {
        let known = ACTIVITIES.iter().find(|(word, _)| *word == text);
        known
            .map(|(_, scheduled)| scheduled.clone())
            .ok_or_else(|| Expected::one_of(ACTIVITIES.each_ref().map(|(word, _)| *word), text))
    });
    if given.contains(&false) {
        return None;
    }
    Some(Duty {
        person: PersonId::from(rows.cell(row, "person")?),
        date: date?,
        start: start?,
        end: end?,
        scheduled: scheduled?,
    })
}

/// An entry in wall time, and its line.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Wall {
    start: NaiveDateTime,
    end: NaiveDateTime,
    line: usize,
}

/// An absence inside work is what a schedule is made of; two shifts, or two absences, at the same
/// time are a mistake.
fn report_overlaps(rows: &Rows<'_>, duties: &[(usize, Duty)]) {
    let mut by_person: HashMap<(&PersonId, bool), Vec<Wall>> = HashMap::new();
    for (line, duty) in duties {
        let is_work = duty.scheduled == Scheduled::Available;
        let (start, end) = duty.wall();
        let entries = by_person.entry((&duty.person, is_work)).or_default();
        entries.push(Wall { start, end, line: *line });
    }
    for ((person, _), mut entries) in by_person {
        entries.sort();
        let mut longest: Option<&Wall> = None;
        for entry in &entries {
            if let Some(other) = longest.filter(|other| entry.start < other.end) {
                let expected = Expected::new("entries one after the other, absences inside work")
                    .hint(format!("see line {}", other.line));
                let found = format!("an entry of `{person}` that overlaps another of its kind");
                rows.problem(entry.line, found, expected);
            }
            if longest.is_none_or(|other| entry.end > other.end) {
                longest = Some(entry);
            }
        }
    }
}

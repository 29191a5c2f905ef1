//! The schedule file: who is to do what, when, in floor time.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::problem::{Expected, nearest};
use super::roster::{Row, Rows};
use super::section::Sheet;
use super::time_of_day;
use crate::model::{Duty, PersonId, Reason, Roster, Scheduled, SourceName, Timetable};

const COLUMNS: [&str; 5] = ["person", "date", "start", "end", "activity"];

/// On a larger roster, guessing who was meant in each of thousands of rows would take minutes.
const GUESSABLE: usize = 500;

/// So many people whom the roster does not know are named; more are counted.
const NAMED: usize = 3;

/// The words of the column `activity`.
const ACTIVITIES: [(&str, Scheduled); 5] = [
    ("work", Scheduled::Available),
    ("break", Scheduled::Away(Reason::Break)),
    ("lunch", Scheduled::Away(Reason::Lunch)),
    ("meeting", Scheduled::Away(Reason::Meeting)),
    ("training", Scheduled::Away(Reason::Training)),
];

/// Whom a schedule may name.
pub(super) enum People<'a> {
    /// Those of the roster.
    Roster(&'a Roster),
    /// Without a roster, whoever one of these sources knows: `source:id`.
    Sources(&'a [SourceName]),
    /// There is a roster that could not be read, or no source: a mistake of its own.
    Unread,
}

impl People<'_> {
    /// What is wrong with each of `persons`, who are named with their lines: one mistake a person.
    fn check<'r>(&self, rows: &Rows<'_>, persons: impl Iterator<Item = (usize, &'r str)>) {
        let mut seen = HashSet::new();
        let mut first_of_each = persons.filter(|(_, person)| seen.insert(*person));
        match self {
            Self::Roster(roster) => {
                let names: Vec<&str> = roster.people().iter().map(|p| p.id.as_str()).collect();
                let known: HashSet<&str> = names.iter().copied().collect();
                let unknown = first_of_each.filter(|(_, person)| !known.contains(person));
                let unknown: Vec<_> = unknown.collect();
                if unknown.len() > NAMED {
                    return many_unknown(rows, &unknown);
                }
                for (line, person) in unknown {
                    let near = (names.len() <= GUESSABLE).then(|| nearest(person, &names));
                    let expected = Expected {
                        allowed: "a person of the roster".to_owned(),
                        hint: near.flatten().map(|name| format!("did you mean `{name}`?")),
                    };
                    rows.problem(line, format!("unknown person `{person}`"), expected);
                }
            }
            Self::Sources(sources) => {
                let is_known = |person: &str| {
                    let ids = sources.iter().filter_map(|s| person.strip_prefix(s.as_str()));
                    ids.filter_map(|rest| rest.strip_prefix(':')).any(|id| !id.is_empty())
                };
                // The same is wrong with all of them, so that one is enough.
                let Some((line, person)) = first_of_each.find(|(_, person)| !is_known(person))
                else {
                    return;
                };
                let names: Vec<&str> = sources.iter().map(SourceName::as_str).collect();
                let source = person.split_once(':').map(|(source, _)| source);
                let near = source.and_then(|source| nearest(source, &names));
                let hint = match near {
                    Some(near) if source == Some(near) => "its id there is missing".to_owned(),
                    Some(near) => format!("did you mean source `{near}`?"),
                    None => "without a roster nobody else is known: name one in [floor]".to_owned(),
                };
                let allowed = format!("SOURCE:ID, where SOURCE is one of {}", names.join(", "));
                let found = format!("person `{person}`");
                rows.problem(line, found, Expected { allowed, hint: Some(hint) });
            }
            Self::Unread => {}
        }
    }
}

/// More than a slip: the schedule is of other people than the roster, which is said once.
fn many_unknown(rows: &Rows<'_>, unknown: &[(usize, &str)]) {
    let Some((first, _)) = unknown.first() else { return };
    let named = unknown.iter().take(NAMED);
    let named: Vec<_> = named.map(|(line, person)| format!("`{person}` on line {line}")).collect();
    let (all, named, more) = (unknown.len(), named.join(", "), unknown.len() - NAMED);
    let expected = Expected::new("people of the roster")
        .hint("the roster lacks them, or the schedule has other ids in its column `person`");
    rows.problem(*first, format!("{all} unknown people: {named} and {more} more"), expected);
}

/// Reads the schedule that the config names on `line`.
pub(super) fn read(
    sheet: &Sheet<'_>,
    file: &Path,
    line: usize,
    people: &People<'_>,
    zone: Tz,
) -> Option<Timetable> {
    let rows = Rows::read(sheet, file, line)?;
    let checked = rows.checked(&COLUMNS, &COLUMNS)?;
    let persons = checked.iter().filter_map(|row| Some((row.line, rows.cell(row, "person")?)));
    people.check(&rows, persons);
    let duties: Vec<(usize, Duty)> =
        checked.iter().filter_map(|row| Some((row.line, duty(&rows, row)?))).collect();
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

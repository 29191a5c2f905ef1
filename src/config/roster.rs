//! The roster file: one row a human, one column a source.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::problem::Expected;
use super::section::Sheet;
use super::source::ROSTER_COLUMNS;
use super::zone;
use crate::model::{AgentId, PersonId, Roster, RosterPerson, SourceName};
use crate::spreadsheet::bared;
use crate::vendor::clean;

/// A CSV file with a heading, read row by row.
pub(super) struct Rows<'a> {
    sheet: &'a Sheet<'a>,
    file: &'a Path,
    heading: Vec<String>,
    rows: Vec<Row>,
}

/// One row: its line and its cells.
pub(super) struct Row {
    pub(super) line: usize,
    cells: Vec<String>,
}

impl<'a> Rows<'a> {
    /// Reads `file`, which the config names on `line`.
    pub(super) fn read(sheet: &'a Sheet<'a>, file: &'a Path, line: usize) -> Option<Self> {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                let found = format!("file `{}`, which cannot be read ({error})", file.display());
                let expected = Expected::new("a CSV file, relative to the config");
                sheet.findings.add(sheet.file, line, found, expected);
                return None;
            }
        };
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let mut rows = Self { sheet, file, heading: Vec::new(), rows: Vec::new() };
        let mut record = csv::ByteRecord::new();
        let mut first = true;
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => rows.take(&record, &mut first),
                Ok(false) => break,
                Err(error) => {
                    rows.problem(1, format!("broken CSV: {error}"), Expected::new("CSV"));
                    break;
                }
            }
        }
        Some(rows)
    }

    fn take(&mut self, record: &csv::ByteRecord, first: &mut bool) {
        let line = record.position().map_or(1, |at| usize::try_from(at.line()).unwrap_or(1));
        // The same person, by the same name, whether a vendor names them or this file.
        let is_heading = std::mem::replace(first, false);
        let text = |cell| {
            let cell = str::from_utf8(cell)?;
            // The heading is compared with words of ours, and told as it is where it is none of them.
            Ok(if is_heading { bared(cell).to_owned() } else { clean(bared(&clean(cell))) })
        };
        let cells: Result<Vec<String>, std::str::Utf8Error> = record.iter().map(text).collect();
        match cells {
            Err(_) => self.problem(line, "bytes that are no text", Expected::new("UTF-8")),
            Ok(cells) if is_heading => self.heading = cells,
            Ok(cells) if cells.iter().all(String::is_empty) => {}
            Ok(cells) => {
                if cells.len() > self.heading.len() {
                    let found = format!("{} cells", cells.len());
                    self.problem(line, found, Expected::new(format!("{}", self.heading.len())));
                }
                self.rows.push(Row { line, cells });
            }
        }
    }

    pub(super) fn problem(&self, line: usize, found: impl Into<String>, expected: Expected) {
        self.sheet.findings.add(self.file, line, found, expected);
    }

    /// Checks that each column of the heading is `allowed`, once, and that the `required` are there.
    fn check_heading(&self, required: &[&str], allowed: &[&str]) {
        if let Some(found) = self.no_heading(allowed) {
            let expected = Expected::new(allowed.join(","))
                .hint("the first line names the columns, separated by commas");
            self.problem(1, found, expected);
            return;
        }
        for (index, column) in self.heading.iter().enumerate() {
            let expected = || Expected::one_of(allowed.iter().copied(), column);
            if !allowed.contains(&column.as_str()) {
                self.problem(1, format!("unknown column `{column}`"), expected());
            } else if self.heading[..index].contains(column) {
                self.problem(1, format!("a second column `{column}`"), Expected::new("one"));
            }
        }
        for column in required {
            if !self.heading.iter().any(|heading| heading == column) {
                let expected = Expected::new(allowed.join(","))
                    .hint("the first line names the columns, separated by commas");
                self.problem(1, format!("no column `{column}`"), expected);
            }
        }
    }

    /// What the file begins with, where that is no heading at all: one mistake, and not one for each
    /// column.
    fn no_heading(&self, allowed: &[&str]) -> Option<String> {
        if self.heading.iter().any(|column| allowed.contains(&column.as_str())) {
            return None;
        }
        let Some(first) = self.heading.first() else { return Some("an empty file".to_owned()) };
        // A spreadsheet of a country that writes a comma in its numbers separates by these.
        let sign =
            [(';', "`;`"), ('\t', "tabs")].into_iter().find(|(sign, _)| first.contains(*sign));
        Some(match sign {
            Some((_, sign)) => format!("a first line whose cells are separated by {sign}"),
            None => "a first line that names no column".to_owned(),
        })
    }

    /// The rows, once the heading has been checked; none where a column is missing that has to be there.
    pub(super) fn checked(&self, required: &[&str], allowed: &[&str]) -> Option<&[Row]> {
        self.check_heading(required, allowed);
        let complete = required.iter().all(|column| self.heading.iter().any(|h| h == column));
        complete.then_some(&self.rows)
    }

    /// The cell of `row` in `column`; none where it is empty.
    pub(super) fn cell<'r>(&self, row: &'r Row, column: &str) -> Option<&'r str> {
        let index = self.heading.iter().position(|heading| heading == column)?;
        row.cells.get(index).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    /// The cell of `row` in `column`, which must not be empty.
    pub(super) fn required<'r>(&self, row: &'r Row, column: &str) -> Option<&'r str> {
        let cell = self.cell(row, column);
        if cell.is_none() {
            self.problem(row.line, format!("no `{column}`"), Expected::new("one in every row"));
        }
        cell
    }

    /// The cell of `row` in `column`, understood by `parse`; none where it is empty.
    pub(super) fn parsed<T>(
        &self,
        row: &Row,
        column: &str,
        parse: impl FnOnce(&str) -> Result<T, Expected>,
    ) -> Option<T> {
        let cell = self.cell(row, column)?;
        let report = |expected| self.problem(row.line, format!("{cell:?} as `{column}`"), expected);
        parse(cell).map_err(report).ok()
    }
}

/// Reads the roster that the config names on `line`.
pub(super) fn read(
    sheet: &Sheet<'_>,
    file: &Path,
    line: usize,
    sources: &[SourceName],
) -> Option<Roster> {
    let rows = Rows::read(sheet, file, line)?;
    let allowed: Vec<&str> =
        ROSTER_COLUMNS.into_iter().chain(sources.iter().map(SourceName::as_str)).collect();
    let mut seen_people: HashMap<&str, usize> = HashMap::new();
    let mut seen_ids: HashMap<(&SourceName, &str), usize> = HashMap::new();
    let mut people = Vec::new();
    for row in rows.checked(&["person"], &allowed)? {
        let Some(person) = rows.required(row, "person") else { continue };
        if let Some(first) = seen_people.insert(person, row.line) {
            let expected = Expected::new("each person once").hint(format!("first on line {first}"));
            rows.problem(row.line, format!("`{person}` a second time"), expected);
        }
        let mut ids = BTreeMap::new();
        for source in sources {
            let Some(id) = rows.cell(row, source.as_str()) else { continue };
            if let Some(first) = seen_ids.insert((source, id), row.line) {
                let expected = Expected::new("each id once in a column")
                    .hint(format!("first on line {first}"));
                rows.problem(row.line, format!("`{source}` id `{id}` a second time"), expected);
            }
            ids.insert(source.clone(), AgentId::from(id));
        }
        people.push(RosterPerson {
            id: PersonId::from(person),
            name: rows.cell(row, "name").unwrap_or(person).to_owned(),
            team: rows.cell(row, "team").map(str::to_owned),
            email: rows.cell(row, "email").map(str::to_owned),
            timezone: rows.parsed(row, "timezone", zone),
            ids,
        });
    }
    Some(Roster::new(people).with_columns(rows.heading.clone()))
}

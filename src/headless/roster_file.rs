//! Lines of a roster file.

use std::io;

use crate::config::{Config, ROSTER_COLUMNS};
use crate::model::RosterPerson;
use crate::spreadsheet::guarded;

/// The columns of a roster that is begun anew: a person's own, then one a source.
pub(super) fn usual_columns(config: &Config) -> Vec<String> {
    let sources = config.sources.iter().map(|settings| settings.name.to_string());
    ROSTER_COLUMNS.into_iter().map(str::to_owned).chain(sources).collect()
}

/// The columns of the roster's own file, with those behind it that it lacks for a source.
pub(super) fn own_columns(config: &Config) -> Vec<String> {
    let mut columns = config.roster.columns().to_vec();
    for column in usual_columns(config) {
        let is_source = !ROSTER_COLUMNS.contains(&column.as_str());
        if is_source && !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

/// `people` as CSV under a heading, one line each. People open it in a spreadsheet before it is read
/// again: what would be run there is guarded, which the reader takes back.
pub(super) fn csv<'a>(
    columns: &[String],
    people: impl IntoIterator<Item = &'a RosterPerson>,
) -> io::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| guarded(column)))?;
    for person in people {
        writer.write_record(columns.iter().map(|column| guarded(cell(person, column))))?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

fn cell<'a>(person: &'a RosterPerson, column: &str) -> &'a str {
    match column {
        "person" => person.id.as_str(),
        "name" => &person.name,
        "team" => person.team.as_deref().unwrap_or_default(),
        "email" => person.email.as_deref().unwrap_or_default(),
        "timezone" => person.timezone.map_or("", |zone| zone.name()),
        source => person.ids.get(&source.into()).map_or("", |id| id.as_str()),
    }
}

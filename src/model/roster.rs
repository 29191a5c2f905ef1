//! The roster: the one place that says which ids of different sources are the same human.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{AgentId, PersonId, SourceName};

/// One human of the roster file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterPerson {
    /// The roster's id.
    pub id: PersonId,
    /// The name shown.
    pub name: String,
    /// The team, if any.
    pub team: Option<String>,
    /// The e-mail address, if any; never shown by default.
    pub email: Option<String>,
    /// The person's own time zone, where it is not the floor's. Nothing is reckoned by it: the
    /// schedule file is in floor time for everybody.
    pub timezone: Option<Tz>,
    /// The person's id at each source.
    pub ids: BTreeMap<SourceName, AgentId>,
}

/// Everybody the roster file names. Empty without a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    people: Vec<RosterPerson>,
    columns: Vec<String>,
}

impl Roster {
    /// A roster of `people`. Where two claim one id, the first keeps it; the config reports that as a mistake.
    #[must_use]
    pub fn new(people: Vec<RosterPerson>) -> Self {
        Self { people, columns: Vec::new() }
    }

    /// This roster, whose file has these columns.
    #[must_use]
    pub fn with_columns(self, columns: Vec<String>) -> Self {
        Self { columns, ..self }
    }

    /// The file's columns, in its order; none without a file.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Everybody, in the file's order.
    #[must_use]
    pub fn people(&self) -> &[RosterPerson] {
        &self.people
    }

    /// Everybody, in the file's order.
    #[must_use]
    pub fn into_people(self) -> Vec<RosterPerson> {
        self.people
    }

    /// The ids that the roster gives for `source`.
    #[must_use]
    pub fn ids_at(&self, source: &SourceName) -> Vec<AgentId> {
        self.people.iter().filter_map(|person| person.ids.get(source).cloned()).collect()
    }

    /// The e-mail addresses of those whose id at `source` the roster gives, by that id.
    #[must_use]
    pub fn emails_at(&self, source: &SourceName) -> Vec<(AgentId, String)> {
        let known =
            |person: &RosterPerson| Some((person.ids.get(source)?.clone(), person.email.clone()?));
        self.people.iter().filter_map(known).collect()
    }
}

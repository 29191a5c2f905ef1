//! What `check` suggests for the roster: who may be the same human by name. Nothing is joined.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use super::roster_file::{csv, own_columns};
use crate::config::Config;
use crate::model::{AgentKey, Floor, Person, PersonId, RosterPerson};
use crate::rules::{Namesakes, namesakes};

/// For whom a source lists somebody of the same name.
pub(super) struct Guesses {
    /// The roster's people as they would be, in its order.
    people: Vec<RosterPerson>,
    /// Whose namesake each stranger is.
    of: BTreeMap<AgentKey, PersonId>,
}

impl Guesses {
    pub(super) fn of(config: &Config, floor: &Floor) -> Self {
        let mut of = BTreeMap::new();
        let mut completed: BTreeMap<PersonId, RosterPerson> = BTreeMap::new();
        for Namesakes { known, strangers } in namesakes(floor.people()) {
            let known = known.and_then(|known| {
                config.roster.people().iter().find(|person| person.id == known.id)
            });
            let Some(known) = known else { continue };
            let person = completed.entry(known.id.clone()).or_insert_with(|| known.clone());
            for (source, agent) in strangers.into_iter().flat_map(|stranger| &stranger.ids) {
                person.ids.insert(source.clone(), agent.clone());
                of.insert(AgentKey::new(source.clone(), agent.clone()), known.id.clone());
            }
        }
        let in_order = config.roster.people().iter();
        let people = in_order.filter_map(|person| completed.remove(&person.id)).collect();
        Self { people, of }
    }

    /// Whose namesake a stranger is.
    pub(super) fn namesake(&self, stranger: &Person) -> Option<&PersonId> {
        let mut keys = stranger.ids.iter().map(|(s, a)| AgentKey::new(s.clone(), a.clone()));
        keys.find_map(|key| self.of.get(&key))
    }

    /// The lines that would take the place of the roster's own, in its own columns.
    pub(super) fn describe(&self, text: &mut String, config: &Config) -> io::Result<()> {
        if self.people.is_empty() {
            return Ok(());
        }
        let (lines, their) = match self.people.len() {
            1 => ("this line".to_owned(), "its"),
            count => (format!("these {count} lines"), "their"),
        };
        let _ = writeln!(
            text,
            "\nguesses by name: nothing has been joined. Where the name is the same human, {lines} \
             can take {their} place in the roster:"
        );
        text.push_str(&String::from_utf8_lossy(&csv(&own_columns(config), &self.people)?));
        Ok(())
    }
}

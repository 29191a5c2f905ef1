//! What every part of the screen is made from.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::action::Action;
use crate::app::{App, Names, Station};
use crate::keymap::{Keymap, Mode, shown};
use crate::model::{Floor, Person, PersonId};
use crate::rules::Figures;
use crate::theme::Symbols;

/// What every part of the screen is made from.
pub(super) struct Scene<'a> {
    /// The program's state.
    pub app: &'a App,
    /// The floor shown: while frozen, not the one there is.
    pub floor: &'a Floor,
    /// The instant the floor is shown for.
    pub now: DateTime<Utc>,
    /// The instant it is.
    pub real_now: DateTime<Utc>,
    /// The floor's time zone.
    pub zone: Tz,
    /// The characters to use.
    pub symbols: Symbols,
    /// The screen's columns.
    pub width: usize,
    /// The screen's rows.
    pub height: usize,
    keymap: &'a Keymap,
}

impl<'a> Scene<'a> {
    pub fn new(
        app: &'a App,
        keymap: &'a Keymap,
        symbols: Symbols,
        real_now: DateTime<Utc>,
        width: u16,
        height: u16,
    ) -> Self {
        let (floor, now) = app.shown(real_now);
        Self {
            app,
            floor,
            now,
            real_now,
            zone: floor.identity().timezone,
            symbols,
            width: usize::from(width),
            height: usize::from(height),
            keymap,
        }
    }

    /// Whether this is a display on the wall.
    pub fn is_kiosk(&self) -> bool {
        self.app.setup().station == Station::Kiosk
    }

    /// Every key that asks for `action` in `mode`, as the help shows them; none where there is none.
    pub fn keys(&self, mode: Mode, action: Action) -> Option<String> {
        let bindings = self.keymap.bindings().iter();
        let keys: Vec<_> = bindings
            .filter(|binding| binding.mode == mode && binding.action == action)
            .flat_map(|binding| &binding.keys)
            .map(|key| self.symbols.key(&shown(key)))
            .collect();
        (!keys.is_empty()).then(|| keys.join(" "))
    }

    /// The first key that asks for `action` in `mode`.
    pub fn key(&self, mode: Mode, action: Action) -> Option<String> {
        let keys = self.keys(mode, action)?;
        keys.split(' ').next().map(str::to_owned)
    }

    /// The keymap.
    pub fn keymap(&self) -> &Keymap {
        self.keymap
    }

    /// A person's name, as far as this screen may show it. `number` is the person's in the floor.
    /// Whom the roster does not know has a row for each source: the name says which one this is.
    pub fn name(&self, person: &Person, number: usize) -> String {
        let name = self.bare_name(person, number);
        match person.ids.keys().next() {
            Some(source) if !person.in_roster && self.floor.feeds().len() > 1 => {
                format!("{source}: {name}")
            }
            _ => name,
        }
    }

    /// [`Scene::name`] of a person of whom only this is known.
    pub fn name_of(&self, person: &Person) -> String {
        // Only a hidden name needs the number.
        let number = match self.app.setup().names {
            Names::Hidden => self.floor.people().iter().position(|other| other.id == person.id),
            _ => None,
        };
        self.name(person, number.unwrap_or(0))
    }

    /// The figures of somebody's day, all systems together; none where nothing is known of it.
    pub fn figures(&self, id: &PersonId) -> Option<Figures> {
        self.app.shown_ledger().person(self.floor, id, self.now)
    }

    /// Whether names are shown as they are.
    pub fn shows_names(&self) -> bool {
        self.app.setup().names == Names::Full
    }

    /// The name of somebody whom the floor does not know, as far as this screen may show it.
    pub fn stranger(&self, name: &str) -> Option<String> {
        match self.app.setup().names {
            Names::Full => Some(name.to_owned()),
            Names::First => Some(name.split_whitespace().next().unwrap_or_default().to_owned()),
            Names::Initials => Some(
                name.split_whitespace()
                    .filter_map(|word| word.chars().next())
                    .flat_map(|letter| [letter, '.'])
                    .collect(),
            ),
            Names::Hidden => None,
        }
    }

    fn bare_name(&self, person: &Person, number: usize) -> String {
        self.stranger(&person.name).unwrap_or_else(|| format!("#{}", number + 1))
    }
}

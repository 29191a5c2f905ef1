//! One person in full, and one alert in full: what keys do there.

use chrono::{DateTime, Utc};

use super::{App, Dealing, Effect, Prompt, Station, Subject};
use crate::action::Action;
use crate::model::{AlertKey, AttemptRecord, LookUp, Person, PersonId};

/// Asks the WFM how an alert stands; of our own the program knows.
pub(super) fn look_up(key: &AlertKey) -> Option<Effect> {
    let look_up = Effect::LookUp(key.source.clone(), LookUp::Alert(key.id.clone()));
    (!key.source.is_own()).then_some(look_up)
}

impl App {
    /// Opens one person in full; the journal is asked what was done to them.
    pub(super) fn open_details(&mut self, person: PersonId) -> Vec<Effect> {
        let known = self.floor.person(&person);
        let mut keys = known.map(Person::keys).unwrap_or_default();
        keys.extend(known.map(Person::own_key));
        let load = Effect::LoadActions(person.clone(), keys.into_iter().collect());
        let (connection, actions) = (false, None);
        self.prompt = Some(Prompt::Details { person, scroll: 0, connection, actions });
        vec![load]
    }

    /// The journal has answered.
    pub(super) fn take_actions(&mut self, of: &PersonId, found: Vec<AttemptRecord>) {
        let mut prompt = self.prompt.as_mut();
        while let Some(Prompt::Help { over, .. } | Prompt::Explain { over, .. }) = prompt {
            prompt = over.as_deref_mut();
        }
        if let Some(Prompt::Details { person, actions, .. }) = prompt
            && person == of
        {
            *actions = Some(found);
        }
    }

    /// A key while one person is shown in full.
    pub(super) fn act_on_details(
        &mut self,
        mut prompt: Prompt,
        action: Action,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let Prompt::Details { person, scroll, connection, .. } = &mut prompt else {
            return Vec::new();
        };
        match action {
            Action::Logout => self.ask_logout(person, now),
            Action::Acknowledge => self.ask_to_deal_with(Dealing::Acknowledge, person, now),
            Action::Resolve => self.ask_to_deal_with(Dealing::Resolve, person, now),
            Action::Help => {
                self.prompt = Some(Prompt::Help { scroll: 0, over: Some(Box::new(prompt)) });
                return Vec::new();
            }
            Action::Explain => {
                let subject = Subject::Person(person.clone());
                self.explain(subject, Some(Box::new(prompt)));
                return Vec::new();
            }
            Action::ExplainFloor => {
                self.explain_floor(Some(Box::new(prompt)));
                return Vec::new();
            }
            Action::Connection if self.setup.station == Station::Kiosk => {
                self.say("browser and network address are nothing for a wall", true, now);
            }
            // What is asked for stands at the top.
            Action::Connection => (*connection, *scroll) = (!*connection, 0),
            _ => match self.scrolled(*scroll, action) {
                Some(to) => *scroll = to,
                None => return Vec::new(),
            },
        }
        // A question takes its place.
        self.prompt.get_or_insert(prompt);
        Vec::new()
    }

    /// A key while one alert is shown in full.
    pub(super) fn act_on_alert(
        &mut self,
        key: AlertKey,
        scroll: usize,
        action: Action,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut to = Some(scroll);
        match action {
            Action::Acknowledge => {
                self.ask_to_deal(Dealing::Acknowledge, std::slice::from_ref(&key), now);
            }
            Action::Resolve => self.ask_to_deal(Dealing::Resolve, std::slice::from_ref(&key), now),
            Action::Help => {
                let over = Some(Box::new(Prompt::Alert { key, scroll }));
                self.prompt = Some(Prompt::Help { scroll: 0, over });
                return effects;
            }
            Action::Explain => {
                let over = Box::new(Prompt::Alert { key: key.clone(), scroll });
                self.explain(Subject::Alert(key), Some(over));
                return effects;
            }
            Action::ExplainFloor => {
                self.explain_floor(Some(Box::new(Prompt::Alert { key, scroll })));
                return effects;
            }
            Action::ReadNow => {
                effects.extend(look_up(&key));
            }
            _ => to = self.scrolled(scroll, action),
        }
        if self.prompt.is_none() {
            self.prompt = to.map(|scroll| Prompt::Alert { key, scroll });
        }
        effects
    }
}

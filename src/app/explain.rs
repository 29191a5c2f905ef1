//! Why something is shown as it is: what keys do there, and the list of the lost.

use chrono::{DateTime, Utc};

use super::{App, Filter, Page, Place, Prompt, Subject};
use crate::action::Action;

impl App {
    /// Explains `subject`; what it was asked over shows again afterwards.
    pub(super) fn explain(&mut self, subject: Subject, over: Option<Box<Prompt>>) {
        self.prompt = Some(Prompt::Explain { subject, scroll: 0, over });
    }

    /// Explains the selected row of the page shown; where there is none, the floor's figures.
    pub(super) fn explain_selected(&mut self, now: DateTime<Utc>) {
        let subject = match self.page {
            Page::Agents | Page::Adherence => self.pin_selection().map(Subject::Person),
            Page::Queues => self.pinned_queue(now).map(|queue| Subject::Queue(queue.key)),
            Page::Alerts => self.pin_alert().map(|row| match row.place {
                Place::Fold { members, .. } => Subject::Fold(members),
                Place::Alone | Place::Within => Subject::Alert(row.key),
            }),
            Page::Log => None,
        };
        let subject = subject.unwrap_or_else(|| self.figures_shown());
        self.explain(subject, None);
    }

    /// Explains the figures that stand above the page, over what is open.
    pub(super) fn explain_floor(&mut self, over: Option<Box<Prompt>>) {
        self.explain(self.figures_shown(), over);
    }

    /// Whose figures stand above the page: the team's line is only on the agents' page.
    fn figures_shown(&self) -> Subject {
        let team = self.filter.team.clone();
        Subject::Floor(team.filter(|_| self.page == Page::Agents))
    }

    /// A key while something is explained.
    pub(super) fn act_on_explanation(&mut self, mut prompt: Prompt, action: Action) {
        if action == Action::Help {
            self.prompt = Some(Prompt::Help { scroll: 0, over: Some(Box::new(prompt)) });
            return;
        }
        let Prompt::Explain { subject, scroll, over } = &mut prompt else { return };
        let is_floors = matches!(subject, Subject::Floor(_));
        if action == Action::ExplainFloor && !is_floors {
            return self.explain_floor(Some(Box::new(prompt)));
        }
        let closes = matches!(action, Action::Explain | Action::ExplainFloor);
        let to = if closes { None } else { self.scrolled(*scroll, action) };
        match to {
            Some(to) => *scroll = to,
            None => return self.prompt = over.take().map(|prompt| *prompt),
        }
        self.prompt = Some(prompt);
    }

    /// Lists exactly the vanished and the forgotten, whatever else the list was narrowed to; and
    /// everybody again.
    pub(super) fn list_lost(&mut self) {
        let lost = !(self.filter.lost && self.page == Page::Agents);
        self.page = Page::Agents;
        self.filter = Filter { lost, ..Filter::default() };
        self.selected = None;
    }
}

//! Why something is shown as it is: what keys do there, and the list of the lost.

use chrono::{DateTime, Utc};

use super::{App, Filter, Page, Prompt, Subject};
use crate::action::Action;

impl App {
    /// Explains `subject`; what it was asked over shows again afterwards.
    pub(super) fn explain(&mut self, subject: Subject, over: Option<Box<Prompt>>) {
        self.prompt = Some(Prompt::Explain { subject, scroll: 0, over });
    }

    /// Explains the selected row of the page shown.
    pub(super) fn explain_selected(&mut self, now: DateTime<Utc>) {
        let subject = match self.page {
            Page::Agents | Page::Adherence => self.pin_selection().map(Subject::Person),
            Page::Queues => self.pinned_queue(now).map(|queue| Subject::Queue(queue.key)),
            Page::Alerts => self.pin_alert().map(|row| Subject::Alert(row.key)),
            Page::Log => None,
        };
        match subject {
            Some(subject) => self.explain(subject, None),
            None => self.say("there is nothing here to explain", true, now),
        }
    }

    /// A key while something is explained.
    pub(super) fn act_on_explanation(&mut self, mut prompt: Prompt, action: Action) {
        if action == Action::Help {
            self.prompt = Some(Prompt::Help { scroll: 0, over: Some(Box::new(prompt)) });
            return;
        }
        let Prompt::Explain { scroll, over, .. } = &mut prompt else { return };
        let to = if action == Action::Explain { None } else { self.scrolled(*scroll, action) };
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

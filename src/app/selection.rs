//! The selected row of each page: moved, held through every new order, and opened.

use chrono::{DateTime, Utc};

use super::message::Effect;
use super::{App, Filter, Page};
use crate::model::{PersonId, Queue};

impl App {
    pub(super) fn page_step(&self) -> isize {
        isize::try_from(self.page_rows.max(1)).unwrap_or(isize::MAX)
    }

    /// Moves the selection of the page shown by `by` rows, as far as there are rows.
    pub(super) fn step(&mut self, by: isize) {
        match self.page {
            Page::Log => {
                let back = isize::try_from(self.log_back).unwrap_or(isize::MAX);
                self.log_back = usize::try_from(back.saturating_sub(by)).unwrap_or(0).min(10_000);
            }
            Page::Queues => {
                let queues = self.frozen.as_ref().map_or(&self.floor, |(floor, _)| floor).queues();
                let chosen = self.selected_queue.as_ref();
                let at = chosen.and_then(|key| queues.iter().position(|queue| &queue.key == key));
                let to = moved(at.unwrap_or(0), by, queues.len());
                self.selected_queue =
                    to.and_then(|to| queues.get(to)).map(|queue| queue.key.clone());
            }
            Page::Alerts => self.step_alerts(by),
            Page::Agents | Page::Adherence => {
                let to = moved(self.selected_row().unwrap_or(0), by, self.rows().len());
                self.selected = to.and_then(|to| self.rows().get(to)).map(|row| row.id.clone());
            }
        }
    }

    /// The selected person; from now on the selection follows them through every new order.
    pub(super) fn pin_selection(&mut self) -> Option<PersonId> {
        if !matches!(self.page, Page::Agents | Page::Adherence) {
            return None;
        }
        self.selected =
            self.selected_row().and_then(|at| self.rows().get(at)).map(|r| r.id.clone());
        self.selected.clone()
    }

    pub(super) fn open(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        if self.page == Page::Queues {
            // Who sits in the queue is on the agents' page.
            if let Some(queue) = self.pinned_queue(now) {
                self.filter = Filter { queue: Some(queue.name), ..Default::default() };
                self.page = Page::Agents;
            }
        } else if let Some(person) = self.pin_selection() {
            return self.open_details(person);
        }
        Vec::new()
    }

    /// The selected queue; the first where none has been selected.
    pub(super) fn pinned_queue(&self, now: DateTime<Utc>) -> Option<Queue> {
        let mut queues = self.shown(now).0.queues();
        let chosen = self.selected_queue.as_ref();
        let at = chosen.and_then(|key| queues.iter().position(|queue| &queue.key == key));
        (!queues.is_empty()).then(|| queues.swap_remove(at.unwrap_or(0)))
    }
}

/// `by` rows from `at` among `len`; none when there are none.
pub(super) fn moved(at: usize, by: isize, len: usize) -> Option<usize> {
    (len > 0).then(|| at.saturating_add_signed(by).min(len - 1))
}

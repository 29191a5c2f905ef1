//! Reads the states.

use std::sync::Arc;

use chrono::TimeDelta;

use super::desk::Desk;
use super::states;
use super::wire::{Document, Row, Summary};
use crate::http::Answer;
use crate::model::{Body, Coverage, Reading};
use crate::source::poller::Feed;
use crate::source::reason::Reasons;
use crate::source::records::usable;
use crate::vendor::wfm;
use crate::vendor::{Class, Trouble, decode};

/// Reads the states of one WFM.
pub(in crate::source) struct Reader {
    desk: Arc<Desk>,
    reasons: Reasons,
}

impl Feed for Reader {
    fn prepare(&mut self) -> Result<(), Trouble> {
        self.desk.open()
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        let team = self.desk.wfm.team_id.as_deref();
        let answer =
            self.desk.ask(|account, client, session| account.states(client, session, team)).await?;
        let text = wfm::open(&answer)?;
        self.understand(text, &answer)
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.desk.offset()
    }
}

impl Reader {
    pub(in crate::source) fn new(desk: Arc<Desk>) -> Self {
        Self { reasons: Reasons::new(&desk.settings.reason_map), desk }
    }

    /// Translates the JSON of an answer.
    pub(super) fn understand(&self, text: &str, answer: &Answer) -> Result<Reading, Trouble> {
        let document: Document<'_> = decode(text)?;
        let Some(list) = document.states else {
            return Err(Trouble::new(Class::Garbled, "the answer has no list of states"));
        };
        let (rows, mut skipped) = self.desk.decode::<Row<'_>>(&list);
        let taken_at = answer.middle();
        let offset = self.desk.offset().unwrap_or_default();
        let mut observations = Vec::with_capacity(rows.len());
        for row in &rows {
            match states::observe(row, taken_at, offset, &self.reasons) {
                Some(seen) if self.desk.settings.exclude.contains(&seen.agent) => {}
                Some(seen) => observations.push(seen),
                None => {
                    skipped += 1;
                    self.desk.complain("a record is left out: it has no usable employeeId");
                }
            }
        }
        usable(list.0.len(), skipped)?;
        let summary: Option<Summary<'_>> =
            document.summary.and_then(|raw| serde_json::from_str(raw.get()).ok());
        Ok(Reading {
            source: self.desk.settings.name.clone(),
            taken_at,
            as_of: taken_at,
            skipped,
            body: Body::Agents {
                observations,
                coverage: Coverage::Visible,
                summary: summary.as_ref().and_then(states::summary),
                histories: Vec::new(),
            },
        })
    }
}

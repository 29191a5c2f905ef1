//! Reads the states.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::Desk;
use super::states;
use super::wire::{Document, Row, Summary};
use crate::http::Answer;
use crate::model::{AgentId, Body, Coverage, Reading};
use crate::source::poller::Feed;
use crate::source::reason::Reasons;
use crate::source::records::usable;
use crate::vendor::wfm;
use crate::vendor::{Class, Trouble, decode};

/// Reads the states of one WFM.
pub(in crate::source) struct Reader {
    desk: Arc<Desk>,
    reasons: Reasons,
    /// Since when the server says that each agent does what it does, and by how much its clock had been
    /// set when it first said so: once it is set again it may go on saying the same.
    stamps: HashMap<AgentId, (DateTime<Utc>, TimeDelta)>,
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
        let reasons = Reasons::new(&desk.settings.reason_map);
        Self { reasons, desk, stamps: HashMap::new() }
    }

    /// Translates the JSON of an answer.
    pub(super) fn understand(&mut self, text: &str, answer: &Answer) -> Result<Reading, Trouble> {
        let document: Document<'_> = decode(text)?;
        let Some(list) = document.states else {
            return Err(Trouble::new(Class::Garbled, "the answer has no list of states"));
        };
        let mut skipped = 0;
        let taken_at = answer.middle();
        let (ahead, stepped) = self.desk.clock();
        let before = std::mem::take(&mut self.stamps);
        let mut observations = Vec::new();
        for item in &list.0 {
            let Some(row) = self.desk.record::<Row<'_>>(item) else {
                skipped += 1;
                continue;
            };
            let offset = |agent: &AgentId, stamp| {
                let known = before.get(agent).filter(|(known, _)| *known == stamp);
                let stepped = known.map_or(stepped, |(_, stepped)| *stepped);
                self.stamps.insert(agent.clone(), (stamp, stepped));
                ahead + stepped
            };
            match states::observe(&row, taken_at, offset, &self.reasons) {
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

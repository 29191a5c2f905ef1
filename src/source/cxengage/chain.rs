//! The records of one agent, in order, as far back as they still matter.

use chrono::{DateTime, Utc};

use super::record::Record;
use super::standing::Standing;
use crate::source::reason::Reasons;

/// One agent's records. Old ones are folded into `base`, so that a day of them costs no memory.
#[derive(Debug, Default)]
pub(super) struct Chain {
    base: Option<Standing>,
    records: Vec<Record>,
    standing: Option<Standing>,
}

impl Chain {
    /// Takes in one record, in its place; a version of a known one is merged with it. Returns whether
    /// it was of any use.
    pub(super) fn insert(&mut self, record: Record, reasons: &Reasons) -> bool {
        let place = record.place();
        if self.base.as_ref().is_some_and(|base| record.start <= base.start) {
            return false; // folded in already, or older than anything that matters
        }
        let same_start = self.records.partition_point(|r| r.start < record.start);
        let known = self.records[same_start..]
            .iter()
            .position(|r| r.event == record.event || r.start != record.start)
            .map(|step| same_start + step)
            .filter(|at| self.records[*at].event == record.event);
        match known {
            Some(at) => self.records[at].merge(record),
            None if same_start == 0 && self.is_settled() && self.is_older(&record) => return false,
            None => {
                let at = self.records.partition_point(|r| r.place() <= place);
                self.records.insert(at, record);
            }
        }
        self.refold(reasons);
        true
    }

    /// Whether `record` lies before everything known.
    fn is_older(&self, record: &Record) -> bool {
        self.records.first().is_some_and(|first| record.start < first.start)
    }

    /// What the agent does by the newest record.
    pub(super) fn standing(&self) -> Option<&Standing> {
        self.standing.as_ref()
    }

    /// Whether it is known when the present activity began: nothing older can change anything.
    pub(super) fn is_settled(&self) -> bool {
        self.standing.as_ref().is_some_and(|standing| standing.settled)
    }

    /// Folds what is older than `horizon` away. The newest record always stays, since its end is yet
    /// to come.
    pub(super) fn fold_before(&mut self, horizon: DateTime<Utc>, reasons: &Reasons) {
        let old = self.records.partition_point(|r| r.start < horizon);
        for record in self.records.drain(..old.min(self.records.len().saturating_sub(1))) {
            self.base = Some(Standing::after(self.base.take(), &record, reasons));
        }
    }

    fn refold(&mut self, reasons: &Reasons) {
        self.standing = self.records.iter().fold(self.base.clone(), |before, record| {
            Some(Standing::after(before, record, reasons))
        });
    }
}

//! The records of one agent, in order, as far back as they still matter.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::record::Record;
use super::standing::Standing;
use crate::source::reason::Reasons;

/// Records beside a new one that may say the same of contacts: an agent goes to and fro between two
/// loads.
const NEIGHBOURS: usize = 3;

/// One agent's records. Old ones are folded into `base`, so that a day of them costs no memory.
#[derive(Debug, Default)]
pub(super) struct Chain {
    base: Option<Standing>,
    links: Vec<Link>,
    /// The first and the last place at which a record is new or says something new.
    stirred: Option<(usize, usize)>,
}

/// One record, and what holds after it; none until that has been worked out.
#[derive(Debug)]
struct Link {
    record: Record,
    after: Option<Standing>,
}

/// What new records changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Changed {
    /// The records after which something else holds than before.
    pub links: Range<usize>,
    /// Whether the newest is among them.
    pub present: bool,
}

impl Chain {
    /// Takes in one record, in its place; a version of a known one is merged with it. What follows
    /// from it is worked out by [`Chain::refold`].
    pub(super) fn insert(&mut self, record: Record) {
        let mut record = record.known_among(self.links.iter().rev().map(|link| &link.record));
        if self.base.as_ref().is_some_and(|base| record.start <= base.start) {
            return; // folded in already, or older than anything that matters
        }
        let same_start = self.links.partition_point(|l| l.record.start < record.start);
        let known = self.links[same_start..]
            .iter()
            .take_while(|link| link.record.start == record.start)
            .position(|link| link.record.event == record.event)
            .map(|step| same_start + step);
        if let Some(at) = known {
            let merged = self.links[at].record.merged(record);
            if merged != self.links[at].record {
                self.links[at].record = merged;
                self.stir(at, at);
            }
            return;
        }
        let place = record.place();
        let at = self.links.partition_point(|l| l.record.place() <= place);
        self.share_work(&mut record, at);
        self.links.insert(at, Link { record, after: None });
        let (first, last) = self.stirred.unwrap_or((at, at));
        self.stirred = Some((first, if at <= last { last + 1 } else { last }));
        self.stir(at, at);
    }

    fn stir(&mut self, first: usize, last: usize) {
        let known = self.stirred.unwrap_or((first, last));
        self.stirred = Some((known.0.min(first), known.1.max(last)));
    }

    /// Lets a record use the room of one beside it that says the same of contacts.
    fn share_work(&self, record: &mut Record, at: usize) {
        let Some(work) = &record.work else { return };
        let near = at.saturating_sub(NEIGHBOURS)..(at + NEIGHBOURS).min(self.links.len());
        let mut near = self.links[near].iter().filter_map(|link| link.record.work.as_ref());
        if let Some(same) = near.find(|near| *near == work) {
            record.work = Some(Arc::clone(same));
        }
    }

    /// Works out what follows from the records taken in since the last time, no farther than it
    /// makes a difference. None when nothing is new.
    pub(super) fn refold(&mut self, reasons: &Reasons) -> Option<Changed> {
        let (first, last) = self.stirred.take()?;
        let mut before = self.after(first);
        for at in first..self.links.len() {
            let link = &mut self.links[at];
            let after = Standing::after(before, &link.record, reasons);
            if at > last && link.after.as_ref() == Some(&after) {
                return Some(Changed { links: first..at, present: false });
            }
            before = Some(after.clone());
            link.after = Some(after);
        }
        Some(Changed { links: first..self.links.len(), present: true })
    }

    /// What holds after the first `count` records.
    fn after(&self, count: usize) -> Option<Standing> {
        match count.checked_sub(1) {
            Some(at) => self.links.get(at).and_then(|link| link.after.clone()),
            None => self.base.clone(),
        }
    }

    /// What the agent does by the newest record.
    pub(super) fn standing(&self) -> Option<&Standing> {
        self.links.last().map_or(self.base.as_ref(), |link| link.after.as_ref())
    }

    /// Whether it is known when the present activity began: nothing older can change that.
    pub(super) fn is_settled(&self) -> bool {
        self.standing().is_some_and(|standing| standing.settled)
    }

    /// Folds what is older than `horizon` away. The newest record always stays, since its end is yet
    /// to come.
    pub(super) fn fold_before(&mut self, horizon: DateTime<Utc>) {
        let old = self.links.partition_point(|l| l.record.start < horizon);
        let old = old.min(self.links.len().saturating_sub(1));
        let last = self.links.drain(..old).next_back();
        if let Some(last) = last {
            self.base = last.after;
            self.links.shrink_to(self.links.len() * 2);
        }
    }

    /// What holds after everything that was folded away.
    pub(super) fn base(&self) -> Option<&Standing> {
        self.base.as_ref()
    }

    /// What holds after the record at `place`, counted without those folded away.
    pub(super) fn at(&self, place: usize) -> Option<&Standing> {
        self.links.get(place)?.after.as_ref()
    }

    /// Every place there is.
    pub(super) fn places(&self) -> Range<usize> {
        0..self.links.len()
    }
}

//! The rows of the alerts' page: what folds into one, what is selected, what is marked.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::tracked::Tracked;
use crate::model::{AlertKey, AlertStatus, Deed, Floor, KnownAlert, PersonId};
use crate::rules::{Cause, fold};

/// One row of the list; what it says is in the shown floor's [`crate::model::Floor::alerts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRow {
    /// Which; of a fold the first of them.
    pub key: AlertKey,
    /// Whom it concerns, where the floor knows them.
    pub person: Option<PersonId>,
    /// Whether it is marked, or all of the fold are.
    pub is_marked: bool,
    /// What is being done to it, or to all of the fold, and not yet confirmed by a reading: shown as
    /// if it were done.
    pub pending: Option<Deed>,
    /// Whether it stands for others.
    pub place: Place,
}

/// How a row belongs to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It is one alert.
    Alone,
    /// It stands for several alerts of one cause.
    Fold {
        /// All of them, in the list's order.
        members: Vec<AlertKey>,
        /// How many of them are marked.
        marked: usize,
        /// Whether they are listed beneath.
        is_open: bool,
    },
    /// It is one alert of the open fold above it.
    Within,
}

impl AlertRow {
    /// The alerts it stands for: itself, or all of the fold.
    #[must_use]
    pub fn alerts(&self) -> &[AlertKey] {
        match &self.place {
            Place::Fold { members, .. } => members,
            Place::Alone | Place::Within => std::slice::from_ref(&self.key),
        }
    }

    /// Whether it stands for several.
    #[must_use]
    pub fn is_fold(&self) -> bool {
        matches!(self.place, Place::Fold { .. })
    }
}

/// What is selected. A fold is known by its members: it stays selected as long as one of them is in
/// it.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    key: AlertKey,
    /// The fold's members; none where one alert is selected.
    fold: Vec<AlertKey>,
}

impl Chosen {
    pub(super) fn of(row: &AlertRow) -> Self {
        let fold = if row.is_fold() { row.alerts().to_vec() } else { Vec::new() };
        Self { key: row.key.clone(), fold }
    }

    /// What was called `before` is called `key` from now on.
    pub(super) fn rename(&mut self, before: &AlertKey, key: &AlertKey) {
        let all = std::iter::once(&mut self.key).chain(&mut self.fold);
        all.filter(|known| *known == before).for_each(|known| known.clone_from(key));
    }

    /// The place of what is selected in `rows`; an alert that has been folded is in its fold.
    pub(super) fn place(&self, rows: &[AlertRow]) -> Option<usize> {
        let is_its = |row: &AlertRow| row.alerts().contains(&self.key);
        let is_others = |row: &AlertRow| row.alerts().iter().any(|key| self.fold.contains(key));
        if self.fold.is_empty() {
            let itself = rows.iter().position(|row| !row.is_fold() && row.key == self.key);
            return itself.or_else(|| rows.iter().position(is_its));
        }
        let folds = || rows.iter().enumerate().filter(|(_, row)| row.is_fold());
        folds()
            .find(|(_, row)| is_its(row))
            .or_else(|| folds().find(|(_, row)| is_others(row)))
            .map(|(place, _)| place)
            .or_else(|| rows.iter().position(is_its))
            .or_else(|| rows.iter().position(is_others))
    }
}

/// What the rows are made of.
pub(super) struct Listing<'a> {
    pub floor: &'a Floor,
    pub marked: &'a HashSet<AlertKey>,
    /// Members of the folds that are open.
    pub opened: &'a HashSet<AlertKey>,
    pub pending: &'a HashMap<AlertKey, &'a Tracked>,
}

impl Listing<'_> {
    /// The rows of `listed`, all of which are listed as having `status`.
    pub(super) fn rows(&self, listed: &[&KnownAlert], status: &AlertStatus) -> Vec<AlertRow> {
        let cause = |known: &&KnownAlert| {
            (Cause::of(self.floor, known, status.clone()), known.alert.created_at)
        };
        let causes: Vec<_> = listed.iter().map(cause).collect();
        let groups = fold(&causes);
        groups.into_iter().flat_map(|group| self.group(listed, &group)).collect()
    }

    fn group(&self, listed: &[&KnownAlert], group: &[usize]) -> Vec<AlertRow> {
        let members: Vec<_> = group.iter().filter_map(|place| listed.get(*place)).collect();
        let [first, _, ..] = members.as_slice() else {
            return members.into_iter().map(|known| self.row(known, Place::Alone)).collect();
        };
        let keys: Vec<_> = members.iter().map(|known| known.key.clone()).collect();
        let marked = keys.iter().filter(|key| self.marked.contains(key)).count();
        let is_open = keys.iter().any(|key| self.opened.contains(key));
        let is_under_way = keys.iter().all(|key| self.pending.contains_key(key));
        let (is_marked, of_first) = (marked == keys.len(), self.row(first, Place::Alone));
        let head = AlertRow {
            person: None,
            is_marked,
            pending: of_first.pending.filter(|_| is_under_way),
            place: Place::Fold { members: keys, marked, is_open },
            ..of_first
        };
        let beneath = members.iter().filter(|_| is_open).map(|k| self.row(k, Place::Within));
        std::iter::once(head).chain(beneath).collect()
    }

    fn row(&self, known: &KnownAlert, place: Place) -> AlertRow {
        AlertRow {
            key: known.key.clone(),
            person: self.floor.person_of_alert(known).map(|person| person.id.clone()),
            is_marked: self.marked.contains(&known.key),
            pending: self.pending.get(&known.key).map(|tracked| tracked.attempt.deed.clone()),
            place,
        }
    }
}

/// Newest first, or oldest first; those without a time come last either way.
pub(super) fn in_order(a: &KnownAlert, b: &KnownAlert, reverse: bool) -> Ordering {
    let raised = |known: &KnownAlert| known.alert.created_at;
    let by_time = raised(b).cmp(&raised(a));
    let by_time = if reverse { by_time.reverse() } else { by_time };
    let untimed = raised(a).is_none().cmp(&raised(b).is_none());
    untimed.then(by_time).then_with(|| a.key.cmp(&b.key))
}

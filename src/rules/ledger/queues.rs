//! Who sat in which queue today.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::QueueKey;

/// A queue's number in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u32);

/// Who sat in which queue today. Who turns out not to have sat there stays listed, with no time.
#[derive(Debug, Clone, Default)]
pub(super) struct Queues {
    places: HashMap<QueueKey, Place>,
    members: BTreeMap<Place, BTreeSet<usize>>,
}

impl Queues {
    /// Lists the person at `index` of the floor under `key`.
    pub(super) fn seat(&mut self, key: &QueueKey, index: usize) -> Place {
        let place = match self.places.get(key) {
            Some(place) => *place,
            None => {
                let count = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
                *self.places.entry(key.clone()).or_insert(Place(count))
            }
        };
        self.members.entry(place).or_default().insert(index);
        place
    }

    /// The number of the queue `key`, and where in the floor's order its people are.
    pub(super) fn members(&self, key: &QueueKey) -> Option<(Place, impl Iterator<Item = usize>)> {
        let place = *self.places.get(key)?;
        Some((place, self.members.get(&place)?.iter().copied()))
    }
}

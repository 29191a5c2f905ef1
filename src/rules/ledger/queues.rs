//! Who sat in which queue today.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{AssignedQueues, QueueKey};

/// The number of what somebody sits in, one queue or several at once, in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u32);

/// Who sat in which queue today. Who turns out not to have sat there stays listed, with no time.
#[derive(Debug, Clone, Default)]
pub(super) struct Queues {
    places: HashMap<AssignedQueues, Place>,
    /// Every place that has the queue in it.
    by_queue: HashMap<QueueKey, Vec<Place>>,
    members: BTreeMap<Place, BTreeSet<usize>>,
}

impl Queues {
    /// Lists the person at `index` of the floor under each of `queues`.
    pub(super) fn seat(&mut self, queues: &AssignedQueues, index: usize) -> Place {
        let place = match self.places.get(queues) {
            Some(place) => *place,
            None => {
                let place = Place(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
                for key in queues.iter() {
                    self.by_queue.entry(key.clone()).or_default().push(place);
                }
                *self.places.entry(queues.clone()).or_insert(place)
            }
        };
        self.members.entry(place).or_default().insert(index);
        place
    }

    /// Every place that has the queue `key` in it, and where in the floor's order those are who sat in any
    /// of them: somebody may have sat there alone for a while, and in other queues besides.
    pub(super) fn members(&self, key: &QueueKey) -> (&[Place], BTreeSet<usize>) {
        let places = self.by_queue.get(key).map_or(&[][..], Vec::as_slice);
        let members = places.iter().filter_map(|place| self.members.get(place));
        (places, members.flatten().copied().collect())
    }
}

//! What a record says of the contacts being handled: how many on each channel, how much more would
//! fit, what was passed on to others. Times are in the server's clock.

use std::sync::Arc;

use chrono::TimeDelta;

use crate::model::{ChannelLoad, Contact, Transfer};

/// Contacts passed on that are remembered of one session: the newest.
const TRANSFERS: usize = 20;

/// What a record says of contacts; what it has no word about is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Workload {
    /// How much is handled of what can be handled at once, 0 to 1.
    pub load: Option<f64>,
    /// How many contacts can be handled at once.
    pub capacity: Option<u64>,
    pub channels: Option<Vec<ChannelLoad>>,
    /// The voice work mode, verbatim.
    pub direction: Option<String>,
    /// By their beginning.
    pub transfers: Vec<Transfer>,
}

impl Workload {
    /// This, in the room it needs; none where it says nothing.
    pub(super) fn boxed(self) -> Option<Arc<Self>> {
        (self != Self::default()).then(|| Arc::new(self))
    }

    /// What holds once `later` has been said after `earlier`: what it leaves out holds on, and
    /// contacts passed on come together. Whatever of the two says it all already is shared.
    pub(super) fn over(
        earlier: Option<&Arc<Self>>,
        later: Option<&Arc<Self>>,
    ) -> Option<Arc<Self>> {
        let (Some(earlier), Some(later)) = (earlier, later) else {
            return later.or(earlier).cloned();
        };
        if earlier == later {
            return Some(Arc::clone(earlier));
        }
        let both = Self {
            load: later.load.or(earlier.load),
            capacity: later.capacity.or(earlier.capacity),
            channels: later.channels.as_ref().or(earlier.channels.as_ref()).cloned(),
            direction: later.direction.as_ref().or(earlier.direction.as_ref()).cloned(),
            transfers: together(&earlier.transfers, &later.transfers),
        };
        let same = [earlier, later].into_iter().find(|known| ***known == both);
        Some(same.map_or_else(|| Arc::new(both), Arc::clone))
    }

    /// The same, read when the server's clock had been set by `stepped`.
    pub(super) fn read_after(&self, stepped: TimeDelta) -> Self {
        let mut read = self.clone();
        for transfer in &mut read.transfers {
            transfer.started_at = transfer.started_at.map(|at| at - stepped);
            transfer.ended_at = transfer.ended_at.map(|at| at - stepped);
        }
        read
    }

    /// In our words and our clock; `offset` is the server's minus ours.
    pub(super) fn contact(&self, offset: TimeDelta) -> Contact {
        let ours = |transfer: &Transfer| Transfer {
            started_at: transfer.started_at.map(|at| at - offset),
            ended_at: transfer.ended_at.map(|at| at - offset),
            ..transfer.clone()
        };
        Contact {
            call: None,
            load: self.load,
            capacity: self.capacity,
            channels: self.channels.clone().unwrap_or_default(),
            transfers: self.transfers.iter().map(ours).collect(),
            direction: self.direction.clone(),
        }
    }
}

/// The newest of both, each once: a later word of the same one may know its end.
pub(super) fn together(earlier: &[Transfer], later: &[Transfer]) -> Vec<Transfer> {
    let mut all: Vec<Transfer> = Vec::with_capacity(earlier.len() + later.len());
    for transfer in earlier.iter().chain(later) {
        match all.iter_mut().find(|known| is_same(known, transfer)) {
            Some(known) => known.ended_at = transfer.ended_at.max(known.ended_at),
            None => all.push(transfer.clone()),
        }
    }
    all.sort_by_key(|transfer| transfer.started_at);
    all.drain(..all.len().saturating_sub(TRANSFERS));
    all
}

fn is_same(one: &Transfer, other: &Transfer) -> bool {
    (&one.interaction, &one.to_agent, one.started_at)
        == (&other.interaction, &other.to_agent, other.started_at)
}

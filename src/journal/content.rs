//! What a spell says, as it is kept: one JSON text for all spells that say the same, so that a row of
//! the history is a handful of numbers.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::instant::instant;
use crate::model::{
    Activity, AlertKey, AssignedQueues, Doubt, Evidence, KnownAlert, QueueKey, RawWord, SourceName,
    Spell,
};

/// Of what a row tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Track {
    /// What the source's own log says.
    Recorded = 0,
    /// What our readings showed.
    Watched = 1,
    /// Where an agent sits.
    Place = 2,
    /// What a WFM says of the schedule.
    Schedule = 3,
}

impl Track {
    pub(super) const ALL: [Self; 4] = [Self::Recorded, Self::Watched, Self::Place, Self::Schedule];

    /// Whether what has no end goes on as far as the run that saw it has read. A log says by itself
    /// when something ends.
    pub(super) fn is_watched(self) -> bool {
        self != Self::Recorded
    }
}

/// A spell without its instants.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) activity: Activity,
    pub(super) evidence: Evidence,
    pub(super) raw: RawWord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) doubt: Option<Doubt>,
}

impl State {
    pub(super) fn of(spell: &Spell) -> Self {
        let Spell { activity, evidence, raw, doubt, .. } = spell.clone();
        Self { activity, evidence, raw, doubt }
    }
}

/// Where an agent sits: in one queue, or in several at once. The source is the agent's.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Seat {
    #[serde(flatten)]
    first: SeatOfOne,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<SeatOfOne>,
}

#[derive(Clone, Serialize, Deserialize)]
struct SeatOfOne {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    campaign_id: Option<String>,
    queue_id: String,
}

impl Seat {
    /// None for no queue at all.
    pub(super) fn of(queues: &AssignedQueues) -> Option<Self> {
        let mut all = queues.iter().map(|key| SeatOfOne {
            campaign_id: key.campaign_id.clone(),
            queue_id: key.queue_id.clone(),
        });
        Some(Self { first: all.next()?, also: all.collect() })
    }

    pub(super) fn queues(&self, source: &SourceName) -> AssignedQueues {
        let all = std::iter::once(&self.first).chain(&self.also);
        all.map(|seat| {
            let (campaign_id, queue_id) = (seat.campaign_id.clone(), seat.queue_id.clone());
            QueueKey { source: source.clone(), campaign_id, queue_id }
        })
        .collect()
    }
}

/// `value` as JSON.
pub(super) fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    let failed = |error| rusqlite::Error::ToSqlConversionFailure(Box::new(error));
    serde_json::to_string(value).map_err(failed)
}

/// What a JSON text of the journal says; none, with a line in the log, where it cannot be read: one
/// row that somebody has edited must not take all the others with it.
pub(super) fn read<T: DeserializeOwned>(json: &str, what: &str) -> Option<T> {
    serde_json::from_str(json)
        .inspect_err(|error| tracing::warn!("the journal: {what} cannot be read: {error}"))
        .ok()
}

/// The contents of one kind of track, each read once.
pub(super) struct Contents<T>(HashMap<i64, Option<T>>);

impl<T: DeserializeOwned + Clone> Contents<T> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// The content called `id`; none where it cannot be read.
    pub(super) fn get(&mut self, connection: &Connection, id: i64) -> rusqlite::Result<Option<&T>> {
        let value = match self.0.entry(id) {
            Slot::Occupied(known) => known.into_mut(),
            Slot::Vacant(free) => {
                let sql = "SELECT json FROM contents WHERE id = ?1";
                let mut statement = connection.prepare_cached(sql)?;
                let text = statement.query_row([id], |row| row.get::<_, String>(0)).optional()?;
                free.insert(text.and_then(|text| read(&text, "a spell's content")))
            }
        };
        Ok(value.as_ref())
    }
}

/// An alert from a row of its source, its id, its instant, whether it was listed, and itself.
pub(super) fn alert(row: &Row<'_>) -> rusqlite::Result<Option<KnownAlert>> {
    let source = SourceName::from(row.get::<_, String>(0)?);
    let key = AlertKey { source, id: row.get::<_, String>(1)?.into() };
    let (as_of, listed) = (instant(row.get(2)?), row.get(3)?);
    let alert = read(&row.get::<_, String>(4)?, "an alert");
    Ok(alert.map(|alert| KnownAlert { key, alert, as_of, listed }))
}

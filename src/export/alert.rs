//! One alert of the snapshot.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::instant::maybe_instant;
use crate::model::{Floor, KnownAlert, Side};

/// One alert, a WFM's or one of our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AlertLine {
    /// The source's id of it.
    pub id: String,
    /// The WFM; `floorwatch` where the program found it itself.
    pub source: String,
    /// What it is about: late_start, early_leave, …; an unknown word verbatim.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whom it concerns: the roster's id, else `source:id`; null where nobody knows them.
    pub person: Option<String>,
    /// The name that the WFM shows.
    pub name: Option<String>,
    /// active, acknowledged or resolved; an unknown word verbatim.
    pub status: String,
    /// The source's own sentence.
    pub message: String,
    /// When it was raised.
    #[serde(serialize_with = "maybe_instant")]
    pub created_at: Option<DateTime<Utc>>,
    /// When somebody acknowledged it.
    #[serde(serialize_with = "maybe_instant")]
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// When somebody resolved it.
    #[serde(serialize_with = "maybe_instant")]
    pub resolved_at: Option<DateTime<Utc>>,
    /// What whoever dealt with it wrote.
    pub notes: Option<String>,
}

impl AlertLine {
    /// Every alert of `floor`, and of our own the `found` ones as they stand now, by source and id;
    /// none where no WFM's alerts have ever been read and we found none either. One that its WFM lists
    /// no longer is left out: nobody knows how it stands now.
    pub(super) fn all(floor: &Floor, found: &[KnownAlert]) -> Option<Vec<Self>> {
        let mut sides = floor.feeds().iter().filter_map(|feed| feed.side(Side::Alerts)).peekable();
        let only_ours = sides.peek().is_none() && floor.timetable().is_some();
        let is_read = sides.any(|side| side.read_at.is_some());
        let mut all: BTreeMap<_, _> =
            floor.alerts().all().filter(|k| k.listed).map(|k| (&k.key, k)).collect();
        all.extend(found.iter().map(|known| (&known.key, known)));
        let is_known = is_read || only_ours || !all.is_empty();
        is_known.then(|| all.into_values().map(|known| Self::of(floor, known)).collect())
    }

    fn of(floor: &Floor, known: &KnownAlert) -> Self {
        let alert = &known.alert;
        Self {
            id: alert.id.to_string(),
            source: known.key.source.to_string(),
            kind: alert.kind.word().to_owned(),
            name: alert.name.clone(),
            person: floor.person_of_alert(known).map(|person| person.id.to_string()),
            status: alert.status.word().to_owned(),
            message: alert.message.clone(),
            created_at: alert.created_at,
            acknowledged_at: alert.acknowledged_at,
            resolved_at: alert.resolved_at,
            notes: alert.notes.clone(),
        }
    }
}

//! What the WFM's alerts really are, and what became of its session.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::simulator::wfm::{Session, kind_word, status_word};
use crate::simulator::world::World;
use crate::simulator::world::alert::{By, Standing};

/// One alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertTruth {
    /// Its key.
    pub id: String,
    /// Whom it is about, by the roster.
    pub person: String,
    /// late_start, early_leave, extended_break, unscheduled_break or wrong_state.
    pub kind: String,
    /// active, acknowledged or resolved.
    pub status: String,
    /// When it was raised.
    pub created_at: DateTime<Utc>,
    /// When somebody acknowledged it.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Who did: client or colleague.
    pub acknowledged_by: Option<String>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Who did: client, colleague or, where its cause was over, itself.
    pub resolved_by: Option<String>,
    /// What was noted last.
    pub notes: Option<String>,
}

/// What became of the WFM's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTruth {
    /// How often its cookie was renewed.
    pub renewed: u64,
    /// How many requests came without a good one.
    pub refused: u64,
}

impl SessionTruth {
    pub(super) fn of(session: &Session) -> Self {
        Self { renewed: session.renewed, refused: session.refused }
    }
}

/// Every alert raised by `now`, as it was then.
pub(super) fn alerts(world: &World, now: DateTime<Utc>) -> Vec<AlertTruth> {
    world.board.at(now).into_iter().map(|standing| alert(world, standing)).collect()
}

fn alert(world: &World, standing: Standing) -> AlertTruth {
    AlertTruth {
        id: standing.alert.id.to_string(),
        person: world.people[standing.alert.person].id.clone(),
        kind: kind_word(standing.alert.kind).to_owned(),
        status: status_word(standing.status()).to_owned(),
        created_at: standing.alert.created,
        acknowledged_at: standing.acknowledged.map(|(at, _)| at),
        acknowledged_by: standing.acknowledged.map(|(_, by)| who(by).to_owned()),
        resolved_at: standing.resolved.map(|(at, _)| at),
        resolved_by: standing.resolved.map(|(_, by)| who(by).to_owned()),
        notes: standing.notes,
    }
}

fn who(by: By) -> &'static str {
    match by {
        By::Client => "client",
        By::Colleague => "colleague",
        By::Itself => "itself",
    }
}

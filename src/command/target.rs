//! Whom a logout reaches, and whether the readings still show them.

use chrono::{DateTime, Utc};

use super::Sighting;
use crate::model::{Activity, AgentKey, Evidence, Floor, Person, SourceKind};

/// The agent that a logout of `person` would reach, or why there is none.
///
/// # Errors
/// A sentence: only Convoso can log an agent out, and only one who is logged in there.
pub fn target(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Result<AgentKey, String> {
    let name = &person.name;
    let at_convoso = person.ids.iter().filter_map(|(source, agent)| {
        let feed = floor.feed(source)?;
        (feed.kind == SourceKind::Convoso).then(|| AgentKey::new(source.clone(), agent.clone()))
    });
    let mut offline = None;
    for key in at_convoso {
        if is_offline(floor, person, &key, now) {
            offline = Some(key);
        } else {
            return Ok(key);
        }
    }
    match offline {
        Some(key) => {
            Err(format!("{name} is not logged in at {}: there is nothing to log out", key.source))
        }
        None => Err(format!("{name} has no Convoso id, and only Convoso can log an agent out")),
    }
}

/// Whether `person` is known not to be logged in at `key`'s source: a fresh reading says so.
#[must_use]
pub fn is_offline(floor: &Floor, person: &Person, key: &AgentKey, now: DateTime<Utc>) -> bool {
    person.presence(&key.source).is_some_and(|presence| {
        presence.activity == Activity::Offline && floor.evidence(presence, now) != Evidence::Stale
    })
}

/// What the newest reading of the target's source says of the target; none while it is stale or
/// has not decided (missing from one answer only).
#[must_use]
pub fn sighting(
    floor: &Floor,
    target: &AgentKey,
    now: DateTime<Utc>,
) -> Option<(Sighting, DateTime<Utc>)> {
    let presence = floor.person_of(target)?.presence(&target.source)?;
    if floor.evidence(presence, now) == Evidence::Stale {
        return None;
    }
    let seen =
        if presence.activity == Activity::Offline { Sighting::Gone } else { Sighting::Present };
    Some((seen, presence.as_of))
}

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
        let presence = person.presence(&key.source);
        match presence {
            Some(p)
                if p.activity == Activity::Offline && floor.evidence(p, now) != Evidence::Stale =>
            {
                offline = Some(key);
            }
            _ => return Ok(key),
        }
    }
    match offline {
        Some(key) => {
            Err(format!("{name} is not logged in at {}: there is nothing to log out", key.source))
        }
        None => Err(format!("{name} has no Convoso id, and only Convoso can log an agent out")),
    }
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

//! How much confirmation it takes to interrupt a person.

use chrono::{DateTime, TimeDelta, Utc};

use super::words;
use crate::model::{Activity, AgentKey, Evidence, Floor, Person, Presence};

/// How much confirmation a logout needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// Every presence is fresh and interruptible: one key is enough.
    Plain,
    /// Something is busy, stale or unknown: the typed word is needed, and these are the reasons.
    Typed(Vec<String>),
}

/// How much confirmation logging `person` out at `target` needs at `now`: one key where every
/// presence is fresh and can be interrupted (or is offline elsewhere), else the typed word.
#[must_use]
pub fn assess(
    floor: &Floor,
    person: &Person,
    target: &AgentKey,
    now: DateTime<Utc>,
) -> Confirmation {
    let unlisted = person.presence(&target.source).is_none();
    let unlisted = unlisted.then(|| format!("{} does not list this agent", target.source));
    let presences = person.presences.iter();
    let doubts: Vec<_> =
        unlisted.into_iter().chain(presences.filter_map(|p| doubt(floor, p, now))).collect();
    if doubts.is_empty() { Confirmation::Plain } else { Confirmation::Typed(doubts) }
}

fn doubt(floor: &Floor, presence: &Presence, now: DateTime<Utc>) -> Option<String> {
    let activity = words::activity(&presence.activity);
    if presence.activity.is_busy() {
        Some(format!("{activity} at {}", presence.source))
    } else if floor.evidence(presence, now) == Evidence::Stale {
        let age = words::duration(now - presence.as_of);
        Some(format!("what {} says ({activity}) is {age} old", presence.source))
    } else if presence.activity.is_interruptible() || presence.activity == Activity::Offline {
        None
    } else {
        Some(format!("{activity} at {}", presence.source))
    }
}

/// One presence in words: what, for how long, how we know.
#[must_use]
pub fn describe(floor: &Floor, presence: &Presence, now: DateTime<Utc>) -> String {
    let age = (now - presence.as_of).max(TimeDelta::zero());
    let evidence = floor.evidence(presence, now);
    // A state that nothing confirms any more did not go on as far as anyone knows.
    let until = if evidence == Evidence::Stale { presence.as_of } else { now };
    let time = presence.since.map(|since| format!(" for {}", words::duration(until - since)));
    format!(
        "{}: {}{} ({}, {} old)",
        presence.source,
        words::activity(&presence.activity),
        time.unwrap_or_default(),
        evidence.word(),
        words::duration(age),
    )
}

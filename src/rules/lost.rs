//! The vanished and the forgotten: whom the other systems lose.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Activity, Floor, Headline, Person, Presence, SourceName};

/// A state that lasts this long is taken for forgotten.
pub(super) const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(6);

/// How somebody got lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// No longer listed by a source, without a logout.
    Vanished {
        /// By which.
        source: SourceName,
        /// When they were last seen there, in our clock.
        since: Option<DateTime<Utc>>,
    },
    /// Six hours or more in one state.
    Forgotten {
        /// When the state began, in our clock.
        since: DateTime<Utc>,
    },
}

impl Lost {
    /// Since when, in our clock; none where nobody knows.
    #[must_use]
    pub fn since(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Vanished { since, .. } => *since,
            Self::Forgotten { since } => Some(*since),
        }
    }
}

/// Whether `person`, whose headline is `headline`, got lost on the floor's present day, however long
/// ago that was. Who is still in a state is forgotten wherever else they vanished from.
#[must_use]
pub fn lost(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<Lost> {
    if let Some(since) = forgotten_since(headline, now) {
        return Some(Lost::Forgotten { since });
    }
    let today = floor.day_start(now);
    let presence = vanished(person).find(|p| p.since.is_none_or(|since| since >= today));
    let now_missed = presence
        .map(|presence| Lost::Vanished { source: presence.source.clone(), since: presence.since });
    now_missed.or_else(|| missed_by_earlier_runs(floor, person, headline, today, now))
}

/// Whom an earlier run saw at work, and who is missing from the list since before this one began. Who
/// is known to be somewhere else, or gone by another system's word, is not lost.
fn missed_by_earlier_runs(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    today: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Lost> {
    let by = headline.source.as_ref();
    let is_not_listed = by.is_some_and(|source| person.is_not_listed_by(source));
    if headline.activity != Activity::Unknown && !is_not_listed {
        return None;
    }
    person.keys().into_iter().find_map(|key| {
        let since = floor.missing_since(&key, now).filter(|since| *since >= today);
        since.map(|since| Lost::Vanished { source: key.source, since: Some(since) })
    })
}

/// Since when `headline` has been in one state, where that is longer than anybody can mean it.
pub(super) fn forgotten_since(headline: &Headline, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    // A log that has no word for a call says "ready" all day long.
    use Activity::{Offline, ReadyOrOnContact, Unknown};
    let at_work = !matches!(headline.activity, Offline | ReadyOrOnContact | Unknown);
    headline.time_in_state(now).filter(|time| at_work && *time >= FORGOTTEN_AFTER)?;
    headline.since
}

/// What `person` left without a logout: no longer listed, and neither the source nor the log beside
/// it says why. Who left a filter's scope may only sit in another queue.
pub(super) fn vanished(person: &Person) -> impl Iterator<Item = &Presence> {
    let gone = |p: &&Presence| p.has_vanished() && p.activity == Activity::Offline;
    person.presences.iter().filter(gone)
}

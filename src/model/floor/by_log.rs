//! What a person does by the log beside a monitor that says nothing fresh.

use chrono::{DateTime, Utc};

use super::Floor;
use crate::model::timeline::TOLERANCE;
use crate::model::{Activity, Evidence, FeedStatus, Headline, Person, Presence, Side, Spell};

impl Floor {
    /// What the log beside a silent monitor says that `person` does; none where no such log is
    /// current, where it was read before the monitor fell silent and so knows nothing that the monitor
    /// did not, and where its last word is no longer believed.
    ///
    /// It is derived at best, and only for want of anything fresh: the log is read once a minute, and
    /// has no word for a call, so that its "ready" is never "available". No logout goes by it, since a
    /// presence is what the monitor says.
    pub(super) fn by_log(&self, person: &Person, now: DateTime<Utc>) -> Option<Headline> {
        person.keys().into_iter().find_map(|key| {
            let feed = self.feed(&key.source)?;
            let log = feed.side(Side::History).filter(|log| log.status(now) == FeedStatus::Live)?;
            let is_silent = feed.status(now) != FeedStatus::Live;
            let monitored = person.presence(&key.source);
            let is_read_since = monitored.is_none_or(|monitored| log.as_of > Some(monitored.as_of));
            let last = self.pasts.latest_recorded(&key).filter(|_| is_silent && is_read_since)?;
            // Whom this run has not seen an earlier one may have seen leave.
            let seen_before = self.pasts.of(&key).filter(|_| monitored.is_none());
            let left = seen_before
                .and_then(|past| past.last_listed())
                .filter(|seen| seen.activity == Activity::Offline);
            let is_believed = last.until.is_none()
                && last.evidence != Evidence::Stale
                && monitored.is_none_or(|monitored| is_compatible(last, monitored))
                && left.is_none_or(|left| last.since >= left.since - TOLERANCE);
            is_believed.then(|| Headline {
                activity: match &last.activity {
                    Activity::Available => Activity::ReadyOrOnContact,
                    other => other.clone(),
                },
                since: Some(last.since),
                as_of: log.as_of,
                evidence: Evidence::Derived,
                source: Some(key.source.clone()),
                conflict: None,
                by_log: true,
            })
        })
    }
}

/// Whether the last word of the log can be true beside the last one of its monitor: it began later, or it
/// is the "ready" during which the monitor saw calls come and go. A log may lack a logout that the monitor
/// saw; what it says of the time before is over.
fn is_compatible(last: &Spell, monitored: &Presence) -> bool {
    use Activity::{Available, OnContact, Ringing};
    let began_later = monitored.since.is_none_or(|since| last.since >= since - TOLERANCE);
    let is_within =
        last.activity == Available && matches!(monitored.activity, Available | OnContact | Ringing);
    began_later || is_within
}

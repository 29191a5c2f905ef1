//! What a person does by the log beside a monitor that says nothing fresh.

use chrono::{DateTime, Utc};

use super::Floor;
use crate::model::{Activity, Evidence, FeedStatus, Headline, Person, Side};

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
            let monitored = person.presence(&key.source).map(|presence| presence.as_of);
            let is_newer = monitored.is_none_or(|monitored| log.as_of > Some(monitored));
            let last = self.pasts.latest_recorded(&key).filter(|_| is_silent && is_newer)?;
            let is_believed = last.until.is_none() && last.evidence != Evidence::Stale;
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

//! Who is not logged in because a whole list does not have them.
//!
//! Before a shift nobody is logged in, and a dialer that lists who is there lists nobody: its silence
//! of somebody whom the roster gives an id there is all that anybody says. It counts where the list
//! claims to be everybody and nothing makes it doubtful, a record that could not be understood included:
//! the person may be in that. As elsewhere one answer may be wrong, and two in a row are believed. What
//! the source itself last said of a person goes before; see [`super::absence`].

use chrono::{DateTime, Utc};

use super::absence::BELIEVED_AFTER;
use super::keeping::Laid;
use super::people::People;
use crate::model::{Activity, Coverage, Evidence, Feed, NOT_LISTED, Observation, Spell};

/// Takes in whom the list of `feed` just taken in does not have and never had, though the roster gives
/// them an id there. Nor did the list of the instant `before`, where there was one.
pub(super) fn infer(
    feed: &Feed,
    people: &mut People,
    before: Option<DateTime<Utc>>,
    laid: &mut Laid,
) {
    let Some(as_of) = feed.as_of.filter(|_| is_whole(feed)) else { return };
    let new = people.lack(feed, as_of, |agent| Observation {
        evidence: Evidence::Derived,
        ..Observation::of(agent, Activity::Offline, NOT_LISTED)
    });
    // After a longer silence nobody knows what was in between.
    if let Some(since) = before.filter(|before| as_of - *before <= feed.patience()) {
        for agent in new {
            let spell = Spell {
                since,
                until: Some(as_of),
                activity: Activity::Offline,
                evidence: Evidence::Derived,
                raw: NOT_LISTED.into(),
                doubt: None,
            };
            laid.add(agent, spell);
        }
    }
}

/// Whether whom the last lists did not have is not logged in there.
fn is_whole(feed: &Feed) -> bool {
    feed.kind.is_telephony()
        && !feed.kind.is_log()
        && matches!(feed.coverage, Some(Coverage::Whole { .. }))
        && feed.readings >= u64::from(BELIEVED_AFTER)
        && feed.hold.is_none()
        && feed.skipped == 0
}

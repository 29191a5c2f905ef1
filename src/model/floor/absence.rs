//! What it means that a source no longer lists an agent.
//!
//! Once missing, the last state stays, greyed: one answer may be wrong. Missing from two successful
//! unfiltered answers in a row, the agent is believed logged out. A list that is shorter than its
//! own head count, or that lost more than half the floor at once (one person is no floor), is more
//! likely broken than true: the missing are held as stale for a minute before any of them is believed
//! gone. Who goes missing just when a record turns unreadable may be in that record, and is held for
//! as long as there are any.

use chrono::{DateTime, TimeDelta, Utc};

use super::Change;
use super::people::People;
use crate::model::{Activity, Coverage, Evidence, Feed, Hold, HoldReason, Presence};

/// How long a doubtful list is held.
pub(super) const HOLD: TimeDelta = TimeDelta::seconds(60);

/// Successful answers that must miss an agent before the absence is believed.
pub(super) const BELIEVED_AFTER: u8 = 2;

/// What stands for the word of a source that no longer lists somebody.
pub(super) const NO_LONGER_LISTED: &str = "no longer listed";

/// Records that could not be understood, in the reading before and in this one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unread {
    pub(super) before: u32,
    pub(super) now: u32,
}

/// Judges everybody whom the reading just taken in (`feed.as_of`) did not list. `listed` counts whom
/// it did; like `declared`, without the records that were unreadable or left out on purpose. `remembered`
/// counts whom an earlier run saw at work a short while ago and this one has not seen: they are missing too.
pub(super) fn judge(
    feed: &mut Feed,
    people: &mut People,
    coverage: Coverage,
    listed: u64,
    unread: Unread,
    remembered: u64,
    now: DateTime<Utc>,
) -> Vec<Change> {
    let (declared, filtered) = match coverage {
        Coverage::Part => return Vec::new(),
        Coverage::Visible => {
            out_of_sight(feed, people, listed, now);
            return Vec::new();
        }
        Coverage::Filtered => (None, true),
        Coverage::Whole { declared } => (declared, false),
    };
    let Some(as_of) = feed.as_of else { return Vec::new() };
    // Everybody listed has just been given this very instant; another one may lie on either side of
    // it, since our clock may have been set back.
    let is_missing = |p: &Presence| p.as_of != as_of;
    let (mut there, mut missing) = (remembered, remembered);
    let mut newly = if feed.hold.is_none() { remembered } else { 0 };
    for presence in people.presences_at(feed) {
        if presence.activity != Activity::Offline && !presence.has_vanished() {
            there += 1;
            missing += u64::from(is_missing(presence));
            newly += u64::from(is_missing(presence) && presence.evidence != Evidence::Stale);
        }
    }
    let doubt = doubt(declared, listed, missing, there);
    feed.hold = hold(feed.hold, doubt, is_mass(newly, there), now);
    let held = feed.hold.is_some_and(|hold| hold.is_active(now));
    people
        .presences_at(feed)
        // Of whom it never had it says so itself, where it may.
        .filter(|presence| is_missing(presence) && !presence.is_not_listed())
        .filter_map(|presence| {
            let newly = presence.missed == 0 && unread.now > unread.before;
            presence.may_be_unread = unread.now > 0 && (presence.may_be_unread || newly);
            miss(presence, as_of, held || presence.may_be_unread, filtered)
        })
        .collect()
}

/// Doubts a whole list that came before what earlier runs kept, where it lacks most of those whom they saw at
/// work a short while ago, `remembered`.
pub(super) fn doubt_restored(
    feed: &mut Feed,
    people: &mut People,
    remembered: u64,
    now: DateTime<Utc>,
) {
    let is_whole =
        feed.kind.is_telephony() && matches!(feed.coverage, Some(Coverage::Whole { .. }));
    if !is_whole || feed.hold.is_some() {
        return;
    }
    let is_there = |presence: &&mut Presence| presence.activity != Activity::Offline;
    let of = people.presences_at(feed).filter(is_there).count() as u64 + remembered;
    if is_mass(remembered, of) {
        let reason = HoldReason::MassVanish { missing: remembered, of };
        feed.hold = Some(Hold { reason, since: now, until: now + HOLD });
    }
}

/// Marks everybody stale whom a list of whom the login may see did not show this time, and judges
/// whether the list is to be doubted.
fn out_of_sight(feed: &mut Feed, people: &mut People, listed: u64, now: DateTime<Utc>) {
    let Some(as_of) = feed.as_of else { return };
    let (mut there, mut missing, mut newly) = (0, 0, 0);
    for presence in people.presences_at(feed) {
        let is_there = u64::from(presence.activity != Activity::Offline);
        there += is_there;
        if presence.as_of != as_of {
            missing += is_there;
            newly += if presence.evidence == Evidence::Stale { 0 } else { is_there };
            presence.evidence = Evidence::Stale;
        }
    }
    let is_empty = listed == 0 && there > 0;
    let doubt = match is_empty {
        true => Some(HoldReason::Emptied { of: there }),
        false => doubt(None, listed, missing, there),
    };
    feed.hold = hold(feed.hold, doubt, is_mass(newly, there), now);
    if let Some(hold) = feed.hold.as_mut().filter(|_| is_empty) {
        hold.until = now + HOLD;
    }
}

/// Why the list is doubtful, if it is.
fn doubt(declared: Option<u64>, listed: u64, missing: u64, there: u64) -> Option<HoldReason> {
    match declared {
        Some(declared) if declared > listed => Some(HoldReason::PartialList { listed, declared }),
        _ if is_mass(missing, there) => Some(HoldReason::MassVanish { missing, of: there }),
        _ => None,
    }
}

/// More than half of the floor; one person is no floor.
fn is_mass(missing: u64, there: u64) -> bool {
    missing > 1 && missing * 2 > there
}

/// A doubt begins a hold or goes on with the one there is, expired or not; without a doubt it ends.
/// A vanishing `at_once` begins a new one also where the old has expired: a list may always be shorter
/// than its head count.
fn hold(
    held: Option<Hold>,
    doubt: Option<HoldReason>,
    at_once: bool,
    now: DateTime<Utc>,
) -> Option<Hold> {
    let reason = doubt?;
    Some(match held {
        Some(held) if held.is_active(now) || !at_once => Hold { reason, ..held },
        _ => Hold { reason, since: now, until: now + HOLD },
    })
}

/// One more answer without the agent.
fn miss(
    presence: &mut Presence,
    as_of: DateTime<Utc>,
    held: bool,
    filtered: bool,
) -> Option<Change> {
    if presence.activity == Activity::Offline {
        // Logged out, and not listed for it: every answer confirms that anew.
        presence.as_of = as_of;
        return None;
    }
    if held {
        presence.evidence = Evidence::Stale;
        return None;
    }
    if presence.has_vanished() {
        presence.as_of = if filtered { presence.as_of } else { as_of };
        return None;
    }
    presence.missed += 1;
    presence.evidence = Evidence::Stale;
    if presence.missed < BELIEVED_AFTER {
        return None;
    }
    presence.since = Some(presence.as_of);
    presence.episode = None;
    if filtered {
        // It may only have moved to another queue or campaign.
        presence.activity = Activity::Unknown;
        presence.raw = "left the filter's scope".to_owned();
    } else {
        presence.activity = Activity::Offline;
        presence.raw = NO_LONGER_LISTED.to_owned();
        presence.evidence = Evidence::Inferred;
        presence.as_of = as_of;
    }
    Some(Change::Left(presence.key()))
}

//! Who has logged out by the log beside a monitor that no longer lists them.
//!
//! A monitor that lists everybody and not this agent only lets one infer a logout. A log that ends
//! with one says so and says when: then it is observed, and nobody has vanished. The monitor has to
//! be live and its list whole, since a log is read more seldom and knows nothing of a login since.

use chrono::{DateTime, Utc};

use super::Change;
use super::pasts::Pasts;
use super::people::People;
use crate::model::timeline::JITTER;
use crate::model::{Activity, AgentKey, Evidence, Feed, Observation, Presence, Spell};

/// Believes the logouts that the log of `feed`'s source told of whom its monitor does not list. Whom
/// nobody else knows has a row only where that was after `day_start`: yesterday's leavers are not on
/// the floor.
pub(super) fn believe(
    feed: &Feed,
    people: &mut People,
    pasts: &mut Pasts,
    day_start: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Change> {
    let Some(as_of) = feed.as_of.filter(|_| feed.lists_everybody(now)) else { return Vec::new() };
    let mut changes = Vec::new();
    for presence in people.presences_at(feed).filter(|presence| is_missed(presence)) {
        let key = presence.key();
        let is_why = |spell: &&Spell| pasts.is_ended_by(&key, spell);
        let Some(spell) = pasts.logout(&key).filter(is_why) else { continue };
        let from = std::mem::replace(&mut presence.activity, Activity::Offline);
        presence.raw = spell.raw.as_str().to_owned();
        // What the agent was seen to do began after it: rounded seconds. What was seen stands.
        let seen = pasts.last_logged_in(&key).filter(|(since, _)| spell.since < *since);
        presence.since = Some(seen.map_or(spell.since, |(_, until)| until));
        presence.evidence = Evidence::Observed;
        presence.episode = None;
        presence.as_of = as_of;
        presence.missed = 0;
        if from != Activity::Offline {
            changes.push(Change::Activity { agent: key, from, to: Activity::Offline });
        }
    }
    for (agent, name) in pasts.leavers(&feed.name) {
        let key = AgentKey::new(feed.name.clone(), agent);
        let Some(spell) = pasts.logout(&key) else { continue };
        let person = people.find(&key);
        let presence = person.and_then(|person| person.presence(&feed.name));
        let presence = presence.filter(|presence| !presence.is_not_listed());
        let has_left = match presence {
            Some(presence) => has_left_again(spell, presence, pasts),
            None => pasts.is_ended_by(&key, spell),
        };
        if !has_left || person.is_none() && spell.since < day_start {
            continue;
        }
        let logged_out = Observation {
            name,
            since: Some(spell.since),
            ..Observation::of(key.agent, Activity::Offline, spell.raw.as_str())
        };
        changes.extend(people.observe(feed, logged_out, as_of));
    }
    changes
}

/// Whether the monitor has stopped listing the agent, and nothing has said why.
fn is_missed(presence: &Presence) -> bool {
    let is_explained =
        presence.activity == Activity::Offline && presence.evidence == Evidence::Observed;
    presence.missed > 0 && !presence.may_be_unread && !is_explained
}

/// Whether the logout ended another session than the one after which the agent is offline, of which
/// the monitor saw nothing. The log tells its own logouts apart to the second; that of the monitor may
/// lie a moment beside it.
fn has_left_again(logout: &Spell, presence: &Presence, pasts: &Pasts) -> bool {
    let is_later = presence.since.is_some_and(|since| {
        let is_logged = pasts.logs_out_at(&presence.key(), since);
        logout.since > if is_logged { since } else { since + JITTER }
    });
    presence.activity == Activity::Offline && presence.evidence == Evidence::Observed && is_later
}

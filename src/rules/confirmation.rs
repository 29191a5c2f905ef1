//! How much confirmation it takes to interrupt a person.

use chrono::{DateTime, TimeDelta, Utc};

use super::words;
use crate::model::{
    Activity, AgentKey, Evidence, Floor, Headline, Person, Presence, SourceKind, SourceName,
};

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
///
/// A state that is only inferred never stands in for an observed one. At the target itself it is a
/// doubt, whatever it says: who is no longer listed may be on a call all the same. Elsewhere it
/// counts as what it says, since nothing better is to be had: busy and unknown are doubts, and that
/// sip.io sees somebody waiting takes nothing from what the target says. Only before sip.io's second
/// answer is its "unknown" none: until then it has not said anything of anybody, like a source that
/// has not answered at all, and must not hold up the whole floor.
#[must_use]
pub fn assess(
    floor: &Floor,
    person: &Person,
    target: &AgentKey,
    now: DateTime<Utc>,
) -> Confirmation {
    let unlisted = person.presence(&target.source).is_none();
    let unlisted = unlisted.then(|| format!("{} does not list this agent", target.source));
    let doubts = person.presences.iter().filter_map(|p| doubt(floor, p, target, now));
    let doubts: Vec<_> = unlisted.into_iter().chain(doubts).collect();
    if doubts.is_empty() { Confirmation::Plain } else { Confirmation::Typed(doubts) }
}

fn doubt(
    floor: &Floor,
    presence: &Presence,
    target: &AgentKey,
    now: DateTime<Utc>,
) -> Option<String> {
    let Presence { source, activity, .. } = presence;
    let words = words::activity(activity);
    let evidence = floor.evidence(presence, now);
    if activity.is_busy() {
        Some(format!("{words} at {source}"))
    } else if evidence == Evidence::Stale {
        let age = words::duration(now - presence.as_of);
        Some(format!("what {source} says ({words}) is {age} old"))
    } else if evidence == Evidence::Inferred && *source == target.source {
        Some(format!("{words} at {source} is only inferred"))
    } else {
        let holds_up = match activity {
            Activity::Unknown => !has_yet_to_say_anything(floor, source),
            Activity::Offline => false,
            other => !other.is_interruptible(),
        };
        holds_up.then(|| format!("{words} at {source}"))
    }
}

/// Whether `source` tells states from what changes between two answers and has given one so far.
fn has_yet_to_say_anything(floor: &Floor, source: &SourceName) -> bool {
    floor.feed(source).is_some_and(|feed| feed.kind == SourceKind::SipIo && feed.readings < 2)
}

/// What is known at `now` of `person`, who would be logged out at `target`, in words: every presence, that
/// there is none at `target` where so, and what the log beside a silent monitor says where the list goes
/// by it.
#[must_use]
pub fn describe(
    floor: &Floor,
    person: &Person,
    target: &AgentKey,
    now: DateTime<Utc>,
) -> Vec<String> {
    let presences = person.presences.iter();
    let mut known: Vec<_> = presences.map(|presence| of_presence(floor, presence, now)).collect();
    if person.presence(&target.source).is_none() {
        known.push(format!("{}: unknown (it does not list this agent)", target.source));
    }
    known.extend(of_log(&floor.headline(person, now), now));
    known
}

/// One presence in words: what, for how long, how we know.
fn of_presence(floor: &Floor, presence: &Presence, now: DateTime<Utc>) -> String {
    let age = (now - presence.as_of).max(TimeDelta::zero());
    let evidence = floor.evidence(presence, now);
    // A state that nothing confirms any more did not go on as far as anyone knows.
    let until = if evidence == Evidence::Stale { presence.as_of } else { now };
    let time = presence.since.map(|since| format!(" for {}", words::duration(until - since)));
    format!(
        "{}: {}{}{} ({}, {} old)",
        presence.source,
        words::activity(&presence.activity),
        if presence.is_not_listed() { ", not in its list" } else { "" },
        time.unwrap_or_default(),
        evidence.word(),
        words::duration(age),
    )
}

/// What the log beside a silent monitor says, in words; none where `headline` does not go by one.
fn of_log(headline: &Headline, now: DateTime<Utc>) -> Option<String> {
    let source = headline.source.as_ref().filter(|_| headline.by_log)?;
    let time = headline.time_in_state(now);
    let time = time.map(|time| format!(" for {}", words::duration(time))).unwrap_or_default();
    let age = headline.as_of.map(|as_of| words::duration(now - as_of)).unwrap_or_default();
    Some(format!("the log of {source}: {}{time} ({age} old)", words::activity(&headline.activity)))
}

//! How much of a person's day nobody knows, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Activity, Floor, Fused, Person, SourceName};

/// Why nobody knows what was done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// It was before anybody said anything of the day.
    BeforeTheFirstWord,
    /// Only a log without calls tells of it: its breaks without the work between would mislead.
    LogWithoutCalls(SourceName),
    /// A part of a log could not be read so far.
    Unread(SourceName, String),
    /// The sources that know the person were silent.
    Silence(Vec<SourceName>),
    /// Nothing has been said since.
    SinceTheLastWord(Vec<SourceName>),
}

impl Cause {
    pub(super) fn words(&self) -> String {
        let named = |sources: &[SourceName]| {
            let names: Vec<_> = sources.iter().map(SourceName::as_str).collect();
            if names.is_empty() { "every source".to_owned() } else { names.join(", ") }
        };
        match self {
            Self::BeforeTheFirstWord => {
                "before the first reading or log entry of the day".to_owned()
            }
            Self::LogWithoutCalls(source) => {
                format!(
                    "logged in by the log of {source}, which has no calls: only adherence and conformance count it"
                )
            }
            Self::Unread(source, why) => {
                format!("the log of {source} could not be read and is asked for again: {why}")
            }
            Self::Silence(sources) => format!("silence of {}", named(sources)),
            Self::SinceTheLastWord(sources) => format!("since the last word of {}", named(sources)),
        }
    }
}

/// The time in `day`, a person's gapless past, of which nobody knows anything, by its cause.
pub(super) fn gaps(floor: &Floor, person: &Person, day: &[Fused]) -> BTreeMap<Cause, TimeDelta> {
    let known = |stretch: &&Fused| stretch.activity != Activity::Unknown;
    let first = day.iter().find(known).map(|stretch| stretch.since);
    let last = day.iter().rfind(known).map(|stretch| stretch.until);
    let mut by_cause: BTreeMap<Cause, TimeDelta> = BTreeMap::new();
    for stretch in day.iter().filter(|stretch| stretch.activity == Activity::Unknown) {
        let cause = match (stretch.logged, &stretch.source) {
            (Some(_), Some(source)) => Cause::LogWithoutCalls(source.clone()),
            _ => of(floor, person, stretch.since, first, last),
        };
        *by_cause.entry(cause).or_default() += stretch.until - stretch.since;
    }
    by_cause
}

fn of(
    floor: &Floor,
    person: &Person,
    at: DateTime<Utc>,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
) -> Cause {
    let keys = person.keys();
    let telephony = floor.feeds().iter().filter(|feed| feed.kind.is_telephony());
    let theirs = telephony.filter(|feed| keys.iter().any(|key| key.source == feed.name));
    let missed = theirs.clone().find_map(|feed| {
        let missed = feed.unread.iter().find(|unread| unread.from <= at && at < unread.until);
        Some(Cause::Unread(feed.name.clone(), missed?.why.clone()))
    });
    let sources = || theirs.map(|feed| feed.name.clone()).collect();
    if let Some(missed) = missed {
        return missed;
    }
    match (first, last) {
        (Some(first), _) if at < first => Cause::BeforeTheFirstWord,
        (_, Some(last)) if at >= last => Cause::SinceTheLastWord(sources()),
        _ => Cause::Silence(sources()),
    }
}

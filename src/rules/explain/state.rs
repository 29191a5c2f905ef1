//! Why a row has its state and its colour.

use chrono::{DateTime, Utc};

use super::wording::{clock, threshold_keys};
use super::{Explanation, Input};
use crate::model::{
    Activity, Evidence, Fate, Floor, Headline, Person, Presence, SourceName, Weighed,
};
use crate::rules::{Limits, words};

const RULE: &str = "Of the fresh statements those that are merely late, or whose system has no word \
    for it, give way to the others, and the busiest of the rest is the state, in the clock of the \
    system that says it; how long it has lasted against its threshold is the colour.";

/// The state of `person`, who won, what became of the others, and when the colour turns.
pub(super) fn state(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Explanation {
    let time = headline.time_in_state(now);
    let for_time = time.map(|time| format!(" for {}", words::duration(time)));
    let what =
        format!("State: {}{}", words::activity(&headline.activity), for_time.unwrap_or_default());
    let weighed = floor.weighed(person, now);
    let told = |w: &Weighed| Some((person.presence(&w.source)?, w.evidence));
    let statement = |w: &Weighed| {
        let (presence, evidence) = told(w)?;
        Some(said(floor, presence, evidence, now))
    };
    let mut inputs: Vec<_> = weighed.iter().filter_map(statement).collect();
    inputs.extend(clock_of(floor, headline));
    let mut arithmetic = verdict(floor, person, headline, &weighed, now);
    arithmetic.extend(timing(floor, headline, now));
    arithmetic.extend(turning(floor, headline, limits, now));
    Explanation {
        inputs,
        arithmetic,
        config: threshold_keys(&limits.thresholds, &headline.activity),
        ..Explanation::of(what, RULE)
    }
}

/// What one source says.
pub(super) fn said(
    floor: &Floor,
    presence: &Presence,
    evidence: Evidence,
    now: DateTime<Utc>,
) -> Input {
    let activity = words::activity(&presence.activity);
    let since = presence.since.map(|since| format!(" since {}", clock(floor, since, now)));
    let since = since.unwrap_or_else(|| ", it does not say since when".to_owned());
    if presence.is_not_listed() {
        let value = format!("{activity} (not in its list){since}, {}", evidence.word());
        return Input::said("list", value, &presence.source, now - presence.as_of);
    }
    let value = format!("{activity} (\"{}\"){since}, {}", presence.raw, evidence.word());
    Input::said("statement", value, &presence.source, now - presence.as_of)
}

/// How the winner's clock stands to ours.
fn clock_of(floor: &Floor, headline: &Headline) -> Option<Input> {
    let feed = floor.feed(headline.source.as_ref()?)?;
    let offset = feed.clock_offset?;
    let (ms, way) = (
        offset.num_milliseconds(),
        if offset < chrono::TimeDelta::zero() { "behind" } else { "ahead of" },
    );
    // By less nobody's figures are off, and it would read as none.
    if ms.abs() < 100 {
        return None;
    }
    let value = format!("{}.{} s {way} ours, taken off", ms.abs() / 1000, ms.abs() % 1000 / 100);
    let input = Input::own("its clock", value);
    Some(Input { source: Some(feed.name.clone()), ..input })
}

/// Which statement became the state, and what became of each of the others.
fn verdict(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    weighed: &[Weighed],
    now: DateTime<Utc>,
) -> Vec<String> {
    let Some(winner) = &headline.source else {
        return vec!["no source says anything of this person: unknown".to_owned()];
    };
    let state = words::activity(&headline.activity);
    let first = if headline.by_log {
        format!("the monitor of {winner} is silent, and the log beside it says {state}")
    } else if headline.is_stale() && person.is_not_listed_by(winner) {
        format!(
            "nothing fresh is said; {winner} did not list this person last, and that may be over"
        )
    } else if headline.is_stale() {
        format!("nothing fresh is said; {winner} said the newest, {state}, and it may be over")
    } else if headline.activity == Activity::Unknown {
        format!("{winner} says that nobody can say, and nobody else says more")
    } else {
        won(person, headline, winner, weighed)
    };
    let others = weighed.iter().filter(|w| &w.source != winner);
    let others = others.filter_map(|w| lost(floor, person, headline, w, now));
    let reason = weighed.iter().find(|w| w.gave_reason);
    let reason = reason.map(|w| format!("the reason is by {}: {winner} gives none", w.source));
    let logged = logged_reason(floor, person, headline, winner);
    std::iter::once(first).chain(logged).chain(reason).chain(others).collect()
}

/// That the log beside the winner's monitor explains its pause.
fn logged_reason(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    winner: &SourceName,
) -> Option<String> {
    let presence = person.presence(winner)?;
    let by_log = floor.reason_of(presence)?;
    let differs = presence.activity.reason() != Some(&by_log);
    let shown = headline.activity.reason() == Some(&by_log);
    (differs && shown)
        .then(|| format!("the reason is by the log of {winner}: its monitor gives none"))
}

/// By which rule the winner won.
fn won(person: &Person, headline: &Headline, winner: &SourceName, weighed: &[Weighed]) -> String {
    let state = words::activity(&headline.activity);
    let of = |fate: &Fate| {
        let theirs = weighed.iter().filter(|w| w.fate == *fate);
        theirs.map(|w| w.source.to_string()).collect::<Vec<_>>().join(" and ")
    };
    let (agree, outdone) = (of(&Fate::Agrees), of(&Fate::Outdone));
    let is_wfm = person.presence(winner).is_some_and(|p| !p.kind.is_telephony());
    match (agree.is_empty(), outdone.is_empty()) {
        _ if person.is_not_listed_by(winner) => format!(
            "not listed by {winner}, whose list is whole: not logged in there, and nobody says more"
        ),
        _ if is_wfm => format!("{winner} won: no phone system knows this person"),
        (true, true) if weighed.len() == 1 => {
            format!("{winner} won: nobody else knows this person")
        }
        (true, true) => format!("{winner} won: no other phone system says anything that counts"),
        (true, false) => format!("{winner} won: {state} is busier than what {outdone} says"),
        (false, _) => format!(
            "{winner} won over {agree}, saying the same: an observed statement goes before a derived \
             one, that before an inferred one, then the one that began last"
        ),
    }
}

/// What became of a statement that did not win.
fn lost(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    weighed: &Weighed,
    now: DateTime<Utc>,
) -> Option<String> {
    let name = &weighed.source;
    let presence = person.presence(name)?;
    let as_of = || clock(floor, presence.as_of, now);
    let since_of = |source: &SourceName| {
        let since = person.presence(source).and_then(|other| other.since);
        since.map_or_else(String::new, |since| format!(" at {}", clock(floor, since, now)))
    };
    let theirs = words::activity(&presence.activity);
    Some(match &weighed.fate {
        Fate::Won | Fate::Agrees => return None,
        Fate::Outdone => {
            format!(
                "{name} gives way: {theirs} is less busy than {}",
                words::activity(&headline.activity)
            )
        }
        Fate::Late(other) => format!(
            "{name} is merely late: it describes {}, and what {other} says began{}",
            as_of(),
            since_of(other)
        ),
        Fate::NoWord(other) => {
            let word = person.presence(other).map_or(&headline.activity, |p| &p.activity);
            format!(
                "{name} gives way: it has no word for {}, which {other} says",
                words::activity(word)
            )
        }
        Fate::LeftSince(other) => {
            format!(
                "{name} gives way: it has no word for the logout that {other} saw{}",
                since_of(other)
            )
        }
        Fate::Stale => format!("{name} does not count: nothing has confirmed it since {}", as_of()),
        Fate::NotListed => {
            format!(
                "{name} does not count: its list does not have this person, and another says more"
            )
        }
        Fate::Unknown => format!("{name} does not count: it says that nobody can say"),
        Fate::OnlyAWfm => {
            format!(
                "{name} does not count: a WFM never gives the state of whom a phone system knows"
            )
        }
    })
}

/// How long the state has lasted, by whose clock.
fn timing(floor: &Floor, headline: &Headline, now: DateTime<Utc>) -> Option<String> {
    let Some(since) = headline.since else {
        return Some("nobody says since when: no time in state".to_owned());
    };
    let time = words::duration(headline.time_in_state(now)?);
    let since = clock(floor, since, now);
    let by = headline.source.as_ref().map_or_else(String::new, |source| format!(", by {source}"));
    Some(match headline.as_of.filter(|_| headline.is_stale()) {
        Some(as_of) => format!(
            "last confirmed {} - {since}{by} = {time}, and standing still",
            clock(floor, as_of, now)
        ),
        None => {
            format!("now {} - {since}{by} = {time} in this state", clock(floor, now, now))
        }
    })
}

/// When the colour turns.
fn turning(floor: &Floor, headline: &Headline, limits: &Limits, now: DateTime<Utc>) -> Vec<String> {
    let activity = &headline.activity;
    if *activity == Activity::ReadyOrOnContact {
        return vec!["no threshold: \"ready\" in a log may be a call".to_owned()];
    }
    let Some(limit) = limits.thresholds.of(activity) else {
        return vec![format!("no threshold governs {}", words::activity(activity))];
    };
    let (Some(since), Some(time)) = (headline.since, headline.time_in_state(now)) else {
        return vec!["no threshold can be applied without a beginning".to_owned()];
    };
    [("warn", limit.warn), ("critical", limit.critical)]
        .map(|(word, limit)| {
            let at = clock(floor, since + limit, now);
            let limit_text = words::duration(limit);
            if time >= limit {
                format!("{word} at {limit_text}: reached at {at}")
            } else if headline.is_stale() {
                format!("{word} at {limit_text}: not reached when it was last confirmed")
            } else {
                let left = words::duration(limit - time);
                format!("{word} at {limit_text}: will be reached at {at}, in {left}")
            }
        })
        .into()
}

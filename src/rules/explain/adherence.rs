//! Whether somebody does what is scheduled, and why it alarms or does not.

use chrono::{DateTime, TimeDelta, Utc};

use super::wording::{adherence_keys, clock};
use super::{Explanation, Input};
use crate::model::{Evidence, Floor, Headline, Person, Scheduled};
use crate::rules::{
    Adherence, AdherenceLimits, Delay, DeviationKind, FlagKind, Limits, adherence, known_until,
    words,
};

/// Whether a flag is about the schedule.
pub(super) fn is_about(kind: FlagKind) -> bool {
    rule_of(kind).is_some()
}

/// The rule of each kind of deviation; none for a flag that is about something else.
pub(super) fn rule_of(kind: FlagKind) -> Option<&'static str> {
    Some(match kind {
        FlagKind::LateStart => {
            "Late start: the shift has begun and the person has not come yet; alarms after the \
             grace, and is severe from the severe limit on."
        }
        FlagKind::EarlyLeave => {
            "Early leave: the person has gone before the shift ends; alarms after the grace, and is \
             severe from the severe limit on."
        }
        FlagKind::ExtendedBreak => {
            "Extended break: still away after the scheduled absence has ended; alarms after the \
             grace, and is severe from the severe limit on."
        }
        FlagKind::UnscheduledBreak => {
            "Unscheduled break: away while work is scheduled; alarms after the grace, and is severe \
             from the severe limit on."
        }
        FlagKind::WrongState => {
            "Wrong state: something else is done than scheduled; alarms after the grace, and is \
             severe from the severe limit on."
        }
        FlagKind::OverThreshold | FlagKind::Conflict | FlagKind::Vanished | FlagKind::Forgotten => {
            return None;
        }
    })
}

/// Why the deviation that is flagged alarms.
pub(super) fn deviation(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    kind: FlagKind,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Explanation {
    let mut found = Explanation::of("", rule_of(kind).unwrap_or_default());
    if let Some(adherence) = adherence(floor, person, headline, now) {
        found.inputs = inputs(floor, person, headline, &adherence, now);
        let until = known_until(person, headline, now);
        found.arithmetic = lasted(floor, &adherence, limits, until, now);
    }
    Explanation { config: adherence_keys(limits.adherence), ..found }
}

/// How somebody with a schedule stands to it, where nothing alarms; nothing without a schedule.
pub(super) fn standing(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Option<Explanation> {
    let adherence = adherence(floor, person, headline, now)?;
    let (word, why) = match adherence.adherent {
        Some(true) => ("adherent", None),
        None if adherence.exempt => {
            ("exempt", Some("a system says \"bypass\": has a schedule and need not follow it"))
        }
        None if adherence.scheduled == Scheduled::Off => {
            ("cannot be said", Some("who is off deviates from nothing: overtime is no deviation"))
        }
        None => {
            ("cannot be said", Some("nothing current says both what is scheduled and what is done"))
        }
        Some(false) if adherence.held_by_call => (
            "out, held by a call",
            Some("what a contact delays alarms only after the contact, its wrap-up and the grace"),
        ),
        Some(false) => ("out, within the grace", None),
    };
    let rule = "What is done is compared with what is scheduled; a deviation alarms only once it has \
        lasted the grace, and one that a call holds up only after the call and the grace.";
    let mut found = Explanation::of(format!("Schedule: {word}"), rule);
    found.inputs = inputs(floor, person, headline, &adherence, now);
    found.arithmetic.extend(why.map(str::to_owned));
    let until = known_until(person, headline, now);
    found.arithmetic.extend(lasted(floor, &adherence, limits, until, now));
    Some(Explanation { config: adherence_keys(limits.adherence), ..found })
}

/// What the schedule wants, who says so, and what is done.
fn inputs(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    adherence: &Adherence,
    now: DateTime<Utc>,
) -> Vec<Input> {
    let scheduled = words::scheduled(&adherence.scheduled);
    let mut inputs = Vec::new();
    // A WFM that has no schedule for somebody leaves that to the file.
    match person.schedule().filter(|_| adherence.source.is_some()) {
        Some((schedule, presence)) => {
            let (source, age) = (&presence.source, now - presence.as_of);
            inputs.push(Input::said("scheduled now", scheduled, source, age));
            let fresh = floor.evidence(presence, now) != Evidence::Stale;
            let word = match schedule.adherent.filter(|_| fresh) {
                Some(true) => Some("adherent"),
                Some(false) => Some("not adherent"),
                None => None,
            };
            inputs.push(Input::said("its word", word.map(str::to_owned), source, age));
            let shift = schedule.shift.map(|shift| {
                format!("{} to {}", shift.start.format("%H:%M"), shift.end.format("%H:%M"))
            });
            inputs.push(Input::said("shift", shift, source, age));
        }
        None => {
            let by_file = format!("{scheduled}, by the schedule file");
            inputs.push(Input::own("scheduled now", by_file));
            inputs.extend(last_said(floor, person, now));
        }
    }
    inputs.push(Input {
        source: headline.source.clone(),
        age: headline.as_of.map(|as_of| (now - as_of).max(TimeDelta::zero())),
        ..Input::own("state", words::activity(&headline.activity))
    });
    let at = |at: DateTime<Utc>| clock(floor, at, now);
    let Some(deviation) = &adherence.deviation else { return inputs };
    let kind = deviation.kind.flag().word().replace('_', " ");
    inputs.push(Input::own("deviation", kind));
    inputs.push(Input::own("out since", deviation.since.map(at)));
    let bound = match deviation.kind {
        DeviationKind::LateStart => "shift began",
        DeviationKind::EarlyLeave => "shift goes on",
        DeviationKind::ExtendedBreak => "was to be over",
        DeviationKind::UnscheduledBreak | DeviationKind::WrongState => "",
    };
    if !bound.is_empty() {
        inputs.push(Input::own(bound, deviation.bound.map(at)));
    }
    for Delay { since, until } in &deviation.delays {
        let until = until.map_or_else(|| "goes on".to_owned(), |until| format!("to {}", at(until)));
        inputs.push(Input::own("held by a call", format!("{} {until}", at(*since))));
    }
    inputs
}

/// What the WFM last said whose word would go before the file's, where it has fallen silent.
fn last_said(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Option<Input> {
    let (schedule, presence) = person.schedule()?;
    let last = words::scheduled(schedule.scheduled.as_ref()?);
    let said = format!("{last}; its word is stale, and the file's goes before it");
    let is_stale = floor.evidence(presence, now) == Evidence::Stale;
    is_stale.then(|| Input::said("last said", said, &presence.source, now - presence.as_of))
}

/// The deviation's length against the grace and the severe limit, from when it counts until an instant up
/// to which it is known, `until`; nothing where there is none.
fn lasted(
    floor: &Floor,
    adherence: &Adherence,
    limits: &Limits,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Vec<String> {
    let Some(deviation) = &adherence.deviation else { return Vec::new() };
    let AdherenceLimits { grace, severe } = limits.adherence;
    let at = |at: DateTime<Utc>| clock(floor, at, now);
    let Some(since) = deviation.since else {
        return vec!["nobody says since when: past the grace as far as anyone can say".to_owned()];
    };
    let Some(from) = deviation.counts_from(grace) else {
        return vec!["a call holds it up: its time counts from the end of the wrap-up".to_owned()];
    };
    let last = until.filter(|until| *until < now);
    let (until, word) = last.map_or((now, "now"), |last| (last, "last known"));
    let time = words::duration(until - from);
    let counted = if from > since { ", when the call that held it up was over" } else { "" };
    let mut lines = vec![format!("{word} {} - {}{counted} = {time}", at(until), at(from))];
    for (word, limit) in [("grace", grace), ("severe", severe)] {
        let (reached, length) = (at(from + limit), words::duration(limit));
        let when = match (until >= from + limit, last) {
            (true, _) => "reached",
            (false, None) => "will be reached",
            (false, Some(_)) => "not known to be reached; would be",
        };
        lines.push(format!("{word} {length}: {when} at {reached}"));
    }
    lines
}

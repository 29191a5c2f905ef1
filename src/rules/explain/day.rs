//! Every figure of a person's day, all systems together.

use chrono::{DateTime, TimeDelta, Utc};

use super::figure::{of_schedule, of_work, times};
use super::gap::{self, Cause};
use super::wording::{clock, hours, total};
use super::{Explanation, Input};
use crate::model::{ActivityKind, Feed, Floor, Fused, Person, Presence, SourceKind, SourceName};
use crate::rules::Figures;
use crate::rules::telling::{Telling, Window};

/// A gap between two sources' words may be shorter; it explains nothing.
const WORTH_A_LINE: TimeDelta = TimeDelta::seconds(1);

/// Every figure of `person`'s day; that there is none is said too.
pub(super) fn day(
    floor: &Floor,
    person: &Person,
    figures: Option<&Figures>,
    now: DateTime<Utc>,
) -> Vec<Explanation> {
    let Some(figures) = figures else {
        let rule = "The figures of the day are made of what all systems together say was done.";
        let mut none = Explanation::of("Day, all systems: unknown", rule);
        none.arithmetic.push("nothing is known of this person's day yet".to_owned());
        return vec![none];
    };
    let window = Window::of(figures.since, figures.until, now);
    let telling = Telling::of(floor, person, window);
    let past = telling.past(now);
    let mut known = known(floor, person, figures, &past, now);
    if let Some(vendor) = telling.baseline {
        let (until, since) = (clock(floor, telling.since, now), clock(floor, vendor.since, now));
        let sums_up = |p: &&Presence| p.kind == SourceKind::SipIo;
        known.inputs.push(Input {
            source: person.presences.iter().find(sums_up).map(|p| p.source.clone()),
            ..Input::own("by sums alone", format!("{since} to {until}"))
        });
        let by_gaps = unknown_of(&past);
        let rest = figures.times.of(ActivityKind::Unknown) - by_gaps;
        if rest > TimeDelta::zero() {
            let why = "no state of the sums that were there at the start accounts for it";
            known.arithmetic.push(format!("unknown {}: {why}", hours(rest)));
        }
    }
    let mut all = vec![known];
    all.extend(of_work(figures));
    all.extend(of_schedule(figures));
    all
}

/// How much of the window is known, by whom, and why the rest is not.
fn known(
    floor: &Floor,
    person: &Person,
    figures: &Figures,
    past: &[Fused],
    now: DateTime<Utc>,
) -> Explanation {
    let all = figures.times.all();
    let unknown = figures.times.of(ActivityKind::Unknown);
    let what = format!(
        "Day, all systems: {} to {}, {} of it known",
        clock(floor, figures.since, now),
        clock(floor, figures.until, now),
        hours(all - unknown)
    );
    let rule = "At each instant of the day the state is the one that all systems together give, by the \
        rules of the row; where nobody knows it is unknown, and the times add up to the window.";
    let mut found = Explanation { inputs: times(figures, now), ..Explanation::of(what, rule) };
    let parts: Vec<_> = ActivityKind::ALL.iter().map(|kind| figures.times.of(*kind)).collect();
    let parts: Vec<_> = parts.into_iter().filter(|time| *time > TimeDelta::zero()).collect();
    found.arithmetic.push(format!("{}, the window", total(&parts)));
    for (source, time) in by_source(past) {
        let age = floor.feed(&source).and_then(|feed| feed.age(now));
        let input = Input::own("by its word", hours(time));
        found.inputs.push(Input { source: Some(source), age, ..input });
    }
    let gaps = gap::gaps(floor, person, past).into_iter();
    for (cause, time) in gaps.filter(|(_, time)| *time >= WORTH_A_LINE) {
        let at = match &cause {
            Cause::BeforeTheFirstWord => {
                first(past).map(|at| format!(" (until {})", clock(floor, at, now)))
            }
            Cause::SinceTheLastWord(_) => {
                last(past).map(|at| format!(" ({})", clock(floor, at, now)))
            }
            Cause::LogWithoutCalls(_) | Cause::Unread(..) | Cause::Silence(_) => None,
        };
        let why = cause.words();
        found.arithmetic.push(format!("unknown {}: {why}{}", hours(time), at.unwrap_or_default()));
    }
    let keys = person.keys();
    let theirs = |feed: &&Feed| keys.iter().any(|key| key.source == feed.name);
    for feed in floor.feeds().iter().filter(theirs) {
        found.arithmetic.extend(feed.missed().map(|missed| format!("{}: {missed}", feed.name)));
    }
    found
}

fn unknown_of(past: &[Fused]) -> TimeDelta {
    let unknown = past.iter().filter(|stretch| stretch.activity.kind() == ActivityKind::Unknown);
    unknown.fold(TimeDelta::zero(), |sum, stretch| sum + (stretch.until - stretch.since))
}

/// By whose word how much of `past` is known, in the order in which they first spoke.
fn by_source(past: &[Fused]) -> Vec<(SourceName, TimeDelta)> {
    let mut sums: Vec<(SourceName, TimeDelta)> = Vec::new();
    let known = past.iter().filter(|stretch| stretch.activity.kind() != ActivityKind::Unknown);
    for (source, stretch) in known.filter_map(|stretch| Some((stretch.source.as_ref()?, stretch))) {
        let time = stretch.until - stretch.since;
        match sums.iter_mut().find(|(of, _)| of == source) {
            Some((_, sum)) => *sum += time,
            None => sums.push((source.clone(), time)),
        }
    }
    sums
}

fn first(past: &[Fused]) -> Option<DateTime<Utc>> {
    past.iter().find(|s| s.activity.kind() != ActivityKind::Unknown).map(|s| s.since)
}

fn last(past: &[Fused]) -> Option<DateTime<Utc>> {
    past.iter().rfind(|s| s.activity.kind() != ActivityKind::Unknown).map(|s| s.until)
}

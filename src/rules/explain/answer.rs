//! The short answer to why a row looks as it does; the evidence follows it.

use chrono::{DateTime, TimeDelta, Utc};

use super::wording::clock;
use super::{Explanation, Input};
use crate::model::{Floor, Headline, Person};
use crate::rules::{Finding, FlagKind, Severity, adherence, words};

/// How far ahead it is looked for when what is scheduled ends.
const AHEAD: TimeDelta = TimeDelta::hours(24);

/// What of `person` wants attention, by which limit, since when, and what is scheduled meanwhile.
pub(super) fn answer(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    findings: &[Finding],
    now: DateTime<Utc>,
) -> Explanation {
    let mut worst = findings.iter().collect::<Vec<_>>();
    worst.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let what = match worst.first() {
        Some(finding) => marked(finding),
        None => format!("Nothing wants attention: {}", words::activity(&headline.activity)),
    };
    let mut found = Explanation::of(what, "");
    let at = |at: DateTime<Utc>| clock(floor, at, now);
    let input =
        Input::own("in this state", headline.since.map(|since| format!("since {}", at(since))));
    let age = headline.as_of.map(|as_of| (now - as_of).max(TimeDelta::zero()));
    found.inputs.push(Input { source: headline.source.clone(), age, ..input });
    if let Some((kind, since)) = worst.first().and_then(|f| Some((f.kind, f.since?))) {
        let name = match kind {
            FlagKind::OverThreshold | FlagKind::Forgotten => "past its limit",
            _ => "wants attention",
        };
        found.inputs.push(Input::own(name, format!("since {}", at(since))));
    }
    found.inputs.push(scheduled(floor, person, headline, now));
    found
        .arithmetic
        .extend(worst.iter().skip(1).map(|finding| format!("also {}", marked(finding))));
    found
}

fn marked(finding: &Finding) -> String {
    let mark = match finding.severity {
        Severity::Critical => "!!",
        Severity::Warn => "!",
    };
    format!("{mark} {}", finding.text)
}

/// What is scheduled now, until when as far as that is known, and by whom.
fn scheduled(floor: &Floor, person: &Person, headline: &Headline, now: DateTime<Utc>) -> Input {
    let Some(adherence) = adherence(floor, person, headline, now) else {
        return Input::own("scheduled", "no schedule".to_owned());
    };
    let entries = floor.scheduled(person, now, now + AHEAD);
    // What ends without anything after it only is not known any further.
    let until = match entries.as_slice() {
        [first, second, ..] if first.until == second.since => first.until,
        _ => None,
    };
    let until = until.map(|until| format!(" until {}", clock(floor, until, now)));
    let exempt = if adherence.exempt { ", exempt" } else { "" };
    let word = words::scheduled(&adherence.scheduled);
    let value = format!("{word}{}{exempt}", until.unwrap_or_default());
    Input { source: adherence.source, ..Input::own("scheduled", value) }
}

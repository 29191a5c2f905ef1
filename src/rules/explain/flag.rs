//! Why a flag is raised.

use chrono::{DateTime, TimeDelta, Utc};

use super::state::said;
use super::wording::{clock, threshold_keys};
use super::{Explanation, Input, adherence};
use crate::model::{Floor, Headline, Person, SourceKind};
use crate::rules::finding::VANISHED_FOR;
use crate::rules::lost::{self, FORGOTTEN_AFTER};
use crate::rules::{Finding, FlagKind, Limits, words};

/// Why `finding` was raised about `person`.
pub(super) fn flag(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    finding: &Finding,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Explanation {
    let what = format!(
        "Flag: {} ({}): {}",
        finding.kind.word().replace('_', " "),
        finding.severity.word(),
        finding.text
    );
    let found = match finding.kind {
        FlagKind::OverThreshold => over_threshold(headline, limits, now),
        FlagKind::Conflict => conflict(floor, person, headline, now),
        FlagKind::Vanished => vanished(floor, person, now),
        FlagKind::Forgotten => forgotten(floor, headline, now),
        FlagKind::LateStart
        | FlagKind::EarlyLeave
        | FlagKind::ExtendedBreak
        | FlagKind::UnscheduledBreak
        | FlagKind::WrongState => {
            adherence::deviation(floor, person, headline, finding.kind, limits, now)
        }
    };
    Explanation { what, ..found }
}

fn over_threshold(headline: &Headline, limits: &Limits, now: DateTime<Utc>) -> Explanation {
    let rule = "A state that has lasted as long as its limit wants attention: at it, not after it.";
    let mut found = Explanation::of("", rule);
    let time = headline.time_in_state(now);
    let value = time.map(words::duration);
    found.inputs.push(Input {
        source: headline.source.clone(),
        age: headline.as_of.map(|as_of| (now - as_of).max(TimeDelta::zero())),
        ..Input::own("time in state", value)
    });
    if let Some((limit, time)) = limits.thresholds.of(&headline.activity).zip(time) {
        for (word, limit) in [("critical", limit.critical), ("warn", limit.warn)] {
            let sign = if time >= limit { ">=" } else { "<" };
            let (time, limit) = (words::duration(time), words::duration(limit));
            found.arithmetic.push(format!("{time} {sign} {limit} ({word})"));
        }
    }
    Explanation { config: threshold_keys(&limits.thresholds, &headline.activity), ..found }
}

fn conflict(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Explanation {
    let rule = "Two systems that say different things are in conflict once they have differed for \
        longer than the slower one's documented lag.";
    let mut found = Explanation::of("", rule);
    let Some((conflict, winner)) = headline.conflict.as_ref().zip(headline.source.as_ref()) else {
        return found;
    };
    let mut lag = TimeDelta::zero();
    for source in [winner, &conflict.source] {
        let Some(presence) = person.presence(source) else { continue };
        found.inputs.push(said(floor, presence, floor.evidence(presence, now), now));
        let theirs = presence.kind.documented_lag();
        let value = format!("{} s", theirs.num_seconds());
        let input = Input::own("documented lag", value);
        found.inputs.push(Input { source: Some(source.clone()), ..input });
        lag = lag.max(theirs);
        if presence.kind == SourceKind::Wfm {
            found.config.push(format!("source.{source}: conflicts = true"));
        }
    }
    let (now_at, since) = (clock(floor, now, now), clock(floor, conflict.since, now));
    let time = words::duration(now - conflict.since);
    let lag = words::duration(lag);
    found
        .arithmetic
        .push(format!("now {now_at} - {since} (the later of the two beginnings) = {time} > {lag}"));
    found
}

fn vanished(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Explanation {
    let rule = format!(
        "Whom a source leaves out of two whole lists in a row, with no logout said by it or its log, \
         has vanished: flagged for {} minutes, listed as lost for the rest of the day.",
        VANISHED_FOR.num_minutes()
    );
    let mut found = Explanation::of("", rule);
    for presence in lost::vanished(person) {
        let source = &presence.source;
        let last = presence.since.map(|since| clock(floor, since, now));
        found.inputs.push(Input::said("last listed at", last, source, now - presence.as_of));
        let missed = format!("{} in a row", presence.missed);
        found.inputs.push(Input::said("lists without", missed, source, now - presence.as_of));
        if let Some(since) = presence.since {
            let (now_at, at) = (clock(floor, now, now), clock(floor, since, now));
            let time = words::duration(now - since);
            found.arithmetic.push(format!("now {now_at} - {at} = gone for {time}"));
        }
    }
    found
}

fn forgotten(floor: &Floor, headline: &Headline, now: DateTime<Utc>) -> Explanation {
    let limit = words::duration(FORGOTTEN_AFTER);
    let rule = format!("Nobody can mean one state that has lasted {limit} or longer.");
    let mut found = Explanation::of("", rule);
    let since = headline.since.map(|since| clock(floor, since, now));
    let state = words::activity(&headline.activity);
    found.inputs.push(Input {
        source: headline.source.clone(),
        age: headline.as_of.map(|as_of| (now - as_of).max(TimeDelta::zero())),
        ..Input::own("state", since.map(|since| format!("{state} since {since}")))
    });
    if let Some(time) = headline.time_in_state(now) {
        found.arithmetic.push(format!("{} >= {limit}", words::duration(time)));
    }
    found
}

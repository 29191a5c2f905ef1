//! Why a flag is raised, a figure is what it is, a row has its colour: the rule in one sentence, what
//! went in, the arithmetic, and the key of the config that governs it.

mod adherence;
mod alert;
mod answer;
mod day;
mod figure;
mod flag;
mod fold;
mod gap;
mod group;
mod origin;
mod queue;
mod state;
mod vendor;
mod wording;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Figures, Finding, Limits};
use crate::model::{Floor, Headline, Person, SourceName};

pub use alert::alert;
pub use fold::fold;
pub use group::{Group, group};
pub use queue::queue;

/// Why something is shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained, in a few words.
    pub what: String,
    /// The rule, in one sentence; empty where others that follow state it.
    pub rule: String,
    /// What went in.
    pub inputs: Vec<Input>,
    /// How the one follows from the other, a line each.
    pub arithmetic: Vec<String>,
    /// The keys of the config that govern it, with the present values (`thresholds.wrap_up.warn = "1m"`).
    pub config: Vec<String>,
}

impl Explanation {
    fn of(what: impl Into<String>, rule: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            rule: rule.into(),
            inputs: Vec::new(),
            arithmetic: Vec::new(),
            config: Vec::new(),
        }
    }
}

/// One thing that went into an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What it is.
    pub name: String,
    /// Its value, in words; none where nobody knows it.
    pub value: Option<String>,
    /// The source; none where it is our own.
    pub source: Option<SourceName>,
    /// How old it is.
    pub age: Option<TimeDelta>,
}

impl Input {
    /// One of our own.
    fn own(name: impl Into<String>, value: impl Into<Option<String>>) -> Self {
        Self { name: name.into(), value: value.into(), source: None, age: None }
    }

    /// One that `source` said of the instant `as_of`.
    fn said(
        name: impl Into<String>,
        value: impl Into<Option<String>>,
        source: &SourceName,
        age: TimeDelta,
    ) -> Self {
        let age = Some(age.max(TimeDelta::zero()));
        Self { source: Some(source.clone()), age, ..Self::own(name, value) }
    }
}

/// Why a person's row looks as it does: the short answer, the state and its colour, every flag, every
/// figure.
#[must_use]
pub fn person(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    findings: &[Finding],
    figures: Option<&Figures>,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Vec<Explanation> {
    let mut all = vec![answer::answer(floor, person, headline, findings, now)];
    all.push(state::state(floor, person, headline, limits, now));
    all.extend(findings.iter().map(|f| flag::flag(floor, person, headline, f, limits, now)));
    if !findings.iter().any(|finding| adherence::is_about(finding.kind)) {
        all.extend(adherence::standing(floor, person, headline, limits, now));
    }
    all.extend(day::day(floor, person, figures, now));
    all.extend(vendor::figures(floor, person, figures, now));
    all
}

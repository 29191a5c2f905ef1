//! Why a flag is raised, a figure is what it is, a row has its colour: the rule in one sentence, what
//! went in, the arithmetic, and the key of the config that governs it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{DropWindow, Figures, Finding, Limits};
use crate::model::{Floor, Headline, KnownAlert, Person, Queue, SourceName};

/// Why something is shown as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained, in a few words.
    pub what: String,
    /// The rule, in one sentence.
    pub rule: String,
    /// What went in.
    pub inputs: Vec<Input>,
    /// How the one follows from the other, a line each.
    pub arithmetic: Vec<String>,
    /// The keys of the config that govern it, with the present values (`thresholds.wrap_up.warn = "1m"`).
    pub config: Vec<String>,
}

/// One thing that went into an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What it is.
    pub name: String,
    /// Its value, in words; a dash is the screen's business.
    pub value: Option<String>,
    /// Where it is from; none where it is our own.
    pub source: Option<SourceName>,
    /// How old it is.
    pub age: Option<TimeDelta>,
}

/// Why a person's row looks as it does: the state and its colour, every flag, every figure.
#[must_use]
pub fn person(
    _floor: &Floor,
    _person: &Person,
    _headline: &Headline,
    _findings: &[Finding],
    _figures: Option<&Figures>,
    _limits: &Limits,
    _now: DateTime<Utc>,
) -> Vec<Explanation> {
    Vec::new()
}

/// What a queue's figures are made of: the drop rate by its three denominators, the headroom, the
/// campaign's 30-day windows, the times of who sat in it.
#[must_use]
pub fn queue(
    _floor: &Floor,
    _queue: &Queue,
    _windows: &[DropWindow],
    _figures: Option<&Figures>,
    _now: DateTime<Utc>,
) -> Vec<Explanation> {
    Vec::new()
}

/// Why an alert was raised, as far as that is known: a WFM does not say.
#[must_use]
pub fn alert(
    _floor: &Floor,
    _known: &KnownAlert,
    _limits: &Limits,
    _now: DateTime<Utc>,
) -> Vec<Explanation> {
    Vec::new()
}

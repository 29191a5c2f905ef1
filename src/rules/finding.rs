//! What wants a supervisor's attention, and why.

use chrono::{DateTime, TimeDelta, Utc};

use super::adherence::{self, Adherence, AdherenceLimits};
use super::lost::{self, FORGOTTEN_AFTER, forgotten_since};
use super::threshold::Thresholds;
use super::words;
use crate::model::{Activity, Floor, Headline, Person, SourceName};

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlagKind {
    /// Longer in a state than the threshold allows.
    OverThreshold,
    /// Two telephony sources differ for longer than lag explains.
    Conflict,
    /// Not there when the shift began.
    LateStart,
    /// Gone before the shift ends.
    EarlyLeave,
    /// Away for longer than the scheduled absence.
    ExtendedBreak,
    /// Away while work is scheduled.
    UnscheduledBreak,
    /// The schedule wants something else.
    WrongState,
    /// No longer listed, and nothing said why.
    Vanished,
    /// In one state for so long that nobody can mean it.
    Forgotten,
}

impl FlagKind {
    /// The word exported.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OverThreshold => "over_threshold",
            Self::Conflict => "conflict",
            Self::LateStart => "late_start",
            Self::EarlyLeave => "early_leave",
            Self::ExtendedBreak => "extended_break",
            Self::UnscheduledBreak => "unscheduled_break",
            Self::WrongState => "wrong_state",
            Self::Vanished => "vanished",
            Self::Forgotten => "forgotten",
        }
    }

    /// Whether it is a deviation from the schedule.
    #[must_use]
    pub fn is_deviation(self) -> bool {
        match self {
            Self::LateStart
            | Self::EarlyLeave
            | Self::ExtendedBreak
            | Self::UnscheduledBreak
            | Self::WrongState => true,
            Self::OverThreshold | Self::Conflict | Self::Vanished | Self::Forgotten => false,
        }
    }
}

/// How urgent a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Wants an eye on it.
    Warn,
    /// Wants someone to act.
    Critical,
}

impl Severity {
    /// The word exported.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Critical => "critical",
        }
    }
}

/// One thing that wants attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: FlagKind,
    /// How urgent it is.
    pub severity: Severity,
    /// Since when it has been so.
    pub since: Option<DateTime<Utc>>,
    /// The rule, its inputs and the outcome in one sentence.
    pub text: String,
}

/// Every configurable limit of the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// How long each state may last.
    pub thresholds: Thresholds,
    /// How long a deviation from the schedule may last.
    pub adherence: AdherenceLimits,
}

/// For how long it is said that somebody vanished.
pub(super) const VANISHED_FOR: TimeDelta = TimeDelta::minutes(30);

/// Everything about `person` that wants attention, most urgent first. `headline` is the person's
/// headline at `now`.
#[must_use]
pub fn findings(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let adherence = adherence::adherence(floor, person, headline, now);
    findings_beside(floor, person, headline, adherence.as_ref(), limits, now)
}

/// [`findings`] where `person`'s adherence at `now` has been judged already.
#[must_use]
pub fn findings_beside(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    adherence: Option<&Adherence>,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let out = |adherence| {
        let at = adherence::known_until(person, headline, now)?;
        adherence::finding(floor, adherence, headline, limits.adherence, at)
    };
    let mut found: Vec<_> = [
        over_threshold(headline, &limits.thresholds, now),
        forgotten(headline, now),
        conflict(person, headline, now),
        adherence.and_then(out),
    ]
    .into_iter()
    .flatten()
    .chain(vanished(person, now))
    .collect();
    found.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.kind));
    found
}

fn over_threshold(
    headline: &Headline,
    thresholds: &Thresholds,
    now: DateTime<Utc>,
) -> Option<Finding> {
    let limit = thresholds.of(&headline.activity)?;
    let time = headline.time_in_state(now)?;
    let (severity, reached) = if time >= limit.critical {
        (Severity::Critical, limit.critical)
    } else if time >= limit.warn {
        (Severity::Warn, limit.warn)
    } else {
        return None;
    };
    Some(Finding {
        kind: FlagKind::OverThreshold,
        severity,
        since: headline.since.map(|since| since + reached),
        text: format!(
            "{} for {}, limit {}",
            words::activity(&headline.activity),
            words::duration(time),
            words::duration(reached)
        ),
    })
}

fn forgotten(headline: &Headline, now: DateTime<Utc>) -> Option<Finding> {
    let since = forgotten_since(headline, now)?;
    let time = headline.time_in_state(now)?;
    Some(Finding {
        kind: FlagKind::Forgotten,
        severity: Severity::Critical,
        since: Some(since + FORGOTTEN_AFTER),
        text: format!(
            "{} for {}: {} or more in one state",
            words::activity(&headline.activity),
            words::duration(time),
            words::duration(FORGOTTEN_AFTER)
        ),
    })
}

fn conflict(person: &Person, headline: &Headline, now: DateTime<Utc>) -> Option<Finding> {
    let conflict = headline.conflict.as_ref()?;
    let winner = headline.source.as_ref()?;
    // Two vendors may mean different things by one word and the same by two: which they used is half
    // of the explanation.
    let says = |source: &SourceName, activity: &Activity, as_of: Option<DateTime<Utc>>| {
        let raw = person.presence(source).map_or("", |presence| presence.raw.as_str());
        let age = as_of.map_or_else(|| "?".to_owned(), |as_of| words::age(now - as_of));
        format!("{source} says {} (\"{raw}\", {age} old)", words::activity(activity))
    };
    Some(Finding {
        kind: FlagKind::Conflict,
        severity: Severity::Warn,
        since: Some(conflict.since),
        text: format!(
            "{}, {}",
            says(winner, &headline.activity, headline.as_of),
            says(&conflict.source, &conflict.activity, Some(conflict.as_of)),
        ),
    })
}

/// Only while it is news: at the end of a shift everybody leaves, and not all of them say so.
fn vanished(person: &Person, now: DateTime<Utc>) -> Option<Finding> {
    let is_news = |since: DateTime<Utc>| now - since < VANISHED_FOR;
    let presence = lost::vanished(person).find(|p| p.since.is_some_and(is_news))?;
    Some(Finding {
        kind: FlagKind::Vanished,
        severity: Severity::Warn,
        since: presence.since,
        text: format!("no longer listed by {}, without a logout", presence.source),
    })
}

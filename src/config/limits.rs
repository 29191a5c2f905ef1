//! `[thresholds.*]`, `[adherence]` and `[journal]`.

use std::time::Duration;

use chrono::TimeDelta;

use super::problem::Expected;
use super::section::{At, Section};
use crate::args::Span;
use crate::model::{Activity, ActivityKind, Reason};
use crate::rules::{AdherenceLimits, Limit, Thresholds};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The states in which time can be too long.
const TIMED: [(&str, ActivityKind, Activity); 7] = [
    ("available", ActivityKind::Available, Activity::Available),
    ("on_contact", ActivityKind::OnContact, Activity::OnContact),
    ("wrap_up", ActivityKind::WrapUp, Activity::WrapUp),
    ("ringing", ActivityKind::Ringing, Activity::Ringing),
    ("away", ActivityKind::Away, Activity::Away(Reason::Unspecified)),
    ("logged_in", ActivityKind::LoggedIn, Activity::LoggedIn),
    ("unreachable", ActivityKind::Unreachable, Activity::Unreachable),
];

pub(super) fn thresholds(root: &Section<'_>) -> Thresholds {
    let defaults = Thresholds::default();
    let mut thresholds = defaults.clone();
    let Some(section) = root.table("thresholds", "[thresholds]".to_owned()) else {
        return thresholds;
    };
    for (word, kind, activity) in TIMED {
        let Some(table) = section.table(word, format!("[thresholds.{word}]")) else { continue };
        let has_own_limit = table.has("warn") || table.has("critical");
        if kind != ActivityKind::Away {
            set(limit(&table, defaults.of(&activity)), |limit| thresholds.set(kind, limit));
            table.finish();
            continue;
        }
        if has_own_limit {
            set(limit(&table, defaults.of(&activity)), |limit| thresholds.set(kind, limit));
        }
        let mut reasons = Vec::new();
        for (word, table) in table.free_tables(&["warn", "critical"]) {
            let reason = Reason::from_word(&word).unwrap_or_else(|| Reason::Other(word.clone()));
            let default = defaults.of(&Activity::Away(reason.clone()));
            set(limit(&table, default), |limit| thresholds.set_away(&reason, limit));
            table.finish();
            reasons.push(word);
        }
        table.finish_but(|word| reasons.iter().any(|reason| reason == word));
    }
    section.finish();
    thresholds
}

fn set(limit: Option<Limit>, set: impl FnOnce(Limit)) {
    if let Some(limit) = limit {
        set(limit);
    }
}

/// `warn` and `critical` of a table; one that is not there keeps its default.
fn limit(table: &Section<'_>, default: Option<Limit>) -> Option<Limit> {
    let read = |key, default: Option<TimeDelta>| {
        let bounds = Duration::from_secs(1)..=DAY;
        match table.duration(key, bounds) {
            Some(At { value, line }) => Some((delta(value), Some(line))),
            None => {
                if !table.has(key) && default.is_none() {
                    table.missing(key, Expected::new(format!("`{key} = \"5m\"`")));
                }
                default.map(|default| (default, None))
            }
        }
    };
    let warn = read("warn", default.map(|limit| limit.warn));
    let critical = read("critical", default.map(|limit| limit.critical));
    let ((warn, warn_line), (critical, critical_line)) = warn.zip(critical)?;
    if warn > critical {
        let line = warn_line.or(critical_line).unwrap_or(table.line);
        let said = |line: Option<usize>| if line.is_some() { "" } else { " (the default)" };
        let found = format!(
            "`warn = \"{}\"`{} after `critical = \"{}\"`{} in {}",
            span(warn),
            said(warn_line),
            span(critical),
            said(critical_line),
            table.name
        );
        table.problem(line, found, Expected::new("warn at or before critical"));
        return None;
    }
    Some(Limit { warn, critical })
}

pub(super) fn adherence(root: &Section<'_>) -> AdherenceLimits {
    let default = AdherenceLimits::default();
    let Some(section) = root.table("adherence", "[adherence]".to_owned()) else { return default };
    let grace = section.duration("grace", Duration::ZERO..=Duration::from_secs(3600));
    let severe = section.duration("severe", Duration::from_secs(1)..=DAY);
    let line = grace.or(severe).map_or(section.line, |at| at.line);
    let limits = AdherenceLimits {
        grace: grace.map_or(default.grace, |grace| delta(grace.value)),
        severe: severe.map_or(default.severe, |severe| delta(severe.value)),
    };
    if limits.grace > limits.severe {
        let (grace, severe) = (span(limits.grace), span(limits.severe));
        let found = format!("`grace = \"{grace}\"` after `severe = \"{severe}\"` in [adherence]");
        section.problem(line, found, Expected::new("grace at or before severe"));
    }
    section.finish();
    limits
}

/// The bounds of what is read keep it within both types.
pub(super) fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

fn span(delta: TimeDelta) -> Span {
    Span(delta.to_std().unwrap_or_default())
}

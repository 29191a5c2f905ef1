//! How explanations write instants, lengths of time, percentages and keys of the config.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Activity, ActivityKind, Floor};
use crate::rules::kpi::{plain, unrounded};
use crate::rules::threshold::Limit;
use crate::rules::{AdherenceLimits, Share, Thresholds};

/// An instant as floor time to the second; with its date where it is not today's.
pub(super) fn clock(floor: &Floor, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let zone = floor.identity().timezone;
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone));
    let format =
        if local.date_naive() == today.date_naive() { "%H:%M:%S" } else { "%m-%d %H:%M:%S" };
    local.format(format).to_string()
}

/// A length of time as `h:mm:ss`, with its milliseconds where it has some: what is reckoned with.
pub(super) fn hours(time: TimeDelta) -> String {
    let ms = time.num_milliseconds().max(0);
    let (seconds, ms) = (ms / 1000, ms % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if ms > 0 { format!(".{ms:03}") } else { String::new() };
    format!("{hours}:{minutes:02}:{seconds:02}{fraction}")
}

/// `100 x (a + b) / (c + d) = 41.91 %, shown as 42 %`; that there is nothing to divide by, where
/// that is so.
pub(super) fn quotient(parts: &[TimeDelta], whole: &[TimeDelta], pct: Option<f64>) -> String {
    let divided = format!("100 x {} / {}", sum(parts), sum(whole));
    match pct {
        Some(pct) => format!("{divided} = {}", shown(pct)),
        None => format!("{divided}: there is nothing to divide by, so there is no value"),
    }
}

/// `a + b = c`.
pub(super) fn total(parts: &[TimeDelta]) -> String {
    let all = parts.iter().fold(TimeDelta::zero(), |all, part| all + *part);
    let parts: Vec<_> = parts.iter().copied().map(hours).collect();
    format!("{} = {}", parts.join(" + "), hours(all))
}

fn sum(times: &[TimeDelta]) -> String {
    match times {
        [one] => hours(*one),
        many => {
            let many: Vec<_> = many.iter().copied().map(hours).collect();
            format!("({})", many.join(" + "))
        }
    }
}

/// A percentage as it was reckoned, and rounded half up, as it is shown.
pub(super) fn shown(pct: f64) -> String {
    let (reckoned, rounded) = (unrounded(pct), plain(crate::rules::kpi::rounded(pct)));
    if reckoned == rounded {
        format!("{reckoned} %")
    } else {
        format!("{reckoned} %, rounded half up {rounded} %")
    }
}

/// The same of a percentage that may be known in part only, with its mark.
pub(super) fn percentage(share: Share) -> String {
    format!("{}{}", share.mark(), shown(share.pct()))
}

/// A length of time as the config writes it.
pub(super) fn span(time: TimeDelta) -> String {
    match time.num_seconds() {
        0 => "0s".to_owned(),
        s if s % 3600 == 0 => format!("{}h", s / 3600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}

/// The keys of the limit that applies to `activity`; none where none does.
pub(super) fn threshold_keys(thresholds: &Thresholds, activity: &Activity) -> Vec<String> {
    let Some((reason, limit)) = thresholds.governing(activity) else {
        return Vec::new();
    };
    let reason = reason.map(|reason| reason.word().to_lowercase());
    let table = threshold_table(activity.kind(), reason.as_deref());
    let line = |key: &str, limit| format!("{table}.{key} = \"{}\"", span(limit));
    vec![line("warn", limit.warn), line("critical", limit.critical)]
}

/// The keys of every limit, a line each.
pub(super) fn every_threshold_key(thresholds: &Thresholds) -> Vec<String> {
    let line = |(kind, reason, limit): (ActivityKind, Option<&str>, Limit)| {
        let (warn, critical) = (span(limit.warn), span(limit.critical));
        let table = threshold_table(kind, reason);
        format!("{table}: warn = \"{warn}\", critical = \"{critical}\"")
    };
    thresholds.all().into_iter().map(line).collect()
}

fn threshold_table(kind: ActivityKind, reason: Option<&str>) -> String {
    let kind = kind.word();
    match reason {
        Some(reason) => format!("thresholds.{kind}.{}", key(reason)),
        None => format!("thresholds.{kind}"),
    }
}

/// A floor's own reason may have blanks, which a bare key may not.
fn key(word: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if word.chars().all(bare) && !word.is_empty() { word.to_owned() } else { format!("{word:?}") }
}

/// The keys of the adherence.
pub(super) fn adherence_keys(limits: AdherenceLimits) -> Vec<String> {
    vec![
        format!("adherence.grace = \"{}\"", span(limits.grace)),
        format!("adherence.severe = \"{}\"", span(limits.severe)),
    ]
}

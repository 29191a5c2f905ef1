//! The flags of a row held against the truth: none is raised by what is not so, or not known.

use chrono::{DateTime, TimeDelta, Utc};

use super::chronicle::Standing;
use super::frame::{Doubt, Row};
use super::judge::{Judge, Seen, story};

/// How urgent, in the order of urgency.
const SEVERITIES: [&str; 3] = ["", "!", "!!"];

/// The log is read every ten seconds here, and an answer may be late.
const LOG_READ_WITHIN: TimeDelta = TimeDelta::seconds(25);

/// Just over a limit when it was said last.
const CROSSED: TimeDelta = TimeDelta::seconds(4);

/// What is wrong with the flags of a row.
pub fn judge(judge: &Judge<'_>, seen: &Seen<'_>) -> Option<(&'static str, String)> {
    match seen.row.doubt {
        Some(Doubt::Stale) => return in_doubt(judge, seen),
        Some(Doubt::ByLog) => return by_log(judge, seen),
        None => {}
    }
    let beyond = judge.is_beyond_cx(seen) && !judge.is_by_dialer(seen);
    if seen.row.activity == "unknown" || seen.told.is_empty() || beyond {
        return None;
    }
    adherence(judge, seen)
        .or_else(|| conflict(seen))
        .or_else(|| reason(judge, seen))
        .or_else(|| too_many(judge, seen))
        .or_else(|| too_few(judge, seen))
}

fn rank(row: &Row) -> usize {
    SEVERITIES.iter().position(|severity| *severity == row.severity).unwrap_or(0)
}

/// What is in doubt has no flag that it did not have when it was known.
fn in_doubt(judge: &Judge<'_>, seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let row = seen.row;
    let before = judge.unmarked.get(&seen.person.name)?;
    let crossed = |limit: TimeDelta| row.time.is_some_and(|time| (time - limit).abs() <= CROSSED);
    let limits = [limits("away", None), limits(&row.activity, Some(&before.word))];
    let has_crossed = limits.into_iter().flatten().flatten().any(crossed);
    (rank(row) > rank(before) && !has_crossed)
        .then(|| ("a new flag on what is in doubt", format!("known before: {before:?}")))
}

/// What only a log tells has the flags of what was so when it was read.
fn by_log(judge: &Judge<'_>, seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let at = seen.frame.at;
    let mut most = 0;
    for (_, then) in judge.chronicle.of_person(seen.person, at - LOG_READ_WITHIN, at) {
        let said = then.dialer.iter();
        let by_time = said.map(|said| {
            over(&said.activity, then.reason.as_deref(), at - said.since + LOG_READ_WITHIN)
        });
        most = by_time.max().unwrap_or(0).max(most).max(if then.adherent { 0 } else { 2 });
    }
    let before = judge.unmarked.get(&seen.person.name).map_or(0, rank);
    (rank(seen.row) > most.max(before)).then(|| ("a flag by the log", story(seen)))
}

fn adherence(judge: &Judge<'_>, seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let all = |adherent: bool| {
        let back = seen.frame.at - TimeDelta::seconds(45);
        // Whole seconds of another clock may put the edge of a shift a little later.
        let until = seen.frame.at + TimeDelta::seconds(1);
        let mut then = judge.chronicle.of_person(seen.person, back, until);
        then.all(|(_, then)| then.adherent == adherent && then.scheduled != "off")
    };
    // A schedule file alone takes every absence for the one that is scheduled.
    let is_any_absence = !seen.frame.is_told_by("wfm") && seen.row.activity == "away";
    let is_wrong = match seen.row.adherence.as_str() {
        "OUT" => all(true),
        "ok" => all(false) && !is_any_absence,
        _ => false,
    };
    is_wrong.then(|| ("a word about adherence", story(seen)))
}

/// One world is behind all systems: they differ where one of them is wrong of itself, or knows of a call
/// that is none of the others' business.
fn conflict(seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let explained = seen.person.cx_is_wrong || seen.then.iter().any(|(_, then)| then.sip.is_some());
    (seen.row.conflict && !explained).then(|| ("a conflict", story(seen)))
}

/// The reason that is shown is the true one, and one that was shown stays as long as the absence does.
fn reason(judge: &Judge<'_>, seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let row = seen.row;
    if row.activity != "away" {
        return None;
    }
    let is_shown =
        |then: &Standing| then.reason.as_deref().unwrap_or("away").eq_ignore_ascii_case(&row.word);
    if row.word != "away" {
        let is_so = seen.then.iter().any(|(_, then)| is_shown(then));
        return (!is_so).then(|| ("a reason", story(seen)));
    }
    let known = known_reason(judge, seen)?;
    Some(("a reason that was known is lost", format!("it was {known}: {}", story(seen))))
}

/// The reason that was shown of the absence that goes on.
fn known_reason<'a>(judge: &'a Judge<'_>, seen: &Seen<'_>) -> Option<&'a str> {
    let (word, began) = judge.reasons.get(&seen.person.name)?;
    let now_began = seen.frame.at - seen.row.time?;
    let is_the_same = (now_began - *began).abs() <= seen.tolerance;
    let reason = seen.then.last()?.1.reason.as_deref();
    let went_on = reason.is_some_and(|reason| reason.eq_ignore_ascii_case(word));
    (is_the_same && went_on).then_some(word.as_str())
}

fn too_many(judge: &Judge<'_>, seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let at = seen.frame.at;
    let by_time = seen.told.iter().filter(|said| said.activity == seen.row.activity).map(|said| {
        let reason = reason_of(judge, seen);
        over(&said.activity, reason, at - said.since + seen.tolerance)
    });
    let back = at - TimeDelta::seconds(45);
    let mut then = judge.chronicle.of_person(seen.person, back, at);
    let deviates = if then.any(|(_, then)| !then.adherent) { 2 } else { 0 };
    let differs = usize::from(seen.row.conflict);
    let left = |then: &Standing| then.dialer.as_ref().is_some_and(|d| d.activity == "offline");
    let vanished = usize::from(seen.then.iter().any(|(_, then)| left(then)));
    let most = by_time.max().unwrap_or(0).max(deviates).max(differs).max(vanished);
    (rank(seen.row) > most).then(|| ("a flag", story(seen)))
}

fn too_few(judge: &Judge<'_>, seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let at = seen.frame.at;
    let is_sure =
        judge.is_by_dialer(seen) && seen.told.iter().all(|said| said.activity == seen.row.activity);
    let least = seen.told.iter().map(|said| {
        let reason = reason_of(judge, seen);
        over(&said.activity, reason, at - said.since - seen.tolerance)
    });
    let least = least.min().filter(|_| is_sure).unwrap_or(0);
    (rank(seen.row) < least).then(|| ("a flag is missing", story(seen)))
}

/// The reason by which an absence is measured: the one shown, or the one that was known of it.
fn reason_of<'a>(judge: &'a Judge<'_>, seen: &'a Seen<'_>) -> Option<&'a str> {
    known_reason(judge, seen).or(Some(seen.row.word.as_str()))
}

/// How urgent `time` in a state is.
fn over(activity: &str, reason: Option<&str>, time: TimeDelta) -> usize {
    let Some([warn, critical]) = limits(activity, reason) else { return 0 };
    usize::from(time >= warn) + usize::from(time >= critical)
}

/// How long a state may last, unless a config says otherwise.
fn limits(activity: &str, reason: Option<&str>) -> Option<[TimeDelta; 2]> {
    let minutes = match (activity, reason) {
        ("available" | "wrap_up", _) => [1, 5],
        ("on_contact", _) => [5, 15],
        ("ringing", _) => return Some([TimeDelta::seconds(20), TimeDelta::minutes(1)]),
        ("away", Some("break")) => [15, 20],
        ("away", Some("lunch")) => [60, 65],
        ("away", Some("training" | "meeting")) => [60, 90],
        ("away", _) => [5, 15],
        _ => return None,
    };
    Some(minutes.map(TimeDelta::minutes))
}

/// The instant of `at`, in words that fit a line.
pub fn clock(at: DateTime<Utc>) -> String {
    at.format("%H:%M:%S%.3f").to_string()
}

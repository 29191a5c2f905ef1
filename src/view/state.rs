//! How an agent's state is shown: always a colour, a letter and a shape, and a word.

use unicode_width::UnicodeWidthStr;

use super::scene::Scene;
use super::table::Column;
use super::text::{Line, fit};
use crate::model::{Activity, ActivityKind, Evidence, Headline, Person, Reason};
use crate::rules::{Adherence, Finding, FlagKind, Severity, words};
use crate::theme::Tone;

/// Every kind, in the order in which a supervisor looks for them.
pub(super) const KINDS: [ActivityKind; ActivityKind::ALL.len()] = [
    ActivityKind::Available,
    ActivityKind::OnContact,
    ActivityKind::ReadyOrOnContact,
    ActivityKind::Ringing,
    ActivityKind::WrapUp,
    ActivityKind::Away,
    ActivityKind::LoggedIn,
    ActivityKind::Unreachable,
    ActivityKind::Unknown,
    ActivityKind::Offline,
];

/// The letter of a kind of activity.
pub(super) fn letter(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Offline => "O",
        ActivityKind::Unreachable => "X",
        ActivityKind::LoggedIn => "I",
        ActivityKind::Available => "A",
        ActivityKind::ReadyOrOnContact => "a",
        ActivityKind::Ringing => "R",
        ActivityKind::OnContact => "C",
        ActivityKind::WrapUp => "W",
        ActivityKind::Away => "P",
        ActivityKind::Unknown => "?",
    }
}

/// What a kind of activity means on the screen.
pub(super) fn tone(kind: ActivityKind) -> Tone {
    match kind {
        ActivityKind::Offline => Tone::Offline,
        ActivityKind::Unreachable => Tone::Unreachable,
        ActivityKind::LoggedIn => Tone::LoggedIn,
        ActivityKind::Available => Tone::Available,
        ActivityKind::ReadyOrOnContact => Tone::ReadyOrOnContact,
        ActivityKind::Ringing => Tone::Ringing,
        ActivityKind::OnContact => Tone::OnContact,
        ActivityKind::WrapUp => Tone::WrapUp,
        ActivityKind::Away => Tone::Away,
        ActivityKind::Unknown => Tone::Unknown,
    }
}

/// Shape and letter.
pub(super) fn mark(scene: &Scene<'_>, kind: ActivityKind) -> String {
    format!("{} {}", scene.symbols.shape(tone(kind)), letter(kind))
}

/// The word of an activity: an absence by its reason, an unknown one by the vendor's own word.
pub(super) fn word(activity: &Activity, raw: Option<&str>) -> String {
    match activity {
        Activity::Away(reason) if *reason != Reason::Unspecified => reason.word().to_owned(),
        Activity::Unknown => raw.filter(|raw| !raw.is_empty()).unwrap_or("unknown").to_owned(),
        other => words::kind(other.kind()).to_owned(),
    }
}

/// The state of a person, as wide as its column: what casts doubt on it is never cut off.
pub(super) fn cell(
    scene: &Scene<'_>,
    person: &Person,
    headline: &Headline,
    findings: &[Finding],
    column: &Column,
) -> Line {
    let kind = headline.activity.kind();
    let tone = if headline.is_current() { tone(kind) } else { Tone::Stale };
    let raw = headline.source.as_ref().and_then(|source| person.presence(source));
    let word = word(&headline.activity, raw.map(|presence| presence.raw.as_str()));
    let (mine, sign) = if headline.by_log { (" by log", " log") } else { (" stale", " ~") };
    let full = doubts(scene, headline, findings, mine);
    // The state itself is not cut for the sake of a word that a sign stands for elsewhere too.
    let doubts = if 4 + word.width() + full.width() > column.width {
        doubts(scene, headline, findings, sign)
    } else {
        full
    };
    let room = column.width.saturating_sub(4 + doubts.width());
    let mut line = Line::of(mark(scene, kind), tone);
    line.push(format!(" {}", fit(&word, room, scene.symbols)), tone);
    line.append(doubts);
    line.fit(column.width, scene.symbols)
}

fn doubts(scene: &Scene<'_>, headline: &Headline, findings: &[Finding], doubt: &str) -> Line {
    let mut line = Line::default();
    if !headline.is_current() {
        line.push(doubt, Tone::Stale);
    }
    if findings.iter().any(|finding| finding.kind == FlagKind::Vanished) {
        line.push(" gone?", Tone::Warn);
    }
    if headline.conflict.is_some() {
        line.push(format!(" {}", scene.symbols.conflict()), Tone::Conflict);
    }
    line
}

/// The time in the state: stands still and is marked where nothing current confirms the state.
pub(super) fn time(scene: &Scene<'_>, headline: &Headline, findings: &[Finding]) -> (String, Tone) {
    let Some(time) = headline.time_in_state(scene.now) else {
        return (scene.symbols.dash().to_owned(), Tone::Muted);
    };
    let text = words::duration(time);
    if headline.evidence == Evidence::Stale {
        return (format!("~{text}"), Tone::Stale);
    }
    let plain = if headline.by_log { Tone::Stale } else { Tone::Text };
    let of_time = [FlagKind::OverThreshold, FlagKind::Forgotten];
    let urgency =
        findings.iter().filter(|f| of_time.contains(&f.kind)).map(|finding| finding.severity).max();
    (text, urgency.map_or(plain, severity_tone))
}

/// What a severity means on the screen.
pub(super) fn severity_tone(severity: Severity) -> Tone {
    match severity {
        Severity::Warn => Tone::Warn,
        Severity::Critical => Tone::Critical,
    }
}

/// A severity without colours.
pub(super) fn severity_mark(severity: Option<Severity>) -> &'static str {
    match severity {
        None => "",
        Some(Severity::Warn) => " !",
        Some(Severity::Critical) => "!!",
    }
}

/// A word or two for what a finding of somebody with this `adherence` is about.
pub(super) fn flag(kind: FlagKind, adherence: Option<&Adherence>) -> &'static str {
    let deviation = adherence.and_then(|adherence| adherence.deviation.as_ref());
    let absence = deviation.and_then(|deviation| deviation.absence.as_ref());
    match kind {
        FlagKind::EarlyLeave if absence == Some(&Reason::Lunch) => "off for lunch",
        FlagKind::EarlyLeave if absence == Some(&Reason::Break) => "off for break",
        FlagKind::OverThreshold => "too long",
        FlagKind::Conflict => "conflict",
        FlagKind::LateStart => "late",
        FlagKind::EarlyLeave => "left early",
        FlagKind::ExtendedBreak => "over-break",
        FlagKind::UnscheduledBreak => "unsched. break",
        FlagKind::WrongState => "wrong state",
        FlagKind::Vanished => "gone",
        FlagKind::Forgotten => "forgotten",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Scheduled;
    use crate::rules::{Deviation, DeviationKind};

    #[test]
    fn who_logged_off_for_a_scheduled_absence_is_said_to_have_and_every_other_kind_by_its_name() {
        let out = |kind, absence| Adherence {
            scheduled: Scheduled::Available,
            source: None,
            adherent: Some(false),
            exempt: false,
            shift: None,
            out_since: None,
            held_by_call: false,
            deviation: Some(Deviation {
                kind,
                since: None,
                bound: None,
                absence,
                delays: vec![],
                nothing_else_since: None,
            }),
        };
        for (kind, absence, word) in [
            (DeviationKind::LateStart, None, "late"),
            (DeviationKind::EarlyLeave, None, "left early"),
            (DeviationKind::EarlyLeave, Some(Reason::Lunch), "off for lunch"),
            (DeviationKind::EarlyLeave, Some(Reason::Break), "off for break"),
            (DeviationKind::EarlyLeave, Some(Reason::Training), "left early"),
            (DeviationKind::ExtendedBreak, None, "over-break"),
            (DeviationKind::UnscheduledBreak, None, "unsched. break"),
            (DeviationKind::WrongState, None, "wrong state"),
        ] {
            assert_eq!(flag(kind.flag(), Some(&out(kind, absence))), word);
        }
        assert_eq!(flag(FlagKind::EarlyLeave, None), "left early");
    }
}

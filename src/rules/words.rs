//! How activities, schedules and durations are written out for people: one wording for the screen,
//! the findings and the journal.

use chrono::TimeDelta;

use crate::model::{Activity, ActivityKind, Reason, Scheduled};

/// A kind of activity in words.
#[must_use]
pub fn kind(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Offline => "offline",
        ActivityKind::Unreachable => "unreachable",
        ActivityKind::LoggedIn => "logged in",
        ActivityKind::Available => "available",
        ActivityKind::ReadyOrOnContact => "ready or on contact",
        ActivityKind::Ringing => "ringing",
        ActivityKind::OnContact => "on contact",
        ActivityKind::WrapUp => "wrap-up",
        ActivityKind::Away => "away",
        ActivityKind::Unknown => "unknown",
    }
}

/// An activity in words; an absence by its reason, where there is one.
#[must_use]
pub fn activity(activity: &Activity) -> String {
    match activity {
        Activity::Away(Reason::Unspecified) => kind(ActivityKind::Away).to_owned(),
        Activity::Away(reason) => format!("away ({})", reason.word()),
        other => kind(other.kind()).to_owned(),
    }
}

/// What is scheduled, in words.
#[must_use]
pub fn scheduled(scheduled: &Scheduled) -> String {
    match scheduled {
        Scheduled::Available => "work".to_owned(),
        Scheduled::Away(reason) => reason.word().to_owned(),
        Scheduled::Off => "off".to_owned(),
        Scheduled::Unknown(word) => word.clone(),
    }
}

/// An age: seconds up to a minute and a half, then minutes and seconds; never negative.
#[must_use]
pub fn age(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    if seconds < 90 { format!("{seconds}s") } else { duration(time) }
}

/// A duration as `m:ss`, from an hour on `h:mm:ss`; never negative.
#[must_use]
pub fn duration(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

//! What must not be overlooked while reading the page: doubtful lists, logouts on their way.

use chrono::TimeDelta;

use super::scene::Scene;
use super::text::Line;
use super::time;
use crate::app::Tracked;
use crate::model::{Answer, Feed, HoldReason, Stage, Verdict};
use crate::theme::Tone;

/// At most so many banners; the newest.
const MOST: usize = 3;

/// How long the end of an attempt stays on the screen.
const CONCLUDED_FOR: TimeDelta = TimeDelta::seconds(60);

/// The banners.
pub(super) fn lines(scene: &Scene<'_>) -> Vec<Line> {
    let holds = scene.floor.feeds().iter().filter_map(|feed| hold(scene, feed));
    let attempts = scene.app.tracked().iter().rev().filter(|tracked| is_shown(scene, tracked));
    holds.chain(attempts.map(|tracked| attempt(scene, tracked))).take(MOST).collect()
}

fn hold(scene: &Scene<'_>, feed: &Feed) -> Option<Line> {
    let hold = feed.hold.filter(|hold| hold.is_active(scene.now))?;
    let what = match hold.reason {
        HoldReason::PartialList { listed, declared } => {
            format!("{} lists only {listed} of {declared} agents", feed.name)
        }
        HoldReason::MassVanish { missing, of } => {
            format!("{} lost {missing} of {of} agents at once", feed.name)
        }
    };
    let until = time::clock(scene, hold.until);
    Some(Line::of(format!(" {what}: the missing held as stale until {until} "), Tone::Banner))
}

fn is_shown(scene: &Scene<'_>, tracked: &Tracked) -> bool {
    match tracked.stage {
        Stage::Done(_) => scene.real_now - tracked.at < CONCLUDED_FOR,
        _ => true,
    }
}

fn attempt(scene: &Scene<'_>, tracked: &Tracked) -> Line {
    let (text, tone) = stage(scene, tracked);
    Line::text(format!("log out {}: ", tracked.attempt.name)).with(text, tone)
}

/// How far an attempt has come, in words: what matters first, since the line may be cut.
pub(super) fn stage(scene: &Scene<'_>, tracked: &Tracked) -> (String, Tone) {
    match &tracked.stage {
        Stage::Asked => ("writing the journal".to_owned(), Tone::Accent),
        Stage::Journalled => ("sending".to_owned(), Tone::Accent),
        Stage::Sent { answer, .. } => {
            let seen = if tracked.looks_gone() { "gone so far" } else { "sent" };
            let until = tracked.watched_until().map(|until| time::clock(scene, until));
            let until = until.map_or_else(String::new, |until| format!(" until {until}"));
            let answer = match answer {
                None => String::new(),
                Some(Answer::Accepted) => "; accepted".to_owned(),
                Some(Answer::NotLoggedIn(text) | Answer::Refused(text)) => {
                    format!("; answered: {text}")
                }
                Some(Answer::NoAnswer(text)) => format!("; no answer: {text}"),
            };
            (format!("{seen}, readings watched{until}{answer}"), Tone::Accent)
        }
        Stage::Done(verdict) => {
            let tone = match verdict {
                Verdict::Gone => Tone::Good,
                Verdict::CameBack | Verdict::Unknown(_) => Tone::Warn,
                Verdict::StillHere | Verdict::Refused(_) | Verdict::NotSent(_) => Tone::Error,
            };
            let word = verdict.word().to_uppercase();
            let at = time::clock(scene, tracked.at);
            let detail = verdict.detail().map_or_else(String::new, |d| format!(": {d}"));
            (format!("{word} at {at}{detail}"), tone)
        }
    }
}

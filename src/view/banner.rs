//! What must not be overlooked while reading the page: a journal that is not kept, doubtful lists,
//! logouts on their way.

use chrono::TimeDelta;

use super::scene::Scene;
use super::text::{Line, fit};
use super::time;
use crate::action::Action;
use crate::app::Tracked;
use crate::keymap::Mode;
use crate::model::{Answer, Coverage, Feed, Stage, Verdict};
use crate::theme::Tone;

/// At most so many banners; the newest.
const MOST: usize = 3;

/// How long the end of an attempt stays on the screen.
const CONCLUDED_FOR: TimeDelta = TimeDelta::seconds(60);

/// The banners.
pub(super) fn lines(scene: &Scene<'_>) -> Vec<Line> {
    let holds = scene.floor.feeds().iter().filter_map(|feed| hold(scene, feed));
    let mut bundles: Vec<Vec<&Tracked>> = Vec::new();
    for tracked in scene.app.tracked().iter().rev() {
        // What one answer confirmed belongs together: a line an alert would be a screenful.
        let same = |bundle: &&mut Vec<&Tracked>| {
            bundle.first().is_some_and(|first| {
                first.attempt.asked_at == tracked.attempt.asked_at
                    && first.attempt.deed.word() == tracked.attempt.deed.word()
                    && tracked.alert_key().is_some()
            })
        };
        match bundles.iter_mut().find(same) {
            Some(bundle) => bundle.push(tracked),
            None => bundles.push(vec![tracked]),
        }
    }
    let shown = bundles.iter().filter(|bundle| bundle.iter().any(|t| is_shown(scene, t)));
    let attempts = shown.map(|bundle| match bundle.as_slice() {
        [only] => attempt(scene, only),
        many => several(many),
    });
    unkept(scene)
        .into_iter()
        .chain(set_aside(scene))
        .chain(holds)
        .chain(attempts)
        .take(MOST)
        .collect()
}

/// That what happens is lost with the end of the program. The cause is cut before the time is.
fn unkept(scene: &Scene<'_>) -> Option<Line> {
    let trouble = scene.app.keeping()?;
    let rest = format!(", nothing kept since {}", time::clock(scene, trouble.since));
    let room = scene.width.saturating_sub(" JOURNAL:  ".len() + rest.len());
    let why = fit(&trouble.why, room, scene.symbols);
    Some(Line::of(format!(" JOURNAL: {}{rest} ", why.trim_end()), Tone::Banner))
}

/// That what earlier runs kept is in another file now: a sentence that goes away by itself would be
/// missed by whoever was not there.
fn set_aside(scene: &Scene<'_>) -> Option<Line> {
    let at = time::clock(scene, scene.app.set_aside_at()?);
    let key = scene.key(Mode::Floor, Action::Back).filter(|_| !scene.is_kiosk());
    let key = key.map(|key| format!("; {key}: seen")).unwrap_or_default();
    let text = format!(" the damaged journal was set aside at {at}, a new one begun{key} ");
    Some(Line::of(text, Tone::Banner))
}

fn hold(scene: &Scene<'_>, feed: &Feed) -> Option<Line> {
    let hold = feed.hold?;
    let what = format!("{} {}", feed.name, hold.reason);
    let missing = match feed.coverage {
        // A list of whom a login may see believes nobody gone, however long it lasts.
        Some(Coverage::Visible) if hold.is_active(scene.now) => "held as stale".to_owned(),
        Some(Coverage::Visible) => return None,
        _ if hold.is_active(scene.now) => {
            format!("held as stale until {}", time::clock(scene, hold.until))
        }
        _ => format!("believed gone since {}", time::clock(scene, hold.until)),
    };
    Some(Line::of(format!(" {what}: the missing {missing} "), Tone::Banner))
}

fn is_shown(scene: &Scene<'_>, tracked: &Tracked) -> bool {
    match tracked.stage {
        Stage::Done(_) => scene.real_now - tracked.at < CONCLUDED_FOR,
        _ => true,
    }
}

fn attempt(scene: &Scene<'_>, tracked: &Tracked) -> Line {
    let (text, tone) = stage(scene, tracked);
    let (deed, name) = (tracked.attempt.deed.word(), &tracked.attempt.name);
    Line::text(format!("{deed} {name}: ")).with(text, tone)
}

/// Several changes that one answer confirmed: how many came to which end, the commonest first.
fn several(bundle: &[&Tracked]) -> Line {
    let mut ends: Vec<(&str, usize)> = Vec::new();
    let mut tone = Tone::Good;
    for tracked in bundle {
        let word = match &tracked.stage {
            Stage::Done(verdict) => {
                tone = worse(tone, verdict_tone(verdict));
                verdict.word()
            }
            _ if tracked.is_waiting() => "waiting",
            _ => "under way",
        };
        match ends.iter_mut().find(|(end, _)| *end == word) {
            Some((_, count)) => *count += 1,
            None => ends.push((word, 1)),
        }
    }
    if tone == Tone::Good && bundle.iter().any(|tracked| !tracked.is_over()) {
        tone = Tone::Accent;
    }
    ends.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let deed = bundle.first().map_or("", |tracked| tracked.attempt.deed.word());
    let mut ends = ends.into_iter().map(|(end, count)| (count, end));
    let first = ends.next().map(|(count, end)| format!("{count} of {} {end}", bundle.len()));
    let others = ends.map(|(count, end)| format!("{count} {end}"));
    let text: Vec<_> = first.into_iter().chain(others).collect();
    Line::text(format!("{deed}: ")).with(text.join(", "), tone)
}

fn worse(one: Tone, other: Tone) -> Tone {
    let rank = |tone| match tone {
        Tone::Error => 2,
        Tone::Warn => 1,
        _ => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}

fn verdict_tone(verdict: &Verdict) -> Tone {
    match verdict {
        Verdict::Gone | Verdict::Confirmed => Tone::Good,
        Verdict::CameBack | Verdict::Unknown(_) | Verdict::Overtaken(_) => Tone::Warn,
        Verdict::StillHere | Verdict::Unchanged | Verdict::Refused(_) | Verdict::NotSent(_) => {
            Tone::Error
        }
    }
}

/// How far an attempt has come, in words: what matters first, since the line may be cut.
pub(super) fn stage(scene: &Scene<'_>, tracked: &Tracked) -> (String, Tone) {
    match &tracked.stage {
        _ if tracked.is_waiting() => ("waits for the one before it".to_owned(), Tone::Accent),
        Stage::Asked => ("writing the journal".to_owned(), Tone::Accent),
        Stage::Journalled => ("sending".to_owned(), Tone::Accent),
        Stage::Sent { answer, .. } => {
            let seen = if tracked.looks_gone() { "gone so far" } else { "sent" };
            let until = tracked.watched_until().map(|until| time::clock(scene, until));
            let until = until.map_or_else(String::new, |until| format!(" until {until}"));
            let answer = match answer {
                None => String::new(),
                Some(Answer::Accepted | Answer::Changed(_)) => "; accepted".to_owned(),
                Some(Answer::NotLoggedIn(text) | Answer::Refused(text)) => {
                    format!("; answered: {text}")
                }
                Some(Answer::NoAnswer(text)) => format!("; no answer: {text}"),
            };
            (format!("{seen}, readings watched{until}{answer}"), Tone::Accent)
        }
        Stage::Done(verdict) => {
            let word = verdict.word().to_uppercase();
            let at = time::clock(scene, tracked.at);
            let detail = verdict.detail().map_or_else(String::new, |d| format!(": {d}"));
            (format!("{word} at {at}{detail}"), verdict_tone(verdict))
        }
    }
}

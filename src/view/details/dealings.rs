//! What was raised about a person, what was done to them and by whom, from where they work, and what
//! logging them out would need.

use std::cmp::Reverse;
use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::heading;
use crate::app::Tracked;
use crate::model::{AgentKey, Attempt, AttemptRecord, Connection, KnownAlert, Person, SourceName};
use crate::rules::Confirmation;
use crate::theme::Tone;
use crate::view::panel::{labelled, sentence};
use crate::view::scene::Scene;
use crate::view::text::Line;
use crate::view::{alerts, banner, time};

/// At most so many actions are shown; the newest.
const ACTIONS: usize = 10;

/// The alerts about `person`, newest first.
pub(super) fn of<'a>(scene: &'a Scene<'_>, person: &'a Person) -> Vec<&'a KnownAlert> {
    let mut theirs = scene.floor.alerts_of(person);
    theirs.reverse();
    theirs
}

/// Everything that a WFM has raised about them.
pub(super) fn alerts(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let theirs = of(scene, person);
    if theirs.is_empty() {
        return Vec::new();
    }
    let mut lines = heading("Alerts");
    for known in theirs {
        let alert = &known.alert;
        let at = alert.created_at.map(|at| format!("{} ", time::clock(scene, at)));
        let status = match (known.listed, alerts::is_current(scene, known)) {
            (true, true) => alert.status.word().to_owned(),
            (true, false) => format!("{} when last read", alert.status.word()),
            (false, _) => format!("no longer {}", alert.status.word()),
        };
        let notes = alert.notes.as_ref().map(|notes| format!(" (notes: {notes})"));
        let text = format!(
            "{}{status}, {}: {}{}",
            at.unwrap_or_default(),
            alerts::kind(known),
            alerts::message(scene, known),
            notes.unwrap_or_default()
        );
        let tone = if known.is_open() { Tone::Text } else { Tone::Muted };
        lines.extend(labelled(known.key.source.as_str(), &text, tone, inner));
    }
    lines
}

/// What was done to them: by this run, and before it by what the journal says.
pub(super) fn actions(
    scene: &Scene<'_>,
    person: &Person,
    journalled: Option<&[AttemptRecord]>,
    inner: usize,
) -> Vec<Line> {
    let whom = |key: &AgentKey| scene.floor.person_of(key).is_some_and(|p| p.id == person.id);
    let own: Vec<_> =
        scene.app.tracked().iter().filter(|tracked| whom(&tracked.attempt.target)).collect();
    let told: HashSet<_> = own.iter().filter_map(|tracked| tracked.id).collect();
    let earlier = journalled.unwrap_or_default().iter();
    let mut all: Vec<(DateTime<Utc>, String, Tone)> = own
        .into_iter()
        .map(|tracked| ours(scene, tracked))
        .chain(earlier.filter(|r| !told.contains(&r.id)).map(|record| recorded(scene, record)))
        .collect();
    if all.is_empty() {
        return Vec::new();
    }
    all.sort_by_key(|(at, ..)| Reverse(*at));
    let more = all.len().saturating_sub(ACTIONS);
    let mut lines = heading("What was done");
    for (_, text, tone) in all.into_iter().take(ACTIONS) {
        lines.extend(sentence(&text, tone, inner));
    }
    if more > 0 {
        lines.push(Line::of(format!("and {more} earlier"), Tone::Muted));
    }
    lines
}

fn ours(scene: &Scene<'_>, tracked: &Tracked) -> (DateTime<Utc>, String, Tone) {
    let (text, tone) = banner::stage(scene, tracked);
    (tracked.attempt.asked_at, format!("{}: {text}", asked(scene, &tracked.attempt)), tone)
}

fn recorded(scene: &Scene<'_>, record: &AttemptRecord) -> (DateTime<Utc>, String, Tone) {
    let outcome = record.verdict.as_deref().unwrap_or("no outcome written down yet");
    let at = record.done_at.map(|at| format!(" at {}", time::clock(scene, at)));
    let detail = record.detail.as_ref().map(|detail| format!(": {detail}"));
    let text = format!(
        "{}: {outcome}{}{}",
        asked(scene, &record.attempt),
        at.unwrap_or_default(),
        detail.unwrap_or_default()
    );
    (record.attempt.asked_at, text, Tone::Text)
}

/// Who asked for what, when and why.
fn asked(scene: &Scene<'_>, attempt: &Attempt) -> String {
    let Attempt { deed, operator, reason, target, asked_at, .. } = attempt;
    let at = time::clock(scene, *asked_at);
    let reason = if reason.is_empty() { String::new() } else { format!(" (\"{reason}\")") };
    format!("{at} {} at {} by {operator}{reason}", deed.word(), target.source)
}

/// From where they work: personal data, shown only where it is asked for.
pub(super) fn connection(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let mut lines = heading("Connection");
    let text = "Personal data: for questions of security only.";
    lines.extend(sentence(text, Tone::Warn, inner));
    let known = connections(scene, person);
    let before = lines.len();
    for (source, connection) in known {
        let texts = [&connection.ip_address, &connection.browser];
        let said: Vec<_> = texts.into_iter().flatten().map(|text| text.reveal()).collect();
        let seen = time::clock(scene, connection.seen_at);
        let text = format!("{}, seen {seen}", said.join(", "));
        lines.extend(labelled(source.as_str(), &text, Tone::Text, inner));
    }
    if lines.len() == before {
        lines.push(Line::of("No source says from where this person works.", Tone::Muted));
    }
    lines
}

/// What each source says of that.
pub(super) fn connections<'a>(
    scene: &'a Scene<'_>,
    person: &'a Person,
) -> impl Iterator<Item = (SourceName, &'a Connection)> {
    person.keys().into_iter().filter_map(|key| {
        let connection = scene.floor.connection(&key)?;
        Some((key.source, connection))
    })
}

/// What a logout now would need.
pub(super) fn logout(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let mut lines = heading("Logging out");
    let text = match scene.app.logout_prompt(&person.id, scene.real_now) {
        Err(why) => why,
        Ok(prompt) => match prompt.confirmation {
            Confirmation::Plain => {
                format!("possible at {}, one key confirms", prompt.target.source)
            }
            Confirmation::Typed(reasons) => format!(
                "possible at {}, but only with a typed word: {}",
                prompt.target.source,
                reasons.join("; ")
            ),
        },
    };
    lines.extend(sentence(&text, Tone::Text, inner));
    lines
}

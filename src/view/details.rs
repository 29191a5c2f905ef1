//! One person in full: what every source says, how old it is, how we know, and what is wrong.

use super::panel::{self, Panel, labelled, sentence};
use super::scene::Scene;
use super::text::Line;
use super::{banner, footer, state, time};
use crate::action::Action;
use crate::keymap::Mode;
use crate::model::{Evidence, Headline, Person, PersonId, Presence};
use crate::rules::{Confirmation, adherence, findings, words};
use crate::theme::Tone;

/// The widest the panel becomes.
const WIDTH: usize = 100;

/// The panel of `id`, from line `scroll` on.
pub(super) fn panel(scene: &Scene<'_>, id: &PersonId, scroll: usize) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let people = scene.floor.people();
    let Some((number, person)) = people.iter().enumerate().find(|(_, person)| &person.id == id)
    else {
        let lines = vec![Line::text("This person is no longer known.")];
        return panel::scrolled(scene, "Nobody", lines, inner, 0, Line::default());
    };
    let headline = scene.floor.headline(person, scene.now);
    let mut lines = summary(scene, person, &headline, inner);
    lines.extend(attention(scene, person, &headline, inner));
    lines.extend(presences(scene, person, inner));
    lines.extend(schedule(scene, person, &headline, inner));
    lines.extend(work(person, inner));
    lines.extend(logout(scene, person, inner));
    let keys = if scene.app.may_command() {
        footer::hint(scene, Mode::Floor, Action::Logout, "log out")
    } else {
        Line::default()
    };
    panel::scrolled(scene, scene.name(person, number), lines, inner, scroll, keys)
}

fn summary(scene: &Scene<'_>, person: &Person, headline: &Headline, inner: usize) -> Vec<Line> {
    let kind = headline.activity.kind();
    let (text, tone) = state::time(scene, headline, &[]);
    let raw = headline.source.as_ref().and_then(|source| person.presence(source));
    let word = state::word(&headline.activity, raw.map(|presence| presence.raw.as_str()));
    let mut line = Line::of(format!("{} {word}", state::mark(scene, kind)), state::tone(kind));
    line.push(format!("  {text}"), tone);
    if let Some(since) = headline.since {
        line.push(format!(" since {}", time::clock(scene, since)), Tone::Text);
    }
    let source = headline.source.as_ref().map_or("nobody", |source| source.as_str());
    line.push(format!(", {} by {source}", headline.evidence.word()), Tone::Muted);
    let mut lines = vec![line];
    let roster = if person.in_roster { "" } else { ", not in the roster" };
    lines.extend(labelled("person", &format!("{}{roster}", person.id), Tone::Text, inner));
    if let Some(team) = &person.team {
        lines.extend(labelled("team", team, Tone::Text, inner));
    }
    let ids: Vec<_> = person.ids.iter().map(|(source, id)| format!("{source} {id}")).collect();
    lines.extend(labelled("ids", &ids.join(", "), Tone::Text, inner));
    lines
}

fn attention(scene: &Scene<'_>, person: &Person, headline: &Headline, inner: usize) -> Vec<Line> {
    let found = findings(scene.floor, person, headline, &scene.app.setup().limits, scene.now);
    if found.is_empty() {
        return Vec::new();
    }
    let mut lines = heading("Wants attention");
    for finding in found {
        let tone = state::severity_tone(finding.severity);
        let since = finding.since.map(|since| format!(" (since {})", time::clock(scene, since)));
        let text = format!(
            "{}: {}{}",
            finding.kind.word().replace('_', " "),
            finding.text,
            since.unwrap_or_default()
        );
        let mut wrapped = sentence(&text, tone, inner.saturating_sub(3)).into_iter();
        if let Some(first) = wrapped.next() {
            let mut line = Line::of(state::severity_mark(Some(finding.severity)), tone);
            line.push(" ", tone);
            line.append(first);
            lines.push(line);
        }
        lines.extend(wrapped.map(|rest| {
            let mut line = Line::text("   ");
            line.append(rest);
            line
        }));
    }
    lines
}

fn presences(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let mut lines = heading("What each source says");
    if person.presences.is_empty() {
        lines.push(Line::of("No source says anything of this person.", Tone::Muted));
    }
    for presence in &person.presences {
        lines.push(statement(scene, presence).fit(inner, scene.symbols));
        lines.push(provenance(scene, presence).fit(inner, scene.symbols));
    }
    lines
}

fn statement(scene: &Scene<'_>, presence: &Presence) -> Line {
    let kind = presence.activity.kind();
    let mut line = Line::of(format!("{} {}  ", presence.source, presence.agent), Tone::Text);
    line.push(
        format!("{} {}", state::mark(scene, kind), words::activity(&presence.activity)),
        state::tone(kind),
    );
    if let Some(since) = presence.since {
        let until = scene.now.min(presence.as_of.max(since));
        let stale = scene.floor.evidence(presence, scene.now) == Evidence::Stale;
        let (until, mark) = if stale { (until, "~") } else { (scene.now, "") };
        let duration = words::duration(until - since);
        line.push(format!("  {mark}{duration} since {}", time::clock(scene, since)), Tone::Text);
    } else {
        line.push("  it does not say since when", Tone::Muted);
    }
    if presence.away_pending {
        line.push("  away after this contact", Tone::Away);
    }
    line
}

fn provenance(scene: &Scene<'_>, presence: &Presence) -> Line {
    let evidence = scene.floor.evidence(presence, scene.now).word();
    let age = time::age_of(scene, presence.as_of);
    let missed = match presence.missed {
        0 => String::new(),
        1 => ", not in its last list".to_owned(),
        n => format!(", not in its last {n} lists"),
    };
    let name = presence.name.as_ref().map(|name| format!(", called {name}")).unwrap_or_default();
    let raw = &presence.raw;
    Line::of(format!("  {evidence} {age} ago{missed}; in its words \"{raw}\"{name}"), Tone::Muted)
}

fn schedule(scene: &Scene<'_>, person: &Person, headline: &Headline, inner: usize) -> Vec<Line> {
    let Some(adherence) = adherence(scene.floor, person, headline, scene.now) else {
        return Vec::new();
    };
    let mut lines = heading("Schedule");
    let scheduled = words::scheduled(&adherence.scheduled);
    let shift = adherence.shift.map(|shift| {
        format!(", shift {}-{}", shift.start.format("%H:%M"), shift.end.format("%H:%M"))
    });
    let adherent = match (adherence.adherent, adherence.held_by_call) {
        (None, _) => "cannot be said now",
        (Some(true), _) => "yes",
        (Some(false), true) => "no: held by a call",
        (Some(false), false) => "no",
    };
    let since = adherence.out_since.map(|since| format!(", since {}", time::clock(scene, since)));
    let scheduled = format!("{scheduled}{}", shift.unwrap_or_default());
    lines.extend(labelled("scheduled", &scheduled, Tone::Text, inner));
    let adherent = format!("{adherent}{}", since.unwrap_or_default());
    lines.extend(labelled("adherent", &adherent, Tone::Text, inner));
    lines
}

fn work(person: &Person, inner: usize) -> Vec<Line> {
    let Some(work) = person.work() else { return Vec::new() };
    let skills = (!work.skills.is_empty()).then(|| work.skills.join(", "));
    let calls = work.calls_today.map(|calls| calls.to_string());
    let entries = [
        ("campaign", work.campaign_or_id().map(str::to_owned)),
        ("queue", work.queue_or_id().map(str::to_owned)),
        ("skills", skills),
        ("calls today", calls),
        ("extension", work.extension.clone()),
    ];
    let mut lines: Vec<_> = entries
        .into_iter()
        .filter_map(|(label, value)| value.map(|value| (label, value)))
        .flat_map(|(label, value)| labelled(label, &value, Tone::Text, inner))
        .collect();
    if !lines.is_empty() {
        lines.splice(0..0, heading("Work"));
    }
    lines
}

/// Earlier attempts to log this person out, and what one now would need.
fn logout(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let mut lines = heading("Logging out");
    let theirs = |key: &crate::model::AgentKey| person.ids.get(&key.source) == Some(&key.agent);
    for tracked in scene.app.tracked().iter().filter(|tracked| theirs(&tracked.attempt.target)) {
        let (text, tone) = banner::stage(scene, tracked);
        let by = &tracked.attempt.operator;
        let text = format!("{} by {by}: {text}", time::clock(scene, tracked.at));
        lines.extend(sentence(&text, tone, inner));
    }
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

fn heading(text: &str) -> Vec<Line> {
    vec![Line::default(), Line::of(text, Tone::Title)]
}

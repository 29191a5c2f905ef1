//! One person in full: what every source says, how old it is, how we know, and what is wrong.

mod contact;
mod day;
mod dealings;
mod figures;
mod together;

use super::panel::{self, Panel, labelled, sentence};
use super::scene::Scene;
use super::text::Line;
use super::{alerts, footer, state, time};
use crate::action::Action;
use crate::keymap::Mode;
use crate::model::{
    Activity, AttemptRecord, Evidence, Headline, KnownAlert, Person, PersonId, Presence, Reason,
};
use crate::rules::{Severity, adherence, findings, words};
use crate::theme::Tone;

/// The widest the panel becomes.
const WIDTH: usize = 196;

/// What of a person is shown.
pub(super) struct Asked<'a> {
    /// Lines scrolled down.
    pub scroll: usize,
    /// Whether it is shown from where they work.
    pub connection: bool,
    /// What the journal says was done to them.
    pub actions: Option<&'a [AttemptRecord]>,
}

/// The panel of `id`.
pub(super) fn panel(scene: &Scene<'_>, id: &PersonId, asked: &Asked<'_>) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let people = scene.floor.people();
    let Some((number, person)) = people.iter().enumerate().find(|(_, person)| &person.id == id)
    else {
        let lines = vec![Line::text("This person is no longer known.")];
        return panel::scrolled(scene, "Nobody", lines, inner, 0, vec![]);
    };
    let headline = scene.floor.headline(person, scene.now);
    let mut lines = summary(scene, person, &headline, inner);
    // What a key asked for stands where it is seen at once.
    if asked.connection {
        lines.extend(dealings::connection(scene, person, inner));
    }
    lines.extend(day::lines(scene, person, inner));
    lines.extend(attention(scene, person, &headline, inner));
    lines.extend(presences(scene, person, inner));
    lines.extend(schedule(scene, person, &headline, inner));
    lines.extend(together::lines(scene, person, &headline, inner));
    lines.extend(figures::lines(scene, person, inner));
    lines.extend(contact::lines(scene, person, inner));
    lines.extend(dealings::alerts(scene, person, inner));
    lines.extend(dealings::actions(scene, person, asked.actions, inner));
    lines.extend(dealings::logout(scene, person, inner));
    let keys = keys(scene, person, asked);
    panel::scrolled(scene, scene.name(person, number), lines, inner, asked.scroll, keys)
}

fn keys(scene: &Scene<'_>, person: &Person, asked: &Asked<'_>) -> Vec<Line> {
    let hint = |action, word: &str| footer::hint(scene, Mode::Floor, action, word);
    let (may, theirs) = (scene.app.may_command(), dealings::of(scene, person));
    let mut keys = Vec::new();
    if may {
        keys.push(hint(Action::Logout, "log out"));
    }
    let open = may && theirs.into_iter().any(KnownAlert::is_open);
    if open {
        keys.push(hint(Action::Acknowledge, "acknowledge"));
    }
    keys.push(hint(Action::Explain, "explain"));
    if dealings::connections(scene, person).next().is_some() {
        let word = if asked.connection { "hide address" } else { "address" };
        keys.push(hint(Action::Connection, word));
    }
    if open {
        keys.push(hint(Action::Resolve, "resolve"));
    }
    keys.push(hint(Action::Help, "help"));
    keys
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
    let how = match headline.evidence {
        Evidence::Stale => "stale, last said",
        evidence => evidence.word(),
    };
    line.push(format!(", {how} by {source}"), Tone::Muted);
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

/// What the rules found, and what a WFM raised and nobody has dealt with.
fn attention(scene: &Scene<'_>, person: &Person, headline: &Headline, inner: usize) -> Vec<Line> {
    let found = findings(scene.floor, person, headline, &scene.app.setup().limits, scene.now);
    let found = found.into_iter().map(|finding| {
        let since = finding.since.map(|since| format!(" (since {})", time::clock(scene, since)));
        let kind = finding.kind.word().replace('_', " ");
        (finding.severity, format!("{kind}: {}{}", finding.text, since.unwrap_or_default()))
    });
    let alerts = dealings::of(scene, person);
    // Our own say what the rules found.
    let wants_eye = |known: &&KnownAlert| known.is_open() && !known.key.source.is_own();
    let alerts = alerts.into_iter().filter(wants_eye).map(|known| {
        let at = known.alert.created_at;
        let at = at.map(|at| format!(" (raised {})", time::clock(scene, at)));
        let (kind, message) = (alerts::kind(known), alerts::message(scene, known));
        let source = &known.key.source;
        let text = format!("{source} alert, {kind}: {message}{}", at.unwrap_or_default());
        (Severity::Warn, text)
    });
    let wants: Vec<_> = found.chain(alerts).collect();
    if wants.is_empty() {
        return Vec::new();
    }
    let mut lines = heading("Wants attention");
    for (severity, text) in wants {
        let tone = state::severity_tone(severity);
        let wrapped = sentence(&text, tone, inner.saturating_sub(3)).into_iter().enumerate();
        lines.extend(wrapped.map(|(index, rest)| {
            let mark = if index == 0 { state::severity_mark(Some(severity)) } else { "  " };
            let mut line = Line::of(format!("{mark} "), tone);
            line.append(rest);
            line
        }));
    }
    lines
}

fn presences(scene: &Scene<'_>, person: &Person, inner: usize) -> Vec<Line> {
    let mut lines = heading("What each source says");
    if person.presences.is_empty() {
        lines.push(Line::of("No source lists this person now.", Tone::Muted));
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
        format!("{} {}", state::mark(scene, kind), activity(scene, presence)),
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

/// What a presence says; the reason of a pause by the source's log where the reading gives none.
fn activity(scene: &Scene<'_>, presence: &Presence) -> String {
    let told = words::activity(&presence.activity);
    let unexplained = presence.activity == Activity::Away(Reason::Unspecified);
    match scene.floor.reason_of(presence).filter(|reason| *reason != Reason::Unspecified) {
        Some(reason) if unexplained => format!("{told} ({}, by its log)", reason.word()),
        _ => told,
    }
}

fn provenance(scene: &Scene<'_>, presence: &Presence) -> Line {
    let evidence = match scene.floor.evidence(presence, scene.now) {
        Evidence::Stale => "stale, last said",
        evidence => evidence.word(),
    };
    let age = time::age_of(scene, presence.as_of);
    if presence.is_not_listed() {
        let text = format!("  {evidence} {age} ago: its list never had this person");
        return Line::of(text, Tone::Muted);
    }
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
        (None, _) if adherence.exempt => "exempt: a system says that it is not measured",
        (None, true) => "the shift is over: held by a call",
        (None, false) => "cannot be said now",
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

fn heading(text: impl Into<String>) -> Vec<Line> {
    vec![Line::default(), Line::of(text, Tone::Title)]
}

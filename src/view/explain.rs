//! Why something is shown as it is: each rule, what went in, the arithmetic, the keys that govern it.

use super::panel::{self, Panel, sentence};
use super::scene::Scene;
use super::text::{Line, wrap};
use super::{concern, footer, time};
use crate::action::Action;
use crate::app::Subject;
use crate::keymap::Mode;
use crate::model::{AlertKey, PersonId, QueueKey};
use crate::rules::{self, Explanation, Input, explain};
use crate::theme::Tone;

/// The widest the panel becomes.
const WIDTH: usize = 116;

/// The columns that stand before what belongs to an explanation.
const INDENT: usize = 2;

/// Of so many alerts in one line it is said why each was raised.
const MEMBERS: usize = 3;

/// The columns that the names of inputs take.
const NAME: usize = 16;

/// The panel that explains `subject`, from line `scroll` on.
pub(super) fn panel(scene: &Scene<'_>, subject: &Subject, scroll: usize) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let found = match subject {
        Subject::Person(id) => person(scene, id),
        Subject::Queue(key) => queue(scene, key),
        Subject::Alert(key) => alert(scene, key),
        Subject::Fold(keys) => fold(scene, keys),
        Subject::Floor(team) => floor(scene, team.as_deref()),
    };
    let Some((title, explanations)) = found else {
        let lines = vec![Line::text("Nothing is known of this any more.")];
        return panel::scrolled(scene, "Why", lines, inner, 0, vec![]);
    };
    let mut lines: Vec<_> =
        explanations.iter().flat_map(|explanation| paragraph(scene, explanation, inner)).collect();
    lines.pop(); // the blank line behind the last one
    let keys = vec![footer::hint(scene, Mode::Floor, Action::Help, "help")];
    panel::scrolled(scene, format!("Why: {title}"), lines, inner, scroll, keys)
}

fn person(scene: &Scene<'_>, id: &PersonId) -> Option<(String, Vec<Explanation>)> {
    let people = scene.floor.people();
    let (number, person) = people.iter().enumerate().find(|(_, person)| &person.id == id)?;
    let headline = scene.floor.headline(person, scene.now);
    let limits = &scene.app.setup().limits;
    let row = scene.app.rows().iter().find(|row| &row.id == id);
    let findings = match row {
        Some(row) => row.findings.clone(),
        None => rules::findings(scene.floor, person, &headline, limits, scene.now),
    };
    let figures = scene.figures(id);
    let figures = figures.as_ref();
    let all =
        explain::person(scene.floor, person, &headline, &findings, figures, limits, scene.now);
    Some((scene.name(person, number), all))
}

fn queue(scene: &Scene<'_>, key: &QueueKey) -> Option<(String, Vec<Explanation>)> {
    let queues = scene.floor.queues();
    let queue = queues.iter().find(|queue| &queue.key == key)?;
    let figures = scene.app.shown_ledger().queue(key, scene.now);
    let days = scene.app.campaign_days();
    let all = explain::queue(scene.floor, queue, days, figures.as_ref(), scene.now);
    Some((queue.name.clone(), all))
}

fn alert(scene: &Scene<'_>, key: &AlertKey) -> Option<(String, Vec<Explanation>)> {
    let known = scene.floor.alerts().get(key)?;
    let all = explain::alert(scene.floor, known, &scene.app.setup().limits, scene.now);
    Some((concern::person(scene, known), all))
}

/// Alerts in one line: why they are one, then why the first of them were raised.
fn fold(scene: &Scene<'_>, keys: &[AlertKey]) -> Option<(String, Vec<Explanation>)> {
    let known: Vec<_> = keys.iter().filter_map(|key| scene.floor.alerts().get(key)).collect();
    let mut head = explain::fold(scene.floor, &known, scene.now)?;
    if let Some(more) = known.len().checked_sub(MEMBERS).filter(|more| *more > 0) {
        head.arithmetic
            .push(format!("the first {MEMBERS} follow; {more} more stand in the open fold"));
    }
    let mut all = vec![head];
    for known in known.iter().take(MEMBERS) {
        let (name, of_it) = (concern::person(scene, known), alert(scene, &known.key));
        let named =
            |found: Explanation| Explanation { what: format!("{name}: {}", found.what), ..found };
        all.extend(of_it.into_iter().flat_map(|(_, of_it)| of_it).map(named));
    }
    Some((format!("{} alerts in one line", known.len()), all))
}

/// The figures that stand above the page.
fn floor(scene: &Scene<'_>, team: Option<&str>) -> Option<(String, Vec<Explanation>)> {
    let (app, ledger) = (scene.app, scene.app.shown_ledger());
    let figures = match team {
        Some(team) => ledger.team(team, scene.now),
        None => ledger.floor(scene.now),
    };
    let (muster, figures) = (app.muster(team)?, figures.as_ref());
    let group = explain::Group { team, muster, figures };
    let all = explain::group(scene.floor, &group, &app.setup().limits, scene.now);
    Some((team.map_or_else(|| "the floor".to_owned(), |team| format!("team {team}")), all))
}

/// One explanation, with a blank line behind it.
fn paragraph(scene: &Scene<'_>, explanation: &Explanation, inner: usize) -> Vec<Line> {
    let Explanation { what, rule, inputs, arithmetic, config } = explanation;
    let room = inner.saturating_sub(INDENT);
    let mut lines = sentence(what, Tone::Title, inner);
    if !rule.is_empty() {
        lines.extend(indented(sentence(rule, Tone::Muted, room)));
    }
    lines.extend(indented(inputs.iter().flat_map(|i| input(scene, i, room)).collect()));
    let point = format!("{} ", scene.symbols.point());
    for line in arithmetic {
        let mut first = true;
        for part in wrap(line, room.saturating_sub(2)) {
            let mark = if std::mem::take(&mut first) { point.as_str() } else { "  " };
            lines.extend(indented(vec![Line::of(mark, Tone::Accent).with(part, Tone::Text)]));
        }
    }
    lines.extend(indented(
        config
            .iter()
            .flat_map(|key| sentence(&format!("[config] {key}"), Tone::Key, room))
            .collect(),
    ));
    lines.push(Line::default());
    lines
}

/// An input: what it is, its value, whose it is and how old.
fn input(scene: &Scene<'_>, input: &Input, room: usize) -> Vec<Line> {
    let value = input.value.as_deref().unwrap_or("unknown");
    let age = input.age.map(|age| format!("{} old", time::age(age)));
    let source = input.source.as_ref().map(ToString::to_string);
    let origin: Vec<_> = source.into_iter().chain(age).collect();
    let text = match origin.is_empty() {
        true => value.to_owned(),
        false => format!("{value}  [{}]", origin.join(", ")),
    };
    let tone = if input.value.is_some() { Tone::Text } else { Tone::Stale };
    let name = super::text::fit(&input.name, NAME - 1, scene.symbols);
    let wrapped = wrap(&text, room.saturating_sub(NAME)).into_iter().enumerate();
    wrapped
        .map(|(index, part)| {
            let mut line =
                Line::of(if index == 0 { name.clone() } else { String::new() }, Tone::Muted);
            line.push(" ".repeat(NAME.saturating_sub(line.width())), Tone::Muted);
            line.with(part, tone)
        })
        .collect()
}

fn indented(lines: Vec<Line>) -> Vec<Line> {
    let indent = |line| {
        let mut indented = Line::text(" ".repeat(INDENT));
        indented.append(line);
        indented
    };
    lines.into_iter().map(indent).collect()
}

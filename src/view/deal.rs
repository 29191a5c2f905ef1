//! The question whether to acknowledge or resolve alerts.

use super::footer;
use super::panel::{self, Panel, labelled, sentence};
use super::scene::Scene;
use super::text::{Line, fit};
use crate::action::Action;
use crate::app::DealPrompt;
use crate::keymap::Mode;
use crate::theme::Tone;

/// The widest the prompt becomes.
const WIDTH: usize = 72;

/// At most so many alerts are named.
const NAMED: usize = 8;

/// The rows that the prompt needs beside those that name alerts.
const OTHERS: usize = 7;

/// The prompt.
pub(super) fn panel(scene: &Scene<'_>, prompt: &DealPrompt) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let mut lines = Vec::new();
    if let Some(objection) = prompt.objection {
        lines.extend(sentence(&format!(" {objection} "), Tone::Banner, inner));
    }
    match prompt.targets.as_slice() {
        [only] => {
            lines.extend(labelled("person", &only.name, Tone::Prompt, inner));
            lines.extend(labelled("alert", &only.message, Tone::Prompt, inner));
            lines.extend(labelled("status", only.status.word(), Tone::Prompt, inner));
            let at = format!("{}, alert {}", only.key.source, only.key.id);
            lines.extend(labelled("at", &at, Tone::Prompt, inner));
        }
        many => lines.extend(named(scene, prompt, many.len(), inner)),
    }
    let mut notes = Line::of("> notes: ", Tone::Prompt);
    notes.append(footer::typed_within(&prompt.notes, inner.saturating_sub(notes.width())));
    let word = prompt.deed.word();
    let mut keys = footer::answer(scene, Mode::Text, Action::Open, word);
    keys.append(footer::hint(scene, Mode::Text, Action::Back, "no"));
    keys.push("the notes may stay empty", Tone::Muted);
    let pinned = vec![notes, Line::default(), keys];
    let mut title = word.to_owned();
    title[..1].make_ascii_uppercase();
    let what = match prompt.targets.len() {
        1 => "this alert".to_owned(),
        many => format!("{many} alerts"),
    };
    let title = format!("{title} {what}?");
    panel::asking(scene, title, lines, pinned, inner, (prompt.scroll, Mode::Text))
}

/// A line an alert, as many as there is room for.
fn named(scene: &Scene<'_>, prompt: &DealPrompt, all: usize, inner: usize) -> Vec<Line> {
    let room = panel::inner_height(scene).saturating_sub(OTHERS).clamp(1, NAMED);
    let room = if all > room { room } else { all };
    let mut lines: Vec<_> = prompt
        .targets
        .iter()
        .take(room)
        .map(|target| {
            let text = format!("{}: {}", target.name, target.message);
            Line::of(fit(&text, inner, scene.symbols), Tone::Prompt)
        })
        .collect();
    if all > room {
        lines.push(Line::of(format!("and {} more", all - room), Tone::Prompt));
    }
    lines
}

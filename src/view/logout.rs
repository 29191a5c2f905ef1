//! The question whether to log somebody out.

use super::footer;
use super::panel::{self, Panel, labelled, sentence};
use super::scene::Scene;
use super::text::Line;
use crate::action::Action;
use crate::app::{LogoutPrompt, PromptField};
use crate::keymap::Mode;
use crate::rules::Confirmation;
use crate::theme::Tone;

/// The widest the prompt becomes.
const WIDTH: usize = 72;

/// The prompt.
pub(super) fn panel(scene: &Scene<'_>, prompt: &LogoutPrompt) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let mut lines = Vec::new();
    if let Some(objection) = prompt.objection {
        lines.extend(sentence(&format!(" {objection} "), Tone::Banner, inner));
    }
    let target = format!("{} at {}", prompt.target.agent, prompt.target.source);
    lines.extend(labelled("agent", &target, Tone::Prompt, inner));
    // Before what can be read on the page too: on a small screen the rest has to be scrolled to.
    if let Confirmation::Typed(reasons) = &prompt.confirmation {
        for (index, reason) in reasons.iter().enumerate() {
            let label = if index == 0 { "careful" } else { "" };
            lines.extend(labelled(label, reason, Tone::Critical, inner));
        }
    }
    for (index, state) in prompt.state.iter().enumerate() {
        let label = if index == 0 { "state" } else { "" };
        lines.extend(labelled(label, state, Tone::Prompt, inner));
    }
    lines.extend(labelled("then", &prompt.consequence, Tone::Prompt, inner));
    let mut pinned = fields(prompt);
    if !pinned.is_empty() {
        pinned.push(Line::default());
    }
    pinned.push(keys(scene, prompt));
    let mode = if prompt.field == PromptField::Answer { Mode::Prompt } else { Mode::Text };
    let title = format!("Log out {}?", prompt.name);
    panel::asking(scene, title, lines, pinned, inner, (prompt.scroll, mode))
}

fn fields(prompt: &LogoutPrompt) -> Vec<Line> {
    let mut lines = Vec::new();
    let field = |label: &str, input, active: bool| {
        let mark = if active { ">" } else { " " };
        let mut line = Line::of(format!("{mark} {label}: "), Tone::Prompt);
        line.append(footer::typed(input, active));
        line
    };
    if matches!(prompt.confirmation, Confirmation::Typed(_)) {
        let active = prompt.field == PromptField::Word;
        lines.push(field("type logout to confirm", &prompt.word, active));
    }
    if prompt.field == PromptField::Reason || !prompt.reason.value().is_empty() {
        lines.push(field("reason", &prompt.reason, prompt.field == PromptField::Reason));
    }
    lines
}

fn keys(scene: &Scene<'_>, prompt: &LogoutPrompt) -> Line {
    let mut line = match prompt.field {
        PromptField::Answer => footer::answer(scene, Mode::Prompt, Action::Yes, "log out"),
        PromptField::Word => footer::answer(scene, Mode::Text, Action::Open, "log out"),
        PromptField::Reason => Line::default(),
    };
    let mut hint = |mode, action, word: &str| {
        line.append(footer::hint(scene, mode, action, word));
    };
    match prompt.field {
        PromptField::Answer => {
            hint(Mode::Prompt, Action::No, "no");
            hint(Mode::Prompt, Action::NextField, "give a reason");
        }
        PromptField::Word => {
            hint(Mode::Text, Action::Back, "no");
            hint(Mode::Text, Action::NextField, "give a reason");
        }
        PromptField::Reason => {
            hint(Mode::Text, Action::Open, "back to the question");
            hint(Mode::Text, Action::Back, "no");
        }
    }
    line
}

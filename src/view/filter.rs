//! The picker of what the agents are narrowed to.

use super::panel::{self, Panel};
use super::scene::Scene;
use super::text::Line;
use super::{footer, window};
use crate::action::Action;
use crate::app::FilterPicker;
use crate::keymap::Mode;
use crate::theme::Tone;

/// The widest the picker becomes.
const WIDTH: usize = 56;

/// The picker.
pub(super) fn panel(scene: &Scene<'_>, picker: &FilterPicker) -> Panel {
    let inner = panel::inner_width(scene, WIDTH);
    let mut typed = Line::of("type to narrow: ", Tone::Muted);
    typed.append(footer::typed(&picker.input, true));
    let mut lines = vec![typed];
    let room = panel::inner_height(scene).saturating_sub(lines.len()).min(16);
    let visible = window::around(Some(picker.selected), picker.matching.len(), room);
    let shown = visible.clone().zip(&picker.matching[visible]);
    lines.extend(shown.filter_map(|(index, option)| {
        let option = picker.options.get(*option)?;
        let selected = index == picker.selected;
        let mark = if selected { ">" } else { " " };
        let set = if option.is_set { "*" } else { " " };
        let label = super::text::fit(&option.label, inner.saturating_sub(9), scene.symbols);
        let count = option.people.to_string();
        let mut line = Line::text(format!("{mark}{set} {label}"));
        let gap = inner.saturating_sub(line.width() + count.len()).max(1);
        line.push(format!("{}{count}", " ".repeat(gap)), Tone::Text);
        if selected {
            line.spans.iter_mut().for_each(|span| span.tone = Tone::Selected);
        }
        Some(line)
    }));
    if picker.matching.is_empty() {
        lines.push(Line::of("nothing matches", Tone::Muted));
    }
    let (at, of) = (picker.selected + 1, picker.matching.len());
    let mut foot = Line::of(format!("{} of {of}  ", at.min(of)), Tone::Muted);
    foot.append(footer::hint(scene, Mode::Text, Action::Open, "choose"));
    foot.append(footer::hint(scene, Mode::Text, Action::Back, "cancel"));
    panel::around(scene, "Show only", lines, inner, foot)
}

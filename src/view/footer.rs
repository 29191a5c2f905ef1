//! The last line: the keys that are useful now, or a sentence for the supervisor, or the search.

use tui_input::Input;
use unicode_width::UnicodeWidthChar;

use super::scene::Scene;
use super::text::Line;
use crate::action::Action;
use crate::app::{Page, Place, Prompt};
use crate::keymap::Mode;
use crate::theme::Tone;

/// The last line.
pub(super) fn line(scene: &Scene<'_>) -> Line {
    if let Some(Prompt::Search { input, .. }) = scene.app.prompt() {
        return searching(scene, input);
    }
    if let Some(notice) = scene.app.notice() {
        let tone = if notice.is_error { Tone::Error } else { Tone::Notice };
        return Line::of(notice.text.clone(), tone);
    }
    if scene.is_kiosk() || scene.app.prompt().is_some() {
        return Line::default();
    }
    keys_that_fit(scene)
}

fn searching(scene: &Scene<'_>, input: &Input) -> Line {
    let mut line = Line::of("search: ", Tone::Prompt);
    line.append(typed(input, true));
    line.push("   ", Tone::Text);
    line.append(hint(scene, Mode::Text, Action::Open, "keep"));
    line.append(hint(scene, Mode::Text, Action::Back, "cancel"));
    line
}

/// The keys of the page, the least needed left out where they do not fit.
fn keys_that_fit(scene: &Scene<'_>) -> Line {
    let last = [(Action::Help, "help"), (Action::Quit, "quit")];
    let floor = |(action, word): (Action, &str)| hint(scene, Mode::Floor, action, word);
    let mut end = Line::default();
    last.map(floor).into_iter().for_each(|hint| end.append(hint));
    let mut line = Line::default();
    for hint in useful(scene).into_iter().map(floor) {
        if line.width() + hint.width() + end.width() > scene.width + 2 {
            break;
        }
        line.append(hint);
    }
    line.append(end);
    // Nothing comes behind the last key: without its blanks it may fit just so.
    if let Some(last) = line.spans.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    line
}

fn useful(scene: &Scene<'_>) -> Vec<(Action, &'static str)> {
    let frozen = scene.app.frozen_at().is_some();
    let freeze = (Action::Freeze, if frozen { "go on" } else { "freeze" });
    let mut keys = match scene.app.page() {
        Page::Agents => vec![
            (Action::Open, "details"),
            (Action::Explain, "explain"),
            (Action::Search, "search"),
            (Action::Filter, "filter"),
            (Action::Sort, "sort"),
        ],
        Page::Adherence => vec![(Action::Open, "details"), (Action::Explain, "explain")],
        Page::Alerts => alert_keys(scene),
        Page::Queues => vec![(Action::Open, "who sits there"), (Action::Explain, "explain")],
        Page::Log => vec![(Action::Up, "older"), (Action::Down, "newer")],
    };
    if scene.app.may_command() && matches!(scene.app.page(), Page::Agents | Page::Adherence) {
        keys.push((Action::Logout, "log out"));
    }
    keys.extend([freeze, (Action::ReadNow, "read now")]);
    if frozen {
        keys.rotate_right(2);
    }
    keys
}

fn alert_keys(scene: &Scene<'_>) -> Vec<(Action, &'static str)> {
    let app = scene.app;
    let row = app.selected_alert_row().and_then(|at| app.alert_rows().get(at));
    let open = match row.map(|row| &row.place) {
        Some(Place::Fold { is_open: true, .. }) => "fold",
        Some(Place::Fold { .. }) => "unfold",
        _ => "details",
    };
    let mut keys = vec![(Action::Open, open)];
    if scene.app.may_command() {
        keys.extend([
            (Action::Mark, "mark"),
            (Action::Acknowledge, "acknowledge"),
            (Action::Resolve, "resolve"),
        ]);
    }
    keys.extend([
        (Action::Filter, "others"),
        (Action::Explain, "explain"),
        (Action::Search, "search"),
    ]);
    keys
}

/// A key and what it does; nothing where no key does it.
pub(super) fn hint(scene: &Scene<'_>, mode: Mode, action: Action, word: &str) -> Line {
    match scene.key(mode, action) {
        Some(key) => Line::of(key, Tone::Key).with(format!(" {word}  "), Tone::Muted),
        None => Line::default(),
    }
}

/// The key that answers a question, and what it does: bright once its answer counts.
pub(super) fn answer(scene: &Scene<'_>, mode: Mode, action: Action, word: &str) -> Line {
    let mut line = hint(scene, mode, action, word);
    if !scene.app.is_answerable() {
        line.spans.iter_mut().for_each(|span| span.tone = Tone::Muted);
    }
    line
}

/// The key that scrolls: where it works, the others are tried too.
pub(super) fn scrolling(scene: &Scene<'_>) -> Line {
    hint(scene, Mode::Floor, Action::PageDown, "more")
}

/// The key that closes what lies over the page.
pub(super) fn closing(scene: &Scene<'_>) -> Line {
    hint(scene, Mode::Floor, Action::Back, "close")
}

/// The part of what has been typed that fits into `room` columns, with the cursor in it.
pub(super) fn typed_within(input: &Input, room: usize) -> Line {
    // The cursor takes a column of its own behind the last letter.
    let hidden = input.visual_scroll(room.saturating_sub(1));
    let mut skipped = 0;
    let letters = input.value().chars().skip_while(|letter| {
        let is_hidden = skipped < hidden;
        skipped += letter.width().unwrap_or(0);
        is_hidden
    });
    let shown: String = letters.collect();
    let gone = input.value().chars().count() - shown.chars().count();
    let cursor = input.cursor().saturating_sub(gone);
    typed(&Input::new(shown).with_cursor(cursor), true)
}

/// What has been typed, with the cursor where the next letter goes.
pub(super) fn typed(input: &Input, active: bool) -> Line {
    let value = input.value();
    if !active {
        return Line::of(value, Tone::Prompt);
    }
    let at = value.char_indices().nth(input.cursor()).map_or(value.len(), |(at, _)| at);
    let (before, rest) = value.split_at(at);
    let mut letters = rest.chars();
    let under = letters.next().map_or_else(|| " ".to_owned(), String::from);
    Line::of(before, Tone::Prompt).with(under, Tone::Cursor).with(letters.as_str(), Tone::Prompt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, cursor: usize, room: usize) -> String {
        let line = typed_within(&Input::new(text.to_owned()).with_cursor(cursor), room);
        line.spans.iter().map(|span| span.text.as_str()).collect()
    }

    #[test]
    fn of_a_long_text_the_part_with_the_cursor_is_shown() {
        assert_eq!(shown("talked", 6, 10), "talked ");
        assert_eq!(shown("talked to her", 13, 8), " to her ");
        assert!(shown("talked to her", 0, 8).starts_with("talked"));
    }

    #[test]
    fn the_cursor_stays_where_the_next_letter_goes() {
        for cursor in 0..=40 {
            let text = "佐藤 talked to 花子 about the late start, twice".to_owned();
            let line = typed_within(&Input::new(text.clone()).with_cursor(cursor), 12);
            let under = line.spans.iter().find(|span| span.tone == Tone::Cursor).unwrap();
            let next = text.chars().nth(cursor).map_or(" ".to_owned(), String::from);
            assert_eq!(under.text, next, "{cursor}");
            let at = line.spans.iter().take_while(|span| span.tone != Tone::Cursor);
            let before: usize =
                at.map(|span| unicode_width::UnicodeWidthStr::width(&*span.text)).sum();
            assert!(before < 12, "{cursor}: {line:?}");
        }
    }
}

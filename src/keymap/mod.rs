//! The keys: `keymap.toml`, embedded, says which key asks for what where, and how the help words it.

use std::collections::HashMap;

use crokey::KeyCombination;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::Deserialize;

use crate::action::Action;

/// Where a key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The lists.
    Floor,
    /// A question that a single key answers.
    Prompt,
    /// Typing: every key that is not bound here is a letter.
    Text,
    /// Everywhere.
    Always,
}

/// One line of the keymap.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// What it asks for.
    pub action: Action,
    /// The keys, in the order in which they are shown.
    pub keys: Vec<String>,
    /// Where they count.
    pub mode: Mode,
    /// What it does, as the help words it.
    pub does: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    bind: Vec<Binding>,
}

/// Every binding, and which key asks for what.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<Binding>,
    by_key: HashMap<(Mode, KeyCombination), Action>,
}

/// What is wrong with a keymap, all of it at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the keymap has mistakes: {}", .0.join("; "))]
pub struct KeymapError(pub Vec<String>);

impl Keymap {
    /// The keymap that is built in.
    ///
    /// # Errors
    /// When the embedded file is wrong; a test keeps that from happening.
    pub fn embedded() -> Result<Self, KeymapError> {
        Self::parse(include_str!("keymap.toml"))
    }

    /// Reads a keymap.
    ///
    /// # Errors
    /// Every unknown action, key that cannot be read and key that is bound twice in one mode.
    pub fn parse(text: &str) -> Result<Self, KeymapError> {
        let file: File =
            toml::from_str(text).map_err(|e| KeymapError(vec![e.message().to_owned()]))?;
        let mut problems = Vec::new();
        let mut by_key = HashMap::new();
        for binding in &file.bind {
            for key in &binding.keys {
                match crokey::parse(key) {
                    Err(_) => problems.push(format!("`{key}` is not a key")),
                    Ok(combination) => {
                        let taken =
                            by_key.insert((binding.mode, combination.normalized()), binding.action);
                        if let Some(other) = taken {
                            problems.push(format!(
                                "`{key}` asks for {other:?} and for {:?} in the mode {:?}",
                                binding.action, binding.mode
                            ));
                        }
                    }
                }
            }
        }
        if problems.is_empty() {
            Ok(Self { bindings: file.bind, by_key })
        } else {
            Err(KeymapError(problems))
        }
    }

    /// What `key` asks for in `mode`; none when it is not bound there.
    #[must_use]
    pub fn resolve(&self, mode: Mode, key: KeyEvent) -> Option<Action> {
        let combination = combination(key);
        let here = self.by_key.get(&(mode, combination));
        here.or_else(|| self.by_key.get(&(Mode::Always, combination))).copied()
    }

    /// Every binding, in the file's order.
    #[must_use]
    pub fn bindings(&self) -> &[Binding] {
        &self.bindings
    }
}

/// A key as people write it: `shift-l` is `L`, and so on.
#[must_use]
pub fn shown(key: &str) -> String {
    match key {
        "up" => "↑".to_owned(),
        "down" => "↓".to_owned(),
        "pageup" => "PgUp".to_owned(),
        "pagedown" => "PgDn".to_owned(),
        "home" => "Home".to_owned(),
        "end" => "End".to_owned(),
        "enter" => "Enter".to_owned(),
        "esc" => "Esc".to_owned(),
        "tab" => "Tab".to_owned(),
        "space" => "Space".to_owned(),
        "backtab" => "Shift-Tab".to_owned(),
        other => match (other.strip_prefix("shift-"), other.strip_prefix("ctrl-")) {
            (Some(letter), _) => letter.to_uppercase(),
            (_, Some(letter)) => format!("Ctrl-{}", letter.to_uppercase()),
            _ => other.to_owned(),
        },
    }
}

/// The key without what terminals disagree about: some report Shift with `?`, others do not.
fn combination(key: KeyEvent) -> KeyCombination {
    let mut key = key;
    if let KeyCode::Char(letter) = key.code
        && !letter.is_alphabetic()
    {
        key.modifiers.remove(KeyModifiers::SHIFT);
    }
    KeyCombination::from(key).normalized()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    #[test]
    fn the_embedded_keymap_has_no_mistakes() {
        Keymap::embedded().unwrap();
    }

    #[test]
    fn a_letter_asks_for_nothing_while_typing_but_ctrl_c_does_everywhere() {
        let keymap = Keymap::embedded().unwrap();
        assert_eq!(keymap.resolve(Mode::Floor, key(KeyCode::Char('q'))), Some(Action::Quit));
        assert_eq!(keymap.resolve(Mode::Text, key(KeyCode::Char('q'))), None);
        let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        for mode in [Mode::Floor, Mode::Prompt, Mode::Text] {
            assert_eq!(keymap.resolve(mode, ctrl_c), Some(Action::Quit));
        }
    }

    #[test]
    fn a_capital_is_the_same_key_however_the_terminal_reports_it() {
        let keymap = Keymap::embedded().unwrap();
        for modifiers in [KeyModifiers::NONE, KeyModifiers::SHIFT] {
            let capital = KeyEvent::new(KeyCode::Char('L'), modifiers);
            assert_eq!(keymap.resolve(Mode::Floor, capital), Some(Action::Logout));
            let question = KeyEvent::new(KeyCode::Char('?'), modifiers);
            assert_eq!(keymap.resolve(Mode::Floor, question), Some(Action::Help));
        }
        assert_eq!(keymap.resolve(Mode::Floor, key(KeyCode::Char('l'))), None);
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let text = r#"
            [[bind]]
            action = "quit"
            keys = ["q", "hyper-ö-9"]
            mode = "floor"
            does = "quit"
            [[bind]]
            action = "help"
            keys = ["q"]
            mode = "floor"
            does = "help"
        "#;
        let KeymapError(problems) = Keymap::parse(text).unwrap_err();
        assert_eq!(problems.len(), 2, "{problems:?}");
    }
}

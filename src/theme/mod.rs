//! What things look like: a [`Tone`] says what something means, a [`Theme`] how that is drawn, and
//! [`Symbols`] which characters stand for it. The only module that names colours.

mod file;
mod symbols;
mod tone;

use ratatui::style::Style;

pub use symbols::Symbols;
pub use tone::Tone;

const EMBEDDED: [(&str, &str); 3] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

/// How every tone is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    styles: [Style; Tone::ALL.len()],
}

/// Why a theme cannot be used. Another theme never takes its place by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// Neither a built-in theme nor a file.
    #[error("there is no theme `{0}`: use dark, light or mono, or the path of a theme file")]
    NoSuchTheme(String),
    /// The file cannot be read.
    #[error("the theme file {path} cannot be read: {cause}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        cause: String,
    },
    /// The file can be read but is wrong; every mistake in it, each with its line.
    #[error("the theme {name} has mistakes:\n  {}", .problems.join("\n  "))]
    Mistakes {
        /// The theme.
        name: String,
        /// One sentence each.
        problems: Vec<String>,
    },
}

impl Theme {
    /// The themes that are built in.
    pub const NAMES: [&str; 3] = [EMBEDDED[0].0, EMBEDDED[1].0, EMBEDDED[2].0];

    /// The built-in theme of that name, else the theme in that file.
    ///
    /// # Errors
    /// When there is neither, or when the file has mistakes: all of them at once.
    pub fn load(name_or_path: &str) -> Result<Self, ThemeError> {
        if let Some((name, text)) = EMBEDDED.iter().find(|(name, _)| *name == name_or_path) {
            return Self::parse(name, text);
        }
        match std::fs::read_to_string(name_or_path) {
            Ok(text) => Self::parse(name_or_path, &text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                Err(ThemeError::NoSuchTheme(name_or_path.to_owned()))
            }
            Err(e) => {
                Err(ThemeError::Unreadable { path: name_or_path.to_owned(), cause: e.to_string() })
            }
        }
    }

    /// A theme from the text of a theme file.
    ///
    /// # Errors
    /// Every unknown or missing tone and every word that is no colour and no attribute, at once.
    pub fn parse(name: &str, text: &str) -> Result<Self, ThemeError> {
        let styles = file::styles(text)
            .map_err(|problems| ThemeError::Mistakes { name: name.to_owned(), problems })?;
        Ok(Self { name: name.to_owned(), styles })
    }

    /// Its name, or the path it was read from.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How `tone` is drawn.
    #[must_use]
    pub fn style(&self, tone: Tone) -> Style {
        self.styles[tone as usize]
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Color, Modifier};

    use super::*;

    const ROOTS: &str = "text = \"\"\nmuted = \"dim\"\naccent = \"bold\"\nselected = \"reverse\"\n\
        good = \"green\"\nwarn = \"yellow\"\nerror = \"red\"\n";

    fn mistakes(text: &str) -> Vec<String> {
        match Theme::parse("test", text) {
            Err(ThemeError::Mistakes { problems, .. }) => problems,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_built_in_theme_loads() {
        for name in Theme::NAMES {
            assert_eq!(Theme::load(name).unwrap().name(), name);
        }
    }

    #[test]
    fn mono_names_no_colour_at_all() {
        let mono = Theme::load("mono").unwrap();
        for tone in Tone::ALL {
            let style = mono.style(tone);
            assert_eq!((style.fg, style.bg), (None, None), "{}", tone.key());
        }
    }

    #[test]
    fn the_built_in_themes_use_only_the_terminals_own_sixteen_colours_to_write_with() {
        for name in Theme::NAMES {
            let theme = Theme::load(name).unwrap();
            for tone in Tone::ALL {
                let style = theme.style(tone);
                // None of the sixteen lies behind all the others without swallowing one.
                let behind = style.bg.filter(|_| tone != Tone::Selected);
                for colour in [style.fg, behind].into_iter().flatten() {
                    assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{name}");
                }
            }
        }
    }

    #[test]
    fn the_selected_row_keeps_its_colours_and_is_seen_without_any() {
        for name in Theme::NAMES {
            let theme = Theme::load(name).unwrap();
            let (row, pointer) = (theme.style(Tone::Selected), theme.style(Tone::Pointer));
            assert_eq!(row.fg, None, "{name}");
            assert!(!row.add_modifier.contains(Modifier::REVERSED), "{name}");
            assert!(!row.add_modifier.is_empty(), "{name}: `NO_COLOR` takes the background");
            assert!(pointer.add_modifier.contains(Modifier::REVERSED), "{name}");
        }
    }

    #[test]
    fn a_tone_that_a_file_does_not_name_is_drawn_as_its_broader_meaning() {
        let theme = Theme::parse("old", ROOTS).unwrap();
        assert_eq!(theme.style(Tone::Critical), theme.style(Tone::Error));
        assert_eq!(theme.style(Tone::Live), theme.style(Tone::Good));
    }

    #[test]
    fn a_style_is_colours_and_attributes_in_any_order() {
        let text = format!("{ROOTS}banner = \"bold white on blue underline\"\n");
        let style = Theme::parse("test", &text).unwrap().style(Tone::Banner);
        assert_eq!((style.fg, style.bg), (Some(Color::White), Some(Color::Blue)));
        assert_eq!(style.add_modifier, Modifier::BOLD | Modifier::UNDERLINED);
    }

    #[test]
    fn every_mistake_is_reported_at_once_with_its_line_and_what_is_allowed() {
        let text = "text = \"\"\nmuted = \"dimm\"\naccent = 3\nacent = \"red\"\n\
            selected = \"red blue\"\ngood = \"green on\"\nwarn = \"yellow\"\n";
        let problems = mistakes(text);
        assert_eq!(problems.len(), 6, "{problems:#?}");
        assert!(problems[0].starts_with("line 2: `dimm` in `muted`"), "{problems:#?}");
        assert!(problems[0].contains("light-red"), "{problems:#?}");
        assert!(problems[1].starts_with("line 3:"));
        assert!(problems[2].contains("`acent`") && problems[2].contains("accent"));
        assert!(problems.iter().any(|p| p.contains("`error` is missing")), "{problems:#?}");
    }

    #[test]
    fn a_theme_that_does_not_exist_is_an_error_and_not_another_theme() {
        let error = Theme::load("drak").unwrap_err();
        assert!(error.to_string().contains("`drak`: use dark, light or mono"), "{error}");
    }
}

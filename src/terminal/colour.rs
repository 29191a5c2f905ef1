//! How many colours the terminal has.

use termprofile::{DetectorSettings, TermProfile, TermVar, TermVars};

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColourChoice {
    /// As many as the terminal has; none where `NO_COLOR` is set.
    #[default]
    Auto,
    /// Colour, whatever the environment says.
    Always,
    /// None.
    Never,
}

/// How many colours to use on standard output.
///
/// Also tells crossterm to send the colours it is given: with `NO_COLOR` set, it would send a full
/// reset for each instead and thereby erase bold and reversed too.
#[must_use]
pub fn colours(choice: ColourChoice) -> TermProfile {
    crossterm::style::force_color_output(true);
    // Asking tmux would start a process before the first frame.
    let settings = DetectorSettings::new().enable_tmux_info(false);
    profile(choice, TermVars::from_env(&std::io::stdout(), settings), no_color())
}

/// Whether `NO_COLOR` is set to anything, as its convention says.
fn no_color() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

fn profile(choice: ColourChoice, mut vars: TermVars, no_color: bool) -> TermProfile {
    match choice {
        ColourChoice::Never => TermProfile::NoColor,
        ColourChoice::Auto if no_color => TermProfile::NoColor,
        // A dumb terminal still gets bold and reversed: somebody is looking at a screen.
        ColourChoice::Auto => {
            vars.overrides.no_color = TermVar::default();
            TermProfile::detect_with_vars(vars).max(TermProfile::NoColor)
        }
        ColourChoice::Always => {
            vars.overrides.no_color = TermVar::default();
            TermProfile::detect_with_vars(vars).max(TermProfile::Ansi16)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(term: &str, colorterm: &str) -> TermVars {
        let mut vars = TermVars::default();
        vars.meta.is_terminal = true;
        vars.meta.term = TermVar::new(term);
        vars.meta.colorterm = TermVar::new(colorterm);
        vars
    }

    #[test]
    fn colours_are_what_the_terminal_has_unless_somebody_says_otherwise() {
        use ColourChoice::{Always, Auto, Never};
        for (choice, term, colorterm, no_color, expected) in [
            (Auto, "xterm-256color", "truecolor", false, TermProfile::TrueColor),
            (Auto, "xterm-256color", "", false, TermProfile::Ansi256),
            (Auto, "xterm-256color", "truecolor", true, TermProfile::NoColor),
            (Auto, "dumb", "", false, TermProfile::NoColor),
            (Never, "xterm-256color", "truecolor", false, TermProfile::NoColor),
            (Always, "xterm-256color", "truecolor", true, TermProfile::TrueColor),
            (Always, "dumb", "", false, TermProfile::Ansi16),
        ] {
            assert_eq!(
                profile(choice, vars(term, colorterm), no_color),
                expected,
                "{choice:?} {term} {colorterm} {no_color}"
            );
        }
    }
}

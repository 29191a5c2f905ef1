//! Cells of a CSV that people open in a spreadsheet, which runs whatever begins like a formula.

/// The first characters of what a spreadsheet takes for a formula, or strips to get at one.
const BEGINS_A_FORMULA: [char; 11] = [
    '=', '+', '-', '@', '\t', '\r',
    '\n', // and the full-width twins, which some read as these
    '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// What makes a text of it. A spreadsheet does not show it.
const GUARD: char = '\'';

/// `text` as a cell that no spreadsheet runs; [`bared`] gives it back.
#[must_use]
pub fn guarded(text: &str) -> String {
    if is_risky(text) { format!("{GUARD}{text}") } else { text.to_owned() }
}

/// The text of which `cell` was made by [`guarded`].
#[must_use]
pub fn bared(cell: &str) -> &str {
    cell.strip_prefix(GUARD).filter(|text| is_risky(text)).unwrap_or(cell)
}

/// Whether `text` is run as it stands, or without the guards before it: of those one more is needed, so
/// that a text that has some of its own comes back with them.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches(GUARD).starts_with(BEGINS_A_FORMULA)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whatever_a_spreadsheet_would_run_is_guarded_and_nothing_else() {
        for risky in [
            "=1+1",
            "+1-555",
            "-5",
            "@SUM(A1)",
            "\t=x",
            "\r=x",
            "\u{ff1d}1",
            "\u{ff0b}1",
            "\u{ff0d}1",
            "\u{ff20}x",
        ] {
            assert_eq!(guarded(risky), format!("'{risky}"));
            assert_eq!(bared(&guarded(risky)), risky);
        }
        for plain in ["", "Jane", "'t Hooft", "'", "5", "a=b", "O'Brien", "(-5)"] {
            assert_eq!(guarded(plain), plain);
            assert_eq!(bared(plain), plain);
        }
    }

    #[test]
    fn a_guard_that_belongs_to_the_text_stays_in_it() {
        for text in ["'=x", "''@x", "'-"] {
            assert_eq!(guarded(text), format!("'{text}"));
            assert_eq!(bared(&guarded(text)), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_comes_back_and_is_never_run(text in "['=+@a\u{ff1d}\t-]{0,6}|.*") {
            let cell = guarded(&text);
            prop_assert!(!cell.starts_with(BEGINS_A_FORMULA));
            prop_assert_eq!(bared(&cell), text);
        }
    }
}

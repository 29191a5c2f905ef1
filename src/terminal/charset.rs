//! Whether what stands on the terminal is UTF-8.

/// Whether the environment says that text is UTF-8. As POSIX has it, the first of these variables that is
/// not empty decides, and none of them means plain ASCII.
#[must_use]
pub fn is_utf8() -> bool {
    says_utf8(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
}

fn says_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let mut values = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable);
    let Some(locale) = values.find(|value| !value.is_empty()) else { return false };
    // `de_DE.UTF-8@euro`; macOS writes the charset alone.
    let charset = locale.split_once('.').map_or(locale.as_str(), |(_, charset)| charset);
    let charset = charset.split('@').next().unwrap_or_default();
    let letters = charset.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_not_empty_decides() {
        for (all, ctype, lang, expected) in [
            ("", "", "en_US.UTF-8", true),
            ("C", "en_US.UTF-8", "en_US.UTF-8", false),
            ("C.utf8", "C", "C", true),
            ("", "de_DE.ISO-8859-15@euro", "de_DE.UTF-8", false),
            ("", "UTF-8", "C", true),
            ("", "", "de_DE.utf-8@euro", true),
            ("POSIX", "", "en_US.UTF-8", false),
            ("", "", "en_US", false),
            ("", "", "", false),
        ] {
            let variable = |name: &str| {
                let value = match name {
                    "LC_ALL" => all,
                    "LC_CTYPE" => ctype,
                    _ => lang,
                };
                Some(value.to_owned())
            };
            assert_eq!(says_utf8(variable), expected, "{all} {ctype} {lang}");
        }
        assert!(!says_utf8(|_| None));
    }
}

//! A length of time as people write it: `"15s"`, `"2m"`, `"1h"`, `"35d"`. The unit is part of it, since a bare
//! number is read as seconds by one and as milliseconds by the next.

use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

/// A length of time from the command line or the config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

/// Why a text is no length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// Only a number.
    #[error("`{0}` has no unit (hint: write `{0}s`, `{0}m` or `{0}h`)")]
    NoUnit(String),
    /// Neither a number nor a unit that is known.
    #[error("`{0}` is not a length of time (hint: a whole number and one of ms, s, m, h, d)")]
    NotASpan(String),
    /// More than a number can hold.
    #[error("`{0}` is too long (hint: at most a few years)")]
    TooLong(String),
}

impl SpanError {
    /// What to write instead.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NoUnit(digits) => format!("write \"{digits}s\", \"{digits}m\" or \"{digits}h\""),
            Self::NotASpan(_) => "a whole number and one of ms, s, m, h, d".to_owned(),
            Self::TooLong(_) => "shorter".to_owned(),
        }
    }

    /// The same where the length has to lie within `bounds`; none where no unit would make it one.
    #[must_use]
    pub fn hint_within(&self, bounds: &RangeInclusive<Duration>) -> Option<String> {
        match self {
            Self::NoUnit(digits) => {
                let written = Span::with_a_unit(digits, bounds);
                let quoted: Vec<_> = written.iter().map(|text| format!("{text:?}")).collect();
                (!quoted.is_empty()).then(|| format!("write {}", quoted.join(" or ")))
            }
            other => Some(other.hint()),
        }
    }
}

impl Span {
    /// What `digits` with a unit behind them may have been meant to be: all that lies within `bounds`.
    #[must_use]
    pub fn with_a_unit(digits: &str, bounds: &RangeInclusive<Duration>) -> Vec<String> {
        let written = ["s", "m", "h", "d", "ms"].map(|unit| format!("{digits}{unit}"));
        let fits = |text: &String| text.parse::<Self>().is_ok_and(|span| bounds.contains(&span.0));
        written.into_iter().filter(fits).collect()
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let trimmed = text.trim();
        let digits = trimmed.chars().take_while(char::is_ascii_digit).count();
        let (number, unit) = trimmed.split_at(digits);
        if number.is_empty() {
            return Err(SpanError::NotASpan(text.to_owned()));
        }
        let millis = match unit.trim() {
            "" => return Err(SpanError::NoUnit(number.to_owned())),
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(SpanError::NotASpan(text.to_owned())),
        };
        number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(millis))
            .filter(|millis| *millis <= MAX_MILLIS)
            .map(|millis| Self(Duration::from_millis(millis)))
            .ok_or_else(|| SpanError::TooLong(text.to_owned()))
    }
}

/// Ten years: more is a slip, and every sum with a date stays within what a date can hold.
const MAX_MILLIS: u64 = 10 * 366 * 24 * 3_600_000;

impl std::fmt::Display for Span {
    /// In the largest unit that leaves a whole number; days only where there are two or more, since
    /// `24h` says more than `1d`. Reads back as the same span.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = self.0.as_millis();
        match millis {
            0 => f.write_str("0s"),
            m if m % 86_400_000 == 0 && m > 86_400_000 => write!(f, "{}d", m / 86_400_000),
            m if m % 3_600_000 == 0 => write!(f, "{}h", m / 3_600_000),
            m if m % 60_000 == 0 => write!(f, "{}m", m / 60_000),
            m if m % 1_000 == 0 => write!(f, "{}s", m / 1_000),
            m => write!(f, "{m}ms"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_carries_its_unit() {
        for (text, millis) in
            [("15s", 15_000), ("2m", 120_000), ("1h", 3_600_000), ("250ms", 250), (" 3 s ", 3_000)]
                .into_iter()
                .chain([("35d", 3_024_000_000), ("400d", 34_560_000_000)])
        {
            assert_eq!(text.parse::<Span>().unwrap().0.as_millis(), millis, "{text}");
        }
    }

    #[test]
    fn a_bare_number_is_refused_and_the_error_says_what_to_write() {
        let error = "15".parse::<Span>().unwrap_err();
        assert_eq!(error.to_string(), "`15` has no unit (hint: write `15s`, `15m` or `15h`)");
    }

    #[test]
    fn the_hint_names_only_units_that_the_bounds_allow() {
        let seconds = |from, to| Duration::from_secs(from)..=Duration::from_secs(to);
        let day = 86_400;
        let hint = |text: &str, bounds| text.parse::<Span>().unwrap_err().hint_within(&bounds);
        for (text, bounds, says) in [
            ("35", seconds(day, 400 * day), Some("write \"35h\" or \"35d\"")),
            ("300", seconds(day, 400 * day), Some("write \"300h\" or \"300d\"")),
            ("20", seconds(day, 400 * day), Some("write \"20d\"")),
            ("15", seconds(1, 600), Some("write \"15s\"")),
            ("5", seconds(1, 600), Some("write \"5s\" or \"5m\"")),
            ("2000", seconds(1, 600), Some("write \"2000ms\"")),
            ("0", seconds(1, 600), None),
            ("soon", seconds(1, 600), Some("a whole number and one of ms, s, m, h, d")),
        ] {
            assert_eq!(hint(text, bounds).as_deref(), says, "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in ["", "s", "1.5s", "-3s", "3 weeks", "3sec", "0x10s", "１s"] {
            assert!(matches!(text.parse::<Span>(), Err(SpanError::NotASpan(_))), "{text}");
        }
        for text in ["99999999999999999999s", "18446744073709551615h", "200000h"] {
            assert!(matches!(text.parse::<Span>(), Err(SpanError::TooLong(_))), "{text}");
        }
    }

    #[test]
    fn a_span_reads_back_as_it_is_written() {
        for text in ["0s", "1ms", "1500ms", "90s", "2m", "36h", "24h", "35d"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
    }
}

//! A moment as people write it: an instant, a time of today, a day. What it means in the floor's zone is
//! for whoever knows the floor.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike as _, Utc};

/// A moment from the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    text: String,
    said: Said,
}

/// What a [`Moment`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// An instant, with its own offset.
    Instant(DateTime<Utc>),
    /// A time of today, in floor time.
    Clock(NaiveTime),
    /// The start of a day, in floor time.
    Day(NaiveDate),
}

/// Why a text is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Nothing that is understood.
    #[error(
        "`{0}` is not a time (hint: HH:MM of today, YYYY-MM-DD, or RFC 3339, such as 2026-03-01T08:00:00-05:00)"
    )]
    NotATime(String),
    /// The sixtieth second of a minute: our clock has none, nor has most of what would read it.
    #[error("`{0}` is a leap second, which no clock here shows (hint: seconds from 00 to 59)")]
    LeapSecond(String),
    /// Before there was anything that this program could tell of.
    #[error("`{0}` is before 1970 (hint: a time from 1970-01-01 on)")]
    TooEarly(String),
}

impl Moment {
    /// What it says.
    #[must_use]
    pub fn said(&self) -> Said {
        self.said
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let trimmed = text.trim();
        // Chrono reads `8:5` and `2026-3-1` too, which are as likely slips as meant.
        let looks_like = |pattern: &str| {
            trimmed.len() == pattern.len()
                && trimmed.bytes().zip(pattern.bytes()).all(|(found, wanted)| match wanted {
                    b'0' => found.is_ascii_digit(),
                    sign => found == sign,
                })
        };
        // The schedule file takes an hour with one digit too.
        let said = if looks_like("00:00") || looks_like("0:00") {
            NaiveTime::parse_from_str(trimmed, "%H:%M").ok().map(Said::Clock)
        } else if looks_like("0000-00-00") {
            NaiveDate::parse_from_str(trimmed, "%Y-%m-%d").ok().map(Said::Day)
        } else {
            DateTime::parse_from_rfc3339(trimmed).ok().map(|at| Said::Instant(at.to_utc()))
        };
        let said = said.ok_or_else(|| MomentError::NotATime(text.to_owned()))?;
        match said {
            // Chrono counts a leap second as more than a second of nanoseconds.
            Said::Instant(at) if at.nanosecond() >= 1_000_000_000 => {
                Err(MomentError::LeapSecond(text.to_owned()))
            }
            Said::Instant(at) if at < DateTime::UNIX_EPOCH => {
                Err(MomentError::TooEarly(text.to_owned()))
            }
            Said::Day(date) if date < DateTime::UNIX_EPOCH.date_naive() => {
                Err(MomentError::TooEarly(text.to_owned()))
            }
            said => Ok(Self { text: trimmed.to_owned(), said }),
        }
    }
}

impl std::fmt::Display for Moment {
    /// As it was written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<Said> {
        text.parse::<Moment>().ok().map(|moment| moment.said())
    }

    #[test]
    fn an_instant_has_its_own_offset() {
        let at = DateTime::from_timestamp(1_772_380_800, 0).unwrap();
        for text in
            ["2026-03-01T16:00:00Z", "2026-03-01T11:00:00-05:00", "2026-03-01T16:00:00.000Z"]
        {
            assert_eq!(said(text), Some(Said::Instant(at)), "{text}");
        }
    }

    #[test]
    fn a_time_of_day_and_a_day_are_told_apart() {
        assert_eq!(said("08:30"), NaiveTime::from_hms_opt(8, 30, 0).map(Said::Clock));
        assert_eq!(said("8:30"), said("08:30"), "as the schedule file has it");
        assert_eq!(said(" 00:00 "), Some(Said::Clock(NaiveTime::MIN)));
        assert_eq!(said("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29).map(Said::Day));
    }

    #[test]
    fn anything_else_is_refused_with_what_was_found() {
        for text in [
            "",
            "now",
            "24:00",
            "08:60",
            "+8:30",
            "2026-02-29",
            "2026-3-1",
            "2026-03-01T08:00:00",
            "2026-03-01T08:00Z",
            "1772380800",
            "٠٨:٣٠",
        ] {
            let error = text.parse::<Moment>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is not a time")), "{error}");
        }
    }

    #[test]
    fn a_leap_second_and_what_was_before_1970_are_refused_in_one_sentence() {
        for (text, says) in [
            ("2026-03-01T10:00:60Z", "is a leap second"),
            ("2016-12-31T23:59:60.5Z", "is a leap second"),
            ("1969-12-31T23:59:59Z", "is before 1970"),
            ("1970-01-01T00:00:00+01:00", "is before 1970"),
            ("0000-01-01", "is before 1970"),
            ("1000-01-01", "is before 1970"),
        ] {
            let error = text.parse::<Moment>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` {says}")), "{error}");
        }
        assert_eq!(said("1970-01-01T00:00:00Z"), Some(Said::Instant(DateTime::UNIX_EPOCH)));
        assert!(said("1970-01-01").is_some());
    }

    #[test]
    fn it_is_shown_as_it_was_written() {
        assert_eq!("08:30".parse::<Moment>().unwrap().to_string(), "08:30");
    }
}

//! A moment as people write it: an instant, a time of today, a day. What it means in the floor's zone is
//! for whoever knows the floor.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

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
#[error(
    "`{0}` is not a time (hint: HH:MM of today, YYYY-MM-DD, or RFC 3339, such as 2026-03-01T08:00:00-05:00)"
)]
pub struct MomentError(String);

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
        let said = if looks_like("00:00") {
            NaiveTime::parse_from_str(trimmed, "%H:%M").ok().map(Said::Clock)
        } else if looks_like("0000-00-00") {
            NaiveDate::parse_from_str(trimmed, "%Y-%m-%d").ok().map(Said::Day)
        } else {
            DateTime::parse_from_rfc3339(trimmed).ok().map(|at| Said::Instant(at.to_utc()))
        };
        said.map(|said| Self { text: trimmed.to_owned(), said })
            .ok_or_else(|| MomentError(text.to_owned()))
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
        assert_eq!(said(" 00:00 "), Some(Said::Clock(NaiveTime::MIN)));
        assert_eq!(said("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29).map(Said::Day));
    }

    #[test]
    fn anything_else_is_refused_with_what_was_found() {
        for text in [
            "",
            "now",
            "24:00",
            "8:30",
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
    fn it_is_shown_as_it_was_written() {
        assert_eq!("08:30".parse::<Moment>().unwrap().to_string(), "08:30");
    }
}

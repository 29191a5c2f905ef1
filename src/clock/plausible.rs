//! What can be meant by an instant, or a time, that somebody else sends.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

/// The years that a system which is in use now can speak of.
const YEARS: std::ops::Range<i32> = 2000..2200;

/// Nobody has been in a state for a year: a larger number is no time.
const LONGEST: TimeDelta = TimeDelta::days(365);

/// `at`, where it can be meant: in the years 2000 to 2199. Everything that a vendor sends goes through
/// here before anything is reckoned with it. A year may be written with a sign and any number of digits,
/// and a second away from the first instant that can be held no clock's offset can be taken off it.
#[must_use]
pub fn plausible(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    YEARS.contains(&at.year()).then_some(at)
}

/// So many milliseconds, where that can be how long something lasted: from none to less than a year.
/// Sums and differences of what is longer may be more than can be held.
#[must_use]
pub fn plausible_time(milliseconds: f64) -> Option<TimeDelta> {
    #[expect(clippy::cast_precision_loss, reason = "a year has far fewer milliseconds than 2^53")]
    let longest = LONGEST.num_milliseconds() as f64;
    #[expect(clippy::cast_possible_truncation, reason = "the range has been looked at")]
    (0.0..longest).contains(&milliseconds).then(|| TimeDelta::milliseconds(milliseconds as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_in_two_centuries() {
        let of = |text: &str| plausible(text.parse().unwrap()).is_some();
        for text in ["2000-01-01T00:00:00Z", "2026-03-01T12:00:00Z", "2199-12-31T23:59:59Z"] {
            assert!(of(text), "{text}");
        }
        for text in ["1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2200-01-01T00:00:00Z"] {
            assert!(!of(text), "{text}");
        }
        assert!(plausible(DateTime::<Utc>::MIN_UTC).is_none());
        assert!(plausible(DateTime::<Utc>::MAX_UTC).is_none());
    }

    #[test]
    fn a_time_is_less_than_a_year() {
        assert_eq!(plausible_time(0.0), Some(TimeDelta::zero()));
        assert_eq!(plausible_time(1500.7), Some(TimeDelta::milliseconds(1500)));
        for none in [-1.0, 31_536_000_000.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(plausible_time(none), None, "{none}");
        }
    }
}

//! The stretch of time a request asks for, and what the feed refuses.

use chrono::{DateTime, TimeDelta, Utc};

use crate::simulator::parameters::Parameters;
use crate::simulator::server_time::ServerTime;

/// Nothing younger is in the feed.
const DELAY: TimeDelta = TimeDelta::seconds(15);
const LONGEST: TimeDelta = TimeDelta::minutes(10);
const KEPT: TimeDelta = TimeDelta::days(3);

/// A request that can be answered; true times.
#[derive(Debug)]
pub struct Window {
    /// From here, inclusive.
    pub start: DateTime<Utc>,
    /// Up to here, exclusive.
    pub end: DateTime<Utc>,
    /// The feed knows nothing after this.
    pub known_until: DateTime<Utc>,
    /// How many records at most.
    pub limit: Option<usize>,
    /// How many to leave out at the front.
    pub offset: usize,
}

impl Window {
    /// Reads a request's parameters, or says what is wrong with them.
    pub fn of(parameters: &Parameters, time: ServerTime) -> Result<Self, String> {
        let instant = |name: &str| {
            parameters.get(name).map(|text| {
                DateTime::parse_from_rfc3339(text)
                    .map(|stamp| time.meant(stamp.to_utc()))
                    .map_err(|_| format!("{name} must be a date and time in UTC, not {text:?}"))
            })
        };
        let number = |name: &str| {
            parameters.get(name).map(|text| {
                text.parse::<usize>().map_err(|_| format!("{name} must be a number, not {text:?}"))
            })
        };
        let start = instant("start").ok_or("start is required")??;
        let end = instant("end").transpose()?;
        if start < time.now - KEPT {
            return Err("start must not be more than 3 days ago".into());
        }
        if end.is_none() && start < time.now - LONGEST {
            return Err("end is required when start is more than 10 minutes ago".into());
        }
        let end = end.unwrap_or(time.now);
        if end - start > LONGEST {
            return Err("the time range must not exceed 10 minutes".into());
        }
        if end < start {
            return Err("end must not be before start".into());
        }
        Ok(Self {
            start,
            end,
            known_until: time.now - DELAY,
            limit: number("limit").transpose()?,
            offset: number("offset").transpose()?.unwrap_or(0),
        })
    }

    /// Whether something that happened at `at` is in the window and already known.
    #[must_use]
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.start <= at && at < self.end && at <= self.known_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(query: &str) -> Result<Window, String> {
        let now = DateTime::parse_from_rfc3339("2026-03-01T15:00:00Z").unwrap().to_utc();
        let uri = format!("/x?{query}").parse().unwrap();
        let time = ServerTime { now, skew: TimeDelta::zero() };
        Window::of(&Parameters::of_query(&uri), time)
    }

    #[test]
    fn a_window_may_be_ten_minutes_and_three_days_old() {
        assert!(window("start=2026-03-01T14:00:00Z&end=2026-03-01T14:10:00.000Z").is_ok());
        assert!(window("start=2026-03-01T14:00:00Z&end=2026-03-01T14:10:01Z").is_err());
        assert!(window("start=2026-02-26T14:00:00Z&end=2026-02-26T14:01:00Z").is_err());
        assert!(window("start=2026-03-01T14:49:00Z").is_err());
        assert!(window("start=2026-03-01T14:51:00Z").is_ok());
    }

    #[test]
    fn malformed_parameters_are_refused() {
        assert!(window("").is_err());
        assert!(window("start=2026-03-01T14:51:00:999Z").is_err());
        assert!(window("start=2026-03-01T14:51:00Z&limit=many").is_err());
        assert_eq!(window("start=2026-03-01T14:51:00Z&limit=5&offset=3").unwrap().offset, 3);
    }
}

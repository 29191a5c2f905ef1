//! The server's idea of time, which may be wrong.

use chrono::{DateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The zone of the dialer's server: its day begins at midnight there.
pub const VENDOR_ZONE: Tz = chrono_tz::America::Los_Angeles;

/// One request's time. The world runs on true time; everything the server says or hears is shifted.
#[derive(Debug, Clone, Copy)]
pub struct ServerTime {
    /// The true time.
    pub now: DateTime<Utc>,
    /// How far the server's clock is ahead.
    pub skew: TimeDelta,
}

impl ServerTime {
    /// What the server's clock shows now.
    #[must_use]
    pub fn shown(self) -> DateTime<Utc> {
        self.stamp(self.now)
    }

    /// A true instant as the server says it.
    #[must_use]
    pub fn stamp(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + self.skew
    }

    /// The true instant of what a client says in the server's time.
    #[must_use]
    pub fn meant(self, stamp: DateTime<Utc>) -> DateTime<Utc> {
        stamp - self.skew
    }

    /// When the dialer's day began.
    #[must_use]
    pub fn midnight(self) -> DateTime<Utc> {
        let day = self.shown().with_timezone(&VENDOR_ZONE).date_naive();
        let start = VENDOR_ZONE.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
        self.meant(start.map_or(self.shown(), |start| start.with_timezone(&Utc)))
    }

    /// A true instant as the dialer writes it: local, without saying so.
    #[must_use]
    pub fn naive(self, at: DateTime<Utc>) -> String {
        self.stamp(at).with_timezone(&VENDOR_ZONE).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// A true instant as RFC 3339 with milliseconds.
    #[must_use]
    pub fn iso(self, at: DateTime<Utc>) -> String {
        self.stamp(at).to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_day_begins_at_its_own_midnight_by_its_own_clock() {
        let now = DateTime::parse_from_rfc3339("2026-03-01T07:59:30Z").unwrap().to_utc();
        let right = ServerTime { now, skew: TimeDelta::zero() };
        assert_eq!(right.midnight().to_rfc3339(), "2026-02-28T08:00:00+00:00");
        let ahead = ServerTime { now, skew: TimeDelta::seconds(90) };
        assert_eq!(ahead.midnight().to_rfc3339(), "2026-03-01T07:58:30+00:00");
        assert_eq!(ahead.naive(now), "2026-03-01 00:01:00");
    }
}

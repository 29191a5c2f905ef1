//! The server's wall clock: its times name no zone, so that an hour of autumn comes twice and one of
//! spring never.

use chrono::{
    DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::Tz;

/// An instant of the server's, and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Resolved {
    /// The instant, in the server's clock.
    pub at: DateTime<Utc>,
    /// Whether the wall clock showed the same an hour earlier or later.
    pub is_ambiguous: bool,
}

/// The instant that `local` means in `zone`. Of two, the first that keeps the order behind `after`,
/// else the earlier; a time that the clock skipped is as far behind the jump as it says.
pub(super) fn resolve(zone: Tz, local: NaiveDateTime, after: Option<DateTime<Utc>>) -> Resolved {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) => Resolved { at: at.to_utc(), is_ambiguous: false },
        MappedLocalTime::Ambiguous(earlier, later) => {
            let keeps_order = after.is_none_or(|after| earlier.to_utc() >= after);
            let later_does = after.is_some_and(|after| later.to_utc() >= after);
            let at = if !keeps_order && later_does { later } else { earlier };
            Resolved { at: at.to_utc(), is_ambiguous: true }
        }
        MappedLocalTime::None => Resolved { at: behind_the_gap(zone, local), is_ambiguous: false },
    }
}

/// When the server's `day` begins.
pub(super) fn midnight(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    resolve(zone, day.and_time(NaiveTime::MIN), None).at
}

/// A time that the clock skipped: counted on from the last one that it showed.
fn behind_the_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let step = TimeDelta::minutes(15);
    // No zone has ever skipped more than a day.
    let found = (1..=100).find_map(|steps| {
        let back = step * steps;
        let before = zone.from_local_datetime(&(local - back)).latest()?;
        Some(before.to_utc() + back)
    });
    found.unwrap_or_else(|| local.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZONE: Tz = Tz::America__Los_Angeles;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn an_hour_that_comes_twice_keeps_the_order() {
        let earlier = utc("2026-11-01T08:30:00Z");
        let later = utc("2026-11-01T09:30:00Z");
        let half_past_one = local("2026-11-01T01:30:00");
        for (after, at) in [
            (None, earlier),
            (Some(utc("2026-11-01T08:10:00Z")), earlier),
            (Some(utc("2026-11-01T08:50:00Z")), later),
            (Some(utc("2026-11-01T20:00:00Z")), earlier),
        ] {
            let resolved = resolve(ZONE, half_past_one, after);
            assert_eq!(resolved, Resolved { at, is_ambiguous: true }, "{after:?}");
        }
    }

    #[test]
    fn an_hour_that_never_comes_is_behind_the_jump() {
        for (text, at) in [
            ("2026-03-08T01:59:59", "2026-03-08T09:59:59Z"),
            ("2026-03-08T02:00:00", "2026-03-08T10:00:00Z"),
            ("2026-03-08T02:30:00", "2026-03-08T10:30:00Z"),
            ("2026-03-08T03:00:00", "2026-03-08T10:00:00Z"),
        ] {
            assert_eq!(resolve(ZONE, local(text), None).at, utc(at), "{text}");
        }
    }

    #[test]
    fn days_have_23_24_or_25_hours() {
        let length = |day: &str| {
            let day: NaiveDate = day.parse().unwrap();
            (midnight(ZONE, day.succ_opt().unwrap()) - midnight(ZONE, day)).num_hours()
        };
        assert_eq!(["2026-03-08", "2026-03-09", "2026-11-01"].map(length), [23, 24, 25]);
    }
}

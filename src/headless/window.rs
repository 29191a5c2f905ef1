//! The stretch of time that a report is of: what its arguments mean on the floor.

use chrono::{DateTime, Days, NaiveDate, SubsecRound, Utc};

use super::Failure;
use crate::args::{self, Moment, Said};
use crate::model::{FloorIdentity, day_start, wall_instant};

/// A stretch of time in our clock; never empty, and never beyond the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Its beginning.
    pub(super) since: DateTime<Utc>,
    /// Its end, exclusive.
    pub(super) until: DateTime<Utc>,
}

/// The window that `options` ask for at `now`: by default the floor's day until now.
pub(super) fn window(
    options: &args::Report,
    floor: &FloorIdentity,
    now: DateTime<Utc>,
) -> Result<Window, Failure> {
    let at = |moment: &Option<Moment>| moment.as_ref().map(|moment| instant_of(moment, floor, now));
    let since = at(&options.since).unwrap_or_else(|| floor_day_start(floor, now));
    // To the second, as instants are written: the times add up to what the report says it is of.
    let until = at(&options.until).unwrap_or_else(|| now.trunc_subsecs(0));
    let shown = |at: DateTime<Utc>| {
        at.with_timezone(&floor.timezone).format("%Y-%m-%d %H:%M:%S %Z").to_string()
    };
    let named = |name: &str, moment: &Option<Moment>, default: &str, at| match moment {
        Some(moment) => format!("`--{name} {moment}` ({})", shown(at)),
        None => format!("{default} ({})", shown(at)),
    };
    if until > now {
        return Err(Failure::Usage(format!(
            "{} is in the future: it is {} (hint: leave `--until` out for now)",
            named("until", &options.until, "now", until),
            shown(now),
        )));
    }
    if since >= until {
        let hint =
            if options.since.is_some() { "an earlier `--since`" } else { "give `--since` too" };
        return Err(Failure::Usage(format!(
            "{} is not before {} (hint: {hint})",
            named("since", &options.since, "the day's start", since),
            named("until", &options.until, "now", until),
        )));
    }
    Ok(Window { since, until })
}

fn floor_day_start(floor: &FloorIdentity, now: DateTime<Utc>) -> DateTime<Utc> {
    day_start(floor.timezone, floor.day_starts, now)
}

fn instant_of(moment: &Moment, floor: &FloorIdentity, now: DateTime<Utc>) -> DateTime<Utc> {
    match moment.said() {
        Said::Instant(at) => at.trunc_subsecs(3),
        Said::Day(date) => wall_instant(floor.timezone, date.and_time(floor.day_starts)),
        Said::Clock(time) => {
            // Where the floor's day goes on past midnight, its evening is "today" too.
            let today = now.with_timezone(&floor.timezone).date_naive();
            let at = |date: NaiveDate| wall_instant(floor.timezone, date.and_time(time));
            let yesterday = today.checked_sub_days(Days::new(1)).map(at);
            let began = floor_day_start(floor, now);
            match yesterday {
                Some(yesterday) if at(today) > now && yesterday >= began => yesterday,
                _ => at(today),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn floor(day_starts: &str) -> FloorIdentity {
        FloorIdentity {
            name: "Tampa".to_owned(),
            timezone: chrono_tz::America::New_York,
            day_starts: NaiveTime::parse_from_str(day_starts, "%H:%M").unwrap(),
        }
    }

    fn asked(since: &str, until: &str) -> args::Report {
        let moment = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        let format = args::Format::Json;
        args::Report { since: moment(since), until: moment(until), format }
    }

    fn found(since: &str, until: &str, day_starts: &str, now: &str) -> Result<[String; 2], String> {
        let window = window(&asked(since, until), &floor(day_starts), at(now));
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        window.map(|window| [text(window.since), text(window.until)]).map_err(|failure| {
            assert_eq!(failure.exit(), super::super::Exit::Usage);
            failure.to_string()
        })
    }

    #[test]
    fn what_the_arguments_mean_in_floor_time() {
        // The floor is five hours behind UTC in winter; "now" is 10:00 there.
        let now = "2026-03-01T15:00:00Z";
        for (since, until, day_starts, from, to) in [
            ("", "", "00:00", "2026-03-01T05:00:00Z", now),
            ("", "", "06:30", "2026-03-01T11:30:00Z", now),
            ("", "", "11:00", "2026-02-28T16:00:00Z", now),
            ("08:00", "09:30", "00:00", "2026-03-01T13:00:00Z", "2026-03-01T14:30:00Z"),
            ("2026-02-27", "2026-02-28", "00:00", "2026-02-27T05:00:00Z", "2026-02-28T05:00:00Z"),
            ("2026-02-27", "2026-02-28", "06:00", "2026-02-27T11:00:00Z", "2026-02-28T11:00:00Z"),
            ("2026-02-27T08:00:00-06:00", "", "00:00", "2026-02-27T14:00:00Z", now),
            ("05:00", "10:00", "06:00", "2026-03-01T10:00:00Z", now),
        ] {
            let window = found(since, until, day_starts, now);
            assert_eq!(window, Ok([from.to_owned(), to.to_owned()]), "{since} to {until}");
        }
    }

    #[test]
    fn after_midnight_the_evening_of_the_floors_day_is_still_today() {
        // 02:00 there, of a day that began at 18:00.
        let now = "2026-03-01T07:00:00Z";
        let evening = found("22:00", "01:30", "18:00", now).unwrap();
        assert_eq!(evening, ["2026-03-01T03:00:00Z", "2026-03-01T06:30:00Z"]);
        // By the calendar alone it is yet to come.
        assert!(found("", "22:00", "00:00", now).unwrap_err().contains("is in the future"));
        assert!(found("", "17:00", "18:00", now).unwrap_err().contains("is in the future"));
    }

    #[test]
    fn a_wall_time_that_is_skipped_or_shown_twice_is_resolved_as_schedules_are() {
        // The clocks go forward at 02:00 on 8 March, and back at 02:00 on 1 November.
        let spring = found("02:30", "03:30", "00:00", "2026-03-08T15:00:00Z").unwrap();
        assert_eq!(spring, ["2026-03-08T07:00:00Z", "2026-03-08T07:30:00Z"]);
        let autumn = found("01:30", "02:00", "00:00", "2026-11-01T15:00:00Z").unwrap();
        assert_eq!(autumn, ["2026-11-01T05:30:00Z", "2026-11-01T07:00:00Z"]);
        let today = found("", "", "00:00", "2026-03-09T03:00:00Z").unwrap();
        assert_eq!(
            today[0], "2026-03-08T05:00:00Z",
            "23:00 of the day on which the clocks went forward"
        );
        let of = |since, until, now| {
            let window = window(&asked(since, until), &floor("00:00"), at(now)).unwrap();
            (window.until - window.since).num_hours()
        };
        assert_eq!(of("2026-03-08", "2026-03-09", "2026-03-10T00:00:00Z"), 23);
        assert_eq!(of("2026-11-01", "2026-11-02", "2026-11-03T00:00:00Z"), 25);
        assert_eq!(of("2026-11-03", "2026-11-04", "2026-11-05T00:00:00Z"), 24);
    }

    #[test]
    fn a_window_that_cannot_be_is_refused_with_value_bound_and_hint() {
        let now = "2026-03-01T15:00:00Z";
        for (since, until, says) in [
            (
                "09:00",
                "09:00",
                "`--since 09:00` (2026-03-01 09:00:00 EST) is not before `--until 09:00` \
                 (2026-03-01 09:00:00 EST) (hint: an earlier `--since`)",
            ),
            (
                "10:01",
                "",
                "`--since 10:01` (2026-03-01 10:01:00 EST) is not before now \
                 (2026-03-01 10:00:00 EST) (hint: an earlier `--since`)",
            ),
            (
                "",
                "2026-02-27",
                "the day's start (2026-03-01 00:00:00 EST) is not before `--until 2026-02-27` \
                 (2026-02-27 00:00:00 EST) (hint: give `--since` too)",
            ),
            (
                "",
                "10:01",
                "`--until 10:01` (2026-03-01 10:01:00 EST) is in the future: it is \
                 2026-03-01 10:00:00 EST (hint: leave `--until` out for now)",
            ),
        ] {
            assert_eq!(found(since, until, "00:00", now), Err(says.to_owned()));
        }
    }
}

use proptest::prelude::*;

use super::*;
use crate::model::Reason;

const NEW_YORK: Tz = Tz::America__New_York;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn duty(date: &str, start: &str, end: &str, scheduled: Scheduled) -> Duty {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
    Duty {
        person: "jane".into(),
        date: date.parse().unwrap(),
        start: time(start),
        end: time(end),
        scheduled,
    }
}

fn work(date: &str, start: &str, end: &str) -> Duty {
    duty(date, start, end, Scheduled::Available)
}

/// What jane is to do, since when, until when.
fn jane(timetable: &Timetable, now: &str) -> Option<(Scheduled, String, String)> {
    let entry = timetable.scheduled(&"jane".into(), at(now))?;
    let text = |at: Option<DateTime<Utc>>| {
        at.map_or("-".to_owned(), |at| at.format("%d %H:%M").to_string())
    };
    Some((entry.scheduled, text(entry.since), text(entry.until)))
}

fn says(scheduled: Scheduled, since: &str, until: &str) -> Option<(Scheduled, String, String)> {
    Some((scheduled, since.to_owned(), until.to_owned()))
}

#[test]
fn a_break_inside_work_wins_and_divides_it() {
    let lunch = duty("2026-06-02", "12:00", "12:30", Scheduled::Away(Reason::Lunch));
    let timetable = Timetable::new(NEW_YORK, [work("2026-06-02", "08:00", "16:00"), lunch]);
    let lunch = Scheduled::Away(Reason::Lunch);
    assert_eq!(
        jane(&timetable, "2026-06-02T15:59:59Z"),
        says(Scheduled::Available, "02 12:00", "02 16:00")
    );
    assert_eq!(jane(&timetable, "2026-06-02T16:00:00Z"), says(lunch, "02 16:00", "02 16:30"));
    assert_eq!(
        jane(&timetable, "2026-06-02T16:30:00Z"),
        says(Scheduled::Available, "02 16:30", "02 20:00")
    );
    assert_eq!(jane(&timetable, "2026-06-02T20:00:00Z"), says(Scheduled::Off, "02 20:00", "-"));
    assert_eq!(jane(&timetable, "2026-06-02T05:00:00Z"), says(Scheduled::Off, "-", "02 12:00"));
}

#[test]
fn who_has_no_entry_near_today_is_unknown_and_not_off() {
    let timetable = Timetable::new(NEW_YORK, [work("2026-06-02", "08:00", "16:00")]);
    assert_eq!(jane(&timetable, "2026-06-01T04:00:00Z"), says(Scheduled::Off, "-", "02 12:00"));
    assert_eq!(jane(&timetable, "2026-06-01T03:59:59Z"), None);
    assert_eq!(jane(&timetable, "2026-06-04T03:59:59Z"), says(Scheduled::Off, "02 20:00", "-"));
    assert_eq!(jane(&timetable, "2026-06-04T04:00:00Z"), None);
    assert_eq!(timetable.scheduled(&"bob".into(), at("2026-06-02T15:00:00Z")), None);
}

#[test]
fn an_end_at_or_before_the_start_is_on_the_next_day() {
    let timetable = Timetable::new(NEW_YORK, [work("2026-06-02", "22:00", "06:00")]);
    let expected = says(Scheduled::Available, "03 02:00", "03 10:00");
    assert_eq!(jane(&timetable, "2026-06-03T02:00:00Z"), expected);
    assert_eq!(jane(&timetable, "2026-06-03T09:59:59Z"), expected);
    let whole_day = Timetable::new(NEW_YORK, [work("2026-06-02", "08:00", "08:00")]);
    assert_eq!(
        jane(&whole_day, "2026-06-03T11:59:59Z"),
        says(Scheduled::Available, "02 12:00", "03 12:00")
    );
}

#[test]
fn work_that_goes_on_from_entry_to_entry_is_one_stretch() {
    let entries = [work("2026-06-02", "12:00", "16:00"), work("2026-06-02", "08:00", "12:00")];
    let timetable = Timetable::new(NEW_YORK, entries);
    assert_eq!(
        jane(&timetable, "2026-06-02T17:00:00Z"),
        says(Scheduled::Available, "02 12:00", "02 20:00")
    );
}

#[test]
fn where_clocks_go_forward_the_night_is_an_hour_shorter() {
    // 02:00 to 03:00 does not exist in New York on 2026-03-08.
    let entries = [work("2026-03-07", "22:00", "06:00"), work("2026-03-08", "06:00", "10:00")];
    let timetable = Timetable::new(NEW_YORK, entries);
    assert_eq!(
        jane(&timetable, "2026-03-08T07:00:00Z"),
        says(Scheduled::Available, "08 03:00", "08 14:00")
    );
    let skipped = Timetable::new(NEW_YORK, [work("2026-03-08", "02:30", "03:30")]);
    assert_eq!(
        jane(&skipped, "2026-03-08T07:00:00Z"),
        says(Scheduled::Available, "08 07:00", "08 07:30")
    );
}

#[test]
fn where_clocks_go_back_entries_still_meet() {
    // 01:00 to 02:00 comes twice in New York on 2026-11-01.
    let pause = duty("2026-11-01", "01:00", "01:30", Scheduled::Away(Reason::Break));
    let timetable = Timetable::new(NEW_YORK, [work("2026-10-31", "22:00", "06:00"), pause]);
    let on_break = Scheduled::Away(Reason::Break);
    assert_eq!(jane(&timetable, "2026-11-01T05:10:00Z"), says(on_break, "01 05:00", "01 05:30"));
    assert_eq!(
        jane(&timetable, "2026-11-01T06:10:00Z"),
        says(Scheduled::Available, "01 05:30", "01 11:00")
    );
}

proptest! {
    /// Whatever the entries and wherever clocks change, what is said holds at the instant asked for,
    /// and adjoining answers do not overlap.
    #[test]
    fn an_entry_covers_the_instant_it_is_given_for(
        entries in prop::collection::vec((0i64..4, 0i64..1440, 0i64..1440, 0u8..3), 1..12),
        zone in prop::sample::select(vec![NEW_YORK, Tz::Europe__Berlin, Tz::Australia__Lord_Howe, Tz::UTC]),
        month in prop::sample::select(vec!["2026-03-07", "2026-10-31", "2026-03-28", "2026-10-24", "2026-04-04", "2026-10-03"]),
        minutes in prop::collection::vec(-2000i64..8000, 1..40),
    ) {
        let first: NaiveDate = month.parse().unwrap();
        let time = |minute: i64| NaiveTime::MIN + TimeDelta::minutes(minute);
        let duties = entries.iter().map(|(day, start, end, what)| Duty {
            person: "jane".into(),
            date: first + TimeDelta::days(*day),
            start: time(*start),
            end: time(*end),
            scheduled: match what {
                0 => Scheduled::Away(Reason::Break),
                1 => Scheduled::Away(Reason::Lunch),
                _ => Scheduled::Available,
            },
        });
        let timetable = Timetable::new(zone, duties);
        for minute in minutes {
            let now = first.and_time(NaiveTime::MIN).and_utc() + TimeDelta::minutes(minute);
            let Some(entry) = timetable.scheduled(&"jane".into(), now) else { continue };
            prop_assert!(entry.since.is_none_or(|since| since <= now));
            prop_assert!(entry.until.is_none_or(|until| now < until));
            if entry.scheduled != Scheduled::Off {
                prop_assert!(entry.since.is_some() && entry.until.is_some());
            }
            if let Some(until) = entry.until {
                let next = timetable.scheduled(&"jane".into(), until).unwrap();
                prop_assert_eq!(next.since, Some(until));
                prop_assert_ne!(next.scheduled, entry.scheduled);
            }
        }
    }
}

#[test]
fn a_days_stretches_are_cut_to_what_is_asked_for() {
    let lunch = duty("2026-06-02", "12:00", "12:30", Scheduled::Away(Reason::Lunch));
    let timetable = Timetable::new(NEW_YORK, [work("2026-06-02", "08:00", "16:00"), lunch]);
    let between = |person: &str, from: &str, to: &str| -> Vec<_> {
        let person = person.into();
        let stretches = timetable.stretches(&person, at(from), at(to));
        stretches
            .map(|entry| (entry.scheduled, entry.since.unwrap(), entry.until.unwrap()))
            .collect()
    };
    assert_eq!(
        between("jane", "2026-06-02T11:00:00Z", "2026-06-02T17:00:00Z"),
        [
            (Scheduled::Available, at("2026-06-02T12:00:00Z"), at("2026-06-02T16:00:00Z")),
            (
                Scheduled::Away(Reason::Lunch),
                at("2026-06-02T16:00:00Z"),
                at("2026-06-02T16:30:00Z")
            ),
            (Scheduled::Available, at("2026-06-02T16:30:00Z"), at("2026-06-02T17:00:00Z")),
        ]
    );
    assert_eq!(between("jane", "2026-06-02T20:00:00Z", "2026-06-03T00:00:00Z"), []);
    assert_eq!(between("nobody", "2026-06-02T00:00:00Z", "2026-06-03T00:00:00Z"), []);
}

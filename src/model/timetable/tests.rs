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
fn a_shift_is_all_that_goes_on_without_time_off_in_between() {
    let lunch = duty("2026-06-02", "12:00", "12:30", Scheduled::Away(Reason::Lunch));
    let entries = [
        work("2026-06-02", "08:00", "16:00"),
        lunch,
        work("2026-06-02", "18:00", "20:00"),
        work("2026-06-03", "22:00", "06:00"),
    ];
    let timetable = Timetable::new(NEW_YORK, entries);
    let shift = |now| {
        let shift = timetable.shift(&"jane".into(), at(now))?;
        Some(format!("{}-{}", shift.start.format("%H:%M"), shift.end.format("%H:%M")))
    };
    let of = |text: &str| Some(text.to_owned());
    // The day before, before it, in its lunch, after it, in the second one and after that.
    assert_eq!(shift("2026-06-01T23:00:00Z"), None);
    assert_eq!(shift("2026-06-02T11:00:00Z"), of("08:00-16:00"));
    assert_eq!(shift("2026-06-02T16:10:00Z"), of("08:00-16:00"));
    assert_eq!(shift("2026-06-02T21:00:00Z"), of("18:00-20:00"));
    assert_eq!(shift("2026-06-02T23:00:00Z"), of("18:00-20:00"));
    assert_eq!(shift("2026-06-03T00:30:00Z"), None);
    assert_eq!(shift("2026-06-04T05:00:00Z"), of("22:00-06:00"), "a night's");
    assert_eq!(shift("2026-06-04T12:00:00Z"), None);
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

#[test]
fn a_wall_time_that_is_skipped_is_the_moment_after_and_one_that_comes_twice_is_the_first() {
    let (lord_howe, havana, kolkata) =
        (Tz::Australia__Lord_Howe, Tz::America__Havana, Tz::Asia__Kolkata);
    for (zone, wall, utc) in [
        (NEW_YORK, "2026-03-08T01:59", "2026-03-08T06:59:00Z"),
        (NEW_YORK, "2026-03-08T02:00", "2026-03-08T07:00:00Z"),
        (NEW_YORK, "2026-03-08T02:59", "2026-03-08T07:00:00Z"),
        (NEW_YORK, "2026-03-08T02:30:59", "2026-03-08T07:00:00Z"),
        (NEW_YORK, "2026-03-08T03:00", "2026-03-08T07:00:00Z"),
        (NEW_YORK, "2026-03-08T03:00:01", "2026-03-08T07:00:01Z"),
        (NEW_YORK, "2026-11-01T01:00", "2026-11-01T05:00:00Z"),
        (NEW_YORK, "2026-11-01T01:59", "2026-11-01T05:59:00Z"),
        (NEW_YORK, "2026-11-01T02:00", "2026-11-01T07:00:00Z"),
        (Tz::Europe__Berlin, "2026-03-29T02:30", "2026-03-29T01:00:00Z"),
        (Tz::Europe__Berlin, "2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        // Half an hour, south of the equator.
        (lord_howe, "2026-10-04T02:15", "2026-10-03T15:30:00Z"),
        (lord_howe, "2026-04-05T01:45", "2026-04-04T14:45:00Z"),
        // Midnight itself is skipped, and comes twice.
        (havana, "2026-03-08T00:00", "2026-03-08T05:00:00Z"),
        (havana, "2026-11-01T00:00", "2026-11-01T04:00:00Z"),
        (kolkata, "2026-03-08T02:30", "2026-03-07T21:00:00Z"),
    ] {
        let whole = |wall| NaiveDateTime::parse_from_str(wall, "%Y-%m-%dT%H:%M");
        let wall = whole(wall).or_else(|_| wall.parse()).unwrap();
        assert_eq!(instant(zone, wall), at(utc), "{zone} {wall}");
    }
}

#[test]
fn entries_at_the_hour_that_is_skipped_or_comes_twice_are_never_longer_than_the_wall_says_and_it() {
    for (date, start, end, minutes) in [
        // All of it is skipped; its beginning; its end.
        ("2026-03-08", "02:15", "02:45", 0),
        ("2026-03-08", "02:30", "04:00", 60),
        ("2026-03-08", "01:00", "02:30", 60),
        ("2026-03-08", "00:00", "00:00", 23 * 60),
        // Before the hour that comes twice, around it, within it, from it on, until into it.
        ("2026-11-01", "00:00", "01:00", 60),
        ("2026-11-01", "00:30", "02:30", 180),
        ("2026-11-01", "01:15", "01:45", 30),
        ("2026-11-01", "01:30", "02:00", 90),
        ("2026-10-31", "17:30", "01:30", 8 * 60),
        ("2026-11-01", "00:00", "00:00", 25 * 60),
        ("2026-10-31", "01:45", "01:30", 23 * 60 + 45),
    ] {
        let timetable = Timetable::new(NEW_YORK, [work(date, start, end)]);
        let jane = "jane".into();
        let entries =
            timetable.stretches(&jane, at("2026-03-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
        let length = entries.map(|entry| entry.until.unwrap() - entry.since.unwrap()).sum();
        assert_eq!(TimeDelta::minutes(minutes), length, "{date} {start} to {end}");
    }
}

#[test]
fn a_break_over_midnight_and_a_split_shift_are_cut_out_of_the_work_around_them() {
    let timetable = Timetable::new(
        NEW_YORK,
        [
            work("2026-06-02", "22:00", "06:00"),
            duty("2026-06-02", "23:45", "00:15", Scheduled::Away(Reason::Break)),
            work("2026-06-03", "14:00", "16:00"),
            work("2026-06-03", "18:00", "20:00"),
        ],
    );
    for (now, scheduled, since, until) in [
        ("2026-06-03T03:44:59Z", Scheduled::Available, "03 02:00", "03 03:45"),
        ("2026-06-03T03:45:00Z", Scheduled::Away(Reason::Break), "03 03:45", "03 04:15"),
        ("2026-06-03T04:15:00Z", Scheduled::Available, "03 04:15", "03 10:00"),
        ("2026-06-03T10:00:00Z", Scheduled::Off, "03 10:00", "03 18:00"),
        ("2026-06-03T19:59:59Z", Scheduled::Available, "03 18:00", "03 20:00"),
        ("2026-06-03T20:00:00Z", Scheduled::Off, "03 20:00", "03 22:00"),
    ] {
        assert_eq!(jane(&timetable, now), says(scheduled, since, until), "{now}");
    }
}

#[test]
fn a_day_begins_at_its_hour_and_not_a_moment_before() {
    for (zone, day_starts, now, begins) in [
        (NEW_YORK, "00:00", "2026-06-02T03:59:59Z", "2026-06-01T04:00:00Z"),
        (NEW_YORK, "00:00", "2026-06-02T04:00:00Z", "2026-06-02T04:00:00Z"),
        (NEW_YORK, "22:00", "2026-06-03T01:59:59Z", "2026-06-02T02:00:00Z"),
        (NEW_YORK, "22:00", "2026-06-03T02:00:00Z", "2026-06-03T02:00:00Z"),
        // The days on which clocks change, at their last and at the next one's first moment.
        (NEW_YORK, "00:00", "2026-03-09T03:59:59Z", "2026-03-08T05:00:00Z"),
        (NEW_YORK, "00:00", "2026-03-09T04:00:00Z", "2026-03-09T04:00:00Z"),
        (NEW_YORK, "00:00", "2026-11-02T04:59:59Z", "2026-11-01T04:00:00Z"),
        (NEW_YORK, "00:00", "2026-11-02T05:00:00Z", "2026-11-02T05:00:00Z"),
        // The hour is skipped, and comes twice.
        (NEW_YORK, "02:30", "2026-03-08T06:59:59Z", "2026-03-07T07:30:00Z"),
        (NEW_YORK, "02:30", "2026-03-08T07:00:00Z", "2026-03-08T07:00:00Z"),
        (NEW_YORK, "01:30", "2026-11-01T06:29:59Z", "2026-11-01T05:30:00Z"),
        (NEW_YORK, "01:30", "2026-11-01T06:30:00Z", "2026-11-01T05:30:00Z"),
        (Tz::America__Havana, "00:00", "2026-03-08T04:59:59Z", "2026-03-07T05:00:00Z"),
        (Tz::America__Havana, "00:00", "2026-03-08T05:00:00Z", "2026-03-08T05:00:00Z"),
        (Tz::America__Havana, "00:00", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z"),
    ] {
        let starts = NaiveTime::parse_from_str(day_starts, "%H:%M").unwrap();
        assert_eq!(day_start(zone, starts, at(now)), at(begins), "{zone} {day_starts} at {now}");
    }
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

#[test]
fn a_window_from_decades_before_the_first_entry_tells_the_same_as_one_from_just_before() {
    let duties = [
        work("2026-03-07", "22:00", "06:00"),
        work("2026-03-10", "08:00", "16:00"),
        work("2026-07-01", "08:00", "16:00"),
    ];
    let timetable = Timetable::new(NEW_YORK, duties);
    let within = |from: &str, to: &str| timetable.within(&"jane".into(), at(from), at(to));
    let told = within("1970-01-01T00:00:00Z", "2026-12-01T00:00:00Z");
    let mut by_day: Vec<TimetableEntry> = Vec::new();
    for day in 0..180 {
        let from = at("2026-03-01T05:00:00Z") + TimeDelta::days(day);
        let to = from + TimeDelta::days(1);
        for entry in timetable.within(&"jane".into(), from, to) {
            match by_day.last_mut() {
                Some(last) if last.until == entry.since && last.scheduled == entry.scheduled => {
                    last.until = entry.until;
                }
                _ => by_day.push(entry),
            }
        }
    }
    assert_eq!(told, by_day);
    assert_eq!(told.first().unwrap().since, Some(at("2026-03-06T05:00:00Z")), "the day before");
    assert_eq!(told.last().unwrap().until, Some(at("2026-07-03T04:00:00Z")), "the day after");
    assert_eq!(within("1970-01-01T00:00:00Z", "2026-03-06T05:00:00Z"), []);
}

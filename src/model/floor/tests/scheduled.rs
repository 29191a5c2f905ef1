//! What was scheduled for people.

use super::*;
use crate::model::{Archive, Duty, Entry, ScheduleState, Scheduled, Timetable, TimetableEntry};

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn duty(date: &str, start: &str, end: &str, scheduled: Scheduled) -> Duty {
    let time = |text: &str| text.parse().unwrap();
    let (start, end) = (time(start), time(end));
    Duty { person: "jane".into(), date: date.parse().unwrap(), start, end, scheduled }
}

fn with_file(duties: Vec<Duty>) -> Floor {
    jane_floor().with_timetable(Some(Timetable::new(chrono_tz::America::New_York, duties)))
}

/// In hours of UTC since the beginning of 1 March 2026: since when, until when, what.
fn told(floor: &Floor, from: &str, to: &str) -> Vec<(i64, i64, &'static str)> {
    let hours = |at: Option<DateTime<Utc>>| (at.unwrap() - utc("2026-03-01T00:00:00Z")).num_hours();
    let jane = floor.person(&"jane".into()).unwrap();
    let entries = floor.scheduled(jane, utc(from), utc(to));
    entries.iter().map(|e| (hours(e.since), hours(e.until), e.scheduled.word())).collect()
}

#[test]
fn between_two_shifts_of_the_file_somebody_is_off_and_far_from_them_nobody_knows() {
    let floor = with_file(vec![
        duty("2026-03-02", "09:00:00", "17:00:00", Scheduled::Available),
        duty("2026-03-02", "12:00:00", "13:00:00", Scheduled::Away(Reason::Lunch)),
        duty("2026-03-02", "22:00:00", "02:00:00", Scheduled::Available),
    ]);
    // New York is five hours behind; its second of March is hours 29 to 53.
    let day = [
        (29, 38, "off"),
        (38, 41, "available"),
        (41, 42, "away"),
        (42, 46, "available"),
        (46, 51, "off"),
        (51, 55, "available"),
        (55, 60, "off"),
    ];
    assert_eq!(told(&floor, "2026-03-02T05:00:00Z", "2026-03-03T12:00:00Z"), day);
    // The days around it are off, and before and after those nobody knows.
    let around = told(&floor, "2026-02-20T00:00:00Z", "2026-03-20T00:00:00Z");
    assert_eq!((around[0].0, around.last().unwrap().1), (5, 5 + 4 * 24));
}

#[test]
fn the_night_on_which_clocks_change_is_as_long_as_it_is() {
    let floor = with_file(vec![duty("2026-03-07", "22:00:00", "06:00:00", Scheduled::Available)]);
    let night = told(&floor, "2026-03-08T03:00:00Z", "2026-03-08T10:00:00Z");
    assert_eq!(night, [(171, 178, "available")], "seven hours");
}

/// What Jane's WFM and the file say together, in seconds, as one reading of the WFM after the other comes.
fn beside_a_wfm(
    duties: Vec<Duty>,
    said: &[(i64, Option<Scheduled>)],
) -> Vec<(i64, i64, &'static str)> {
    let mut floor = with_file(duties);
    for (as_of, scheduled) in said {
        let state = ScheduleState { scheduled: scheduled.clone(), adherent: None, shift: None };
        let seen = Observation { schedule: Some(state), ..says("EMP001", Activity::Available, 0) };
        floor.apply(reading("wfm", *as_of, Coverage::Part, vec![seen]), at(*as_of));
    }
    let jane = floor.person(&"jane".into()).unwrap();
    let entries = floor.scheduled(jane, at(0), at(500));
    let seconds = |at_: Option<DateTime<Utc>>| (at_.unwrap() - at(0)).num_seconds();
    let short = |e: &TimetableEntry| (seconds(e.since), seconds(e.until), e.scheduled.word());
    entries.iter().map(short).collect()
}

#[test]
fn a_wfms_word_counts_as_far_as_it_has_been_heard_and_nobody_knows_the_rest() {
    let mut said = vec![(15, Some(Scheduled::Available))];
    assert_eq!(beside_a_wfm(vec![], &said), [(15, 60, "available")], "until it is overdue");
    said.push((30, Some(Scheduled::Off)));
    assert_eq!(beside_a_wfm(vec![], &said), [(15, 30, "available"), (30, 75, "off")]);
    said.push((45, None));
    assert_eq!(beside_a_wfm(vec![], &said), [(15, 30, "available"), (30, 45, "off")]);
}

#[test]
fn the_file_tells_what_the_wfm_said_nothing_of() {
    let day = || vec![duty("2026-03-01", "09:00:00", "17:00:00", Scheduled::Available)];
    let mut said = vec![(15, Some(Scheduled::Available))];
    assert_eq!(beside_a_wfm(day(), &said), [(0, 500, "available")], "before it was first read");
    said.push((30, Some(Scheduled::Off)));
    let off = [(0, 30, "available"), (30, 75, "off"), (75, 500, "available")];
    assert_eq!(beside_a_wfm(day(), &said), off, "its word counts, and not the file's");
    said.push((45, None));
    let none = [(0, 30, "available"), (30, 45, "off"), (45, 500, "available")];
    assert_eq!(beside_a_wfm(day(), &said), none);
    said.push((300, Some(Scheduled::Off)));
    let again = [
        (0, 30, "available"),
        (30, 45, "off"),
        (45, 300, "available"),
        (300, 345, "off"),
        (345, 500, "available"),
    ];
    assert_eq!(beside_a_wfm(day(), &said), again, "while it was silent");
}

#[test]
fn of_the_past_an_earlier_file_knows_better_and_of_the_rest_the_present_one() {
    let file = vec![
        duty("2026-03-02", "08:00:00", "10:00:00", Scheduled::Available),
        duty("2026-03-02", "12:00:00", "18:00:00", Scheduled::Available),
    ];
    let mut floor = with_file(file);
    let entry = |since: &str, until: &str, scheduled| TimetableEntry {
        scheduled,
        since: Some(utc(since)),
        until: Some(utc(until)),
    };
    let plans = [
        entry("2026-03-01T14:00:00Z", "2026-03-01T16:00:00Z", Scheduled::Available),
        entry("2026-03-02T14:00:00Z", "2026-03-02T20:00:00Z", Scheduled::Away(Reason::Training)),
    ];
    let plans = plans.map(|entry| ("jane".into(), entry)).into();
    let now = utc("2026-03-02T18:00:00Z");
    let changes = floor.restore(Archive { plans, ..Archive::default() }, now);
    assert_eq!(changes.len(), 3, "for each of her ids: {changes:?}");
    let known = [
        (14, 16, "available"),
        (16, 38, "off"),
        (38, 42, "away"),
        (42, 47, "available"),
        (47, 48, "off"),
    ];
    assert_eq!(told(&floor, "2026-03-01T14:00:00Z", "2026-03-03T00:00:00Z"), known);
}

#[test]
fn the_plan_reaches_from_today_to_the_day_after_tomorrow() {
    let days = ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-03", "2026-03-04"];
    let duties = days.map(|day| duty(day, "09:00:00", "17:00:00", Scheduled::Available));
    let floor = with_file(duties.into());
    let plan = floor.plan(utc("2026-03-01T15:00:00Z"));
    let [Entry::Plan { person, from, until, entries }] = plan.as_slice() else {
        panic!("{plan:?}");
    };
    assert_eq!(person.as_str(), "jane");
    assert_eq!((*from, *until), (utc("2026-03-01T05:00:00Z"), utc("2026-03-04T05:00:00Z")));
    assert_eq!(entries.len(), 2, "yesterday was judged by yesterday's file");
    assert_eq!(jane_floor().plan(utc("2026-03-01T15:00:00Z")), []);
    assert_eq!(floor.plan(utc("2027-03-01T15:00:00Z")), []);
}

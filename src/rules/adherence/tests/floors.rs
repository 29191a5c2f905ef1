//! Whole floors: whose word decides, schedules of several zones, what the findings say.

use chrono::NaiveTime;
use chrono_tz::Tz;

use super::*;
use crate::model::{
    Body, Coverage, Duty, Feed, FloorIdentity, Observation, Reading, Roster, RosterPerson,
    ScheduleState, SourceKind, Timetable, VendorKpi,
};
use crate::rules::{Finding, Limits, Severity, Vouched, findings};

const BERLIN: Tz = chrono_tz::Europe::Berlin;
const NEW_YORK: Tz = chrono_tz::America::New_York;

/// A floor in `zone` with Jane, by whose roster line she lives elsewhere.
pub(super) fn floor(zone: Tz, duties: Vec<Duty>) -> Floor {
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".to_owned(),
        team: None,
        email: None,
        timezone: Some(chrono_tz::Asia::Kolkata),
        ids: ["dialer", "pbx", "wfm"].map(|source| (source.into(), "1".into())).into(),
    };
    let identity =
        FloorIdentity { name: "Tampa".to_owned(), timezone: zone, day_starts: NaiveTime::MIN };
    let feeds =
        [("dialer", SourceKind::Convoso), ("pbx", SourceKind::SipIo), ("wfm", SourceKind::Wfm)]
            .map(|(name, kind)| Feed::new(name.into(), kind, TimeDelta::seconds(3)));
    let timetable = (!duties.is_empty()).then(|| Timetable::new(zone, duties));
    Floor::new(identity, Roster::new(vec![jane]), feeds.into(), Vec::new())
        .with_timetable(timetable)
}

fn duty(date: &str, start: &str, end: &str, scheduled: Scheduled) -> Duty {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
    let (person, date) = ("jane".into(), date.parse().unwrap());
    Duty { person, date, start: time(start), end: time(end), scheduled }
}

/// Work in UTC from 8 to 16 on the Monday, with a break from 10:00 to 10:15.
pub(super) fn utc(others: Vec<Duty>) -> Floor {
    let pause = Scheduled::Away(Reason::Break);
    let mut duties = vec![
        duty("2026-06-01", "08:00", "16:00", Scheduled::Available),
        duty("2026-06-01", "10:00", "10:15", pause),
    ];
    duties.extend(others);
    floor(chrono_tz::UTC, duties)
}

pub(super) fn says(floor: &mut Floor, source: &str, now: DateTime<Utc>, observation: Observation) {
    let body = Body::Agents {
        observations: vec![observation],
        coverage: Coverage::Part,
        summary: None,
        histories: Vec::new(),
    };
    let source = source.into();
    floor.apply(Reading { source, taken_at: now, as_of: now, skipped: 0, body }, now);
}

pub(super) fn doing(word: &str, since: DateTime<Utc>) -> Observation {
    Observation { since: Some(since), ..Observation::of("1", activity(word), "RAW") }
}

/// The dialer saw each activity from its beginning on; the last is seen at `now`.
fn sees(floor: &mut Floor, past: &str, now: DateTime<Utc>) {
    for (since, until, word) in stretches(past) {
        for seen in [since, until.unwrap_or(now)] {
            says(floor, "dialer", seen, doing(word, since));
        }
    }
}

pub(super) fn judged(floor: &Floor, now: DateTime<Utc>) -> Option<Adherence> {
    let person = &floor.people()[0];
    adherence(floor, person, &floor.headline(person, now), now)
}

/// What is found of the deviation.
fn alarm(floor: &Floor, now: DateTime<Utc>) -> Option<Finding> {
    let person = &floor.people()[0];
    let headline = floor.headline(person, now);
    let found = findings(floor, person, &headline, &Limits::default(), now);
    found.into_iter().find(|finding| finding.kind.is_deviation())
}

#[test]
fn a_night_shift_has_the_length_that_the_clocks_give_it() {
    let nights = [
        (BERLIN, "2026-03-28", "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z"),
        (BERLIN, "2026-10-24", "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z"),
        (NEW_YORK, "2026-03-07", "2026-03-08T03:00:00Z", "2026-03-08T10:00:00Z"),
        (NEW_YORK, "2026-10-31", "2026-11-01T02:00:00Z", "2026-11-01T11:00:00Z"),
    ];
    for (zone, date, begins, ends) in nights {
        let (begins, ends): (DateTime<Utc>, DateTime<Utc>) =
            (begins.parse().unwrap(), ends.parse().unwrap());
        let second = TimeDelta::seconds(1);
        let of = |word: &str, since, now| {
            let mut floor = floor(zone, vec![duty(date, "22:00", "06:00", Scheduled::Available)]);
            says(&mut floor, "dialer", now, doing(word, since));
            judged(&floor, now).unwrap().deviation.map(|d| (d.kind, d.since, d.bound))
        };
        let offline = begins - minutes(60);
        assert_eq!(of("offline", offline, begins - second), None, "{zone} {date}");
        let late = Some((LateStart, Some(begins), Some(begins)));
        assert_eq!(of("offline", offline, begins), late, "{zone} {date}");
        assert_eq!(of("offline", offline, ends - second), late, "{zone} {date}");
        assert_eq!(of("offline", offline, ends), None, "{zone} {date}");
        let alone = Some((UnscheduledBreak, Some(ends - minutes(150)), None));
        assert_eq!(of("break", ends - minutes(150), ends - minutes(90)), alone, "{zone} {date}");
    }
}

#[test]
fn an_early_leave_is_told_from_what_the_readings_showed() {
    let mut floor = utc(vec![]);
    sees(&mut floor, "07:55 ready, 15:20 offline", at("15:23"));
    let found = alarm(&floor, at("15:23")).unwrap();
    assert_eq!((found.kind, found.since), (FlagKind::EarlyLeave, Some(at("15:20"))));
}

use crate::rules::FlagKind;

#[test]
fn every_finding_states_the_rule_and_its_numbers() {
    let cases = [
        ("07:00 offline", "08:02", "not there, the shift began at 08:00; grace 2:00"),
        ("07:00 offline", "08:15", "not there, the shift began at 08:00; severe after 15:00"),
        (
            "07:55 ready, 15:20:07 offline",
            "15:23",
            "gone since 15:20:07, the shift goes on until 16:00; grace 2:00",
        ),
        (
            "07:55 ready, 10:00 break",
            "10:20",
            "still away (break), to be over at 10:15; grace 2:00",
        ),
        (
            "07:55 ready, 09:00 lunch",
            "09:02",
            "away (lunch) since 09:00, work is scheduled; grace 2:00",
        ),
        ("07:55 ready", "10:05", "scheduled break, is available since 10:00; grace 2:00"),
        (
            "07:55 ready, 09:50 call, 10:05 ready",
            "10:08",
            "scheduled break, is available since 10:00, held by a call until 10:05; grace 2:00",
        ),
    ];
    for (past, now, text) in cases {
        let mut floor = utc(vec![]);
        sees(&mut floor, past, at(now));
        let found = alarm(&floor, at(now)).unwrap();
        assert_eq!(found.text, text);
        let severe = text.contains("severe");
        assert_eq!(found.severity == Severity::Critical, severe, "{text}");
    }
}

#[test]
fn every_kind_alarms_at_the_grace_and_is_severe_at_its_limit_and_not_a_second_before() {
    let second = TimeDelta::seconds(1);
    for (kind, past, counts_from) in [
        (FlagKind::LateStart, "07:00 offline", "08:00"),
        (FlagKind::EarlyLeave, "07:55 ready, 15:20 offline", "15:20"),
        (FlagKind::ExtendedBreak, "07:55 ready, 10:00 break", "10:15"),
        (FlagKind::UnscheduledBreak, "07:55 ready, 09:00 lunch", "09:00"),
        (FlagKind::WrongState, "07:55 ready, 09:00 logged-in", "09:00"),
        (FlagKind::WrongState, "07:00 unreachable", "08:00"),
    ] {
        let from = at(counts_from);
        for (after, found) in [
            (minutes(2) - second, None),
            (minutes(2), Some((kind, Severity::Warn))),
            (minutes(15) - second, Some((kind, Severity::Warn))),
            (minutes(15), Some((kind, Severity::Critical))),
        ] {
            let mut floor = utc(vec![]);
            sees(&mut floor, past, from + after);
            let alarm = alarm(&floor, from + after).map(|alarm| (alarm.kind, alarm.severity));
            assert_eq!(alarm, found, "{past}, {after} after {counts_from}");
        }
    }
}

#[test]
fn a_deviation_within_its_grace_or_held_by_a_call_is_shown_and_not_alarmed() {
    let mut floor = utc(vec![]);
    sees(&mut floor, "07:00 offline", at("08:01:59"));
    let late = judged(&floor, at("08:01:59")).unwrap();
    assert_eq!((late.adherent, late.out_since), (Some(false), Some(at("08:00"))));
    assert_eq!(alarm(&floor, at("08:01:59")), None);
    let mut floor = utc(vec![]);
    sees(&mut floor, "07:55 ready, 09:50 call", at("10:10"));
    assert!(judged(&floor, at("10:10")).unwrap().held_by_call);
    assert_eq!(alarm(&floor, at("10:10")), None);
    // Afterwards the grace counts from the call's end on, and so does the severe limit.
    let lunch = vec![duty("2026-06-01", "12:00", "12:30", Scheduled::Away(Reason::Lunch))];
    for (now, found) in [
        ("12:06:59", None),
        ("12:07", Some(Severity::Warn)),
        ("12:19:59", Some(Severity::Warn)),
        ("12:20", Some(Severity::Critical)),
    ] {
        let mut floor = utc(lunch.clone());
        sees(&mut floor, "07:55 ready, 11:50 call, 12:05 ready", at(now));
        assert_eq!(alarm(&floor, at(now)).map(|alarm| alarm.severity), found, "{now}");
    }
}

#[test]
fn a_call_beyond_the_shifts_end_is_marked_and_is_nobodys_deviation() {
    let mut floor = utc(vec![]);
    sees(&mut floor, "07:55 ready, 15:50 call", at("16:20"));
    let over = judged(&floor, at("16:20")).unwrap();
    assert_eq!((over.adherent, over.held_by_call, over.deviation), (None, true, None));
    let mut floor = utc(vec![]);
    sees(&mut floor, "07:55 ready, 16:01 call", at("16:20"));
    assert!(!judged(&floor, at("16:20")).unwrap().held_by_call);
}

#[test]
fn a_deviation_of_whom_nothing_current_is_known_stands_as_it_was_last_known_and_none_begins() {
    let mut floor = utc(vec![]);
    sees(&mut floor, "07:00 offline", at("08:10"));
    let known = alarm(&floor, at("08:10"));
    assert!(known.is_some());
    let stale = judged(&floor, at("08:30")).unwrap();
    assert_eq!(stale.adherent, None, "nobody can say whether it goes on");
    assert_eq!(alarm(&floor, at("08:30")), known, "it grows neither older nor severe");
    for seen in ["07:55 ready", "07:00 offline, 07:59 ready", "07:55 ready, 08:09 break"] {
        let mut floor = utc(vec![]);
        sees(&mut floor, seen, at("08:10"));
        assert_eq!(alarm(&floor, at("08:10")), None, "{seen}");
        assert_eq!(alarm(&floor, at("12:30")), None, "{seen}: over the scheduled lunch too");
    }
}

#[test]
fn who_has_no_schedule_is_not_judged_and_an_empty_floor_has_nobody_to_judge() {
    let mut unscheduled = floor(chrono_tz::UTC, vec![]);
    sees(&mut unscheduled, "07:55 break", at("09:00"));
    assert_eq!(judged(&unscheduled, at("09:00")), None);
    let identity = unscheduled.identity().clone();
    let empty = Floor::new(identity, Roster::default(), Vec::new(), Vec::new());
    let nobody =
        crate::rules::own_alerts(&empty, [], minutes(2), &mut Vouched::default(), at("09:00"));
    assert!(empty.people().is_empty() && nobody.is_empty());
}

#[test]
fn who_is_exempt_is_never_out() {
    let mut floor = utc(vec![]);
    sees(&mut floor, "07:00 break", at("09:00"));
    assert!(alarm(&floor, at("09:00")).is_some());
    let kpi = VendorKpi {
        since: at("00:00"),
        as_of: at("09:00"),
        spent: Default::default(),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence: AdherencePct::Bypass,
    };
    let bypass = Observation { kpi: Some(Box::new(kpi)), ..doing("break", at("07:00")) };
    says(&mut floor, "pbx", at("09:00"), bypass);
    let exempt = judged(&floor, at("09:00")).unwrap();
    assert_eq!((exempt.exempt, exempt.adherent, exempt.out_since), (true, None, None));
    assert_eq!(alarm(&floor, at("09:00")), None);
}

#[test]
fn where_activities_overlap_the_absence_counts() {
    let lunch = Scheduled::Away(Reason::Lunch);
    let others = vec![
        duty("2026-06-01", "10:10", "10:40", lunch),
        duty("2026-06-01", "15:00", "18:00", Scheduled::Available),
    ];
    let of = |past: &str, now: &str| {
        let mut floor = utc(others.clone());
        sees(&mut floor, past, at(now));
        judged(&floor, at(now)).unwrap().deviation.map(|d| (d.kind, d.since, d.bound))
    };
    assert_eq!(of("07:55 ready, 10:00 break", "10:39"), None);
    let long = Some((ExtendedBreak, Some(at("10:40")), Some(at("10:40"))));
    assert_eq!(of("07:55 ready, 10:00 break", "10:41"), long);
    let early = Some((EarlyLeave, Some(at("16:30")), Some(at("18:00"))));
    assert_eq!(of("07:55 ready, 16:30 offline", "16:40"), early, "one shift, until the later end");
}

fn wfm(scheduled: Scheduled, adherent: Option<bool>, since: &str) -> Observation {
    let schedule = ScheduleState { scheduled: Some(scheduled), adherent, shift: None };
    Observation { schedule: Some(schedule), ..doing("ready", at(since)) }
}

#[test]
fn a_wfms_word_decides_who_is_out_and_the_engine_says_what_it_is() {
    let of = |past: &str, scheduled: Scheduled, adherent: Option<bool>| {
        let mut floor = utc(vec![]);
        says(&mut floor, "wfm", at("08:50"), wfm(scheduled.clone(), adherent, "08:40"));
        sees(&mut floor, past, at("09:05"));
        says(&mut floor, "wfm", at("09:05"), wfm(scheduled, adherent, "08:40"));
        let judged = judged(&floor, at("09:05")).unwrap();
        (judged.adherent, judged.deviation.map(|d| (d.kind, d.since)))
    };
    let pause = "08:00 ready, 09:00 break";
    let work = Scheduled::Available;
    let alone = (UnscheduledBreak, Some(at("09:00")));
    assert_eq!(of(pause, work.clone(), Some(false)), (Some(false), Some(alone)));
    assert_eq!(of(pause, work.clone(), Some(true)), (Some(true), None));
    assert_eq!(of(pause, work.clone(), None), (None, None));
    let theirs = (WrongState, Some(at("08:40")));
    assert_eq!(of("08:00 ready", work, Some(false)), (Some(false), Some(theirs)));
    assert_eq!(of("08:00 ready", Scheduled::Off, Some(false)), (Some(false), Some(theirs)));
}

#[test]
fn nobody_is_out_of_what_a_wfm_wants_before_it_wanted_it() {
    let mut floor = utc(vec![]);
    let seen = |scheduled, adherent| Observation {
        activity: activity("break"),
        ..wfm(scheduled, Some(adherent), "08:45")
    };
    let pause = Scheduled::Away(Reason::Break);
    sees(&mut floor, "08:00 ready, 08:45 break", at("09:00:01"));
    for second in (0..=4).map(|poll| at("08:59:40") + TimeDelta::seconds(5) * poll) {
        says(&mut floor, "wfm", second, seen(pause.clone(), true));
    }
    says(&mut floor, "wfm", at("09:00:01"), seen(Scheduled::Available, false));
    let found = judged(&floor, at("09:00:01")).unwrap();
    let since = found.deviation.unwrap().since.unwrap();
    assert!(since >= at("09:00"), "{since}");
    assert_eq!(alarm(&floor, at("09:00:01")), None);
}

#[test]
fn a_wfms_word_that_somebody_is_out_is_not_about_what_they_began_since() {
    let mut floor = utc(vec![]);
    let seen = |adherent| {
        let out = wfm(Scheduled::Available, Some(adherent), "08:40");
        Observation { activity: activity("break"), ..out }
    };
    let of = |floor: &Floor, now: &str| {
        let judged = judged(floor, at(now)).unwrap();
        (judged.adherent, judged.deviation.map(|d| (d.kind, d.since)))
    };
    sees(&mut floor, "07:55 ready, 08:40 break", at("09:00"));
    says(&mut floor, "wfm", at("09:00"), seen(false));
    let before = (Some(false), Some((UnscheduledBreak, Some(at("08:40")))));
    assert_eq!(of(&floor, "09:00"), before);
    sees(&mut floor, "09:00:01 ready", at("09:00:04"));
    assert_eq!(of(&floor, "09:00:04"), (None, None), "nobody has said anything of it yet");
    assert_eq!(alarm(&floor, at("09:00:04")), None);
    sees(&mut floor, "09:00:06 lunch", at("09:00:08"));
    let again = (Some(false), Some((UnscheduledBreak, Some(at("09:00:06")))));
    assert_eq!(of(&floor, "09:00:08"), again, "the schedule itself does not want it");
    sees(&mut floor, "09:00:10 ready", at("09:00:15"));
    says(&mut floor, "wfm", at("09:00:15"), wfm(Scheduled::Available, Some(true), "09:00:10"));
    assert_eq!(of(&floor, "09:00:15"), (Some(true), None));
}

#[test]
fn whom_a_wfm_gives_no_schedule_is_judged_by_the_file_and_whom_it_gives_one_by_the_wfm_alone() {
    let alone = (Some(false), Some(UnscheduledBreak));
    for (scheduled, expected) in [
        (None, (None, alone)),
        (Some(Scheduled::Available), (Some("wfm"), (Some(true), None))),
        // The file wants work at nine, but nobody is out of what a WFM calls time off.
        (Some(Scheduled::Off), (Some("wfm"), (Some(true), None))),
    ] {
        let mut floor = utc(vec![]);
        sees(&mut floor, "07:55 ready, 08:50 break", at("09:00"));
        let state = ScheduleState { scheduled, adherent: Some(true), shift: None };
        let seen = Observation { schedule: Some(state), ..doing("break", at("08:50")) };
        says(&mut floor, "wfm", at("09:00"), seen);
        let found = judged(&floor, at("09:00")).unwrap();
        let source = found.source.as_ref().map(|source| source.as_str());
        let kind = found.deviation.map(|deviation| deviation.kind);
        assert_eq!((source, (found.adherent, kind)), expected);
    }
}

#[test]
fn a_wfm_that_was_read_before_the_break_knows_when_it_was_to_end() {
    let mut floor = utc(vec![]);
    let (work, pause) = (Scheduled::Available, Scheduled::Away(Reason::Break));
    for minute in 50..=80 {
        let now = at("08:00") + minutes(minute);
        let is_pause = (60..75).contains(&minute);
        let (word, since) = if minute < 60 { ("ready", "07:55") } else { ("break", "09:00") };
        says(&mut floor, "dialer", now, doing(word, at(since)));
        let scheduled = if is_pause { pause.clone() } else { work.clone() };
        let seen = wfm(scheduled, Some(minute < 75), since);
        for seconds in (0..60).step_by(3) {
            says(&mut floor, "wfm", now + TimeDelta::seconds(seconds), seen.clone());
        }
    }
    let now = at("09:20:57");
    says(&mut floor, "dialer", now, doing("break", at("09:00")));
    let found = judged(&floor, now).unwrap().deviation.unwrap();
    assert_eq!((found.kind, found.since), (ExtendedBreak, Some(at("09:15"))));
}

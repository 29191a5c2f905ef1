//! Who has not come by the word of lists that do not have them, and who is judged by the schedule file
//! while the WFM is silent.

use chrono::NaiveTime;

use super::*;
use crate::model::{
    AgentHistory, Alert, AlertStatus, Body, Coverage, Duty, Failure, FailureKind, Feed,
    FloorIdentity, KnownAlert, Observation, Outcome, Reading, Report, Roster, RosterPerson,
    ScheduleState, SourceKind, Spell, Timetable,
};
use crate::rules::{Finding, Judged, Limits, Vouched, explain, findings, own_alerts};

/// What a system that has an id for Jane does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    /// The config does not have it.
    Absent,
    /// It has failed from the start on.
    Down,
    /// It answers, and does not show her at work.
    Live,
}

const ALL: [(&str, SourceKind); 4] = [
    ("dialer", SourceKind::Convoso),
    ("cx", SourceKind::CxEngage),
    ("pbx", SourceKind::SipIo),
    ("wfm", SourceKind::Wfm),
];

const EVERY: TimeDelta = TimeDelta::minutes(1);

/// A floor with Jane, who works from 8 to 16 by the file if there `is` one.
fn floor(systems: [System; 4], is: bool) -> Floor {
    let used = ALL.iter().zip(systems).filter(|(_, system)| *system != System::Absent);
    let used: Vec<_> = used.map(|(system, _)| *system).collect();
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".to_owned(),
        team: None,
        email: None,
        timezone: None,
        ids: used.iter().map(|(source, _)| ((*source).into(), "1".into())).collect(),
    };
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let feeds = used.iter().map(|(name, kind)| Feed::new((*name).into(), *kind, EVERY)).collect();
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let duty = Duty {
        person: "jane".into(),
        date: at("00:00").date_naive(),
        start: time(8),
        end: time(16),
        scheduled: Scheduled::Available,
    };
    let timetable = is.then(|| Timetable::new(chrono_tz::UTC, [duty]));
    Floor::new(identity, Roster::new(vec![jane]), feeds, Vec::new()).with_timetable(timetable)
}

fn reports(floor: &mut Floor, source: &str, now: DateTime<Utc>, outcome: Outcome) {
    let report = Report {
        source: source.into(),
        at: now,
        outcome,
        clock_offset: None,
        took: TimeDelta::zero(),
        next_at: None,
        way_back: None,
        unread: Vec::new(),
    };
    floor.report(report, now);
}

pub(super) fn fails(floor: &mut Floor, source: &str, now: DateTime<Utc>) {
    let failure = Failure { kind: FailureKind::Transient, text: "503".to_owned() };
    reports(floor, source, now, Outcome::Failed(failure));
}

fn reads(floor: &mut Floor, source: &str, now: DateTime<Utc>, seen: Option<Observation>) {
    let coverage = match source {
        "dialer" => Coverage::Whole { declared: None },
        _ => Coverage::Part,
    };
    let observations = seen.into_iter().collect();
    let body = Body::Agents { observations, coverage, summary: None, histories: Vec::new() };
    let source_name = source.into();
    let reading = Reading { source: source_name, taken_at: now, as_of: now, skipped: 0, body };
    reports(floor, source, now, Outcome::Read(reading));
}

/// What the WFM says of her at `now`: she is not there.
fn wfm(now: DateTime<Utc>) -> Observation {
    let works = now >= at("08:00") && now < at("16:00");
    let scheduled = Some(if works { Scheduled::Available } else { Scheduled::Off });
    let schedule = ScheduleState { scheduled, adherent: Some(!works), shift: None };
    Observation {
        schedule: Some(schedule),
        since: Some(at("-07:00")),
        ..Observation::of("1", Activity::Offline, "offline")
    }
}

/// Every system as it is, from `start` until `now`.
fn watched(floor: &mut Floor, systems: [System; 4], start: &str, now: &str) {
    let mut then = at(start);
    while then <= at(now) {
        for ((source, _), system) in ALL.iter().zip(systems) {
            match system {
                System::Absent => {}
                System::Down => fails(floor, source, then),
                System::Live => {
                    let seen = (*source == "wfm").then(|| wfm(then));
                    reads(floor, source, then, seen);
                }
            }
        }
        then += EVERY;
    }
}

fn judged(floor: &Floor, now: &str) -> Option<Adherence> {
    let person = &floor.people()[0];
    adherence(floor, person, &floor.headline(person, at(now)), at(now))
}

fn alarm(floor: &Floor, now: &str) -> Option<Finding> {
    let person = &floor.people()[0];
    let headline = floor.headline(person, at(now));
    let found = findings(floor, person, &headline, &Limits::default(), at(now));
    found.into_iter().find(|finding| finding.kind.is_deviation())
}

use crate::rules::FlagKind;

/// What becomes of our own alerts about her.
fn changes(floor: &Floor, now: &str) -> Vec<KnownAlert> {
    let (person, now) = (&floor.people()[0], at(now));
    let headline = floor.headline(person, now);
    let adherence = adherence(floor, person, &headline, now);
    let found = findings(floor, person, &headline, &Limits::default(), now);
    let judged = Judged::of(floor, (person, &headline), adherence.as_ref(), &found, now);
    own_alerts(floor, [judged], minutes(2), &mut Vouched::default(), now)
}

/// Every choice of what each system does.
fn subsets() -> impl Iterator<Item = [System; 4]> {
    let states = [System::Absent, System::Down, System::Live];
    (0..81usize).map(move |choice| {
        [choice % 3, choice / 3 % 3, choice / 9 % 3, choice / 27].map(|of| states[of])
    })
}

#[test]
fn who_has_not_come_is_late_for_every_subset_of_systems_one_of_which_would_have_them() {
    for systems in subsets() {
        // The log of CxEngage and sip.io's list, of which nobody knows whether it is whole, say nothing.
        let would_have = [systems[0], systems[3]].contains(&System::Live);
        for (start, now) in [("07:50", "08:02"), ("09:30", "09:40")] {
            let mut floor = floor(systems, true);
            watched(&mut floor, systems, start, now);
            let found = alarm(&floor, now).map(|alarm| (alarm.kind, alarm.since));
            let late = (FlagKind::LateStart, Some(at("08:00")));
            assert_eq!(found, would_have.then_some(late), "{systems:?} from {start}");
        }
        let mut floor = floor(systems, true);
        watched(&mut floor, systems, "07:50", "08:01");
        assert_eq!(alarm(&floor, "08:01"), None, "{systems:?}: within the grace");
        assert!(judged(&floor, "08:01").is_none_or(|judged| judged.adherent != Some(true)));
    }
}

#[test]
fn an_own_alert_tells_of_it_and_is_the_same_one_after_a_restart() {
    let systems = [System::Live, System::Absent, System::Absent, System::Absent];
    let mut first = floor(systems, true);
    watched(&mut first, systems, "07:50", "08:02");
    let alerts = changes(&first, "08:02");
    let [alert] = alerts.as_slice() else { panic!("{alerts:?}") };
    assert_eq!(alert.alert.message, "not there, the shift began at 08:00; grace 2:00");
    let mut second = floor(systems, true);
    second.raise(alert.clone());
    watched(&mut second, systems, "08:30", "08:32");
    assert_eq!(changes(&second, "08:32"), []);
}

#[test]
fn whom_a_log_tells_to_have_been_there_has_left_early() {
    let systems = [System::Live, System::Absent, System::Absent, System::Absent];
    let mut floor = floor(systems, true);
    let of = |since: &str, until: &str| Spell {
        since: at(since),
        until: Some(at(until)),
        activity: Activity::Available,
        evidence: Evidence::Observed,
        raw: "Ready".into(),
        doubt: None,
    };
    let history = AgentHistory {
        agent: "1".into(),
        name: None,
        from: at("00:00"),
        until: at("09:30"),
        spells: vec![of("08:10", "09:00")],
        connection: None,
    };
    watched(&mut floor, systems, "09:30", "09:31");
    let body = Body::History { histories: vec![history], incomplete: None };
    let (taken_at, as_of) = (at("09:31"), at("09:31"));
    let reading = Reading { source: "dialer".into(), taken_at, as_of, skipped: 0, body };
    floor.apply(reading, at("09:31"));
    watched(&mut floor, systems, "09:32", "09:40");
    assert_eq!(alarm(&floor, "09:40").map(|alarm| alarm.kind), Some(FlagKind::EarlyLeave));
}

#[test]
fn who_came_and_is_still_listed_is_not_late() {
    let systems = [System::Live, System::Live, System::Absent, System::Absent];
    let mut floor = floor(systems, true);
    watched(&mut floor, systems, "07:50", "08:10");
    assert!(alarm(&floor, "08:10").is_some());
    let ready = Observation {
        since: Some(at("08:10:30")),
        ..Observation::of("1", Activity::Available, "READY")
    };
    reads(&mut floor, "dialer", at("08:11"), Some(ready));
    assert_eq!(judged(&floor, "08:11").and_then(|judged| judged.adherent), Some(true));
}

/// The dialer saw her at work until she left at three, and the WFM knew it; then the WFM fell silent if
/// it `falls`. What is said at `now`.
fn left_early(is_file: bool, falls: bool, now: &str) -> Floor {
    let systems = [System::Live, System::Absent, System::Absent, System::Live];
    let mut floor = floor(systems, is_file);
    let mut then = at("07:50");
    while then <= at(now) {
        let is_there = then >= at("07:55") && then < at("15:00");
        let ready = || Observation {
            since: Some(at("07:55")),
            ..Observation::of("1", Activity::Available, "READY")
        };
        let gone = || Observation {
            since: Some(at("15:00")),
            ..Observation::of("1", Activity::Offline, "LOGGEDOUT")
        };
        let seen = match () {
            () if is_there => Some(ready()),
            () if then >= at("15:00") => Some(gone()),
            () => None,
        };
        reads(&mut floor, "dialer", then, seen);
        if falls && then > at("15:10") {
            fails(&mut floor, "wfm", then);
        } else {
            let mut said = wfm(then);
            if let Some(schedule) = said.schedule.as_mut().filter(|_| is_there) {
                schedule.adherent = Some(true);
            }
            reads(&mut floor, "wfm", then, Some(said));
        }
        then += EVERY;
    }
    floor
}

#[test]
fn while_the_wfm_is_silent_the_schedule_file_decides_and_the_deviation_is_the_same() {
    let told = |floor: &Floor, now: &str| {
        let judged = judged(floor, now).unwrap();
        let by = judged.source.as_ref().map(|source| source.as_str().to_owned());
        (by, judged.adherent, judged.deviation.map(|d| (d.kind, d.since, d.bound)))
    };
    let gone = Some((EarlyLeave, Some(at("15:00")), Some(at("16:00"))));
    let fresh = left_early(true, false, "15:30");
    assert_eq!(told(&fresh, "15:30"), (Some("wfm".to_owned()), Some(false), gone));
    let silent = left_early(true, true, "15:30");
    assert_eq!(told(&silent, "15:30"), (None, Some(false), gone));
    // Of whom the file has nothing the WFM's schedule stands, and nothing can be said.
    let alone = left_early(false, true, "15:30");
    assert_eq!(told(&alone, "15:30"), (Some("wfm".to_owned()), None, None));
    assert_eq!(judged(&alone, "15:30").unwrap().scheduled, Scheduled::Available);
}

/// All lines of why she stands as she does.
fn explained(floor: &Floor, now: &str) -> String {
    let (person, now) = (&floor.people()[0], at(now));
    let headline = floor.headline(person, now);
    let limits = Limits::default();
    let found = findings(floor, person, &headline, &limits, now);
    let all = explain::person(floor, person, &headline, &found, None, &limits, now);
    let lines = all.into_iter().flat_map(|explanation| {
        let inputs = explanation.inputs.into_iter();
        let inputs = inputs.map(|i| format!("{}: {}", i.name, i.value.unwrap_or_default()));
        inputs.chain(explanation.arithmetic).collect::<Vec<_>>()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn it_is_explained_who_is_not_listed_and_that_the_file_goes_before_a_silent_wfm() {
    let systems = [System::Live, System::Live, System::Absent, System::Absent];
    let mut floor = floor(systems, true);
    watched(&mut floor, systems, "07:50", "08:10");
    let why = explained(&floor, "08:10");
    assert!(why.contains("not listed by dialer, whose list is whole"), "{why}");
    let ready = Observation::of("1", Activity::Available, "ready");
    reads(&mut floor, "cx", at("08:10"), Some(ready));
    let why = explained(&floor, "08:10");
    assert!(why.contains("dialer does not count: its list does not have this person"), "{why}");
    let why = explained(&left_early(true, true, "15:30"), "15:30");
    assert!(why.contains("scheduled now: work, by the schedule file"), "{why}");
    assert!(
        why.contains("last said: work; its word is stale, and the file's goes before"),
        "{why}"
    );
}

#[test]
fn an_alert_that_somebody_has_seen_goes_on_when_the_wfm_falls_silent_and_when_it_is_back() {
    let before = left_early(true, false, "15:05");
    let raised = changes(&before, "15:05");
    let [known] = raised.as_slice() else { panic!("{raised:?}") };
    let status = AlertStatus::Acknowledged;
    let seen = KnownAlert { alert: Alert { status, ..known.alert.clone() }, ..known.clone() };
    let mut silent = left_early(true, true, "15:30");
    silent.raise(seen);
    assert_eq!(changes(&silent, "15:30"), []);
    for minute in 31..=35 {
        let now = at("15:00") + minutes(minute);
        reads(&mut silent, "wfm", now, Some(wfm(now)));
        let gone = Observation {
            since: Some(at("15:00")),
            ..Observation::of("1", Activity::Offline, "LOGGEDOUT")
        };
        reads(&mut silent, "dialer", now, Some(gone));
    }
    assert_eq!(judged(&silent, "15:35").unwrap().source.as_ref().unwrap().as_str(), "wfm");
    assert_eq!(changes(&silent, "15:35"), []);
}

#[test]
fn a_wfm_that_was_first_read_in_the_shift_knows_from_the_file_when_it_began() {
    let systems = [System::Live, System::Absent, System::Absent, System::Live];
    for (is_file, since, bound) in [(true, "08:00", Some(at("08:00"))), (false, "09:30", None)] {
        let mut floor = floor(systems, is_file);
        watched(&mut floor, systems, "09:30", "09:40");
        let late = judged(&floor, "09:40").unwrap().deviation.unwrap();
        assert_eq!((late.kind, late.since, late.bound), (LateStart, Some(at(since)), bound));
    }
}

#[test]
fn a_short_silence_of_the_wfm_does_not_make_a_shift_begin_anew_and_a_long_one_may_hide_anything() {
    let systems = [System::Live, System::Absent, System::Absent, System::Live];
    for (back, since) in [("08:40", "08:00"), ("11:00", "11:00")] {
        let mut floor = floor(systems, false);
        watched(&mut floor, systems, "07:50", "08:30");
        let without = [System::Live, System::Absent, System::Absent, System::Down];
        watched(&mut floor, without, "08:31", "08:39");
        watched(&mut floor, systems, back, "11:10");
        let late = judged(&floor, "11:10").unwrap().deviation.unwrap();
        assert_eq!((late.kind, late.since), (LateStart, Some(at(since))), "back at {back}");
    }
}

//! A floor with somebody in every state and something wrong with most of what can go wrong.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use floorwatch::app::{App, Message, Names, Setup, Station};
use floorwatch::command::Authority;
use floorwatch::model::{
    Activity, AdherenceSummary, Body, Coverage, Evidence, Failure, FailureKind, Feed, Floor,
    FloorIdentity, Observation, Outcome, QueueCount, Reading, Reason, Report, Roster, RosterPerson,
    ScheduleState, Scheduled, Shift, SourceKind, WayBack, Work,
};
use floorwatch::rules::Limits;

/// 11:00:00 in Tampa, `seconds` later.
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

/// Everybody's id, name, team, and ids at the dialer, at rta and at the WFM.
const PEOPLE: [(&str, &str, &str, &str, &str, &str); 15] = [
    ("jane", "Jane Smith", "East", "101", "", "E1"),
    ("luis", "Luis García", "East", "102", "", "E2"),
    ("hanako", "佐藤花子", "West", "103", "", "E3"),
    ("max", "Maximiliane Featherstonehaugh-Cholmondeley", "West", "104", "", ""),
    ("ann", "Ann Lee", "East", "105", "u5", "E5"),
    ("omar", "Omar Haddad", "", "106", "", ""),
    ("bea", "Bea Novak", "West", "107", "u7", "E7"),
    ("minjun", "김민준", "West", "108", "", ""),
    ("priya", "Priya Raman", "East", "", "u9", "E9"),
    ("tom", "Tom Becker", "", "", "u10", ""),
    ("wes", "Wes Hill", "", "111", "", ""),
    ("zoe", "Zoë Papadopoulou", "West", "112", "", ""),
    ("ivy", "Ivy Chen", "East", "113", "", ""),
    ("dan", "Dan Brown", "East", "114", "", "E14"),
    ("eve", "Eve Stone", "West", "115", "", ""),
];

fn roster() -> Roster {
    let people = PEOPLE.map(|(id, name, team, dialer, rta, wfm)| RosterPerson {
        id: id.into(),
        name: name.to_owned(),
        team: (!team.is_empty()).then(|| team.to_owned()),
        email: None,
        timezone: None,
        ids: [("dialer", dialer), ("rta", rta), ("wfm", wfm)]
            .into_iter()
            .filter(|(_, id)| !id.is_empty())
            .map(|(source, id)| (source.into(), id.into()))
            .collect::<BTreeMap<_, _>>(),
    });
    Roster::new(people.into())
}

/// A floor on which no source has spoken.
pub fn silent_floor() -> Floor {
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::America::New_York,
        day_starts: NaiveTime::MIN,
    };
    let mut feeds = [
        ("dialer", SourceKind::Convoso, 3),
        ("rta", SourceKind::CxEngage, 15),
        ("wfm", SourceKind::Wfm, 15),
    ]
    .map(|(name, kind, poll)| Feed::new(name.into(), kind, TimeDelta::seconds(poll)));
    feeds[0].day_zone = Some(chrono_tz::America::Los_Angeles);
    for (feed, wait) in feeds.iter_mut().zip([2, 4, 9]) {
        feed.next_at = Some(at(wait));
    }
    Floor::new(identity, roster(), feeds.into(), vec![("dialer".into(), "224".to_owned())])
}

/// An app on `floor`, as it is at second 0.
pub fn app_on(floor: Floor, station: Station) -> App {
    let setup = Setup {
        limits: Limits::default(),
        station,
        rotate: TimeDelta::seconds(15),
        names: Names::Full,
        operator: "sam".to_owned(),
        host: "desk-7".to_owned(),
        themes: vec!["dark".to_owned(), "mono".to_owned()],
    };
    let authority = Authority::grant(station == Station::ReadOnly, station == Station::Kiosk);
    let mut app = App::new(floor, setup, authority);
    app.update(Message::NothingRestored, at(0));
    app.update(Message::Tick, at(0));
    app
}

/// The usual floor: three live sources.
pub fn usual_floor() -> Floor {
    let mut floor = silent_floor();
    let everybody = on_the_dialer();
    let but = |gone: &[&str]| -> Vec<Observation> {
        everybody.iter().filter(|o| !gone.contains(&o.agent.as_str())).cloned().collect()
    };
    agents(&mut floor, "dialer", -10, (everybody.clone(), 0), None);
    agents(&mut floor, "dialer", -7, (but(&["114"]), 0), None);
    agents(&mut floor, "dialer", -4, (but(&["114"]), 0), None);
    agents(&mut floor, "dialer", -1, (but(&["114", "113"]), 2), None);
    agents(&mut floor, "rta", -26, (on_rta(), 0), None);
    let summary = AdherenceSummary { total: 6, adherent: 3, percentage: Some(50.0) };
    agents(&mut floor, "wfm", -6, (at_the_wfm(), 0), Some(summary));
    queue(&mut floor, "222", "Main Queue", [500, 450, 20, 1200], -8);
    queue(&mut floor, "223", "Retention", [131, 128, 1, 310], -71);
    floor
}

fn report(source: &str, now: i64, outcome: Outcome) -> Report {
    let next = match source {
        "dialer" => 2,
        "rta" => 4,
        _ => 9,
    };
    Report {
        source: source.into(),
        at: at(now),
        outcome,
        clock_offset: None,
        took: TimeDelta::milliseconds(120),
        next_at: Some(at(next)),
        unread: Vec::new(),
        way_back: (source == "rta").then_some(WayBack { done: 34, of: 72 }),
    }
}

fn agents(
    floor: &mut Floor,
    source: &str,
    as_of: i64,
    (observations, skipped): (Vec<Observation>, u32),
    summary: Option<AdherenceSummary>,
) {
    let coverage =
        if source == "rta" { Coverage::Part } else { Coverage::Whole { declared: None } };
    let reading = Reading {
        source: source.into(),
        taken_at: at(if source == "rta" { -6 } else { as_of }),
        as_of: at(as_of),
        skipped,
        body: Body::Agents { observations, coverage, summary, histories: Vec::new() },
    };
    floor.report(report(source, as_of, Outcome::Read(reading)), at(as_of));
}

/// The dialer lists whoever has one of `ids`, and nobody else.
pub fn lists(floor: &mut Floor, as_of: i64, ids: &[&str]) {
    let mut listed = on_the_dialer();
    listed.retain(|observation| ids.contains(&observation.agent.as_str()));
    agents(floor, "dialer", as_of, (listed, 0), None);
}

/// The dialer has counted the calls of a queue: all, answered, dropped, and the leads left.
pub fn queue(floor: &mut Floor, id: &str, name: &str, counts: [u64; 4], as_of: i64) {
    let [calls, answered, dropped, leads] = counts.map(Some);
    let count = QueueCount {
        campaign_id: Some("111".to_owned()),
        queue_id: id.to_owned(),
        campaign: Some("Sales Campaign".to_owned()),
        queue: Some(name.to_owned()),
        calls_today: calls,
        answered,
        dropped,
        dialable_leads: leads,
    };
    let reading = Reading {
        source: "dialer".into(),
        taken_at: at(as_of),
        as_of: at(as_of),
        skipped: 0,
        body: Body::Queue(count),
    };
    floor.report(report("dialer", as_of, Outcome::Read(reading)), at(as_of));
}

/// The dialer cannot be read at `now`.
pub fn fails(floor: &mut Floor, source: &str, now: i64, kind: FailureKind, text: &str) {
    let failure = Failure { kind, text: text.to_owned() };
    floor.report(report(source, now, Outcome::Failed(failure)), at(now));
}

/// A dialer that lists only five of the agents it counts.
pub fn lists_too_few(floor: &mut Floor) {
    let few = on_the_dialer().into_iter().take(5).collect();
    let reading = Reading {
        source: "dialer".into(),
        taken_at: at(0),
        as_of: at(0),
        skipped: 0,
        body: Body::Agents {
            observations: few,
            coverage: Coverage::Whole { declared: Some(13) },
            summary: None,
            histories: Vec::new(),
        },
    };
    floor.report(report("dialer", 0, Outcome::Read(reading)), at(0));
}

/// A WFM that lists nobody of those it listed before.
pub fn lists_nobody(floor: &mut Floor) {
    let body = Body::Agents {
        observations: Vec::new(),
        coverage: Coverage::Visible,
        summary: None,
        histories: Vec::new(),
    };
    let reading = Reading { source: "wfm".into(), taken_at: at(0), as_of: at(0), skipped: 0, body };
    floor.report(report("wfm", 0, Outcome::Read(reading)), at(0));
}

fn says(agent: &str, activity: Activity, raw: &str, for_seconds: i64) -> Observation {
    Observation { since: Some(at(-for_seconds)), ..Observation::of(agent, activity, raw) }
}

fn on_the_dialer() -> Vec<Observation> {
    use Activity::*;
    let away = || Away(Reason::Unspecified);
    let rows = [
        ("101", Available, "READY", 372, 222, 42),
        ("102", OnContact, "INCALL", 245, 222, 38),
        ("103", OnContact, "INCALL", 1060, 222, 51),
        ("104", WrapUp, "WRAP", 40, 222, 17),
        ("105", away(), "PAUSED", 1324, 223, 29),
        ("106", Ringing, "RINGING", 8, 223, 33),
        ("107", Available, "READY", 55, 223, 12),
        ("108", Unknown, "MANUAL-X", 95, 223, 0),
        ("111", Unreachable, "UNREACHABLE", 130, 222, 5),
        ("112", LoggedIn, "LOGGED_IN", 21, 222, 0),
        ("113", OnContact, "INCALL", 90, 222, 20),
        ("114", Available, "READY", 200, 222, 9),
        ("115", away(), "PAUSED", 25_000, 223, 3),
    ];
    rows.map(|(agent, activity, raw, seconds, queue, calls)| Observation {
        work: Work {
            campaign_id: Some("111".to_owned()),
            campaign: Some("Sales Campaign".to_owned()),
            queue_id: Some(queue.to_string()),
            queue: Some(if queue == 222 { "Main Queue" } else { "Retention" }.to_owned()),
            skills: vec!["english".to_owned(), "sales".to_owned()],
            calls_today: Some(calls),
            extension: Some(format!("7{agent}")),
            also: Vec::new(),
        },
        ..says(agent, activity, raw, seconds)
    })
    .into()
}

fn on_rta() -> Vec<Observation> {
    let ringing_off = says("u7", Activity::Away(Reason::Break), "away/Break", 175);
    let contact = Observation {
        evidence: Evidence::Derived,
        ..says("u9", Activity::OnContact, "capacity 1 of 1", 640)
    };
    let gone = Observation {
        evidence: Evidence::Inferred,
        ..says("u10", Activity::Unknown, "ready, then ended", 900)
    };
    vec![says("u5", Activity::Away(Reason::Lunch), "away/Lunch", 1320), ringing_off, contact, gone]
}

fn at_the_wfm() -> Vec<Observation> {
    let shift = Some(Shift {
        start: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
        end: NaiveTime::from_hms_opt(16, 30, 0).unwrap(),
    });
    let work = || Scheduled::Available;
    let rows = [
        ("E1", Activity::Available, work(), Some(true), 372),
        ("E2", Activity::OnContact, work(), Some(true), 245),
        ("E3", Activity::OnContact, Scheduled::Away(Reason::Lunch), Some(false), 960),
        ("E5", Activity::Away(Reason::Lunch), Scheduled::Away(Reason::Lunch), Some(true), 1320),
        ("E7", Activity::Away(Reason::Break), work(), Some(false), 175),
        ("E9", Activity::Unknown, work(), None, 640),
        ("E14", Activity::Available, Scheduled::Away(Reason::Training), Some(false), 1000),
    ];
    rows.map(|(agent, activity, scheduled, adherent, seconds)| Observation {
        schedule: Some(ScheduleState { scheduled: Some(scheduled), adherent, shift }),
        ..says(agent, activity, "state", seconds)
    })
    .into()
}

/// The WFM says the same once more, but that `agent` is off by now.
pub fn is_off(floor: &mut Floor, agent: &str) {
    let mut said = at_the_wfm();
    for observation in said.iter_mut().filter(|said| said.agent.as_str() == agent) {
        let schedule = observation.schedule.as_mut().unwrap();
        (schedule.scheduled, schedule.adherent) = (Some(Scheduled::Off), Some(false));
    }
    let summary = AdherenceSummary { total: 6, adherent: 3, percentage: Some(50.0) };
    agents(floor, "wfm", -6, (said, 0), Some(summary));
}

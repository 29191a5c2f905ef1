//! A floor of which every source says what it can: a dialer with its log, a real-time feed that is a
//! log itself, a telephony system that keeps figures, a WFM with alerts, and a schedule file.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use floorwatch::app::{App, Station};
use floorwatch::model::{
    Activity, AdherencePct, AgentHistory, Alert, AlertKind, AlertStatus, Body, Bucket, Call,
    ChannelLoad, Connection, Contact, Coverage, Doubt, Duty, Evidence, Failure, FailureKind, Feed,
    Floor, FloorIdentity, Observation, Outcome, Private, RawWord, Reading, Reason, Report, Roster,
    RosterPerson, ScheduleState, Scheduled, Shift, Side, SideFeed, SourceKind, Spell, Timetable,
    Transfer, Unread, VendorKpi, WayBack, Work,
};

use super::floor::{app_on, at};

const PEOPLE: [(&str, &str, [&str; 4]); 4] = [
    ("jane", "Jane Smith", ["101", "u1", "2001", "E1"]),
    ("luis", "Luis García", ["102", "u2", "2002", "E2"]),
    ("hanako", "佐藤花子", ["103", "", "", "E3"]),
    ("max", "Maximiliane Featherstonehaugh-Cholmondeley", ["104", "", "2004", "E4"]),
];

const SOURCES: [&str; 4] = ["dialer", "rta", "pbx", "wfm"];

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn roster() -> Roster {
    let people = PEOPLE.map(|(id, name, ids)| RosterPerson {
        id: id.into(),
        name: name.to_owned(),
        team: Some("East".to_owned()),
        email: None,
        timezone: None,
        ids: SOURCES
            .into_iter()
            .zip(ids)
            .filter(|(_, id)| !id.is_empty())
            .map(|(source, id)| (source.into(), id.into()))
            .collect(),
    });
    Roster::new(people.into())
}

/// Work from 8 to 16:30, with a break and lunch, for Jane.
fn timetable() -> Timetable {
    let duty = |start, end, scheduled| Duty {
        person: "jane".into(),
        date: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        start,
        end,
        scheduled,
    };
    Timetable::new(
        chrono_tz::America::New_York,
        [
            duty(clock(8, 0), clock(16, 30), Scheduled::Available),
            duty(clock(10, 0), clock(10, 15), Scheduled::Away(Reason::Break)),
            duty(clock(12, 30), clock(13, 0), Scheduled::Away(Reason::Lunch)),
        ],
    )
}

/// The floor before anybody has said anything.
pub fn five_silent() -> Floor {
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::America::New_York,
        day_starts: NaiveTime::MIN,
    };
    let mut feeds = [
        ("dialer", SourceKind::Convoso, 3),
        ("rta", SourceKind::CxEngage, 15),
        ("pbx", SourceKind::SipIo, 15),
        ("wfm", SourceKind::Wfm, 15),
    ]
    .map(|(name, kind, poll)| Feed::new(name.into(), kind, TimeDelta::seconds(poll)));
    feeds[0].sides = vec![SideFeed::new(Side::History, TimeDelta::seconds(60))];
    feeds[3].sides = vec![SideFeed::new(Side::Alerts, TimeDelta::seconds(15))];
    for (feed, wait) in feeds.iter_mut().zip([2, 4, 11, 9]) {
        feed.next_at = Some(at(wait));
    }
    Floor::new(identity, roster(), feeds.into(), vec![]).with_timetable(Some(timetable()))
}

/// `outcome` of `source` at second `now`; asked again `again` seconds after second 0.
pub fn tells(floor: &mut Floor, source: &str, now: i64, again: i64, outcome: Outcome) {
    let report = Report {
        source: source.into(),
        at: at(now),
        outcome,
        clock_offset: None,
        took: TimeDelta::milliseconds(120),
        next_at: Some(at(again)),
        way_back: None,
        unread: Vec::new(),
    };
    floor.report(report, at(now));
}

fn reads(floor: &mut Floor, source: &str, as_of: i64, again: i64, body: Body) {
    let reading =
        Reading { source: source.into(), taken_at: at(as_of), as_of: at(as_of), skipped: 0, body };
    tells(floor, source, as_of, again, Outcome::Read(reading));
}

fn agents(observations: Vec<Observation>, histories: Vec<AgentHistory>) -> Body {
    let coverage =
        if histories.is_empty() { Coverage::Whole { declared: None } } else { Coverage::Part };
    Body::Agents { observations, coverage, summary: None, histories }
}

fn says(agent: &str, activity: Activity, raw: &str, seconds: i64) -> Observation {
    Observation { since: Some(at(-seconds)), ..Observation::of(agent, activity, raw) }
}

fn spell(minutes_ago: i64, activity: Activity, raw: &str) -> Spell {
    Spell {
        since: at(-60 * minutes_ago),
        until: None,
        activity,
        evidence: Evidence::Observed,
        raw: RawWord::from(raw),
        doubt: None,
    }
}

/// What the dialer's log says of Jane: she came at 7:56, and was on a break from 10:02 to 10:21.
fn log_of_jane() -> AgentHistory {
    AgentHistory {
        agent: "101".into(),
        name: Some("Jane Smith".to_owned()),
        from: at(-11 * 3600),
        until: at(-20),
        spells: vec![
            Spell { doubt: Some(Doubt::Clipped), ..spell(660, Activity::Offline, "LogOut") },
            spell(184, Activity::LoggedIn, "LOGIN"),
            spell(182, Activity::Available, "Ready"),
            spell(58, Activity::Away(Reason::Break), "NotReady BREAK"),
            spell(39, Activity::Available, "Ready"),
            spell(20, Activity::Away(Reason::Meeting), "NotReady MEETING"),
        ],
        connection: Some(Connection {
            seen_at: at(-184 * 60),
            browser: Some(Private::new("Chrome 120.0".to_owned())),
            ip_address: Some(Private::new("192.0.2.17".to_owned())),
        }),
    }
}

/// What the real-time feed says of her: on contacts now and then.
fn rta_of_jane() -> AgentHistory {
    let mut spells = vec![spell(180, Activity::Available, "ready/idle")];
    for (minutes_ago, length) in [(170, 12), (150, 20), (118, 31), (80, 15)] {
        spells.push(spell(minutes_ago, Activity::OnContact, "capacity 1 of 1"));
        spells.push(spell(minutes_ago - length, Activity::Available, "ready/idle"));
    }
    spells.push(spell(58, Activity::Away(Reason::Break), "away/Break"));
    spells.push(spell(40, Activity::Available, "ready/idle"));
    spells.push(spell(20, Activity::Away(Reason::Meeting), "away/Coaching"));
    AgentHistory {
        agent: "u1".into(),
        name: None,
        from: at(-11 * 3600),
        until: at(-26),
        spells,
        connection: None,
    }
}

fn contact() -> Contact {
    let transfer = |n: i64, to: &str| Transfer {
        interaction: Some(format!("c{n}")),
        to_agent: Some(to.to_owned()),
        started_at: Some(at(-600 * n)),
        ended_at: Some(at(-600 * n + 37)),
    };
    Contact {
        call: None,
        load: Some(1.0 / 3.0),
        capacity: Some(3),
        channels: vec![
            ChannelLoad { channel: "voice".to_owned(), handling: 0 },
            ChannelLoad { channel: "messaging".to_owned(), handling: 1 },
        ],
        transfers: vec![transfer(9, "u2"), transfer(5, "u77"), transfer(3, "u2")],
        direction: Some("inbound".to_owned()),
    }
}

/// The figures of sip.io's own document, from midnight on.
fn figures() -> VendorKpi {
    let minutes = |n| TimeDelta::minutes(n);
    VendorKpi {
        since: at(-11 * 3600),
        as_of: at(-5),
        spent: [
            (Bucket::Available, minutes(90)),
            (Bucket::OnContact, minutes(45)),
            (Bucket::WrapUp, minutes(5)),
            (Bucket::Away, minutes(10)),
            (Bucket::ExternalCall, minutes(2)),
            (Bucket::Offline, minutes(470)),
            (Bucket::Other("huddle".to_owned()), minutes(1)),
        ]
        .into(),
        logged_in: Some(minutes(153)),
        occupancy_pct: Some(35.0),
        utilization_pct: Some(28.0),
        adherence: AdherencePct::Percent(92.0),
    }
}

fn on_the_dialer() -> Vec<Observation> {
    let work = Work {
        campaign_id: Some("111".to_owned()),
        campaign: Some("Sales Campaign".to_owned()),
        queue_id: Some("222".to_owned()),
        queue: Some("Main Queue".to_owned()),
        skills: vec!["english".to_owned(), "sales".to_owned()],
        calls_today: Some(42),
        extension: Some("7101".to_owned()),
        also: Vec::new(),
    };
    let call = Call {
        id: Some("880341".to_owned()),
        lead_id: Some("55012".to_owned()),
        list_id: Some("17".to_owned()),
        kind: Some("outbound".to_owned()),
        channel: Some("phone".to_owned()),
    };
    let on_call = Contact { call: Some(call), ..Contact::default() };
    vec![
        Observation {
            work: work.clone(),
            ..says("101", Activity::Away(Reason::Unspecified), "PAUSED", 1200)
        },
        Observation {
            work,
            contact: Some(Box::new(on_call)),
            ..says("102", Activity::OnContact, "INCALL", 245)
        },
        says("103", Activity::Available, "READY", 30),
        says("104", Activity::WrapUp, "WRAP", 40),
    ]
}

fn at_the_wfm() -> Vec<Observation> {
    let shift = Some(Shift { start: clock(8, 0), end: clock(16, 30) });
    let scheduled = |adherent| ScheduleState {
        scheduled: Some(Scheduled::Available),
        adherent: Some(adherent),
        shift,
    };
    [("E1", Activity::Away(Reason::Meeting), false), ("E2", Activity::OnContact, true)]
        .map(|(agent, activity, adherent)| Observation {
            schedule: Some(scheduled(adherent)),
            ..says(agent, activity, "state", 1190)
        })
        .into()
}

/// An alert about `agent`, raised `minutes_ago`.
pub fn alert(id: &str, agent: &str, kind: AlertKind, minutes_ago: i64, message: &str) -> Alert {
    Alert {
        id: id.into(),
        agent: agent.into(),
        name: Some(format!("{agent} at the WFM")),
        kind,
        message: message.to_owned(),
        status: AlertStatus::Active,
        created_at: Some(at(-60 * minutes_ago)),
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    }
}

/// Five alerts: of everybody, one of nobody whom the floor knows, one of a kind nobody knows.
pub fn usual_alerts() -> Vec<Alert> {
    vec![
        alert("a1", "E1", AlertKind::ExtendedBreak, 41, "Break exceeded by 4 minutes"),
        alert("a2", "E1", AlertKind::WrongState, 18, "In a meeting while scheduled to work"),
        alert("a3", "E3", AlertKind::LateStart, 165, "Agent logged in 15 minutes late"),
        alert("a4", "E77", AlertKind::EarlyLeave, 0, "Agent left 30 minutes early"),
        alert("a5", "E4", AlertKind::Other("headset_lost".to_owned()), 1500, "No headset"),
    ]
}

/// The WFM lists `alerts` as active at second `as_of`.
pub fn lists(floor: &mut Floor, alerts: Vec<Alert>, cut: bool, as_of: i64) {
    reads(floor, "wfm", as_of, 9, Body::Alerts { status: AlertStatus::Active, alerts, cut });
}

/// The floor with everything said.
pub fn five_floor() -> Floor {
    let mut floor = five_silent();
    let log = Body::History { histories: vec![log_of_jane()], incomplete: None };
    reads(&mut floor, "dialer", -20, 40, log);
    for as_of in [-400, -399, -301, -202, -103, -4, -1] {
        reads(&mut floor, "dialer", as_of, 2, agents(on_the_dialer(), vec![]));
    }
    let rta = Observation {
        contact: Some(Box::new(contact())),
        ..says("u1", Activity::Away(Reason::Other("Coaching".to_owned())), "away/Coaching", 1195)
    };
    let others = says("u2", Activity::OnContact, "capacity 1 of 1", 243);
    reads(&mut floor, "rta", -26, 4, agents(vec![rta, others], vec![rta_of_jane()]));
    let pbx = |agent: &str, activity, raw: &str, kpi| Observation {
        evidence: Evidence::Inferred,
        kpi: Some(Box::new(kpi)),
        ..says(agent, activity, raw, 900)
    };
    let odd = VendorKpi {
        occupancy_pct: Some(61.0),
        logged_in: Some(TimeDelta::minutes(170)),
        adherence: AdherencePct::Bypass,
        ..figures()
    };
    let idle = VendorKpi {
        spent: [(Bucket::Away, TimeDelta::minutes(30))].into(),
        logged_in: None,
        occupancy_pct: Some(0.0),
        adherence: AdherencePct::NoSchedule,
        ..figures()
    };
    let on_the_pbx = vec![
        pbx("2001", Activity::Away(Reason::Unspecified), "paused", figures()),
        pbx("2002", Activity::OnContact, "incall", odd),
        pbx("2004", Activity::Away(Reason::Unspecified), "paused", idle),
    ];
    reads(&mut floor, "pbx", -5, 11, agents(on_the_pbx, vec![]));
    reads(&mut floor, "wfm", -6, 9, agents(at_the_wfm(), vec![]));
    lists(&mut floor, usual_alerts(), false, -6);
    floor
}

/// A usual floor in a supervisor's own terminal.
pub fn five() -> App {
    app_on(five_floor(), Station::Desk)
}

/// What is read beside `source` cannot be read at second `now`.
pub fn side_fails(floor: &mut Floor, source: &str, side: Side, now: i64, text: &str) {
    let failure = Failure { kind: FailureKind::Transient, text: text.to_owned() };
    tells(floor, source, now, 12, Outcome::SideFailed { side, failure });
}

/// The dialer's log is only partly read, and known not to be all.
pub fn log_is_cut(floor: &mut Floor) {
    let incomplete = Some("more than 51,000 events of one day and campaign".to_owned());
    log_says(floor, 0, incomplete, WayBack { done: 3, of: 7 });
}

/// So many rows of the dialer's log cannot be understood.
pub fn log_is_garbled(floor: &mut Floor, skipped: u32) {
    log_says(floor, skipped, None, WayBack { done: 7, of: 7 });
}

fn log_says(floor: &mut Floor, skipped: u32, incomplete: Option<String>, way_back: WayBack) {
    let reading = Reading {
        source: "dialer".into(),
        taken_at: at(-2),
        as_of: at(-2),
        skipped,
        body: Body::History { histories: vec![], incomplete },
    };
    let report = Report {
        source: "dialer".into(),
        at: at(-2),
        outcome: Outcome::Read(reading),
        clock_offset: None,
        took: TimeDelta::milliseconds(120),
        next_at: Some(at(58)),
        way_back: Some(way_back),
        unread: Vec::new(),
    };
    floor.report(report, at(-2));
}

/// Ten minutes of the real-time feed's log could not be read so far.
pub fn log_misses_ten_minutes(floor: &mut Floor) {
    let (observations, histories) = (Vec::new(), Vec::new());
    let coverage = Coverage::Part;
    let body = Body::Agents { observations, coverage, summary: None, histories };
    let (source, as_of) = (SOURCES[1].into(), at(-1));
    let reading = Reading { source, taken_at: as_of, as_of, skipped: 0, body };
    let why = "HTTP 404 from the server".to_owned();
    let report = Report {
        source: SOURCES[1].into(),
        at: as_of,
        outcome: Outcome::Read(reading),
        clock_offset: None,
        took: TimeDelta::milliseconds(120),
        next_at: Some(at(4)),
        way_back: None,
        unread: vec![Unread { from: at(-4200), until: at(-3600), why }],
    };
    floor.report(report, as_of);
}

//! A whole floor, exported: its alerts and its past.

use chrono::NaiveTime;
use serde_json::{Value, json};

use super::*;
use crate::model::{
    AgentHistory, Alert, AlertId, AlertKind, AlertStatus, Body, Bucket, Connection, Coverage,
    Doubt, Floor, FloorIdentity, Observation, Private, RawWord, Reading, Roster, RosterPerson,
    Spell,
};
use crate::rules::{Limits, Share};

fn floor() -> Floor {
    let identity = FloorIdentity {
        name: "Tampa".into(),
        timezone: chrono_tz::America::New_York,
        day_starts: NaiveTime::MIN,
    };
    let feed = |name: &str, kind, side| {
        let mut feed = Feed::new(name.into(), kind, TimeDelta::seconds(3));
        feed.sides = vec![SideFeed::new(side, TimeDelta::seconds(15))];
        feed
    };
    let feeds = vec![
        feed("dialer", SourceKind::Convoso, Side::History),
        feed("wfm", SourceKind::Wfm, Side::Alerts),
    ];
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".into(),
        team: None,
        email: None,
        timezone: None,
        ids: [(dialer(), "12345".into()), ("wfm".into(), "E1".into())].into(),
    };
    Floor::new(identity, Roster::new(vec![jane]), feeds, vec![])
}

fn read(floor: &mut Floor, source: &str, body: Body) {
    let as_of = now() - TimeDelta::seconds(2);
    let reading = Reading { source: source.into(), taken_at: as_of, as_of, skipped: 0, body };
    floor.apply(reading, now());
}

fn alert(id: &str, agent: &str) -> Alert {
    Alert {
        id: AlertId::from(id),
        agent: agent.into(),
        name: None,
        kind: AlertKind::LateStart,
        message: "Logged in 15 minutes late".into(),
        status: AlertStatus::Active,
        created_at: Some(at("2026-03-01T13:15:00Z")),
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    }
}

fn alerts(floor: &mut Floor, alerts: Vec<Alert>) {
    read(floor, "wfm", Body::Alerts { status: AlertStatus::Active, alerts, cut: false });
}

fn exported(floor: &Floor) -> Value {
    serde_json::to_value(Snapshot::of(floor, &Limits::default(), now())).unwrap()
}

#[test]
fn alerts_are_null_until_they_have_been_read_and_empty_where_there_are_none() {
    let mut floor = floor();
    assert_eq!(exported(&floor)["alerts"], Value::Null);
    alerts(&mut floor, vec![]);
    assert_eq!(exported(&floor)["alerts"], json!([]));
}

#[test]
fn an_alert_names_the_rosters_person_or_nobody() {
    let mut floor = floor();
    alerts(&mut floor, vec![alert("a1", "E1"), alert("a2", "E9")]);
    let exported = exported(&floor);
    assert_eq!(
        exported["alerts"][0],
        json!({"id": "a1", "source": "wfm", "type": "late_start", "person": "jane", "name": null,
               "status": "active", "message": "Logged in 15 minutes late",
               "created_at": "2026-03-01T13:15:00Z", "acknowledged_at": null, "resolved_at": null,
               "notes": null})
    );
    assert_eq!(exported["alerts"][1]["person"], Value::Null);
}

#[test]
fn an_alert_that_its_wfm_lists_no_longer_is_left_out() {
    let mut floor = floor();
    alerts(&mut floor, vec![alert("a1", "E1")]);
    let as_of = now() - TimeDelta::seconds(1);
    let body = Body::Alerts { status: AlertStatus::Active, alerts: vec![], cut: false };
    let reading = Reading { source: "wfm".into(), taken_at: as_of, as_of, skipped: 0, body };
    floor.apply(reading, now());
    assert_eq!(exported(&floor)["alerts"], json!([]));
}

/// A floor on which the dialer's log says that Jane was ready at 14:00 and took a break at 14:30.
fn with_a_past() -> Floor {
    let mut floor = floor();
    let observation = Observation {
        since: Some(at("2026-03-01T14:30:00Z")),
        ..Observation::of("12345", Activity::Away(Reason::Break), "PAUSED")
    };
    let spell = |since: &str, activity, raw: &str, doubt| Spell {
        since: at(since),
        until: None,
        activity,
        evidence: Evidence::Observed,
        raw: RawWord::from(raw),
        doubt,
    };
    let history = AgentHistory {
        agent: "12345".into(),
        name: None,
        from: at("2026-03-01T00:00:00Z"),
        until: now() - TimeDelta::seconds(2),
        spells: vec![
            spell("2026-03-01T14:00:00Z", Activity::Available, "Ready", Some(Doubt::Clipped)),
            spell("2026-03-01T14:30:00Z", Activity::Away(Reason::Break), "NotReady BREAK", None),
        ],
        connection: Some(Connection {
            seen_at: now(),
            browser: Some(Private::new("Chrome 120.0".into())),
            ip_address: Some(Private::new("192.0.2.7".into())),
        }),
    };
    read(&mut floor, "dialer", Body::History { histories: vec![history], incomplete: None });
    let body = Body::Agents {
        observations: vec![observation],
        coverage: Coverage::Whole { declared: None },
        summary: None,
        histories: vec![],
    };
    read(&mut floor, "dialer", body);
    floor
}

#[test]
fn a_past_is_exported_only_where_it_is_asked_for() {
    let floor = with_a_past();
    let snapshot = Snapshot::of(&floor, &Limits::default(), now());
    let value = serde_json::to_value(&snapshot).unwrap();
    let presence = &value["agents"][0]["presences"][0];
    assert!(presence.get("timeline").is_none(), "{presence}");
    let value = serde_json::to_value(snapshot.with_timelines(&floor)).unwrap();
    assert_eq!(
        value["agents"][0]["presences"][0]["timeline"],
        json!([{"since": "2026-03-01T14:00:00Z", "until": "2026-03-01T14:30:00Z",
                "activity": "available", "reason": null, "evidence": "observed", "raw": "Ready",
                "doubt": "clipped"},
               {"since": "2026-03-01T14:30:00Z", "until": "2026-03-01T14:59:58Z",
                "activity": "away", "reason": "break", "evidence": "observed", "raw": "PAUSED",
                "doubt": null}])
    );
}

#[test]
fn from_where_somebody_works_is_never_exported() {
    let floor = with_a_past();
    let snapshot = Snapshot::of(&floor, &Limits::default(), now()).with_timelines(&floor);
    let text = text(|out| write_json(&snapshot, out));
    assert!(!text.contains("Chrome") && !text.contains("192.0.2.7"), "{text}");
}

/// What sip.io's document shows of one agent, over two and a half hours.
fn documented() -> VendorKpi {
    let ms = |n| TimeDelta::milliseconds(n);
    VendorKpi {
        since: day_start(),
        as_of: now(),
        spent: [
            (Bucket::Available, ms(5_400_000)),
            (Bucket::OnContact, ms(2_700_000)),
            (Bucket::WrapUp, ms(300_000)),
            (Bucket::Away, ms(600_000)),
        ]
        .into(),
        logged_in: Some(ms(9_000_000)),
        occupancy_pct: Some(35.0),
        utilization_pct: Some(33.0),
        adherence: AdherencePct::Percent(92.0),
    }
}

#[test]
fn a_vendors_figures_stand_unchanged_beside_ours() {
    let value = serde_json::to_value(SourceKpi::of(&documented())).unwrap();
    assert_eq!(
        value,
        json!({"vendor": {"since": "2026-03-01T05:00:00Z", "as_of": "2026-03-01T15:00:00Z",
                          "ms": {"available": 5_400_000, "on_contact": 2_700_000,
                                 "wrap_up": 300_000, "away": 600_000},
                          "logged_in_ms": 9_000_000, "occupancy_pct": 35.0,
                          "utilization_pct": 33.0, "adherence_pct": 92.0},
               "ours": {"logged_in_ms": 9_000_000, "occupancy_pct": 35.71,
                        "utilization_pct": 33.33, "known_pct": 25.0}})
    );
}

#[test]
fn an_adherence_is_a_number_or_bypass_or_null_and_never_0_instead() {
    use rules::DayAdherence as Day;
    for (adherence, exported, cell) in [
        (Day::Share(Share::new(92.0, 75.0)), json!(92.0), "92"),
        (Day::Bypass, json!("bypass"), "bypass"),
        (Day::NoSchedule, Value::Null, ""),
        (Day::Unreadable("n/a".into()), Value::Null, ""),
    ] {
        let day = rules::Figures { adherence, ..no_figures() };
        let agent = Agent { kpi: Kpi::of(&day), ..jane() };
        assert_eq!(serde_json::to_value(&agent).unwrap()["kpi"]["adherence_pct"], exported);
        let csv = text(|out| write_csv(&snapshot(vec![agent.clone()]), out));
        let row = csv.lines().nth(1).unwrap();
        let known = if exported == json!(92.0) { "75" } else { "" };
        assert!(row.ends_with(&format!(",true,,,{cell},over_threshold,0,{known},false")), "{row}");
    }
}

#[test]
fn the_figures_of_a_report_are_those_of_a_snapshot_and_two_more() {
    let day = rules::Figures {
        times: rules::Times::of_vendors_window(&documented(), TimeDelta::hours(10)),
        handle: TimeDelta::milliseconds(3_000_000),
        logged_in: TimeDelta::milliseconds(9_000_000),
        occupancy: Some(Share::new(100.0 * 3.0 / 8.4, 25.0)),
        utilization: Some(Share::new(100.0 / 3.0, 25.0)),
        adherence: rules::DayAdherence::Share(Share::new(91.999, 30.0)),
        conformance: Some(Share::new(101.005, 30.0)),
        gaps: rules::Gaps {
            logged_in: TimeDelta::milliseconds(27_000_000),
            ..rules::Gaps::default()
        },
        ..no_figures()
    };
    let mut written = json!({"since": "2026-03-01T05:00:00Z",
        "ms": {"available": 5_400_000, "on_contact": 2_700_000, "wrap_up": 300_000,
               "away": 600_000, "ringing": 0, "logged_in": 0, "unreachable": 0, "offline": 0,
               "unknown": 27_000_000},
        "logged_in_ms": 9_000_000, "occupancy_pct": 35.71, "utilization_pct": 33.33,
        "adherence_pct": 92.0, "known_pct": 25.0, "adherence_known_pct": 30.0});
    assert_eq!(serde_json::to_value(Kpi::of(&day)).unwrap(), written);
    written["handle_ms"] = json!(3_000_000);
    written["conformance_pct"] = json!(101.01);
    assert_eq!(serde_json::to_value(ReportKpi::of(&day)).unwrap(), written);
}

#[test]
fn of_whom_nobody_knows_anything_no_time_is_claimed() {
    let value = serde_json::to_value(ReportKpi::of(&no_figures())).unwrap();
    assert_eq!(value["ms"]["unknown"], json!(36_000_000));
    assert_eq!((&value["logged_in_ms"], &value["handle_ms"]), (&Value::Null, &Value::Null));
}

#[test]
fn everybodys_times_add_up_to_the_window_as_it_is_written() {
    let taken_at = now() + TimeDelta::milliseconds(740);
    let snapshot = Snapshot::of(&with_a_past(), &Limits::default(), taken_at);
    let value = serde_json::to_value(snapshot).unwrap();
    let instant = |name: &str| value[name].as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let window = (instant("taken_at") - instant("since")).num_milliseconds();
    let ms = value["agents"][0]["kpi"]["ms"].as_object().unwrap();
    let spent = ["offline", "unreachable", "available", "ringing", "on_contact", "wrap_up", "away"]
        .into_iter()
        .chain(["unknown", "logged_in"])
        .map(|activity| ms[activity].as_i64().unwrap());
    assert_eq!(spent.sum::<i64>(), window);
}

//! The report in its three formats, from figures made by hand.

use chrono_tz::America::New_York;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::export::{AdherenceShare, Kpi, KpiMillis};
use crate::rules::Share;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

const SINCE: &str = "2026-03-01T13:00:00Z";

/// An hour: 30 minutes available, 20 on contact, 3 wrapping up, 5 away, 2 that nobody knows of.
fn kpi() -> ReportKpi {
    let minutes = |minutes: i64| minutes * 60_000;
    let kpi = Kpi {
        since: at(SINCE),
        ms: KpiMillis {
            available: minutes(30),
            on_contact: minutes(20),
            wrap_up: minutes(3),
            away: minutes(5),
            unknown: minutes(2),
            ..KpiMillis::default()
        },
        logged_in_ms: Some(minutes(58)),
        occupancy_pct: Some(Share::new(43.4, 96.67)),
        utilization_pct: Some(Share::new(39.66, 96.67)),
        adherence_pct: Some(AdherenceShare::Percent(Share::new(91.5, 79.99))),
        known_pct: Some(96.67),
        adherence_known_pct: Some(79.99),
    };
    let conformance_pct = Some(Share::new(101.0, 80.0));
    ReportKpi { kpi, handle_ms: Some(minutes(23)), conformance_pct }
}

/// Of whom nothing is known.
fn unknown() -> ReportKpi {
    let kpi = Kpi {
        since: at(SINCE),
        ms: KpiMillis { unknown: 3_600_000, ..KpiMillis::default() },
        logged_in_ms: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence_pct: Some(AdherenceShare::Word("bypass")),
        known_pct: Some(0.0),
        adherence_known_pct: None,
    };
    ReportKpi { kpi, handle_ms: None, conformance_pct: None }
}

fn agent(person: &str, name: &str, kpi: ReportKpi) -> ReportAgent {
    ReportAgent {
        person: person.to_owned(),
        name: name.to_owned(),
        team: Some("Blue".to_owned()),
        ids: [("dialer".to_owned(), "12345".to_owned()), ("rta".to_owned(), "u-1".to_owned())]
            .into(),
        kpi,
    }
}

fn report() -> Report {
    let floor = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: New_York,
        day_starts: chrono::NaiveTime::MIN,
    };
    let mut report = Report::of(&floor, at(SINCE), at("2026-03-01T14:00:00Z"));
    report.agents =
        vec![agent("jane", "Jane Smith", kpi()), agent("dialer:9", "=HYPERLINK(\"x\")", unknown())];
    report.teams = vec![ReportTeam { team: "Blue".to_owned(), kpi: kpi() }];
    report.queues = vec![ReportQueue {
        source: "dialer".to_owned(),
        campaign_id: Some("111".to_owned()),
        queue_id: "222".to_owned(),
        name: "Main Queue".to_owned(),
        kpi: kpi(),
    }];
    report
}

fn written(report: &Report, write: fn(&Report, &mut dyn Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_json_has_the_documented_shape() {
    let found: Value = serde_json::from_str(&written(&report(), write_report_json)).unwrap();
    let figures = json!({
        "since": SINCE,
        "ms": {"available": 1_800_000, "on_contact": 1_200_000, "wrap_up": 180_000, "away": 300_000,
               "ringing": 0, "logged_in": 0, "unreachable": 0, "offline": 0, "unknown": 120_000},
        "logged_in_ms": 3_480_000, "handle_ms": 1_380_000, "occupancy_pct": 43.4,
        "utilization_pct": 39.66, "adherence_pct": 91.5, "conformance_pct": 101.0,
        "known_pct": 96.67, "adherence_known_pct": 79.99
    });
    assert_eq!(found["schema"], "floorwatch.report/1");
    assert_eq!(found["floor"], "Tampa");
    assert_eq!(found["timezone"], "America/New_York");
    assert_eq!((&found["since"], &found["until"]), (&json!(SINCE), &json!("2026-03-01T14:00:00Z")));
    assert_eq!(
        found["agents"][0],
        json!({"person": "jane", "name": "Jane Smith", "team": "Blue",
               "ids": {"dialer": "12345", "rta": "u-1"}, "kpi": figures})
    );
    assert_eq!(found["agents"][1]["kpi"]["occupancy_pct"], Value::Null);
    assert_eq!(found["agents"][1]["kpi"]["adherence_pct"], "bypass");
    assert_eq!(found["teams"], json!([{"team": "Blue", "kpi": figures}]));
    assert_eq!(
        found["queues"],
        json!([{"source": "dialer", "campaign_id": "111", "queue_id": "222", "name": "Main Queue",
                "kpi": figures}])
    );
}

#[test]
fn a_window_that_was_asked_for_in_milliseconds_is_told_in_milliseconds() {
    let fine = Report { until: at("2026-03-01T14:00:00.250Z"), ..report() };
    let found: Value = serde_json::from_str(&written(&fine, write_report_json)).unwrap();
    assert_eq!(found["until"], "2026-03-01T14:00:00.250Z");
}

#[test]
fn the_csv_has_a_row_for_each_person_team_and_queue_and_no_formula() {
    let text = written(&report(), write_report_csv);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let cell = |row: usize, heading: &str| {
        let column = headings.iter().position(|found| found == heading).unwrap();
        rows[row][column].to_owned()
    };
    let scopes: Vec<_> = (0..rows.len()).map(|row| cell(row, "scope")).collect();
    assert_eq!(scopes, ["agent", "agent", "team", "queue"]);
    assert_eq!(cell(0, "person"), "jane");
    assert_eq!(cell(0, "ids"), "dialer:12345;rta:u-1");
    assert_eq!(cell(1, "name"), "'=HYPERLINK(\"x\")");
    assert_eq!(cell(1, "occupancy_pct"), "");
    assert_eq!(cell(1, "adherence_pct"), "bypass");
    assert_eq!(cell(2, "team"), "Blue");
    assert_eq!((cell(3, "source"), cell(3, "queue_id")), ("dialer".into(), "222".into()));
    for row in 0..rows.len() {
        assert_eq!(cell(row, "timezone"), "America/New_York");
        assert_eq!(cell(row, "since"), "2026-03-01T08:00:00-05:00");
        assert_eq!(cell(row, "until"), "2026-03-01T09:00:00-05:00");
    }
    assert_eq!(cell(0, "available_ms"), "1800000");
    assert_eq!(cell(0, "logged_in_ms"), "3480000");
    assert_eq!(cell(0, "conformance_pct"), "101");
    assert_eq!((cell(0, "known_pct"), cell(1, "known_pct")), ("96.67".into(), "0".into()));
    assert_eq!(
        (cell(0, "adherence_pct"), cell(0, "adherence_known_pct")),
        ("91.5".into(), "79.99".into())
    );
}

#[test]
fn the_table_is_aligned_and_tells_the_window_in_floor_time() {
    let text = written(&report(), write_report_table);
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "Tampa  2026-03-01 08:00:00 to 2026-03-01 09:00:00  (America/New_York)",
            "",
            "AGENT           LOGGED IN  HANDLE OCC % UTIL %  ADH % CONF % KNOWN AVAILABLE CONTACT WRAP-UP    AWAY UNKNOWN",
            "Jane Smith        0:58:00 0:23:00 43.40  39.66 ~91.50 101.00   96%   0:30:00 0:20:00 0:03:00 0:05:00 0:02:00",
            "=HYPERLINK(\"x\")         -       -     -      - bypass      -    0%         -       -       -       - 1:00:00",
            "",
            "TEAM            LOGGED IN  HANDLE OCC % UTIL %  ADH % CONF % KNOWN AVAILABLE CONTACT WRAP-UP    AWAY UNKNOWN",
            "Blue              0:58:00 0:23:00 43.40  39.66 ~91.50 101.00   96%   0:30:00 0:20:00 0:03:00 0:05:00 0:02:00",
            "",
            "QUEUE           LOGGED IN  HANDLE OCC % UTIL %  ADH % CONF % KNOWN AVAILABLE CONTACT WRAP-UP    AWAY UNKNOWN",
            "Main Queue        0:58:00 0:23:00 43.40  39.66 ~91.50 101.00   96%   0:30:00 0:20:00 0:03:00 0:05:00 0:02:00",
        ]
    );
}

#[test]
fn the_table_fits_120_columns_whatever_is_in_it() {
    let hours = |hours: i64| hours * 3_600_000;
    let mut long = report();
    for (index, agent) in long.agents.iter_mut().enumerate() {
        agent.name = "長い名前のひと ".repeat(20 * (index + 1));
        agent.kpi.kpi.ms.available = hours(9_999);
        agent.kpi.kpi.ms.unknown = hours(9_999);
        agent.kpi.kpi.logged_in_ms = Some(hours(9_999));
        agent.kpi.conformance_pct = Some(Share::new(12_345.67, 100.0));
    }
    let text = written(&long, write_report_table);
    for line in text.lines() {
        assert!(line.width() <= 120, "{} columns: {line}", line.width());
    }
    assert!(text.contains(" 9999:00:00 ") && text.contains(" 12345.67 "), "{text}");
}

#[test]
fn an_empty_floor_is_a_report_of_nobody() {
    let empty = Report { agents: Vec::new(), teams: Vec::new(), queues: Vec::new(), ..report() };
    let found: Value = serde_json::from_str(&written(&empty, write_report_json)).unwrap();
    assert_eq!((&found["agents"], &found["queues"]), (&json!([]), &json!([])));
    assert_eq!(written(&empty, write_report_csv).lines().count(), 1);
    let table = written(&empty, write_report_table);
    assert!(table.contains("AGENT") && !table.contains("TEAM"), "{table}");
}

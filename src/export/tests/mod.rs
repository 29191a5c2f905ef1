use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::model::{
    Activity, AdherencePct, AgentId, Evidence, Failure, FailureKind, Feed, Headline, Hold,
    HoldReason, Person, PersonId, Presence, Queue, QueueKey, Reason, Scheduled, Side, SideFeed,
    SourceKind, SourceName, Tally, Unread, VendorKpi, Work,
};
use crate::rules;

mod floors;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    at("2026-03-01T15:00:00Z")
}

fn day_start() -> DateTime<Utc> {
    at("2026-03-01T05:00:00Z")
}

fn dialer() -> SourceName {
    SourceName::from("dialer")
}

fn person(id: &str, name: &str) -> Person {
    let presence = Presence {
        source: dialer(),
        kind: SourceKind::Convoso,
        agent: AgentId::from("12345"),
        name: Some(name.into()),
        activity: Activity::Available,
        raw: "READY".into(),
        since: Some(now() - TimeDelta::seconds(300)),
        as_of: now() - TimeDelta::seconds(1),
        evidence: Evidence::Observed,
        episode: None,
        away_pending: false,
        missed: 0,
        may_be_unread: false,
        work: Work {
            campaign: Some("Sales Campaign".into()),
            queue: Some("Main Queue".into()),
            skills: vec!["english".into(), "sales".into()],
            calls_today: Some(42),
            ..Work::default()
        },
        schedule: None,
        contact: None,
        kpi: None,
    };
    Person {
        id: PersonId::from(id),
        name: name.into(),
        team: None,
        ids: [(dialer(), AgentId::from("12345"))].into(),
        in_roster: true,
        also: Vec::new(),
        presences: vec![presence],
    }
}

fn headline(activity: Activity, evidence: Evidence) -> Headline {
    Headline {
        activity,
        since: Some(now() - TimeDelta::seconds(300)),
        as_of: Some(now() - TimeDelta::seconds(100)),
        evidence,
        source: Some(dialer()),
        conflict: None,
        by_log: false,
    }
}

fn flag() -> Flag {
    Flag {
        kind: "over_threshold",
        severity: "warn",
        since: Some(now() - TimeDelta::seconds(240)),
        text: "available for 5:00, limit 1:00".into(),
    }
}

fn scheduled(scheduled: Scheduled, adherent: Option<bool>) -> rules::Adherence {
    rules::Adherence {
        scheduled,
        source: None,
        adherent,
        exempt: false,
        shift: None,
        out_since: None,
        held_by_call: false,
        deviation: None,
    }
}

fn no_figures() -> rules::Figures {
    rules::Figures {
        since: day_start(),
        until: now(),
        times: nothing_known(now() - day_start()),
        handle: TimeDelta::zero(),
        logged_in: TimeDelta::zero(),
        occupancy: None,
        utilization: None,
        attendance: rules::Attendance::default(),
        adherence: rules::DayAdherence::NoSchedule,
        conformance: None,
        gaps: rules::Gaps { logged_in: now() - day_start(), ..rules::Gaps::default() },
    }
}

fn nothing_known(window: TimeDelta) -> rules::Times {
    let nobody = VendorKpi {
        since: day_start(),
        as_of: now(),
        spent: [].into(),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence: AdherencePct::NoSchedule,
    };
    rules::Times::of_vendors_window(&nobody, window)
}

fn agent(
    person: &Person,
    headline: &Headline,
    adherence: Option<&rules::Adherence>,
    flags: Vec<Flag>,
) -> Agent {
    let presences = person.presences.iter();
    let presences = presences.map(|p| PresenceLine::of(p, p.activity.reason(), p.evidence));
    let presences = presences.collect();
    Agent::of(person, headline, adherence, flags, presences, Kpi::of(&no_figures()), now())
}

fn jane() -> Agent {
    let headline = headline(Activity::Available, Evidence::Observed);
    let person = person("jane", "Jane Smith");
    let adherence = scheduled(Scheduled::Available, Some(true));
    agent(&person, &headline, Some(&adherence), vec![flag()])
}

fn nobody() -> Agent {
    let person = Person { presences: vec![], ids: [].into(), ..person("bob", "Bob") };
    let headline = Headline {
        activity: Activity::Unknown,
        since: None,
        as_of: None,
        evidence: Evidence::Inferred,
        source: None,
        conflict: None,
        by_log: false,
    };
    agent(&person, &headline, None, vec![])
}

fn main_queue() -> Queue {
    let mut agents = Tally::default();
    for activity in
        [Activity::OnContact, Activity::OnContact, Activity::Available, Activity::Offline]
    {
        agents.add(&activity);
    }
    Queue {
        key: QueueKey { source: dialer(), campaign_id: Some("111".into()), queue_id: "222".into() },
        name: "Main Queue".into(),
        campaign: None,
        agents,
        stale: Tally::default(),
        calls_today: Some(500),
        answered: Some(450),
        dropped: Some(20),
        dialable_leads: Some(1200),
        counted_at: Some(now()),
        failures: 0,
        error: None,
        refused: false,
        next_at: None,
    }
}

fn snapshot(agents: Vec<Agent>) -> Snapshot {
    let mut live = Feed::new(dialer(), SourceKind::Convoso, TimeDelta::seconds(3));
    live.as_of = Some(now() - TimeDelta::seconds(1));
    live.read_at = live.as_of;
    live.clock_offset = Some(TimeDelta::milliseconds(-120));
    let mut failed = Feed::new(SourceName::from("wfm"), SourceKind::Wfm, TimeDelta::seconds(15));
    failed.failure = Some(Failure {
        kind: FailureKind::Transient,
        text: "no answer within 10 s from wfm.example.com (hint: can this machine reach it? is the address right?)".into(),
    });
    Snapshot {
        schema: "floorwatch.snapshot/1",
        taken_at: now(),
        floor: "Tampa".into(),
        since: day_start(),
        sources: vec![SourceLine::of(&live, now()), SourceLine::of(&failed, now())],
        totals: Totals { people: 2, available: 1, unknown: 1, ..Totals::default() },
        queues: vec![QueueLine::of(&main_queue(), Some(&live), now())],
        agents,
        alerts: None,
        campaigns: None,
    }
}

fn text(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_json_has_the_documented_fields_in_their_order() {
    let text = text(|out| write_json(&snapshot(vec![jane()]), out));
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        value["sources"][0],
        json!({"name": "dialer", "kind": "convoso", "status": "live", "as_of": "2026-03-01T14:59:59Z",
               "clock_offset_ms": -120, "error": null, "next_at": null, "skipped": 0,
               "repaired": 0, "missed": null, "held": null, "sides": []})
    );
    assert_eq!(value["sources"][1]["status"], "failed");
    assert_eq!(
        value["queues"][0],
        json!({"source": "dialer", "campaign_id": "111", "queue_id": "222", "name": "Main Queue",
               "agents": 3, "on_contact": 2, "available": 1, "away": 0, "ringing": 0, "wrap_up": 0,
               "unknown": 0, "stale": 0, "calls_today": 500, "answered": 450, "dropped": 20, "drop_rate_pct": 4.26,
               "drop_rates": {"of_answered_pct": 4.44, "of_answered_and_dropped_pct": 4.26,
                              "of_total_pct": 4.0},
               "dialable_leads": 1200, "as_of": "2026-03-01T15:00:00Z"})
    );
    let unknown = json!({"available": 0, "on_contact": 0, "wrap_up": 0, "away": 0, "ringing": 0,
        "logged_in": 0, "unreachable": 0, "offline": 0, "unknown": 36_000_000});
    assert_eq!(
        value["agents"][0],
        json!({"person": "jane", "name": "Jane Smith", "team": null, "ids": {"dialer": "12345"},
               "activity": "available", "reason": null, "evidence": "observed", "by_log": false,
               "since": "2026-03-01T14:55:00Z", "seconds_in_activity": 300,
               "presences": [{"source": "dialer", "activity": "available", "reason": null,
                              "evidence": "observed", "raw": "READY",
                              "since": "2026-03-01T14:55:00Z", "as_of": "2026-03-01T14:59:59Z",
                              "kpi": null}],
               "campaign": "Sales Campaign", "queue": "Main Queue", "queues": ["Main Queue"],
               "skills": ["english", "sales"],
               "calls_today": 42,
               "kpi": {"since": "2026-03-01T05:00:00Z", "ms": unknown, "logged_in_ms": null,
                       "occupancy_pct": null, "utilization_pct": null, "adherence_pct": null,
                       "known_pct": 0.0, "adherence_known_pct": null},
               "adherence": {"scheduled": "available", "scheduled_reason": null, "adherent": true},
               "flags": [{"kind": "over_threshold", "severity": "warn", "since": "2026-03-01T14:56:00Z",
                          "text": "available for 5:00, limit 1:00"}]})
    );
    let positions: Vec<usize> =
        ["schema", "taken_at", "floor", "since", "sources", "totals", "queues", "agents", "alerts"]
            .iter()
            .map(|key| text.find(&format!("\n  \"{key}\":")).unwrap_or_else(|| panic!("{key}")))
            .collect();
    assert!(positions.is_sorted(), "{positions:?}");
    assert_eq!(value["alerts"], Value::Null);
}

#[test]
fn what_nobody_knows_is_null() {
    let value = serde_json::to_value(nobody()).unwrap();
    for key in
        ["reason", "since", "seconds_in_activity", "campaign", "queue", "calls_today", "adherence"]
    {
        assert_eq!(value[key], Value::Null, "{key}");
    }
    assert_eq!(value["activity"], "unknown");
    let silent = Queue { answered: Some(0), dropped: Some(0), counted_at: None, ..main_queue() };
    let mut feed = Feed::new(dialer(), SourceKind::Convoso, TimeDelta::seconds(3));
    assert_eq!(QueueLine::of(&silent, Some(&feed), now()).drop_rate_pct, None);
    let unread = Queue { answered: None, ..main_queue() };
    let line = QueueLine::of(&unread, Some(&feed), now());
    assert_eq!((line.drop_rate_pct, line.agents), (None, None), "nobody has said who sits there");
    feed.read_at = Some(now());
    let line = QueueLine::of(&unread, Some(&feed), now() + TimeDelta::seconds(60));
    assert_eq!((line.agents, line.stale), (Some(3), Some(3)), "nor whether they still do");
}

#[test]
fn a_stale_states_time_stops_at_its_last_reading() {
    let headline = headline(Activity::Away(Reason::Lunch), Evidence::Stale);
    let agent = agent(&person("jane", "Jane"), &headline, None, vec![]);
    assert_eq!((agent.evidence, agent.seconds_in_activity), ("stale", Some(200)));
    assert_eq!(agent.reason.as_deref(), Some("lunch"));
}

#[test]
fn a_scheduled_absence_has_its_reason() {
    let lunch = scheduled(Scheduled::Away(Reason::Lunch), None);
    let headline = headline(Activity::Available, Evidence::Observed);
    let agent = agent(&person("j", "J"), &headline, Some(&lunch), vec![]);
    assert_eq!(
        agent.adherence,
        Some(Adherence {
            scheduled: Some("away"),
            scheduled_reason: Some("lunch".into()),
            adherent: None
        })
    );
}

#[test]
fn what_a_live_source_lacks_is_in_the_json_in_the_words_of_the_screen() {
    let mut feed = Feed::new(dialer(), SourceKind::CxEngage, TimeDelta::seconds(3));
    (feed.read_at, feed.repaired) = (Some(now()), 2);
    let (from, until) = (now() - TimeDelta::minutes(20), now() - TimeDelta::minutes(11));
    feed.unread = vec![Unread { from, until, why: "HTTP 403 from the server".into() }];
    let reason = HoldReason::MassVanish { missing: 26, of: 30 };
    feed.hold = Some(Hold { reason, since: now(), until: now() + TimeDelta::seconds(60) });
    let line = serde_json::to_value(SourceLine::of(&feed, now())).unwrap();
    assert_eq!((&line["status"], &line["repaired"]), (&json!("live"), &json!(2)));
    let missed =
        "9 min of its log could not be read and are asked for again: HTTP 403 from the server";
    assert_eq!(line["missed"], missed);
    let held = "the last list is doubtful: it lost 26 of 30 agents at once; who is missing is held as stale";
    assert_eq!(line["held"], held);
    let later = SourceLine::of(&feed, now() + TimeDelta::seconds(60));
    assert_eq!(later.held, None);
}

#[test]
fn the_csv_tells_a_logs_word_from_an_absence() {
    let offline = headline(Activity::Offline, Evidence::Derived);
    let headline = Headline { by_log: true, ..offline };
    let agent = agent(&person("j", "J"), &headline, None, vec![]);
    let text = text(|out| write_csv(&snapshot(vec![agent]), out));
    assert!(text.lines().nth(1).unwrap().ends_with(",true"), "{text}");
}

#[test]
fn what_is_read_beside_a_source_fails_on_its_own() {
    let mut feed = Feed::new(dialer(), SourceKind::Convoso, TimeDelta::seconds(3));
    feed.as_of = Some(now() - TimeDelta::seconds(1));
    feed.read_at = feed.as_of;
    let mut log = SideFeed::new(Side::History, TimeDelta::seconds(60));
    log.failure = Some(Failure { kind: FailureKind::Transient, text: "HTTP 503".into() });
    log.incomplete = Some("the log is longer than can be read".into());
    log.next_at = Some(now() + TimeDelta::seconds(250));
    log.skipped = 7;
    log.repaired = 4;
    feed.sides = vec![log, SideFeed::new(Side::Alerts, TimeDelta::seconds(15))];
    let line = SourceLine::of(&feed, now());
    assert_eq!(
        (line.status, line.error.as_deref()),
        ("live", Some("agent-productivity: HTTP 503"))
    );
    assert_eq!(
        serde_json::to_value(&line.sides).unwrap(),
        json!([{"kind": "agent-productivity", "status": "failed", "as_of": null,
                "error": "HTTP 503", "next_at": "2026-03-01T15:04:10Z", "skipped": 7,
                "repaired": 4, "incomplete": "the log is longer than can be read"},
               {"kind": "alerts", "status": "waiting", "as_of": null, "error": null,
                "next_at": null, "skipped": 0, "repaired": 0, "incomplete": null}])
    );
    assert_eq!(line.trouble(), None, "its own numbers are whole");
    feed.failure = Some(Failure { kind: FailureKind::Denied, text: "wrong token".into() });
    let line = SourceLine::of(&feed, now());
    assert_eq!(line.error.as_deref(), Some("wrong token"));
    assert_eq!(line.trouble().as_deref(), Some("source `dialer` is denied: wrong token"));
}

#[test]
fn sources_that_are_not_live_are_troubles() {
    let troubles = snapshot(vec![]).troubles();
    assert_eq!(troubles.len(), 1);
    assert!(troubles[0].starts_with("source `wfm` failed: no answer within 10 s"), "{troubles:?}");
}

#[test]
fn the_csv_has_a_row_an_agent_and_empty_cells_for_what_is_not_known() {
    let text = text(|out| write_csv(&snapshot(vec![jane(), nobody()]), out));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "person,name,team,activity,reason,evidence,since,seconds_in_activity,campaign,queue,skills,calls_today,scheduled,adherent,occupancy_pct,utilization_pct,adherence_pct,flags,known_pct,adherence_known_pct,by_log",
            "jane,Jane Smith,,available,,observed,2026-03-01T14:55:00Z,300,Sales Campaign,Main Queue,english;sales,42,available,true,,,,over_threshold,0,,false",
            "bob,Bob,,unknown,,inferred,,,,,,,,,,,,,0,,false",
        ]
    );
}

#[test]
fn no_cell_of_the_csv_is_a_formula() {
    for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"] {
        let agent = Agent { name: name.into(), ..jane() };
        let text = text(|out| write_csv(&snapshot(vec![agent]), out));
        let mut reader = ::csv::Reader::from_reader(text.as_bytes());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!(&record[1], format!("'{name}"));
    }
}

#[test]
fn a_reader_that_went_away_is_told_from_other_errors() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let snapshot = snapshot(vec![jane()]);
    for written in [
        write_json(&snapshot, &mut Closed),
        write_csv(&snapshot, &mut Closed),
        write_table(&snapshot, &mut Closed),
    ] {
        assert_eq!(written.unwrap_err().kind(), std::io::ErrorKind::BrokenPipe);
    }
}

#[test]
fn an_empty_floor_is_a_table_of_nobody() {
    let totals = Totals::default();
    let empty = Snapshot { totals, queues: Vec::new(), ..snapshot(Vec::new()) };
    let table = text(|out| write_table(&empty, out));
    let people: Vec<_> = table.lines().filter(|line| line.contains("people")).collect();
    assert_eq!(people, ["0 people"]);
    assert_eq!(text(|out| write_csv(&empty, out)).lines().count(), 1, "its heading");
    let value = serde_json::to_value(&empty).unwrap();
    assert_eq!((&value["agents"], &value["totals"]["people"]), (&json!([]), &json!(0)));
}

#[test]
fn the_table_fits_80_columns_whatever_the_names() {
    let long = Agent {
        name: "電話".repeat(40),
        queue: Some("Q".repeat(99)),
        activity: "away",
        reason: Some("a very particular reason of this floor".into()),
        flags: vec![flag(), flag()],
        seconds_in_activity: Some(359_999),
        ..jane()
    };
    let text = text(|out| write_table(&snapshot(vec![jane(), nobody(), long]), out));
    for line in text.lines() {
        assert!(line.width() <= 80, "{} columns: {line}", line.width());
    }
    assert_eq!(
        text.lines().take(9).collect::<Vec<_>>(),
        [
            "Tampa  2026-03-01T15:00:00Z",
            "  dialer            convoso  live     as of 1 s ago",
            "  wfm               wfm      failed   no reading",
            "    no answer within 10 s from wfm.example.com (hint: can this machine reach it?",
            "    is the address right?)",
            "",
            "2 people: 1 available, 1 unknown",
            "",
            "QUEUE                  SOURCE       AGENTS AVAIL    CALLS     ANSW   DROP DROP %",
        ]
    );
    assert!(
        text.contains(
            "Jane Smith             available              5:00 observed Main Queue over_thr…"
        ),
        "{text}"
    );
    assert!(text.contains("99:59:59"), "{text}");
}

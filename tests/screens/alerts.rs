//! The alerts' page and its questions.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use floorwatch::action::Action;
use floorwatch::app::{App, Message, Names, Station};
use floorwatch::command::Progress;
use floorwatch::model::{
    Activity, AgentKey, AlertKey, Answer, Attempt, AttemptId, AttemptRecord, Body, Coverage, Deed,
    Duty, Feed, Floor, FloorIdentity, KnownAlert, Observation, OwnDeed, Reading, Roster,
    RosterPerson, Scheduled, Side, SourceKind, SourceName, Timetable,
};
use floorwatch::theme::Symbols;

use super::five::{alert, five, five_floor, five_silent, lists, side_fails, usual_alerts};
use super::floor::{app_on, at, usual_floor};
use super::{drawn, kept, looks_like, looks_like_at, press, styled_runs, text, type_in};
use floorwatch::model::AlertKind;

fn page() -> App {
    let mut app = five();
    press(&mut app, &[Action::Alerts]);
    app
}

fn on(floor: floorwatch::model::Floor) -> App {
    let mut app = app_on(floor, Station::Desk);
    press(&mut app, &[Action::Alerts]);
    app
}

#[test]
fn the_active_alerts_newest_first() {
    looks_like("alerts", &page());
    let wide = drawn(&page(), Symbols::Unicode, "mono", 0, (200, 60));
    kept("alerts_200x60", &text(&wide));
}

#[test]
fn marked_alerts_and_those_being_dealt_with() {
    let mut app = page();
    press(&mut app, &[Action::Mark, Action::Mark]);
    looks_like("alerts_marked", &app);
    press(&mut app, &[Action::Acknowledge]);
    press(&mut app, &[Action::Open]);
    looks_like("alerts_pending", &app);
    for theme in ["dark", "mono"] {
        let buffer = drawn(&app, Symbols::Unicode, theme, 0, (80, 24));
        kept(&format!("alerts_styles_{theme}"), &styled_runs(&buffer));
    }
}

#[test]
fn the_alerts_in_ascii_only() {
    let mut app = page();
    press(&mut app, &[Action::Mark]);
    kept("alerts_ascii_80x24", &text(&drawn(&app, Symbols::Ascii, "mono", 0, (80, 24))));
}

#[test]
fn a_list_that_is_cut_says_that_there_may_be_more() {
    let mut floor = five_silent();
    let many = (0..500)
        .map(|n| alert(&format!("a{n}"), "E1", AlertKind::LateStart, n, "Agent logged in late"));
    lists(&mut floor, many.collect(), true, -6);
    looks_like("alerts_cut", &on(floor));
}

#[test]
fn alerts_that_are_not_current_are_never_shown_as_if_they_were() {
    let mut floor = five_floor();
    side_fails(&mut floor, "wfm", Side::Alerts, 0, "HTTP 503 from wfm.example.com");
    looks_like("alerts_stale", &on(floor));
}

#[test]
fn no_alerts_are_told_from_none_known() {
    let mut floor = five_floor();
    lists(&mut floor, vec![], false, -2);
    looks_like("alerts_doubted", &on(floor.clone()));
    lists(&mut floor, usual_alerts().into_iter().take(1).collect(), false, -2);
    lists(&mut floor, vec![], false, -1);
    looks_like("alerts_none", &on(floor));
    let mut floor = five_silent();
    side_fails(&mut floor, "wfm", Side::Alerts, 0, "HTTP 503 from wfm.example.com");
    looks_like("alerts_unknown", &on(floor));
    let waiting = drawn(&on(five_silent()), Symbols::Unicode, "mono", 0, (80, 24));
    kept("alerts_waiting_80x24", &text(&waiting));
    let mut app = page();
    press(&mut app, &[Action::Filter]);
    kept("alerts_other_scope_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
}

#[test]
fn without_a_wfm_there_are_no_alerts_to_be_had() {
    // The usual floor has a WFM whose alerts are not read.
    let mut app = on(usual_floor());
    app.update(Message::Tick, at(0));
    kept("alerts_not_read_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
}

/// A floor without any WFM: a dialer, and a schedule file by which 18 people begin at 10:50.
pub fn late_floor() -> Floor {
    let names: Vec<_> = (0..18).map(|n| format!("Agent {}", char::from(b'A' + n))).collect();
    let people = names.iter().enumerate().map(|(n, name)| RosterPerson {
        id: format!("p{n}").into(),
        name: name.clone(),
        team: None,
        email: None,
        timezone: None,
        ids: [("dialer".into(), n.to_string().into())].into(),
    });
    let duty = |n: usize| Duty {
        person: format!("p{n}").into(),
        date: NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
        start: NaiveTime::from_hms_opt(10, 50, 0).unwrap(),
        end: NaiveTime::from_hms_opt(16, 30, 0).unwrap(),
        scheduled: Scheduled::Available,
    };
    let zone = chrono_tz::America::New_York;
    let identity =
        FloorIdentity { name: "Tampa".to_owned(), timezone: zone, day_starts: NaiveTime::MIN };
    let feed = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3));
    let mut floor = Floor::new(identity, Roster::new(people.collect()), vec![feed], vec![])
        .with_timetable(Some(Timetable::new(zone, (0..18).map(duty))));
    let offline = |n: usize| Observation {
        since: Some(at(-7_200)),
        ..Observation::of(n.to_string(), Activity::Offline, "LOGGED_OUT")
    };
    let body = Body::Agents {
        observations: (0..18).map(offline).collect(),
        coverage: Coverage::Whole { declared: None },
        summary: None,
        histories: vec![],
    };
    let (source, taken_at) = ("dialer".into(), at(-1));
    floor.apply(Reading { source, taken_at, as_of: taken_at, skipped: 0, body }, at(-1));
    floor
}

#[test]
fn late_starts_of_a_shift_are_one_line_that_opens() {
    let mut app = on(late_floor());
    looks_like("alerts_folded", &app);
    kept("alerts_folded_ascii_80x24", &text(&drawn(&app, Symbols::Ascii, "mono", 0, (80, 24))));
    press(&mut app, &[Action::Open, Action::Down, Action::Mark]);
    looks_like("alerts_unfolded", &app);
    press(&mut app, &[Action::Open]);
    kept("alert_own_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
    press(&mut app, &[Action::Back, Action::Filter]);
    kept("alerts_own_none_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
}

#[test]
fn one_alert_in_full() {
    let mut app = page();
    press(&mut app, &[Action::Down, Action::Open]);
    looks_like("alert", &app);
}

#[test]
fn the_question_about_one_alert() {
    let mut app = page();
    press(&mut app, &[Action::Down, Action::Resolve]);
    type_in(&mut app, "talked to her");
    looks_like("deal_one", &app);
}

#[test]
fn the_question_about_many_alerts_names_the_first() {
    let mut floor = five_silent();
    let more = (0..7).map(|n| {
        alert(&format!("b{n}"), "E3", AlertKind::LateStart, n, "Agent logged in 15 minutes late")
    });
    lists(&mut floor, usual_alerts().into_iter().chain(more).collect(), false, -6);
    let mut app = on(floor);
    press(&mut app, &[Action::Mark; 12]);
    press(&mut app, &[Action::Acknowledge]);
    looks_like("deal_many", &app);
    // Three missed readings later nobody knows how they stand.
    app.update(Message::Action(Action::Open), at(60));
    looks_like_at("deal_in_doubt", &app, 60);
}

#[test]
fn what_became_of_several_is_a_line() {
    let mut app = page();
    press(&mut app, &[Action::Mark; 5]);
    press(&mut app, &[Action::Acknowledge, Action::Open]);
    let tickets: Vec<_> = app.tracked().iter().map(|tracked| tracked.ticket).collect();
    app.update(Message::Progress(tickets[0], Progress::Journalled(AttemptId(1))), at(0));
    app.update(Message::Progress(tickets[0], Progress::Sent(at(0))), at(0));
    let refused = Answer::Refused("HTTP 403: insufficient permissions".to_owned());
    app.update(Message::Progress(tickets[0], Progress::Answered(refused)), at(0));
    looks_like("alerts_bundle", &app);
}

#[test]
fn a_wall_shows_alerts_with_the_names_it_may_show() {
    let floor = five_floor();
    let mut app = app_on(floor, Station::Kiosk);
    let setup = floorwatch::app::Setup { names: Names::Initials, ..app.setup().clone() };
    app = App::new(five_floor(), setup, None);
    app.update(Message::NothingRestored, at(0));
    app.update(Message::Tick, at(0));
    press(&mut app, &[Action::Alerts]);
    kept("alerts_kiosk_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
}

#[test]
fn what_another_program_did_to_an_alert_of_our_own_is_shown_with_who_did_it() {
    let mut app = five();
    let alert = alert("late_start:kim:0", "kim", AlertKind::LateStart, 5, "not there");
    let key = AlertKey { source: SourceName::own(), id: alert.id.clone() };
    let attempt = Attempt {
        deed: Deed::Acknowledge(alert.id.clone()),
        target: AgentKey::new(SourceName::own(), "kim".into()),
        name: "Kim".to_owned(),
        operator: "sue".to_owned(),
        host: "desk-9".to_owned(),
        reason: "called her".to_owned(),
        state_before: "late".to_owned(),
        asked_at: at(-50),
    };
    let record = AttemptRecord {
        id: AttemptId(7),
        attempt,
        sent_at: None,
        answer: None,
        verdict: Some("confirmed".to_owned()),
        detail: None,
        done_at: Some(at(-50)),
    };
    let alert = Some(KnownAlert { key, alert, as_of: at(-300), listed: true });
    app.update(Message::OwnDeeds(vec![OwnDeed { record, alert }]), at(0));
    press(&mut app, &[Action::Alerts, Action::Filter, Action::Open]);
    let shown = text(&drawn(&app, Symbols::Unicode, "mono", 0, (120, 40)));
    let by = shown.lines().find(|line| line.contains("done by")).unwrap();
    assert!(by.contains("sue at desk-9, 10:59:10: acknowledge (\"called her\")"), "{shown}");
}

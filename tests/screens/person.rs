//! One person in full.

use floorwatch::action::Action;
use floorwatch::app::{App, Message, Station};
use floorwatch::model::{AgentKey, Attempt, AttemptId, AttemptRecord, Deed, FailureKind, Side};
use floorwatch::theme::Symbols;

use super::five::{
    five, five_floor, log_is_cut, log_is_garbled, log_misses_ten_minutes, side_fails,
};
use super::floor::{app_on, at, fails};
use super::{drawn, kept, looks_like, press, select, styled_runs, text};

fn opened(name: &str) -> App {
    let mut app = five();
    select(&mut app, name);
    press(&mut app, &[Action::Open]);
    app
}

/// The whole page, on a screen that is high enough for it.
fn whole(name: &str, app: &App) {
    kept(name, &text(&drawn(app, Symbols::Unicode, "mono", 0, (100, 90))));
}

#[test]
fn a_day_per_source_over_the_schedule_and_what_everybody_says() {
    let app = opened("Jane Smith");
    looks_like("person", &app);
    whole("person_whole", &app);
    let wide = drawn(&app, Symbols::Unicode, "mono", 0, (200, 60));
    kept("person_200x60", &text(&wide));
}

#[test]
fn the_day_in_ascii_and_without_colours() {
    let app = opened("Jane Smith");
    kept("person_ascii_80x24", &text(&drawn(&app, Symbols::Ascii, "mono", 0, (80, 24))));
    for theme in ["dark", "mono"] {
        let buffer = drawn(&app, Symbols::Unicode, theme, 0, (80, 24));
        kept(&format!("person_styles_{theme}"), &styled_runs(&buffer));
    }
}

#[test]
fn a_vendors_figure_that_is_another_is_flagged_and_one_of_nothing_is_none() {
    whole("person_figures_differ", &opened("Luis García"));
    whole("person_figures_of_nothing", &opened("Maximiliane Featherstonehaugh-Cholmondeley"));
}

#[test]
fn who_has_no_past_has_a_short_page() {
    let app = opened("佐藤花子");
    looks_like("person_short", &app);
}

fn record(id: i64, deed: Deed, asked_at: i64, verdict: Option<&str>) -> AttemptRecord {
    let attempt = Attempt {
        deed,
        target: AgentKey::new("dialer".into(), "101".into()),
        name: "Jane Smith".to_owned(),
        operator: "kim".to_owned(),
        host: "desk-2".to_owned(),
        reason: "left early".to_owned(),
        state_before: String::new(),
        asked_at: at(asked_at),
    };
    AttemptRecord {
        id: AttemptId(id),
        attempt,
        sent_at: Some(at(asked_at)),
        answer: None,
        verdict: verdict.map(str::to_owned),
        detail: None,
        done_at: verdict.map(|_| at(asked_at + 12)),
    }
}

#[test]
fn what_was_done_before_and_from_where_they_work_is_shown_when_asked_for() {
    let mut app = opened("Jane Smith");
    let actions =
        vec![record(7, Deed::LogOut, -3600, None), record(6, Deed::LogOut, -90_000, Some("gone"))];
    app.update(Message::Actions("jane".into(), actions), at(0));
    press(&mut app, &[Action::Connection]);
    whole("person_connection_whole", &app);
}

#[test]
fn what_is_read_beside_a_source_is_named_while_the_source_is_live() {
    let mut floor = five_floor();
    side_fails(&mut floor, "dialer", Side::History, 0, "HTTP 503 from api.convoso.com");
    side_fails(&mut floor, "wfm", Side::Alerts, 0, "no answer within 10 s from wfm.example.com");
    looks_like("sides_down", &app_on(floor, Station::Desk));
    let mut floor = five_floor();
    log_is_cut(&mut floor);
    fails(&mut floor, "wfm", 0, FailureKind::Denied, "the session has expired");
    looks_like("log_cut", &app_on(floor, Station::Desk));
}

#[test]
fn what_of_a_log_could_not_be_read_is_named_with_the_cause_on_every_page_that_shows_it() {
    let mut floor = five_floor();
    log_misses_ten_minutes(&mut floor);
    let mut app = app_on(floor, Station::Desk);
    let shows = |app: &App| {
        let shown = text(&drawn(app, Symbols::Unicode, "mono", 0, (200, 90)));
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(shows(&app).contains("log cut"), "{}", shows(&app));
    select(&mut app, "Jane Smith");
    press(&mut app, &[Action::Open]);
    let page = shows(&app);
    assert!(
        page.contains("could not be read: HTTP 404 from the server. It is asked for again."),
        "{page}"
    );
    press(&mut app, &[Action::Back, Action::Explain]);
    let why = shows(&app);
    assert!(why.contains("10 min of its log could not be read"), "{why}");
}

#[test]
fn what_of_a_log_cannot_be_understood_is_counted() {
    let mut floor = five_floor();
    log_is_garbled(&mut floor, 7);
    looks_like("log_garbled", &app_on(floor, Station::Desk));
}

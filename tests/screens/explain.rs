//! Why something is shown as it is, the figures of the day on the pages, and the list of the lost.

use floorwatch::action::Action;
use floorwatch::app::{App, Message, Station};
use floorwatch::model::{CampaignDay, FailureKind};
use floorwatch::theme::Symbols;

use super::alerts::late_floor;
use super::five::{five, five_floor};
use super::floor::{app_on, at, fails, is_off, silent_floor, usual_floor};
use super::{drawn, kept, looks_like, press, select, styled_runs, text, type_in, usual};

/// All of an explanation, on a screen that is high enough for it.
fn whole(name: &str, app: &App) {
    kept(name, &text(&drawn(app, Symbols::Unicode, "mono", 0, (120, 200))));
}

fn explained(mut app: App, name: &str) -> App {
    select(&mut app, name);
    press(&mut app, &[Action::Explain]);
    app
}

#[test]
fn a_person_whose_systems_differ() {
    let app = explained(five(), "Jane Smith");
    looks_like("explain_person", &app);
    whole("explain_person_whole", &app);
    kept("explain_person_200x60", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (200, 60))));
}

#[test]
fn a_person_with_flags_of_every_urgency() {
    whole("explain_forgotten_whole", &explained(usual(), "Eve Stone"));
    whole("explain_away_whole", &explained(usual(), "Bea Novak"));
    whole("explain_unknown_whole", &explained(usual(), "Tom Becker"));
}

#[test]
fn an_explanation_in_ascii_and_without_colours() {
    let app = explained(five(), "Jane Smith");
    let shown = text(&drawn(&app, Symbols::Ascii, "mono", 0, (80, 24)));
    assert!(shown.lines().skip(12).all(str::is_ascii), "{shown}");
    kept("explain_person_ascii_80x24", &shown);
    for theme in ["dark", "mono"] {
        let buffer = drawn(&app, Symbols::Unicode, theme, 0, (80, 24));
        kept(&format!("explain_styles_{theme}"), &styled_runs(&buffer));
    }
}

#[test]
fn a_read_only_program_explains_too() {
    let app = explained(app_on(usual_floor(), Station::ReadOnly), "Luis Garc\u{ed}a");
    kept("explain_read_only_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
}

#[test]
fn a_queue_by_its_three_denominators_and_the_campaigns_windows() {
    let mut app = usual();
    let day = |text: &str, answered, dropped| CampaignDay {
        source: "dialer".into(),
        campaign_id: "111".to_owned(),
        day: text.parse().unwrap(),
        answered,
        dropped,
        calls: Some(answered + dropped + 31),
    };
    let days =
        vec![day("2026-01-20", 410, 9), day("2026-01-21", 388, 14), day("2026-02-25", 402, 11)];
    app.update(Message::CampaignDays(days), at(0));
    press(&mut app, &[Action::Queues, Action::Down, Action::Explain]);
    looks_like("explain_queue", &app);
    whole("explain_queue_whole", &app);
}

#[test]
fn an_alert_of_a_wfm_says_no_more_than_its_sentence() {
    let mut app = five();
    press(&mut app, &[Action::Alerts, Action::Down, Action::Down, Action::Open, Action::Explain]);
    looks_like("explain_alert", &app);
}

#[test]
fn an_alert_of_our_own_has_its_rule_and_how_the_person_stands_to_it_now() {
    let mut app = five();
    press(&mut app, &[Action::Alerts, Action::Down, Action::Explain]);
    looks_like("explain_own_alert", &app);
}

#[test]
fn the_lost_longest_first_with_how_and_since_when() {
    // Dan left the dialer's list without a logout, and Eve has been paused for seven hours.
    let mut app = usual();
    press(&mut app, &[Action::Lost]);
    looks_like("lost", &app);
    kept("lost_200x60", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (200, 60))));
    kept("lost_ascii_80x24", &text(&drawn(&app, Symbols::Ascii, "mono", 0, (80, 24))));
    press(&mut app, &[Action::Search]);
    type_in(&mut app, "dan");
    kept("lost_searched_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
}

#[test]
fn a_team_has_its_figures_above_its_people() {
    let mut app = app_on(five_floor(), Station::Desk);
    press(&mut app, &[Action::Filter]);
    type_in(&mut app, "team: east");
    press(&mut app, &[Action::Open]);
    looks_like("team", &app);
}

#[test]
fn the_floors_figures_by_who_counts_the_times_the_heads_and_the_flags() {
    let mut app = usual();
    press(&mut app, &[Action::ExplainFloor]);
    looks_like("explain_floor", &app);
    whole("explain_floor_whole", &app);
    kept("explain_floor_200x60", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (200, 60))));
    let mut app = five();
    press(&mut app, &[Action::Adherence, Action::ExplainFloor]);
    whole("explain_floor_five_whole", &app);
}

#[test]
fn the_floors_figures_in_ascii_and_without_the_right_to_command() {
    let mut app = app_on(usual_floor(), Station::ReadOnly);
    press(&mut app, &[Action::ExplainFloor]);
    let shown = text(&drawn(&app, Symbols::Ascii, "mono", 0, (80, 24)));
    assert!(shown.lines().skip(2).all(str::is_ascii), "{shown}");
    kept("explain_floor_ascii_80x24", &shown);
}

#[test]
fn a_teams_figures_are_those_of_its_line() {
    let mut app = app_on(five_floor(), Station::Desk);
    press(&mut app, &[Action::Filter]);
    type_in(&mut app, "team: east");
    press(&mut app, &[Action::Open, Action::ExplainFloor]);
    looks_like("explain_team", &app);
    whole("explain_team_whole", &app);
}

#[test]
fn figures_whose_sources_are_silent_say_so() {
    let mut floor = five_floor();
    fails(&mut floor, "dialer", 0, FailureKind::Transient, "connection refused");
    fails(&mut floor, "wfm", 0, FailureKind::Denied, "the session has expired");
    let mut app = app_on(floor, Station::Desk);
    press(&mut app, &[Action::ExplainFloor]);
    looks_like("explain_floor_down", &app);
    whole("explain_floor_down_whole", &app);
    let mut app = app_on(silent_floor(), Station::Desk);
    press(&mut app, &[Action::Explain]);
    whole("explain_floor_silent_whole", &app);
}

#[test]
fn alerts_in_one_line_say_why_they_are_one() {
    let mut app = app_on(late_floor(), Station::Desk);
    press(&mut app, &[Action::Alerts, Action::Explain]);
    looks_like("explain_fold", &app);
    whole("explain_fold_whole", &app);
}

#[test]
fn who_is_scheduled_off_is_listed_and_no_part_of_the_head_count() {
    let mut floor = usual_floor();
    is_off(&mut floor, "E3");
    let mut app = app_on(floor, Station::Desk);
    press(&mut app, &[Action::Adherence]);
    looks_like("adherence_off", &app);
    press(&mut app, &[Action::Explain, Action::ExplainFloor]);
    kept("explain_over_80x24", &text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))));
}

//! The alerts' page.

use super::*;
use crate::model::{
    Alert, AlertId, AlertKey, AlertKind, AlertStatus, Failure, FailureKind, LookUp,
};

pub(super) fn alert(id: &str, agent: &str, status: AlertStatus, created: i64) -> Alert {
    Alert {
        id: id.into(),
        agent: agent.into(),
        name: Some(format!("Emp {agent}")),
        kind: AlertKind::LateStart,
        message: "Agent logged in 15 minutes late".to_owned(),
        status,
        created_at: Some(at(created)),
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    }
}

pub(super) fn key(id: &str) -> AlertKey {
    AlertKey { source: "wfm".into(), id: id.into() }
}

/// The alerts with these ids, all active; the higher the number, the newer. They are so far apart that
/// none folds with another.
pub(super) fn active(ids: &[&str]) -> Vec<Alert> {
    let created = |id: &str| id.parse::<i64>().unwrap() * 400 - 2_170;
    ids.iter().map(|id| alert(id, &format!("e{id}"), AlertStatus::Active, created(id))).collect()
}

pub(super) fn wfm_lists(app: &mut App, as_of: i64, alerts: Vec<Alert>) -> Vec<Effect> {
    wfm_lists_as(app, as_of, AlertStatus::Active, alerts)
}

pub(super) fn wfm_lists_as(
    app: &mut App,
    as_of: i64,
    status: AlertStatus,
    alerts: Vec<Alert>,
) -> Vec<Effect> {
    read(app, "wfm", as_of, Body::Alerts { status, alerts, cut: false })
}

/// The alerts' page with the alerts 1 to 3.
pub(super) fn on_page(station: Station) -> App {
    let mut app = app_at(station);
    wfm_lists(&mut app, 0, active(&["1", "2", "3"]));
    keys(&mut app, 0, &[Action::Alerts]);
    app
}

pub(super) fn listed(app: &App) -> Vec<&str> {
    app.alert_rows().iter().map(|row| row.key.id.as_str()).collect()
}

fn selected(app: &App) -> &str {
    listed(app)[app.selected_alert_row().unwrap()]
}

#[test]
fn the_newest_stands_first_and_reversing_puts_the_oldest_there() {
    let mut app = on_page(Station::Desk);
    let mut untimed = active(&["1", "2", "3", "4"]);
    untimed[3].created_at = None;
    wfm_lists(&mut app, 1, untimed);
    assert_eq!(listed(&app), ["3", "2", "1", "4"]);
    keys(&mut app, 1, &[Action::Reverse]);
    assert_eq!((listed(&app), selected(&app)), (vec!["1", "2", "3", "4"], "1"));
}

#[test]
fn marks_follow_the_alert_and_go_with_it() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Mark, Action::Mark]);
    assert_eq!((app.marked_alerts(), selected(&app)), (2, "1"));
    let marked: Vec<_> = app.alert_rows().iter().map(|row| row.is_marked).collect();
    assert_eq!(marked, [true, true, false]);
    wfm_lists(&mut app, 2, active(&["1", "3"]));
    assert_eq!((app.marked_alerts(), listed(&app)), (1, vec!["3", "1"]));
    keys(&mut app, 2, &[Action::Top, Action::Mark]);
    assert_eq!(app.marked_alerts(), 0, "marking again takes the mark away");
    keys(&mut app, 2, &[Action::Mark, Action::Back]);
    assert_eq!(app.marked_alerts(), 0, "and so does Esc");
}

#[test]
fn a_search_hides_alerts_but_does_not_unmark_them() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Mark, Action::Search]);
    types(&mut app, 1, "emp e1");
    assert_eq!((app.page(), listed(&app)), (Page::Alerts, vec!["1"]));
    keys(&mut app, 1, &[Action::Open]);
    assert_eq!(app.marked_alerts(), 1);
    keys(&mut app, 1, &[Action::Back]);
    assert_eq!((listed(&app).len(), app.marked_alerts()), (3, 1), "first the search is cleared");
}

#[test]
fn who_stood_below_takes_the_place_of_an_alert_that_leaves() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Down]);
    assert_eq!(selected(&app), "2");
    wfm_lists(&mut app, 2, active(&["1", "2", "3", "4"]));
    assert_eq!(selected(&app), "2", "a new one moves it down");
    wfm_lists(&mut app, 3, active(&["1", "3", "4"]));
    assert_eq!(selected(&app), "1");
    wfm_lists(&mut app, 4, active(&["1"]));
    wfm_lists(&mut app, 5, Vec::new());
    assert_eq!(app.selected_alert_row(), None);
}

#[test]
fn the_other_scopes_are_looked_up_when_they_are_wanted() {
    let mut app = on_page(Station::Desk);
    let effects = keys(&mut app, 1, &[Action::Filter]);
    let [Effect::LookUp(source, LookUp::Alerts(status))] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!((source.as_str(), status), ("wfm", &AlertStatus::Acknowledged));
    assert_eq!(app.alert_scope(), AlertScope::Acknowledged);
    assert_eq!((listed(&app).len(), app.alerts_read_at()), (0, None), "not known yet");
    let seen = vec![alert("9", "e9", AlertStatus::Acknowledged, -500)];
    wfm_lists_as(&mut app, 2, AlertStatus::Acknowledged, seen);
    assert_eq!((listed(&app), app.alerts_read_at()), (vec!["9"], Some(at(2))));
    let again = keys(&mut app, 3, &[Action::ReadNow]);
    assert!(matches!(&again[..], [Effect::ReadNow, Effect::LookUp(..)]), "{again:?}");
    assert_eq!(keys(&mut app, 3, &[Action::Filter]).len(), 1);
    assert!(keys(&mut app, 3, &[Action::Filter]).is_empty(), "the active ones are read anyway");
    assert_eq!(listed(&app), ["3", "2", "1"]);
}

#[test]
fn a_scope_that_cannot_be_read_says_why() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Filter]);
    let failure = Failure { kind: FailureKind::Transient, text: "no answer".to_owned() };
    let what = LookUp::Alerts(AlertStatus::Acknowledged);
    heard(&mut app, "wfm", 2, Outcome::LookUpFailed { what, failure });
    assert_eq!(notice(&app), "acknowledged alerts could not be read at wfm: no answer");
}

#[test]
fn active_alerts_are_counted_once_a_list_has_come() {
    let mut app = app_at(Station::Desk);
    assert_eq!(app.active_alerts(), None, "nobody knows");
    let (status, alerts) = (AlertStatus::Active, active(&["1", "2"]));
    read(&mut app, "wfm", 0, Body::Alerts { status, alerts, cut: true });
    assert_eq!(app.active_alerts(), Some((2, true)));
    wfm_lists(&mut app, 1, Vec::new());
    assert_eq!(app.active_alerts(), Some((2, false)), "held");
    wfm_lists(&mut app, 61, Vec::new());
    assert_eq!(app.active_alerts(), Some((0, false)));
}

#[test]
fn enter_opens_an_alert_and_has_it_looked_up() {
    let mut app = on_page(Station::Desk);
    let effects = keys(&mut app, 1, &[Action::Down, Action::Open]);
    let [Effect::LookUp(_, LookUp::Alert(id))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(id, &AlertId::from("2"));
    assert!(matches!(app.prompt(), Some(Prompt::Alert { key: open, .. }) if *open == key("2")));
    let failure = Failure { kind: FailureKind::Rejected, text: "HTTP 404".to_owned() };
    let what = LookUp::Alert("2".into());
    heard(&mut app, "wfm", 2, Outcome::LookUpFailed { what, failure });
    assert_eq!(notice(&app), "this alert could not be read at wfm: HTTP 404");
    keys(&mut app, 2, &[Action::Resolve]);
    assert!(matches!(app.prompt(), Some(Prompt::Deal(_))), "it is dealt with from there too");
}

#[test]
fn marks_and_dealing_say_where_they_belong() {
    let mut app = app();
    keys(&mut app, 1, &[Action::Mark]);
    assert!(notice(&app).contains("only alerts can be marked"));
    keys(&mut app, 1, &[Action::Acknowledge]);
    assert!(notice(&app).contains("on their page"));
}

#[test]
fn a_wall_shows_the_alerts_only_where_a_wfm_raises_any() {
    let pages = |mut app: App| -> Vec<Page> {
        let turn = |now| {
            app.update(Message::Tick, at(now));
            app.page()
        };
        [0, 15, 30, 45, 60].map(turn).to_vec()
    };
    let with_wfm = pages(app_at(Station::Kiosk));
    let all = [Page::Agents, Page::Queues, Page::Adherence, Page::Alerts, Page::Agents];
    assert_eq!(with_wfm, all);
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let feed = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3));
    let floor = Floor::new(identity, Roster::default(), vec![feed], Vec::new());
    let without = pages(App::new(floor, setup(Station::Kiosk), None));
    assert_eq!(without[3], Page::Agents);
}

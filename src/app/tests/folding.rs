//! Alerts of one cause in one line.

use super::alerts::{alert, key, listed, wfm_lists};
use super::*;
use crate::model::{Alert, AlertKey, AlertKind, AlertStatus};

/// Late starts with these ids, half a minute apart; the higher the number, the newer.
fn together(ids: &[&str]) -> Vec<Alert> {
    let created = |id: &str| id.parse::<i64>().unwrap() * 30 - 600;
    let late = |id: &&str| alert(id, &format!("e{id}"), AlertStatus::Active, created(id));
    ids.iter().map(late).collect()
}

/// An early leave, later than all of those.
fn alone(id: &str) -> Alert {
    Alert { kind: AlertKind::EarlyLeave, ..alert(id, &format!("e{id}"), AlertStatus::Active, -60) }
}

/// The page with the early leave 9 and the late starts 1 to 3 beneath it, folded.
fn page() -> App {
    let mut app = app_at(Station::Desk);
    let alerts = together(&["1", "2", "3"]).into_iter().chain([alone("9")]);
    wfm_lists(&mut app, 0, alerts.collect());
    keys(&mut app, 0, &[Action::Alerts]);
    app
}

/// The rows: an id, or how many are folded and whether they are listed beneath.
fn rows(app: &App) -> Vec<String> {
    let row = |row: &AlertRow| match &row.place {
        Place::Alone => row.key.id.to_string(),
        Place::Within => format!(" {}", row.key.id),
        Place::Fold { members, is_open, .. } => {
            format!("{}{}", members.len(), if *is_open { " open" } else { "" })
        }
    };
    app.alert_rows().iter().map(row).collect()
}

fn selected(app: &App) -> String {
    rows(app)[app.selected_alert_row().unwrap()].clone()
}

fn ids(keys: &[AlertKey]) -> Vec<&str> {
    keys.iter().map(|key| key.id.as_str()).collect()
}

#[test]
fn alerts_of_one_cause_are_one_row_that_enter_opens_and_closes() {
    let mut app = page();
    assert_eq!(rows(&app), ["9", "3"]);
    assert_eq!((app.listed_alerts(), app.active_alerts()), ((4, 0), Some((4, false))));
    let effects = keys(&mut app, 1, &[Action::Down, Action::Open]);
    assert!(effects.is_empty() && app.prompt().is_none());
    assert_eq!(
        (rows(&app), selected(&app)),
        (["9", "3 open", " 3", " 2", " 1"].map(String::from).into(), "3 open".to_owned())
    );
    assert_eq!(app.listed_alerts(), (4, 0), "none is counted twice");
    keys(&mut app, 1, &[Action::Down, Action::Down, Action::Open]);
    assert!(matches!(app.prompt(), Some(Prompt::Alert { key: open, .. }) if *open == key("2")));
    keys(&mut app, 1, &[Action::Back, Action::Up, Action::Up, Action::Open]);
    assert_eq!(rows(&app), ["9", "3"]);
}

#[test]
fn what_joins_an_open_fold_is_listed_and_what_leaves_a_fold_does_not_close_it() {
    let mut app = page();
    keys(&mut app, 1, &[Action::Down, Action::Open]);
    wfm_lists(&mut app, 2, together(&["1", "2", "3", "4"]));
    assert_eq!(rows(&app), ["4 open", " 4", " 3", " 2", " 1"]);
    // The first of them leaves, then the newest.
    wfm_lists(&mut app, 3, together(&["2", "3", "4"]));
    wfm_lists(&mut app, 4, together(&["2", "3"]));
    assert_eq!(rows(&app), ["2 open", " 3", " 2"]);
    wfm_lists(&mut app, 5, together(&["2"]));
    assert_eq!((rows(&app), selected(&app)), (vec!["2".to_owned()], "2".to_owned()));
}

#[test]
fn the_selection_stays_with_its_fold_and_with_an_alert_that_is_folded() {
    let mut app = page();
    keys(&mut app, 1, &[Action::Down]);
    wfm_lists(&mut app, 2, together(&["1", "2", "5"]).into_iter().chain([alone("9")]).collect());
    assert_eq!(selected(&app), "3", "the one that headed it is gone");
    wfm_lists(&mut app, 3, together(&["1"]).into_iter().chain([alone("9")]).collect());
    assert_eq!(selected(&app), "1");
    wfm_lists(&mut app, 4, together(&["1", "2"]).into_iter().chain([alone("9")]).collect());
    assert_eq!(
        (rows(&app), selected(&app)),
        (vec!["9".to_owned(), "2".to_owned()], "2".to_owned())
    );
}

#[test]
fn space_marks_all_of_a_fold_and_takes_the_marks_away_again() {
    let mut app = page();
    keys(&mut app, 1, &[Action::Down, Action::Mark]);
    assert_eq!((app.marked_alerts(), app.alert_rows()[1].is_marked), (3, true));
    keys(&mut app, 1, &[Action::Bottom, Action::Mark]);
    assert_eq!(app.marked_alerts(), 0);
    // One of them alone: the fold says that some are, and marking it marks the others too.
    keys(&mut app, 1, &[Action::Open, Action::Down, Action::Mark]);
    let fold = |app: &App| match &app.alert_rows()[1].place {
        Place::Fold { marked, .. } => *marked,
        place => panic!("{place:?}"),
    };
    assert_eq!((fold(&app), app.alert_rows()[1].is_marked), (1, false));
    keys(&mut app, 1, &[Action::Top, Action::Down, Action::Mark]);
    assert_eq!((fold(&app), app.marked_alerts()), (3, 3));
    wfm_lists(&mut app, 2, together(&["1", "3"]));
    assert_eq!(app.marked_alerts(), 2, "marks go with their alerts");
    wfm_lists(&mut app, 3, together(&["1", "3", "4"]));
    assert_eq!((app.marked_alerts(), app.alert_rows()[0].is_marked), (2, false));
}

#[test]
fn a_key_acts_on_all_of_a_fold() {
    let mut app = page();
    keys(&mut app, 1, &[Action::Down, Action::Acknowledge]);
    let Some(Prompt::Deal(prompt)) = app.prompt() else { panic!("{:?}", app.prompt()) };
    let keys_asked: Vec<_> = prompt.targets.iter().map(|target| target.key.clone()).collect();
    assert_eq!(ids(&keys_asked), ["3", "2", "1"]);
    keys(&mut app, 1, &[Action::Open]);
    assert_eq!(app.alert_rows()[1].pending, Some(Deed::Acknowledge("3".into())));
    assert_eq!(app.listed_alerts(), (4, 3));
    assert_eq!(app.dealing_with(&key("2")), Some(&Deed::Acknowledge("2".into())));
}

#[test]
fn a_search_folds_what_it_finds_and_what_was_open_stays_open() {
    let mut app = page();
    keys(&mut app, 1, &[Action::Down, Action::Open, Action::Search]);
    types(&mut app, 1, "emp e2");
    assert_eq!(rows(&app), ["2"]);
    keys(&mut app, 1, &[Action::Open, Action::Back]);
    assert_eq!(rows(&app), ["9", "3 open", " 3", " 2", " 1"]);
    assert_eq!(listed(&app).len(), 5);
}

#[test]
fn in_reverse_the_oldest_of_a_fold_decides_where_it_stands() {
    let mut app = page();
    keys(&mut app, 1, &[Action::Reverse, Action::Open]);
    assert_eq!(rows(&app), ["3 open", " 1", " 2", " 3", "9"]);
}

#[test]
fn alerts_in_one_row_are_explained_together_and_one_of_the_open_row_by_itself() {
    let mut app = page();
    let explained = |app: &App| match app.prompt() {
        Some(Prompt::Explain { subject, .. }) => subject.clone(),
        other => panic!("{other:?}"),
    };
    keys(&mut app, 1, &[Action::Down, Action::Explain]);
    assert_eq!(explained(&app), Subject::Fold(vec![key("3"), key("2"), key("1")]));
    keys(&mut app, 1, &[Action::Back, Action::Open, Action::Down, Action::Explain]);
    assert_eq!(explained(&app), Subject::Alert(key("3")));
}

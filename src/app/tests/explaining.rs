//! Why something is shown as it is, and the list of the lost.

use super::alerts::{active, wfm_lists};
use super::*;

fn subject(app: &App) -> Option<&Subject> {
    match app.prompt() {
        Some(Prompt::Explain { subject, .. }) => Some(subject),
        _ => None,
    }
}

fn names(app: &App) -> Vec<&str> {
    let people = app.live_floor().people();
    app.rows().iter().map(|row| people[row.person].name.as_str()).collect()
}

/// Bob and Carol leave the dialer's list without a logout.
fn two_vanish(app: &mut App) {
    for now in [3, 6, 9] {
        let mut rest = usual();
        rest.retain(|said| {
            !matches!(said.agent.as_str(), "2" | "4") || now == 3 && said.agent.as_str() == "4"
        });
        dialer_says(app, now, rest);
    }
}

#[test]
fn the_selected_row_of_every_page_is_explained_and_esc_returns_to_the_page() {
    for station in [Station::Desk, Station::ReadOnly] {
        let mut app = app_at(station);
        let mut seated = usual();
        seated[0].work.queue_id = Some("222".to_owned());
        seated[0].work.campaign_id = Some("111".to_owned());
        dialer_says(&mut app, 0, seated);
        wfm_lists(&mut app, 0, active(&["1"]));
        for (page, expected) in [
            (Action::Agents, "Person"),
            (Action::Adherence, "Floor"),
            (Action::Queues, "Queue"),
            (Action::Alerts, "Alert"),
            (Action::Log, "Floor"),
        ] {
            keys(&mut app, 1, &[page, Action::Explain]);
            let found = subject(&app).map_or(String::new(), |subject| format!("{subject:?}"));
            assert!(found.starts_with(expected), "{page:?}: {found}");
            keys(&mut app, 1, &[Action::Back]);
            assert!(app.prompt().is_none());
        }
    }
}

#[test]
fn the_floors_figures_are_explained_from_everywhere_and_a_teams_where_its_line_stands() {
    let mut app = app();
    wfm_lists(&mut app, 0, active(&["1"]));
    let of_floor = Subject::Floor(None);
    for open in [None, Some(Action::Open), Some(Action::Explain)] {
        for page in [Action::Agents, Action::Alerts] {
            keys(&mut app, 1, &[page]);
            keys(&mut app, 1, open.as_slice());
            keys(&mut app, 1, &[Action::ExplainFloor]);
            assert_eq!(subject(&app), Some(&of_floor), "{page:?} {open:?}");
            keys(&mut app, 1, &[Action::Down, Action::ExplainFloor]);
            assert_ne!(subject(&app), Some(&of_floor), "{page:?} {open:?}: closed again");
            assert_eq!(app.prompt().is_some(), open.is_some(), "{page:?} {open:?}");
            keys(&mut app, 1, &[Action::Back]);
        }
    }
    keys(&mut app, 1, &[Action::Agents, Action::Filter]);
    types(&mut app, 1, "team:");
    keys(&mut app, 1, &[Action::Open, Action::ExplainFloor]);
    let team = app.filter().team.clone();
    assert!(team.is_some());
    assert_eq!(subject(&app), Some(&Subject::Floor(team.clone())));
    let people = |muster: &Muster| muster.totals.people.all();
    let (of_team, all) = (app.muster(team.as_deref()).map(people), app.muster(None).map(people));
    assert!(of_team > Some(0) && of_team < all, "{of_team:?} of {all:?}");
    assert_eq!(app.muster(Some("nobody's")), None);
    keys(&mut app, 1, &[Action::Back, Action::Adherence, Action::ExplainFloor]);
    assert_eq!(subject(&app), Some(&of_floor), "there the whole floor is counted");
}

#[test]
fn over_a_person_or_an_alert_the_explanation_goes_away_again() {
    let mut app = app();
    wfm_lists(&mut app, 0, active(&["1"]));
    for closing in [Action::Back, Action::Explain] {
        keys(&mut app, 1, &[Action::Agents, Action::Open, Action::Explain]);
        assert!(matches!(subject(&app), Some(Subject::Person(_))));
        keys(&mut app, 1, &[Action::Down, closing]);
        assert!(matches!(app.prompt(), Some(Prompt::Details { .. })), "{closing:?}");
        keys(&mut app, 1, &[Action::Back, Action::Alerts, Action::Open, Action::Explain]);
        assert!(matches!(subject(&app), Some(Subject::Alert(_))));
        keys(&mut app, 1, &[Action::Help, Action::Back, closing]);
        assert!(matches!(app.prompt(), Some(Prompt::Alert { .. })), "{closing:?}");
        keys(&mut app, 1, &[Action::Back]);
    }
}

#[test]
fn an_explanation_is_scrolled_as_far_as_there_is_more_of_it() {
    let mut app = app();
    app.update(Message::Room { rows: 10, scroll: 5 }, at(1));
    keys(&mut app, 1, &[Action::Explain, Action::PageDown]);
    assert!(matches!(app.prompt(), Some(Prompt::Explain { scroll: 5, .. })));
}

#[test]
fn the_lost_are_counted_whatever_is_listed_and_a_key_lists_exactly_them_longest_first() {
    let mut app = app();
    two_vanish(&mut app);
    assert_eq!(app.lost(), 2);
    keys(&mut app, 9, &[Action::Queues, Action::Lost]);
    assert_eq!(app.page(), Page::Agents);
    assert_eq!(names(&app), ["Bob Brown", "Carol Clark"]);
    keys(&mut app, 9, &[Action::Sort]);
    assert_eq!(notice(&app), "the lost stand longest first: reverse it instead");
    keys(&mut app, 9, &[Action::Reverse]);
    assert_eq!(names(&app), ["Carol Clark", "Bob Brown"]);
    keys(&mut app, 9, &[Action::Search]);
    types(&mut app, 9, "bob");
    assert_eq!(names(&app), ["Bob Brown"]);
    assert_eq!(app.lost(), 2, "whatever is searched for");
    keys(&mut app, 9, &[Action::Open, Action::Back, Action::Lost]);
    assert_eq!(app.rows().len(), 5, "everybody again");
}

#[test]
fn the_lost_are_still_listed_when_their_flag_is_no_news_any_more() {
    let mut app = app();
    two_vanish(&mut app);
    let rest = vec![
        says("1", "Jane Smith", Activity::Available, 7_190),
        says("3", "Eve Evans", Activity::Available, 7_190),
    ];
    dialer_says(&mut app, 7_200, rest);
    assert_eq!(app.lost(), 2);
    keys(&mut app, 7_200, &[Action::Lost]);
    let flagged = app.rows().iter().filter(|row| !row.findings.is_empty()).count();
    assert_eq!(flagged, 0);
}

#[test]
fn the_times_of_a_held_picture_are_held_with_it() {
    let mut app = app();
    keys(&mut app, 1, &[Action::Freeze]);
    let held = app.shown_ledger().person(app.live_floor(), &"dialer:2".into(), at(1));
    dialer_says(&mut app, 60, usual());
    let still = app.shown_ledger().person(app.live_floor(), &"dialer:2".into(), at(1));
    assert_eq!(held, still);
}

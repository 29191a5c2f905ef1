//! One person in full.

use super::alerts::{active, wfm_lists};
use super::*;
use crate::model::{AgentKey, AlertStatus, Attempt, AttemptRecord, PersonId};

fn record(id: i64) -> AttemptRecord {
    AttemptRecord {
        id: AttemptId(id),
        attempt: Attempt {
            deed: Deed::LogOut,
            target: AgentKey::new("dialer".into(), "1".into()),
            name: "Jane Smith".to_owned(),
            operator: "sue".to_owned(),
            host: "desk-1".to_owned(),
            reason: String::new(),
            state_before: String::new(),
            asked_at: at(-900),
        },
        sent_at: None,
        answer: None,
        verdict: None,
        detail: None,
        done_at: None,
    }
}

fn opened(app: &mut App, name: &str) -> Vec<Effect> {
    select(app, name);
    keys(app, 1, &[Action::Open])
}

fn shown(app: &App) -> (bool, Option<usize>) {
    match app.prompt() {
        Some(Prompt::Details { connection, actions, .. }) => {
            (*connection, actions.as_ref().map(Vec::len))
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_journal_is_asked_for_what_was_done_by_every_id() {
    let mut app = app();
    let effects = opened(&mut app, "ann");
    let [Effect::LoadActions(person, keys)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(person, &PersonId::from("ann"));
    let own = AgentKey::new("floorwatch".into(), "ann".into());
    assert_eq!(keys, &[AgentKey::new("cx".into(), "uuid-ann".into()), own]);
    assert_eq!(shown(&app), (false, None), "not known yet");
    app.update(Message::Actions("dialer:2".into(), vec![record(1)]), at(1));
    assert_eq!(shown(&app).1, None, "an answer about somebody else");
    app.update(Message::Actions("ann".into(), vec![record(2), record(1)]), at(1));
    assert_eq!(shown(&app).1, Some(2));
}

#[test]
fn the_connection_is_shown_on_a_key() {
    for station in [Station::Desk, Station::ReadOnly] {
        let mut app = app_at(station);
        opened(&mut app, "ann");
        keys(&mut app, 1, &[Action::Connection]);
        assert_eq!(shown(&app), (true, None));
        keys(&mut app, 1, &[Action::Connection]);
        assert_eq!(shown(&app), (false, None));
    }
}

#[test]
fn what_the_journal_answers_while_something_lies_over_the_page_is_there_afterwards() {
    let mut app = app();
    opened(&mut app, "ann");
    keys(&mut app, 1, &[Action::Explain, Action::Help]);
    app.update(Message::Actions("ann".into(), vec![record(1)]), at(1));
    keys(&mut app, 1, &[Action::Back, Action::Back]);
    assert_eq!(shown(&app).1, Some(1));
}

#[test]
fn what_is_asked_for_is_shown_from_the_top() {
    let mut app = app();
    opened(&mut app, "ann");
    app.update(Message::Room { rows: 10, scroll: 30 }, at(1));
    keys(&mut app, 1, &[Action::Bottom]);
    let scrolled = |app: &App| matches!(app.prompt(), Some(Prompt::Details { scroll: 30, .. }));
    assert!(scrolled(&app));
    keys(&mut app, 1, &[Action::Connection]);
    assert!(matches!(app.prompt(), Some(Prompt::Details { scroll: 0, .. })));
}

#[test]
fn help_lies_over_a_person_or_an_alert_and_goes_away_again() {
    for closing in [Action::Back, Action::Help] {
        let mut app = app();
        opened(&mut app, "ann");
        keys(&mut app, 1, &[Action::Connection, Action::Help]);
        assert!(matches!(app.prompt(), Some(Prompt::Help { .. })));
        keys(&mut app, 1, &[Action::Down, closing]);
        assert_eq!(shown(&app), (true, None), "{closing:?}");
        keys(&mut app, 1, &[Action::Back, Action::Help, closing]);
        assert!(app.prompt().is_none(), "over nothing, nothing shows again");
    }
    let mut app = app();
    wfm_lists(&mut app, 0, active(&["1"]));
    keys(&mut app, 1, &[Action::Alerts, Action::Open, Action::Help]);
    assert!(matches!(app.prompt(), Some(Prompt::Help { .. })));
    keys(&mut app, 1, &[Action::Back]);
    assert!(matches!(app.prompt(), Some(Prompt::Alert { .. })));
}

#[test]
fn a_wall_shows_no_connection() {
    let mut app = app_at(Station::Kiosk);
    opened(&mut app, "ann");
    keys(&mut app, 1, &[Action::Connection]);
    assert_eq!(shown(&app), (false, None));
    assert!(notice(&app).contains("nothing for a wall"));
}

#[test]
fn a_person_is_dealt_with_by_their_newest_active_alert() {
    let mut app = app();
    let mut alerts = active(&["1", "2", "3"]);
    for alert in &mut alerts {
        alert.agent = "e".into();
    }
    alerts[2].status = AlertStatus::Acknowledged;
    wfm_lists(&mut app, 0, alerts);
    let jane = says("e", "Erin Early", Activity::Available, -9);
    report(&mut app, "wfm", 0, vec![jane], Coverage::Part);
    opened(&mut app, "ann");
    keys(&mut app, 1, &[Action::Acknowledge]);
    assert_eq!(notice(&app), "there is no active alert to acknowledge");
    keys(&mut app, 1, &[Action::Back, Action::Back]);
    opened(&mut app, "erin");
    keys(&mut app, 1, &[Action::Acknowledge]);
    let Some(Prompt::Deal(prompt)) = app.prompt() else { panic!("{:?}", app.prompt()) };
    let ids: Vec<_> = prompt.targets.iter().map(|target| target.key.id.as_str()).collect();
    assert_eq!((ids, prompt.targets[0].name.as_str()), (vec!["2"], "Erin Early"));
}

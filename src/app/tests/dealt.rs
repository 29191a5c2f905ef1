//! What another program on the same journal, or an earlier run, did to the alerts that both show.

use super::local::{jane, kept, late, only, started, word};
use super::*;
use crate::model::{AgentKey, AlertStatus, Attempt, AttemptRecord, KnownAlert, OwnDeed};

/// What Sue does at another desk to the alert about Jane, done at `done_at`.
fn deed(number: i64, known: &KnownAlert, deed: Deed, done_at: i64) -> OwnDeed {
    let attempt = Attempt {
        deed,
        target: AgentKey::new(known.key.source.clone(), known.alert.agent.clone()),
        name: "Jane Smith".to_owned(),
        operator: "sue".to_owned(),
        host: "desk-9".to_owned(),
        reason: "called her".to_owned(),
        state_before: "late".to_owned(),
        asked_at: at(done_at),
    };
    let record = AttemptRecord {
        id: AttemptId(number),
        attempt,
        sent_at: None,
        answer: None,
        verdict: Some("confirmed".to_owned()),
        detail: None,
        done_at: Some(at(done_at)),
    };
    OwnDeed { record, alert: Some(known.clone()) }
}

fn acknowledged(known: &KnownAlert, done_at: i64) -> OwnDeed {
    deed(90, known, Deed::Acknowledge(known.key.id.clone()), done_at)
}

fn resolved(known: &KnownAlert, done_at: i64) -> OwnDeed {
    deed(91, known, Deed::Resolve(known.key.id.clone()), done_at)
}

fn hears(app: &mut App, deed: &OwnDeed, now: i64) -> Vec<Effect> {
    app.update(Message::OwnDeeds(vec![deed.clone()]), at(now))
}

#[test]
fn what_another_program_did_is_shown_with_who_did_it_and_is_not_done_again() {
    for station in [Station::Desk, Station::ReadOnly, Station::Kiosk] {
        let mut app = late(station);
        let deed = acknowledged(&only(&app), 130);
        let effects = hears(&mut app, &deed, 132);
        assert!(effects.iter().all(|effect| matches!(effect, Effect::Keep(_))), "{effects:?}");
        assert_eq!(kept(&effects), word("late_start", "acknowledged"));
        let known = only(&app);
        assert_eq!(known.alert.acknowledged_at, Some(at(130)));
        assert_eq!(known.alert.notes.as_deref(), Some("called her"));
        let by: Vec<_> = app.dealt_elsewhere(&known.key).map(|r| &*r.attempt.operator).collect();
        assert_eq!(by, ["sue"]);
        let said = if station == Station::Kiosk {
            ""
        } else {
            "sue at desk-9 acknowledged jane smith's alert"
        };
        assert_eq!(notice(&app), said);
        assert!(kept(&hears(&mut app, &deed, 134)).is_empty(), "it is known");
        assert!(kept(&dialer_says(&mut app, 135, jane(Activity::Offline, -900))).is_empty());
        assert_eq!(app.dealt_elsewhere(&known.key).count(), 1);
    }
}

#[test]
fn what_an_earlier_run_did_just_before_it_was_killed_counts_though_only_the_deed_is_on_disk() {
    let raised = only(&late(Station::Desk));
    let mut app = started(Station::Desk);
    dialer_says(&mut app, 299, jane(Activity::Offline, -900));
    let effects = hears(&mut app, &acknowledged(&raised, 130), 300);
    assert_eq!(kept(&effects), word("late_start", "acknowledged"), "it is kept now");
    assert_eq!(notice(&app), "", "no news");
    let archive = crate::model::Archive { alerts: vec![raised], ..Default::default() };
    assert!(kept(&app.update(Message::Restored(Box::new(archive)), at(300))).is_empty());
    assert!(kept(&dialer_says(&mut app, 302, jane(Activity::Offline, -900))).is_empty());
    assert_eq!(only(&app).alert.status, AlertStatus::Acknowledged);
}

#[test]
fn what_was_raised_here_before_the_deed_was_heard_of_is_done_and_what_went_on_since_is_not() {
    let mut app = late(Station::Desk);
    let before = resolved(&only(&app), 119);
    assert_eq!(kept(&hears(&mut app, &before, 122)), word("late_start", "resolved"));
    assert!(only(&app).as_of > at(121), "later than what was raised");
    assert!(kept(&dialer_says(&mut app, 124, jane(Activity::Offline, -900))).is_empty());
    let mut app = late(Station::Desk);
    let long_before = acknowledged(&only(&app), 100);
    assert!(kept(&hears(&mut app, &long_before, 122)).is_empty());
    assert_eq!(only(&app).alert.status, AlertStatus::Active);
}

#[test]
fn what_cleared_itself_meanwhile_is_settled_by_who_resolved_it() {
    let mut app = late(Station::Desk);
    let deed = resolved(&only(&app), 123);
    dialer_says(&mut app, 124, jane(Activity::Available, 123));
    assert_eq!(only(&app).alert.notes.as_deref(), Some("cleared by itself: as scheduled again"));
    assert_eq!(kept(&hears(&mut app, &deed, 125)), word("late_start", "resolved"));
    assert_eq!(only(&app).alert.notes.as_deref(), Some("called her"));
    // Acknowledging what is over changes nothing.
    let mut app = late(Station::Desk);
    let deed = acknowledged(&only(&app), 123);
    dialer_says(&mut app, 124, jane(Activity::Available, 123));
    assert!(kept(&hears(&mut app, &deed, 125)).is_empty());
}

#[test]
fn an_answer_given_here_comes_too_late_for_what_was_done_elsewhere() {
    let mut app = late(Station::Desk);
    let elsewhere = resolved(&only(&app), 122);
    let effects = keys(&mut app, 122, &[Action::Acknowledge, Action::Open]);
    let [Effect::Carry { ticket, .. }] = &effects[..] else { panic!("{effects:?}") };
    let ticket = *ticket;
    hears(&mut app, &elsewhere, 123);
    let effects =
        app.update(Message::Progress(ticket, Progress::Journalled(AttemptId(92))), at(123));
    assert!(kept(&effects).is_empty());
    assert!(matches!(&app.tracked()[0].stage, Stage::Done(Verdict::Overtaken(_))));
    assert_eq!(only(&app).alert.status, AlertStatus::Resolved);
}

#[test]
fn what_was_done_here_is_no_news_when_the_journal_tells_it() {
    let mut app = late(Station::Desk);
    let known = only(&app);
    let effects = keys(&mut app, 122, &[Action::Acknowledge, Action::Open]);
    let [Effect::Carry { ticket, .. }] = &effects[..] else { panic!("{effects:?}") };
    let ticket = *ticket;
    app.update(Message::Progress(ticket, Progress::Journalled(AttemptId(90))), at(122));
    assert!(kept(&hears(&mut app, &acknowledged(&known, 122), 124)).is_empty());
    assert_eq!((notice(&app), app.dealt_elsewhere(&known.key).count()), ("", 0));
}

#[test]
fn an_alert_whose_beginning_the_other_program_read_a_moment_apart_is_the_same() {
    let mut app = late(Station::Desk);
    let mut theirs = only(&app);
    let (what, since) = theirs.key.id.as_str().rsplit_once(':').unwrap();
    let called = |apart: i64| format!("{what}:{}", since.parse::<i64>().unwrap() + apart);
    let (near, far) = (called(1_700), called(60_000));
    theirs.key.id = near.as_str().into();
    theirs.alert.id = theirs.key.id.clone();
    theirs.alert.status = AlertStatus::Acknowledged;
    let effects = hears(&mut app, &acknowledged(&theirs, 130), 132);
    assert_eq!(kept(&effects), word("late_start", "acknowledged"));
    let here = only(&app);
    assert_ne!(here.key, theirs.key);
    assert_eq!(app.dealt_elsewhere(&here.key).count(), 1);
    let mut app = late(Station::Desk);
    theirs.key.id = far.as_str().into();
    theirs.alert.id = theirs.key.id.clone();
    assert!(kept(&hears(&mut app, &acknowledged(&theirs, 130), 132)).is_empty(), "another one");
}

#[test]
fn what_was_dealt_with_elsewhere_before_it_was_raised_here_is_not_raised() {
    let mut theirs = only(&late(Station::Desk));
    theirs.alert.status = AlertStatus::Acknowledged;
    theirs.as_of = at(130);
    let mut app = started(Station::Desk);
    app.update(Message::NothingRestored, at(0));
    assert!(kept(&hears(&mut app, &acknowledged(&theirs, 130), 132)).is_empty(), "kept already");
    assert!(kept(&dialer_says(&mut app, 133, jane(Activity::Offline, -900))).is_empty());
    assert_eq!(only(&app).alert.status, AlertStatus::Acknowledged);
}

/// `known` as another program, which raised it first, calls it.
fn called_otherwise(known: &KnownAlert) -> KnownAlert {
    let id = "late_start:jane:17".into();
    let mut theirs = known.clone();
    (theirs.key.id, theirs.alert.id) = (id, "late_start:jane:17".into());
    theirs
}

#[test]
fn an_alert_that_another_program_raised_first_is_called_as_it_is_there_and_stays_marked() {
    let mut app = late(Station::Desk);
    keys(&mut app, 122, &[Action::Mark]);
    let theirs = called_otherwise(&only(&app));
    app.update(Message::OwnAlerts(vec![theirs.clone()]), at(123));
    assert_eq!(only(&app).key, theirs.key);
    assert_eq!((app.marked_alerts(), app.alert_rows()[0].key.clone()), (1, theirs.key.clone()));
    // What was done there, or here, is done to the one alert that there is.
    hears(&mut app, &acknowledged(&theirs, 125), 126);
    assert_eq!(only(&app).alert.status, AlertStatus::Acknowledged);
}

#[test]
fn an_alert_that_stands_in_the_journal_already_is_raised_under_its_id() {
    let raised = only(&late(Station::Desk));
    let theirs = called_otherwise(&raised);
    let mut app = super::local::scheduled(Station::Desk);
    app.update(Message::OwnAlerts(vec![theirs.clone()]), at(100));
    dialer_says(&mut app, 118, jane(Activity::Offline, -900));
    let effects = dialer_says(&mut app, 121, jane(Activity::Offline, -900));
    assert_eq!(kept(&effects), word("late_start", "active"));
    assert_eq!(only(&app).key, theirs.key);
    let effects = dialer_says(&mut app, 140, jane(Activity::Available, 138));
    assert_eq!(kept(&effects), word("late_start", "resolved"));
    assert_eq!(only(&app).key, theirs.key, "and it ends under that");
}

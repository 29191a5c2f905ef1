//! Acknowledging and resolving, from the key to the verdict.

use super::alerts::{active, alert, key, listed, on_page, wfm_lists};
use super::*;
use crate::model::{Alert, AlertPatch, AlertStatus, Failure, FailureKind, LookUp};

fn prompt(app: &App) -> &DealPrompt {
    match app.prompt() {
        Some(Prompt::Deal(prompt)) => prompt,
        other => panic!("no such question but {other:?}"),
    }
}

/// The ids of the alerts whose change is handed over.
fn carried(effects: &[Effect]) -> Vec<&str> {
    let carried = effects.iter().filter_map(|effect| match effect {
        Effect::Carry { order, .. } => order.attempt().deed.alert().map(|id| id.as_str()),
        _ => None,
    });
    carried.collect()
}

/// The ids of the alerts that are looked up.
fn looked_up(effects: &[Effect]) -> Vec<&str> {
    let looked_up = effects.iter().filter_map(|effect| match effect {
        Effect::LookUp(_, LookUp::Alert(id)) => Some(id.as_str()),
        _ => None,
    });
    looked_up.collect()
}

fn ticket(app: &App, id: &str) -> Ticket {
    let tracked = app.tracked().iter().rev().find(|t| t.alert_key() == Some(key(id)));
    tracked.unwrap().ticket
}

fn step(app: &mut App, id: &str, now: i64, progress: Progress) -> Vec<Effect> {
    let ticket = ticket(app, id);
    app.update(Message::Progress(ticket, progress), at(now))
}

/// The change of `id` goes out at `now`.
fn goes_out(app: &mut App, id: &str, now: i64) {
    let number = id.parse().unwrap();
    assert!(step(app, id, now, Progress::Journalled(AttemptId(number))).is_empty());
    assert!(step(app, id, now, Progress::Sent(at(now))).is_empty());
}

fn answered(app: &mut App, id: &str, now: i64, answer: Answer) -> Vec<Effect> {
    step(app, id, now, Progress::Answered(answer))
}

fn changed(status: AlertStatus) -> Answer {
    let acknowledged_at = Some(at(2));
    let notes = Some("seen".to_owned());
    let status = Some(status);
    Answer::Changed(Box::new(AlertPatch { status, acknowledged_at, notes, ..Default::default() }))
}

/// What is to be done about the alert as read; that it is kept as it stands is not what is asked.
fn reads(app: &mut App, now: i64, alert: Alert) -> Vec<Effect> {
    let mut effects = read(app, "wfm", now, Body::Alert(Box::new(alert)));
    effects.retain(|effect| !matches!(effect, Effect::Keep(_)));
    effects
}

/// The newest alert, 3, is acknowledged and the request is out since second 2.
fn sent() -> App {
    let mut app = on_page(Station::Desk);
    let effects = keys(&mut app, 1, &[Action::Acknowledge, Action::Open]);
    assert_eq!(carried(&effects), ["3"]);
    goes_out(&mut app, "3", 2);
    app
}

fn now_is(status: AlertStatus) -> Alert {
    alert("3", "e3", status, -970)
}

fn verdict(app: &App, id: &str) -> Verdict {
    let ticket = ticket(app, id);
    let tracked = app.tracked().iter().find(|t| t.ticket == ticket).unwrap();
    match &tracked.stage {
        Stage::Done(verdict) => verdict.clone(),
        stage => panic!("not over: {stage:?}"),
    }
}

fn status(app: &App, id: &str) -> AlertStatus {
    app.live_floor().alerts().get(&key(id)).unwrap().alert.status.clone()
}

#[test]
fn the_question_names_what_would_be_done_and_escape_sends_nothing() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Mark, Action::Mark, Action::Resolve]);
    let question = prompt(&app);
    assert_eq!(question.deed, Dealing::Resolve);
    let names: Vec<_> = question.targets.iter().map(|target| target.name.as_str()).collect();
    assert_eq!((names, app.is_typing()), (vec!["Emp e3", "Emp e2"], true));
    assert!(keys(&mut app, 1, &[Action::Back]).is_empty());
    assert!(app.prompt().is_none() && app.tracked().is_empty());
    assert_eq!((notice(&app), app.marked_alerts()), ("nothing was sent", 2));
}

#[test]
fn what_is_journalled_is_what_is_sent_with_the_notes() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Acknowledge]);
    app.update(Message::Paste(" approved\u{1b}[2J\nbreak ".to_owned()), at(1));
    let effects = keys(&mut app, 1, &[Action::Open]);
    let [Effect::Carry { order, .. }] = &effects[..] else { panic!("{effects:?}") };
    let attempt = order.attempt();
    assert_eq!(attempt.deed, Deed::Acknowledge("3".into()));
    assert_eq!(attempt.target.to_string(), "wfm:e3");
    assert_eq!(attempt.reason, "approved[2Jbreak");
    assert_eq!((attempt.operator.as_str(), attempt.host.as_str()), ("sam", "desk-7"));
    let before = "wfm: late_start, active since 15:43:50: Agent logged in 15 minutes late";
    assert_eq!(attempt.state_before, before);
    assert_eq!(attempt, &app.tracked()[0].attempt);
}

#[test]
fn notes_end_at_their_limit() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Acknowledge]);
    app.update(Message::Paste("ü".repeat(600)), at(1));
    assert_eq!(prompt(&app).notes.value().chars().count(), 500);
}

#[test]
fn it_is_shown_as_done_at_once_and_leaves_when_a_reading_says_so() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Acknowledge, Action::Open]);
    assert_eq!(app.alert_rows()[0].pending, Some(Deed::Acknowledge("3".into())));
    assert_eq!(app.active_alerts(), Some((2, false)));
    goes_out(&mut app, "3", 2);
    let effects = answered(&mut app, "3", 3, changed(AlertStatus::Acknowledged));
    assert_eq!(looked_up(&effects), ["3"], "an answer is not believed");
    assert_eq!(listed(&app), ["3", "2", "1"], "where it was until a reading says so");
    let effects = reads(&mut app, 4, now_is(AlertStatus::Acknowledged));
    assert!(
        matches!(
            &effects[..],
            [Effect::Conclude { id: AttemptId(3), verdict: Verdict::Confirmed }]
        ),
        "{effects:?}"
    );
    assert_eq!(listed(&app), ["2", "1"]);
}

#[test]
fn a_partial_answer_is_merged_into_what_is_known() {
    let mut app = sent();
    answered(&mut app, "3", 3, changed(AlertStatus::Acknowledged));
    let known = app.live_floor().alerts().get(&key("3")).unwrap();
    assert_eq!(known.alert.status, AlertStatus::Acknowledged);
    assert_eq!(known.alert.acknowledged_at, Some(at(2)));
    assert_eq!(known.alert.notes.as_deref(), Some("seen"));
    assert_eq!((known.alert.kind.word(), known.alert.created_at), ("late_start", Some(at(-970))));
}

#[test]
fn a_refusal_takes_it_back_at_once_and_looks_who_was_quicker() {
    let mut app = sent();
    let refused = Answer::Refused("HTTP 409 from the server".to_owned());
    let effects = answered(&mut app, "3", 3, refused);
    assert_eq!(looked_up(&effects), ["3"]);
    assert_eq!(verdict(&app, "3"), Verdict::Refused("HTTP 409 from the server".to_owned()));
    assert_eq!(app.alert_rows()[0].pending, None);
    assert_eq!(notice(&app), "Emp e3's alert was not changed: HTTP 409 from the server");
    assert!(reads(&mut app, 4, now_is(AlertStatus::Resolved)).is_empty());
    assert_eq!(listed(&app), ["2", "1"], "somebody else has resolved it");
}

#[test]
fn no_answer_is_looked_up_and_never_sent_again() {
    let mut app = sent();
    let effects = answered(&mut app, "3", 12, Answer::NoAnswer("no answer in 10 s".to_owned()));
    assert_eq!((looked_up(&effects), carried(&effects).len()), (vec!["3"], 0));
    let effects = reads(&mut app, 13, now_is(AlertStatus::Acknowledged));
    assert_eq!(effects.len(), 1);
    assert_eq!(verdict(&app, "3"), Verdict::Confirmed);
}

#[test]
fn what_stays_as_it_was_is_looked_up_again_and_given_up_after_half_a_minute() {
    let mut app = sent();
    answered(&mut app, "3", 3, changed(AlertStatus::Acknowledged));
    let mut looks = Vec::new();
    for now in 4..32 {
        let mut effects = app.update(Message::Tick, at(now));
        if !looked_up(&effects).is_empty() {
            looks.push(now);
            effects.extend(reads(&mut app, now, now_is(AlertStatus::Active)));
        }
        assert!(carried(&effects).is_empty(), "nothing is sent twice");
    }
    assert_eq!(looks, [8, 13, 18, 23, 28]);
    app.update(Message::Tick, at(32));
    assert_eq!(verdict(&app, "3"), Verdict::Unchanged);
    assert_eq!(
        (status(&app, "3"), app.alert_rows()[0].pending.clone()),
        (AlertStatus::Active, None)
    );
    assert!(notice(&app).contains("nothing is sent again by itself"), "{}", notice(&app));
}

#[test]
fn without_a_reading_nobody_knows() {
    let mut app = sent();
    answered(&mut app, "3", 12, Answer::NoAnswer("no answer in 10 s".to_owned()));
    app.update(Message::Tick, at(32));
    assert!(matches!(verdict(&app, "3"), Verdict::Unknown(_)));
}

#[test]
fn an_alert_that_two_look_ups_do_not_find_is_unknown_and_a_failure_that_passes_is_waited_out() {
    let fails = |app: &mut App, now, kind| {
        let failure = Failure { kind, text: "HTTP 404".to_owned() };
        let what = LookUp::Alert("3".into());
        heard(app, "wfm", now, Outcome::LookUpFailed { what, failure });
    };
    let mut app = sent();
    answered(&mut app, "3", 3, changed(AlertStatus::Acknowledged));
    fails(&mut app, 4, FailureKind::Transient);
    assert!(!app.tracked()[0].is_over());
    fails(&mut app, 9, FailureKind::Rejected);
    assert!(!app.tracked()[0].is_over(), "one odd answer decides nothing");
    fails(&mut app, 14, FailureKind::Rejected);
    let text = "it cannot be looked up: HTTP 404".to_owned();
    assert_eq!(verdict(&app, "3"), Verdict::Unknown(text));
}

#[test]
fn somebody_who_went_further_is_respected() {
    let mut app = sent();
    answered(&mut app, "3", 3, changed(AlertStatus::Acknowledged));
    reads(&mut app, 4, now_is(AlertStatus::Resolved));
    assert!(matches!(verdict(&app, "3"), Verdict::Overtaken(_)));
    assert_eq!(status(&app, "3"), AlertStatus::Resolved);
}

#[test]
fn an_alert_that_somebody_dealt_with_while_the_question_stood_is_left_alone() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Mark, Action::Mark, Action::Resolve]);
    reads(&mut app, 2, now_is(AlertStatus::Acknowledged));
    let effects = keys(&mut app, 3, &[Action::Open]);
    assert_eq!(carried(&effects), ["2"]);
    assert_eq!(notice(&app), "1 of 2 left out: Emp e3's alert is acknowledged now");
    wfm_lists(&mut app, 4, active(&["2"]));
    keys(&mut app, 4, &[Action::Bottom, Action::Resolve]);
    assert!(notice(&app).contains("under way since"), "{}", notice(&app));
}

#[test]
fn nothing_is_sent_when_everything_was_dealt_with_meanwhile() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Acknowledge]);
    wfm_lists(&mut app, 2, active(&["1", "2"]));
    assert!(keys(&mut app, 3, &[Action::Open]).is_empty());
    assert_eq!(notice(&app), "nothing was sent: wfm no longer lists Emp e3's alert as active");
    assert!(app.tracked().is_empty());
}

#[test]
fn stale_alerts_are_objected_to_first() {
    let mut app = on_page(Station::Desk);
    let effects = keys(&mut app, 60, &[Action::Acknowledge, Action::Open]);
    assert!(effects.is_empty() && objection(&app).is_some_and(|text| text.contains("not current")));
    assert_eq!(carried(&keys(&mut app, 61, &[Action::Open])), ["3"]);
}

/// All three are acknowledged at second 1.
fn many() -> (App, Vec<Effect>) {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Mark, Action::Mark, Action::Mark]);
    let effects = keys(&mut app, 1, &[Action::Acknowledge, Action::Open]);
    (app, effects)
}

#[test]
fn many_go_out_one_after_the_other_with_a_pause_and_each_has_a_result() {
    let (mut app, effects) = many();
    assert_eq!((carried(&effects), app.marked_alerts()), (vec!["3"], 0));
    assert!(app.alert_rows().iter().all(|row| row.pending.is_some()));
    assert!(carried(&app.update(Message::Tick, at(9))).is_empty(), "the first is on its way");
    goes_out(&mut app, "3", 9);
    let effects = answered(&mut app, "3", 10, changed(AlertStatus::Acknowledged));
    assert_eq!(carried(&effects), ["2"]);
    goes_out(&mut app, "2", 10);
    let effects = answered(&mut app, "2", 11, Answer::Refused("HTTP 403".to_owned()));
    assert!(carried(&effects).is_empty(), "too soon after the last");
    let effects = app.update(Message::Tick, at(12));
    assert_eq!(carried(&effects), ["1"], "one that is refused does not stop the others");
    goes_out(&mut app, "1", 12);
    answered(&mut app, "1", 13, changed(AlertStatus::Acknowledged));
    for (id, agent) in [("3", "e3"), ("1", "e1")] {
        reads(&mut app, 14, alert(id, agent, AlertStatus::Acknowledged, -970));
    }
    let verdicts = ["3", "2", "1"].map(|id| verdict(&app, id).word());
    assert_eq!(verdicts, ["confirmed", "refused", "confirmed"]);
    assert_eq!(listed(&app), ["2"]);
}

#[test]
fn one_that_somebody_dealt_with_before_its_turn_is_not_sent() {
    let (mut app, _) = many();
    goes_out(&mut app, "3", 2);
    reads(&mut app, 3, alert("2", "e2", AlertStatus::Resolved, -980));
    let effects = answered(&mut app, "3", 4, changed(AlertStatus::Acknowledged));
    assert_eq!(carried(&effects), ["1"]);
    assert_eq!(verdict(&app, "2"), Verdict::NotSent("it was resolved meanwhile".to_owned()));
}

#[test]
fn who_leaves_sends_nothing_more_and_no_row_is_wrong() {
    let (mut app, _) = many();
    goes_out(&mut app, "3", 2);
    let effects = app.abandon(at(3));
    assert!(
        matches!(
            &effects[..],
            [Effect::Conclude { id: AttemptId(3), verdict: Verdict::Unknown(_) }]
        ),
        "{effects:?}"
    );
    let waiting = app.tracked().iter().filter(|tracked| tracked.is_waiting());
    assert_eq!(waiting.count(), 2, "nothing was journalled for those");
}

#[test]
fn a_read_only_or_kiosk_program_cannot_even_ask() {
    for station in [Station::ReadOnly, Station::Kiosk] {
        let mut app = on_page(station);
        assert!(keys(&mut app, 1, &[Action::Acknowledge, Action::Open]).len() < 2);
        assert!(!matches!(app.prompt(), Some(Prompt::Deal(_))) && app.tracked().is_empty());
        let mut app = on_page(station);
        keys(&mut app, 1, &[Action::Resolve]);
        assert!(notice(&app).contains("no alert can be dealt with from here"));
    }
}

#[test]
fn what_is_acknowledged_already_can_only_be_resolved() {
    let mut app = on_page(Station::Desk);
    keys(&mut app, 1, &[Action::Filter]);
    let seen = vec![alert("9", "e9", AlertStatus::Acknowledged, -500)];
    super::alerts::wfm_lists_as(&mut app, 2, AlertStatus::Acknowledged, seen);
    keys(&mut app, 2, &[Action::Acknowledge]);
    assert_eq!(notice(&app), "nothing was sent: Emp e9's alert is acknowledged already");
    let effects = keys(&mut app, 2, &[Action::Resolve, Action::Open]);
    assert_eq!(carried(&effects), ["9"]);
}

#[test]
fn a_change_of_an_alert_is_forgotten_sooner_than_a_logout() {
    let mut app = sent();
    answered(&mut app, "3", 3, Answer::Refused("HTTP 403".to_owned()));
    app.update(Message::Tick, at(60));
    assert_eq!(app.tracked().len(), 1);
    app.update(Message::Tick, at(3 + 120));
    assert!(app.tracked().is_empty());
}

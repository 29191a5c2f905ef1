mod alerts;
mod clock;
mod dealing;
mod dealt;
mod details;
mod explaining;
mod folding;
mod judging;
mod keeping;
mod local;

use std::collections::BTreeMap;

use chrono::{NaiveTime, TimeDelta};
use tui_input::InputRequest;

use super::*;
use crate::action::Action;
use crate::command::Progress;
use crate::model::{
    Activity, Answer, AttemptId, Body, Coverage, Deed, Feed, FloorIdentity, Observation, Outcome,
    Reading, Reason, Report, Roster, RosterPerson, Side, SideFeed, SourceKind, Stage, Verdict,
};
use crate::rules::Confirmation;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

fn setup(station: Station) -> Setup {
    Setup {
        limits: Limits::default(),
        station,
        rotate: TimeDelta::seconds(15),
        names: Names::Full,
        operator: "sam".to_owned(),
        host: "desk-7".to_owned(),
        themes: vec!["dark".to_owned(), "mono".to_owned()],
    }
}

fn app_at(station: Station) -> App {
    let ann = RosterPerson {
        id: "ann".into(),
        name: "Ann Ardent".to_owned(),
        team: Some("Blue".to_owned()),
        email: Some("a.ardent@example.com".to_owned()),
        timezone: None,
        ids: BTreeMap::from([("cx".into(), "uuid-ann".into())]),
    };
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let kinds = [
        ("dialer", SourceKind::Convoso, 3),
        ("cx", SourceKind::CxEngage, 15),
        ("wfm", SourceKind::Wfm, 15),
    ];
    let mut feeds =
        kinds.map(|(name, kind, poll)| Feed::new(name.into(), kind, TimeDelta::seconds(poll)));
    feeds[2].sides.push(SideFeed::new(Side::Alerts, TimeDelta::seconds(15)));
    let floor = Floor::new(identity, Roster::new(vec![ann]), feeds.into(), Vec::new());
    let authority = Authority::grant(station == Station::ReadOnly, station == Station::Kiosk);
    let mut app = App::new(floor, setup(station), authority);
    cx_says(&mut app, 0);
    app
}

/// Why the question that is put still stands after an answer.
fn objection(app: &App) -> Option<&'static str> {
    match app.question()? {
        Question::Logout { objection, .. } | Question::Deal { objection, .. } => objection,
    }
}

fn app() -> App {
    let mut app = app_at(Station::Desk);
    dialer_says(&mut app, 0, usual());
    app
}

fn says(agent: &str, name: &str, activity: Activity, since: i64) -> Observation {
    Observation {
        name: Some(name.to_owned()),
        since: Some(at(since)),
        ..Observation::of(agent, activity, "RAW")
    }
}

/// Jane is available, Bob on a call, Eve at lunch, Carol has just begun.
fn usual() -> Vec<Observation> {
    vec![
        says("1", "Jane Smith", Activity::Available, -30),
        says("2", "Bob Brown", Activity::OnContact, -100),
        says("3", "Eve Evans", Activity::Away(Reason::Lunch), -4_000),
        says("4", "Carol Clark", Activity::Available, -2),
    ]
}

fn report(
    app: &mut App,
    source: &str,
    as_of: i64,
    observations: Vec<Observation>,
    coverage: Coverage,
) -> Vec<Effect> {
    let body = Body::Agents { observations, coverage, summary: None, histories: Vec::new() };
    read(app, source, as_of, body)
}

fn read(app: &mut App, source: &str, as_of: i64, body: Body) -> Vec<Effect> {
    let (taken_at, skipped) = (at(as_of), 0);
    let reading = Reading { source: source.into(), taken_at, as_of: taken_at, skipped, body };
    heard(app, source, as_of, Outcome::Read(reading))
}

fn heard(app: &mut App, source: &str, now: i64, outcome: Outcome) -> Vec<Effect> {
    app.update(told(source, at(now), outcome), at(now))
}

fn told(source: &str, at: DateTime<Utc>, outcome: Outcome) -> Message {
    Message::Report(Box::new(Report {
        source: source.into(),
        at,
        outcome,
        clock_offset: None,
        took: TimeDelta::zero(),
        next_at: None,
        way_back: None,
        unread: Vec::new(),
    }))
}

fn dialer_says(app: &mut App, as_of: i64, observations: Vec<Observation>) -> Vec<Effect> {
    report(app, "dialer", as_of, observations, Coverage::Whole { declared: None })
}

fn cx_says(app: &mut App, as_of: i64) {
    let ann = vec![says("uuid-ann", "Ann Ardent", Activity::Away(Reason::Lunch), -20)];
    report(app, "cx", as_of, ann, Coverage::Part);
}

fn keys(app: &mut App, now: i64, actions: &[Action]) -> Vec<Effect> {
    actions.iter().flat_map(|action| app.update(Message::Action(*action), at(now))).collect()
}

fn types(app: &mut App, now: i64, text: &str) {
    for letter in text.chars() {
        app.update(Message::Edit(InputRequest::InsertChar(letter)), at(now));
    }
}

/// Selects the person whose name is searched for.
fn select(app: &mut App, name: &str) {
    app.update(Message::Action(Action::Search), at(0));
    types(app, 0, name);
    keys(app, 0, &[Action::Open]);
}

fn names(app: &App) -> Vec<String> {
    let (floor, _) = app.shown(at(0));
    app.rows().iter().map(|row| floor.people()[row.person].name.clone()).collect()
}

fn logout_prompt(app: &App) -> &LogoutPrompt {
    match app.prompt() {
        Some(Prompt::Logout(prompt)) => prompt,
        other => panic!("no logout prompt but {other:?}"),
    }
}

fn notice(app: &App) -> &str {
    app.notice().map_or("", |notice| &notice.text)
}

#[test]
fn who_needs_attention_stands_first_and_the_order_can_be_changed() {
    let mut app = app();
    assert_eq!(names(&app)[0], "Eve Evans", "lunch of more than 65 minutes");
    keys(&mut app, 0, &[Action::Sort]);
    assert_eq!(app.sort().0, Sort::Time);
    assert_eq!(names(&app)[..2], ["Eve Evans", "Bob Brown"]);
    keys(&mut app, 0, &[Action::Reverse]);
    assert_eq!(names(&app)[4], "Eve Evans");
}

#[test]
fn the_selection_follows_the_person_through_a_new_order() {
    let mut app = app();
    keys(&mut app, 0, &[Action::Down]);
    let chosen = app.rows()[app.selected_row().unwrap()].id.clone();
    let mut others = usual();
    others[3] = says("4", "Carol Clark", Activity::Available, -4_000);
    dialer_says(&mut app, 3, others);
    assert_eq!(names(&app)[1], "Carol Clark", "she needs attention now");
    assert_eq!(app.rows()[app.selected_row().unwrap()].id, chosen);
    keys(&mut app, 3, &[Action::Sort]);
    assert_eq!(app.selected_row(), Some(0), "another order is shown from its beginning");
}

#[test]
fn searching_narrows_with_every_letter_and_escape_undoes_it() {
    let mut app = app();
    keys(&mut app, 0, &[Action::Search]);
    assert!(app.is_typing());
    types(&mut app, 0, "jane");
    assert_eq!(names(&app), ["Jane Smith"]);
    keys(&mut app, 0, &[Action::Back]);
    assert_eq!(names(&app).len(), 5);
}

#[test]
fn a_filter_is_chosen_by_typing_and_cleared_by_escape() {
    let mut app = app();
    keys(&mut app, 0, &[Action::Filter]);
    types(&mut app, 0, "team blue");
    keys(&mut app, 0, &[Action::Open]);
    assert_eq!(names(&app), ["Ann Ardent"]);
    keys(&mut app, 0, &[Action::Back]);
    assert_eq!(names(&app).len(), 5);
}

#[test]
fn somebody_is_found_by_id_extension_and_e_mail_too() {
    let mut app = app();
    let mut others = usual();
    others[0].work.extension = Some("4711".to_owned());
    dialer_says(&mut app, 3, others);
    for (typed, found) in [
        ("uuid-ann", vec!["Ann Ardent"]),
        ("a.ardent@", vec!["Ann Ardent"]),
        ("ann", vec!["Ann Ardent"]),
        ("4711", vec!["Jane Smith"]),
        ("jane 47", vec!["Jane Smith"]),
        ("bob 47", vec![]),
        ("example", vec![]),
    ] {
        keys(&mut app, 3, &[Action::Search]);
        types(&mut app, 3, typed);
        assert_eq!(names(&app), found, "{typed}");
        keys(&mut app, 3, &[Action::Back]);
    }
}

#[test]
fn who_sits_in_a_queue_without_a_name_is_found_by_its_id() {
    let mut app = app();
    let mut seen = usual();
    seen[0].work.queue_id = Some("222".to_owned());
    dialer_says(&mut app, 3, seen);
    keys(&mut app, 4, &[Action::Queues, Action::Open]);
    assert_eq!((app.page(), names(&app).len()), (Page::Agents, 1));
}

#[test]
fn a_frozen_picture_does_not_change_but_the_floor_goes_on() {
    let mut app = app();
    keys(&mut app, 0, &[Action::Freeze]);
    dialer_says(&mut app, 3, vec![says("9", "New Nora", Activity::Available, 2)]);
    assert_eq!(names(&app).len(), 5);
    assert_eq!(app.live_floor().people().len(), 6);
    keys(&mut app, 3, &[Action::Freeze]);
    assert_eq!(names(&app).len(), 6);
}

#[test]
fn a_logout_prompt_names_agent_state_and_consequence_and_no_sends_nothing() {
    let mut app = app();
    select(&mut app, "jane");
    keys(&mut app, 1, &[Action::Logout]);
    let prompt = logout_prompt(&app);
    assert_eq!((prompt.name.as_str(), &prompt.confirmation), ("Jane Smith", &Confirmation::Plain));
    assert_eq!(prompt.state, ["dialer: available for 0:31 (observed, 0:01 old)"]);
    let effects = keys(&mut app, 1, &[Action::No]);
    assert!(effects.is_empty() && app.prompt().is_none() && app.tracked().is_empty());
}

#[test]
fn yes_orders_exactly_one_logout() {
    let mut app = app();
    select(&mut app, "jane");
    let effects = keys(&mut app, 1, &[Action::Logout, Action::Yes, Action::Yes]);
    let [Effect::Carry { order, .. }] = &effects[..] else { panic!("{effects:?}") };
    let attempt = order.attempt();
    assert_eq!((&attempt.deed, attempt.target.to_string().as_str()), (&Deed::LogOut, "dialer:1"));
    assert_eq!((attempt.operator.as_str(), attempt.host.as_str()), ("sam", "desk-7"));
    assert_eq!(attempt.state_before, "dialer: available for 0:31 (observed, 0:01 old)");
    let again = keys(&mut app, 2, &[Action::Yes, Action::Logout]);
    assert!(again.is_empty(), "one is under way");
    assert!(notice(&app).contains("not sent twice"), "{}", notice(&app));
}

#[test]
fn the_same_keys_again_do_not_log_out_a_neighbour() {
    let mut app = app();
    keys(&mut app, 0, &[Action::Sort, Action::Sort, Action::Sort]);
    keys(&mut app, 0, &[Action::Down, Action::Down]);
    assert_eq!(names(&app)[app.selected_row().unwrap()], "Carol Clark");
    let first = keys(&mut app, 1, &[Action::Logout, Action::Yes]);
    let again = keys(&mut app, 2, &[Action::Logout, Action::Yes]);
    assert_eq!((first.len(), again.len()), (1, 0), "{:?}", app.tracked());
}

#[test]
fn a_busy_agent_needs_the_typed_word() {
    let mut app = app();
    select(&mut app, "bob");
    keys(&mut app, 1, &[Action::Logout]);
    assert!(logout_prompt(&app).consequence.contains("live call"));
    assert!(keys(&mut app, 1, &[Action::Yes]).is_empty());
    types(&mut app, 1, "logou");
    assert!(keys(&mut app, 1, &[Action::Open]).is_empty());
    assert!(logout_prompt(&app).objection.is_some_and(|text| text.contains("nothing was sent")));
    types(&mut app, 1, "logout");
    let effects = keys(&mut app, 1, &[Action::Open]);
    assert!(matches!(&effects[..], [Effect::Carry { .. }]), "{effects:?}");
}

#[test]
fn a_stale_agent_needs_the_typed_word() {
    let mut app = app();
    select(&mut app, "jane");
    keys(&mut app, 60, &[Action::Logout]);
    let Confirmation::Typed(doubts) = &logout_prompt(&app).confirmation else { panic!() };
    assert_eq!(doubts, &["what dialer says (available) is 1:00 old"]);
}

#[test]
fn a_state_that_changed_before_the_answer_is_asked_about_again() {
    let mut app = app();
    select(&mut app, "jane");
    keys(&mut app, 1, &[Action::Logout]);
    let mut now_busy = usual();
    now_busy[0] = says("1", "Jane Smith", Activity::OnContact, 2);
    dialer_says(&mut app, 3, now_busy);
    assert!(keys(&mut app, 3, &[Action::Yes]).is_empty());
    assert!(logout_prompt(&app).objection.is_some_and(|text| text.contains("state changed")));
    assert!(matches!(logout_prompt(&app).confirmation, Confirmation::Typed(_)));
    types(&mut app, 3, "logout");
    assert_eq!(keys(&mut app, 3, &[Action::Open]).len(), 1);
}

#[test]
fn an_agent_who_left_before_the_answer_is_not_logged_out() {
    let mut app = app();
    select(&mut app, "jane");
    keys(&mut app, 1, &[Action::Logout]);
    let mut gone = usual();
    gone[0] = says("1", "Jane Smith", Activity::Offline, 2);
    dialer_says(&mut app, 3, gone);
    assert!(keys(&mut app, 3, &[Action::Yes]).is_empty());
    assert!(notice(&app).contains("nothing was sent"), "{}", notice(&app));
}

#[test]
fn a_person_without_a_convoso_id_says_why_it_cannot_be_done() {
    let mut app = app();
    select(&mut app, "ann");
    keys(&mut app, 1, &[Action::Logout]);
    assert!(app.prompt().is_none());
    assert!(notice(&app).contains("only Convoso can log an agent out"), "{}", notice(&app));
}

#[test]
fn a_read_only_or_kiosk_program_cannot_even_ask() {
    for station in [Station::ReadOnly, Station::Kiosk] {
        let mut app = app_at(station);
        dialer_says(&mut app, 0, usual());
        select(&mut app, "jane");
        assert!(keys(&mut app, 1, &[Action::Yes, Action::Logout]).is_empty());
        assert!(app.prompt().is_none());
        assert!(notice(&app).contains("nobody can be logged out from here"));
    }
}

/// A logout of Jane that went out at second 2.
fn sent(app: &mut App) -> Ticket {
    select(app, "jane");
    keys(app, 1, &[Action::Logout, Action::Yes]);
    let ticket = app.tracked()[0].ticket;
    for progress in [Progress::Journalled(AttemptId(7)), Progress::Sent(at(2))] {
        app.update(Message::Progress(ticket, progress), at(2));
    }
    ticket
}

fn without_jane() -> Vec<Observation> {
    usual().split_off(1)
}

fn tick_until_over(app: &mut App, from: i64, listed: impl Fn(i64) -> Vec<Observation>) -> Verdict {
    for now in (from..60).step_by(3) {
        dialer_says(app, now, listed(now));
        cx_says(app, now);
        if let Stage::Done(verdict) = &app.tracked()[0].stage {
            return verdict.clone();
        }
    }
    panic!("never over: {:?}", app.tracked());
}

#[test]
fn success_not_logged_in_and_silence_are_all_verified_by_readings() {
    let answers = [
        Answer::Accepted,
        Answer::NotLoggedIn("6012".to_owned()),
        Answer::NoAnswer("no answer within 10 s".to_owned()),
    ];
    for answer in answers {
        for (still_listed, verdict) in [(false, Verdict::Gone), (true, Verdict::StillHere)] {
            let mut app = app();
            let ticket = sent(&mut app);
            app.update(Message::Progress(ticket, Progress::Answered(answer.clone())), at(2));
            let listed = |_| if still_listed { usual() } else { without_jane() };
            assert_eq!(tick_until_over(&mut app, 3, listed), verdict, "{answer:?}");
        }
    }
}

#[test]
fn an_agent_who_comes_back_is_said_to_have_come_back() {
    let mut app = app();
    sent(&mut app);
    let listed = |now| if now < 12 { without_jane() } else { usual() };
    assert_eq!(tick_until_over(&mut app, 3, listed), Verdict::CameBack);
}

#[test]
fn without_readings_the_outcome_is_unknown_and_the_journal_hears_of_it() {
    let mut app = app();
    sent(&mut app);
    let effects = app.update(Message::Tick, at(32));
    assert!(
        matches!(
            &effects[..],
            [Effect::Conclude { id: AttemptId(7), verdict: Verdict::Unknown(_) }]
        ),
        "{effects:?}"
    );
}

#[test]
fn a_refusal_is_final_at_once() {
    let mut app = app();
    let ticket = sent(&mut app);
    let refused = Progress::Answered(Answer::Refused("6006: no such user".to_owned()));
    let effects = app.update(Message::Progress(ticket, refused), at(3));
    assert!(matches!(&effects[..], [Effect::Conclude { verdict: Verdict::Refused(_), .. }]));
}

#[test]
fn an_intent_that_cannot_be_written_means_that_nothing_was_sent() {
    let mut app = app();
    select(&mut app, "jane");
    keys(&mut app, 1, &[Action::Logout, Action::Yes]);
    let ticket = app.tracked()[0].ticket;
    let failed = Progress::NotJournalled("disk full".to_owned());
    assert!(app.update(Message::Progress(ticket, failed), at(2)).is_empty());
    assert!(matches!(&app.tracked()[0].stage, Stage::Done(Verdict::NotSent(_))));
}

#[test]
fn a_pasted_text_is_typed_without_its_control_characters() {
    let mut app = app();
    keys(&mut app, 0, &[Action::Search]);
    app.update(Message::Paste("ja\u{1b}[2Jne\n".to_owned()), at(0));
    assert_eq!(app.search(), "ja[2Jne");
}

#[test]
fn who_leaves_leaves_no_row_of_the_journal_open() {
    let mut app = app();
    sent(&mut app);
    let effects = app.abandon(at(5));
    assert!(
        matches!(
            &effects[..],
            [Effect::Conclude { id: AttemptId(7), verdict: Verdict::Unknown(_) }]
        ),
        "{effects:?}"
    );
    assert!(app.abandon(at(6)).is_empty());
}

#[test]
fn a_plain_question_becomes_a_typed_one_as_soon_as_the_state_wants_it() {
    let mut app = app();
    select(&mut app, "jane");
    keys(&mut app, 1, &[Action::Logout]);
    let mut now_busy = usual();
    now_busy[0] = says("1", "Jane Smith", Activity::OnContact, 2);
    dialer_says(&mut app, 3, now_busy);
    let prompt = logout_prompt(&app);
    assert!(matches!(prompt.confirmation, Confirmation::Typed(_)));
    assert!(prompt.consequence.contains("live call") && prompt.objection.is_some());
}

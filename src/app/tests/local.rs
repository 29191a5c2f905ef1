//! The program's own alerts on a floor without any WFM: a dialer and a schedule file.

use chrono::NaiveTime;

use super::*;
use crate::model::{
    AgentKey, AlertKey, AlertStatus, Archive, Duty, Entry, KnownAlert, Scheduled, Timetable,
};

/// Jane's shift begins at second 0, and lasts an hour. What earlier runs kept has not come back yet.
pub(super) fn started(station: Station) -> App {
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let person = |id: &str, agent: &str| RosterPerson {
        id: id.into(),
        name: format!("{id} smith"),
        team: None,
        email: None,
        timezone: None,
        ids: BTreeMap::from([("dialer".into(), agent.into())]),
    };
    let duty = |id: &str| Duty {
        person: id.into(),
        date: at(0).date_naive(),
        start: at(0).time(),
        end: at(3_600).time(),
        scheduled: Scheduled::Available,
    };
    let roster = Roster::new(vec![person("jane", "1"), person("bob", "2")]);
    let feed = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3));
    let timetable = Timetable::new(chrono_tz::UTC, [duty("jane"), duty("bob")]);
    let floor =
        Floor::new(identity, roster, vec![feed], Vec::new()).with_timetable(Some(timetable));
    let authority = Authority::grant(station == Station::ReadOnly, station == Station::Kiosk);
    App::new(floor, setup(station), authority)
}

/// As [`started`], where no earlier run has kept anything.
pub(super) fn scheduled(station: Station) -> App {
    let mut app = started(station);
    app.update(Message::NothingRestored, at(-900));
    app
}

/// What the dialer says of Jane; Bob is at work, since who is not listed has not come.
pub(super) fn jane(activity: Activity, since: i64) -> Vec<Observation> {
    vec![
        says("1", "Jane Smith", activity, since),
        says("2", "Bob Smith", Activity::Available, -900),
    ]
}

/// The alerts to be kept: the kind and the status.
pub(super) fn kept(effects: &[Effect]) -> Vec<(String, String)> {
    let entries = effects.iter().filter_map(|effect| match effect {
        Effect::Keep(entries) => Some(entries),
        _ => None,
    });
    let alerts = entries.flatten().filter_map(|entry| match entry {
        Entry::Alert(known) if known.key.source.is_own() => Some(&known.alert),
        _ => None,
    });
    alerts.map(|a| (a.kind.word().to_owned(), a.status.word().to_owned())).collect()
}

pub(super) fn word(kind: &str, status: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), status.to_owned())]
}

pub(super) fn only(app: &App) -> KnownAlert {
    let all: Vec<_> = app.live_floor().alerts().all().collect();
    assert_eq!(all.len(), 1, "{all:?}");
    all[0].clone()
}

/// Jane is late, and the alert about it has been raised.
pub(super) fn late(station: Station) -> App {
    let mut app = scheduled(station);
    dialer_says(&mut app, 118, jane(Activity::Offline, -900));
    let effects = dialer_says(&mut app, 121, jane(Activity::Offline, -900));
    assert_eq!(kept(&effects), word("late_start", "active"));
    keys(&mut app, 121, &[Action::Alerts]);
    app
}

#[test]
fn an_alarm_becomes_an_alert_of_our_own_and_clears_itself() {
    let mut app = late(Station::Desk);
    assert_eq!(app.active_alerts(), Some((1, false)));
    let row = &app.alert_rows()[0];
    assert_eq!((row.person.clone(), row.key.source.as_str()), (Some("jane".into()), "floorwatch"));
    assert_eq!(only(&app).alert.message, "not there, the shift began at 16:00; grace 2:00");
    assert!(kept(&dialer_says(&mut app, 124, jane(Activity::Offline, -900))).is_empty());
    let effects = dialer_says(&mut app, 127, jane(Activity::Available, 126));
    assert_eq!(kept(&effects), word("late_start", "resolved"));
    let notes = only(&app).alert.notes;
    assert_eq!(notes.as_deref(), Some("cleared by itself: as scheduled again"));
    assert_eq!((app.active_alerts(), app.alert_rows().len()), (Some((0, false)), 0));
    keys(&mut app, 128, &[Action::Filter, Action::Filter]);
    assert_eq!((app.alert_scope(), app.alert_rows().len()), (AlertScope::Resolved, 1));
}

#[test]
fn time_alone_raises_it_too_also_while_the_picture_is_frozen() {
    let mut app = scheduled(Station::Desk);
    dialer_says(&mut app, 115, jane(Activity::Offline, -900));
    keys(&mut app, 116, &[Action::Freeze]);
    assert!(kept(&app.update(Message::Tick, at(119))).is_empty());
    assert_eq!(kept(&app.update(Message::Tick, at(120))), word("late_start", "active"));
}

/// The deed on the selected alert is confirmed with these notes and reaches the journal.
fn deals(app: &mut App, action: Action, notes: &str, now: i64) -> Vec<Effect> {
    keys(app, now, &[action]);
    types(app, now, notes);
    let effects = keys(app, now, &[Action::Open]);
    let [Effect::Carry { ticket, order }] = &effects[..] else { panic!("{effects:?}") };
    assert!(order.is_local(), "nothing goes over the wire");
    assert_eq!(order.attempt().target, AgentKey::new("floorwatch".into(), "jane".into()));
    app.update(Message::Progress(*ticket, Progress::Journalled(AttemptId(7))), at(now))
}

#[test]
fn it_is_dealt_with_like_any_other_once_the_journal_has_it() {
    let mut app = late(Station::Desk);
    let effects = deals(&mut app, Action::Acknowledge, "called her", 130);
    assert!(matches!(&effects[0], Effect::Conclude { verdict: Verdict::Confirmed, .. }));
    assert_eq!(kept(&effects), word("late_start", "acknowledged"));
    let known = only(&app).alert;
    assert_eq!(
        (known.acknowledged_at, known.notes.as_deref()),
        (Some(at(130)), Some("called her"))
    );
    dialer_says(&mut app, 133, jane(Activity::Offline, -900));
    keys(&mut app, 133, &[Action::Filter]);
    assert_eq!(app.alert_rows().len(), 1);
    let effects = deals(&mut app, Action::Resolve, "", 134);
    assert_eq!(kept(&effects), word("late_start", "resolved"));
    assert_eq!(only(&app).alert.notes.as_deref(), Some("called her"), "they stay");
    assert!(kept(&dialer_says(&mut app, 600, jane(Activity::Offline, -900))).is_empty());
    assert_eq!(only(&app).alert.status, AlertStatus::Resolved, "it does not come back");
}

#[test]
fn without_a_journal_nothing_is_done() {
    let mut app = late(Station::Desk);
    let effects = keys(&mut app, 122, &[Action::Resolve, Action::Open]);
    let [Effect::Carry { ticket, .. }] = &effects[..] else { panic!("{effects:?}") };
    let failed = Progress::NotJournalled("disk full".to_owned());
    app.update(Message::Progress(*ticket, failed), at(122));
    assert_eq!(only(&app).alert.status, AlertStatus::Active);
    assert!(matches!(&app.tracked()[0].stage, Stage::Done(Verdict::NotSent(_))));
}

#[test]
fn one_that_cleared_itself_before_the_journal_answered_is_left_alone() {
    let mut app = late(Station::Desk);
    let effects = keys(&mut app, 122, &[Action::Acknowledge, Action::Open]);
    let [Effect::Carry { ticket, .. }] = &effects[..] else { panic!("{effects:?}") };
    let ticket = *ticket;
    dialer_says(&mut app, 124, jane(Activity::Available, 123));
    app.update(Message::Progress(ticket, Progress::Journalled(AttemptId(7))), at(125));
    assert!(matches!(&app.tracked()[0].stage, Stage::Done(Verdict::Overtaken(_))));
    assert_eq!(only(&app).alert.status, AlertStatus::Resolved);
}

#[test]
fn all_that_are_folded_are_done_one_after_the_other_without_a_pause() {
    let mut app = scheduled(Station::Desk);
    let both = || {
        let mut both = jane(Activity::Offline, -900);
        both[1] = says("2", "Bob Smith", Activity::Offline, -900);
        both
    };
    dialer_says(&mut app, 121, both());
    keys(&mut app, 121, &[Action::Alerts]);
    assert!(app.alert_rows()[0].is_fold(), "{:?}", app.alert_rows());
    let mut effects = keys(&mut app, 122, &[Action::Resolve, Action::Open]);
    for number in 1..=2 {
        let carry = effects.iter().find_map(|effect| match effect {
            Effect::Carry { ticket, .. } => Some(*ticket),
            _ => None,
        });
        let step = Progress::Journalled(AttemptId(number));
        effects = app.update(Message::Progress(carry.unwrap(), step), at(122));
    }
    assert!(app.live_floor().alerts().all().all(|k| k.alert.status == AlertStatus::Resolved));
}

#[test]
fn who_may_only_look_cannot_deal_with_our_own_either() {
    for station in [Station::ReadOnly, Station::Kiosk] {
        let mut app = late(station);
        assert!(keys(&mut app, 122, &[Action::Acknowledge, Action::Open]).is_empty());
        assert!(app.tracked().is_empty());
        assert_eq!(only(&app).alert.status, AlertStatus::Active);
    }
}

/// What earlier runs kept comes back: these alerts.
fn restored(app: &mut App, alerts: &[KnownAlert], now: i64) -> Vec<Effect> {
    let archive = Archive { alerts: alerts.to_vec(), ..Archive::default() };
    app.update(Message::Restored(Box::new(archive)), at(now))
}

#[test]
fn what_an_earlier_run_kept_goes_on_whether_it_comes_first_or_last() {
    let mut acknowledged = only(&late(Station::Desk));
    acknowledged.alert.status = AlertStatus::Acknowledged;
    let mut first = started(Station::Desk);
    restored(&mut first, std::slice::from_ref(&acknowledged), 300);
    assert!(kept(&dialer_says(&mut first, 301, jane(Activity::Offline, -900))).is_empty());
    let mut last = started(Station::Desk);
    assert!(kept(&dialer_says(&mut last, 299, jane(Activity::Offline, -900))).is_empty());
    assert_eq!(last.live_floor().alerts().all().count(), 0, "what was acknowledged does not ring");
    assert!(kept(&restored(&mut last, std::slice::from_ref(&acknowledged), 300)).is_empty());
    let mut late = scheduled(Station::Desk);
    dialer_says(&mut late, 299, jane(Activity::Offline, -900));
    let effects = restored(&mut late, &[acknowledged], 300);
    assert_eq!(kept(&effects), word("late_start", "acknowledged"), "what was kept anew is undone");
    for app in [first, last, late] {
        assert_eq!(only(&app).alert.status, AlertStatus::Acknowledged);
    }
}

#[test]
fn nothing_is_raised_before_it_is_known_what_earlier_runs_kept_or_that_there_is_nothing() {
    for station in [Station::Desk, Station::ReadOnly, Station::Kiosk] {
        let mut app = started(station);
        assert!(kept(&dialer_says(&mut app, 299, jane(Activity::Offline, -900))).is_empty());
        assert!(kept(&app.update(Message::Tick, at(300))).is_empty());
        let effects = app.update(Message::NothingRestored, at(301));
        assert_eq!(kept(&effects), word("late_start", "active"), "it is not held back for ever");
        let mut app = started(station);
        dialer_says(&mut app, 299, jane(Activity::Offline, -900));
        assert_eq!(kept(&restored(&mut app, &[], 300)), word("late_start", "active"));
    }
}

#[test]
fn it_is_opened_without_asking_anybody_and_is_in_doubt_when_the_telephony_is() {
    let mut app = late(Station::Desk);
    assert!(keys(&mut app, 122, &[Action::Open, Action::ReadNow, Action::Back]).is_empty());
    let key: AlertKey = only(&app).key;
    assert_eq!(app.alert_rows()[0].key, key);
    // Three missed readings later nobody knows where Jane is.
    assert!(keys(&mut app, 180, &[Action::Resolve, Action::Open]).is_empty());
    assert!(objection(&app).is_some_and(|text| text.contains("not current")));
}

#[test]
fn a_wall_shows_alerts_where_there_is_a_schedule_file() {
    let mut app = scheduled(Station::Kiosk);
    let pages: Vec<_> = [0, 15, 30, 45]
        .map(|now| {
            app.update(Message::Tick, at(now));
            app.page()
        })
        .into();
    assert_eq!(pages[3], Page::Alerts);
}

//! What the app asks to be kept of itself.

use super::*;
use crate::app::KeepingTrouble;
use crate::model::{Duty, Entry, Scheduled, Timetable};

/// How many people's plans a tick at `now` asks to keep.
fn planned(app: &mut App, now: i64) -> usize {
    let effects = app.update(Message::Tick, at(now));
    let kept = effects.into_iter().filter_map(|effect| match effect {
        Effect::Keep(entries) => Some(entries),
        _ => None,
    });
    kept.flatten().filter(|entry| matches!(entry, Entry::Plan { .. })).count()
}

#[test]
fn the_schedule_file_is_kept_at_the_start_and_when_another_day_begins() {
    let duty = |day: i64| Duty {
        person: "ann".into(),
        date: at(day * 86_400).date_naive(),
        start: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        end: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
        scheduled: Scheduled::Available,
    };
    let duties = vec![duty(0), duty(1)];
    let mut app = app();
    app.floor = app.floor.clone().with_timetable(Some(Timetable::new(chrono_tz::UTC, duties)));
    assert_eq!(planned(&mut app, 1), 1);
    assert_eq!(planned(&mut app, 2), 0);
    assert_eq!(planned(&mut app, 86_402), 1);
    assert_eq!(planned(&mut app, 86_403), 0);
    assert_eq!(
        planned(
            &mut App::new(app.floor.clone(), setup(Station::Desk), Authority::grant(true, false)),
            10 * 86_400
        ),
        0
    );
}

#[test]
fn that_a_damaged_journal_was_set_aside_stands_until_it_has_been_seen() {
    let mut app = app();
    app.update(Message::SetAside("it is now called otherwise".to_owned()), at(10));
    assert_eq!(notice(&app), "it is now called otherwise");
    app.update(Message::Tick, at(600));
    assert_eq!((notice(&app), app.set_aside_at()), ("", Some(at(10))), "after a coffee");
    keys(&mut app, 601, &[Action::Help, Action::Back, Action::Down]);
    assert_eq!(app.set_aside_at(), Some(at(10)), "what lay over it was put away");
    app.filter.lost = true;
    keys(&mut app, 602, &[Action::Back]);
    assert_eq!((app.set_aside_at(), app.filter.lost), (None, true));
    keys(&mut app, 603, &[Action::Back]);
    assert!(!app.filter.lost, "the key does again what it does");
}

#[test]
fn on_a_wall_it_stands_until_the_day_ends() {
    let mut app = app_at(Station::Kiosk);
    app.update(Message::SetAside("it is now called otherwise".to_owned()), at(10));
    let ends = app.floor.day_start(at(10)) + TimeDelta::days(1);
    app.update(Message::Tick, ends - TimeDelta::seconds(1));
    assert_eq!(app.set_aside_at(), Some(at(10)));
    app.update(Message::Tick, ends);
    assert_eq!(app.set_aside_at(), None);
}

#[test]
fn that_nothing_is_kept_stands_as_long_as_it_is_so() {
    let mut app = app();
    let trouble = KeepingTrouble { why: "disk full".to_owned(), since: at(5) };
    app.update(Message::Keeping(Some(trouble.clone())), at(10));
    keys(&mut app, 11, &[Action::Back, Action::Down]);
    app.update(Message::Tick, at(200_000));
    assert_eq!(app.keeping(), Some(&trouble));
    app.update(Message::Keeping(None), at(200_001));
    assert_eq!(app.keeping(), None);
}

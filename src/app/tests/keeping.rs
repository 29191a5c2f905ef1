//! What the app asks to be kept of itself.

use super::*;
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

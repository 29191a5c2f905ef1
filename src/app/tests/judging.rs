//! When everybody is judged anew, and that whoever is not stands as they would.

use proptest::prelude::*;

use super::*;
use crate::model::{Failure, FailureKind};

fn dialer_reading(now: DateTime<Utc>, observations: Vec<Observation>) -> Message {
    let body = Body::Agents {
        observations,
        coverage: Coverage::Whole { declared: None },
        summary: None,
        histories: Vec::new(),
    };
    let reading = Reading { source: "dialer".into(), taken_at: now, as_of: now, skipped: 0, body };
    told("dialer", now, Outcome::Read(reading))
}

/// The usual people, but one of them has just begun something else.
fn one_changed(now: DateTime<Utc>, who: usize, activity: &Activity) -> Message {
    let mut all = usual();
    all[who].activity = activity.clone();
    all[who].since = Some(now);
    dialer_reading(now, all)
}

fn failure(now: DateTime<Utc>) -> Message {
    let text = "HTTP 503".to_owned();
    told("dialer", now, Outcome::Failed(Failure { kind: FailureKind::Transient, text }))
}

fn in_floors_order(app: &App) -> Vec<Row> {
    let mut rows = app.rows.clone();
    rows.sort_by_key(|row| row.person);
    rows
}

#[test]
fn messages_that_come_together_are_judged_together() {
    let mut app = app();
    let before = in_floors_order(&app);
    app.take_in(dialer_reading(at(3), usual()), at(3));
    app.take_in(one_changed(at(3), 0, &Activity::Ringing), at(3));
    assert_eq!(in_floors_order(&app), before, "nobody sees what lies between");
    app.catch_up(at(3));
    let ringing = app.rows.iter().filter(|row| row.headline.activity == Activity::Ringing);
    assert_eq!(ringing.count(), 1);
}

#[test]
fn a_key_that_only_moves_judges_nobody_for_as_long_as_a_tick_takes() {
    let mut app = app();
    keys(&mut app, 3, &[Action::Sort]);
    let moved = at(3) + TimeDelta::milliseconds(999);
    app.update(Message::Action(Action::Down), moved);
    assert_eq!((app.judged_at, app.selected_row()), (Some(at(3)), Some(1)));
    keys(&mut app, 4, &[Action::Down]);
    assert_eq!((app.judged_at, app.selected_row()), (Some(at(4)), Some(2)));
    // Nor where the clock was set back.
    keys(&mut app, 2, &[Action::Down]);
    assert_eq!(app.judged_at, Some(at(2)));
}

#[test]
fn whoever_falls_silent_is_stale_with_the_first_tick_after_it() {
    let mut app = app();
    let silent = |app: &App, now| app.totals(at(now)).stale.all();
    app.update(Message::Tick, at(10));
    keys(&mut app, 10, &[Action::Down]);
    assert_eq!(silent(&app, 10), 0);
    app.update(Message::Tick, at(11));
    assert_eq!((silent(&app, 11), app.rows.len()), (4, 5), "the dialer's four");
}

fn activity() -> impl Strategy<Value = Activity> {
    prop_oneof![
        Just(Activity::Available),
        Just(Activity::OnContact),
        Just(Activity::Away(Reason::Lunch)),
        Just(Activity::Offline),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everybody_stands_as_judged_from_scratch_a_moment_ago(
        steps in prop::collection::vec((0usize..8, 0usize..4, activity(), 0i64..2_500), 1..30),
    ) {
        let mut app = app();
        let mut now = at(0);
        for (what, who, activity, after) in steps {
            now += TimeDelta::milliseconds(after);
            match what {
                0 | 1 => drop(app.take_in(one_changed(now, who, &activity), now)),
                2 => drop(app.take_in(failure(now), now)),
                3 => drop(app.take_in(Message::Tick, now)),
                4 => drop(app.update(Message::Tick, now)),
                5 => drop(app.update(Message::Action(Action::Reverse), now)),
                _ => drop(app.update(Message::Action(Action::Down), now)),
            }
            // What was taken in is seen by nobody before this.
            app.catch_up(now);
            let judged_at = app.judged_at.unwrap();
            prop_assert!(judged_at <= now && now - judged_at < TimeDelta::seconds(1));
            prop_assert_eq!(in_floors_order(&app), app.rows_of(&app.floor, judged_at));
            prop_assert_eq!(app.totals(now), app.floor.totals(judged_at));
        }
    }
}

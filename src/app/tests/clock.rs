//! The machine's clock is set while the program runs.

use super::alerts::alert;
use super::*;
use crate::app::KeepingTrouble;
use crate::model::{AlertKey, AlertStatus, Entry, KnownAlert, SourceName};

const STEPS: [i64; 8] = [-7200, -3600, -20, -5, 5, 20, 3600, 7200];

/// A report of the dialer whose clock is `offset` seconds ahead of ours.
fn dialer_ahead(app: &mut App, as_of: i64, offset: i64) {
    let body = Body::Agents {
        observations: usual(),
        coverage: Coverage::Whole { declared: None },
        summary: None,
        histories: Vec::new(),
    };
    let reading = Reading {
        source: "dialer".into(),
        taken_at: at(as_of),
        as_of: at(as_of),
        skipped: 0,
        body,
    };
    let Message::Report(mut report) = told("dialer", at(as_of), Outcome::Read(reading)) else {
        panic!()
    };
    report.clock_offset = Some(TimeDelta::seconds(offset));
    app.update(Message::Report(report), at(as_of));
}

fn times(app: &App, now: i64) -> Vec<(String, Option<i64>, bool)> {
    let (floor, _) = app.shown(at(now));
    let mut times: Vec<_> = floor
        .people()
        .iter()
        .map(|person| {
            let headline = floor.headline(person, at(now));
            let time = headline.since.map(|since| (at(now) - since).num_seconds());
            (person.name.clone(), time, headline.is_stale())
        })
        .collect();
    times.sort();
    times
}

#[test]
fn a_clock_that_was_put_right_is_followed_and_no_time_in_state_changes() {
    for step in STEPS {
        let mut app = app();
        dialer_ahead(&mut app, 3, step);
        let (before, shown) = (times(&app, 4), app.rows().len());
        let by = TimeDelta::seconds(step);
        let Some(Effect::Keep(entries)) = app.clock_was_set(by, at(4)) else { panic!("{step}") };
        let [Entry::ClockSet(set)] = &entries[..] else { panic!("{step}: {entries:?}") };
        assert_eq!((set.at, set.by), (at(4), by), "the journal follows");
        let effects = app.update(Message::Tick, at(4 + step));
        assert!(effects.iter().all(|effect| matches!(effect, Effect::Keep(_))), "{effects:?}");
        assert_eq!(times(&app, 4 + step), before, "{step}");
        assert_eq!(app.rows().len(), shown);
        let feed = app.live_floor().feed(&SourceName::from("dialer")).unwrap();
        assert_eq!(feed.status(at(4 + step)), FeedStatus::Live);
        assert_eq!(feed.clock_offset, Some(TimeDelta::zero()));
    }
}

#[test]
fn a_clock_that_was_put_wrong_is_not_followed_and_that_is_said_once() {
    for step in STEPS {
        let mut app = app();
        dialer_ahead(&mut app, 3, 0);
        let before = times(&app, 4);
        assert!(app.clock_was_set(TimeDelta::seconds(step), at(4)).is_none(), "{step}");
        assert_eq!(times(&app, 4), before);
        let said = app.notice().unwrap().text.clone();
        assert!(said.starts_with("this machine's clock is "), "{said}");
        assert!(said.ends_with(": the times shown go by theirs"), "the log's do not: {said}");
        app.update(Message::Tick, at(20));
        assert!(app.notice().is_none());
        assert!(app.clock_was_set(TimeDelta::seconds(step), at(21)).is_none());
        assert!(app.notice().is_none(), "{step}: it has been said");
    }
}

#[test]
fn what_the_journal_was_last_heard_of_moves_with_a_clock_that_is_followed() {
    let mut app = app();
    dialer_ahead(&mut app, 3, -7200);
    let trouble = KeepingTrouble { why: "disk full".to_owned(), since: at(2) };
    app.update(Message::Keeping(Some(trouble)), at(3));
    let known = KnownAlert {
        key: AlertKey { source: SourceName::own(), id: "a".into() },
        alert: alert("a", "ann", AlertStatus::Active, 1),
        as_of: at(2),
        listed: true,
    };
    app.update(Message::OwnAlerts(vec![known]), at(3));
    assert!(app.clock_was_set(TimeDelta::hours(-2), at(4)).is_some());
    assert_eq!(app.keeping().map(|trouble| trouble.since), Some(at(2 - 7200)));
    assert_eq!(
        (app.born[0].as_of, app.born[0].alert.created_at),
        (at(2 - 7200), Some(at(1 - 7200)))
    );
}

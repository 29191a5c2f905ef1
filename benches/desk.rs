//! What one message, one tick, one key and one frame cost on a floor of ten thousand people, of whom
//! everybody is known to a dialer and to a WFM.

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use floorwatch::action::Action;
use floorwatch::app::{App, Message, Names, Setup, Station};
use floorwatch::keymap::Keymap;
use floorwatch::model::{
    Activity, Body, Coverage, Feed, Floor, FloorIdentity, Observation, Outcome, Reading, Reason,
    Report, Roster, RosterPerson, ScheduleState, Scheduled, SourceKind, Work,
};
use floorwatch::rules::Limits;
use floorwatch::theme::Symbols;
use floorwatch::view;

const PEOPLE: usize = 10_000;

const QUEUES: usize = 40;

fn activity(index: usize) -> Activity {
    match index % 5 {
        0 => Activity::Available,
        1 | 2 => Activity::OnContact,
        3 => Activity::WrapUp,
        _ => Activity::Away(Reason::Break),
    }
}

fn floor() -> Floor {
    let identity = FloorIdentity {
        name: "Bench".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let feeds = vec![
        Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(3)),
        Feed::new("wfm".into(), SourceKind::Wfm, TimeDelta::seconds(15)),
    ];
    let person = |index: usize| RosterPerson {
        id: format!("person-{index}").into(),
        name: format!("Person {index}"),
        team: Some(format!("Team {}", index % 50)),
        email: None,
        timezone: None,
        ids: ["dialer", "wfm"].map(|source| (source.into(), index.to_string().into())).into(),
    };
    Floor::new(identity, Roster::new((0..PEOPLE).map(person).collect()), feeds, Vec::new())
}

/// A report of everybody; those before `changed` have just begun something else.
fn report(source: &str, now: DateTime<Utc>, step: usize, changed: usize) -> Message {
    let is_wfm = source == "wfm";
    let observation = |index: usize| {
        let (since, activity) = if index < changed {
            (now, activity(index + step))
        } else {
            (
                now - TimeDelta::seconds(i64::try_from(index % 900).unwrap_or_default()),
                activity(index),
            )
        };
        let queue = index % QUEUES;
        let work = Work {
            campaign_id: Some("1".to_owned()),
            queue_id: Some(queue.to_string()),
            queue: Some(format!("Queue {queue}")),
            ..Work::default()
        };
        let schedule = ScheduleState {
            scheduled: Some(Scheduled::Available),
            adherent: Some(index % 10 != 4),
            shift: None,
        };
        Observation {
            since: Some(since),
            work: if is_wfm { Work::default() } else { work },
            schedule: is_wfm.then_some(schedule),
            ..Observation::of(index.to_string(), activity, "STATE")
        }
    };
    let body = Body::Agents {
        observations: (0..PEOPLE).map(observation).collect(),
        coverage: if is_wfm { Coverage::Part } else { Coverage::Whole { declared: None } },
        summary: None,
        histories: Vec::new(),
    };
    let reading = Reading { source: source.into(), taken_at: now, as_of: now, skipped: 0, body };
    Message::Report(Box::new(Report {
        source: source.into(),
        at: now,
        next_at: Some(now),
        clock_offset: None,
        took: TimeDelta::zero(),
        way_back: None,
        unread: Vec::new(),
        outcome: Outcome::Read(reading),
    }))
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// The middle one of several runs.
fn middle(runs: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = runs.collect();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let Some(begun) = DateTime::from_timestamp(1_772_402_400, 0) else { return };
    let Ok(keymap) = Keymap::embedded() else { return };
    let setup = Setup {
        limits: Limits::default(),
        station: Station::Desk,
        rotate: TimeDelta::seconds(15),
        names: Names::Full,
        operator: "bench".to_owned(),
        host: "bench".to_owned(),
        themes: vec!["dark".to_owned()],
    };
    let mut app = App::new(floor(), setup, None);
    let mut now = begun;
    for _ in 0..20 {
        now += TimeDelta::seconds(3);
        for source in ["wfm", "dialer"] {
            app.update(report(source, now, 0, 0), now);
        }
    }
    let mut cost = |runs: usize, mut message: Box<dyn FnMut(usize, DateTime<Utc>) -> Message>| {
        middle((0..runs).map(|step| {
            now += TimeDelta::milliseconds(100);
            let message = message(step, now);
            timed(|| drop(black_box(app.update(message, now))))
        }))
    };
    let same = cost(21, Box::new(|_, now| report("dialer", now, 0, 0)));
    let hundred = cost(21, Box::new(|step, now| report("dialer", now, step, 100)));
    let tick = cost(21, Box::new(|_, _| Message::Tick));
    let key = cost(21, Box::new(|_, _| Message::Action(Action::Down)));
    let frame = middle((0..21).map(|_| {
        timed(|| drop(black_box(view::screen(&app, &keymap, Symbols::Unicode, now, 160, 50))))
    }));
    let queues = middle((0..21).map(|_| timed(|| drop(black_box(app.live_floor().queues())))));
    let totals = middle((0..21).map(|_| {
        timed(|| {
            black_box(app.live_floor().totals(now));
        })
    }));
    println!("{PEOPLE} people at two sources");
    println!("a reading of everybody, nothing new  {same:?}");
    println!("a reading of everybody, 100 changed  {hundred:?}");
    println!("a tick                               {tick:?}");
    println!("a key                                {key:?}");
    println!("a frame                              {frame:?}");
    println!("the queues counted                   {queues:?}");
    println!("the totals                           {totals:?}");
}

//! What an update of the ledger costs on a floor of ten thousand people with a day behind them, beside
//! what changed: nobody, one, a hundred; and beside reckoning everybody anew.

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use floorwatch::model::{
    Activity, AgentHistory, Body, Change, Coverage, Evidence, Feed, Floor, FloorIdentity,
    Observation, Reading, Reason, Roster, SourceKind, Spell,
};
use floorwatch::rules::{Ledger, figures_over};

const PEOPLE: usize = 10_000;

/// Spells of each person's day: eight hours of a contact and its wrap-up every three minutes.
const SPELLS: i64 = 480;

const LENGTH: TimeDelta = TimeDelta::seconds(60);

fn activity(index: i64) -> Activity {
    match index % 24 {
        23 => Activity::Away(Reason::Break),
        n if n % 3 == 0 => Activity::Available,
        n if n % 3 == 1 => Activity::OnContact,
        _ => Activity::WrapUp,
    }
}

fn history(agent: usize, now: DateTime<Utc>) -> AgentHistory {
    let from = now - LENGTH * i32::try_from(SPELLS).unwrap_or(i32::MAX);
    let spells = (0..SPELLS).map(|index| Spell {
        since: from + LENGTH * i32::try_from(index).unwrap_or(i32::MAX),
        until: None,
        activity: activity(index),
        evidence: Evidence::Observed,
        raw: "state".into(),
        doubt: None,
    });
    let agent = agent.to_string().into();
    AgentHistory { agent, name: None, from, until: now, spells: spells.collect(), connection: None }
}

/// A reading of everybody; those before `changed` do something else than before.
fn reading(now: DateTime<Utc>, step: i64, changed: usize, histories: Vec<AgentHistory>) -> Reading {
    let observation = |agent: usize| {
        let is_changed = agent < changed;
        let activity = activity(if is_changed { step } else { SPELLS - 1 });
        let since = if is_changed { now } else { now - LENGTH };
        Observation { since: Some(since), ..Observation::of(agent.to_string(), activity, "state") }
    };
    let body = Body::Agents {
        observations: (0..PEOPLE).map(observation).collect(),
        coverage: Coverage::Whole { declared: None },
        summary: None,
        histories,
    };
    Reading { source: "cx".into(), taken_at: now, as_of: now, skipped: 0, body }
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// The middle one of several runs.
fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// What an update costs in which the pasts of `changed` people are told otherwise for a minute.
fn update(ledger: &mut Ledger, floor: &Floor, changed: usize, now: &mut DateTime<Utc>) -> Duration {
    let runs = (0..51).map(|_| {
        *now += TimeDelta::milliseconds(1);
        let people = floor.people().iter().take(changed);
        let changes: Vec<_> = people
            .flat_map(floorwatch::model::Person::keys)
            .map(|agent| Change::Past { agent, from: *now - LENGTH })
            .collect();
        timed(|| ledger.update(floor, &changes, *now))
    });
    middle(runs.collect())
}

fn main() {
    let Some(mut now) = DateTime::from_timestamp(1_772_402_400, 0) else { return };
    let identity = FloorIdentity {
        name: "Bench".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let feed = Feed::new("cx".into(), SourceKind::CxEngage, TimeDelta::seconds(15));
    let mut floor = Floor::new(identity, Roster::default(), vec![feed], Vec::new());
    let histories = (0..PEOPLE).map(|agent| history(agent, now)).collect();
    let changes = floor.apply(reading(now, SPELLS - 1, 0, histories), now);
    now += TimeDelta::seconds(1);

    let mut ledger = Ledger::default();
    let first = timed(|| ledger.update(&floor, &changes, now));
    now += TimeDelta::seconds(1);
    ledger.update(&floor, &[], now);

    let none = update(&mut ledger, &floor, 0, &mut now);
    let one = update(&mut ledger, &floor, 1, &mut now);
    let hundred = update(&mut ledger, &floor, 100, &mut now);
    let changes = floor.apply(reading(now, 1, 1, Vec::new()), now);
    now += TimeDelta::milliseconds(1);
    let read = timed(|| ledger.update(&floor, &changes, now));
    let asked = middle((0..11).map(|_| timed(|| drop(black_box(ledger.floor(now))))).collect());
    let since = floor.day_start(now);
    let all = timed(|| {
        for person in floor.people() {
            black_box(figures_over(&floor, person, since, now, now));
        }
    });

    let ratio = |whole: Duration, part: Duration| whole.as_secs_f64() / part.as_secs_f64();
    println!("{PEOPLE} people, {SPELLS} spells each");
    println!("first update                  {first:?}");
    println!("update, nothing changed       {none:?}");
    println!("update, 1 changed             {one:?}");
    println!("update, 100 changed           {hundred:?}");
    println!("update, a reading of everybody {read:?}");
    println!("everybody's figures together  {asked:?}");
    println!("everybody anew                {all:?}");
    println!("100 changed : 1 changed       {:.1}", ratio(hundred, one));
    println!("everybody anew : 1 changed    {:.0}", ratio(all, one));
    println!("everybody anew : 100 changed  {:.0}", ratio(all, hundred));
}

//! What a day of the floor takes on disk, written as the running program writes it. The usual run is small;
//! `AGENTS=10000 cargo test --test journal -- --nocapture` measures a whole floor.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::journal::Journal;
use floorwatch::model::{Activity, AgentKey, Entry, Evidence, Layer, Spell};

/// A shift of calls: offered, talked, wrapped up, waited.
const CALLS: i64 = 80;
const STATES: [Activity; 4] =
    [Activity::Ringing, Activity::OnContact, Activity::WrapUp, Activity::Available];

/// As the program hands them over.
const BATCH: usize = 1_000;

fn now() -> DateTime<Utc> {
    "2026-03-01T09:00:00Z".parse().unwrap()
}

/// What the readings show of one state of one agent: first that it goes on, later when it ended.
fn entries(agent: i64, number: i64) -> [Entry; 2] {
    let length = TimeDelta::milliseconds(90_000 + (agent * 7_919 + number * 104_729) % 977);
    let since = now() + TimeDelta::seconds(90 * number) + TimeDelta::milliseconds(agent % 997);
    let key = AgentKey::new("dialer".into(), agent.to_string().as_str().into());
    let state = usize::try_from(number).unwrap() % STATES.len();
    let spell = |until| Entry::Spell {
        agent: key.clone(),
        layer: Layer::Watched,
        spell: Spell {
            since,
            until,
            activity: STATES[state].clone(),
            evidence: Evidence::Observed,
            raw: ["RING", "INCALL", "WRAPUP", "READY"][state].into(),
            doubt: None,
        },
    };
    [spell(None), spell(Some(since + length))]
}

#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let begun = Instant::now();
    let done = work.await;
    (done, begun.elapsed())
}

#[tokio::test]
async fn a_day_of_an_agent_takes_a_few_kilobytes() {
    let agents: i64 = std::env::var("AGENTS").map_or(50, |agents| agents.parse().unwrap());
    let spells = CALLS * i64::try_from(STATES.len()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("Tampa.sqlite");
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    let (mut writing, mut longest, mut written) = (Duration::ZERO, Duration::ZERO, 0);
    let mut batch = Vec::with_capacity(BATCH);
    for number in 0..spells {
        for agent in 0..agents {
            batch.extend(entries(agent, number));
            if batch.len() >= BATCH || (number, agent) == (spells - 1, agents - 1) {
                written += batch.len();
                let (kept, took) = timed(handle.keep(std::mem::take(&mut batch))).await;
                kept.unwrap();
                writing += took;
                longest = longest.max(took);
            }
        }
    }
    let day = handle.archive(now(), now() + TimeDelta::days(1));
    let (archive, reading) = timed(day).await;
    assert_eq!(archive.unwrap().spells.len(), usize::try_from(agents * spells).unwrap());
    let (forgotten, forgetting) = timed(handle.forget(now() + TimeDelta::hours(4))).await;
    forgotten.unwrap();
    journal.close();

    let bytes = std::fs::metadata(&path).unwrap().len();
    let rows = u64::try_from(agents * spells).unwrap();
    let rate = f64::from(u32::try_from(written).unwrap()) / writing.as_secs_f64();
    println!(
        "{agents} agents, {spells} spells each: {written} entries kept at {rate:.0} a second, a batch of \
         {BATCH} in {longest:?} at most; {:.1} MB, {} bytes a spell; a day read in {reading:?}; half of it \
         forgotten in {forgetting:?}",
        bytes as f64 / 1e6,
        bytes / rows,
    );
    assert!(bytes < 100 * rows, "{bytes} bytes for {rows} spells");
}

//! What a run has kept, told by another clock: the machine's was set, and the same instants have other
//! names from now on.
//!
//! What goes on has no end yet, and would last for as long as the step; after a step back what was kept
//! would come after what happens now. Every program that watches the floor from one machine follows the
//! same step: each moves the rows that are its own, and an alert is moved by the first.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::alerts;
use super::content::Track;
use super::instant::millis;
use crate::model::{AgentKey, ClockSet, WINDOW_JITTER};

/// What began earlier is not told again: a row of a run that went on for weeks stays as it is.
const MOVED: TimeDelta = TimeDelta::hours(48);

/// Two readings of one beginning are no further apart. A smaller step, which a machine may take every hour
/// that is not corrected little by little, is not worth two days of a large floor written anew: only what
/// goes on is moved.
const LEAST: TimeDelta = TimeDelta::seconds(10);

/// Moves what `run` has kept as the clock was set.
pub(super) fn keep(connection: &Connection, run: i64, set: &ClockSet) -> rusqlite::Result<()> {
    let (by, after) = (set.by.num_milliseconds(), millis(set.at - MOVED));
    let agents: Vec<i64> = {
        let mut statement = connection.prepare_cached("SELECT id FROM agents")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    for agent in agents {
        for track in Track::ALL {
            let is_small = set.by.abs() <= LEAST;
            if track.is_watched() || !is_small {
                spells(connection, (agent, track), run, (after, is_small), by)?;
            }
        }
    }
    let reads = "UPDATE reads SET since = since + ?2, until = until + ?2 WHERE run = ?1";
    connection.execute(reads, [run, by])?;
    for known in &set.alerts {
        alerts::move_by(connection, known, set.by)?;
    }
    for (agent, began) in &set.days {
        day(connection, agent, *began)?;
    }
    calls(connection, millis(set.at) + by)
}

/// Moves the rows of one track that begin after `after`, and the one that reaches into that; perhaps only
/// those without an end.
fn spells(
    connection: &Connection,
    (agent, track): (i64, Track),
    run: i64,
    (after, only_open): (i64, bool),
    by: i64,
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM spells
               WHERE agent = ?1 AND track = ?2 AND run = ?3
                   AND (until IS NULL OR NOT ?5) AND since >= coalesce(
                   (SELECT max(since) FROM spells WHERE agent = ?1 AND track = ?2 AND since < ?4), ?4)
               RETURNING since, until, content";
    let mut statement = connection.prepare_cached(sql)?;
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let rows = statement.query_map(params![agent, track as i64, run, after, only_open], row)?;
    let rows: Vec<(i64, Option<i64>, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    let sql = "INSERT INTO spells (agent, track, since, until, content, run)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (agent, track, since) DO UPDATE SET
                   until = excluded.until, content = excluded.content, run = excluded.run";
    let mut statement = connection.prepare_cached(sql)?;
    for (since, until, content) in rows {
        let until = until.map(|until| until + by);
        statement.execute(params![agent, track as i64, since + by, until, content, run])?;
    }
    Ok(())
}

/// Forgets what was kept of the vendor's day that was said to begin at `began`.
fn day(connection: &Connection, key: &AgentKey, began: DateTime<Utc>) -> rusqlite::Result<()> {
    let (source, agent) = (key.source.as_str(), key.agent.as_str());
    let sums = "DELETE FROM sums WHERE since = ?3
                    AND agent = (SELECT id FROM agents WHERE source = ?1 AND agent = ?2)";
    connection.prepare_cached(sums)?.execute(params![source, agent, millis(began)])?;
    // What it says is kept once for one window, however exactly that was read.
    let said = "DELETE FROM adherence WHERE since BETWEEN ?3 - ?4 AND ?3 + ?4
                    AND agent = (SELECT id FROM agents WHERE source = ?1 AND agent = ?2)";
    let jitter = WINDOW_JITTER.num_milliseconds();
    connection
        .prepare_cached(said)?
        .execute(params![source, agent, millis(began), jitter])
        .map(drop)
}

/// Sees to it that no counters are later than `now`, which would be taken for the newest of their day
/// until the time has caught up with them.
fn calls(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM calls WHERE at > ?1", [now])?;
    connection.execute("UPDATE call_days SET at = ?1 WHERE at > ?1", [now]).map(drop)
}

//! Forgetting what is too old: in small pieces, so that whatever has to be written at once, an
//! intent above all, does not wait. What was done to agents and alerts is never forgotten.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::actions::stamp;
use super::archive::next_after;
use super::book::Page;
use super::content::Track;
use super::coverage::Coverage;
use super::instant::millis;
use super::{alerts, calls};

/// Rows deleted in one piece, about: some ten milliseconds.
const PIECE: i64 = 2_000;

/// Agents looked at in one piece.
const AGENTS: i64 = 500;

/// How far the forgetting has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    before: DateTime<Utc>,
    /// The agents up to this number are done; none when all are.
    agent: Option<i64>,
}

impl Progress {
    pub(super) fn beginning(before: DateTime<Utc>) -> Self {
        Self { before, agent: Some(0) }
    }
}

/// Forgets one piece; what is left to do, none at the end.
pub(super) fn piece(page: &mut Page, at: Progress) -> rusqlite::Result<Option<Progress>> {
    let transaction = page.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let left = match at.agent {
        Some(after) => {
            let agent = some_agents(&transaction, millis(at.before), after)?;
            Some(Progress { agent, ..at })
        }
        None => the_rest(&transaction, at.before)?.then_some(at),
    };
    transaction.commit()?;
    Ok(left)
}

/// Forgets what is over of some agents behind number `after`; the last of them, none when there are no more.
fn some_agents(connection: &Connection, before: i64, after: i64) -> rusqlite::Result<Option<i64>> {
    let coverage = Coverage::read(connection)?;
    let sql = "SELECT id, source FROM agents WHERE id > ?1 ORDER BY id LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut agents = statement.query([after, AGENTS])?;
    let (mut last, mut deleted) = (None, 0);
    while let Some(row) = agents.next()? {
        let (agent, source): (i64, String) = (row.get(0)?, row.get(1)?);
        let mut of_agent = 0;
        for track in Track::ALL {
            of_agent += spells(connection, &coverage, (agent, &source), track, before)?;
        }
        let sums = "DELETE FROM sums WHERE agent = ?1 AND as_of < ?2";
        of_agent += connection.prepare_cached(sums)?.execute([agent, before])?;
        let adherence = "DELETE FROM adherence WHERE agent = ?1 AND as_of < ?2";
        of_agent += connection.prepare_cached(adherence)?.execute([agent, before])?;
        if of_agent > 0 {
            // Their name is forgotten with the last that is known of them.
            let sql = "DELETE FROM agents WHERE id = ?1
                           AND NOT EXISTS (SELECT 1 FROM spells WHERE agent = ?1)
                           AND NOT EXISTS (SELECT 1 FROM sums WHERE agent = ?1)
                           AND NOT EXISTS (SELECT 1 FROM adherence WHERE agent = ?1)";
            connection.prepare_cached(sql)?.execute([agent])?;
        }
        last = Some(agent);
        deleted += of_agent;
        if i64::try_from(deleted).unwrap_or(i64::MAX) >= PIECE {
            break;
        }
    }
    Ok(last)
}

/// Deletes the spells of one track that were over before `before`; how many.
fn spells(
    connection: &Connection,
    coverage: &Coverage,
    (agent, source): (i64, &str),
    track: Track,
    before: i64,
) -> rusqlite::Result<usize> {
    let newest = "SELECT since, until, run FROM spells
                  WHERE agent = ?1 AND track = ?2 AND since < ?3 ORDER BY since DESC LIMIT 1";
    let last: Option<(i64, Option<i64>, i64)> = connection
        .prepare_cached(newest)?
        .query_row(params![agent, track as i64, before], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((since, until, run)) = last else { return Ok(0) };
    let next = next_after(connection, agent, track, since)?;
    let read = || coverage.of(run, source).unwrap_or(since);
    let end = until.or_else(|| track.is_watched().then(read)).or(next);
    let is_over = end.is_some_and(|end| end < before) || next.is_some_and(|next| next <= before);
    // All before it have ended where it began, at the latest.
    let keep_from = if is_over { since + 1 } else { since };
    let sql = "DELETE FROM spells WHERE agent = ?1 AND track = ?2 AND since < ?3";
    connection.prepare_cached(sql)?.execute(params![agent, track as i64, keep_from])
}

/// Forgets some of what belongs to no agent; whether there is more.
fn the_rest(connection: &Connection, before: DateTime<Utc>) -> rusqlite::Result<bool> {
    let at = millis(before);
    let plans = "DELETE FROM plans WHERE (person, since) IN (
                     SELECT person, since FROM plans WHERE until < ?1 LIMIT ?2)";
    let contents = "DELETE FROM contents WHERE id IN (
                        SELECT id FROM contents WHERE uses = 0 LIMIT ?1)";
    let deleted = [
        connection.prepare_cached(plans)?.execute([at, PIECE])?,
        connection.prepare_cached(contents)?.execute([PIECE])?,
        calls::forget(connection, at, PIECE)?,
        alerts::forget(connection, at, PIECE)?,
    ];
    if deleted.iter().any(|rows| i64::try_from(*rows).unwrap_or(i64::MAX) >= PIECE) {
        return Ok(true);
    }
    // A run that ended long ago may have been joined without a break by one that still reads.
    let coverage = Coverage::read(connection)?;
    let mut statement = connection.prepare("SELECT run, source FROM reads WHERE until < ?1")?;
    let rows = statement.query_map([at], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for row in rows.collect::<rusqlite::Result<Vec<(i64, String)>>>()? {
        let (run, source) = &row;
        if coverage.of(*run, source).is_none_or(|end| end < at) {
            let sql = "DELETE FROM reads WHERE run = ?1 AND source = ?2 AND until < ?3";
            connection.execute(sql, params![run, source, at])?;
        }
    }
    let runs = "DELETE FROM runs WHERE started_at < ?1
                    AND NOT EXISTS (SELECT 1 FROM reads WHERE reads.run = runs.id)";
    connection.execute(runs, [stamp(before)])?;
    Ok(false)
}

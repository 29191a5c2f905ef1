//! Every change of an alert.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::content::{alert, json, read};
use super::instant::millis;
use super::own_alerts;
use crate::model::{Alert, AlertId, AlertStatus, KnownAlert, SourceName};

/// Writes how an alert stands. What is older than what is known already is kept too, but is not how
/// it stands.
pub(super) fn keep(connection: &Connection, known: &KnownAlert) -> rusqlite::Result<()> {
    let is_own = known.key.source.is_own();
    let own = if is_own { own_alerts::identified(connection, known)? } else { None };
    let known = match &own {
        Some(own) => own,
        None if is_own => return Ok(()),
        None => known,
    };
    let (source, id, at) = (known.key.source.as_str(), known.key.id.as_str(), millis(known.as_of));
    if is_own && !is_told_first(connection, known)? {
        return Ok(());
    }
    let older = "UPDATE alerts SET is_newest = 0
                 WHERE source = ?1 AND id = ?2 AND at < ?3 AND is_newest";
    connection.prepare_cached(older)?.execute(params![source, id, at])?;
    let sql = "INSERT OR REPLACE INTO alerts (source, id, at, is_newest, is_open, listed, json)
               VALUES (?1, ?2, ?3,
                   NOT EXISTS (SELECT 1 FROM alerts WHERE source = ?1 AND id = ?2 AND at > ?3),
                   ?4, ?5, ?6)";
    let values = params![source, id, at, wants_somebody(known), known.listed, json(&known.alert)?];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

/// Whether this is the first to tell that one of our own alerts stands so. Every program that watches the
/// floor raises and clears the same ones, each a moment before or after the others, and tells of a deed
/// that it has heard of: each change is kept once, as of the first. What somebody has seen is not
/// active again by a program that had not heard of it.
fn is_told_first(connection: &Connection, known: &KnownAlert) -> rusqlite::Result<bool> {
    let status = known.alert.status.word();
    let (source, id, at) = (known.key.source.as_str(), known.key.id.as_str(), millis(known.as_of));
    let before = "SELECT json_extract(json, '$.status') FROM alerts
                  WHERE source = ?1 AND id = ?2 AND at <= ?3 ORDER BY at DESC LIMIT 1";
    let mut statement = connection.prepare_cached(before)?;
    let before: Option<Option<String>> =
        statement.query_row(params![source, id, at], |row| row.get(0)).optional()?;
    if let Some(before) = before.flatten() {
        let is_seen =
            before == AlertStatus::Acknowledged.word() && known.alert.status == AlertStatus::Active;
        if before == status || is_seen {
            return Ok(false);
        }
    }
    let again = "DELETE FROM alerts WHERE source = ?1 AND id = ?2
                     AND at = (SELECT min(at) FROM alerts
                               WHERE source = ?1 AND id = ?2 AND at > ?3)
                     AND json_extract(json, '$.status') = ?4";
    connection.prepare_cached(again)?.execute(params![source, id, at, status])?;
    Ok(true)
}

/// Moves every change of `known`, as it stood before the clock was set by `by`. Another program may have
/// done so already: when the alert was raised tells.
pub(super) fn move_by(
    connection: &Connection,
    known: &KnownAlert,
    by: TimeDelta,
) -> rusqlite::Result<()> {
    let (source, id) = (&known.key.source, &known.key.id);
    let Some(kept) = newest(connection, source, id)? else { return Ok(()) };
    let raised = known.alert.created_at.zip(kept.alert.created_at);
    if raised.is_some_and(|(ours, theirs)| (theirs - ours).abs() > (theirs - (ours + by)).abs()) {
        return Ok(());
    }
    let taken = "DELETE FROM alerts WHERE source = ?1 AND id = ?2
                 RETURNING at, is_newest, is_open, listed, json";
    let mut statement = connection.prepare_cached(taken)?;
    let change = |row: &Row<'_>| {
        let flags: (bool, bool, bool) = (row.get(1)?, row.get(2)?, row.get(3)?);
        Ok((row.get::<_, i64>(0)?, flags, row.get::<_, String>(4)?))
    };
    let changes = statement.query_map([source.as_str(), id.as_str()], change)?;
    let changes = changes.collect::<rusqlite::Result<Vec<_>>>()?;
    let sql = "INSERT INTO alerts (source, id, at, is_newest, is_open, listed, json)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    for (at, (is_newest, is_open, listed), text) in changes {
        let at = at + by.num_milliseconds();
        // What cannot be read stays as somebody has left it.
        let moved = read::<Alert>(&text, "an alert").map(|alert| json(&alert.moved(by)));
        let text = moved.unwrap_or(Ok(text))?;
        let values = params![source.as_str(), id.as_str(), at, is_newest, is_open, listed, text];
        connection.prepare_cached(sql)?.execute(values)?;
    }
    Ok(())
}

/// How the alert called `id` stands, as far as it was kept.
pub(super) fn newest(
    connection: &Connection,
    source: &SourceName,
    id: &AlertId,
) -> rusqlite::Result<Option<KnownAlert>> {
    let sql = "SELECT source, id, at, listed, json FROM alerts
               WHERE source = ?1 AND id = ?2 AND is_newest";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([source.as_str(), id.as_str()], alert).optional()?;
    Ok(found.flatten())
}

/// Whether the alert called `id` was over at any time after `at`: what was done to it by then says
/// nothing of it where it has come back.
pub(super) fn was_over_after(
    connection: &Connection,
    source: &SourceName,
    id: &AlertId,
    at: DateTime<Utc>,
) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM alerts WHERE source = ?1 AND id = ?2 AND at > ?3
                   AND json_extract(json, '$.status') = ?4)";
    let over = AlertStatus::Resolved.word();
    let values = params![source.as_str(), id.as_str(), millis(at), over];
    connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

/// Whether it comes back at the next start however old it is: our own until it is resolved, since
/// nobody else knows of it; a WFM's while it is open, since it tells the rest itself.
fn wants_somebody(known: &KnownAlert) -> bool {
    if known.key.source.is_own() {
        known.alert.status != AlertStatus::Resolved
    } else {
        known.is_open()
    }
}

/// How those stand that want somebody, and of our own those that changed between `from` and `until`.
pub(super) fn within(
    connection: &Connection,
    from: i64,
    until: i64,
) -> rusqlite::Result<Vec<KnownAlert>> {
    let sql = "SELECT source, id, at, listed, json FROM alerts
               WHERE is_newest AND is_open AND at < ?2
               UNION
               SELECT source, id, at, listed, json FROM alerts
               WHERE at >= ?1 AND at < ?2 AND is_newest AND source = ?3
               ORDER BY at, source, id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![from, until, SourceName::OWN], alert)?;
    rows.filter_map(Result::transpose).collect()
}

/// Deletes some of what is older than `before`, at most `most`; how many. An alert that nothing has
/// been heard of for so long wants nobody any more.
pub(super) fn forget(connection: &Connection, before: i64, most: i64) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM alerts WHERE (source, id, at) IN (
                   SELECT source, id, at FROM alerts WHERE at < ?1 LIMIT ?2)";
    connection.prepare_cached(sql)?.execute([before, most])
}

//! Every change of an alert.

use rusqlite::{Connection, Row, params};

use super::content::{json, read};
use super::instant::{instant, millis};
use crate::model::{AlertKey, AlertStatus, KnownAlert, SourceName};

/// Writes how an alert stands. What is older than what is known already is kept too, but is not how
/// it stands.
pub(super) fn keep(connection: &Connection, known: &KnownAlert) -> rusqlite::Result<()> {
    let (source, id, at) = (known.key.source.as_str(), known.key.id.as_str(), millis(known.as_of));
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

fn alert(row: &Row<'_>) -> rusqlite::Result<Option<KnownAlert>> {
    let source = SourceName::from(row.get::<_, String>(0)?);
    let key = AlertKey { source, id: row.get::<_, String>(1)?.into() };
    let (as_of, listed) = (instant(row.get(2)?), row.get(3)?);
    let alert = read(&row.get::<_, String>(4)?, "an alert");
    Ok(alert.map(|alert| KnownAlert { key, alert, as_of, listed }))
}

/// Deletes some of what is older than `before`, at most `most`; how many. An alert that nothing has
/// been heard of for so long wants nobody any more.
pub(super) fn forget(connection: &Connection, before: i64, most: i64) -> rusqlite::Result<usize> {
    let sql = "DELETE FROM alerts WHERE (source, id, at) IN (
                   SELECT source, id, at FROM alerts WHERE at < ?1 LIMIT ?2)";
    connection.prepare_cached(sql)?.execute([before, most])
}

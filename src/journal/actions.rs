//! The table of what was done to agents and alerts.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rusqlite::{Connection, Row, params};

use crate::model::{
    AgentId, AgentKey, AlertId, Answer, Attempt, AttemptId, AttemptRecord, Deed, SourceName,
    Verdict,
};

/// An attempt is verified for 30 s; what has no verdict after twice that was left behind by a process
/// that is gone.
pub(super) const ABANDONED_AFTER: TimeDelta = TimeDelta::seconds(60);

/// When an attempt went under way, as far as its row says. The first version of the tables did not
/// keep when a row was written; whatever was asked for was written at once then.
pub(super) const BEGAN: &str = "coalesce(sent_at, written_at, asked_at)";

/// Instants are kept as text, so that the audit can be read with any tool.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes an intent, unless another attempt on the same agent or alert, of whichever process, is
/// still under way at `now`: then nothing is written and that attempt is returned. One of many that
/// were confirmed at once is written and sent long after it was asked for, so that what counts is when
/// it was sent, and before that when it was written. One statement, so that two processes cannot both
/// find nothing.
pub(super) fn insert(
    connection: &Connection,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> rusqlite::Result<Result<AttemptId, AttemptRecord>> {
    let (source, agent) = (attempt.target.source.as_str(), attempt.target.agent.as_str());
    let alert = attempt.deed.alert().map_or("", AlertId::as_str);
    let since = stamp(now - ABANDONED_AFTER);
    let insert = format!(
        "INSERT INTO actions
             (asked_at, operator, host, source, agent, name, reason, state_before, deed, alert,
              written_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10, ?11, ?12 WHERE NOT EXISTS (
             SELECT 1 FROM actions
             WHERE source = ?4 AND agent = ?5 AND alert = ?11
                 AND verdict IS NULL AND {BEGAN} > ?9)"
    );
    let written = connection.execute(
        &insert,
        params![
            stamp(attempt.asked_at),
            attempt.operator,
            attempt.host,
            source,
            agent,
            attempt.name,
            attempt.reason,
            attempt.state_before,
            since,
            attempt.deed.word(),
            alert,
            stamp(now),
        ],
    )?;
    if written == 1 {
        return Ok(Ok(AttemptId(connection.last_insert_rowid())));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM actions
         WHERE source = ?1 AND agent = ?2 AND alert = ?4
             AND verdict IS NULL AND {BEGAN} > ?3
         ORDER BY id DESC LIMIT 1"
    );
    connection.query_row(&sql, params![source, agent, since, alert], record).map(Err)
}

pub(super) fn mark_sent(
    connection: &Connection,
    id: AttemptId,
    at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE actions SET sent_at = ?2 WHERE id = ?1";
    one(connection.execute(sql, params![id.0, stamp(at)])?)
}

pub(super) fn mark_answered(
    connection: &Connection,
    id: AttemptId,
    answer: &Answer,
) -> rusqlite::Result<()> {
    let words = match answer {
        Answer::Accepted | Answer::Changed(_) => "accepted".to_owned(),
        Answer::NotLoggedIn(text) => format!("not logged in: {text}"),
        Answer::Refused(text) => format!("refused: {text}"),
        Answer::NoAnswer(text) => format!("no answer: {text}"),
    };
    one(connection.execute("UPDATE actions SET answer = ?2 WHERE id = ?1", params![id.0, words])?)
}

pub(super) fn mark_done(
    connection: &Connection,
    id: AttemptId,
    verdict: &Verdict,
    at: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE actions SET verdict = ?2, detail = ?3, done_at = ?4 WHERE id = ?1";
    one(connection.execute(sql, params![id.0, verdict.word(), verdict.detail(), stamp(at)])?)
}

/// Nothing changed means that the attempt is not there: somebody took the file's rows away.
fn one(changed: usize) -> rusqlite::Result<()> {
    if changed == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(changed)) }
}

/// Gives the attempts that nobody can finish any more the verdict "unknown". Younger ones may be
/// another process's, which is still verifying them.
pub(super) fn give_up_abandoned(
    connection: &Connection,
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let word = Verdict::Unknown(String::new()).word();
    let sql = format!(
        "UPDATE actions SET verdict = ?1, done_at = ?2, detail = CASE
             WHEN sent_at IS NULL THEN 'floorwatch ended before it recorded whether it was sent'
             ELSE 'floorwatch ended before it could be verified' END
         WHERE verdict IS NULL AND {BEGAN} < ?3"
    );
    connection.execute(&sql, params![word, stamp(now), stamp(now - ABANDONED_AFTER)])
}

pub(super) const COLUMNS: &str = "id, asked_at, operator, host, source, agent, name, reason, state_before, \
                       sent_at, answer, verdict, detail, done_at, deed, alert";

pub(super) fn recent(connection: &Connection, limit: u32) -> rusqlite::Result<Vec<AttemptRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM actions ORDER BY id DESC LIMIT ?1");
    connection.prepare(&sql)?.query_map([limit], record)?.collect()
}

pub(super) fn open(connection: &Connection) -> rusqlite::Result<Vec<AttemptRecord>> {
    let sql = format!("SELECT {COLUMNS} FROM actions WHERE verdict IS NULL ORDER BY id");
    connection.prepare(&sql)?.query_map([], record)?.collect()
}

/// The newest attempts on `keys`, newest first.
pub(super) fn on(
    connection: &Connection,
    keys: &[AgentKey],
    limit: u32,
) -> rusqlite::Result<Vec<AttemptRecord>> {
    let mut found = Vec::new();
    let sql = format!(
        "SELECT {COLUMNS} FROM actions WHERE source = ?1 AND agent = ?2 ORDER BY id DESC LIMIT ?3"
    );
    let mut statement = connection.prepare(&sql)?;
    for key in keys {
        let rows =
            statement.query_map(params![key.source.as_str(), key.agent.as_str(), limit], record)?;
        for row in rows {
            found.push(row?);
        }
    }
    found.sort_by_key(|record: &AttemptRecord| std::cmp::Reverse(record.id));
    found.dedup_by_key(|record| record.id);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

pub(super) fn record(row: &Row<'_>) -> rusqlite::Result<AttemptRecord> {
    let source = SourceName::from(row.get::<_, String>("source")?);
    let agent = AgentId::from(row.get::<_, String>("agent")?);
    let alert = AlertId::from(row.get::<_, String>("alert")?);
    let attempt = Attempt {
        deed: match row.get::<_, String>("deed")?.as_str() {
            "acknowledge" => Deed::Acknowledge(alert),
            "resolve" => Deed::Resolve(alert),
            _ => Deed::LogOut,
        },
        target: AgentKey::new(source, agent),
        name: row.get("name")?,
        operator: row.get("operator")?,
        host: row.get("host")?,
        reason: row.get("reason")?,
        state_before: row.get("state_before")?,
        asked_at: row.get("asked_at")?,
    };
    Ok(AttemptRecord {
        id: AttemptId(row.get("id")?),
        attempt,
        sent_at: row.get("sent_at")?,
        answer: row.get("answer")?,
        verdict: row.get("verdict")?,
        detail: row.get("detail")?,
        done_at: row.get("done_at")?,
    })
}

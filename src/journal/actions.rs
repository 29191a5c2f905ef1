//! The table of what was done to agents.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rusqlite::{Connection, Row, params};

use crate::model::{AgentId, AgentKey, Answer, Attempt, AttemptId, SourceName, Verdict};

/// An attempt is verified for 30 s; what has no verdict after twice that was left behind by a process
/// that is gone.
const ABANDONED_AFTER: TimeDelta = TimeDelta::seconds(60);

/// One attempt as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number.
    pub id: AttemptId,
    /// Who asked for what, and why.
    pub attempt: Attempt,
    /// When the request went out; none when it did not, or nobody lived to write it down.
    pub sent_at: Option<DateTime<Utc>>,
    /// What the vendor answered, in words.
    pub answer: Option<String>,
    /// What became of it: [`Verdict::word`]; none while it is open.
    pub verdict: Option<String>,
    /// What is known beyond the word.
    pub detail: Option<String>,
    /// When the verdict was reached.
    pub done_at: Option<DateTime<Utc>>,
}

/// Instants are kept as text, so that the audit can be read with any tool.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Writes an intent, unless another attempt on the same agent, of whichever process, is still under
/// way: then nothing is written and that attempt is returned. One statement, so that two processes
/// cannot both find nothing.
pub(super) fn insert(
    connection: &Connection,
    attempt: &Attempt,
) -> rusqlite::Result<Result<AttemptId, Record>> {
    let (source, agent) = (attempt.target.source.as_str(), attempt.target.agent.as_str());
    let since = stamp(attempt.asked_at - ABANDONED_AFTER);
    let written = connection.execute(
        "INSERT INTO actions (asked_at, operator, host, source, agent, name, reason, state_before)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (
             SELECT 1 FROM actions
             WHERE source = ?4 AND agent = ?5 AND verdict IS NULL AND asked_at > ?9)",
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
        ],
    )?;
    if written == 1 {
        return Ok(Ok(AttemptId(connection.last_insert_rowid())));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM actions
         WHERE source = ?1 AND agent = ?2 AND verdict IS NULL AND asked_at > ?3
         ORDER BY id DESC LIMIT 1"
    );
    connection.query_row(&sql, params![source, agent, since], record).map(Err)
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
        Answer::Accepted => "accepted".to_owned(),
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
    connection.execute(
        "UPDATE actions SET verdict = ?1, done_at = ?2, detail = CASE
             WHEN sent_at IS NULL THEN 'floorwatch ended before it recorded whether it was sent'
             ELSE 'floorwatch ended before it could be verified' END
         WHERE verdict IS NULL AND coalesce(sent_at, asked_at) < ?3",
        params![word, stamp(now), stamp(now - ABANDONED_AFTER)],
    )
}

const COLUMNS: &str = "id, asked_at, operator, host, source, agent, name, reason, state_before, \
                       sent_at, answer, verdict, detail, done_at";

pub(super) fn recent(connection: &Connection, limit: u32) -> rusqlite::Result<Vec<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM actions ORDER BY id DESC LIMIT ?1");
    connection.prepare(&sql)?.query_map([limit], record)?.collect()
}

pub(super) fn open(connection: &Connection) -> rusqlite::Result<Vec<Record>> {
    let sql = format!("SELECT {COLUMNS} FROM actions WHERE verdict IS NULL ORDER BY id");
    connection.prepare(&sql)?.query_map([], record)?.collect()
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    let source = SourceName::from(row.get::<_, String>("source")?);
    let agent = AgentId::from(row.get::<_, String>("agent")?);
    let attempt = Attempt {
        target: AgentKey::new(source, agent),
        name: row.get("name")?,
        operator: row.get("operator")?,
        host: row.get("host")?,
        reason: row.get("reason")?,
        state_before: row.get("state_before")?,
        asked_at: row.get("asked_at")?,
    };
    Ok(Record {
        id: AttemptId(row.get("id")?),
        attempt,
        sent_at: row.get("sent_at")?,
        answer: row.get("answer")?,
        verdict: row.get("verdict")?,
        detail: row.get("detail")?,
        done_at: row.get("done_at")?,
    })
}

//! Which of the program's own alerts are one. Every program that watches a floor raises the same ones, and
//! names each by when it read the deviation to have begun, which may be seconds apart: the one that is
//! kept first is the alert of that person and kind for as long as it stands, and the others learn its id.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::content::{alert, json};
use super::instant::millis;
use crate::model::{
    AgentId, Alert, AlertId, AlertKind, AlertStatus, Attempt, KnownAlert, SAME_DEVIATION,
    SourceName,
};

const COLUMNS: &str = "source, id, at, listed, json";

/// `known`, one of our own alerts, under the id by which the journal has it; none for the end of one that
/// has been told already, by the program that raised it first.
pub(super) fn identified(
    connection: &Connection,
    known: &KnownAlert,
) -> rusqlite::Result<Option<KnownAlert>> {
    let is_kept = is_kept(connection, &known.key.id)?;
    let is_over = known.alert.status == AlertStatus::Resolved;
    if is_kept && is_over {
        return Ok(Some(known.clone()));
    }
    let same = match standing(connection, &known.alert.agent, &known.alert.kind)? {
        Some(standing) => Some(standing),
        None if is_over => return Ok(None),
        None if is_kept => None,
        None => last_over(connection, known)?,
    };
    Ok(Some(same.map_or_else(|| known.clone(), |same| called(known, same))))
}

/// `attempt` on one of our own alerts, under the id by which the journal has the alert.
pub(super) fn about(connection: &Connection, attempt: &Attempt) -> rusqlite::Result<Attempt> {
    let mut attempt = attempt.clone();
    let Some(id) = attempt.deed.alert().filter(|_| attempt.target.source.is_own()) else {
        return Ok(attempt);
    };
    if is_kept(connection, id)? {
        return Ok(attempt);
    }
    let is_it = |known: &KnownAlert| {
        known.alert.agent == attempt.target.agent
            && id.as_str().starts_with(&format!("{}:", known.alert.kind.word()))
    };
    if let Some(known) = all_standing(connection)?.into_iter().find(is_it) {
        attempt.deed.rename_alert(known.key.id);
    }
    Ok(attempt)
}

/// Every one of our own alerts that stands.
pub(super) fn all_standing(connection: &Connection) -> rusqlite::Result<Vec<KnownAlert>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM alerts
         WHERE source = 'floorwatch' AND is_newest AND is_open AND json_valid(json) ORDER BY id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([], alert)?;
    rows.filter_map(Result::transpose).collect()
}

/// The alert of that kind that stands for `agent`.
fn standing(
    connection: &Connection,
    agent: &AgentId,
    kind: &AlertKind,
) -> rusqlite::Result<Option<KnownAlert>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM alerts
         WHERE source = 'floorwatch' AND is_newest AND is_open AND json_valid(json)
             AND json_extract(json, '$.agent') = ?1 AND json_extract(json, '$.kind') = ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row(params![agent.as_str(), word(kind)?], alert).optional()?;
    Ok(found.flatten())
}

/// The last alert of the same kind and person, where `known` was raised while it stood: a program raises what
/// another has raised and cleared already, where it had not read the end of it yet.
fn last_over(connection: &Connection, known: &KnownAlert) -> rusqlite::Result<Option<KnownAlert>> {
    let Some(created_at) = known.alert.created_at else { return Ok(None) };
    let sql = format!(
        "SELECT {COLUMNS} FROM alerts
         WHERE source = ?1 AND is_newest AND at >= ?2 AND json_valid(json)
             AND json_extract(json, '$.agent') = ?3 AND json_extract(json, '$.kind') = ?4
         ORDER BY at DESC LIMIT 1"
    );
    let (agent, kind) = (known.alert.agent.as_str(), word(&known.alert.kind)?);
    let values = params![SourceName::OWN, millis(created_at), agent, kind];
    let last = connection.prepare_cached(&sql)?.query_row(values, alert).optional()?.flatten();
    let began = |last: &KnownAlert| {
        last.alert.created_at.is_none_or(|at| at - SAME_DEVIATION <= created_at)
    };
    Ok(last.filter(began))
}

/// Whether the journal has anything of the alert called `id`.
fn is_kept(connection: &Connection, id: &AlertId) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM alerts WHERE source = ?1 AND id = ?2)";
    let values = params![SourceName::OWN, id.as_str()];
    connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

/// How `known` stands, as the alert that is called `same`.
fn called(known: &KnownAlert, same: KnownAlert) -> KnownAlert {
    let Alert { id, created_at, message, .. } = same.alert;
    let alert = Alert { id, created_at, message, ..known.alert.clone() };
    KnownAlert { key: same.key, alert, ..known.clone() }
}

/// A kind as it stands in the JSON of an alert.
fn word(kind: &AlertKind) -> rusqlite::Result<String> {
    // A word of its own stands there as itself, an object as its text.
    let text = json(kind)?;
    Ok(serde_json::from_str(&text).unwrap_or(text))
}

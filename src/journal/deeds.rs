//! What was done to the program's own alerts. Several programs may show the same ones: the journal is
//! where each learns what was done in another, and where it turns out that something is done already.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::actions::{self, ABANDONED_AFTER, BEGAN, COLUMNS, record, stamp};
use super::book::Page;
use super::{alerts, own_alerts};
use crate::model::{
    AlertId, AlertStatus, Attempt, AttemptId, AttemptRecord, Deed, OWN_DEED_OVERTAKES, OwnDeed,
    SourceName, Verdict,
};

/// Why an intent is not written.
pub(super) enum Objection {
    /// Another attempt on the same agent or alert is under way. Boxed: much larger than the other.
    UnderWay(Box<AttemptRecord>),
    /// It has been done already, or there is nothing left to do: by whom, in a sentence.
    Overtaken(String),
}

/// Writes an intent at `now`, unless there is an objection.
pub(super) fn intend(
    page: &mut Page,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> rusqlite::Result<Result<AttemptId, Objection>> {
    // Immediate: what is found must still hold when the intent is written.
    let behavior = TransactionBehavior::Immediate;
    let transaction = page.connection.transaction_with_behavior(behavior)?;
    let attempt = own_alerts::about(&transaction, attempt)?;
    let written = match overtaken(&transaction, &attempt)? {
        Some(why) => Err(Objection::Overtaken(why)),
        None => actions::insert(&transaction, &attempt, now)?
            .map_err(|other| Objection::UnderWay(Box::new(other))),
    };
    transaction.commit()?;
    Ok(written)
}

/// Why `attempt` is too late, where it is about one of our own alerts: another program may have dealt
/// with it since it was last heard of.
fn overtaken(connection: &Connection, attempt: &Attempt) -> rusqlite::Result<Option<String>> {
    let Some(id) = attempt.deed.alert().filter(|_| attempt.target.source.is_own()) else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM actions
         WHERE source = ?1 AND agent = ?2 AND alert = ?3 AND verdict = ?4 ORDER BY id DESC LIMIT 1"
    );
    let (source, agent) = (attempt.target.source.as_str(), attempt.target.agent.as_str());
    let values = params![source, agent, id.as_str(), Verdict::Confirmed.word()];
    let last = connection.prepare_cached(&sql)?.query_row(values, record).optional()?;
    let last = match last {
        Some(last) if has_come_back(connection, &last, id)? => None,
        last => last,
    };
    let known = alerts::newest(connection, &attempt.target.source, id)?;
    // The deed is on disk at once, the alert a little later; and another program may have raised it
    // anew before it heard of the deed.
    let as_of = known.as_ref().map(|known| known.as_of);
    let last = last.filter(|last| {
        let done_at = last.done_at.map(|at| at + OWN_DEED_OVERTAKES);
        as_of.is_none_or(|as_of| done_at >= Some(as_of))
    });
    let (status, by) = match (&last, known) {
        (Some(record), _) => {
            let Attempt { operator, host, .. } = &record.attempt;
            let at = record.done_at.map(stamp).unwrap_or_default();
            (record.attempt.deed.outcome(), format!(" by {operator} at {host} at {at}"))
        }
        (None, Some(known)) => (Some(known.alert.status), String::new()),
        (None, None) => return Ok(None),
    };
    let is_left = match (&attempt.deed, &status) {
        (Deed::Acknowledge(_), Some(status)) => *status == AlertStatus::Active,
        (Deed::Resolve(_), Some(status)) => *status != AlertStatus::Resolved,
        _ => true,
    };
    let status = status.filter(|_| !is_left);
    Ok(status.map(|status| format!("{}'s alert was {}{by}", attempt.name, status.word())))
}

/// Whether the alert that `record` acknowledged was over since, and so is another one if it stands.
fn has_come_back(
    connection: &Connection,
    record: &AttemptRecord,
    id: &AlertId,
) -> rusqlite::Result<bool> {
    match (&record.attempt.deed, record.done_at) {
        (Deed::Acknowledge(_), Some(at)) => {
            alerts::was_over_after(connection, &record.attempt.target.source, id, at)
        }
        _ => Ok(false),
    }
}

/// What was done to our own alerts that was asked for since `since`, of the attempts numbered above
/// `after`, oldest first; and the number up to which all of them have come to an end.
pub(super) fn since(
    connection: &Connection,
    after: AttemptId,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> rusqlite::Result<(Vec<OwnDeed>, AttemptId)> {
    // A file that took the place of another may count from the beginning.
    let given = "SELECT seq FROM sqlite_sequence WHERE name = 'actions'";
    let given: Option<i64> =
        connection.prepare_cached(given)?.query_row([], |row| row.get(0)).optional()?;
    let mut last = if given.unwrap_or(0) < after.0 { AttemptId(0) } else { after };
    // By number: those above the last are few, whatever the index of agents promises.
    let sql = format!(
        "SELECT {COLUMNS}, verdict IS NULL AND {BEGAN} > ?4 AS under_way FROM actions NOT INDEXED
         WHERE id > ?1 AND source = ?2 AND asked_at >= ?3 ORDER BY id"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let abandoned = stamp(now - ABANDONED_AFTER);
    let mut rows = statement.query(params![last.0, SourceName::OWN, stamp(since), abandoned])?;
    let mut deeds = Vec::new();
    while let Some(row) = rows.next()? {
        if row.get("under_way")? {
            break; // its end is told before what came behind it
        }
        let record = record(row)?;
        last = record.id;
        if record.verdict.as_deref() == Some(Verdict::Confirmed.word())
            && let Some(id) = record.attempt.deed.alert()
            && !has_come_back(connection, &record, id)?
        {
            let alert = alerts::newest(connection, &record.attempt.target.source, id)?;
            deeds.push(OwnDeed { record, alert });
        }
    }
    Ok((deeds, last))
}

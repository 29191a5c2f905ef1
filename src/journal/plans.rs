//! What the schedule file wanted of whom, as it was when it was read: it may be edited afterwards, and
//! what yesterday is judged by must not change.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::content::{json, read};
use super::instant::{instant, millis};
use crate::model::{PersonId, Scheduled, TimetableEntry};

/// Replaces what was kept of `person` between `from` and `until`; off where no entry says otherwise.
pub(super) fn keep(
    connection: &Connection,
    person: &PersonId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    entries: &[TimetableEntry],
) -> rusqlite::Result<()> {
    let (from, until) = (millis(from), millis(until));
    if from >= until {
        return Ok(());
    }
    cut_out(connection, person, from, until)?;
    let off = json(&Scheduled::Off)?;
    let mut done = from;
    for entry in entries {
        let since = entry.since.map_or(from, millis).max(done);
        let end = entry.until.map_or(until, millis).min(until);
        if since >= end {
            continue;
        }
        if done < since {
            insert(connection, person, done, since, &off)?;
        }
        insert(connection, person, since, end, &json(&entry.scheduled)?)?;
        done = end;
    }
    if done < until { insert(connection, person, done, until, &off) } else { Ok(()) }
}

/// Takes the time between `from` and `until` out of what is kept; what reaches over its edges stays
/// on either side.
fn cut_out(
    connection: &Connection,
    person: &PersonId,
    from: i64,
    until: i64,
) -> rusqlite::Result<()> {
    let values = params![person.as_str(), from, until];
    let beyond = "INSERT OR REPLACE INTO plans (person, since, until, scheduled)
                  SELECT person, ?3, until, scheduled FROM plans
                  WHERE person = ?1 AND since < ?3 AND until > ?3";
    connection.prepare_cached(beyond)?.execute(values)?;
    let within = "DELETE FROM plans WHERE person = ?1 AND since >= ?2 AND since < ?3";
    connection.prepare_cached(within)?.execute(values)?;
    let before = "UPDATE plans SET until = ?2 WHERE person = ?1 AND since < ?2 AND until > ?2";
    connection.prepare_cached(before)?.execute(params![person.as_str(), from]).map(drop)
}

fn insert(
    connection: &Connection,
    person: &PersonId,
    since: i64,
    until: i64,
    scheduled: &str,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO plans (person, since, until, scheduled) VALUES (?1, ?2, ?3, ?4)";
    let values = params![person.as_str(), since, until, scheduled];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

/// What reaches into the time between `from` and `until`, by person and beginning. What was kept in
/// two pieces is one again.
pub(super) fn within(
    connection: &Connection,
    from: i64,
    until: i64,
) -> rusqlite::Result<Vec<(PersonId, TimetableEntry)>> {
    let sql = "SELECT person, since, until, scheduled FROM plans
               WHERE until > ?1 AND since < ?2 ORDER BY person, since";
    let mut statement = connection.prepare_cached(sql)?;
    let mut found: Vec<(PersonId, TimetableEntry)> = Vec::new();
    for row in statement.query_map([from, until], plan)? {
        let Some((person, entry)) = row? else { continue };
        match found.last_mut() {
            Some((last, before))
                if *last == person
                    && before.until == entry.since
                    && before.scheduled == entry.scheduled =>
            {
                before.until = entry.until;
            }
            _ => found.push((person, entry)),
        }
    }
    Ok(found)
}

fn plan(row: &Row<'_>) -> rusqlite::Result<Option<(PersonId, TimetableEntry)>> {
    let person = PersonId::from(row.get::<_, String>(0)?);
    let (since, until) = (Some(instant(row.get(1)?)), Some(instant(row.get(2)?)));
    let scheduled = read(&row.get::<_, String>(3)?, "a plan");
    Ok(scheduled.map(|scheduled| (person, TimetableEntry { scheduled, since, until })))
}

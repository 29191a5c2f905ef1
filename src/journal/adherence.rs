//! What a telephony system says of adherence, as it changes.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::content;
use super::instant::{instant, millis};
use crate::model::{AgentKey, SAME_BEGINNING, VendorAdherence, WINDOW_JITTER};

/// Writes what is said of the agent numbered `agent`; it replaces what was said before of the same window.
pub(super) fn keep(
    connection: &Connection,
    agent: i64,
    said: &VendorAdherence,
) -> rusqlite::Result<()> {
    let text = content::json(&said.adherence)?;
    let (since, as_of) = (millis(said.since), millis(said.as_of));
    // What a start reads again is no news: it has been said since then.
    let sql = "SELECT said, abs(since - ?2) <= ?4 AND as_of <= ?5 FROM adherence
                 WHERE agent = ?1 AND since BETWEEN ?2 - ?3 AND ?2 + ?3 ORDER BY as_of DESC LIMIT 1";
    let (window, jitter) = (WINDOW_JITTER.num_milliseconds(), SAME_BEGINNING.num_milliseconds());
    let values = params![agent, since, window, jitter, as_of];
    let known = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let known: Option<(String, bool)> =
        connection.prepare_cached(sql)?.query_row(values, known).optional()?;
    if known == Some((text.clone(), true)) {
        return Ok(());
    }
    let older = "DELETE FROM adherence
                 WHERE agent = ?1 AND since BETWEEN ?2 - ?4 AND ?2 + ?4 AND as_of <= ?3";
    let values = params![agent, since, as_of, WINDOW_JITTER.num_milliseconds()];
    connection.prepare_cached(older)?.execute(values)?;
    // Another program may have read it later.
    let sql = "INSERT INTO adherence (agent, since, as_of, said) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (agent, since) DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![agent, since, as_of, text]).map(drop)
}

/// Adds to `found` what was said of the agent numbered `agent`, who is `key`, in windows that begin
/// between `from` and `until`.
pub(super) fn within(
    connection: &Connection,
    (agent, key): (i64, &AgentKey),
    (from, until): (i64, i64),
    found: &mut Vec<(AgentKey, VendorAdherence)>,
) -> rusqlite::Result<()> {
    let sql = "SELECT since, as_of, said FROM adherence
               WHERE agent = ?1 AND since >= ?2 AND since < ?3 ORDER BY as_of";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([agent, from, until])?;
    while let Some(row) = rows.next()? {
        let (since, as_of) = (instant(row.get(0)?), instant(row.get(1)?));
        let text: String = row.get(2)?;
        if let Some(adherence) = content::read(&text, "a vendor's adherence") {
            found.push((key.clone(), VendorAdherence { since, as_of, adherence }));
        }
    }
    Ok(())
}

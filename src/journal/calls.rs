//! The calls of queues: every change, and the newest of each of the vendor's days.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};

use super::instant::millis;
use crate::model::{CallCount, CampaignDay, SourceName};

/// How long the last counts of a day are kept. A campaign is judged by windows of thirty days that
/// follow each other from its first day, so that the first must be known.
const DAYS_KEPT: &str = "-400 days";

pub(super) fn keep(connection: &Connection, count: &CallCount) -> rusqlite::Result<()> {
    let key = &count.key;
    let sql = "INSERT INTO counted (source, campaign_id, queue_id, name, campaign)
               VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (source, campaign_id, queue_id) DO UPDATE SET
                   name = excluded.name, campaign = coalesce(excluded.campaign, campaign)
               RETURNING id";
    let campaign_id = key.campaign_id.as_deref().unwrap_or("");
    let values =
        params![key.source.as_str(), campaign_id, key.queue_id, count.queue, count.campaign];
    let mut statement = connection.prepare_cached(sql)?;
    let queue: i64 = statement.query_row(values, |row| row.get(0))?;
    let counts = [count.calls, count.answered, count.dropped, count.dialable_leads].map(whole);
    let [calls, answered, dropped, leads] = counts;
    let at = millis(count.at);
    let sql = "INSERT OR REPLACE INTO calls
                   (queue, at, calls, answered, dropped, dialable_leads)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.prepare_cached(sql)?.execute(params![queue, at, calls, answered, dropped, leads])?;
    let sql = "INSERT INTO call_days (queue, day, at, calls, answered, dropped, dialable_leads)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
               ON CONFLICT (queue, day) DO UPDATE SET
                   at = excluded.at, calls = excluded.calls, answered = excluded.answered,
                   dropped = excluded.dropped, dialable_leads = excluded.dialable_leads
               WHERE excluded.at >= at";
    let day = count.day.to_string();
    let values = params![queue, day, at, calls, answered, dropped, leads];
    connection.prepare_cached(sql)?.execute(values).map(drop)
}

/// A count that no integer of SQLite can hold is a vendor's mistake, but must not keep the batch
/// from being written.
fn whole(count: Option<u64>) -> Option<i64> {
    count.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}

/// Every campaign on every day, by source, campaign and day. Where a queue's answered or dropped calls
/// were not given, that queue is left out: it is not known to have had none.
pub(super) fn campaign_days(connection: &Connection) -> rusqlite::Result<Vec<CampaignDay>> {
    let sql = "SELECT k.source, k.campaign_id, d.day, d.answered, d.dropped, d.calls
               FROM call_days d JOIN counted k ON k.id = d.queue
               WHERE k.campaign_id <> '' AND d.answered IS NOT NULL AND d.dropped IS NOT NULL
               ORDER BY k.source, k.campaign_id, d.day";
    let mut statement = connection.prepare_cached(sql)?;
    let mut days: Vec<CampaignDay> = Vec::new();
    for queue in statement.query_map([], campaign_day)? {
        let queue = queue?;
        let of_one = |day: &&mut CampaignDay| {
            (&day.source, &day.campaign_id, day.day)
                == (&queue.source, &queue.campaign_id, queue.day)
        };
        match days.last_mut().filter(of_one) {
            Some(day) => {
                day.answered = day.answered.saturating_add(queue.answered);
                day.dropped = day.dropped.saturating_add(queue.dropped);
                let both = day.calls.zip(queue.calls);
                day.calls = both.map(|(all, more)| all.saturating_add(more));
            }
            None => days.push(queue),
        }
    }
    Ok(days)
}

fn campaign_day(row: &Row<'_>) -> rusqlite::Result<CampaignDay> {
    Ok(CampaignDay {
        source: SourceName::from(row.get::<_, String>(0)?),
        campaign_id: row.get(1)?,
        day: row.get::<_, NaiveDate>(2)?,
        answered: row.get::<_, i64>(3)?.unsigned_abs(),
        dropped: row.get::<_, i64>(4)?.unsigned_abs(),
        calls: row.get::<_, Option<i64>>(5)?.map(i64::unsigned_abs),
    })
}

/// Deletes some of the changes before `before`, at most `most`, and days that are too old; how many
/// changes.
pub(super) fn forget(connection: &Connection, before: i64, most: i64) -> rusqlite::Result<usize> {
    let days = "DELETE FROM call_days
                WHERE day < (SELECT date(max(day), ?1) FROM call_days)";
    connection.prepare_cached(days)?.execute([DAYS_KEPT])?;
    let changes = "DELETE FROM calls WHERE (queue, at) IN (
                       SELECT c.queue, c.at FROM counted k CROSS JOIN calls c ON c.queue = k.id
                       WHERE c.at < ?1 LIMIT ?2)";
    connection.prepare_cached(changes)?.execute([before, most])
}

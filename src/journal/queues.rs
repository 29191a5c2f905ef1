//! The table of queues once seen: a queue in which nobody sits is not in any answer, but still exists.

use rusqlite::{Connection, Row, params};

use super::actions::stamp;
use crate::model::{KnownQueue, QueueKey, SourceName};

/// Writes all of `queues` or none. Another process may have seen one later: that stays.
pub(super) fn remember(connection: &mut Connection, queues: &[KnownQueue]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut statement = transaction.prepare(
            "INSERT INTO queues (source, campaign_id, queue_id, name, campaign, last_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (source, campaign_id, queue_id) DO UPDATE SET
                 name = excluded.name,
                 campaign = coalesce(excluded.campaign, campaign),
                 last_seen = excluded.last_seen
             WHERE excluded.last_seen >= last_seen",
        )?;
        for queue in queues {
            statement.execute(params![
                queue.key.source.as_str(),
                queue.key.campaign_id.as_deref().unwrap_or(""),
                queue.key.queue_id,
                queue.name,
                queue.campaign,
                stamp(queue.last_seen),
            ])?;
        }
    }
    transaction.commit()
}

pub(super) fn known(connection: &Connection) -> rusqlite::Result<Vec<KnownQueue>> {
    let sql = "SELECT source, campaign_id, queue_id, name, campaign, last_seen FROM queues";
    connection.prepare(sql)?.query_map([], queue)?.collect()
}

fn queue(row: &Row<'_>) -> rusqlite::Result<KnownQueue> {
    let campaign_id: String = row.get("campaign_id")?;
    Ok(KnownQueue {
        key: QueueKey {
            source: SourceName::from(row.get::<_, String>("source")?),
            campaign_id: Some(campaign_id).filter(|id| !id.is_empty()),
            queue_id: row.get("queue_id")?,
        },
        name: row.get("name")?,
        campaign: row.get("campaign")?,
        last_seen: row.get("last_seen")?,
    })
}

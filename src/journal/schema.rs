//! Opening the file and bringing its tables up to date.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::JournalError;

/// What brings the tables from each version to the next; `user_version` counts how many were done.
pub(super) const MIGRATIONS: [&str; 2] = [
    "
    CREATE TABLE actions (
        id           INTEGER PRIMARY KEY AUTOINCREMENT,
        asked_at     TEXT NOT NULL,
        operator     TEXT NOT NULL,
        host         TEXT NOT NULL,
        source       TEXT NOT NULL,
        agent        TEXT NOT NULL,
        name         TEXT NOT NULL,
        reason       TEXT NOT NULL,
        state_before TEXT NOT NULL,
        sent_at      TEXT,
        answer       TEXT,
        verdict      TEXT,
        detail       TEXT,
        done_at      TEXT
    ) STRICT;
    CREATE INDEX actions_unfinished ON actions (id) WHERE verdict IS NULL;
    CREATE TABLE queues (
        source      TEXT NOT NULL,
        campaign_id TEXT NOT NULL, -- empty where it is not known
        queue_id    TEXT NOT NULL,
        name        TEXT NOT NULL,
        campaign    TEXT,
        last_seen   TEXT NOT NULL,
        PRIMARY KEY (source, campaign_id, queue_id)
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE actions ADD COLUMN deed TEXT NOT NULL DEFAULT 'log out';
    ALTER TABLE actions ADD COLUMN alert TEXT NOT NULL DEFAULT ''; -- empty for a logout
    ALTER TABLE actions ADD COLUMN written_at TEXT; -- when the row was, before anything was sent
    CREATE INDEX actions_of_agent ON actions (source, agent);
",
];

/// Opens the file, which exists, for reading and writing.
pub(super) fn open(path: &Path, patience: Duration) -> Result<Connection, JournalError> {
    let at_path = |cause: rusqlite::Error| JournalError::of(path, &cause);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(at_path)?;
    connection.busy_timeout(patience).map_err(at_path)?;
    prepare(&connection).map_err(at_path)?;
    let found = migrate(&mut connection).map_err(at_path)?;
    let known = known_version();
    if found > known {
        return Err(JournalError::Newer { path: path.to_owned(), found, known });
    }
    Ok(connection)
}

/// A commit returns once it is on disk, and readers do not wait for writers.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// Does what has not been done yet; the version found before, where it is newer than ours.
fn migrate(connection: &mut Connection) -> rusqlite::Result<i64> {
    // Two processes may start at once: the second waits here and finds the work done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    if done > MIGRATIONS.len() {
        return Ok(found);
    }
    for migration in &MIGRATIONS[done..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known_version())?;
    transaction.commit()?;
    Ok(known_version())
}

fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

//! Opening the file and bringing its tables up to date.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::JournalError;

/// What brings the tables from each version to the next; `user_version` counts how many were done.
pub(super) const MIGRATIONS: [&str; 6] = [
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
    include_str!("history.sql"),
    include_str!("uses.sql"),
    include_str!("adherence.sql"),
    include_str!("own_alerts.sql"),
];

/// Opens the file, which exists, for reading and writing.
pub(super) fn open(path: &Path, patience: Duration) -> Result<Connection, JournalError> {
    let at_path = |cause: rusqlite::Error| JournalError::of(path, &cause);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(at_path)?;
    connection.busy_timeout(patience).map_err(at_path)?;
    keep_side_files(&connection, true).map_err(at_path)?;
    prepare(&connection).map_err(at_path)?;
    let found = migrate(&mut connection).map_err(at_path)?;
    let known = known_version();
    if found > known {
        return Err(JournalError::Newer { path: path.to_owned(), found, known });
    }
    keep_side_files(&connection, false).map_err(at_path)?;
    Ok(connection)
}

/// Whether closing leaves the side files as they are. A damaged file is set aside with them; and
/// SQLite deletes them by name, which may be another file's by then.
pub(super) fn keep_side_files(connection: &Connection, keep: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep).map(drop)
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
    if done == 0 && has_tables(&transaction)? {
        let foreign = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB);
        let text = "its tables are those of another program".to_owned();
        return Err(rusqlite::Error::SqliteFailure(foreign, Some(text)));
    }
    for migration in &MIGRATIONS[done..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", known_version())?;
    transaction.commit()?;
    Ok(known_version())
}

fn has_tables(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))
}

/// Has a file that takes a damaged one's place number its attempts beyond those of the one before:
/// the verdict of an attempt that was under way must not end up with another one.
pub(super) fn number_anew(connection: &Connection, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES ('actions', ?1)";
    connection.execute(sql, [now.timestamp()]).map(drop)
}

/// Opens the file for reading, as it is: nothing is brought up to date, nothing created. None where
/// there is no file, or an empty one that another program is about to fill. `still`: nobody has it
/// open, so that it can be read without the side files that SQLite would have to create.
pub(super) fn open_to_read(
    path: &Path,
    patience: Duration,
    still: bool,
) -> Result<Option<Connection>, JournalError> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(JournalError::is_a_directory(path)),
        Ok(metadata) if metadata.len() == 0 && still => return Ok(None),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(JournalError::of_disk(path, &error)),
    }
    let at_path = |cause: rusqlite::Error| JournalError::of(path, &cause);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let uri = format!("file:{}{}", escaped(path), if still { "?immutable=1" } else { "" });
    let connection = Connection::open_with_flags(uri, flags).map_err(at_path)?;
    connection.busy_timeout(patience).map_err(at_path)?;
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0));
    let (found, known): (i64, i64) = (version.map_err(at_path)?, known_version());
    let path = path.to_owned();
    match found.cmp(&known) {
        Ordering::Less => Err(JournalError::Older { path, found, known }),
        Ordering::Equal => Ok(Some(connection)),
        Ordering::Greater => Err(JournalError::Newer { path, found, known }),
    }
}

/// A path as it stands in a URI.
fn escaped(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut uri = String::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(*byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

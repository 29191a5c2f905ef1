//! A damaged file is set aside and a new one begun; who only reads touches nothing.

use super::*;
use crate::model::{Activity, Evidence, Layer, Spell};

const NO_DATABASE: &str = "not a database, but long enough to have a header of a hundred bytes....";

fn text() -> String {
    NO_DATABASE.repeat(4)
}

/// A place with something in it that is no database.
fn damaged_place() -> (TempDir, PathBuf) {
    let (dir, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text()).unwrap();
    (dir, path)
}

fn files(path: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(path.parent().unwrap()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn replacement(journal: &Journal) -> Option<Replacement> {
    journal.handle().replacements().borrow_and_update().clone()
}

fn spells(count: i64) -> Vec<Entry> {
    let spell = |number| Spell {
        since: now() + TimeDelta::seconds(number),
        until: Some(now() + TimeDelta::seconds(number + 1)),
        activity: Activity::Available,
        evidence: Evidence::Observed,
        raw: "READY".into(),
        doubt: None,
    };
    let agent = AgentKey::new("dialer".into(), "7".into());
    let entry = |n| Entry::Spell { agent: agent.clone(), layer: Layer::Watched, spell: spell(n) };
    (0..count).map(entry).collect()
}

/// Overwrites the pages of the open file behind the first ones, which hold the tables' names.
async fn spoil(journal: &Journal, path: &Path) {
    journal
        .handle()
        .ask(|page| {
            page.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA shrink_memory")
        })
        .await
        .unwrap();
    use std::os::unix::fs::FileExt as _;
    let file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    let noise = vec![0xA5; usize::try_from(length).unwrap() - 8 * 4096];
    file.write_all_at(&noise, 8 * 4096).unwrap();
    drop(file);
    // What is in memory already is not read again.
    journal
        .handle()
        .ask(|page| {
            page.connection.pragma_update(None, "cache_size", 0)?;
            page.connection.execute_batch("PRAGMA shrink_memory")
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_file_that_is_no_journal_is_set_aside_and_a_new_one_begun() {
    let (_dir, path) = damaged_place();
    std::fs::write(aside::with(&path, "-wal"), "its log").unwrap();
    let journal = Journal::open(&path, now()).unwrap();
    let replacement = replacement(&journal).unwrap();
    let kept_as = path.with_file_name("Tampa.sqlite.damaged-20260301T150000Z");
    assert_eq!(replacement.kept_as, kept_as);
    let said = replacement.to_string();
    let expected = format!(
        "the damaged journal is set aside and a new one begun: what was `{}` is now `{}` (",
        path.display(),
        kept_as.display()
    );
    assert!(said.starts_with(&expected), "{said}");
    assert_eq!(std::fs::read_to_string(&kept_as).unwrap(), text());
    assert_eq!(std::fs::read_to_string(aside::with(&kept_as, "-wal")).unwrap(), "its log");
    assert_eq!((mode(&path), mode(&kept_as)), (0o600, 0o600));
    journal.handle().record_intent(attempt("7"), now()).await.unwrap();
}

#[tokio::test]
async fn a_database_of_another_program_is_set_aside_whole() {
    let (_dir, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let foreign = Connection::open(&path).unwrap();
    foreign.execute_batch("CREATE TABLE actions (x); INSERT INTO actions VALUES (7)").unwrap();
    drop(foreign);
    let journal = Journal::open(&path, now()).unwrap();
    assert!(journal.handle().recent_actions(1).await.unwrap().is_empty());
    let kept_as = path.with_file_name("Tampa.sqlite.damaged-20260301T150000Z");
    let kept = Connection::open(&kept_as).unwrap();
    assert_eq!(kept.query_row("SELECT x FROM actions", [], |row| row.get(0)), Ok(7));
}

#[tokio::test]
async fn a_second_damaged_file_of_the_same_second_does_not_overwrite_the_first() {
    let (_dir, path) = damaged_place();
    drop(Journal::open(&path, now()).unwrap());
    std::fs::write(&path, text().to_uppercase()).unwrap();
    drop(Journal::open(&path, now()).unwrap());
    let aside = [
        "Tampa.sqlite",
        "Tampa.sqlite.damaged-20260301T150000Z",
        "Tampa.sqlite.damaged-20260301T150000Z-2",
    ];
    assert_eq!(files(&path), aside);
}

#[tokio::test]
async fn damage_that_turns_out_while_running_ends_one_piece_of_work_and_no_more() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    let first = handle.record_intent(attempt("7"), now()).await.unwrap();
    handle.keep(spells(20_000)).await.unwrap();
    spoil(&journal, &path).await;
    let damaged = handle.keep(spells(20_000)).await;
    assert!(matches!(damaged, Err(JournalError::Damaged(..))), "{damaged:?}");
    assert!(replacement(&journal).unwrap().kept_as.exists());
    handle.keep(spells(10)).await.unwrap();
    let archive = handle.archive(now(), now() + TimeDelta::days(1)).await.unwrap();
    assert_eq!(archive.spells.len(), 10);
    // The new file's attempts are no old one's: a late verdict must not end up with another.
    let second = handle.record_intent(attempt("7"), now()).await.unwrap();
    assert!(second > first, "{second:?}");
    handle.record_outcome(first, Verdict::Gone, now()).await.unwrap_err();
}

#[tokio::test]
async fn damage_that_a_reader_finds_is_dealt_with_too() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    handle.keep(spells(20_000)).await.unwrap();
    spoil(&journal, &path).await;
    let mut replacements = handle.replacements();
    let read = handle.archive(now(), now() + TimeDelta::days(1)).await;
    assert!(matches!(read, Err(JournalError::Damaged(..))), "{:?}", read.map(|a| a.spells.len()));
    replacements.changed().await.unwrap();
    let archive = handle.archive(now(), now() + TimeDelta::days(1)).await.unwrap();
    assert_eq!(archive, Archive::default());
}

#[tokio::test]
async fn a_program_whose_file_another_has_set_aside_goes_on_with_the_new_one() {
    let (_dir, path) = place();
    let (one, two) = (Journal::open(&path, now()).unwrap(), Journal::open(&path, now()).unwrap());
    two.handle().keep(spells(20_000)).await.unwrap();
    one.handle().keep(spells(10)).await.unwrap();
    spoil(&two, &path).await;
    let damaged = two.handle().keep(spells(20_000)).await;
    assert!(matches!(damaged, Err(JournalError::Damaged(..))), "{damaged:?}");
    one.handle().keep(spells(5)).await.unwrap();
    assert_eq!(replacement(&one), None, "it has set nothing aside itself");
    two.handle().record_intent(attempt("7"), now()).await.unwrap();
    one.close();
    let archive = two.handle().archive(now(), now() + TimeDelta::days(1)).await.unwrap();
    assert_eq!(archive.spells.len(), 5);
    assert_eq!(two.handle().recent_actions(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_that_somebody_has_taken_away_is_begun_anew() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    journal.handle().keep(spells(10)).await.unwrap();
    std::fs::rename(&path, path.with_extension("moved")).unwrap();
    journal.handle().keep(spells(5)).await.unwrap();
    let archive = journal.handle().archive(now(), now() + TimeDelta::days(1)).await.unwrap();
    assert_eq!(archive.spells.len(), 5);
}

#[tokio::test]
async fn whoever_only_reads_creates_and_changes_nothing() {
    let (dir, path) = place();
    assert!(Journal::open_to_read(&path).unwrap().is_none());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    let journal = Journal::open(&path, now()).unwrap();
    journal.handle().keep(spells(10)).await.unwrap();
    let read = |path: &Path| {
        let reader = Journal::open_to_read(path).unwrap().unwrap();
        reader.archive(now(), now() + TimeDelta::days(1)).unwrap().spells.len()
    };
    assert_eq!(read(&path), 10, "while a dashboard writes");
    journal.handle().keep(spells(20)).await.unwrap();
    assert_eq!(read(&path), 20);
    journal.close();
    let before = (files(&path), std::fs::read(&path).unwrap());
    assert_eq!(before.0, ["Tampa.sqlite"]);
    assert_eq!(read(&path), 20, "and when nobody does");
    assert_eq!((files(&path), std::fs::read(&path).unwrap()), before);
}

#[test]
fn whoever_only_reads_says_what_is_wrong_and_leaves_it() {
    let (_dir, path) = damaged_place();
    let error = Journal::open_to_read(&path).unwrap_err();
    assert!(matches!(error, JournalError::Damaged(..)), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text());
    std::fs::remove_file(&path).unwrap();
    let old = Connection::open(&path).unwrap();
    old.execute_batch(schema::MIGRATIONS[0]).unwrap();
    for (version, says) in [(2, "start the dashboard once"), (99, "update floorwatch")] {
        old.pragma_update(None, "user_version", version).unwrap();
        let error = Journal::open_to_read(&path).unwrap_err().to_string();
        assert!(
            error.contains(&format!("of version {version}")) && error.contains(says),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_journal_of_the_second_version_keeps_its_actions() {
    let (_dir, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let old = Connection::open(&path).unwrap();
    for migration in &schema::MIGRATIONS[..2] {
        old.execute_batch(migration).unwrap();
    }
    old.pragma_update(None, "user_version", 2).unwrap();
    old.execute(
        "INSERT INTO actions (asked_at, operator, host, source, agent, name, reason, state_before,
                              deed, alert, verdict)
         VALUES ('2026-03-01T15:00:00.000Z', 'sue', 'floor-7', 'dialer', '7', 'Jane Smith', 'seen',
                 'dialer: away 31 min', 'acknowledge', 'a-1', 'confirmed')",
        [],
    )
    .unwrap();
    drop(old);
    let journal = Journal::open(&path, now()).unwrap();
    let records = journal.handle().recent_actions(10).await.unwrap();
    assert_eq!(records.iter().map(|record| &record.attempt).collect::<Vec<_>>(), [&change("a-1")]);
    journal.handle().keep(spells(1)).await.unwrap();
}

#[tokio::test]
async fn what_the_journal_does_not_take_is_told_from_what_may_pass() {
    let (_dir, path) = place();
    let journal = Journal::open_patiently(
        &path,
        Runner::default(),
        Clock::fixed(now()),
        Duration::from_millis(1),
    );
    let journal = journal.unwrap();
    let handle = journal.handle();
    let forbid = handle.ask(|page| {
        page.connection.execute_batch(
            "CREATE TRIGGER unwanted BEFORE INSERT ON agents WHEN new.agent = '7'
             BEGIN SELECT raise(ABORT, 'not this one'); END",
        )
    });
    forbid.await.unwrap();
    let other =
        Entry::Name { agent: AgentKey::new("dialer".into(), "8".into()), name: "Ann".into() };
    let both = [vec![other.clone()], spells(1)].concat();
    let rejected = handle.keep(both).await.unwrap_err();
    assert!(matches!(rejected, JournalError::Rejected(..)) && !rejected.may_pass(), "{rejected}");
    assert!(rejected.to_string().contains("not this one"), "{rejected}");
    let archive = handle.archive(now(), now() + TimeDelta::days(1)).await.unwrap();
    assert_eq!(archive.names, [], "all or none");
    handle.keep(vec![other.clone()]).await.unwrap();
    let locks = Connection::open(&path).unwrap();
    locks.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = handle.keep(vec![other]).await.unwrap_err();
    assert!(matches!(busy, JournalError::Busy(_)) && busy.may_pass(), "{busy}");
}

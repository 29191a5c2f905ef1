//! What is too old is forgotten, and what is kept can be read by hand.

use super::history::{alert, at, calls, jane, keeps, kept, open, read_until, spell, told, watched};
use super::*;
use crate::model::{Activity, AlertStatus, Doubt, Layer, Reason, Spell};

#[tokio::test]
async fn what_is_too_old_is_forgotten_and_what_still_goes_on_is_not() {
    let (_dir, path) = place();
    const DAY: i64 = 86_400;
    let old = AgentKey::new("dialer".into(), "old".into());
    let of_old = |spell| Entry::Spell { agent: old.clone(), layer: Layer::Watched, spell };
    let journal = open(&path);
    let handle = journal.handle();
    let id = handle.record_intent(attempt("7"), now()).await.unwrap();
    let entries = [
        read_until(-90 * DAY),
        Entry::Name { agent: old.clone(), name: "Gone Long Since".into() },
        of_old(spell(-90 * DAY, Some(-89 * DAY), Activity::Available)),
        watched(-90 * DAY, Some(-80 * DAY), Activity::Ringing),
        watched(-80 * DAY, Some(-30 * DAY), Activity::Available),
        watched(-30 * DAY, None, Activity::WrapUp),
        keeps(Layer::Recorded, spell(-90 * DAY, None, Activity::LoggedIn)),
        keeps(Layer::Recorded, spell(-80 * DAY, None, Activity::Offline)),
        Entry::Calls(calls(Some("111"), "222", "2025-12-01", -90 * DAY, [5, 4, 1])),
        Entry::Calls(calls(Some("111"), "222", "2024-12-01", -455 * DAY, [5, 4, 1])),
        Entry::Calls(calls(Some("111"), "222", "2026-03-01", 0, [5, 4, 1])),
        Entry::Alert(Box::new(alert("floorwatch", "a", AlertStatus::Active, -90 * DAY))),
        read_until(0),
    ];
    let flood = (0..5_000)
        .map(|n| of_old(spell(-91 * DAY + n, Some(-91 * DAY + n + 1), Activity::Ringing)));
    handle.keep(entries.into_iter().chain(flood).collect::<Vec<_>>()).await.unwrap();
    handle.forget(at(-35 * DAY)).await.unwrap();

    let archive = handle.archive(at(-100 * DAY), at(1)).await.unwrap();
    let days = |archive: &Archive| -> Vec<_> {
        told(archive)
            .into_iter()
            .map(|(layer, since, until, _)| (layer, since / DAY, until.map(|s| s / DAY)))
            .collect()
    };
    let expected = [
        (Layer::Recorded, -80, None),
        (Layer::Watched, -80, Some(-30)),
        (Layer::Watched, -30, Some(0)),
    ];
    assert_eq!(days(&archive), expected);
    assert_eq!((archive.names, archive.alerts), (vec![], vec![]), "nor whom it was about");
    let days = handle.campaign_days().await.unwrap();
    let days: Vec<_> = days.iter().map(|day| day.day.to_string()).collect();
    assert_eq!(days, ["2025-12-01", "2026-03-01"]);
    let left = handle.ask(|page| {
        page.connection.query_row("SELECT count(*) FROM calls", [], |row| row.get::<_, i64>(0))
    });
    assert_eq!(left.await.unwrap(), 1);
    let actions = handle.recent_actions(10).await.unwrap();
    assert_eq!(actions.iter().map(|action| action.id).collect::<Vec<_>>(), [id]);
}

#[tokio::test]
async fn a_run_that_read_last_long_ago_is_forgotten_with_what_it_saw_go_on() {
    let (_dir, path) = place();
    drop(kept(&path, vec![read_until(0), watched(0, None, Activity::Available)]).await);
    let journal = Journal::open(&path, at(90_000)).unwrap();
    journal.handle().keep(vec![read_until(90_000)]).await.unwrap();
    journal.handle().forget(at(80_000)).await.unwrap();
    let archive = journal.handle().archive(at(-1), at(90_001)).await.unwrap();
    assert_eq!(archive.spells, []);
    let handle = journal.handle();
    let count = |table| {
        handle.ask(move |page| {
            let sql = format!("SELECT count(*) FROM {table}");
            page.connection.query_row(&sql, [], |row| row.get::<_, i64>(0))
        })
    };
    assert_eq!((count("runs").await, count("reads").await), (Ok(1), Ok(1)));
}

#[tokio::test]
async fn the_file_can_be_read_by_hand() {
    let (_dir, path) = place();
    let away = Spell {
        doubt: Some(Doubt::Clipped),
        ..spell(0, Some(90), Activity::Away(Reason::Other("Coffee".into())))
    };
    let journal = kept(
        &path,
        vec![
            read_until(0),
            Entry::Name { agent: jane(), name: "Jane Smith".into() },
            keeps(Layer::Recorded, away),
            watched(90, None, Activity::OwnCall),
            Entry::Calls(calls(Some("111"), "222", "2026-03-01", 10, [50, 45, 2])),
            read_until(100),
        ],
    )
    .await;
    drop(journal);
    let connection = Connection::open(&path).unwrap();
    let lines = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            let cell = |index| match row.get_ref_unwrap(index) {
                rusqlite::types::ValueRef::Null => "-".to_owned(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                cell => cell.as_str().unwrap().to_owned(),
            };
            Ok((0..columns).map(cell).collect::<Vec<_>>().join("|"))
        });
        rows.unwrap().map(Result::unwrap).collect()
    };
    let history = [
        "2026-03-01T15:00:00.000Z|2026-03-01T15:01:30.000Z|-|dialer|7|Jane Smith|recorded|away|Coffee|observed|READY|clipped|1",
        "2026-03-01T15:01:30.000Z|-|2026-03-01T15:01:40.000Z|dialer|7|Jane Smith|watched|own_call|-|observed|READY|-|1",
    ];
    assert_eq!(lines("SELECT * FROM history ORDER BY since"), history);
    let queue = "2026-03-01T15:00:10.000Z|dialer|111|-|222|Queue 222|50|45|2|-";
    assert_eq!(lines("SELECT * FROM queue_history"), [queue]);
    for view in ["place_history", "schedule_history", "alert_history"] {
        assert_eq!(lines(&format!("SELECT * FROM {view}")), Vec::<String>::new());
    }
}

/// How many contents there are, and how many uses of them are counted.
async fn contents(handle: &JournalHandle) -> (i64, i64) {
    let counted = handle.ask(|page| {
        let sql = "SELECT count(*), coalesce(sum(uses), 0) FROM contents";
        page.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    });
    counted.await.unwrap()
}

fn saying(raw: &str, since: i64) -> Entry {
    let said = spell(since, Some(since + 1), Activity::Available);
    keeps(Layer::Watched, Spell { raw: raw.into(), ..said })
}

#[tokio::test]
async fn what_no_spell_says_any_more_is_forgotten_and_what_one_says_is_not() {
    let (_dir, path) = place();
    let journal = open(&path);
    let handle = journal.handle();
    let old: Vec<_> = (0..5_000).map(|n| saying(&format!("word {n}"), n - 90_000)).collect();
    handle.keep(old).await.unwrap();
    let kept = [saying("word 3", 0), saying("new", 10), saying("new", 20), saying("once", 30)];
    handle.keep(kept.to_vec()).await.unwrap();
    handle.keep(vec![saying("now", 30), saying("new", 10)]).await.unwrap();
    assert_eq!(contents(&handle).await, (5_003, 5_004));
    handle.forget(at(-10)).await.unwrap();
    assert_eq!(contents(&handle).await, (3, 4));
    let archive = handle.archive(at(-1), at(60)).await.unwrap();
    let words: Vec<_> =
        archive.spells.iter().map(|(_, _, spell)| spell.raw.as_str().to_owned()).collect();
    assert_eq!(words, ["word 3", "new", "new", "now"]);
    // What was forgotten can be said again.
    handle.keep(vec![saying("once", 40)]).await.unwrap();
    assert_eq!(contents(&handle).await, (4, 5));
}

#[tokio::test]
async fn the_uses_in_a_file_of_the_third_version_are_counted_when_it_is_opened() {
    let (_dir, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let old = Connection::open(&path).unwrap();
    for migration in &schema::MIGRATIONS[..3] {
        old.execute_batch(migration).unwrap();
    }
    old.execute_batch(
        "PRAGMA user_version = 3;
         INSERT INTO contents (id, json) VALUES (1, 'a'), (2, 'b'), (3, 'c');
         INSERT INTO spells (agent, track, since, until, content, run)
         VALUES (1, 0, 1, 2, 1, 1), (1, 0, 2, 3, 3, 1), (1, 1, 1, 2, 3, 1);",
    )
    .unwrap();
    drop(old);
    let journal = open(&path);
    journal.handle().forget(at(-90_000_000)).await.unwrap();
    assert_eq!(contents(&journal.handle()).await, (2, 3));
}

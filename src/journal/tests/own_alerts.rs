//! Two programs on one journal find one deviation: it is one alert.

use super::history::{at, open};
use super::*;
use crate::model::{Alert, AlertKey, AlertKind, AlertStatus, KnownAlert};
use AlertStatus::{Acknowledged, Active, Resolved};

/// Jane's late start as a program finds it that read it to have begun at `since`, as it stands at `when`.
fn late(since: i64, status: AlertStatus, when: i64) -> KnownAlert {
    let id = format!("late_start:jane:{}", at(since).timestamp_millis());
    KnownAlert {
        key: AlertKey { source: SourceName::own(), id: id.as_str().into() },
        alert: Alert {
            id: id.as_str().into(),
            agent: "jane".into(),
            name: Some("Jane Smith".into()),
            kind: AlertKind::LateStart,
            message: format!("late since {since}"),
            status,
            created_at: Some(at(since + 120)),
            acknowledged_at: None,
            resolved_at: None,
            notes: None,
        },
        as_of: at(when),
        listed: true,
    }
}

fn entry(known: KnownAlert) -> Vec<Entry> {
    vec![Entry::Alert(Box::new(known))]
}

/// Every change kept: how long ago the deviation was read to have begun, and the status.
async fn history(handle: &JournalHandle) -> Vec<(String, String)> {
    let read = handle.ask(|page| {
        let sql = "SELECT message, status FROM alert_history ORDER BY at, id";
        let mut statement = page.connection.prepare(sql)?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    });
    read.await.unwrap()
}

fn told(changes: &[(&str, &str)]) -> Vec<(String, String)> {
    changes.iter().map(|(message, status)| ((*message).into(), (*status).into())).collect()
}

#[tokio::test]
async fn a_deviation_that_two_programs_read_seconds_apart_is_one_alert_under_one_id() {
    for apart in [-30, -3, 1, 9, 40] {
        let (_dir, path) = place();
        let (one, two) = (open(&path), open(&path));
        let (one, two) = (one.handle(), two.handle());
        one.keep(entry(late(0, Active, 121))).await.unwrap();
        two.keep(entry(late(apart, Active, 123 + apart.max(0)))).await.unwrap();
        for handle in [&one, &two] {
            assert_eq!(handle.own_alerts().await.unwrap(), [late(0, Active, 121)], "{apart}");
        }
        // Somebody deals with it under the other name.
        let attempt = Attempt {
            deed: Deed::Acknowledge(late(apart, Active, 0).key.id),
            target: AgentKey::new(SourceName::own(), "jane".into()),
            ..attempt("7")
        };
        let id = two.record_intent(attempt.clone(), at(200)).await.unwrap();
        two.record_outcome(id, Verdict::Confirmed, at(200)).await.unwrap();
        two.keep(entry(late(apart, Acknowledged, 200))).await.unwrap();
        let (deeds, _) = one.own_deeds(AttemptId(0), at(0), at(201)).await.unwrap();
        let about: Vec<_> = deeds.iter().map(|deed| deed.record.alert_key()).collect();
        assert_eq!(about, [Some(late(0, Active, 0).key)]);
        let again = one.record_intent(attempt, at(202)).await;
        assert!(matches!(again, Err(JournalError::Overtaken(_))), "{again:?}");
        // It is over, which both tell; the later one's word is no news.
        one.keep(entry(late(0, Resolved, 300))).await.unwrap();
        two.keep(entry(late(apart, Resolved, 303))).await.unwrap();
        let all = ["active", "acknowledged", "resolved"].map(|status| ("late since 0", status));
        assert_eq!(history(&one).await, told(&all), "{apart}");
        assert_eq!(one.own_alerts().await.unwrap(), []);
        // Another deviation of the same kind is another alert.
        two.keep(entry(late(600, Active, 721))).await.unwrap();
        assert_eq!(one.own_alerts().await.unwrap(), [late(600, Active, 721)]);
    }
}

#[tokio::test]
async fn a_file_of_the_fifth_version_keeps_one_of_what_was_kept_twice() {
    let (_dir, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let old = rusqlite::Connection::open(&path).unwrap();
    for migration in &schema::MIGRATIONS[..5] {
        old.execute_batch(migration).unwrap();
    }
    old.pragma_update(None, "user_version", 5).unwrap();
    let insert = |known: &KnownAlert, json: &str| {
        let values = rusqlite::params![known.key.id.as_str(), known.as_of.timestamp_millis(), json];
        let sql = "INSERT INTO alerts (source, id, at, is_newest, is_open, listed, json)
                   VALUES ('floorwatch', ?1, ?2, 1, 1, 1, ?3)";
        old.execute(sql, values).unwrap();
    };
    let (seen, twice) = (late(0, Acknowledged, 200), late(4, Active, 123));
    for known in [&seen, &twice] {
        insert(known, &serde_json::to_string(&known.alert).unwrap());
    }
    insert(&late(90, Active, 95), "{ what somebody has edited");
    drop(old);
    let journal = open(&path);
    assert_eq!(journal.handle().own_alerts().await.unwrap(), std::slice::from_ref(&seen));
    journal.handle().keep(entry(late(4, Active, 210))).await.unwrap();
    assert_eq!(journal.handle().own_alerts().await.unwrap(), [seen], "still seen");
}

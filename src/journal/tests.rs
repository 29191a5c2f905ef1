mod adherence;
mod clock_set;
mod damage;
mod deeds;
mod hanging;
mod history;
mod own_alerts;
mod retention;

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use chrono::TimeDelta;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::model::{AgentId, AgentKey, Deed, QueueKey, SourceName};

fn now() -> DateTime<Utc> {
    "2026-03-01T15:00:00Z".parse().unwrap()
}

fn attempt(agent: &str) -> Attempt {
    Attempt {
        deed: Deed::LogOut,
        target: AgentKey::new(SourceName::from("dialer"), AgentId::from(agent)),
        name: "Jane Smith".into(),
        operator: "sue".into(),
        host: "floor-7".into(),
        reason: "left without logging out".into(),
        state_before: "dialer: away 31 min".into(),
        asked_at: now(),
    }
}

fn place() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("floorwatch").join("Tampa.sqlite");
    (dir, path)
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn an_attempt_is_kept_from_intent_to_verdict() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    let id = handle.record_intent(attempt("7"), now()).await.unwrap();
    let [open] = &handle.open_attempts().await.unwrap()[..] else { panic!("not one") };
    assert_eq!((open.id, &open.attempt, open.sent_at), (id, &attempt("7"), None));
    handle.record_sent(id, now() + TimeDelta::milliseconds(250)).await.unwrap();
    handle.record_answer(id, Answer::NotLoggedIn("User not logged in".into())).await.unwrap();
    handle.record_outcome(id, Verdict::Gone, now() + TimeDelta::seconds(9)).await.unwrap();
    assert_eq!(handle.open_attempts().await.unwrap(), []);
    journal.close();

    let journal = Journal::open(&path, now() + TimeDelta::hours(1)).unwrap();
    let records = journal.handle().recent_actions(10).await.unwrap();
    let expected = AttemptRecord {
        id,
        attempt: attempt("7"),
        sent_at: Some(now() + TimeDelta::milliseconds(250)),
        answer: Some("not logged in: User not logged in".into()),
        verdict: Some("gone".into()),
        detail: None,
        done_at: Some(now() + TimeDelta::seconds(9)),
    };
    assert_eq!(records, [expected]);
}

#[tokio::test]
async fn the_newest_attempts_come_first_and_no_more_than_asked_for() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    for agent in ["1", "2", "3"] {
        journal.handle().record_intent(attempt(agent), now()).await.unwrap();
    }
    let records = journal.handle().recent_actions(2).await.unwrap();
    let agents: Vec<&str> = records.iter().map(|r| r.attempt.target.agent.as_str()).collect();
    assert_eq!(agents, ["3", "2"]);
}

#[tokio::test]
async fn what_a_crash_left_open_is_unknown_after_a_restart() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    let unsent = handle.record_intent(attempt("1"), now()).await.unwrap();
    let sent = handle.record_intent(attempt("2"), now()).await.unwrap();
    handle.record_sent(sent, now()).await.unwrap();
    drop(journal);

    let soon = Journal::open(&path, now() + TimeDelta::seconds(60)).unwrap();
    assert_eq!(soon.handle().open_attempts().await.unwrap().len(), 2);
    let later = Journal::open(&path, now() + TimeDelta::seconds(61)).unwrap();
    assert_eq!(later.handle().open_attempts().await.unwrap(), []);
    let records = later.handle().recent_actions(10).await.unwrap();
    let says: Vec<_> =
        records.iter().map(|r| (r.id, r.verdict.as_deref(), r.detail.as_deref())).collect();
    assert_eq!(
        says,
        [
            (sent, Some("unknown"), Some("floorwatch ended before it could be verified")),
            (
                unsent,
                Some("unknown"),
                Some("floorwatch ended before it recorded whether it was sent")
            ),
        ]
    );
}

#[tokio::test]
async fn a_verdict_on_an_attempt_that_is_not_there_is_an_error() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let done = journal.handle().record_outcome(AttemptId(99), Verdict::Gone, now()).await;
    assert!(matches!(done, Err(JournalError::Rejected(..))), "{done:?}");
}

#[tokio::test]
async fn queues_once_seen_are_known_after_a_restart() {
    let (_dir, path) = place();
    let queue = |campaign_id: Option<&str>, name: &str, seconds| KnownQueue {
        key: QueueKey {
            source: SourceName::from("dialer"),
            campaign_id: campaign_id.map(str::to_owned),
            queue_id: "222".into(),
        },
        name: name.into(),
        campaign: None,
        last_seen: now() + TimeDelta::seconds(seconds),
    };
    let journal = Journal::open(&path, now()).unwrap();
    let first = vec![queue(None, "222", 0), queue(Some("111"), "Main", 0)];
    journal.handle().remember_queues(first).await.unwrap();
    let second = vec![queue(Some("111"), "Main Queue", 5), queue(None, "older", -5)];
    journal.handle().remember_queues(second).await.unwrap();
    drop(journal);
    let journal = Journal::open(&path, now()).unwrap();
    let known = journal.handle().known_queues().await.unwrap();
    assert_eq!(known, [queue(None, "222", 0), queue(Some("111"), "Main Queue", 5)]);
}

#[tokio::test]
async fn two_writers_share_a_file() {
    let (_dir, path) = place();
    let (one, two) = (Journal::open(&path, now()).unwrap(), Journal::open(&path, now()).unwrap());
    let write = |journal: &Journal, agents: std::ops::Range<u32>| {
        let handle = journal.handle();
        tokio::spawn(async move {
            for agent in agents {
                handle.record_intent(attempt(&agent.to_string()), now()).await.unwrap();
            }
        })
    };
    let (a, b) = (write(&one, 0..20), write(&two, 20..40));
    a.await.unwrap();
    b.await.unwrap();
    assert_eq!(two.handle().recent_actions(100).await.unwrap().len(), 40);
}

#[tokio::test]
async fn an_intent_that_cannot_be_written_is_an_error_and_leaves_nothing() {
    let (_dir, path) = place();
    let journal = Journal::open_patiently(
        &path,
        Runner::default(),
        Clock::fixed(now()),
        Duration::from_millis(20),
    )
    .unwrap();
    let blocker = Connection::open(&path).unwrap();
    blocker.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let refused = journal.handle().record_intent(attempt("7"), now()).await;
    assert_eq!(refused, Err(JournalError::Busy(path.clone())));
    blocker.execute_batch("ROLLBACK").unwrap();
    assert_eq!(journal.handle().recent_actions(10).await.unwrap(), []);
}

#[tokio::test]
async fn a_closed_journal_says_so() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    journal.close();
    assert_eq!(handle.record_intent(attempt("7"), now()).await, Err(JournalError::Closed(path)));
}

#[test]
fn the_file_and_its_directory_belong_to_their_owner_alone() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    drop(journal);
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
    let _journal = Journal::open(&path, now()).unwrap();
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let path = file.join("Tampa.sqlite");
    let error = Journal::open(&path, now()).unwrap_err().to_string();
    assert!(error.contains(&format!("journal `{}` cannot be used", path.display())), "{error}");
}

#[test]
fn a_read_only_file_is_an_error_where_rights_count() {
    let (_dir, path) = place();
    drop(Journal::open(&path, now()).unwrap());
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
    let opened = Journal::open(&path, now());
    if rustix::process::geteuid().is_root() {
        assert!(opened.is_ok(), "{opened:?}");
    } else {
        assert!(opened.unwrap_err().to_string().contains("Permission denied"));
    }
}

#[test]
fn what_stands_in_the_way_is_said_in_words_with_a_hint_and_without_numbers() {
    let (dir, path) = place();
    std::fs::create_dir_all(&path).unwrap();
    let (kept, read) =
        (Journal::open(&path, now()).unwrap_err(), Journal::open_to_read(&path).unwrap_err());
    assert_eq!(kept, read, "whoever keeps it and whoever reads it say the same");
    let says = format!(
        "journal `{}` cannot be used: it is a directory (hint: move it away)",
        path.display()
    );
    assert_eq!(kept.to_string(), says);
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let below = Journal::open(&file.join("Tampa.sqlite"), now()).unwrap_err().to_string();
    assert!(below.contains("what should be its directory is none (hint: "), "{below}");
    for number in [5, 13, 24, 28, 30] {
        let error = JournalError::of_disk(&path, &std::io::Error::from_raw_os_error(number));
        assert!(!error.to_string().contains("os error"), "{error}");
    }
}

#[test]
fn a_journal_of_a_newer_version_is_refused() {
    let (_dir, path) = place();
    drop(Journal::open(&path, now()).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = Journal::open(&path, now()).unwrap_err();
    assert_eq!(error, JournalError::Newer { path, found: 99, known: 6 });
}

#[tokio::test]
async fn a_second_attempt_on_an_agent_is_refused_while_one_is_under_way_also_in_another_process() {
    let (_dir, path) = place();
    let (one, other) = (Journal::open(&path, now()).unwrap(), Journal::open(&path, now()).unwrap());
    let id = one.handle().record_intent(attempt("7"), now()).await.unwrap();
    let later = |seconds| Attempt { asked_at: now() + TimeDelta::seconds(seconds), ..attempt("7") };
    let refused =
        other.handle().record_intent(later(20), now() + TimeDelta::seconds(20)).await.unwrap_err();
    assert!(
        refused.to_string().contains("under way since 2026-03-01T15:00:00.000Z by sue at floor-7")
    );
    other.handle().record_intent(attempt("8"), now()).await.unwrap();
    one.handle().record_outcome(id, Verdict::StillHere, now()).await.unwrap();
    other.handle().record_intent(later(40), now() + TimeDelta::seconds(40)).await.unwrap();
}

/// An attempt to acknowledge an alert of agent 7.
fn change(alert: &str) -> Attempt {
    Attempt { deed: Deed::Acknowledge(alert.into()), reason: "seen".into(), ..attempt("7") }
}

#[tokio::test]
async fn a_change_of_an_alert_is_kept_like_a_logout() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    let id = handle.record_intent(change("a-1"), now()).await.unwrap();
    let resolve = Attempt { deed: Deed::Resolve("a-2".into()), ..change("a-2") };
    handle.record_intent(resolve.clone(), now()).await.unwrap();
    let answer = Answer::Changed(Box::default());
    handle.record_answer(id, answer).await.unwrap();
    let lost = Verdict::Overtaken("it is resolved now".into());
    handle.record_outcome(id, lost, now()).await.unwrap();
    let records = handle.recent_actions(10).await.unwrap();
    assert_eq!((&records[0].attempt, &records[1].attempt), (&resolve, &change("a-1")));
    let kept = &records[1];
    let words = (kept.answer.as_deref(), kept.verdict.as_deref(), kept.detail.as_deref());
    assert_eq!(words, (Some("accepted"), Some("overtaken"), Some("it is resolved now")));
}

#[tokio::test]
async fn only_another_attempt_on_the_same_alert_is_in_the_way() {
    let (_dir, path) = place();
    let (one, other) = (Journal::open(&path, now()).unwrap(), Journal::open(&path, now()).unwrap());
    one.handle().record_intent(change("a-1"), now()).await.unwrap();
    other.handle().record_intent(change("a-2"), now()).await.unwrap();
    other.handle().record_intent(attempt("7"), now()).await.unwrap();
    let resolve = Attempt { deed: Deed::Resolve("a-1".into()), ..change("a-1") };
    let refused = other.handle().record_intent(resolve, now()).await.unwrap_err().to_string();
    assert!(
        refused.starts_with("a change of alert a-1 of dialer:7 is under way since"),
        "{refused}"
    );
    let later = now() + TimeDelta::seconds(61);
    let again = Attempt { asked_at: later, ..change("a-1") };
    other.handle().record_intent(again, later).await.unwrap();
}

#[tokio::test]
async fn one_that_waited_for_its_turn_is_under_way_since_it_was_sent() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    let id = handle.record_intent(change("a-1"), now()).await.unwrap();
    handle.record_sent(id, now() + TimeDelta::seconds(90)).await.unwrap();
    let later = now() + TimeDelta::seconds(100);
    let again = Attempt { asked_at: later, ..change("a-1") };
    let refused = handle.record_intent(again, later).await;
    assert!(matches!(refused, Err(JournalError::UnderWay { .. })), "{refused:?}");
}

#[tokio::test]
async fn one_that_waited_for_its_turn_is_under_way_also_before_it_is_known_to_be_sent() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let written = now() + TimeDelta::seconds(90);
    let id = journal.handle().record_intent(change("a-1"), written).await.unwrap();
    let soon = written + TimeDelta::seconds(5);
    let other = Journal::open(&path, soon).unwrap();
    let open = other.handle().open_attempts().await.unwrap();
    assert_eq!(open.iter().map(|record| record.id).collect::<Vec<_>>(), [id], "not given up");
    let again = Attempt { asked_at: soon, ..change("a-1") };
    let refused = other.handle().record_intent(again, soon).await;
    assert!(matches!(refused, Err(JournalError::UnderWay { .. })), "{refused:?}");
}

#[tokio::test]
async fn what_was_done_to_an_agent_is_found_by_each_of_their_keys() {
    let (_dir, path) = place();
    let journal = Journal::open(&path, now()).unwrap();
    let handle = journal.handle();
    let wfm = AgentKey::new("wfm".into(), "uuid-7".into());
    let change = Attempt { target: wfm.clone(), ..change("a-1") };
    for attempt in [attempt("7"), attempt("8"), change, attempt("9")] {
        handle.record_intent(attempt, now()).await.unwrap();
    }
    let keys = vec![attempt("7").target, wfm];
    let found = handle.actions_on(keys.clone(), 20).await.unwrap();
    let targets: Vec<_> = found.iter().map(|record| record.attempt.target.to_string()).collect();
    assert_eq!(targets, ["wfm:uuid-7", "dialer:7"], "the newest first");
    assert_eq!(handle.actions_on(keys, 1).await.unwrap()[0].id, found[0].id);
    assert_eq!(handle.actions_on(Vec::new(), 20).await.unwrap(), []);
}

#[tokio::test]
async fn a_journal_of_the_first_version_is_brought_up_to_date_and_its_rows_are_logouts() {
    let (_dir, path) = place();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let old = Connection::open(&path).unwrap();
    old.execute_batch(schema::MIGRATIONS[0]).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.execute(
        "INSERT INTO actions (asked_at, operator, host, source, agent, name, reason, state_before,
                              verdict, done_at)
         VALUES ('2026-03-01T14:00:00.000Z', 'sue', 'floor-7', 'dialer', '7', 'Jane Smith',
                 'left without logging out', 'dialer: away 31 min', 'gone',
                 '2026-03-01T14:00:30.000Z')",
        [],
    )
    .unwrap();
    drop(old);
    let journal = Journal::open(&path, now()).unwrap();
    let records = journal.handle().recent_actions(10).await.unwrap();
    let asked_at = now() - TimeDelta::hours(1);
    assert_eq!(records[0].attempt, Attempt { asked_at, ..attempt("7") });
    assert_eq!(records[0].verdict.as_deref(), Some("gone"));
    journal.handle().record_intent(change("a-1"), now()).await.unwrap();
}

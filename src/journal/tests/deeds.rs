//! Two programs on one journal deal with the same alerts of our own.

use super::history::{alert, at, open};
use super::*;
use crate::model::AlertStatus;
use AlertStatus::{Acknowledged, Active, Resolved};

fn attempt_on(deed: Deed) -> Attempt {
    let target = AgentKey::new(SourceName::own(), AgentId::from("jane"));
    Attempt { deed, target, ..attempt("7") }
}

fn acknowledge() -> Attempt {
    attempt_on(Deed::Acknowledge("late:jane".into()))
}

fn resolve() -> Attempt {
    attempt_on(Deed::Resolve("late:jane".into()))
}

fn stands(status: AlertStatus, seconds: i64) -> Entry {
    Entry::Alert(Box::new(alert("floorwatch", "late:jane", status, seconds)))
}

/// Done at `seconds`, as far as the table of attempts goes.
async fn done(handle: &JournalHandle, attempt: Attempt, seconds: i64) -> AttemptId {
    let id = handle.record_intent(attempt, at(seconds)).await.unwrap();
    handle.record_outcome(id, Verdict::Confirmed, at(seconds)).await.unwrap();
    id
}

async fn seen(
    handle: &JournalHandle,
    after: AttemptId,
    seconds: i64,
) -> (Vec<AttemptId>, AttemptId) {
    let (deeds, last) = handle.own_deeds(after, at(-3600), at(seconds)).await.unwrap();
    (deeds.into_iter().map(|deed| deed.record.id).collect(), last)
}

async fn history(handle: &JournalHandle) -> Vec<String> {
    let read = handle.ask(|page| {
        let sql = "SELECT status || ' ' || substr(at, 18, 2) FROM alert_history ORDER BY at";
        page.connection.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
    });
    read.await.unwrap()
}

#[tokio::test]
async fn what_was_done_by_either_program_is_told_once_in_order_when_it_has_come_to_an_end() {
    let (_dir, path) = place();
    let (one, two) = (open(&path), open(&path));
    let (one, two) = (one.handle(), two.handle());
    done(&two, attempt("7"), 0).await;
    let first = done(&two, acknowledge(), 1).await;
    assert_eq!(seen(&one, AttemptId(0), 2).await, (vec![first], first));
    assert_eq!(seen(&one, first, 2).await, (vec![], first));
    let open = two.record_intent(resolve(), at(3)).await.unwrap();
    let other = attempt_on(Deed::Acknowledge("late:bob".into()));
    let behind = done(&two, Attempt { asked_at: at(4), ..other }, 4).await;
    assert_eq!(seen(&one, first, 5).await, (vec![], first), "the one before it is under way");
    two.record_outcome(open, Verdict::Confirmed, at(5)).await.unwrap();
    assert_eq!(seen(&one, first, 5).await, (vec![open, behind], behind));
    let refused = two.record_intent(attempt_on(Deed::Resolve("late:eve".into())), at(6)).await;
    let refused = refused.unwrap();
    two.record_outcome(refused, Verdict::Overtaken("it was resolved".into()), at(6)).await.unwrap();
    assert_eq!(seen(&one, behind, 7).await, (vec![], refused), "nothing was done");
}

#[tokio::test]
async fn one_that_a_program_left_under_way_when_it_ended_holds_nothing_up_for_ever() {
    let (_dir, path) = place();
    let journal = open(&path);
    let handle = journal.handle();
    handle.record_intent(acknowledge(), at(0)).await.unwrap();
    let other = attempt_on(Deed::Resolve("late:bob".into()));
    let behind = done(&handle, other, 1).await;
    assert_eq!(seen(&handle, AttemptId(0), 59).await.0, []);
    assert_eq!(seen(&handle, AttemptId(0), 61).await.0, [behind]);
}

#[tokio::test]
async fn a_new_file_in_the_place_of_a_damaged_one_is_read_from_its_beginning() {
    let (_dir, path) = place();
    let journal = open(&path);
    let id = done(&journal.handle(), acknowledge(), 0).await;
    let far = AttemptId(id.0 + 1_000);
    assert_eq!(seen(&journal.handle(), far, 1).await, (vec![id], id));
}

#[tokio::test]
async fn what_another_program_has_done_is_not_done_twice_and_the_answer_says_who_did_it() {
    let (_dir, path) = place();
    let (one, two) = (open(&path), open(&path));
    let (one, two) = (one.handle(), two.handle());
    one.keep(vec![stands(Active, 0)]).await.unwrap();
    done(&two, acknowledge(), 5).await;
    let refused = one.record_intent(acknowledge(), at(6)).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Jane Smith's alert was acknowledged by sue at floor-7 at 2026-03-01T15:00:05.000Z: \
         it is not done twice"
    );
    done(&one, resolve(), 7).await;
    for again in [acknowledge(), resolve()] {
        let refused = two.record_intent(again, at(8)).await;
        assert!(matches!(refused, Err(JournalError::Overtaken(_))), "{refused:?}");
    }
    two.keep(vec![stands(Resolved, 7), stands(Active, 60)]).await.unwrap();
    done(&two, acknowledge(), 61).await;
    one.keep(vec![stands(Resolved, 90)]).await.unwrap();
    let refused = two.record_intent(resolve(), at(91)).await.unwrap_err();
    assert_eq!(refused.to_string(), "Jane Smith's alert was resolved: it is not done twice");
}

#[tokio::test]
async fn each_change_of_an_alert_that_two_programs_tell_of_is_in_the_history_once() {
    let (_dir, path) = place();
    let (one, two) = (open(&path), open(&path));
    let (one, two) = (one.handle(), two.handle());
    one.keep(vec![stands(Active, 1)]).await.unwrap();
    two.keep(vec![stands(Active, 2)]).await.unwrap();
    // What was done first may be written last.
    two.keep(vec![stands(Acknowledged, 6)]).await.unwrap();
    one.keep(vec![stands(Acknowledged, 5)]).await.unwrap();
    // Who has not heard of it yet does not undo it.
    two.keep(vec![stands(Active, 7)]).await.unwrap();
    assert_eq!(history(&one).await, ["active 01", "acknowledged 05"]);
    two.keep(vec![stands(Resolved, 21)]).await.unwrap();
    one.keep(vec![stands(Resolved, 20)]).await.unwrap();
    two.keep(vec![stands(Active, 30)]).await.unwrap();
    let all = ["active 01", "acknowledged 05", "resolved 20", "active 30"];
    assert_eq!(history(&one).await, all);
    let archive = one.archive(at(0), at(60)).await.unwrap();
    assert_eq!(archive.alerts, [alert("floorwatch", "late:jane", Active, 30)]);
}

#[tokio::test]
async fn an_alert_that_was_over_and_came_back_can_be_acknowledged_again() {
    let (_dir, path) = place();
    let journal = open(&path);
    let handle = journal.handle();
    handle.keep(vec![stands(Active, 0)]).await.unwrap();
    let first = done(&handle, acknowledge(), 5).await;
    handle.keep(vec![stands(Acknowledged, 5)]).await.unwrap();
    let again = handle.record_intent(acknowledge(), at(6)).await;
    assert!(matches!(again, Err(JournalError::Overtaken(_))), "{again:?}");
    // It clears itself by a wrong reading, and stands again.
    handle.keep(vec![stands(Resolved, 8), stands(Active, 11)]).await.unwrap();
    assert_eq!(seen(&handle, AttemptId(0), 12).await, (vec![], first), "of another alert");
    done(&handle, acknowledge(), 60).await;
}

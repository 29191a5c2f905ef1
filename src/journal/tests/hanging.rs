//! A disk that hangs: whoever waits is told, and what nobody waits for any more is not begun.

use std::sync::mpsc::{SyncSender, sync_channel};

use super::history::open;
use super::*;

/// Has the thread of `handle` stand still until the answer is sent something.
fn stop(handle: &JournalHandle) -> SyncSender<()> {
    let (go_on, stands) = sync_channel::<()>(1);
    let handle = handle.clone();
    let stop = async move {
        let wait = move |_: &mut Page| {
            let _ = stands.recv();
            Ok(())
        };
        handle.ask_at_leisure(wait).await.unwrap();
    };
    tokio::spawn(stop);
    go_on
}

#[tokio::test(start_paused = true)]
async fn an_intent_that_cannot_be_written_in_time_is_refused_and_never_written() {
    let (_dir, path) = place();
    let journal = open(&path);
    let handle = journal.handle();
    let go_on = stop(&handle);
    tokio::task::yield_now().await;
    let refused = handle.record_intent(attempt("7"), now()).await.unwrap_err();
    let sentence =
        format!("journal `{}` does not answer (hint: see whether its disk hangs)", path.display());
    assert_eq!(refused.to_string(), sentence);
    assert!(refused.may_pass());
    tokio::time::resume();
    go_on.send(()).unwrap();
    assert_eq!(handle.recent_actions(5).await.unwrap(), [], "nobody waits for it any more");
    handle.record_intent(attempt("7"), now()).await.unwrap();
}

#[tokio::test]
async fn an_intent_that_was_written_after_it_was_given_up_is_marked_as_not_sent() {
    let (_dir, path) = place();
    let journal = open(&path);
    let handle = journal.handle();
    let ((go_on, stands), (begun, begins)) = (sync_channel::<()>(1), sync_channel::<()>(1));
    let (attempted, at) = (attempt("7"), now());
    // The disk hangs while the intent is being written.
    let slow = move |page: &mut Page| {
        let written = crate::journal::deeds::intend(page, &attempted, at);
        let _ = begun.send(());
        let _ = stands.recv();
        written
    };
    let asked = handle.clone();
    let asking = tokio::spawn(async move { asked.ask_in_time(slow, give_up(at)).await.map(drop) });
    tokio::task::spawn_blocking(move || begins.recv()).await.unwrap().unwrap();
    tokio::time::pause();
    assert_eq!(asking.await.unwrap(), Err(JournalError::Silent(path.clone())));
    tokio::time::resume();
    go_on.send(()).unwrap();
    let kept = handle.recent_actions(5).await.unwrap();
    assert_eq!(kept[0].verdict.as_deref(), Some("not sent"));
}

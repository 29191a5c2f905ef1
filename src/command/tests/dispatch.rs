//! From the order through the journal to the wire.

use super::*;
use crate::clock::Clock;
use crate::command::{Dispatcher, Progress};
use crate::journal::Journal;

#[tokio::test]
async fn what_is_journalled_is_what_is_sent_and_nothing_is_sent_that_is_not() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, r#"{"success": true}"#)).await;
    let sender = sender(server.url.clone(), Secret::Plain("s3cret".into()));
    let clock = Clock::system();
    let journal = Journal::open(&directory.path().join("a.sqlite"), clock.now()).unwrap();
    let dispatcher = Dispatcher::new(sender.clone(), Some(journal.handle()), clock.clone());
    let mut steps = Vec::new();
    dispatcher.carry_out(order("dialer"), |step| steps.push(step)).await;
    assert!(
        matches!(
            &steps[..],
            [Progress::Journalled(_), Progress::Sent(_), Progress::Answered(Answer::Accepted)]
        ),
        "{steps:?}"
    );
    let kept = journal.handle().recent_actions(2).await.unwrap();
    assert_eq!(&kept[0].attempt, order("dialer").attempt());
    assert_eq!(kept[0].answer.as_deref(), Some("accepted"));

    let mut steps = Vec::new();
    dispatcher.carry_out(order("dialer"), |step| steps.push(step)).await;
    let without = Dispatcher::new(sender, None, clock);
    without.carry_out(order("dialer"), |step| steps.push(step)).await;
    let [Progress::NotJournalled(under_way), Progress::NotJournalled(none)] = &steps[..] else {
        panic!("{steps:?}")
    };
    assert!(under_way.contains("a logout of dialer:12345 is under way"), "{under_way}");
    assert!(none.contains("no journal"), "{none}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_is_done_to_our_own_alerts_is_journalled_and_goes_nowhere() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::start(|_| json(200, r#"{"success": true}"#)).await;
    let sender = sender(server.url.clone(), Secret::Plain("s3cret".into()));
    let clock = Clock::system();
    let journal = Journal::open(&directory.path().join("a.sqlite"), clock.now()).unwrap();
    let dispatcher = Dispatcher::new(sender, Some(journal.handle()), clock);
    let authority = Authority::grant(false, false).unwrap();
    let deed = Deed::Resolve("late_start:jane:0".into());
    let own = Order::new(&authority, attempt("floorwatch", deed.clone()));
    let mut steps = Vec::new();
    dispatcher.carry_out(own, |step| steps.push(step)).await;
    assert!(matches!(&steps[..], [Progress::Journalled(_)]), "{steps:?}");
    let kept = journal.handle().recent_actions(1).await.unwrap();
    assert_eq!((&kept[0].attempt.deed, kept[0].sent_at), (&deed, None));
    assert!(server.seen().is_empty());
}

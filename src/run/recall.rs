//! What the journal knows of the time before: told once at the start, and looked after from then on.

use std::pin::pin;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::deeds::Deeds;
use crate::app::Message;
use crate::clock::Clock;
use crate::journal::{JournalError, JournalHandle};
use crate::model::Archive;

/// How far back the floor remembers.
const REMEMBERED: TimeDelta = TimeDelta::hours(48);

/// How long the program's own alerts wait for what earlier runs kept: a disk that hangs must not keep
/// them back for ever. What comes later is taken in all the same.
const AWAITED: Duration = Duration::from_secs(20);

/// How often the calls of campaigns are read again and what is too old is forgotten.
const EVERY: Duration = Duration::from_secs(3600);

/// Tells what earlier runs kept, or that nothing is to be waited for; then what is done to our own alerts,
/// and once an hour the calls of campaigns, and forgets what is older than `retention`. Tells of damaged
/// files too. Runs until nobody listens.
pub(super) async fn recall(
    journal: JournalHandle,
    clock: Clock,
    retention: TimeDelta,
    tell: mpsc::Sender<Message>,
) {
    let mut replacements = journal.replacements();
    let work = async {
        let now = clock.now();
        let mut deeds = Deeds::new(journal.clone(), clock.clone(), tell.clone(), REMEMBERED);
        // A deed is on disk at once, the alert that it changed a moment later: an end in between must not
        // make somebody do it again.
        let archive = async {
            deeds.look().await;
            journal.archive(now - REMEMBERED, now).await
        };
        if !restore(archive, &tell).await {
            return;
        }
        tokio::join!(deeds.follow(), hourly(&journal, &clock, retention, &tell));
    };
    let watch = async {
        while replacements.changed().await.is_ok() {
            let Some(text) = replacements.borrow_and_update().as_ref().map(ToString::to_string)
            else {
                continue;
            };
            tracing::error!("{text}");
            if tell.send(Message::SetAside(text)).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(work, watch);
}

/// Once an hour tells the calls of campaigns and forgets what is older than `retention`, until nobody
/// listens.
async fn hourly(
    journal: &JournalHandle,
    clock: &Clock,
    retention: TimeDelta,
    tell: &mpsc::Sender<Message>,
) {
    let mut hour = interval(EVERY);
    hour.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        hour.tick().await;
        let days = journal.campaign_days().await;
        if !told(tell, days, Message::CampaignDays).await {
            return;
        }
        forget(journal, clock.now() - retention).await;
    }
}

/// Tells what `archive` brings. Where it brings nothing, or not soon, that is told too; false where
/// nobody listens any more.
async fn restore(
    archive: impl Future<Output = Result<Archive, JournalError>>,
    tell: &mpsc::Sender<Message>,
) -> bool {
    let mut archive = pin!(archive);
    let mut is_awaited = true;
    let read = match timeout(AWAITED, &mut archive).await {
        Ok(read) => read,
        Err(_) => {
            is_awaited = false;
            tracing::warn!("the journal has not been read yet: alerts do not wait for it");
            if tell.send(Message::NothingRestored).await.is_err() {
                return false;
            }
            archive.await
        }
    };
    let failed = read.is_err();
    told(tell, read, |archive| Message::Restored(Box::new(archive))).await
        && (!(failed && is_awaited) || tell.send(Message::NothingRestored).await.is_ok())
}

/// Tells what was read, or why it was not; false where nobody listens any more.
async fn told<T>(
    tell: &mpsc::Sender<Message>,
    read: Result<T, JournalError>,
    message: impl FnOnce(T) -> Message,
) -> bool {
    let message = read.map_or_else(
        |error| {
            tracing::error!("{error}");
            Message::Trouble(error.to_string())
        },
        message,
    );
    tell.send(message).await.is_ok()
}

async fn forget(journal: &JournalHandle, before: DateTime<Utc>) {
    if let Err(error) = journal.forget(before).await {
        tracing::warn!("what is too old is not forgotten yet: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::path::PathBuf;

    use tokio::time::sleep;

    use super::*;

    /// What is told of an archive that is read so: a word a message.
    async fn told_of(
        archive: impl Future<Output = Result<Archive, JournalError>> + Send + 'static,
    ) -> Vec<&'static str> {
        let (tell, mut told) = mpsc::channel(8);
        let read = tokio::spawn(async move { restore(archive, &tell).await });
        sleep(AWAITED * 3).await;
        read.abort();
        let mut words = Vec::new();
        while let Some(message) = told.recv().await {
            words.push(match message {
                Message::Restored(_) => "restored",
                Message::NothingRestored => "nothing restored",
                Message::Trouble(_) => "trouble",
                other => panic!("{other:?}"),
            });
        }
        words
    }

    #[tokio::test(start_paused = true)]
    async fn that_nothing_is_to_be_waited_for_is_told_exactly_where_nothing_comes_or_not_soon() {
        assert_eq!(told_of(ready(Ok(Archive::default()))).await, ["restored"]);
        let failed = JournalError::Busy(PathBuf::from("Tampa.sqlite"));
        assert_eq!(told_of(ready(Err(failed))).await, ["trouble", "nothing restored"]);
        let late = async {
            sleep(AWAITED * 2).await;
            Ok(Archive::default())
        };
        assert_eq!(told_of(late).await, ["nothing restored", "restored"]);
        assert_eq!(told_of(pending()).await, ["nothing restored"]);
    }
}

//! What the journal knows of the time before: told once at the start, and looked after from then on.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::Message;
use crate::clock::Clock;
use crate::journal::{JournalError, JournalHandle};

/// How far back the floor remembers.
const REMEMBERED: TimeDelta = TimeDelta::hours(48);

/// How often the calls of campaigns are read again and what is too old is forgotten.
const EVERY: Duration = Duration::from_secs(3600);

/// Tells what earlier runs kept, then once an hour the calls of campaigns, and forgets what is older
/// than `retention`. Tells of damaged files too. Runs until nobody listens.
pub(super) async fn recall(
    journal: JournalHandle,
    clock: Clock,
    retention: TimeDelta,
    tell: mpsc::Sender<Message>,
) {
    let mut replacements = journal.replacements();
    let work = async {
        let now = clock.now();
        let restored = journal.archive(now - REMEMBERED, now).await;
        if !told(&tell, restored, |archive| Message::Restored(Box::new(archive))).await {
            return;
        }
        let mut hour = interval(EVERY);
        hour.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            hour.tick().await;
            let days = journal.campaign_days().await;
            if !told(&tell, days, Message::CampaignDays).await {
                return;
            }
            forget(&journal, clock.now() - retention).await;
        }
    };
    let watch = async {
        while replacements.changed().await.is_ok() {
            let Some(text) = replacements.borrow_and_update().as_ref().map(ToString::to_string)
            else {
                continue;
            };
            tracing::error!("{text}");
            if tell.send(Message::Trouble(text)).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(work, watch);
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

//! One attempt from the confirmed intent to the vendor's answer: first the journal, then the wire.

use chrono::{DateTime, Utc};

use super::{Order, Sender};
use crate::clock::Clock;
use crate::journal::JournalHandle;
use crate::model::{Answer, AttemptId};

/// How far an attempt came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The intent is on disk.
    Journalled(AttemptId),
    /// The intent could not be written; nothing was sent.
    NotJournalled(String),
    /// The request goes out now.
    Sent(DateTime<Utc>),
    /// The vendor answered, or did not.
    Answered(Answer),
}

impl Progress {
    /// An attempt tells of so many steps at most.
    pub const AT_MOST: usize = 3;
}

/// The only way from an order to the wire: it leads through the journal.
#[derive(Debug, Clone)]
pub struct Dispatcher {
    sender: Sender,
    journal: Option<JournalHandle>,
    clock: Clock,
}

impl Dispatcher {
    /// A dispatcher that writes to `journal`; without one every order is refused.
    #[must_use]
    pub fn new(sender: Sender, journal: Option<JournalHandle>, clock: Clock) -> Self {
        Self { sender, journal, clock }
    }

    /// Writes the intent, then sends the order, once, and tells of each step. Nothing is sent
    /// unless the intent is on disk; of what is our own affair nothing is sent at all.
    pub async fn carry_out(&self, order: Order, mut tell: impl FnMut(Progress)) {
        let Some(journal) = &self.journal else {
            return tell(Progress::NotJournalled("there is no journal to write it to".to_owned()));
        };
        let id = match journal.record_intent(order.attempt().clone(), self.clock.now()).await {
            Ok(id) => id,
            Err(error) => return tell(Progress::NotJournalled(error.to_string())),
        };
        tell(Progress::Journalled(id));
        if order.is_local() {
            return; // what is on disk is done
        }
        let sent_at = self.clock.now();
        tell(Progress::Sent(sent_at));
        let answer = self.sender.send(order).await;
        // The intent is on disk already; a journal that fails from here on must not hide the answer.
        for failed in [
            journal.record_sent(id, sent_at).await.err(),
            journal.record_answer(id, answer.clone()).await.err(),
        ]
        .into_iter()
        .flatten()
        {
            tracing::error!("the journal misses a part of attempt {}: {failed}", id.0);
        }
        tell(Progress::Answered(answer));
    }
}

//! What was done to the program's own alerts, by whichever program has the journal open.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::Message;
use crate::clock::Clock;
use crate::journal::{JournalError, JournalHandle};
use crate::model::{AttemptId, KnownAlert, OwnDeed};

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(2);

/// Looks for what was done, each time from where it ended.
pub(super) struct Deeds {
    journal: JournalHandle,
    clock: Clock,
    tell: mpsc::Sender<Message>,
    /// How far back it looks at first.
    remembered: TimeDelta,
    /// The last attempt that has been seen.
    last: AttemptId,
    /// The alerts that stood at the last look.
    born: Vec<KnownAlert>,
    /// Whether the last look failed, which is written down once.
    failed: bool,
}

impl Deeds {
    pub(super) fn new(
        journal: JournalHandle,
        clock: Clock,
        tell: mpsc::Sender<Message>,
        remembered: TimeDelta,
    ) -> Self {
        Self {
            journal,
            clock,
            tell,
            remembered,
            last: AttemptId(0),
            born: Vec::new(),
            failed: false,
        }
    }

    /// Tells what has been done since the last look; false where nobody listens any more.
    pub(super) async fn look(&mut self) -> bool {
        let now = self.clock.now();
        match self.read(now).await {
            Ok((born, deeds, last)) => {
                (self.last, self.failed) = (last, false);
                let is_news = born != self.born;
                if is_news {
                    self.born.clone_from(&born);
                }
                (!is_news || self.tell.send(Message::OwnAlerts(born)).await.is_ok())
                    && (deeds.is_empty() || self.tell.send(Message::OwnDeeds(deeds)).await.is_ok())
            }
            Err(error) => {
                if !std::mem::replace(&mut self.failed, true) {
                    tracing::warn!("what other programs do to alerts is not known: {error}");
                }
                !self.tell.is_closed()
            }
        }
    }

    /// The alerts that stand, what was done to any since the last look, and up to which attempt.
    async fn read(
        &self,
        now: DateTime<Utc>,
    ) -> Result<(Vec<KnownAlert>, Vec<OwnDeed>, AttemptId), JournalError> {
        let born = self.journal.own_alerts().await?;
        let (deeds, last) = self.journal.own_deeds(self.last, now - self.remembered, now).await?;
        Ok((born, deeds, last))
    }

    /// Looks again and again until nobody listens.
    pub(super) async fn follow(mut self) {
        let mut tick = interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tick.tick().await;
            if !self.look().await {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::journal::Journal;
    use crate::model::{AgentKey, Attempt, Deed, SourceName, Verdict};

    #[tokio::test]
    async fn what_another_program_did_is_told_at_the_next_look_and_only_then() {
        let now = DateTime::from_timestamp(1_772_380_800, 0).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("Tampa.sqlite");
        let (here, there) =
            (Journal::open(&path, now).unwrap(), Journal::open(&path, now).unwrap());
        let (tell, mut told) = mpsc::channel(8);
        let clock = Clock::fixed(now);
        let mut deeds = Deeds::new(here.handle(), clock, tell, TimeDelta::hours(1));
        assert!(deeds.look().await);
        assert!(told.try_recv().is_err(), "nothing was done");
        let attempt = Attempt {
            deed: Deed::Acknowledge("late:jane".into()),
            target: AgentKey::new(SourceName::own(), "jane".into()),
            name: "Jane Smith".to_owned(),
            operator: "sue".to_owned(),
            host: "desk-9".to_owned(),
            reason: String::new(),
            state_before: "late".to_owned(),
            asked_at: now,
        };
        let id = there.handle().record_intent(attempt, now).await.unwrap();
        there.handle().record_outcome(id, Verdict::Confirmed, now).await.unwrap();
        assert!(deeds.look().await && deeds.look().await);
        let Ok(Message::OwnDeeds(news)) = told.try_recv() else { panic!("nothing is told") };
        assert_eq!((news.len(), news[0].record.id), (1, id));
        assert!(told.try_recv().is_err(), "it is told once");
    }
}

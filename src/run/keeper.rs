//! Hands what is to be kept to the journal: collected, a batch about once a second, beside the loop; what
//! became of an alert at once, since somebody may just have been told that it is done.
//! A disk that is full or slow costs memory up to a bound, and nothing else. What the journal does not take
//! at all is found and dropped, so that it holds up nothing behind it.

use std::collections::{BTreeMap, VecDeque};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::app::{KeepingTrouble, Message};
use crate::clock::Clock;
use crate::journal::{DOES_NOT_ANSWER, JournalError};
use crate::model::Entry;

/// How often what has been collected is handed over.
const EVERY: Duration = Duration::from_secs(1);

/// Entries of one batch: some twenty milliseconds, which an intent may have to wait.
const BATCH: usize = 1_000;

/// Entries that may wait; beyond that the oldest are lost. About what ten thousand agents do in
/// half an hour.
const MOST: usize = 200_000;

/// How long a batch may take; beyond that the disk hangs, and somebody should know.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// How long it waits after the first failure; twice as long after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest of these pauses.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Collects what is to be kept. Its task ends when this is closed.
pub(super) struct Keeper {
    waiting: Waiting,
    urgent: Arc<Notify>,
    leave: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// What waits to be kept. Clones share it.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<Collected>>);

#[derive(Default)]
struct Collected {
    entries: VecDeque<Entry>,
    /// How many have been given up since the last batch that was kept.
    lost: usize,
}

impl Keeper {
    /// Begins to hand batches to `write`, which returns once they are on disk, and to `tell` of
    /// trouble and its end.
    pub(super) fn start<W, F>(write: W, clock: Clock, tell: mpsc::Sender<Message>) -> Self
    where
        W: Fn(Arc<[Entry]>) -> F + Send + 'static,
        F: Future<Output = Result<(), JournalError>> + Send + 'static,
    {
        let waiting = Waiting::default();
        let (leave, left) = oneshot::channel();
        let urgent = Arc::new(Notify::new());
        let round = Round { waiting: waiting.clone(), write, clock, tell, trouble: None };
        let task = tokio::spawn(round.run(Arc::clone(&urgent), left));
        Self { waiting, urgent, leave, task }
    }

    /// Takes `entries` to be kept. Never waits.
    pub(super) fn keep(&self, entries: Vec<Entry>) {
        let is_urgent = entries.iter().any(|entry| matches!(entry, Entry::Alert(_)));
        let mut waiting = self.waiting.lock();
        waiting.entries.extend(entries);
        let excess = waiting.entries.len().saturating_sub(MOST);
        waiting.entries.drain(..excess);
        waiting.lost += excess;
        drop(waiting);
        if is_urgent {
            self.urgent.notify_one();
        }
    }

    /// Hands over what still waits, once, and ends.
    pub(super) async fn close(self) {
        let _ = self.leave.send(());
        let _ = self.task.await;
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Collected> {
        // Whoever panicked while it held the lock has left nothing half done that would matter.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The oldest entries; none where none wait.
    fn batch(&self) -> Option<Arc<[Entry]>> {
        let mut waiting = self.lock();
        let count = waiting.entries.len().min(BATCH);
        let batch = (count > 0).then(|| waiting.entries.drain(..count).collect());
        if waiting.entries.is_empty() {
            // The first minute brings a day of everybody's past: room that is never used again.
            waiting.entries.shrink_to(BATCH);
        }
        batch
    }
}

/// The task's own part.
struct Round<W> {
    waiting: Waiting,
    write: W,
    clock: Clock,
    tell: mpsc::Sender<Message>,
    trouble: Option<KeepingTrouble>,
}

/// What became of a batch.
#[derive(Default)]
struct Written {
    /// Entries on disk.
    count: usize,
    /// Why some of it can never be; they are dropped.
    rejected: Option<JournalError>,
    /// Why the rest is not on disk yet.
    failed: Option<JournalError>,
    /// The rest, in order.
    left: Arc<[Entry]>,
}

impl<W, F> Round<W>
where
    W: Fn(Arc<[Entry]>) -> F,
    F: Future<Output = Result<(), JournalError>>,
{
    async fn run(mut self, urgent: Arc<Notify>, mut left: oneshot::Receiver<()>) {
        let mut tick = interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut unkept = None;
        let mut pause = FIRST_PAUSE;
        let mut leaves = false;
        while !leaves {
            tokio::select! {
                _ = tick.tick() => {}
                () = urgent.notified() => {}
                _ = &mut left => leaves = true,
            }
            while let Some(batch) = unkept.take().or_else(|| self.waiting.batch()) {
                let begun = self.clock.now();
                let written = self.write(batch).await;
                let nothing = written.rejected.as_ref().filter(|_| written.count == 0);
                match written.failed.as_ref().or(nothing) {
                    Some(error) => self.failed(error, begun).await,
                    None => self.is_well().await,
                }
                if written.failed.is_none() {
                    pause = FIRST_PAUSE;
                    continue;
                }
                // The same again: what was kept twice is there once.
                unkept = Some(written.left);
                if !leaves {
                    tokio::select! {
                        () = sleep(pause) => {}
                        _ = &mut left => leaves = true,
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                break;
            }
        }
    }

    /// Writes `batch`: whole, else in halves, down to what the journal does not take whatever is tried,
    /// which is dropped.
    async fn write(&mut self, batch: Arc<[Entry]>) -> Written {
        let mut written = Written::default();
        let mut dropped: BTreeMap<&str, usize> = BTreeMap::new();
        // The oldest last.
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            match self.patiently(Arc::clone(&part)).await {
                Ok(()) => written.count += part.len(),
                Err(error) if error.may_pass() => {
                    parts.push(part);
                    let left = parts.iter().rev().flat_map(|part| part.iter().cloned());
                    written.left = left.collect();
                    written.failed = Some(error);
                    break;
                }
                Err(error) => {
                    let (older, newer) = part.split_at(part.len() / 2);
                    if let ([], [only]) = (older, newer) {
                        *dropped.entry(only.word()).or_default() += 1;
                        written.rejected = Some(error);
                    } else {
                        parts.extend([newer.into(), older.into()]);
                    }
                }
            }
        }
        if let Some(error) = &written.rejected {
            for (what, count) in dropped {
                tracing::error!("{what} is not kept and lost, {count} of this kind: {error}");
            }
        }
        written
    }

    /// Writes `batch`; of a disk that does not answer it is told while it does not.
    async fn patiently(&mut self, batch: Arc<[Entry]>) -> Result<(), JournalError> {
        let begun = self.clock.now();
        let mut writing = pin!((self.write)(batch));
        if let Ok(written) = timeout(ANSWERS_WITHIN, &mut writing).await {
            return written;
        }
        self.tell_trouble(DOES_NOT_ANSWER, begun, "the journal does not answer").await;
        writing.await
    }

    async fn is_well(&mut self) {
        let lost = std::mem::take(&mut self.waiting.lock().lost);
        if lost > 0 {
            tracing::error!("{lost} changes of the floor could not be kept and are lost");
        }
        if self.trouble.take().is_some() {
            tracing::info!("the journal is kept again");
            let _ = self.tell.send(Message::Keeping(None)).await;
        }
    }

    async fn failed(&mut self, error: &JournalError, begun: DateTime<Utc>) {
        self.tell_trouble(&error.in_short(), begun, &error.to_string()).await;
    }

    /// That what happens is not kept since `begun`, unless it has not been since before: `why`, and the
    /// same `in_full`.
    async fn tell_trouble(&mut self, why: &str, begun: DateTime<Utc>, in_full: &str) {
        let since = self.trouble.as_ref().map_or(begun, |trouble| trouble.since);
        let trouble = KeepingTrouble { why: why.to_owned(), since };
        if self.trouble.as_ref() != Some(&trouble) {
            tracing::error!("what happens on the floor is not kept: {in_full}");
            self.trouble = Some(trouble.clone());
            let _ = self.tell.send(Message::Keeping(Some(trouble))).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::model::{Alert, AlertKey, AlertKind, AlertStatus, KnownAlert, Layer, SourceName};

    fn at(second: usize) -> DateTime<Utc> {
        DateTime::from_timestamp(i64::try_from(second).unwrap(), 0).unwrap()
    }

    fn entries(numbers: std::ops::Range<usize>) -> Vec<Entry> {
        let read = |number| Entry::ReadUntil {
            source: "dialer".into(),
            layer: Layer::Watched,
            at: at(number),
        };
        numbers.map(read).collect()
    }

    /// A journal that can be told to fail, and keeps its batches.
    #[derive(Clone, Default)]
    struct Disk {
        is_full: Arc<AtomicBool>,
        /// What it does not take.
        bad: Arc<Mutex<Vec<Entry>>>,
        /// So many batches it takes before it is full.
        room: Arc<Mutex<Option<usize>>>,
        kept: Arc<Mutex<Vec<Arc<[Entry]>>>>,
    }

    impl Disk {
        fn keeper(&self) -> (Keeper, mpsc::Receiver<Message>) {
            let (tell, told) = mpsc::channel(8);
            let disk = self.clone();
            let write = move |batch: Arc<[Entry]>| {
                let disk = disk.clone();
                async move {
                    if disk.is_full.load(Ordering::SeqCst) {
                        return Err(JournalError::Full("Tampa.sqlite".into()));
                    }
                    let bad = disk.bad.lock().unwrap().clone();
                    if batch.iter().any(|entry| bad.contains(entry)) {
                        return Err(JournalError::Rejected("Tampa.sqlite".into(), "no".into()));
                    }
                    if let Some(room) = disk.room.lock().unwrap().as_mut() {
                        *room = room.saturating_sub(1);
                        disk.is_full.store(*room == 0, Ordering::SeqCst);
                    }
                    disk.kept.lock().unwrap().push(batch);
                    Ok(())
                }
            };
            (Keeper::start(write, Clock::fixed(at(7)), tell), told)
        }

        fn all(&self) -> Vec<Entry> {
            self.kept.lock().unwrap().iter().flat_map(|batch| batch.to_vec()).collect()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_waits_is_kept_in_order_in_small_batches_on_leaving_at_the_latest() {
        let disk = Disk::default();
        let (keeper, _told) = disk.keeper();
        keeper.keep(entries(0..1_500));
        keeper.keep(entries(1_500..2_100));
        keeper.close().await;
        assert_eq!(disk.all(), entries(0..2_100));
        assert!(disk.kept.lock().unwrap().iter().all(|batch| batch.len() <= BATCH));
    }

    #[tokio::test(start_paused = true)]
    async fn the_room_of_a_flood_is_given_back_once_it_is_kept() {
        let disk = Disk::default();
        let (keeper, _told) = disk.keeper();
        let waiting = keeper.waiting.clone();
        keeper.keep(entries(0..MOST / 2));
        assert!(waiting.lock().entries.capacity() >= MOST / 2);
        keeper.close().await;
        assert_eq!(disk.all().len(), MOST / 2);
        assert!(waiting.lock().entries.capacity() <= 2 * BATCH);
    }

    #[tokio::test(start_paused = true)]
    async fn a_disk_that_hangs_is_told_of_while_it_does_and_nothing_is_lost() {
        let disk = Arc::new(tokio::sync::Semaphore::new(0));
        let (tell, mut told) = mpsc::channel(8);
        let (kept, hangs) = (Arc::new(Mutex::new(Vec::new())), Arc::clone(&disk));
        let written = Arc::clone(&kept);
        let write = move |batch: Arc<[Entry]>| {
            let (hangs, written) = (Arc::clone(&hangs), Arc::clone(&written));
            async move {
                hangs.acquire().await.unwrap().forget();
                written.lock().unwrap().extend(batch.to_vec());
                Ok(())
            }
        };
        let keeper = Keeper::start(write, Clock::fixed(at(7)), tell);
        keeper.keep(entries(0..10));
        let Some(Message::Keeping(Some(said))) = told.recv().await else { panic!("no trouble") };
        assert_eq!(said, KeepingTrouble { why: "it does not answer".into(), since: at(7) });
        keeper.keep(entries(10..20));
        sleep(Duration::from_secs(100)).await;
        assert!(told.try_recv().is_err(), "it is told once");
        disk.add_permits(2);
        let Some(Message::Keeping(None)) = told.recv().await else { panic!("still trouble") };
        keeper.close().await;
        assert_eq!(*kept.lock().unwrap(), entries(0..20), "each once, in order");
    }

    #[tokio::test(start_paused = true)]
    async fn an_alert_waits_for_no_tick() {
        let disk = Disk::default();
        let (keeper, _told) = disk.keeper();
        sleep(EVERY / 4).await; // the first tick is over
        keeper.keep(entries(0..1));
        sleep(EVERY / 4).await;
        assert_eq!(disk.all(), []);
        let alert = Alert {
            id: "late_start:jane:0".into(),
            agent: "jane".into(),
            name: None,
            kind: AlertKind::LateStart,
            message: String::new(),
            status: AlertStatus::Acknowledged,
            created_at: None,
            acknowledged_at: None,
            resolved_at: None,
            notes: None,
        };
        let key = AlertKey { source: SourceName::own(), id: alert.id.clone() };
        let known = KnownAlert { key, alert, as_of: at(0), listed: true };
        let alert = Entry::Alert(Box::new(known));
        keeper.keep(vec![alert.clone()]);
        sleep(EVERY / 100).await;
        assert_eq!(disk.all(), [entries(0..1), vec![alert]].concat());
        drop(keeper);
    }

    #[tokio::test(start_paused = true)]
    async fn trouble_is_told_once_and_so_is_its_end_and_nothing_is_lost() {
        let disk = Disk::default();
        disk.is_full.store(true, Ordering::SeqCst);
        let (keeper, mut told) = disk.keeper();
        keeper.keep(entries(0..10));
        let trouble = KeepingTrouble { why: "disk full".into(), since: at(7) };
        let Some(Message::Keeping(Some(said))) = told.recv().await else { panic!("no trouble") };
        assert_eq!(said, trouble);
        keeper.keep(entries(10..20));
        sleep(Duration::from_secs(100)).await;
        assert!(told.try_recv().is_err(), "the same again");
        disk.is_full.store(false, Ordering::SeqCst);
        let Some(Message::Keeping(None)) = told.recv().await else { panic!("still trouble") };
        keeper.close().await;
        assert_eq!(disk.all(), entries(0..20));
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_newest_are_kept_in_memory_while_the_journal_fails() {
        let disk = Disk::default();
        disk.is_full.store(true, Ordering::SeqCst);
        let (keeper, mut told) = disk.keeper();
        keeper.keep(entries(0..MOST));
        let _ = told.recv().await;
        keeper.keep(entries(MOST..2 * MOST + 5));
        assert_eq!(keeper.waiting.lock().entries.len(), MOST);
        disk.is_full.store(false, Ordering::SeqCst);
        let _ = told.recv().await;
        keeper.close().await;
        let kept = disk.all();
        assert_eq!(kept.len(), BATCH + MOST, "the batch that was tried, and the newest");
        assert_eq!(kept[BATCH..], entries(MOST + 5..2 * MOST + 5));
    }

    /// All of `numbers` but those that the journal does not take.
    fn without(numbers: std::ops::Range<usize>, bad: &[Entry]) -> Vec<Entry> {
        entries(numbers).into_iter().filter(|entry| !bad.contains(entry)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_journal_never_takes_is_dropped_alone_and_holds_up_nothing() {
        let disk = Disk::default();
        let bad = [entries(7..8), entries(993..995)].concat();
        *disk.bad.lock().unwrap() = bad.clone();
        let (keeper, mut told) = disk.keeper();
        keeper.keep(entries(0..2_500));
        keeper.close().await;
        assert_eq!(disk.all(), without(0..2_500, &bad));
        assert!(told.recv().await.is_none(), "what happens is kept");
        assert!(disk.kept.lock().unwrap().len() < 60, "it is found by halves");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_left_when_the_disk_fails_during_the_search_is_kept_later_in_order() {
        let disk = Disk::default();
        let bad = entries(100..101);
        *disk.bad.lock().unwrap() = bad.clone();
        *disk.room.lock().unwrap() = Some(3);
        let (keeper, mut told) = disk.keeper();
        keeper.keep(entries(0..800));
        let Some(Message::Keeping(Some(said))) = told.recv().await else { panic!("no trouble") };
        assert_eq!(said.why, "disk full");
        *disk.room.lock().unwrap() = None;
        disk.is_full.store(false, Ordering::SeqCst);
        let Some(Message::Keeping(None)) = told.recv().await else { panic!("still trouble") };
        keeper.close().await;
        assert_eq!(disk.all(), without(0..800, &bad));
    }

    #[tokio::test(start_paused = true)]
    async fn a_journal_that_takes_nothing_at_all_is_told_and_does_not_hold_up_what_follows() {
        let disk = Disk::default();
        *disk.bad.lock().unwrap() = entries(0..4);
        let (keeper, mut told) = disk.keeper();
        keeper.keep(entries(0..4));
        let Some(Message::Keeping(Some(said))) = told.recv().await else { panic!("no trouble") };
        assert_eq!(said.why, "no");
        keeper.keep(entries(4..6));
        let Some(Message::Keeping(None)) = told.recv().await else { panic!("still trouble") };
        keeper.close().await;
        assert_eq!(disk.all(), entries(4..6));
    }

    #[tokio::test(start_paused = true)]
    async fn leaving_does_not_wait_for_a_journal_that_fails() {
        let disk = Disk::default();
        disk.is_full.store(true, Ordering::SeqCst);
        let (keeper, _told) = disk.keeper();
        keeper.keep(entries(0..10));
        keeper.close().await;
        assert_eq!(disk.all(), []);
    }
}

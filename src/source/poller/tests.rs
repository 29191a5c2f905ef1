//! Cadence and back-off on a paused clock with a fake.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::{Feed, Handle, Outbox, Tasks, Turns};
use crate::clock::Clock;
use crate::http::scripted::three;
use crate::model::{Body, Coverage, Failure, FailureKind, Outcome, Reading, Report, WayBack};
use crate::vendor::{Class, Trouble};

/// What a fake is told to answer, in turn; then it succeeds for ever.
#[derive(Default)]
pub(super) struct Script {
    pub answers: VecDeque<Result<(), Trouble>>,
    pub prepared: u32,
    pub asked: Vec<Duration>,
    /// Steps back that are left.
    pub backlog: u32,
    /// What the next ones are answered; then they succeed for ever.
    pub back: VecDeque<Result<(), Trouble>>,
    pub takes: Duration,
    /// The readings, by their number, at which the task panics.
    pub panics: Vec<usize>,
}

#[derive(Clone)]
pub(super) struct Fake {
    pub script: Arc<Mutex<Script>>,
    pub start: Instant,
}

impl Feed for Fake {
    fn prepare(&mut self) -> Result<(), Trouble> {
        self.script.lock().unwrap().prepared += 1;
        Ok(())
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        let (answer, takes, panics) = {
            let mut script = self.script.lock().unwrap();
            script.asked.push(self.start.elapsed());
            let panics = script.panics.contains(&script.asked.len());
            (script.answers.pop_front().unwrap_or(Ok(())), script.takes, panics)
        };
        assert!(!panics, "as the test\nsays");
        tokio::time::sleep(takes).await;
        answer.map(|()| reading())
    }

    async fn read_back(&mut self) -> Result<Option<Reading>, Trouble> {
        let mut script = self.script.lock().unwrap();
        script.backlog -= 1;
        script.back.pop_front().unwrap_or(Ok(())).map(|()| Some(reading()))
    }

    fn backlog(&self) -> Option<Duration> {
        (self.script.lock().unwrap().backlog > 0).then_some(Duration::from_millis(150))
    }

    fn way_back(&self) -> Option<WayBack> {
        let left = self.script.lock().unwrap().backlog;
        Some(WayBack { done: 30 - left, of: 30 })
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        None
    }
}

/// Counts two things in turn, for ever.
#[derive(Clone)]
struct Pair {
    script: Arc<Mutex<Script>>,
    start: Instant,
    turn: u32,
}

impl Turns for Pair {
    type Turn = u32;

    fn next(&self, now: Instant) -> Option<(u32, Instant)> {
        Some((self.turn % 2, now))
    }

    async fn arrival(&self) {
        std::future::pending().await
    }

    async fn count(&mut self, _: &u32) -> Result<Reading, Trouble> {
        self.turn += 1;
        let (answer, panics) = {
            let mut script = self.script.lock().unwrap();
            script.asked.push(self.start.elapsed());
            let panics = script.panics.contains(&script.asked.len());
            (script.answers.pop_front().unwrap_or(Ok(())), panics)
        };
        assert!(!panics, "as the test says");
        answer.map(|()| reading())
    }

    fn failed(&self, turn: &u32, failure: Failure) -> Outcome {
        let queue_id = turn.to_string();
        Outcome::QueueFailed { campaign_id: None, queue_id, failure, next_at: None }
    }

    fn renew(&mut self) {}

    fn clock_offset(&self) -> Option<TimeDelta> {
        None
    }
}

pub(super) fn reading() -> Reading {
    let body = Body::Agents {
        observations: Vec::new(),
        coverage: Coverage::Part,
        summary: None,
        histories: Vec::new(),
    };
    Reading { source: "fake".into(), taken_at: three(), as_of: three(), skipped: 0, body }
}

pub(super) fn trouble(class: Class) -> Result<(), Trouble> {
    Err(Trouble::new(class, "as the test says"))
}

/// A source with a poll of 3 s and a script for each of its tasks.
struct Stage {
    main: Arc<Mutex<Script>>,
    turns: Arc<Mutex<Script>>,
    handle: Handle,
    reports: mpsc::Receiver<Report>,
}

/// Where a fake reports to, and what comes out there.
pub(super) fn outbox() -> (Outbox, mpsc::Receiver<Report>) {
    let (sender, reports) = mpsc::channel(1000);
    let outbox = Outbox {
        source: "fake".into(),
        clock: Clock::fixed(three()),
        reports: sender,
        complaints: super::complaints::Complaints::default(),
    };
    (outbox, reports)
}

fn stage(main: Script, turns: Option<Script>) -> Stage {
    let (outbox, reports) = outbox();
    let start = Instant::now();
    let main = Arc::new(Mutex::new(main));
    let has_turns = turns.is_some();
    let turns = Arc::new(Mutex::new(turns.unwrap_or_default()));
    let pair = has_turns.then(|| Pair { script: Arc::clone(&turns), start, turn: 0 });
    let fake = Fake { script: Arc::clone(&main), start };
    let mut tasks = Tasks::new(outbox);
    if let Some(pair) = pair {
        tasks.turns(move || pair.clone(), Duration::from_millis(1500));
    }
    tasks.feed(move || fake.clone(), secs(3));
    let handle = tasks.handle;
    Stage { main, turns, handle, reports }
}

pub(super) fn script(answers: impl IntoIterator<Item = Result<(), Trouble>>) -> Script {
    Script { answers: answers.into_iter().collect(), ..Script::default() }
}

pub(super) const fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

impl Stage {
    async fn report(&mut self) -> Report {
        self.reports.recv().await.unwrap()
    }

    fn asked(&self) -> Vec<Duration> {
        self.main.lock().unwrap().asked.clone()
    }
}

/// How long after its report the main reading is asked for again, as the report says.
pub(super) fn wait(report: &Report) -> Option<Duration> {
    report.next_at.map(|next| (next - three()).to_std().unwrap())
}

fn kind(report: &Report) -> Option<FailureKind> {
    match &report.outcome {
        Outcome::Failed(failure) => Some(failure.kind),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_healthy_source_is_asked_at_every_poll_and_says_when_next() {
    let mut stage = stage(Script { takes: secs(1), ..Script::default() }, None);
    for _ in 0..4 {
        let report = stage.report().await;
        assert_eq!((wait(&report), report.took), (Some(secs(2)), TimeDelta::seconds(1)));
    }
    assert_eq!(stage.asked(), [secs(0), secs(3), secs(6), secs(9)]);
    assert_eq!(stage.main.lock().unwrap().prepared, 1);
}

#[tokio::test(start_paused = true)]
async fn a_slow_source_is_never_asked_twice_at_once_nor_in_a_burst() {
    let mut stage = stage(Script { takes: secs(7), ..Script::default() }, None);
    for _ in 0..3 {
        stage.report().await;
    }
    assert_eq!(stage.asked(), [secs(0), secs(9), secs(18)]);
}

#[tokio::test(start_paused = true)]
async fn failures_that_may_pass_are_retried_ever_more_slowly_until_a_success() {
    let mut stage = stage(script((0..40).map(|_| trouble(Class::Transient))), None);
    let mut waits = Vec::new();
    for _ in 0..40 {
        let report = stage.report().await;
        assert_eq!(kind(&report), Some(FailureKind::Transient));
        waits.push(wait(&report).unwrap());
    }
    assert!(waits[0] <= secs(2) && waits[39] >= secs(15), "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= secs(30)), "{waits:?}");
    let report = stage.report().await;
    assert_eq!((kind(&report), wait(&report)), (None, Some(secs(3))));
    let told: Duration = waits.iter().sum();
    let asked = *stage.asked().last().unwrap();
    assert!(asked.abs_diff(told) < secs(1), "what was announced was done: {asked:?} {told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_be_left_alone_is_honoured() {
    let wish = Trouble {
        retry_after: Some(secs(120)),
        ..Trouble::new(Class::Transient, "HTTP 429 from the server")
    };
    let mut stage = stage(script([Err(wish)]), None);
    assert_eq!(wait(&stage.report().await), Some(secs(120)));
    stage.report().await;
    assert_eq!(stage.asked(), [secs(0), secs(120)]);
}

#[tokio::test(start_paused = true)]
async fn a_garbled_answer_changes_no_rhythm() {
    let mut stage = stage(script([trouble(Class::Garbled)]), None);
    assert_eq!(wait(&stage.report().await), Some(secs(3)));
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_is_asked_for_hourly() {
    let mut stage = stage(script([trouble(Class::NotEntitled)]), None);
    assert_eq!(wait(&stage.report().await), Some(secs(3600)));
    stage.report().await;
    assert_eq!(stage.asked(), [secs(0), secs(3600)]);
    assert_eq!(stage.main.lock().unwrap().prepared, 2, "the credential may be another by now");
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_and_requests_are_asked_again_ever_more_slowly_by_themselves() {
    for class in [Class::Denied, Class::Rejected] {
        let mut stage = stage(script((0..6).map(|_| trouble(class))), None);
        for expected in [30, 60, 120, 240, 300, 300] {
            let report = stage.report().await;
            assert_eq!((wait(&report), kind(&report).is_some()), (Some(secs(expected)), true));
        }
        assert_eq!(wait(&stage.report().await), Some(secs(3)), "it has healed");
        assert_eq!(stage.asked(), [0, 30, 90, 210, 450, 750, 1050].map(secs));
        // Whatever refuses a credential may have been given another one; a request stays the same.
        let prepared = if class == Class::Denied { 7 } else { 1 };
        assert_eq!(stage.main.lock().unwrap().prepared, prepared);
    }
}

#[tokio::test(start_paused = true)]
async fn the_supervisor_need_not_wait_for_what_is_asked_again_slowly() {
    for class in [Class::Denied, Class::Rejected] {
        let mut stage = stage(script((0..4).map(|_| trouble(class))), None);
        for _ in 0..4 {
            stage.report().await;
        }
        tokio::time::sleep(secs(5)).await;
        stage.handle.read_now();
        assert_eq!(wait(&stage.report().await), Some(secs(3)));
        assert_eq!(*stage.asked().last().unwrap(), secs(215));
    }
}

#[tokio::test(start_paused = true)]
async fn one_odd_answer_of_a_source_that_has_been_right_is_asked_again_at_the_next_poll() {
    for class in [Class::Denied, Class::Rejected, Class::NotEntitled, Class::Garbled] {
        let mut stage = stage(script([Ok(()), trouble(class)]), None);
        for _ in 0..4 {
            stage.report().await;
        }
        assert_eq!(stage.asked(), [0, 3, 6, 9].map(secs), "{class:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_impatient_supervisor_does_not_make_the_source_be_asked_more_often() {
    let mut stage = stage(script([]), None);
    stage.report().await;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stage.handle.read_now();
    }
    stage.report().await;
    stage.report().await;
    assert_eq!(stage.asked(), [secs(0), secs(3), secs(6)]);
}

#[tokio::test(start_paused = true)]
async fn an_embargo_is_lifted_once_and_not_by_every_key() {
    let slow_down =
        || Err(Trouble { retry_after: Some(secs(100)), ..Trouble::new(Class::Transient, "429") });
    let mut stage = stage(script([slow_down(), slow_down()]), None);
    stage.report().await;
    for _ in 0..20 {
        tokio::time::sleep(secs(4)).await;
        stage.handle.read_now();
    }
    stage.report().await;
    stage.report().await;
    assert_eq!(stage.asked(), [secs(0), secs(4), secs(104)]);
}

#[tokio::test(start_paused = true)]
async fn reading_back_fills_the_time_between_polls_and_never_delays_them() {
    let mut stage = stage(Script { backlog: 30, ..Script::default() }, None);
    let mut done = Vec::new();
    while stage.asked().len() < 3 {
        done.push(stage.report().await.way_back.unwrap().done);
    }
    assert_eq!(stage.asked(), [secs(0), secs(3), secs(6)]);
    assert!(done.is_sorted() && *done.last().unwrap() == 30, "{done:?}");
    assert!(done.len() > 30);
}

#[tokio::test(start_paused = true)]
async fn queues_are_counted_evenly_beside_the_main_reading() {
    let mut stage = stage(script([]), Some(script([])));
    for _ in 0..12 {
        stage.report().await;
    }
    let turns = stage.turns.lock().unwrap().asked.clone();
    let gaps: Vec<_> = turns.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.iter().all(|gap| *gap == Duration::from_millis(1500)), "{gaps:?}");
    assert!(stage.asked().windows(2).all(|pair| pair[1] - pair[0] == secs(3)));
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_fails_is_its_own_trouble() {
    let mut stage = stage(script([]), Some(script([trouble(Class::Rejected)])));
    let mut failed = None;
    while failed.is_none() {
        if let Outcome::QueueFailed { queue_id, failure, .. } = stage.report().await.outcome {
            failed = Some((queue_id, failure.kind));
        }
    }
    assert_eq!(failed, Some(("0".to_owned(), FailureKind::Rejected)));
    for _ in 0..6 {
        assert_eq!(kind(&stage.report().await), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_panics_is_told_of_and_begun_again_ever_more_slowly() {
    let mut stage = stage(Script { panics: vec![2, 3, 4, 5], ..Script::default() }, None);
    assert_eq!(kind(&stage.report().await), None);
    for expected in [3, 30, 60] {
        let report = stage.report().await;
        let Outcome::Failed(failure) = &report.outcome else { panic!("{report:?}") };
        assert_eq!((failure.kind, wait(&report)), (FailureKind::Internal, Some(secs(expected))));
        let text = "an error in this program, which begins anew: as the test says";
        assert_eq!(failure.text, text);
    }
    tokio::time::sleep(secs(4)).await;
    stage.handle.read_now();
    assert_eq!(wait(&stage.report().await), Some(secs(120)));
    assert_eq!(wait(&stage.report().await), Some(secs(3)), "it has healed");
    assert_eq!(stage.asked(), [0, 3, 6, 36, 40, 160].map(secs));
    assert_eq!(stage.main.lock().unwrap().prepared, 5, "each is a fresh one");
}

#[tokio::test(start_paused = true)]
async fn what_counts_in_turn_and_panics_is_told_of_that_turn_and_the_others_are_counted() {
    let panics = (1..10).step_by(2).collect();
    let mut stage = stage(script([]), Some(Script { panics, ..Script::default() }));
    let (mut failed, mut counted) = (0, 0);
    while failed < 3 {
        match stage.report().await.outcome {
            Outcome::QueueFailed { failure, .. } => {
                assert_eq!(failure.kind, FailureKind::Internal);
                failed += 1;
            }
            Outcome::Read(_) => counted += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(stage.turns.lock().unwrap().asked.len(), 5);
    assert!(counted >= 2);
    tokio::time::sleep(secs(9)).await;
    assert!(stage.turns.lock().unwrap().asked.len() > 9, "it goes on");
}

#[tokio::test(start_paused = true)]
async fn what_one_task_is_told_of_patience_holds_for_both() {
    let wish =
        || Trouble { retry_after: Some(secs(100)), ..Trouble::new(Class::Transient, "slow down") };
    let mut stage = stage(script([]), Some(script([Err(wish())])));
    let told = loop {
        let report = stage.report().await;
        if matches!(report.outcome, Outcome::QueueFailed { .. }) {
            break wait(&report);
        }
    };
    assert_eq!(told, Some(secs(100)), "the report says when the main reading comes next");
    stage.report().await;
    assert_eq!(stage.asked(), [secs(0), secs(100)]);
}

#[tokio::test(start_paused = true)]
async fn no_queue_is_counted_while_the_main_reading_fails() {
    let mut stage = stage(script([trouble(Class::Denied)]), Some(script([])));
    stage.report().await;
    tokio::time::sleep(secs(29)).await;
    assert!(stage.turns.lock().unwrap().asked.is_empty());
    stage.report().await;
    stage.report().await;
    assert_eq!(stage.turns.lock().unwrap().asked.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_ends_the_tasks() {
    let mut stage = stage(script([]), Some(script([])));
    stage.report().await;
    drop(stage.handle);
    while stage.reports.recv().await.is_some() {}
    assert!(stage.main.lock().unwrap().asked.len() <= 2);
}

//! A side reading beside the main one: they share the vendor's patience and nothing else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::tests::{Fake, Script, outbox, reading, script, secs, trouble, wait};
use super::{Feed, Handle, Tasks, spawn};
use crate::clock::Clock;
use crate::http::scripted::{Server, json};
use crate::model::{Body, Failure, FailureKind, Outcome, Reading, Report, Side, WayBack};
use crate::source::fixture;
use crate::vendor::{Class, Trouble};

/// The fake as a side reading.
struct Beside(Fake);

impl Feed for Beside {
    const SIDE: Option<Side> = Some(Side::History);

    fn prepare(&mut self) -> Result<(), Trouble> {
        self.0.prepare()
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        self.0.read().await?;
        let body = Body::History { histories: Vec::new(), incomplete: None };
        Ok(Reading { body, ..reading() })
    }

    async fn read_back(&mut self) -> Result<Option<Reading>, Trouble> {
        self.0.read_back().await?;
        let body = Body::History { histories: Vec::new(), incomplete: None };
        Ok(Some(Reading { body, ..reading() }))
    }

    fn backlog(&self) -> Option<Duration> {
        self.0.backlog()
    }

    fn way_back(&self) -> Option<WayBack> {
        None
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        None
    }
}

/// A source with a poll of 3 s and a side reading every 60 s.
struct Stage {
    main: Arc<Mutex<Script>>,
    side: Arc<Mutex<Script>>,
    handle: Handle,
    reports: mpsc::Receiver<Report>,
}

fn stage(main: Script, side: Script) -> Stage {
    let (outbox, reports) = outbox();
    let start = Instant::now();
    let (main, side) = (Arc::new(Mutex::new(main)), Arc::new(Mutex::new(side)));
    let mut tasks = Tasks::new(outbox);
    let (of_main, of_side) = (Arc::clone(&main), Arc::clone(&side));
    tasks.feed(move || Beside(Fake { script: Arc::clone(&of_side), start }), secs(60));
    tasks.feed(move || Fake { script: Arc::clone(&of_main), start }, secs(3));
    Stage { main, side, handle: tasks.handle, reports }
}

impl Stage {
    /// The next report of the side reading.
    async fn of_side(&mut self) -> Report {
        loop {
            let report = self.reports.recv().await.unwrap();
            let is_side = match &report.outcome {
                Outcome::SideFailed { .. } => true,
                Outcome::Read(reading) => reading.body.side().is_some(),
                other => panic!("the main reading failed: {other:?}"),
            };
            if is_side {
                return report;
            }
        }
    }

    fn asked(of: &Arc<Mutex<Script>>) -> Vec<Duration> {
        of.lock().unwrap().asked.clone()
    }
}

fn is_even(asked: &[Duration], count: usize) -> bool {
    asked.len() >= count && asked.windows(2).all(|pair| pair[1] - pair[0] == secs(3))
}

fn side_failure(report: &Report) -> Option<&Failure> {
    match &report.outcome {
        Outcome::SideFailed { side: Side::History, failure } => Some(failure),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_side_that_fails_is_reported_as_itself_and_does_not_delay_the_main_reading() {
    for (class, kind) in [
        (Class::NotSet, FailureKind::NotSet),
        (Class::Denied, FailureKind::Denied),
        (Class::Rejected, FailureKind::Rejected),
        (Class::Internal, FailureKind::Internal),
        (Class::NotEntitled, FailureKind::NotEntitled),
        (Class::Garbled, FailureKind::Garbled),
        (Class::Transient, FailureKind::Transient),
    ] {
        let mut stage = stage(script([]), script([trouble(class)]));
        let report = stage.of_side().await;
        assert_eq!(side_failure(&report).map(|failure| failure.kind), Some(kind));
        let next = wait(&report);
        match class {
            Class::NotSet | Class::Denied | Class::Rejected | Class::Internal => {
                assert_eq!(next, Some(secs(60)), "its poll");
            }
            Class::NotEntitled => assert_eq!(next, Some(secs(3600))),
            Class::Garbled => assert_eq!(next, Some(secs(60))),
            Class::Transient => assert!(next.unwrap() <= secs(2), "{next:?}"),
        }
        tokio::time::sleep(secs(30)).await;
        assert!(is_even(&Stage::asked(&stage.main), 10), "{class:?}");
        assert_eq!(stage.side.lock().unwrap().asked.len() > 1, class == Class::Transient);
    }
}

#[tokio::test(start_paused = true)]
async fn a_side_that_panics_is_told_of_as_itself_and_begun_again() {
    let mut stage = stage(script([]), Script { panics: vec![1], ..Script::default() });
    let report = stage.of_side().await;
    assert_eq!(side_failure(&report).map(|failure| failure.kind), Some(FailureKind::Internal));
    assert_eq!(wait(&report), Some(secs(60)));
    assert!(side_failure(&stage.of_side().await).is_none(), "it has healed");
    assert!(is_even(&Stage::asked(&stage.main), 20));
}

#[tokio::test(start_paused = true)]
async fn a_side_that_hangs_hangs_alone() {
    let stage = stage(script([]), Script { takes: secs(100_000), ..Script::default() });
    tokio::time::sleep(secs(300)).await;
    assert!(is_even(&Stage::asked(&stage.main), 100));
    assert_eq!(Stage::asked(&stage.side), [secs(0)], "never twice at once");
}

#[tokio::test(start_paused = true)]
async fn a_main_reading_that_fails_leaves_the_side_alone() {
    let mut stage = stage(script((0..9).map(|_| trouble(Class::Rejected))), script([]));
    let mut sides = 0;
    while sides < 3 {
        let report = stage.reports.recv().await.unwrap();
        if matches!(&report.outcome, Outcome::Read(reading) if reading.body.side().is_some()) {
            sides += 1;
            assert_eq!(wait(&report), Some(secs(60)), "its own time, not the main reading's");
        }
    }
    assert_eq!(Stage::asked(&stage.main), [secs(0), secs(30), secs(90)]);
}

#[tokio::test(start_paused = true)]
async fn a_further_page_of_a_side_that_fails_is_reported_like_the_first() {
    let mut stage = stage(script([]), Script { backlog: 3, ..script([]) });
    stage.side.lock().unwrap().back.push_back(trouble(Class::Transient));
    assert!(side_failure(&stage.of_side().await).is_none());
    let report = stage.of_side().await;
    assert_eq!(side_failure(&report).map(|failure| failure.kind), Some(FailureKind::Transient));
    assert!(wait(&report).unwrap() <= secs(2), "{report:?}");
    assert!(side_failure(&stage.of_side().await).is_none(), "it has healed");
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_be_left_alone_that_the_side_hears_holds_for_the_main_reading() {
    let wish = Trouble {
        retry_after: Some(secs(100)),
        ..Trouble::new(Class::Transient, "HTTP 429 from the server")
    };
    let mut stage = stage(script([]), script([Err(wish)]));
    let report = stage.of_side().await;
    assert_eq!(wait(&report), Some(secs(100)));
    tokio::time::sleep(secs(110)).await;
    let asked = Stage::asked(&stage.main);
    assert!(asked.iter().all(|at| *at == secs(0) || *at >= secs(100)), "{asked:?}");
    assert!(asked.contains(&secs(100)), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn read_now_wakes_both() {
    let mut stage = stage(script([]), script([trouble(Class::Denied)]));
    while side_failure(&stage.reports.recv().await.unwrap()).is_none() {}
    tokio::time::sleep(secs(31)).await;
    let (main, side) = (Stage::asked(&stage.main).len(), Stage::asked(&stage.side).len());
    assert_eq!(side, 1, "it waits");
    stage.handle.read_now();
    let report = stage.of_side().await;
    assert!(side_failure(&report).is_none());
    assert_eq!(Stage::asked(&stage.side), [secs(0), secs(31)]);
    assert_eq!(stage.side.lock().unwrap().prepared, 2, "the secret is read anew");
    tokio::time::sleep(secs(3)).await;
    assert!(Stage::asked(&stage.main).len() > main);
}

#[tokio::test]
async fn a_log_is_read_beside_its_monitor_over_http() {
    let server = Server::start(|seen| match seen.path.as_str() {
        "/v1/agent-productivity/search" => {
            json(200, r#"{"success":false,"error":"Invalid authentication token"}"#)
        }
        _ => json(200, r#"{"agents":[{"user_id":"1","status":"READY"}]}"#),
    })
    .await;
    let mut convoso = fixture::dialer(server.url.clone());
    convoso.history_poll = Some(secs(60));
    convoso.max_requests_per_minute = 60_000;
    let mut settings = fixture::of_dialer(convoso);
    settings.poll = Duration::from_millis(20);
    let (sender, mut reports) = mpsc::channel(8);
    let _handle = spawn(settings, Clock::system(), sender);
    let (mut agents, mut denied) = (0, false);
    while agents < 3 || !denied {
        match reports.recv().await.unwrap().outcome {
            Outcome::Read(Reading { body: Body::Agents { observations, .. }, .. }) => {
                agents += observations.len();
            }
            Outcome::SideFailed { side: Side::History, failure } => {
                denied = true;
                assert_eq!(failure.kind, FailureKind::Denied);
            }
            other => panic!("{other:?}"),
        }
    }
}

//! The tasks over real HTTP.

use std::time::Duration;

use tokio::sync::mpsc;

use super::spawn;
use crate::clock::Clock;
use crate::http::Secret;
use crate::http::scripted::{Server, json, keep, nobody};
use crate::model::{Body, FailureKind, Outcome, Reading, Side};
use crate::source::fixture;

#[tokio::test]
async fn a_dialer_is_read_and_its_queues_are_counted_over_http() {
    let server = Server::start(|seen| {
        if seen.body.contains("queue_id=222") && seen.body.contains("campaign_id=111") {
            json(200, r#"{"agents":[],"queue_calls_today":500}"#)
        } else if seen.body == "auth_token=s3cret" {
            json(
                200,
                r#"{"agents":[{"user_id":"1","status":"READY","campaign_id":"111",
                "queue_id":"222"}]}"#,
            )
        } else {
            json(400, "")
        }
    })
    .await;
    let mut convoso = fixture::dialer(server.url.clone());
    convoso.max_requests_per_minute = 60_000;
    let mut settings = fixture::of_dialer(convoso);
    settings.poll = Duration::from_millis(20);
    let (sender, mut reports) = mpsc::channel(8);
    let handle = spawn(settings, Clock::system(), sender);
    let (mut agents, mut calls) = (0, None);
    while agents < 3 || calls.is_none() {
        match reports.recv().await.unwrap().outcome {
            Outcome::Read(Reading { body: Body::Agents { observations, .. }, .. }) => {
                agents += observations.len();
            }
            Outcome::Read(Reading { body: Body::Queue(count), .. }) => calls = count.calls_today,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(calls, Some(500));
    drop(handle);
}

#[tokio::test]
async fn a_renewed_token_takes_effect_when_the_supervisor_asks() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    let server = Server::start(|seen| match seen.body.as_str() {
        "auth_token=new" => json(200, r#"{"agents":[]}"#),
        _ => json(200, r#"{"success":false,"error":"Invalid authentication token"}"#),
    })
    .await;
    let mut convoso = fixture::dialer(server.url.clone());
    convoso.account.auth_token = Secret::File(file.clone());
    let (sender, mut reports) = mpsc::channel(8);
    let handle = spawn(fixture::of_dialer(convoso), Clock::system(), sender);
    for (token, kind, said) in [
        ("old", FailureKind::NotSet, "cannot be used"),
        ("new", FailureKind::Denied, "Invalid authentication token"),
    ] {
        let report = reports.recv().await.unwrap();
        let Outcome::Failed(failure) = report.outcome else { panic!() };
        assert_eq!((failure.kind, report.next_at.is_some()), (kind, true));
        assert!(failure.text.contains(said), "{failure:?}");
        keep(&file, token);
        handle.read_now();
    }
    let report = reports.recv().await.unwrap();
    assert!(matches!(report.outcome, Outcome::Read(_)), "{report:?}");
    assert_eq!(server.seen().len(), 2, "without a token nothing is asked");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure_that_may_pass() {
    let site = fixture::site(nobody().await, Secret::Plain("session=s3cret".into()));
    let (sender, mut reports) = mpsc::channel(8);
    let _handle = spawn(fixture::of_site(site), Clock::system(), sender);
    let (mut main, mut alerts) = (0, 0);
    while main == 0 || alerts == 0 {
        let report = reports.recv().await.unwrap();
        let failure = match &report.outcome {
            Outcome::Failed(failure) => {
                main += 1;
                failure
            }
            Outcome::SideFailed { side: Side::Alerts, failure } => {
                alerts += 1;
                failure
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(failure.kind, FailureKind::Transient);
        assert!(failure.text.starts_with("could not connect to 127.0.0.1:"), "{failure:?}");
        assert!(report.next_at.is_some() && !format!("{report:?}").contains("s3cret"));
    }
}

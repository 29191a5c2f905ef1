//! One odd answer, whatever it is, stops nothing: every source, and what is read beside it, over real
//! HTTP and with short polls. Waits are not waited for, they are read from the reports.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use http_body::Frame;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::spawn_within;
use crate::clock::Clock;
use crate::http::Secret;
use crate::http::scripted::{Seen, Server, json};
use crate::model::{
    Activity, AgentKey, Body, Evidence, Feed, FeedStatus, Floor, FloorIdentity, Outcome, Report,
    Roster, Side, SideFeed, SourceKind,
};
use crate::source::fixture;
use crate::source::settings::Settings;

const POLL: Duration = Duration::from_millis(20);

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Convoso,
    History,
    CxEngage,
    SipIo,
    Wfm,
    Alerts,
}

use Target::{Alerts, Convoso, CxEngage, History, SipIo, Wfm};

impl Target {
    fn is_asked(self, seen: &Seen) -> bool {
        let (end, is_main) = match self {
            Convoso => ("/agent-monitor/search", !seen.body.contains("queue_id")),
            History => ("/agent-productivity/search", true),
            CxEngage => ("/wfm/rta", true),
            SipIo => ("/agents", true),
            Wfm => ("/states", true),
            Alerts => ("/alerts", true),
        };
        is_main && seen.path.ends_with(end)
    }

    fn settings(self, server: &Server) -> Settings {
        let url = server.url.clone();
        let settings = match self {
            Convoso | History => {
                let mut convoso = fixture::dialer(url);
                convoso.max_requests_per_minute = 60_000;
                convoso.history_poll = (self == History).then_some(POLL);
                fixture::of_dialer(convoso)
            }
            CxEngage => fixture::of_tenant(fixture::tenant(url)),
            SipIo => fixture::of_telephony(fixture::telephony(url)),
            Wfm | Alerts => {
                fixture::of_site(fixture::site(url, Secret::Plain("session=s3cret".into())))
            }
        };
        Settings { poll: POLL, ..settings }
    }

    fn side(self) -> Option<Side> {
        match self {
            History => Some(Side::History),
            Alerts => Some(Side::Alerts),
            Convoso | CxEngage | SipIo | Wfm => None,
        }
    }

    fn kind(self) -> SourceKind {
        match self {
            Convoso | History => SourceKind::Convoso,
            CxEngage => SourceKind::CxEngage,
            SipIo => SourceKind::SipIo,
            Wfm | Alerts => SourceKind::Wfm,
        }
    }

    /// Whether `report` is about it.
    fn is_told(self, report: &Report) -> bool {
        match &report.outcome {
            Outcome::Read(reading) => match &reading.body {
                Body::Agents { .. } => self.side().is_none(),
                body => body.side().is_some() && body.side() == self.side(),
            },
            Outcome::Failed(_) => self.side().is_none(),
            Outcome::SideFailed { side, .. } => self.side() == Some(*side),
            Outcome::QueueFailed { .. } | Outcome::LookUpFailed { .. } => false,
        }
    }
}

/// The answer that is right.
fn good(path: &str) -> &'static str {
    match path {
        path if path.ends_with("/agent-monitor/search") => {
            r#"{"agents":[{"user_id":"1","status":"READY"},{"user_id":"2","status":"READY"}]}"#
        }
        path if path.ends_with("/agent-productivity/search") => r#"{"entries":[]}"#,
        path if path.ends_with("/wfm/rta") => r#"{"total":0,"results":[]}"#,
        path if path.ends_with("/agents") => {
            r#"{"agents":[{"user_id":"1","status":"available"},{"user_id":"2"}]}"#
        }
        path if path.ends_with("/states") => {
            r#"{"states":[{"employeeId":"1","state":"available"},
                {"employeeId":"2","state":"available"}]}"#
        }
        _ => r#"{"alerts":[{"id":"a","employeeId":"1","status":"active"}]}"#,
    }
}

/// The right answer to `path`, but for one agent of whom something was at `instant`; of sip.io, which
/// sends no instants, one who did something for longer than can be held.
fn at_odds(path: &str, instant: &str) -> String {
    let said = match path {
        path if path.ends_with("/agent-productivity/search") => {
            r#"{"entries":[{"user_id":"1","state":"Ready","created_at":"INSTANT"},
                {"user_id":"2","state":"Ready","created_at":"2001-01-01 08:00:00"}]}"#
        }
        path if path.ends_with("/wfm/rta") => {
            r#"{"total":2,"results":[
                {"agentId":"1","eventType":"agent-ready","presence":"ready","start":"INSTANT"},
                {"agentId":"1","eventType":"agent-ready","presence":"ready","start":"INSTANT",
                    "end":"INSTANT","loginTimestamp":"INSTANT"}]}"#
        }
        path if path.ends_with("/agents") => {
            r#"{"agents":[{"user_id":"1","status":"available","statusMs":
                {"available":9223372036854775807,"x":9223372036854775807}},{"user_id":"2"}]}"#
        }
        path if path.ends_with("/states") => {
            r#"{"states":[{"employeeId":"1","state":"available","stateStartedAt":"INSTANT"},
                {"employeeId":"2","state":"available"}]}"#
        }
        path if path.ends_with("/alerts") => {
            r#"{"alerts":[{"id":"a","employeeId":"1","status":"active","createdAt":"INSTANT"}]}"#
        }
        path => good(path),
    };
    said.replace("INSTANT", instant)
}

/// A body that does not end: after its first half the connection breaks, or nothing comes any more.
struct Endless {
    half: Option<Bytes>,
    breaks: bool,
    is_flushed: bool,
}

impl Endless {
    fn response(half: &'static str, breaks: bool) -> Response {
        let half = Some(Bytes::from_static(half.as_bytes()));
        Response::new(HttpBody::new(Self { half, breaks, is_flushed: false }))
    }
}

impl axum::body::HttpBody for Endless {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.breaks {
            return Poll::Pending;
        }
        // The first half is written out only when there is nothing more to take at the moment.
        if !self.is_flushed {
            self.is_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
    }
}

/// What comes instead of the answer, once.
#[derive(Debug, Clone)]
enum Odd {
    /// A status with an error in JSON.
    Status(u16),
    /// A status that asks to be left alone for so many seconds.
    Wait(u16, u64),
    /// A web page with this status.
    Page(u16),
    /// A redirect to a page for logging in.
    Redirect(u16),
    /// 200 with this body.
    Says(&'static str),
    /// An instant in the right answer that cannot be meant.
    Instant(&'static str),
    /// The right answer called a text.
    CalledText,
    /// The right answer, of which half comes.
    Half,
    /// The right answer, in the middle of which the connection breaks.
    Reset,
    /// The right answer, of which half comes and then nothing, for as long as one waits.
    Hang,
}

impl Odd {
    fn all() -> Vec<Self> {
        let statuses = [
            400, 401, 402, 403, 404, 405, 408, 409, 410, 421, 422, 425, 429, 500, 501, 502, 503,
            504,
        ];
        let bodies = [
            "",
            " ",
            "[]",
            "false",
            "null",
            "{}",
            "true",
            "7",
            "\"text\"",
            "{\"error\":\"boom\"}",
            "{\"success\":false}",
            "{\"success\":false,\"error\":\"Invalid authentication token\"}",
            "{\"agents\":[],\"states\":[],\"results\":[],\"entries\":[],\"alerts\":[]}",
            "{\"agents\":false,\"states\":false,\"results\":false,\"entries\":false,\"alerts\":false}",
            "{\"agents\":null,\"states\":null,\"results\":null,\"entries\":null,\"alerts\":null}",
            "{\"agents\":[7],\"states\":[7],\"results\":[7],\"entries\":[7],\"alerts\":[7]}",
        ];
        let instants = [
            "-262143-01-01T00:00:00",
            "-262143-01-01T00:00:05Z",
            "+262142-12-31T23:59:59",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59Z",
        ];
        statuses
            .map(Self::Status)
            .into_iter()
            .chain([(429, 1), (503, 1)].map(|(status, wait)| Self::Wait(status, wait)))
            .chain([200, 403, 404, 502].map(Self::Page))
            .chain([301, 302, 307].map(Self::Redirect))
            .chain(bodies.map(Self::Says))
            .chain(instants.map(Self::Instant))
            .chain([Self::CalledText, Self::Half, Self::Reset, Self::Hang])
            .collect()
    }

    fn response(&self, path: &str) -> Response {
        let good = good(path);
        let status = |code: u16| StatusCode::from_u16(code).unwrap();
        match self {
            Self::Status(code) => json(*code, r#"{"error":"boom"}"#),
            Self::Wait(code, seconds) => {
                (status(*code), [(header::RETRY_AFTER, seconds.to_string())], "{}").into_response()
            }
            Self::Page(code) => {
                let page = "<!DOCTYPE html><title>Sign in</title>";
                (status(*code), axum::response::Html(page)).into_response()
            }
            Self::Redirect(code) => (status(*code), [(header::LOCATION, "/login")]).into_response(),
            Self::Says(body) => json(200, *body),
            Self::Instant(instant) => json(200, at_odds(path, instant)),
            Self::CalledText => ([(header::CONTENT_TYPE, "text/plain")], good).into_response(),
            Self::Half => json(200, &good[..good.len() / 2]),
            Self::Reset => Endless::response(&good[..good.len() / 2], true),
            Self::Hang => Endless::response(&good[..good.len() / 2], false),
        }
    }
}

/// The floor of one source that reads `target`.
fn floor(target: Target, settings: &Settings) -> Floor {
    let poll = TimeDelta::from_std(POLL).unwrap();
    let mut feed = Feed::new(settings.name.clone(), target.kind(), poll);
    feed.sides.extend(target.side().map(|side| SideFeed::new(side, poll)));
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::America::New_York,
        day_starts: chrono::NaiveTime::MIN,
    };
    Floor::new(identity, Roster::default(), vec![feed], Vec::new())
}

/// Reads `target`, whose answer number `nth` is odd, until what it said of that and of the answer
/// that followed is known. Fails where more is claimed meanwhile than is known.
async fn read_through(target: Target, odd: Odd, nth: usize) {
    let context = format!("{target:?} {odd:?} {nth}");
    let asked = Arc::new(AtomicUsize::new(0));
    let (count, spoilt) = (Arc::clone(&asked), odd.clone());
    let server = Server::start(move |seen| {
        let is_odd = target.is_asked(&seen) && count.fetch_add(1, Ordering::SeqCst) == nth;
        if is_odd { spoilt.response(&seen.path) } else { json(200, good(&seen.path)) }
    })
    .await;
    let settings = target.settings(&server);
    let mut floor = floor(target, &settings);
    let name = settings.name.clone();
    let (sender, mut reports) = mpsc::channel(8);
    let hangs = matches!(odd, Odd::Hang);
    let limit = Duration::from_secs(if hangs { 1 } else { 10 });
    let _handle = spawn_within(limit, settings, &Clock::system().into(), sender);
    let mut failure = None;
    // What is read after the odd answer was sent, and after the one that followed it.
    while asked.load(Ordering::SeqCst) < nth + 3 {
        let report = reports.recv().await.unwrap();
        let now = report.at;
        let failed = !matches!(report.outcome, Outcome::Read(_));
        if target.is_told(&report) && failed && asked.load(Ordering::SeqCst) > nth {
            let wait = report.next_at.unwrap() - now;
            let permitted = match &report.outcome {
                Outcome::Failed(failure) | Outcome::SideFailed { failure, .. } => failure.clone(),
                other => panic!("{context}: {other:?}"),
            };
            let longest = longest(&odd, nth, permitted.kind);
            assert!(wait <= longest, "{context}: {wait} {permitted:?}");
            assert!(!permitted.text.is_empty(), "{context}");
            // A record that cannot be meant costs itself.
            assert!(!matches!(odd, Odd::Instant(_)), "{context}: {permitted:?}");
            failure = Some(permitted);
            if wait > TimeDelta::seconds(2) {
                return; // it has said when, and that is all that has to be known
            }
        }
        floor.report(report, now);
        if let Some(person) = floor.person_of(&AgentKey::new(name.clone(), "1".into())) {
            let presence = person.presence(&name).unwrap();
            assert_eq!(presence.activity, Activity::Available, "{context}: nothing else was said");
            let longest = TimeDelta::days(366);
            let is_possible = presence.since.is_none_or(|since| (now - since).abs() < longest);
            assert!(is_possible, "{context}: {:?}", presence.since);
        }
    }
    // The last of these answers may still be on its way.
    loop {
        let feed = floor.feed(&name).unwrap();
        let now = Clock::system().now();
        let status = match target.side() {
            Some(side) => feed.side(side).unwrap().status(now),
            None => feed.status(now),
        };
        let fresh = floor
            .person_of(&AgentKey::new(name.clone(), "1".into()))
            .is_none_or(|person| person.presence(&name).unwrap().evidence == Evidence::Observed);
        if status == FeedStatus::Live && fresh {
            return;
        }
        let report = reports.recv().await.unwrap();
        let now = report.at;
        floor.report(report, now);
        assert!(asked.load(Ordering::SeqCst) < nth + 100, "{context}: never again {failure:?}");
    }
}

/// How long it may take until the next attempt after `odd`: to the next poll, and a second, where the
/// source had been right; else half a minute, and an hour where the credential may not do this.
fn longest(odd: &Odd, nth: usize, kind: crate::model::FailureKind) -> TimeDelta {
    use crate::model::FailureKind::{Denied, NotEntitled, Rejected};
    match (odd, kind) {
        (Odd::Wait(_, seconds), _) => TimeDelta::seconds(*seconds as i64 + 1),
        // Something in between says so, and not of the request.
        (Odd::Status(408 | 421 | 425), _) => TimeDelta::seconds(1),
        (_, NotEntitled) if nth == 0 => TimeDelta::hours(1),
        (_, Denied | Rejected) if nth == 0 => TimeDelta::seconds(30),
        _ => TimeDelta::from_std(POLL).unwrap() + TimeDelta::seconds(1),
    }
}

async fn heals(target: Target) {
    let mut cases = JoinSet::new();
    for odd in Odd::all() {
        for nth in [0, 4] {
            cases.spawn(read_through(target, odd.clone(), nth));
        }
    }
    while let Some(case) = cases.join_next().await {
        case.unwrap();
    }
}

#[tokio::test]
async fn a_monitor_heals_after_any_odd_answer() {
    heals(Convoso).await;
}

#[tokio::test]
async fn the_log_beside_a_monitor_heals_after_any_odd_answer() {
    heals(History).await;
}

#[tokio::test]
async fn a_cxengage_tenant_heals_after_any_odd_answer() {
    heals(CxEngage).await;
}

#[tokio::test]
async fn a_sipio_account_heals_after_any_odd_answer() {
    heals(SipIo).await;
}

#[tokio::test]
async fn a_wfm_heals_after_any_odd_answer() {
    heals(Wfm).await;
}

#[tokio::test]
async fn the_alerts_of_a_wfm_heal_after_any_odd_answer() {
    heals(Alerts).await;
}

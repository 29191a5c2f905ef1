use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;

use super::desk;
use crate::clock::Clock;
use crate::http::Secret;
use crate::http::scripted::{Server, json, three};
use crate::model::{
    Alert, AlertId, AlertKind, AlertStatus, Body, FailureKind, LookUp, Outcome, Reading, Report,
    Side,
};
use crate::source::poller::{Feed, Turns};
use crate::source::wfm::{AlertList, LookUps, Reader};
use crate::source::{fixture, spawn};
use crate::vendor::{Class, Trouble};

const DOCUMENTED: &str = r#"{"alerts":[{"id":"uuid","employeeId":"0b1c","employeeName":"John Doe",
 "type":"late_start","message":"Agent logged in 15 minutes late","status":"active",
 "createdAt":"2026-03-01T14:45:00Z","acknowledgedAt":null,"resolvedAt":null}]}"#;

const COOKIE: &str = "session=abc";

fn cookie() -> Secret {
    Secret::Plain(COOKIE.into())
}

/// What an AlertList reads from a server that answers `body`.
async fn list(body: impl Into<String>) -> Result<Reading, Trouble> {
    let body = body.into();
    let date = ("date", "Sun, 01 Mar 2026 15:00:00 GMT");
    let server = Server::start(move |_| ([date], json(200, body.clone())).into_response()).await;
    let mut list = AlertList::new(desk(&server, cookie()));
    list.prepare()?;
    list.read().await
}

/// Whether `at` is so long ago, as well as the server's clock is known from one answer.
fn is_ago(at: Option<DateTime<Utc>>, ago: TimeDelta) -> bool {
    at.is_some_and(|at| (three() - at - ago).abs() <= TimeDelta::seconds(1))
}

async fn alerts(body: impl Into<String>) -> (Vec<Alert>, bool) {
    match list(body).await.unwrap().body {
        Body::Alerts { status: AlertStatus::Active, alerts, cut } => (alerts, cut),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_documented_list_is_read() {
    let (found, cut) = alerts(DOCUMENTED).await;
    assert!(is_ago(found[0].created_at, TimeDelta::minutes(15)), "{found:?}");
    let expected = Alert {
        id: "uuid".into(),
        agent: "0b1c".into(),
        name: Some("John Doe".into()),
        kind: AlertKind::LateStart,
        message: "Agent logged in 15 minutes late".into(),
        status: AlertStatus::Active,
        created_at: found[0].created_at,
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    };
    assert_eq!((found, cut), (vec![expected], false));
}

#[tokio::test]
async fn a_list_has_many_wrappings() {
    let one = r#"{"id":1}"#;
    for body in [
        format!(r#"{{"alerts":[{one}]}}"#),
        format!(r#"{{"alerts":{{"1":{one}}}}}"#),
        format!(r#"{{"data":[{one}]}}"#),
        format!(r#"{{"data":{{"1":{one}}}}}"#),
        format!(r#"{{"data":{{"alerts":[{one}]}},"success":true}}"#),
        format!("[{one}]"),
    ] {
        let (found, cut) = alerts(body.as_str()).await;
        assert_eq!((found.len(), found[0].id.as_str(), cut), (1, "1", false), "{body}");
    }
    for body in [r#"{"alerts":[]}"#, r#"{"data":[]}"#, r#"{"alerts":{}}"#, "[]"] {
        assert_eq!(alerts(body).await, (Vec::new(), false), "{body}");
    }
    let trouble = list(r#"{"success":false,"error":"no"}"#).await.unwrap_err();
    assert_eq!(trouble.class, Class::Garbled);
    assert_eq!(trouble.text, "the answer has no list of alerts: no");
}

#[tokio::test]
async fn of_an_alert_only_its_id_is_needed_and_every_word_is_taken_as_it_is() {
    let body = r#"{"alerts":[
        {"id":"bare"},
        {"id":"odd","employeeId":null,"employeeNumber":"EMP1","type":"nap","status":"snoozed",
         "message":"a\u001b]0;x\u0007b","employeeName":"J\u202eane","createdAt":"yesterday",
         "notes":["not","text"]},
        {"id":"done","employeeId":7,"status":"resolved","resolvedAt":"2026-03-01T14:59:00+00:00",
         "notes":"ok"},
        {"employeeId":"nobody's"}, {"id":"."}, {"id":".."}, {"id":"a\u0007"}, "text"]}"#;
    let reading = list(body).await.unwrap();
    assert_eq!(reading.skipped, 5);
    let Body::Alerts { alerts, .. } = reading.body else { panic!() };
    let of = |id: &str| alerts.iter().find(|alert| alert.id.as_str() == id).unwrap();
    let bare = of("bare");
    assert_eq!((bare.agent.as_str(), bare.kind.word(), bare.message.as_str()), ("?", "?", ""));
    assert_eq!(bare.status, AlertStatus::Active, "the list was of the active ones");
    let odd = of("odd");
    assert_eq!(
        (odd.agent.as_str(), odd.kind.word(), odd.status.word()),
        ("EMP1", "nap", "snoozed")
    );
    assert_eq!((odd.message.as_str(), odd.name.as_deref()), ("ab", Some("Jane")));
    assert_eq!((odd.created_at, odd.notes.as_deref()), (None, None));
    let done = of("done");
    assert_eq!((&done.status, done.agent.as_str()), (&AlertStatus::Resolved, "7"));
    assert!(is_ago(done.resolved_at, TimeDelta::minutes(1)), "{done:?}");
    assert_eq!(done.notes.as_deref(), Some("ok"));
    assert_eq!(list(r#"{"alerts":[{}, {"id":0}]}"#).await.unwrap_err().class, Class::Garbled);
}

#[tokio::test]
async fn a_list_that_is_as_long_as_it_may_be_is_cut() {
    let of = |n: usize, total: &str| {
        let rows: Vec<String> = (1..=n).map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        format!(r#"{{"alerts":[{}]{total}}}"#, rows.join(","))
    };
    for (n, total, cut) in [
        (49, "", false),
        (50, "", true), // the WFM's own limit: it did not heed ours
        (51, "", false),
        (499, "", false),
        (500, "", true),
        (501, "", true),
        (20, r#","total":21"#, true),
        (20, r#","total":20"#, false),
        (50, r#","total":50"#, false),
    ] {
        let (found, said) = alerts(of(n, total)).await;
        assert_eq!((found.len(), said), (n, cut), "{n}{total}");
    }
}

#[tokio::test]
async fn the_newest_comes_first_and_the_servers_clock_is_taken_into_account() {
    let server = Server::start(|_| {
        let rows = r#"[{"id":"old","createdAt":"2026-03-01T14:01:30Z"},{"id":"undated"},
            {"id":"new","createdAt":"2026-03-01T14:31:30Z"},
            {"id":"ahead","createdAt":"2026-03-01T18:00:00Z"}]"#;
        ([("date", "Sun, 01 Mar 2026 15:01:30 GMT")], json(200, rows)).into_response()
    })
    .await;
    let mut list = AlertList::new(desk(&server, cookie()));
    list.prepare().unwrap();
    let Body::Alerts { alerts, .. } = list.read().await.unwrap().body else { panic!() };
    let ids: Vec<&str> = alerts.iter().map(|alert| alert.id.as_str()).collect();
    assert_eq!(ids, ["ahead", "new", "old", "undated"]);
    assert_eq!(alerts[0].created_at, Some(three()), "nothing comes from the future");
    assert!(is_ago(alerts[1].created_at, TimeDelta::minutes(30)), "{alerts:?}");
    let asked = &server.seen()[0];
    assert_eq!(asked.path, "/v1/api/adherence/alerts");
    assert_eq!(asked.query, "status=active&limit=500");
}

#[tokio::test]
async fn who_is_no_agent_has_no_alerts() {
    let server = Server::start(|_| json(200, DOCUMENTED)).await;
    let site = fixture::site(server.url.clone(), cookie());
    let mut settings = fixture::of_site(site.clone());
    settings.exclude.insert("0b1c".into());
    let limit = Duration::from_secs(10);
    let desk = super::Desk::new(settings, site, limit, Clock::fixed(three()));
    let mut list = AlertList::new(desk);
    list.prepare().unwrap();
    let Body::Alerts { alerts, .. } = list.read().await.unwrap().body else { panic!() };
    assert!(alerts.is_empty());
}

/// What a look-up of `what` brings from a server that answers with `respond`.
async fn look_up(
    what: LookUp,
    respond: impl Fn() -> Response + Send + Sync + 'static,
) -> (Result<Reading, Trouble>, Vec<String>) {
    let server = Server::start(move |_| respond()).await;
    let desk = desk(&server, cookie());
    desk.open().unwrap();
    let mut look_ups = LookUps::new(desk);
    look_ups.want(what.clone());
    look_ups.want(what.clone());
    let now = tokio::time::Instant::now();
    assert_eq!(look_ups.next(now).map(|(turn, _)| turn), Some(what.clone()));
    let read = look_ups.count(&what).await;
    let again = look_ups.next(now).map(|(turn, due)| (turn, due >= now + Duration::from_secs(2)));
    let expected = read.is_err().then_some((what.clone(), true));
    assert_eq!(again, expected, "once is enough, unless it failed");
    let asked = server.seen().iter().map(|seen| format!("{}?{}", seen.path, seen.query)).collect();
    (read, asked)
}

#[tokio::test]
async fn one_alert_is_looked_up_in_any_wrapping() {
    let bare = r#"{"id":"a/b","status":"acknowledged","notes":"seen"}"#;
    for body in [
        bare.to_owned(),
        format!(r#"{{"alert":{bare}}}"#),
        format!(r#"{{"data":{bare}}}"#),
        format!(r#"{{"success":true,"data":{{"alert":{bare}}}}}"#),
        r#"{"status":"acknowledged","notes":"seen"}"#.to_owned(),
    ] {
        let (read, asked) =
            look_up(LookUp::Alert("a/b".into()), move || json(200, body.clone())).await;
        let Body::Alert(alert) = read.unwrap().body else { panic!() };
        assert_eq!((alert.id.as_str(), &alert.status), ("a/b", &AlertStatus::Acknowledged));
        assert_eq!(alert.notes.as_deref(), Some("seen"));
        assert_eq!(asked, ["/v1/api/adherence/alerts/a%2Fb?"]);
    }
}

#[tokio::test]
async fn an_alert_that_is_gone_or_cannot_be_named_is_said_to_be() {
    let (read, _) = look_up(LookUp::Alert("7".into()), || json(404, "{}")).await;
    let trouble = read.unwrap_err();
    assert_eq!(trouble.class, Class::Rejected);
    assert_eq!(trouble.text, "the WFM no longer knows this alert (HTTP 404 from the server)");
    for body in [r#"{"id":"8","status":"active"}"#, "{}", r#"{"alert":null}"#, "[]"] {
        let (read, _) = look_up(LookUp::Alert("7".into()), move || json(200, body)).await;
        assert_eq!(read.unwrap_err().class, Class::Garbled, "{body}");
    }
    let (read, asked) = look_up(LookUp::Alert("..".into()), || json(200, DOCUMENTED)).await;
    assert_eq!((read.unwrap_err().class, asked.len()), (Class::Rejected, 0));
}

#[tokio::test]
async fn alerts_of_another_status_are_looked_up() {
    let body = r#"{"alerts":[{"id":"1"},{"id":"2","status":"active"}]}"#;
    let what = LookUp::Alerts(AlertStatus::Resolved);
    let (read, asked) = look_up(what, move || json(200, body)).await;
    let Body::Alerts { status, alerts, cut } = read.unwrap().body else { panic!() };
    assert_eq!((status, cut), (AlertStatus::Resolved, false));
    let of = |id: &str| alerts.iter().find(|a| a.id.as_str() == id).unwrap().status.clone();
    assert_eq!((of("1"), of("2")), (AlertStatus::Resolved, AlertStatus::Active));
    assert_eq!(asked, ["/v1/api/adherence/alerts?status=resolved&limit=500"]);
}

#[tokio::test]
async fn a_cookie_that_one_task_gets_is_sent_by_every_other() {
    let server = Server::start(|seen| {
        let is_list = seen.path.ends_with("/alerts");
        let cookies: &[&str] = if is_list {
            &["token.0=x", "token.1=y", "token=; Max-Age=0"]
        } else if seen.path.ends_with("/states") {
            &["token=z", "token.0=; Max-Age=0", "token.1=; Max-Age=0", "tracker=1"]
        } else {
            &[]
        };
        let body = if is_list { DOCUMENTED } else { r#"{"states":[],"id":"uuid"}"# };
        let cookies: Vec<_> = cookies.iter().map(|cookie| ("set-cookie", *cookie)).collect();
        let mut response = json(200, body);
        for (name, value) in cookies {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    })
    .await;
    let desk = desk(&server, Secret::Plain("token=w; csrf=c".into()));
    let mut list = AlertList::new(Arc::clone(&desk));
    let mut states = Reader::new(Arc::clone(&desk));
    let mut look_ups = LookUps::new(Arc::clone(&desk));
    list.prepare().unwrap();
    states.prepare().unwrap();
    list.read().await.unwrap();
    states.read().await.unwrap();
    look_ups.count(&LookUp::Alert(AlertId::from("uuid"))).await.unwrap();
    let sent: Vec<String> =
        server.seen().iter().map(|seen| seen.headers["cookie"].to_str().unwrap().into()).collect();
    assert_eq!(sent, ["token=w; csrf=c", "token.0=x; token.1=y; csrf=c", "token=z; csrf=c"]);
    let current = desk.wfm.account.session.usable().unwrap();
    assert_eq!(current.values().len(), 2, "what a command would send");
}

#[tokio::test]
async fn a_session_that_has_expired_for_two_is_asked_for_no_more_by_any() {
    for first in 0..3 {
        let server = Server::start(|_| json(401, "")).await;
        let desk = desk(&server, cookie());
        let mut list = AlertList::new(Arc::clone(&desk));
        let mut states = Reader::new(Arc::clone(&desk));
        let mut look_ups = LookUps::new(Arc::clone(&desk));
        let what = LookUp::Alerts(AlertStatus::Resolved);
        list.prepare().unwrap();
        states.prepare().unwrap();
        for turn in [first, (first + 1) % 3, (first + 2) % 3] {
            let read = match turn {
                0 => list.read().await,
                1 => states.read().await,
                _ => look_ups.count(&what).await,
            };
            let trouble = read.unwrap_err();
            assert_eq!(trouble.class, Class::Denied);
            assert!(trouble.text.starts_with("session expired, "), "{trouble}");
        }
        assert_eq!(server.seen().len(), 2, "the first may have been one odd answer");
    }
}

#[tokio::test]
async fn what_could_not_be_looked_up_is_looked_up_again_by_itself_a_few_times() {
    let server = Server::start(|_| json(404, "")).await;
    let desk = desk(&server, cookie());
    desk.open().unwrap();
    let mut look_ups = LookUps::new(desk);
    let what = LookUp::Alerts(AlertStatus::Resolved);
    look_ups.want(what.clone());
    let mut waits = Vec::new();
    while let Some((turn, due)) = look_ups.next(tokio::time::Instant::now()) {
        waits.push(due.duration_since(tokio::time::Instant::now()).as_secs_f64().round());
        look_ups.count(&turn).await.unwrap_err();
    }
    assert_eq!(waits, [0.0, 2.0, 10.0, 60.0]);
    look_ups.want(what);
    look_ups.want(LookUp::Alerts(AlertStatus::Acknowledged));
    let next = look_ups.next(tokio::time::Instant::now()).map(|(turn, _)| turn);
    assert_eq!(next, Some(LookUp::Alerts(AlertStatus::Acknowledged)), "one list is looked at");
}

/// A running WFM source whose alerts are answered by `alerts`, and everything else as usual.
async fn running(
    alerts: impl Fn() -> Response + Send + Sync + 'static,
) -> (Server, crate::source::Handle, mpsc::Receiver<Report>) {
    let states = r#"{"states":[{"employeeId":"1","state":"available"}]}"#;
    running_with(move || json(200, states), alerts).await
}

/// A running WFM source whose states are answered by `states`, and everything else by `alerts`.
async fn running_with(
    states: impl Fn() -> Response + Send + Sync + 'static,
    alerts: impl Fn() -> Response + Send + Sync + 'static,
) -> (Server, crate::source::Handle, mpsc::Receiver<Report>) {
    let server = Server::start(move |seen| match seen.path.ends_with("/states") {
        true => states(),
        false => alerts(),
    })
    .await;
    let settings = fixture::of_site(fixture::site(server.url.clone(), cookie()));
    let (sender, reports) = mpsc::channel(100);
    let handle = spawn(settings, Clock::fixed(three()), sender);
    (server, handle, reports)
}

#[tokio::test]
async fn alerts_that_cannot_be_had_say_nothing_against_the_states() {
    for (status, kind) in [(403, FailureKind::NotEntitled), (404, FailureKind::Rejected)] {
        let (server, handle, mut reports) = running(move || json(status, "{}")).await;
        let (mut states, mut alerts) = (false, false);
        while !(states && alerts) {
            match reports.recv().await.unwrap().outcome {
                Outcome::Read(reading) => states |= matches!(reading.body, Body::Agents { .. }),
                Outcome::SideFailed { side: Side::Alerts, failure } => {
                    assert_eq!(failure.kind, kind);
                    alerts = true;
                }
                other => panic!("{other:?}"),
            }
        }
        handle.look_up(LookUp::Alert("7".into()));
        let report = reports.recv().await.unwrap();
        let Outcome::LookUpFailed { what, failure } = report.outcome else { panic!("{report:?}") };
        assert_eq!((what.to_string().as_str(), failure.kind), ("alert 7", kind));
        assert!(server.seen().iter().all(|seen| seen.method == "GET"));
    }
}

#[tokio::test]
async fn an_alert_is_looked_up_also_where_the_states_cannot_be_had() {
    let one = || json(200, r#"{"alert":{"id":"7","status":"resolved"},"alerts":[]}"#);
    let (_server, handle, mut reports) = running_with(|| json(403, "{}"), one).await;
    let mut failed = false;
    while !failed {
        failed = matches!(reports.recv().await.unwrap().outcome, Outcome::Failed(_));
    }
    handle.look_up(LookUp::Alert("7".into()));
    loop {
        match reports.recv().await.unwrap().outcome {
            Outcome::Read(Reading { body: Body::Alert(alert), .. }) => {
                return assert_eq!(alert.status, AlertStatus::Resolved);
            }
            Outcome::LookUpFailed { failure, .. } => panic!("{failure:?}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_look_up_comes_beside_the_usual_readings() {
    let (server, handle, mut reports) = running(|| json(200, DOCUMENTED)).await;
    handle.look_up(LookUp::Alerts(AlertStatus::Acknowledged));
    let mut seen = Vec::new();
    while seen.len() < 3 {
        match reports.recv().await.unwrap().outcome {
            Outcome::Read(reading) => seen.push(match reading.body {
                Body::Agents { .. } => "states".to_owned(),
                Body::Alerts { status, .. } => status.word().to_owned(),
                other => panic!("{other:?}"),
            }),
            other => panic!("{other:?}"),
        }
    }
    seen.sort();
    assert_eq!(seen, ["acknowledged", "active", "states"]);
    assert!(server.seen().iter().all(|seen| !seen.path.contains("import")));
}

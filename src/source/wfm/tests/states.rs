use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::response::IntoResponse;
use chrono::{NaiveTime, TimeDelta};

use super::desk;
use crate::clock::Clock;
use crate::http::Secret;
use crate::http::scripted::{Server, json, keep, three};
use crate::model::{
    Activity, AdherenceSummary, Body, Coverage, Observation, Reading, Reason, Scheduled, Shift,
};
use crate::source::fixture;
use crate::source::poller::Feed;
use crate::source::wfm::{Desk, Reader};
use crate::vendor::{Class, Trouble};

const DOCUMENTED: &str = r#"{"states":[{"employeeId":"0b1c","employeeName":"John Doe",
 "employeeNumber":"EMP001","state":"available","stateStartedAt":"2026-03-01T14:50:00Z",
 "queue":"sales","scheduledState":"available","isAdherent":true,
 "shift":{"startTime":"08:00","endTime":"16:00"}}],
 "summary":{"totalAgents":25,"adherentCount":23,"adherencePercentage":92}}"#;

fn reader(server: &Server, cookie: Secret) -> Reader {
    Reader::new(desk(server, cookie))
}

async fn read(server: &Server) -> Result<Reading, Trouble> {
    let mut reader = reader(server, Secret::Plain("session=abc=; other=1".into()));
    reader.prepare()?;
    reader.read().await
}

async fn read_body(body: &'static str) -> (Vec<Observation>, Reading) {
    let server = Server::start(move |_| json(200, body)).await;
    let reading = read(&server).await.unwrap();
    match &reading.body {
        Body::Agents { observations, coverage: Coverage::Visible, .. } => {
            (observations.clone(), reading)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_documented_shape_is_read() {
    let (seen, reading) = read_body(DOCUMENTED).await;
    let john = &seen[0];
    assert_eq!((john.agent.as_str(), john.aliases[0].as_str()), ("0b1c", "EMP001"));
    assert_eq!((john.name.as_deref(), &john.activity), (Some("John Doe"), &Activity::Available));
    assert_eq!(john.work.queue.as_deref(), Some("sales"));
    let schedule = john.schedule.as_ref().unwrap();
    assert_eq!((&schedule.scheduled, schedule.adherent), (&Some(Scheduled::Available), Some(true)));
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    assert_eq!(schedule.shift, Some(Shift { start: at(8), end: at(16) }));
    let Body::Agents { summary, .. } = reading.body else { panic!() };
    let expected = AdherenceSummary { total: 25, adherent: 23, percentage: Some(92.0) };
    assert_eq!(summary, Some(expected));
}

#[tokio::test]
async fn the_request_is_the_documented_one_and_the_session_stays_fresh() {
    let server = Server::start(|_| {
        let cookies = [("set-cookie", "session=new; Path=/"), ("set-cookie", "tracker=x")];
        (axum::response::AppendHeaders(cookies), json(200, DOCUMENTED)).into_response()
    })
    .await;
    let mut site = fixture::site(server.url.clone(), Secret::Plain("session=abc=; other=1".into()));
    site.team_id = Some("7 a".to_owned());
    let settings = fixture::of_site(site.clone());
    let mut reader =
        Reader::new(Desk::new(settings, site, Duration::from_secs(10), Clock::fixed(three())));
    for _ in 0..2 {
        // The supervisor's wish does not throw a renewed session away.
        reader.prepare().unwrap();
        reader.read().await.unwrap();
    }
    let seen = server.seen();
    assert_eq!(
        (seen[0].path.as_str(), seen[0].query.as_str()),
        ("/v1/api/adherence/states", "teamId=7+a")
    );
    assert_eq!(seen[0].headers["cookie"], "session=abc=; other=1");
    assert_eq!(seen[1].headers["cookie"], "session=new; other=1");
}

#[tokio::test]
async fn states_and_schedules_have_their_words() {
    let (seen, _) = read_body(
        r#"{"states":[
        {"employeeId":"1","state":"on_call","scheduledState":"lunch","isAdherent":false},
        {"employeeId":"2","state":"after_call_work","scheduledState":null,"isAdherent":null},
        {"employeeId":"3","state":"meeting","scheduledState":"offline","shift":null},
        {"employeeId":"4","state":"unavailable","scheduledState":"on_call","shift":{"startTime":"8 am"}},
        {"employeeId":"5","state":"siesta","scheduledState":"siesta","isAdherent":"perhaps"},
        {"employeeNumber":"EMP6","state":"offline"}]}"#,
    )
    .await;
    let activities: Vec<_> = seen.iter().map(|s| s.activity.clone()).collect();
    use Activity as A;
    assert_eq!(
        activities,
        [
            A::OnContact,
            A::WrapUp,
            A::Away(Reason::Meeting),
            A::Away(Reason::Unspecified),
            A::Unknown,
            A::Offline
        ]
    );
    let scheduled: Vec<_> =
        seen.iter().map(|s| s.schedule.as_ref().unwrap().scheduled.clone()).collect();
    assert_eq!(
        scheduled,
        [
            Some(Scheduled::Away(Reason::Lunch)),
            None,
            Some(Scheduled::Off),
            Some(Scheduled::Available),
            Some(Scheduled::Unknown("siesta".into())),
            None
        ]
    );
    let adherent: Vec<_> = seen.iter().map(|s| s.schedule.as_ref().unwrap().adherent).collect();
    assert_eq!(adherent, [Some(false), None, None, None, None, None]);
    assert!(seen.iter().all(|s| s.schedule.as_ref().unwrap().shift.is_none()));
    assert_eq!((seen[5].agent.as_str(), seen[5].aliases.len()), ("EMP6", 0));
}

#[tokio::test]
async fn a_servers_wrong_clock_changes_no_time() {
    let server = Server::start(|_| {
        ([("date", "Sun, 01 Mar 2026 15:01:30 GMT")], json(200, DOCUMENTED)).into_response()
    })
    .await;
    let reading = read(&server).await.unwrap();
    let Body::Agents { observations, .. } = reading.body else { panic!() };
    let age = three() - observations[0].since.unwrap();
    assert!((age - TimeDelta::seconds(690)).num_milliseconds().abs() <= 1000, "{age}");
}

#[tokio::test]
async fn an_expired_session_is_known_in_each_of_its_disguises() {
    for disguise in 0..4 {
        let server = Server::start(move |_| match disguise {
            0 => json(401, r#"{"error":"not logged in"}"#),
            1 => ([("location", "/login")], json(302, "")).into_response(),
            2 => ([("location", "/login")], json(307, "")).into_response(),
            _ => axum::response::Html("<!DOCTYPE html><title>Log in</title>").into_response(),
        })
        .await;
        let trouble = read(&server).await.unwrap_err();
        assert_eq!(trouble.class, Class::Denied, "{disguise}");
        assert!(trouble.text.starts_with("session expired, "), "{trouble}");
        assert!(trouble.text.contains("renew the session cookie"), "{trouble}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn other_refusals_name_their_cause() {
    for (status, body, class, text) in [
        (
            403,
            r#"{"error":"Enterprise tier only"}"#,
            Class::NotEntitled,
            "HTTP 403 from the server: Enterprise tier only",
        ),
        (
            403,
            "",
            Class::NotEntitled,
            "HTTP 403 from the server: adherence is not part of this subscription or role",
        ),
        (404, "<html>", Class::Rejected, "HTTP 404 from the server (is the URL right?)"),
        (501, "", Class::Rejected, "HTTP 501 from the server"),
        (503, "<html>", Class::Transient, "HTTP 503 from the server"),
        (200, "{}", Class::Garbled, "the answer has no list of states"),
        (200, r#"{"states":["#, Class::Garbled, "truncated JSON at byte 11"),
    ] {
        let server = Server::start(move |_| json(status, body)).await;
        let trouble = read(&server).await.unwrap_err();
        assert_eq!((trouble.class, trouble.text.as_str()), (class, text));
    }
}

#[tokio::test]
async fn a_renewed_cookie_takes_effect_and_a_bad_one_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("cookie");
    keep(&file, "no equals sign");
    let cookies = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&cookies);
    let server = Server::start(move |seen| {
        log.lock().unwrap().push(seen.headers["cookie"].to_str().unwrap().to_owned());
        json(401, "")
    })
    .await;
    let mut reader = reader(&server, Secret::File(file.clone()));
    let trouble = reader.prepare().unwrap_err();
    assert_eq!(trouble.class, Class::Denied);
    assert!(trouble.text.contains("name=value") && !trouble.text.contains("equals"), "{trouble}");
    for cookie in ["session=1", "session=2"] {
        keep(&file, cookie);
        reader.prepare().unwrap();
        reader.read().await.unwrap_err();
    }
    assert_eq!(*cookies.lock().unwrap(), ["session=1", "session=2"]);
}

#[tokio::test]
async fn a_server_that_is_set_says_the_same_beginning_by_another_name_or_by_the_same() {
    for seconds in [-7200, -3600, -20, -5, 5, 20, 3600, 7200] {
        for stamps_anew in [true, false] {
            let now = Arc::new(Mutex::new(three()));
            let clock = Arc::clone(&now);
            let ahead = Arc::new(Mutex::new(TimeDelta::zero()));
            let theirs = (Arc::clone(&now), Arc::clone(&ahead));
            let server = Server::start(move |_| {
                let (now, ahead) = (*theirs.0.lock().unwrap(), *theirs.1.lock().unwrap());
                let stamp = three() - TimeDelta::seconds(600);
                let stamp = if stamps_anew { stamp + ahead } else { stamp };
                let body = format!(
                    r#"{{"states":[{{"employeeId":"1","state":"break","stateStartedAt":"{}"}}]}}"#,
                    stamp.to_rfc3339()
                );
                let date = (now + ahead).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
                ([("date", date)], json(200, body)).into_response()
            })
            .await;
            let site =
                fixture::site(server.url.clone(), Secret::Plain("session=abc=; other=1".into()));
            let settings = fixture::of_site(site.clone());
            let clock = Clock::telling(move || *clock.lock().unwrap());
            let desk = Desk::new(settings, site, Duration::from_secs(10), clock);
            let mut reader = Reader::new(desk);
            reader.prepare().unwrap();
            for poll in 0..8 {
                if poll == 3 {
                    *ahead.lock().unwrap() = TimeDelta::seconds(seconds);
                }
                let reading = reader.read().await.unwrap();
                let Body::Agents { observations, .. } = &reading.body else { panic!() };
                let off = observations[0].since.unwrap() - (three() - TimeDelta::seconds(600));
                let case = format!("{seconds} s, anew: {stamps_anew}, poll {poll}: {off}");
                assert!(off.abs() <= TimeDelta::seconds(2), "{case}");
                assert_eq!(reading.as_of, *now.lock().unwrap(), "{case}");
                *now.lock().unwrap() += TimeDelta::seconds(15);
            }
        }
    }
}

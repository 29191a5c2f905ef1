//! Requests, windows and answers, over real HTTP.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::clock::{Clock, RunClock};
use crate::http::Secret;
use crate::http::scripted::{Server, json, keep, three};
use crate::model::{
    Activity, AdherencePct, Body, Bucket, Coverage, Evidence, Observation, Reading, Reason,
};
use crate::source::fixture;
use crate::source::poller::Feed;
use crate::source::sipio::Reader;
use crate::vendor::{Class, Trouble};

const DOCUMENTED: &str = r#"{"agents":[{"user_id":"1001",
 "statusMs":{"ready":5400000,"incall":2700000,"wrapup":300000,"paused":600000},
 "loggedInMs":9000000,"occupancyPct":35,"utilizationPct":33,"adherencePct":92}]}"#;

/// A reader of a server that answers what the test says, with a clock that the test sets.
struct Stage {
    server: Server,
    reader: Reader,
    now: Arc<Mutex<DateTime<Utc>>>,
    answer: Arc<Mutex<String>>,
}

impl Stage {
    /// The server's clock is ahead by `ahead`, as its answers say.
    async fn new(ahead: TimeDelta) -> Self {
        let now = Arc::new(Mutex::new(three()));
        let answer = Arc::new(Mutex::new(DOCUMENTED.to_owned()));
        let (theirs, text) = (Arc::clone(&now), Arc::clone(&answer));
        let server = Server::start(move |_| {
            let date = (*theirs.lock().unwrap() + ahead).format("%a, %d %b %Y %H:%M:%S GMT");
            let body = json(200, text.lock().unwrap().clone());
            ([("date", date.to_string())], body).into_response()
        })
        .await;
        let ours = Arc::clone(&now);
        let clock = Clock::telling(move || *ours.lock().unwrap());
        let reader = reader(&server, clock);
        Self { server, reader, now, answer }
    }

    /// The observations of a reading at `at`, when the server says `agents`.
    async fn read(&mut self, at: DateTime<Utc>, agents: &str) -> Vec<Observation> {
        *self.now.lock().unwrap() = at;
        *self.answer.lock().unwrap() = format!(r#"{{"agents":[{agents}]}}"#);
        self.reader.prepare().unwrap();
        observations(self.reader.read().await.unwrap())
    }

    /// Which windows it was asked for.
    fn asked(&self) -> Vec<String> {
        self.server.seen().into_iter().map(|seen| seen.query).collect()
    }
}

fn reader(server: &Server, clock: impl Into<RunClock>) -> Reader {
    let telephony = fixture::telephony(server.url.clone());
    let settings = fixture::of_telephony(telephony.clone());
    Reader::new(settings, telephony, Duration::from_secs(10), clock)
}

fn observations(reading: Reading) -> Vec<Observation> {
    match reading.body {
        Body::Agents { observations, coverage: Coverage::Visible, .. } => observations,
        other => panic!("{other:?}"),
    }
}

/// What is read from a server that always answers with `respond`.
async fn read(
    respond: impl Fn() -> Response + Send + Sync + 'static,
) -> (Result<Reading, Trouble>, Server) {
    let server = Server::start(move |_| respond()).await;
    let mut reader = reader(&server, Clock::fixed(three()));
    reader.prepare().unwrap();
    (reader.read().await, server)
}

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

#[tokio::test]
async fn the_documented_sample_is_read_unchanged() {
    let mut stage = Stage::new(TimeDelta::zero()).await;
    stage.reader.prepare().unwrap();
    let reading = stage.reader.read().await.unwrap();
    assert_eq!((reading.taken_at, reading.as_of, reading.skipped), (three(), three(), 0));
    let seen = &observations(reading)[0];
    assert_eq!((seen.agent.as_str(), &seen.activity), ("1001", &Activity::Unknown));
    assert_eq!((seen.raw.as_str(), seen.evidence), ("no growth seen yet", Evidence::Inferred));
    let kpi = seen.kpi.as_ref().unwrap();
    let spent: Vec<(Bucket, i64)> =
        kpi.spent.iter().map(|(bucket, time)| (bucket.clone(), time.num_minutes())).collect();
    let expected =
        [(Bucket::OnContact, 45), (Bucket::Away, 10), (Bucket::WrapUp, 5), (Bucket::Available, 90)];
    assert_eq!(spent, expected);
    assert_eq!(kpi.logged_in, Some(minutes(150)));
    // By the document's own formula it would be 36; what it says is not for us to change.
    assert_eq!((kpi.occupancy_pct, kpi.utilization_pct), (Some(35.0), Some(33.0)));
    assert_eq!(kpi.adherence, AdherencePct::Percent(92.0));
    assert_eq!(kpi.as_of, three());
    let request = &stage.server.seen()[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v1/agents"));
    assert_eq!(request.headers["x-api-key"], "sk_s3cret");
    // Midnight in New York, in milliseconds.
    assert_eq!(request.query, "since=1772341200000");
}

#[tokio::test]
async fn the_window_stays_all_day_and_moves_with_the_day() {
    let mut stage = Stage::new(TimeDelta::seconds(90)).await;
    let agent = |ms| format!(r#"{{"user_id":1,"statusMs":{{"ready":{ms}}}}}"#);
    for (at, ms) in [(three(), 0), (three() + minutes(1), 60_000)] {
        let seen = stage.read(at, &agent(ms)).await;
        assert_eq!(seen[0].raw == "ready", ms > 0);
    }
    let since =
        stage.read(three() + minutes(2), &agent(120_000)).await[0].kpi.clone().unwrap().since;
    let asked_by_ours = DateTime::from_timestamp(1_772_341_200, 0).unwrap();
    let expected = asked_by_ours - TimeDelta::seconds(90);
    assert!((since - expected).abs() <= TimeDelta::seconds(1), "{since}");
    // The next day begins 24 hours after the last, and the server is known to be ahead by now.
    let midnight = asked_by_ours + TimeDelta::days(1);
    let before = stage.read(midnight - minutes(1), &agent(40_000_000)).await;
    assert_ne!(before[0].raw, "no growth seen yet");
    let after = stage.read(midnight + minutes(1), &agent(60_000)).await;
    assert_eq!(after[0].raw, "no growth seen yet");
    let again = stage.read(midnight + minutes(2), &agent(120_000)).await;
    assert_eq!(again[0].raw, "ready");
    let asked = stage.asked();
    assert_eq!(asked[..4], ["since=1772341200000"; 4]);
    let next: i64 = asked[4].strip_prefix("since=").unwrap().parse().unwrap();
    assert!((next - (midnight.timestamp_millis() + 90_000)).abs() <= 1_000, "{next}");
    assert_eq!(asked[4], asked[5]);
}

#[tokio::test]
async fn a_window_that_the_server_has_not_reached_is_asked_for_anew() {
    let mut stage = Stage::new(minutes(-10)).await;
    let midnight = DateTime::from_timestamp(1_772_341_200, 0).unwrap();
    for minute in [5, 6, 7] {
        stage.read(midnight + minutes(minute), "").await;
    }
    let asked: Vec<i64> =
        stage.asked().iter().map(|query| query["since=".len()..].parse().unwrap()).collect();
    assert_eq!(asked[0], midnight.timestamp_millis());
    assert!((asked[1] - (midnight - minutes(10)).timestamp_millis()).abs() <= 1_000, "{asked:?}");
    assert_eq!(asked[1], asked[2]);
}

#[tokio::test]
async fn a_day_may_begin_at_another_hour_and_a_wrong_clock_makes_no_seconds_of_it() {
    let server = Server::start(|_| json(200, r#"{"agents":[]}"#)).await;
    for (now, day_starts, since) in [
        (three(), NaiveTime::from_hms_opt(5, 30, 0).unwrap(), 1_772_361_000_000_i64),
        (DateTime::UNIX_EPOCH, NaiveTime::MIN, 1_000_000_000_000_i64),
    ] {
        let mut telephony = fixture::telephony(server.url.clone());
        telephony.day_starts = day_starts;
        let settings = fixture::of_telephony(telephony.clone());
        let limit = Duration::from_secs(10);
        let mut reader = Reader::new(settings, telephony, limit, Clock::fixed(now));
        reader.prepare().unwrap();
        reader.read().await.unwrap();
        assert_eq!(server.seen().last().unwrap().query, format!("since={since}"));
    }
}

#[tokio::test]
async fn the_day_is_the_floors_also_after_its_clock_was_set_and_no_state_begins_anew() {
    let hours = TimeDelta::hours(2);
    let mut stage = Stage::new(-hours).await;
    // This machine was two hours ahead, until somebody put it right.
    let ours = Arc::clone(&stage.now);
    let run_clock = RunClock::from(Clock::telling(move || *ours.lock().unwrap()));
    stage.reader = reader(&stage.server, run_clock.clone());
    let tomorrow = three() + TimeDelta::days(1);
    let agent = |ms| format!(r#"{{"user_id":1,"statusMs":{{"ready":{ms}}}}}"#);
    stage.read(three(), &agent(0)).await;
    stage.read(tomorrow, &agent(0)).await;
    let before = stage.read(tomorrow + minutes(1), &agent(60_000)).await;
    run_clock.follow(-hours);
    let midnight = DateTime::from_timestamp(1_772_341_200, 0).unwrap() + TimeDelta::days(1);
    for minute in [2, 3] {
        let seen =
            stage.read(tomorrow + minutes(minute), &agent(minute * 60_000 + 7_200_000)).await;
        let since = seen[0].kpi.as_ref().unwrap().since;
        assert!((since - hours - midnight).abs() <= TimeDelta::seconds(1), "{since}");
        assert_eq!((&seen[0].activity, seen[0].since), (&before[0].activity, before[0].since));
    }
    let asked = stage.asked();
    let last: i64 = asked.last().unwrap()["since=".len()..].parse().unwrap();
    assert!((last - midnight.timestamp_millis()).abs() <= 1_000, "{asked:?}");
    assert_eq!(asked[asked.len() - 2], asked[asked.len() - 1]);
}

#[tokio::test]
async fn the_second_look_comes_soon_and_only_once_a_window() {
    let mut stage = Stage::new(TimeDelta::zero()).await;
    assert_eq!(stage.reader.backlog(), None, "nothing has been read yet");
    stage.read(three(), r#"{"user_id":"1","statusMs":{"idle":1000}}"#).await;
    assert_eq!(stage.reader.backlog(), Some(Duration::from_secs(3)));
    *stage.now.lock().unwrap() = three() + TimeDelta::seconds(3);
    *stage.answer.lock().unwrap() =
        r#"{"agents":[{"user_id":"1","statusMs":{"idle":4000}}]}"#.to_owned();
    let seen = observations(stage.reader.read_back().await.unwrap().unwrap());
    assert_eq!((&seen[0].activity, seen[0].raw.as_str()), (&Activity::LoggedIn, "idle"));
    assert_eq!((seen[0].since, seen[0].evidence), (Some(three()), Evidence::Inferred));
    assert_eq!(stage.reader.backlog(), None);
    stage.read(three() + TimeDelta::days(1), "").await;
    assert_eq!(stage.reader.backlog(), Some(Duration::from_secs(3)), "a new day is a new window");
}

#[tokio::test]
async fn each_bucket_has_its_activity() {
    let mut stage = Stage::new(TimeDelta::zero()).await;
    let names = [
        "extcall",
        "incall",
        "offline",
        "unreachable",
        "ring",
        "paused",
        "wrapup",
        "ready",
        "idle",
        "siesta",
    ];
    let agents = |ms| {
        let agent = |name: &&str| format!(r#"{{"user_id":"{name}","statusMs":{{"{name}":{ms}}}}}"#);
        names.iter().map(agent).collect::<Vec<_>>().join(",")
    };
    stage.read(three(), &agents(1)).await;
    let seen = stage.read(three() + TimeDelta::seconds(15), &agents(15_001)).await;
    use Activity as A;
    let expected = [
        A::OwnCall,
        A::OnContact,
        A::Offline,
        A::Unreachable,
        A::Ringing,
        A::Away(Reason::Unspecified),
        A::WrapUp,
        A::Available,
        A::LoggedIn,
        A::Unknown,
    ];
    assert!(seen.iter().map(|seen| &seen.activity).eq(&expected), "{seen:?}");
    assert!(seen.iter().all(|seen| seen.raw == seen.agent.as_str()));
    assert!(seen.iter().all(|seen| seen.evidence == Evidence::Inferred));
}

#[tokio::test]
async fn a_live_word_goes_before_what_is_concluded() {
    let mut stage = Stage::new(TimeDelta::zero()).await;
    let agent = |ms, live: &str| format!(r#"{{"user_id":1,"statusMs":{{"ready":{ms}}}{live}}}"#);
    let first = stage.read(three(), &agent(0, r#","status":"available""#)).await;
    assert_eq!((&first[0].activity, first[0].evidence), (&Activity::Available, Evidence::Observed));
    assert_eq!((first[0].raw.as_str(), first[0].since), ("available", None));
    // What the agent wants gives way to what grew, and both to what it does.
    let wants = agent(15_000, r#","status":"on_break""#);
    let second = stage.read(three() + TimeDelta::seconds(15), &wants).await;
    assert_eq!(
        (&second[0].activity, second[0].evidence),
        (&Activity::Available, Evidence::Inferred)
    );
    let does = agent(20_000, r#","status":"on_break","state":"in_call","reachable":true"#);
    let third = stage.read(three() + TimeDelta::seconds(30), &does).await;
    assert_eq!((&third[0].activity, third[0].evidence), (&Activity::OnContact, Evidence::Observed));
    assert_eq!(third[0].raw, "on_break/in_call");
    assert_eq!(third[0].since, Some(three() + TimeDelta::seconds(30)));
}

#[tokio::test]
async fn only_an_id_is_needed_and_nobody_else_is_shown() {
    let server = Server::start(|_| {
        let agents = r#"[{"user_id":1001},{"user_id":"7","statusMs":{"idle":5},
            "loggedInMs":"9000000","occupancyPct":"35.5","utilizationPct":[]},
            {"statusMs":{}},{"user_id":"0"},{"user_id":"7"},{"user_id":"admin"},"text"]"#;
        json(200, format!(r#"{{"agents":{agents}}}"#))
    })
    .await;
    let telephony = fixture::telephony(server.url.clone());
    let mut settings = fixture::of_telephony(telephony.clone());
    settings.exclude.insert("admin".into());
    let clock = Clock::fixed(three());
    let mut reader = Reader::new(settings, telephony, Duration::from_secs(10), clock);
    reader.prepare().unwrap();
    let reading = reader.read().await.unwrap();
    assert_eq!(reading.skipped, 4);
    let seen = observations(reading);
    let ids: Vec<&str> = seen.iter().map(|seen| seen.agent.as_str()).collect();
    assert_eq!(ids, ["1001", "7"]);
    let kpi = seen[1].kpi.as_ref().unwrap();
    assert_eq!(kpi.spent.len(), 1);
    assert_eq!((kpi.logged_in, kpi.occupancy_pct), (Some(minutes(150)), Some(35.5)));
    assert_eq!((kpi.utilization_pct, &kpi.adherence), (None, &AdherencePct::NoSchedule));
}

#[tokio::test]
async fn of_times_that_cannot_be_read_there_are_no_figures() {
    for (fields, has_figures) in [
        ("", false),
        (r#","statusMs":null"#, false),
        (r#","statusMs":7"#, false),
        (r#","statusMs":{"ready":-1,"incall":5}"#, false),
        (r#","statusMs":{"ready":1,"incall":5}"#, true),
        (r#","statusMs":[]"#, true),
    ] {
        let agent = format!(r#"{{"agents":[{{"user_id":"1","occupancyPct":35{fields}}}]}}"#);
        let (read, _) = read(move || json(200, agent.clone())).await;
        let seen = observations(read.unwrap());
        assert_eq!(seen[0].kpi.is_some(), has_figures, "{fields}");
    }
}

#[tokio::test]
async fn nothing_to_divide_by_is_zero_as_it_came() {
    let agent = r#"{"agents":[{"user_id":"1","statusMs":{},"loggedInMs":0,"occupancyPct":0,
        "utilizationPct":0,"adherencePct":null}]}"#;
    let (read, _) = read(move || json(200, agent)).await;
    let seen = observations(read.unwrap());
    let kpi = seen[0].kpi.as_ref().unwrap();
    assert_eq!((kpi.occupancy_pct, kpi.utilization_pct), (Some(0.0), Some(0.0)));
    assert_eq!((kpi.logged_in, kpi.spent.len()), (Some(TimeDelta::zero()), 0));
}

#[tokio::test]
async fn refusals_name_their_cause() {
    for (status, body, class, text) in [
        (401, "", Class::Denied, "HTTP 401 from the server: the API key is not valid"),
        (401, r#"{"error":"revoked"}"#, Class::Denied, "HTTP 401 from the server: revoked"),
        (
            403,
            "",
            Class::NotEntitled,
            "HTTP 403 from the server: the API key lacks the scope \"agents\"",
        ),
        (
            403,
            r#"{"message":"missing scope: agents"}"#,
            Class::NotEntitled,
            "HTTP 403 from the server: missing scope: agents",
        ),
        (
            403,
            r#"{"error":"forbidden"}"#,
            Class::NotEntitled,
            "HTTP 403 from the server: forbidden (does the API key have the scope \"agents\"?)",
        ),
        (404, "<html>", Class::Rejected, "HTTP 404 from the server (is the URL right?)"),
        (501, "", Class::Rejected, "HTTP 501 from the server"),
        (503, r#"{"error":{"code":1}}"#, Class::Transient, "HTTP 503 from the server"),
        (200, "{}", Class::Garbled, "the answer has no list of agents"),
        (
            200,
            r#"{"agents":[{}]}"#,
            Class::Garbled,
            "none of the 1 records can be understood (see the log)",
        ),
        (200, "<html>", Class::Garbled, "an HTML page instead of JSON (is the URL right?)"),
    ] {
        let (read, _) = read(move || json(status, body)).await;
        let trouble = read.unwrap_err();
        assert_eq!((trouble.class, trouble.text.as_str()), (class, text));
    }
}

#[tokio::test]
async fn the_key_is_in_no_error_and_is_read_anew() {
    let (read, server) = read(|| json(401, r#"{"error":"no such key: sk_s3cret"}"#)).await;
    let trouble = read.unwrap_err();
    assert!(!format!("{trouble} {trouble:?}").contains("s3cret"), "{trouble}");
    let mut telephony = fixture::telephony(server.url.clone());
    assert!(!format!("{telephony:?}").contains("s3cret"));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("key");
    telephony.account.api_key = Secret::File(file.clone());
    let settings = fixture::of_telephony(telephony.clone());
    let clock = Clock::fixed(three());
    let mut reader = Reader::new(settings, telephony, Duration::from_secs(10), clock);
    assert_eq!(reader.prepare().unwrap_err().class, Class::NotSet);
    for key in ["sk_one", "sk_two"] {
        keep(&file, key);
        reader.prepare().unwrap();
        reader.read().await.unwrap_err();
        assert_eq!(server.seen().last().unwrap().headers["x-api-key"], key);
    }
}

//! A tenant whose clock is set and whose answers fail as a test says, and a reader whose own clock goes
//! on with the true time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::http::scripted::{Seen, Server, json as answer, three};
use crate::source::cxengage::Reader;
use crate::source::fixture;
use crate::source::poller::Feed as _;

/// What somebody began to do, in seconds after [`three`] by the true time.
#[derive(Debug, Clone)]
pub(super) struct Began {
    pub agent: &'static str,
    pub kind: &'static str,
    pub at: i64,
    /// By how much the server's clock was ahead then.
    ahead: TimeDelta,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Status(u16),
    Page,
    Cut,
    Hang,
}

impl Fault {
    pub(super) const ALL: [Self; 8] = [
        Self::Status(503),
        Self::Status(401),
        Self::Status(403),
        Self::Status(404),
        Self::Status(400),
        Self::Page,
        Self::Cut,
        Self::Hang,
    ];

    async fn answer(self) -> Response {
        match self {
            Self::Status(status) => answer(status, r#"{"message":"no"}"#),
            Self::Page => (StatusCode::OK, [("content-type", "text/html")], "<html>sorry</html>")
                .into_response(),
            Self::Cut => answer(200, r#"{"total": 3, "results": [{"agentId": "a", "st"#),
            Self::Hang => std::future::pending().await,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Tenant {
    /// Seconds since [`three`], by the true time.
    pub now: i64,
    /// Server minus true.
    pub ahead: TimeDelta,
    /// What that becomes while the next request is on its way.
    pub becomes: Option<TimeDelta>,
    /// Whether the whole log is stamped anew when the clock is set.
    pub stamps_anew: bool,
    pub log: Vec<Began>,
    pub fault: Option<Fault>,
    pub asked: usize,
}

impl Tenant {
    pub(super) fn begin(&mut self, agent: &'static str, kind: &'static str, at: i64) {
        self.log.push(Began { agent, kind, at, ahead: self.ahead });
    }

    fn stamp(&self, entry: &Began) -> DateTime<Utc> {
        let ahead = if self.stamps_anew { self.ahead } else { entry.ahead };
        three() + TimeDelta::seconds(entry.at) + ahead
    }

    fn clock(&self) -> DateTime<Utc> {
        three() + TimeDelta::seconds(self.now) + self.ahead
    }

    fn date(&self) -> String {
        self.clock().format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    fn answer(&self, seen: &Seen) -> Response {
        let (now, date) = (self.clock(), self.date());
        let url: reqwest::Url = format!("http://x/?{}", seen.query).parse().unwrap();
        let get =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
        let time = |name: &str| get(name).parse::<DateTime<Utc>>().unwrap();
        let (start, end) = (time("start"), time("end"));
        if end - start > TimeDelta::minutes(10) || end > now - TimeDelta::seconds(15) {
            return ([("date", date)], answer(400, r#"{"message":"bad window"}"#)).into_response();
        }
        let known = now - TimeDelta::seconds(15);
        let of = |(id, entry): (usize, &Began)| {
            let begin = self.stamp(entry);
            let mut later = self.log.iter().filter(|next| next.agent == entry.agent);
            let end = later.find(|next| next.at > entry.at).map(|next| self.stamp(next));
            (id, entry.clone(), begin, end)
        };
        let iso = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let rows: Vec<Value> = self
            .log
            .iter()
            .enumerate()
            .map(of)
            .filter(|(.., begin, _)| *begin <= known && (start..=end).contains(begin))
            .map(|(id, entry, begin, end)| {
                json!({"eventId": format!("e{id}"), "agentId": entry.agent, "eventType": entry.kind,
                    "sessionId": "s", "start": iso(begin), "end": end.map(iso)})
            })
            .collect();
        let body = json!({"total": rows.len().to_string(), "results": rows});
        ([("date", date)], answer(200, body.to_string())).into_response()
    }
}

/// A tenant that can be changed while it is read, and its reader, which waits for an answer for `limit`
/// at most.
pub(super) async fn tenant(limit: Duration) -> (Arc<Mutex<Tenant>>, Server, Reader) {
    let tenant = Arc::new(Mutex::new(Tenant::default()));
    let state = Arc::clone(&tenant);
    let server = Server::start_slow(move |seen| {
        let state = Arc::clone(&state);
        async move {
            let fault = {
                let mut state = state.lock().unwrap();
                state.asked += 1;
                if let Some(ahead) = state.becomes.take() {
                    state.ahead = ahead;
                }
                state.fault
            };
            let date = state.lock().unwrap().date();
            match fault {
                Some(fault) => ([("date", date)], fault.answer().await).into_response(),
                None => state.lock().unwrap().answer(&seen),
            }
        }
    })
    .await;
    let told = Arc::clone(&tenant);
    let clock = Clock::telling(move || three() + TimeDelta::seconds(told.lock().unwrap().now));
    let settings = fixture::tenant(server.url.clone());
    let mut reader = Reader::new(fixture::of_tenant(settings.clone()), settings, limit, clock);
    reader.prepare().unwrap();
    (tenant, server, reader)
}

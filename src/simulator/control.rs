//! The simulator's own endpoints: switch faults, set the server's clock, ask for the truth.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::centre::Centre;
use super::fault::{Fault, Target};
use super::truth::{self, HistoryTruth, KpiTruth, Truth};

/// `POST /simulator/faults`, `POST /simulator/clock`, `GET /simulator/truth`, `GET /simulator/kpi` and
/// `GET /simulator/history`.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new()
        .route("/simulator/faults", post(faults))
        .route("/simulator/clock", post(clock))
        .route("/simulator/truth", get(truth))
        .route("/simulator/kpi", get(kpi))
        .route("/simulator/history", get(history))
}

/// `{"target": "wfm", "fault": "html"}`; with `"times": 1` the next request alone meets it.
#[derive(Debug, Deserialize)]
struct Switch {
    target: Target,
    times: Option<u32>,
    #[serde(flatten)]
    fault: Fault,
}

async fn faults(State(centre): State<Arc<Centre>>, Json(switch): Json<Switch>) -> Response {
    match switch.times {
        Some(times) => centre.faults.set_for(switch.target, switch.fault, times),
        None => centre.faults.set(switch.target, switch.fault),
    }
    StatusCode::NO_CONTENT.into_response()
}

/// `{"ahead_ms": 20000}`
#[derive(Debug, Deserialize)]
struct Clock {
    ahead_ms: i64,
}

/// Sets the server's clock. What it has stamped already is stamped anew, as far as it is asked for again.
async fn clock(State(centre): State<Arc<Centre>>, Json(clock): Json<Clock>) -> StatusCode {
    centre.set_clock(TimeDelta::milliseconds(clock.ahead_ms));
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
struct When {
    at: Option<DateTime<Utc>>,
}

async fn truth(State(centre): State<Arc<Centre>>, Query(when): Query<When>) -> Json<Truth> {
    Json(Truth::of(&centre, when.at))
}

async fn history(State(centre): State<Arc<Centre>>) -> Json<Vec<HistoryTruth>> {
    Json(truth::history(&centre))
}

#[derive(Debug, Deserialize)]
struct Span {
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
}

async fn kpi(State(centre): State<Arc<Centre>>, Query(span): Query<Span>) -> Json<Vec<KpiTruth>> {
    let until = span.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
    Json(truth::kpi(&centre, span.since, until))
}

//! The simulator's own endpoints: switch faults, ask for the truth.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::centre::Centre;
use super::fault::{Fault, Target};
use super::truth::{self, HistoryTruth, KpiTruth, Truth};

/// `POST /simulator/faults`, `GET /simulator/truth`, `GET /simulator/kpi` and
/// `GET /simulator/history`.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new()
        .route("/simulator/faults", post(faults))
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

//! The WFM: adherence states and alerts, behind a session cookie.

mod alerts;
mod change;
pub mod session;
mod states;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;

use super::centre::Centre;
use super::fault::{Fault, Target, json};

pub use alerts::{kind_word, status_word};
pub use change::colleague_changes;
pub use session::{Session, SessionRules};

/// The document's endpoints, also the one that is not implemented.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new()
        .route("/api/adherence/states", get(states::states))
        .route("/api/adherence/alerts", get(alerts::list))
        .route("/api/adherence/alerts/{id}", get(alerts::one).patch(change::update))
        .route("/api/v1/import/agent-states", post(import))
}

async fn import(State(centre): State<Arc<Centre>>) -> Response {
    centre.ledger().imports += 1;
    complaint(StatusCode::NOT_IMPLEMENTED, "Not implemented")
}

fn complaint(status: StatusCode, text: &str) -> Response {
    json(status, &json!({"error": text}))
}

/// Counts a request, and answers it with its fault or, where it has a session, with what `answer` is.
async fn serve(
    centre: &Centre,
    target: Target,
    headers: &HeaderMap,
    answer: impl FnOnce(&Fault) -> Response,
) -> Response {
    centre.ledger().count_request(target);
    let fault = centre.faults.meet(target);
    match fault.instead().await {
        Some(response) => response,
        None => with_session(centre, headers, || answer(&fault)),
    }
}

/// Lets a request with a session in and answers it, with the cookie renewed where that is due.
fn with_session(
    centre: &Centre,
    headers: &HeaderMap,
    answer: impl FnOnce() -> Response,
) -> Response {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';').map(str::trim));
    let pass = centre.session().admit(cookies, centre.time().now);
    let Some(pass) = pass else {
        return complaint(StatusCode::UNAUTHORIZED, "Not logged in");
    };
    let mut response = answer();
    let set = pass.set.map(|pair| format!("{pair}; Path=/; HttpOnly; SameSite=Lax"));
    if let Some(set) = set.and_then(|set| HeaderValue::from_str(&set).ok()) {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
    response
}

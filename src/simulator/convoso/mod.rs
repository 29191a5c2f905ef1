//! Convoso: the agent monitor's search and logout, and the log of agent productivity.

mod documented;
mod logout;
mod mixed;
mod productivity;
mod refusal;
mod row;
mod search;
mod service;
pub mod status;

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};

pub use row::{dialable, is_listed};

use super::centre::Centre;
use super::fault::{Fault, Target};
use super::parameters::Parameters;
use refusal::Refusal;

/// The document says every endpoint is POST; the service answers GET on the searches as well.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new()
        .route("/v1/agent-monitor/search", get(search::search).post(search::search))
        .route(
            "/v1/agent-productivity/search",
            get(productivity::search).post(productivity::search),
        )
        .route("/v1/agent-monitor/logout", post(logout::logout))
}

/// Counts a search and answers it: with its fault, a refusal, or what `answer` makes of the number of
/// the request.
async fn serve(
    centre: &Centre,
    target: Target,
    parameters: &Parameters,
    answer: impl FnOnce(u64, &Fault) -> Response,
) -> Response {
    let turn = centre.ledger().count_request(target);
    let fault = centre.faults.meet(target);
    if let Some(response) = fault.instead().await {
        return response;
    }
    if parameters.get("auth_token") != Some(&centre.credentials.auth_token) {
        return Refusal::Token.response(centre.dialect);
    }
    answer(turn, &fault)
}

//! Convoso's agent monitor: search and logout.

mod documented;
mod logout;
mod mixed;
mod refusal;
mod row;
mod search;
mod service;
pub mod status;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub use row::{dialable, is_listed};

use super::centre::Centre;

/// The document says every endpoint is POST; the service answers GET on the search as well.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new()
        .route("/v1/agent-monitor/search", get(search::search).post(search::search))
        .route("/v1/agent-monitor/logout", post(logout::logout))
}

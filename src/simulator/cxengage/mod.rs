//! CxEngage's real-time adherence feed: agent state records of a window of time.

mod record;
mod window;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::centre::Centre;
use super::fault::json;
use super::fault::{Fault, Target};
use super::parameters::Parameters;
use super::server_time::ServerTime;
use super::world::World;
use window::Window;

/// The one path of the document.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new().route("/v1/tenants/{tenant}/wfm/rta", get(records))
}

async fn records(
    State(centre): State<Arc<Centre>>,
    Path(tenant): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    centre.ledger().count_request(Target::CxEngage);
    let fault = centre.faults.meet(Target::CxEngage);
    if let Some(response) = fault.instead().await {
        return response;
    }
    let given = headers.get(header::AUTHORIZATION).map(|v| v.as_bytes());
    if given != Some(centre.credentials.basic().as_bytes()) {
        return json(StatusCode::UNAUTHORIZED, &json!({"message": "Unauthorized"}));
    }
    if tenant != centre.credentials.tenant_id {
        return json(StatusCode::FORBIDDEN, &json!({"message": "Forbidden"}));
    }
    let mut world = centre.world();
    let time = centre.time();
    world.advance(time.now);
    match Window::of(&Parameters::of_query(&uri), time) {
        Ok(window) => fault.answer(answer(&world, &window, time, &tenant, &fault)),
        Err(problem) => json(StatusCode::BAD_REQUEST, &json!({"message": problem})),
    }
}

fn answer(world: &World, window: &Window, time: ServerTime, tenant: &str, fault: &Fault) -> Value {
    let all = record::matching(world, window);
    let shown: Vec<_> = all.iter().filter(|found| !fault.hides(found.person.index)).collect();
    let total = if fault.counts_agree() { shown.len() } else { all.len() };
    let page: Vec<Value> = shown
        .into_iter()
        .skip(window.offset)
        .take(window.limit.unwrap_or(usize::MAX))
        .map(|found| found.json(window.known_until, time, fault))
        .collect();
    json!({
        "tenantId": tenant,
        "timezone": "UTC",
        "limit": window.limit,
        "offset": window.offset,
        "start": time.iso(window.start),
        "end": time.iso(window.end),
        "page": "0",
        "total": total,
        "results": page,
    })
}

//! What a supervisor does about an alert.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::alerts::status_word;
use super::{complaint, serve};
use crate::simulator::centre::Centre;
use crate::simulator::fault::{self, Fault, Target};
use crate::simulator::world::alert::{Action, By, Refused, Status};

/// The longest body that is read.
const LONGEST: usize = 1 << 20;

/// What changes an alert.
#[derive(Debug, Deserialize)]
struct Change {
    action: String,
    notes: Option<String>,
}

/// `PATCH /api/adherence/alerts/{id}`
pub async fn update(
    State(centre): State<Arc<Centre>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, LONGEST).await.unwrap_or_default();
    let change: Option<Change> = serde_json::from_slice(&body).ok();
    // Counted before anything can fail: a test proves by it that nothing was sent twice.
    let action = change.as_ref().map_or("", |change| &change.action);
    centre.ledger().count_patch(&id, action);
    let mut done = None;
    let response = serve(&centre, Target::WfmUpdate, &head.headers, |fault| {
        match carry_out(&centre, &id, change, fault) {
            Ok(answer) => {
                done = Some(fault.clone());
                fault.answer(answer)
            }
            Err(Refusal(status, text)) => complaint(status, &text),
        }
    })
    .await;
    match done {
        Some(Fault::DoneThenHangs) => std::future::pending().await,
        Some(Fault::DoneThenStatus { code }) => fault::status(code, None),
        _ => response,
    }
}

/// A colleague changes the alert `id` at the vendor's own screen. Whether there was anything to
/// change.
pub fn colleague_changes(centre: &Centre, id: &str, action: Action, notes: Option<&str>) -> bool {
    let mut world = centre.world();
    let now = centre.time().now;
    world.advance_board(now);
    world.board.change(id, action, notes.map(str::to_owned), By::Colleague, now).is_ok()
}

/// Nothing was done: the status, and the reason.
struct Refusal(StatusCode, String);

fn carry_out(
    centre: &Centre,
    id: &str,
    change: Option<Change>,
    fault: &Fault,
) -> Result<Value, Refusal> {
    let invalid = || Refusal(StatusCode::BAD_REQUEST, "Invalid action".into());
    let Change { action, notes } = change.ok_or_else(invalid)?;
    let action = match &*action {
        "acknowledge" => Action::Acknowledge,
        "resolve" => Action::Resolve,
        _ => return Err(invalid()),
    };
    let mut world = centre.world();
    let time = centre.time();
    world.advance_board(time.now);
    if *fault == Fault::Lies {
        let (status, stamp) = claim(action);
        let alert = json!({"id": id, "status": status, stamp: time.iso(time.now), "notes": notes});
        return Ok(json!({"success": true, "alert": alert}));
    }
    let changed = world.board.change(id, action, notes, By::Client, time.now);
    let standing = changed.map_err(|refused| match refused {
        Refused::Unknown => Refusal(StatusCode::NOT_FOUND, "Alert not found".into()),
        Refused::Already(status) => {
            Refusal(StatusCode::CONFLICT, format!("Alert is already {}", status_word(status)))
        }
    })?;
    if *fault == Fault::WithoutStatus {
        return Ok(json!({"success": true, "alert": {"id": id}}));
    }
    let (_, stamp) = claim(action);
    Ok(json!({
        "success": true,
        "alert": {
            "id": id,
            "status": status_word(standing.status()),
            stamp: time.iso(time.now),
            "notes": standing.notes,
        },
    }))
}

/// What an alert is after `action`, and the field that says when.
fn claim(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::Acknowledge => (status_word(Status::Acknowledged), "acknowledgedAt"),
        Action::Resolve => (status_word(Status::Resolved), "resolvedAt"),
    }
}

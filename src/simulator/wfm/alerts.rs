//! The alerts: the list, and one of them.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::{complaint, serve};
use crate::simulator::centre::Centre;
use crate::simulator::dialect::Dialect;
use crate::simulator::fault::{Fault, Target};
use crate::simulator::parameters::Parameters;
use crate::simulator::server_time::ServerTime;
use crate::simulator::world::World;
use crate::simulator::world::alert::{Kind, Standing, Status};

/// How many are listed where nobody says how many.
const USUAL_LIMIT: usize = 50;

/// `GET /api/adherence/alerts`
pub async fn list(State(centre): State<Arc<Centre>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    serve(&centre, Target::WfmAlerts, &head.headers, |fault| {
        let parameters = Parameters::of_query(&head.uri);
        let status = parameters.get("status");
        if status.is_some_and(|word| !STATUSES.iter().any(|s| status_word(*s) == word)) {
            return complaint(StatusCode::BAD_REQUEST, "Invalid status");
        }
        let limit = parameters.get("limit").and_then(|l| l.parse().ok()).unwrap_or(USUAL_LIMIT);
        let mut world = centre.world();
        let time = centre.time();
        world.advance_board(time.now);
        let all = world.board.at(time.now);
        let wanted =
            all.iter().filter(|s| status.is_none_or(|word| word == status_word(s.status())));
        let shown = (0..).zip(wanted).filter(|(place, _)| !fault.hides(*place)).map(|(_, s)| s);
        let alerts: Vec<_> = shown.take(limit).map(|s| row(&world, s, time, fault)).collect();
        fault.answer(json!({"alerts": alerts}))
    })
    .await
}

/// `GET /api/adherence/alerts/{id}`
pub async fn one(
    State(centre): State<Arc<Centre>>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (head, _) = request.into_parts();
    serve(&centre, Target::WfmAlerts, &head.headers, |fault| {
        let mut world = centre.world();
        let time = centre.time();
        world.advance_board(time.now);
        let Some(standing) = world.board.find(&id, time.now) else {
            return complaint(StatusCode::NOT_FOUND, "Alert not found");
        };
        let mut alert = row(&world, &standing, time, fault);
        alert["notes"] = json!(standing.notes);
        // The document does not say how the one alert is wrapped.
        fault.answer(match centre.dialect {
            Dialect::Mixed => alert,
            Dialect::Documented | Dialect::Service => json!({"alert": alert}),
        })
    })
    .await
}

fn row(world: &World, standing: &Standing, time: ServerTime, fault: &Fault) -> Value {
    let person = &world.people[standing.alert.person];
    json!({
        "id": standing.alert.id.to_string(),
        "employeeId": person.wfm.as_ref().map(|seat| seat.employee_id.to_string()),
        "employeeName": fault.name(person.index, &person.name),
        "type": kind_word(standing.alert.kind),
        "message": fault.name(person.index, message(standing.alert.kind)),
        "status": status_word(standing.status()),
        "createdAt": time.iso(standing.alert.created),
        "acknowledgedAt": standing.acknowledged.map(|(at, _)| time.iso(at)),
        "resolvedAt": standing.resolved.map(|(at, _)| time.iso(at)),
    })
}

const STATUSES: [Status; 3] = [Status::Active, Status::Acknowledged, Status::Resolved];

/// The vendor's word for a status.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Acknowledged => "acknowledged",
        Status::Resolved => "resolved",
    }
}

/// The vendor's word for what an alert is about.
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::LateStart => "late_start",
        Kind::EarlyLeave => "early_leave",
        Kind::ExtendedBreak => "extended_break",
        Kind::UnscheduledBreak => "unscheduled_break",
        Kind::WrongState => "wrong_state",
    }
}

fn message(kind: Kind) -> &'static str {
    match kind {
        Kind::LateStart => "Agent has not logged in after the shift's start",
        Kind::EarlyLeave => "Agent logged off before the shift's end",
        Kind::ExtendedBreak => "Break over its limit",
        Kind::UnscheduledBreak => "Away during work time",
        Kind::WrongState => "Actual state differs from the scheduled one",
    }
}

//! The WFM: adherence states and alerts, behind a session cookie.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::centre::Centre;
use super::fault::json;
use super::fault::{Fault, Target};
use super::parameters::Parameters;
use super::server_time::ServerTime;
use super::world::World;
use super::world::chance;
use super::world::duty::Scheduled;
use super::world::person::{Person, WfmSeat};
use super::world::state::{Reason, State as Doing};

/// How long a mismatch lasts before there is an alert.
const GRACE: TimeDelta = TimeDelta::minutes(5);

/// The document's endpoints that a reader uses, and the one that is not implemented.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new()
        .route("/api/adherence/states", get(states))
        .route("/api/adherence/alerts", get(alerts))
        .route("/api/v1/import/agent-states", post(import))
}

/// Whether `doing` is what was `scheduled`.
#[must_use]
pub fn adherent(scheduled: Scheduled, doing: Doing) -> bool {
    match scheduled {
        Scheduled::Off => doing.is_out(),
        Scheduled::Away(reason) => doing == Doing::Away(reason),
        Scheduled::Work => {
            matches!(doing, Doing::Available | Doing::Ringing | Doing::OnContact | Doing::WrapUp)
        }
    }
}

async fn states(state: State<Arc<Centre>>, request: Request) -> Response {
    serve(state, request, |world, time, zone, parameters, fault| {
        let team = parameters.get("teamId");
        let of_team = |p: &&Person| team.is_none_or(|team| p.team.eq_ignore_ascii_case(team));
        let all: Vec<_> = staff(world).filter(|(p, _)| of_team(p)).collect();
        let mut place = 0..;
        let shown: Vec<_> =
            all.iter().filter(|_| !fault.hides(place.next().unwrap_or(0))).copied().collect();
        let counted = if fault.counts_agree() { &shown } else { &all };
        let adherent =
            counted.iter().filter(|(p, _)| adherent(p.duty.at(time.now), doing(p, time))).count();
        let percentage = (200 * adherent + counted.len()).checked_div(2 * counted.len());
        json!({
            "states": shown.iter().map(|(p, s)| agent(world, p, s, time, zone, fault)).collect::<Vec<_>>(),
            "summary": {
                "totalAgents": counted.len(),
                "adherentCount": adherent,
                "adherencePercentage": percentage.unwrap_or(0),
            },
        })
    })
    .await
}

async fn alerts(state: State<Arc<Centre>>, request: Request) -> Response {
    serve(state, request, |world, time, _, parameters, fault| {
        let limit = parameters.get("limit").and_then(|l| l.parse().ok()).unwrap_or(50);
        // Nobody has acknowledged or resolved anything.
        let wanted = parameters.get("status").is_none_or(|status| status == "active");
        let alerts = staff(world).filter_map(|(p, s)| alert(p, s, time, fault));
        json!({"alerts": alerts.filter(|_| wanted).take(limit).collect::<Vec<_>>()})
    })
    .await
}

async fn import() -> Response {
    json(StatusCode::NOT_IMPLEMENTED, &json!({"error": "Not implemented"}))
}

async fn serve(
    State(centre): State<Arc<Centre>>,
    request: Request,
    view: impl FnOnce(&World, ServerTime, Tz, &Parameters, &Fault) -> Value,
) -> Response {
    let (cookie, uri) = (has_session(&centre, request.headers()), request.uri().clone());
    centre.ledger().count_request(Target::Wfm);
    let fault = centre.faults.of(Target::Wfm);
    if let Some(response) = fault.instead().await {
        return response;
    }
    if !cookie {
        return json(StatusCode::UNAUTHORIZED, &json!({"error": "Not logged in"}));
    }
    let mut world = centre.world();
    let time = centre.time();
    world.advance(time.now);
    let parameters = Parameters::of_query(&uri);
    fault.answer(view(&world, time, centre.timezone, &parameters, &fault))
}

fn has_session(centre: &Centre, headers: &HeaderMap) -> bool {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .any(|cookie| cookie.trim() == centre.credentials.session_cookie)
}

fn staff(world: &World) -> impl Iterator<Item = (&Person, &WfmSeat)> {
    world.people.iter().filter_map(|p| Some((p, p.wfm.as_ref()?)))
}

fn doing(person: &Person, time: ServerTime) -> Doing {
    person.day.at(time.now).state
}

fn agent(
    world: &World,
    person: &Person,
    seat: &WfmSeat,
    time: ServerTime,
    zone: Tz,
    fault: &Fault,
) -> Value {
    let now = person.day.at(time.now);
    let scheduled = person.duty.at(time.now);
    let (start, end) = person.duty.shift(time.now);
    let clock = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M").to_string();
    json!({
        "employeeId": seat.employee_id.to_string(),
        "employeeName": fault.name(person.index, &person.name),
        "employeeNumber": seat.employee_number,
        "state": state_word(now.state),
        "stateStartedAt": time.iso(now.start),
        "queue": person.dialler.as_ref().map(|d| &world.queues[d.queue].name),
        "scheduledState": scheduled_word(scheduled),
        "isAdherent": adherent(scheduled, now.state),
        "shift": {"startTime": clock(start), "endTime": clock(end)},
    })
}

fn alert(person: &Person, seat: &WfmSeat, time: ServerTime, fault: &Fault) -> Option<Value> {
    let now = person.day.at(time.now);
    let scheduled = person.duty.at(time.now);
    let created = now.start + GRACE;
    if adherent(scheduled, now.state) || created > time.now {
        return None;
    }
    let (kind, message) = match (scheduled, now.state) {
        (Scheduled::Work, Doing::Away(Reason::Break)) => ("extended_break", "Break over its limit"),
        (Scheduled::Work, Doing::Away(_)) => ("unscheduled_break", "Away during work time"),
        (Scheduled::Work, Doing::Offline | Doing::ForcedOut) => {
            let (start, _) = person.duty.shift(time.now);
            if now.start < start {
                ("late_start", "Agent has not logged in after the shift's start")
            } else {
                ("early_leave", "Agent logged off before the shift's end")
            }
        }
        _ => ("wrong_state", "Actual state differs from the scheduled one"),
    };
    let salt = now.start.timestamp_millis().unsigned_abs();
    let mut rng = fastrand::Rng::with_seed(chance::mix(person.index as u64, salt));
    Some(json!({
        "id": super::world::person::version_4(&mut rng).to_string(),
        "employeeId": seat.employee_id.to_string(),
        "employeeName": fault.name(person.index, &person.name),
        "type": kind,
        "message": message,
        "status": "active",
        "createdAt": time.iso(created),
        "acknowledgedAt": null,
        "resolvedAt": null,
    }))
}

fn state_word(state: Doing) -> &'static str {
    match state {
        Doing::Offline | Doing::ForcedOut => "offline",
        Doing::Available => "available",
        Doing::Ringing | Doing::OnContact => "on_call",
        Doing::WrapUp => "after_call_work",
        Doing::LoggedIn => "unavailable",
        Doing::Away(reason) => away_word(reason),
    }
}

fn scheduled_word(scheduled: Scheduled) -> &'static str {
    match scheduled {
        Scheduled::Off => "offline",
        Scheduled::Work => "available",
        Scheduled::Away(reason) => away_word(reason),
    }
}

fn away_word(reason: Reason) -> &'static str {
    match reason {
        Reason::Break => "break",
        Reason::Lunch => "lunch",
        Reason::Meeting => "meeting",
        Reason::Training => "training",
        Reason::Personal | Reason::Unspecified => "unavailable",
    }
}

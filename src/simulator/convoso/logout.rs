//! `agent-monitor/logout`: the one request that changes the world.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use chrono::TimeDelta;
use serde_json::json;

use super::refusal::Refusal;
use super::row::NoSuch;
use crate::simulator::centre::Centre;
use crate::simulator::fault::{Fault, Target};
use crate::simulator::parameters::Parameters;

/// How long somebody who comes back stays away: long enough to be missed by a client that looks every few
/// seconds, also on a busy machine.
const COMES_BACK_AFTER: TimeDelta = TimeDelta::seconds(12);

/// Logs somebody out.
pub async fn logout(State(centre): State<Arc<Centre>>, request: Request) -> Response {
    let parameters = Parameters::of(request).await;
    let user_id = parameters.get("user_id").unwrap_or_default();
    centre.ledger().count_request(Target::ConvosoLogout);
    // Counted before anything can fail: a test proves by it that nothing was sent twice.
    centre.ledger().count_logout(user_id);
    let fault = centre.faults.meet(Target::ConvosoLogout);
    if let Some(response) = fault.instead().await {
        return response;
    }
    if parameters.get("auth_token") != Some(&centre.credentials.auth_token) {
        return Refusal::Token.response(centre.dialect);
    }
    if let Err(refusal) = put_out(&centre, user_id, &fault) {
        return refusal.response(centre.dialect);
    }
    if fault == Fault::LogoutTimesOut {
        std::future::pending::<()>().await;
    }
    fault.answer(json!({"success": true}))
}

fn put_out(centre: &Centre, user_id: &str, fault: &Fault) -> Result<(), Refusal> {
    let mut world = centre.world();
    let now = centre.time().now;
    world.advance(now);
    let person = world.by_user_id(user_id).ok_or(Refusal::NoSuch(NoSuch::User))?;
    if *fault == Fault::Logout6012 || person.day.at(now).state.is_out() {
        return Err(Refusal::NotLoggedIn);
    }
    match fault {
        Fault::LogoutLies => {}
        Fault::ComesBack => person.put_out(now, now + COMES_BACK_AFTER),
        _ => {
            let back = now + person.time_out();
            person.put_out(now, back);
        }
    }
    Ok(())
}

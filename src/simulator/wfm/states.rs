//! What everybody does, and whether they should.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::serve;
use crate::simulator::centre::Centre;
use crate::simulator::fault::{Fault, Target};
use crate::simulator::parameters::Parameters;
use crate::simulator::server_time::ServerTime;
use crate::simulator::world::World;
use crate::simulator::world::duty::Scheduled;
use crate::simulator::world::person::{Person, WfmSeat};
use crate::simulator::world::state::{Reason, State as Doing};

/// `GET /api/adherence/states`
pub async fn states(State(centre): State<Arc<Centre>>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    serve(&centre, Target::Wfm, &head.headers, |fault| {
        let mut world = centre.world();
        let time = centre.time();
        world.advance(time.now);
        let parameters = Parameters::of_query(&head.uri);
        let team = parameters.get("teamId");
        fault.answer(answer(&world, team, time, centre.timezone, fault))
    })
    .await
}

fn answer(world: &World, team: Option<&str>, time: ServerTime, zone: Tz, fault: &Fault) -> Value {
    let of_team = |p: &Person| team.is_none_or(|team| p.team.eq_ignore_ascii_case(team));
    let staff = world.people.iter().filter_map(|p| Some((p, p.wfm.as_ref()?)));
    let all: Vec<_> = staff.filter(|(p, _)| of_team(p)).collect();
    let mut place = 0..;
    let shown: Vec<_> =
        all.iter().filter(|_| !fault.hides(place.next().unwrap_or(0))).copied().collect();
    let counted = if fault.counts_agree() { &shown } else { &all };
    let is_adherent = |p: &Person| p.duty.at(time.now).is_kept_by(p.day.at(time.now).state);
    let adherent = counted.iter().filter(|(p, _)| is_adherent(p)).count();
    let percentage = (200 * adherent + counted.len()).checked_div(2 * counted.len());
    json!({
        "states": shown.iter().map(|(p, s)| agent(world, p, s, time, zone, fault)).collect::<Vec<_>>(),
        "summary": {
            "totalAgents": counted.len(),
            "adherentCount": adherent,
            "adherencePercentage": percentage.unwrap_or(0),
        },
    })
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
        "queue": person.dialer.as_ref().map(|d| &world.queues[d.queue].name),
        "scheduledState": scheduled_word(scheduled),
        "isAdherent": scheduled.is_kept_by(now.state),
        "shift": {"startTime": clock(start), "endTime": clock(end)},
    })
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

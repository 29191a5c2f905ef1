//! sip.io's agents: KPIs over the time since an instant, and no word about what anybody does now.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::centre::Centre;
use super::dialect::Dialect;
use super::fault::{Fault, Target, json};
use super::parameters::Parameters;
use super::server_time::ServerTime;
use super::world::person::Person;
use super::world::sip::{Adherence, BUCKETS, Bucket, SipSeat, Totals};

/// The one path of the document.
pub fn routes() -> Router<Arc<Centre>> {
    Router::new().route("/v1/agents", get(agents))
}

async fn agents(State(centre): State<Arc<Centre>>, request: Request) -> Response {
    centre.ledger().count_request(Target::SipIo);
    let fault = centre.faults.meet(Target::SipIo);
    if fault == Fault::Forbidden {
        return json(
            StatusCode::FORBIDDEN,
            &json!({"error": "forbidden", "message": "API key lacks the scope: agents"}),
        );
    }
    if let Some(response) = fault.instead().await {
        return response;
    }
    let key = request.headers().get("x-api-key").map(|key| key.as_bytes());
    if key != Some(centre.credentials.api_key.as_bytes()) {
        return json(
            StatusCode::UNAUTHORIZED,
            &json!({"error": "unauthorized", "message": "Invalid API key"}),
        );
    }
    let parameters = Parameters::of_query(request.uri());
    let since = parameters.get("since").map_or(Some(0), |since| since.parse::<i64>().ok());
    let Some(since) = since.and_then(DateTime::from_timestamp_millis) else {
        return json(
            StatusCode::BAD_REQUEST,
            &json!({"error": "bad_request", "message": "since must be epoch milliseconds"}),
        );
    };
    let mut world = centre.world();
    let time = centre.time();
    world.advance(time.now);
    let seats = world.people.iter().filter_map(|p| Some((p, p.sip.as_ref()?)));
    let shown = (0..).zip(seats).filter(|(place, _)| !fault.hides(*place));
    let list: Vec<_> = shown
        .map(|(_, (person, seat))| agent(person, seat, time.meant(since), time, centre.dialect))
        .collect();
    fault.answer(json!({"agents": list}))
}

fn agent(
    person: &Person,
    seat: &SipSeat,
    since: DateTime<chrono::Utc>,
    time: ServerTime,
    dialect: Dialect,
) -> Value {
    let totals = seat.totals(&person.day, since, time.now);
    let ms = |bucket: Bucket| totals[bucket as usize];
    let handled = ms(Bucket::InCall) + ms(Bucket::WrapUp);
    let logged_in = totals.iter().sum::<u64>() - ms(Bucket::Offline);
    // The document says that it rounds; its sample is cut off.
    let percent = |whole: u64| (100 * handled).checked_div(whole).unwrap_or(0);
    let mut agent = json!({
        "user_id": seat.user_id,
        "statusMs": status_ms(&totals),
        "loggedInMs": logged_in,
        "occupancyPct": percent(handled + ms(Bucket::Ready)),
        "utilizationPct": percent(logged_in),
    });
    let adherence = match seat.adherence {
        Adherence::Measured => {
            Some(json!(SipSeat::adherence_pct(&person.day, &person.duty, since, time.now)))
        }
        Adherence::Unscheduled => Some(Value::Null),
        Adherence::Bypass => Some(json!("bypass")),
        Adherence::Absent => None,
    };
    if let Some(adherence) = adherence {
        agent["adherencePct"] = adherence;
    }
    if dialect == Dialect::Mixed {
        mix(&mut agent, person.index);
    }
    agent
}

/// Only buckets in which some time was spent are there.
fn status_ms(totals: &Totals) -> Map<String, Value> {
    let spent = BUCKETS.iter().zip(totals).filter(|(_, ms)| **ms > 0);
    spent.map(|(bucket, ms)| (bucket.word().to_owned(), json!(ms))).collect()
}

/// The same in other types, as its own other pages have them.
fn mix(agent: &mut Value, index: usize) {
    if index.is_multiple_of(2)
        && let Some(number) = agent["user_id"].as_str().and_then(|id| id.parse::<u64>().ok())
    {
        agent["user_id"] = json!(number);
    }
    if index.is_multiple_of(3) {
        agent["loggedInMs"] = json!(agent["loggedInMs"].to_string());
    }
    if agent.get("adherencePct").is_some_and(Value::is_null) {
        agent["adherencePct"] = json!("n/a");
    }
}

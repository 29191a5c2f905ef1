//! `agent-productivity/search`: the log of what the dialer's agents did.

mod answer;
mod query;
mod refusal;
mod words;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;

use crate::simulator::centre::Centre;
use crate::simulator::fault::Target;
use crate::simulator::parameters::Parameters;
use query::Query;

/// Answers a search.
pub async fn search(State(centre): State<Arc<Centre>>, request: Request) -> Response {
    let parameters = Parameters::of(request).await;
    let target = Target::ConvosoHistory;
    super::serve(&centre, target, &parameters, |turn, fault| {
        let mut world = centre.world();
        let time = centre.time();
        let query = match Query::of(&parameters, &world, time, centre.dialect) {
            Ok(query) => query,
            Err(refusal) => return refusal.response(centre.dialect),
        };
        world.advance_log(time.now);
        fault.answer(answer::answer(&world, &query, time, centre.dialect, turn, fault))
    })
    .await
}

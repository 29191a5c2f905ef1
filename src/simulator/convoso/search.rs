//! `agent-monitor/search`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;

use super::refusal::Refusal;
use super::row::{Monitor, Scope};
use super::{documented, mixed, service};
use crate::simulator::centre::Centre;
use crate::simulator::dialect::Dialect;
use crate::simulator::fault::Target;
use crate::simulator::parameters::Parameters;

/// Answers a search.
pub async fn search(State(centre): State<Arc<Centre>>, request: Request) -> Response {
    let parameters = Parameters::of(request).await;
    let scoped = parameters.get("queue_id").is_some();
    let target = if scoped { Target::ConvosoScoped } else { Target::Convoso };
    super::serve(&centre, target, &parameters, |turn, fault| {
        let dialect = centre.dialect;
        let mut world = centre.world();
        let time = centre.time();
        world.advance(time.now);
        let scope = match Scope::of(&parameters, &mut world) {
            Ok(scope) => scope,
            Err(no_such) => return Refusal::NoSuch(no_such).response(dialect),
        };
        let monitor = Monitor::new(&mut world, &scope, time, dialect, fault);
        fault.answer(match dialect {
            Dialect::Documented => documented::answer(&monitor),
            Dialect::Service => service::answer(&monitor),
            Dialect::Mixed => mixed::answer(&monitor, turn),
        })
    })
    .await
}

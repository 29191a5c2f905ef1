use std::sync::Arc;
use std::time::Duration;

use super::Desk;
use crate::clock::Clock;
use crate::http::Secret;
use crate::http::scripted::{Server, three};
use crate::source::fixture;

mod alerts;
mod states;

/// What the tasks of one WFM share.
fn desk(server: &Server, cookie: Secret) -> Arc<Desk> {
    let site = fixture::site(server.url.clone(), cookie);
    let settings = fixture::of_site(site.clone());
    Desk::new(settings, site, Duration::from_secs(10), Clock::fixed(three()))
}

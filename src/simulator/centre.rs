//! The simulated centre itself, which every handler shares.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::Options;
use super::credentials::Credentials;
use super::dialect::Dialect;
use super::fault::Faults;
use super::ledger::Ledger;
use super::server_time::ServerTime;
use super::wfm::session::Session;
use super::world::World;
use crate::clock::Clock;

/// The simulated centre: what every handler needs.
#[derive(Debug)]
pub struct Centre {
    world: Mutex<World>,
    ledger: Mutex<Ledger>,
    session: Mutex<Session>,
    clock: Clock,
    /// The milliseconds by which the server's clock is ahead.
    skew: AtomicI64,
    /// Which Convoso.
    pub dialect: Dialect,
    /// The floor's time zone.
    pub timezone: Tz,
    /// What opens it.
    pub credentials: Credentials,
    /// What is wrong with it.
    pub faults: Faults,
}

impl Centre {
    /// A centre that begins now.
    #[must_use]
    pub fn new(options: &Options) -> Self {
        let start = options.clock.now();
        let credentials = Credentials::new(options.seed);
        Self {
            world: Mutex::new(World::at_pace(
                options.pace,
                options.seed,
                start,
                options.agents,
                options.queues,
            )),
            ledger: Mutex::default(),
            session: Mutex::new(Session::new(
                &credentials.session_cookie,
                options.session,
                options.seed,
            )),
            clock: options.clock.clone(),
            skew: AtomicI64::new(options.skew.num_milliseconds()),
            dialect: options.dialect,
            timezone: options.timezone,
            credentials,
            faults: Faults::default(),
        }
    }

    /// The world, for as long as the guard lives; never held across an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The counts of requests.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The WFM's session.
    pub fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What time it is, and what the server thinks.
    #[must_use]
    pub fn time(&self) -> ServerTime {
        let skew = TimeDelta::milliseconds(self.skew.load(Ordering::Relaxed));
        ServerTime { now: self.clock.now(), skew }
    }

    /// Sets the server's clock: `ahead` of the true time from now on.
    pub fn set_clock(&self, ahead: TimeDelta) {
        self.skew.store(ahead.num_milliseconds(), Ordering::Relaxed);
    }
}

//! A simulated contact centre, served over real HTTP: behind `demo`, `simulate` and most tests.
//!
//! One seeded world holds the truth; Convoso, CxEngage, sip.io and the WFM are views of it, each in
//! its own document's shape. Nothing here is shared with the code that reads the real services: a
//! misreading of a document must not agree with itself.

mod centre;
mod control;
mod convoso;
mod credentials;
mod cxengage;
mod dialect;
mod fault;
mod files;
mod ledger;
mod parameters;
mod server;
mod server_time;
mod sipio;
mod truth;
mod wfm;
mod world;

#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::clock::Clock;
use centre::Centre;
use server::Server;

pub use credentials::Credentials;
pub use dialect::Dialect;
pub use fault::{Fault, Faults, Target};
pub use truth::{
    AlertTruth, ConvosoTruth, CxTruth, HistoryTruth, KpiTruth, PersonTruth, QueueTruth,
    SessionTruth, SipTruth, SpellTruth, TimesTruth, Truth,
};
pub use wfm::SessionRules;
pub use world::alert::Action;
pub use world::pace::Pace;

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How many people work there.
    pub agents: usize,
    /// How many queues there are; each belongs to one of three campaigns.
    pub queues: usize,
    /// The same seed and start make the same floor.
    pub seed: u64,
    /// How fast work goes.
    pub pace: Pace,
    /// Which Convoso.
    pub dialect: Dialect,
    /// The time in the world, and the one the [`Truth`] is told in.
    pub clock: Clock,
    /// How far the server's own clock is ahead of `clock`: everything it says and hears is shifted.
    pub skew: TimeDelta,
    /// The floor's time zone: shifts and the schedule are in it.
    pub timezone: Tz,
    /// The floor's name in the config.
    pub floor: String,
    /// Where its config has the journal kept, beside itself; none where that is the user's own place,
    /// in which nothing simulated belongs.
    pub journal: Option<String>,
    /// How the WFM renews its session cookie.
    pub session: SessionRules,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            agents: 25,
            queues: 6,
            seed: 7,
            pace: Pace::Usual,
            dialect: Dialect::Documented,
            clock: Clock::system(),
            skew: TimeDelta::zero(),
            timezone: chrono_tz::America::New_York,
            floor: "Demo floor".into(),
            journal: None,
            session: SessionRules::default(),
        }
    }
}

/// A simulated centre that is being served; dropping it ends it.
#[derive(Debug)]
pub struct Running {
    server: Server,
    centre: Arc<Centre>,
    floor: String,
    journal: Option<String>,
}

/// Starts serving. The address is bound before the floor is made, so a client that connects at once
/// waits instead of being refused.
///
/// # Errors
/// When the address cannot be bound or no thread started.
pub async fn start(options: Options) -> io::Result<Running> {
    let (server, listener) = Server::bind(options.listen)?;
    let (floor, journal) = (options.floor.clone(), options.journal.clone());
    let centre = tokio::task::spawn_blocking(move || Arc::new(Centre::new(&options))).await?;
    server.serve(listener, Arc::clone(&centre));
    Ok(Running { server, centre, floor, journal })
}

impl Running {
    /// The base of every URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The switches for what goes wrong.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.centre.faults.clone()
    }

    /// Sets the server's clock: `ahead` of the true time from now on.
    pub fn set_clock(&self, ahead: TimeDelta) {
        self.centre.set_clock(ahead);
    }

    /// What is really so, now.
    #[must_use]
    pub fn truth(&self) -> Truth {
        Truth::of(&self.centre, None)
    }

    /// What was really so at `at`; a time in the future means now.
    #[must_use]
    pub fn truth_at(&self, at: DateTime<Utc>) -> Truth {
        Truth::of(&self.centre, Some(at))
    }

    /// What everybody did since the history began, as the systems that keep a log have it. Costly
    /// on a large floor, so it is not in the [`Truth`].
    #[must_use]
    pub fn history(&self) -> Vec<HistoryTruth> {
        truth::history(&self.centre)
    }

    /// How long everybody did what from `since` until `until`; a time in the future means now.
    #[must_use]
    pub fn kpi(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<KpiTruth> {
        truth::kpi(&self.centre, since, until)
    }

    /// A colleague changes an alert at the WFM's own screen: no request, and nothing is counted.
    /// Whether there was anything to change.
    pub fn colleague_changes(&self, alert: &str, action: Action, notes: Option<&str>) -> bool {
        wfm::colleague_changes(&self.centre, alert, action, notes)
    }

    /// What opens it.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.centre.credentials.clone()
    }

    /// The roster: everybody, with their id in each source.
    #[must_use]
    pub fn roster_csv(&self) -> String {
        files::roster(&self.centre)
    }

    /// The schedule from yesterday to the day after tomorrow, in floor time.
    #[must_use]
    pub fn schedule_csv(&self) -> String {
        files::schedule(&self.centre)
    }

    /// A config whose directory also holds `roster.csv` and `schedule.csv`. It holds secrets in
    /// plain text, so its file must be private.
    #[must_use]
    pub fn config_toml(&self) -> String {
        files::config(&self.centre, &self.floor, &self.url(), self.journal.as_deref())
    }

    /// Writes config.toml, roster.csv and schedule.csv into `dir`, readable by their owner alone.
    ///
    /// # Errors
    /// When the directory cannot be made or a file not be written.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)?;
        files::write_private(&dir.join("roster.csv"), &self.roster_csv())?;
        files::write_private(&dir.join("schedule.csv"), &self.schedule_csv())?;
        files::write_private(&dir.join("config.toml"), &self.config_toml())
    }

    /// Ends it: the port is free and every connection is cut, also the hanging ones.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

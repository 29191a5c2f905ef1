//! Reads the KPIs, and concludes from two readings what each agent does.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::buckets;
use super::counters::{Finding, Track};
use super::live::{Live, live};
use super::state::State;
use super::window::Window;
use super::wire::{NotBelievable, Row, percentage};
use crate::clock::{Clock, Offset, RunClock};
use crate::http::{Answer, Client};
use crate::model::{
    Activity, AgentId, Body, Coverage, Evidence, Observation, Reading, VendorKpi, day_start,
};
use crate::source::poller::Feed;
use crate::source::records::{Complaints, agent_id, usable};
use crate::source::settings::{Settings, SipIoSettings};
use crate::vendor::{Class, Scalar, Trouble, sipio};

/// Between the first reading of a window and the second, which shows what grew: states are there
/// within seconds, whatever the poll.
const SECOND_LOOK: Duration = Duration::from_secs(3);

/// Reads one account.
pub(in crate::source) struct Reader {
    settings: Settings,
    sipio: SipIoSettings,
    limit: Duration,
    /// What is read goes by it.
    clock: Clock,
    /// By which the floor's day begins.
    run_clock: RunClock,
    access: Option<(Client, SecretString)>,
    offset: Offset,
    window: Option<Window>,
    /// Whether the second reading of the window was asked for between two polls.
    looked_again: bool,
    complaints: Complaints,
}

impl Feed for Reader {
    fn prepare(&mut self) -> Result<(), Trouble> {
        let key = self.sipio.account.api_key.read();
        let key = key.map_err(|e| Trouble::new(Class::NotSet, e.to_string()))?;
        let client = match self.access.take() {
            Some((client, _)) => client,
            None => Client::for_reading(
                &self.sipio.account.url,
                self.settings.ca_file.as_deref(),
                self.limit,
                self.clock.clone(),
            )?,
        };
        self.access = Some((client.hiding([key.clone()]), key));
        Ok(())
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        let Some((client, key)) = self.access.clone() else {
            return Err(Trouble::new(Class::Transient, "no connection has been prepared yet"));
        };
        let stepped = self.offset.stepped();
        let mut answer = self.ask(&client, &key).await?;
        if self.offset.stepped() != stepped {
            // The server's clock was set: it was asked for another window than was meant.
            answer = self.ask(&client, &key).await?;
        }
        // The day may have ended meanwhile: the answer belongs to the window that was asked for.
        let mut window = self.window.take().ok_or_else(no_window)?;
        let reading = self.understand(&answer, &mut window);
        self.window = Some(window);
        reading
    }

    async fn read_back(&mut self) -> Result<Option<Reading>, Trouble> {
        self.looked_again = true;
        self.read().await.map(Some)
    }

    fn backlog(&self) -> Option<Duration> {
        let is_first = self.window.as_ref().is_some_and(|window| window.readings == 1);
        (is_first && !self.looked_again).then_some(SECOND_LOOK)
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.offset.estimate()
    }
}

impl Reader {
    pub(in crate::source) fn new(
        settings: Settings,
        sipio: SipIoSettings,
        limit: Duration,
        clock: impl Into<RunClock>,
    ) -> Self {
        let run_clock = clock.into();
        Self {
            complaints: Complaints::new(settings.name.clone()),
            settings,
            sipio,
            limit,
            clock: run_clock.steady(),
            run_clock,
            access: None,
            offset: Offset::default(),
            window: None,
            looked_again: false,
        }
    }

    /// Sees to it that the window is the present day's; its beginning in the server's milliseconds. The day
    /// is the floor's, which begins by the clock that is shown, not by the one that is never set.
    /// The very first one is asked for by our own clock, before the server's is known, and is kept all
    /// the same: that it stays matters more than where it begins.
    fn todays_window(&mut self) -> i64 {
        let now = self.clock.now();
        let ahead = self.run_clock.ahead();
        let day = day_start(self.sipio.timezone, self.sipio.day_starts, now + ahead) - ahead;
        let server_now = now + self.offset.steady().unwrap_or_default();
        let window = match self.window.take() {
            Some(window) if window.holds(day, server_now) => window,
            Some(window) if window.ahead != ahead => window.moved(day, ahead, &self.offset),
            _ => {
                self.looked_again = false;
                Window::new(day, ahead, &self.offset)
            }
        };
        self.window.insert(window).since_ms(&self.offset)
    }

    async fn ask(&mut self, client: &Client, key: &SecretString) -> Result<Answer, Trouble> {
        let since_ms = self.todays_window();
        let answer = client.exchange(self.sipio.account.agents(client, key, since_ms)).await?;
        if let Some(date) = answer.clock() {
            self.offset.observe(answer.sent, answer.received, date);
        }
        Ok(answer)
    }

    /// Translates an answer.
    fn understand(&mut self, answer: &Answer, window: &mut Window) -> Result<Reading, Trouble> {
        let page = sipio::open(answer)?;
        let list = page.agents.unwrap_or_default();
        let at = answer.middle();
        let mut skipped = 0;
        let mut seen = HashSet::new();
        let mut observations = Vec::new();
        for item in &list.0 {
            let Some(row) = self.complaints.record::<Row<'_>>(item) else {
                skipped += 1;
                continue;
            };
            let lack = match agent_id(&row.user_id) {
                None => "it has no usable user_id",
                Some(agent) if self.settings.exclude.contains(&agent) => continue,
                Some(agent) if !seen.insert(agent.clone()) => "its agent has one already",
                Some(agent) => {
                    observations.push(self.observe(agent, &row, at, window));
                    continue;
                }
            };
            skipped += 1;
            self.complaints.make(format!("a record is left out: {lack}"));
        }
        usable(list.0.len(), skipped)?;
        window.readings += 1;
        window.stepped = self.offset.stepped();
        window.is_moved = false;
        Ok(Reading {
            source: self.settings.name.clone(),
            taken_at: at,
            as_of: at,
            skipped,
            body: Body::Agents {
                observations,
                // Nobody says whether the key's account lists all its agents, nor whether somebody
                // of whom nothing has happened since midnight is among them.
                coverage: Coverage::Visible,
                summary: None,
                histories: Vec::new(),
            },
        })
    }

    /// What `row`, read at our instant `at`, says of `agent`.
    fn observe(
        &mut self,
        agent: AgentId,
        row: &Row<'_>,
        at: DateTime<Utc>,
        window: &mut Window,
    ) -> Observation {
        let (spent, garbage) = row.spent();
        let is_told = row.tells_times() && garbage.is_empty();
        for field in garbage {
            self.complaints.make(format!("`{field}` is left out: it holds no milliseconds"));
        }
        let before = window.tracks.remove(&agent);
        let (mut track, finding) = match &before {
            Some(before) if window.is_moved || window.stepped != self.offset.stepped() => {
                before.carried(spent.clone(), at)
            }
            Some(before) => before.next(spent.clone(), at),
            None => Track::first(spent.clone(), at),
        };
        let (state, evidence, raw) = match (live(row), finding) {
            (Some((Live::Does(bucket), words)), _) => {
                (Some(track.told(bucket, before.as_ref())), Evidence::Observed, words)
            }
            (_, Finding::In(state)) => {
                let raw = buckets::name(&state.bucket).to_owned();
                (Some(state), Evidence::Inferred, raw)
            }
            (Some((Live::Wants(bucket), words)), Finding::Open(_)) => {
                (Some(track.told(bucket, before.as_ref())), Evidence::Observed, words)
            }
            (None, Finding::Open(why)) => (None, Evidence::Inferred, why),
        };
        let earlier = track.lay_out(state.as_ref()).into_iter().map(Into::into).collect();
        window.tracks.insert(agent.clone(), track);
        let (activity, since) = match state {
            Some(State { bucket, since }) => (buckets::activity(&bucket), since),
            None => (Activity::Unknown, None),
        };
        let (occupancy_pct, utilization_pct) = (
            self.percentage("occupancyPct", &row.occupancy_pct),
            self.percentage("utilizationPct", &row.utilization_pct),
        );
        // Figures reckoned without a time that could not be read would be wrong, and 0 without any.
        let kpi = is_told.then(|| VendorKpi {
            since: window.since(&self.offset),
            as_of: at,
            spent,
            logged_in: row.logged_in(),
            occupancy_pct,
            utilization_pct,
            adherence: row.adherence(),
        });
        let kpi = kpi.map(Box::new);
        Observation { since, evidence, kpi, earlier, ..Observation::of(agent, activity, raw) }
    }

    /// A percentage that the vendor prints; one that cannot be is none, and said.
    fn percentage(&mut self, field: &str, value: &Scalar<'_>) -> Option<f64> {
        percentage(value).unwrap_or_else(|NotBelievable| {
            let why = "it is not believable: less than 0 % or more than 100 %";
            self.complaints.make(format!("`{field}` is left out: {why}"));
            None
        })
    }
}

fn no_window() -> Trouble {
    Trouble::new(Class::Transient, "no window has been asked for yet")
}

//! Reads the log: forwards at every poll, backwards in between until nothing is missing.

use std::mem;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::log::{Log, View};
use super::record::Record;
use super::window::{Progress, Window};
use super::wire::Row;
use crate::clock::{Clock, Offset};
use crate::http::{Answer, Client};
use crate::model::{AgentHistory, Body, Coverage, Observation, Reading, WayBack};
use crate::source::poller::Feed;
use crate::source::reason::Reasons;
use crate::source::records::Complaints;
use crate::source::settings::{CxEngageSettings, Settings};
use crate::vendor::cxengage::{self, Slice};
use crate::vendor::{Class, Trouble};

/// Records asked for at once.
const PAGE: usize = 1000;

/// Pages of one window: more than any ten minutes have, so that a server that never says "that is
/// all" does not hold us for ever.
const MOST_PAGES: usize = 500;

/// The pace of reading back: under 8 requests a second.
const PACE: Duration = Duration::from_millis(150);

/// The pace once it is known what everybody does, and only the day's past is still read.
const AT_LEISURE: Duration = Duration::from_millis(500);

/// Where the first question about the server's clock points: old enough for any clock that is wrong
/// by minutes.
const PROBE_AGE: TimeDelta = TimeDelta::minutes(10);

/// Reads one tenant's log.
pub(in crate::source) struct Reader {
    settings: Settings,
    tenant: CxEngageSettings,
    limit: Duration,
    clock: Clock,
    access: Option<(Client, SecretString)>,
    offset: Offset,
    progress: Progress,
    log: Log,
    reasons: Reasons,
    complaints: Complaints,
    /// The end of the newest window read, in the server's clock, and what that clock was then taken
    /// to be ahead. Reading back says more of the same instant: with an estimate that has moved on
    /// meanwhile it would seem to describe an earlier one, and be dropped as overtaken.
    newest: Option<(DateTime<Utc>, TimeDelta)>,
}

/// What one window held.
struct Harvest {
    records: Vec<Record>,
    skipped: u32,
    taken_at: DateTime<Utc>,
}

impl Feed for Reader {
    fn prepare(&mut self) -> Result<(), Trouble> {
        let password = self.tenant.account.password.read();
        let password = password.map_err(|e| Trouble::new(Class::NotSet, e.to_string()))?;
        let client = match self.access.take() {
            Some((client, _)) => client,
            None => Client::for_reading(
                &self.tenant.account.url,
                self.settings.ca_file.as_deref(),
                self.limit,
                self.clock.clone(),
            )?,
        };
        self.access = Some((client.hiding([password.clone()]), password));
        Ok(())
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        if self.offset.estimate().is_none() {
            self.ask_for_the_time().await?;
        }
        let window = self.progress.forward(self.server_now());
        let mut harvest = self.harvest(window, Duration::ZERO).await?;
        let changes = self.log.take(mem::take(&mut harvest.records), &self.reasons);
        self.progress.went_forward(window);
        let newest = (window.end, self.offset.estimate().unwrap_or_default());
        let histories = self.log.tell(&changes, newest.0, newest.1);
        self.newest = Some(newest);
        if let Some(horizon) = self.progress.horizon() {
            self.log.trim(horizon, window.end);
        }
        self.perhaps_end_way_back();
        let view = self.view(newest);
        Ok(self.reading(&harvest, view, self.log.all(view), histories))
    }

    async fn read_back(&mut self) -> Result<Option<Reading>, Trouble> {
        let (Some(window), Some(newest)) = (self.progress.backward(), self.newest) else {
            return Ok(None);
        };
        let mut harvest = match self.harvest(window, PACE).await {
            Ok(harvest) => harvest,
            // The newest data come all the same: a past that cannot be had is done without.
            Err(trouble) if trouble.class == Class::Rejected => {
                self.complaints.make(format!("reading back ends early: {trouble}"));
                self.progress.abandon_gap();
                return Ok(None);
            }
            Err(trouble) if trouble.class == Class::Garbled => {
                self.complaints.make(format!("ten minutes of the past are left out: {trouble}"));
                self.progress.skip_backward();
                return Ok(None);
            }
            Err(trouble) => return Err(trouble),
        };
        let changes = self.log.take(mem::take(&mut harvest.records), &self.reasons);
        let offset = self.offset.estimate().unwrap_or_default();
        let histories = self.log.tell(&changes, newest.0, offset);
        let was_unread = self.progress.unread_from();
        self.progress.went_backward();
        self.perhaps_end_way_back();
        let view = self.view(newest);
        let observations = if was_unread == self.progress.unread_from() {
            self.log.some(changes.present(), view)
        } else {
            self.log.all(view)
        };
        Ok(Some(self.reading(&harvest, view, observations, histories)))
    }

    fn backlog(&self) -> Option<Duration> {
        let pace = if self.progress.is_at_leisure() { AT_LEISURE } else { PACE };
        self.progress.backward().map(|_| pace)
    }

    fn way_back(&self) -> Option<WayBack> {
        self.progress.way_back()
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.offset.estimate()
    }
}

impl Reader {
    pub(in crate::source) fn new(
        settings: Settings,
        tenant: CxEngageSettings,
        limit: Duration,
        clock: Clock,
    ) -> Self {
        Self {
            reasons: Reasons::new(&settings.reason_map),
            complaints: Complaints::new(settings.name.clone()),
            settings,
            tenant,
            limit,
            clock,
            access: None,
            offset: Offset::default(),
            progress: Progress::default(),
            log: Log::default(),
            newest: None,
        }
    }

    fn server_now(&self) -> DateTime<Utc> {
        self.clock.now() + self.offset.estimate().unwrap_or_default()
    }

    fn view(&self, (as_of, offset): (DateTime<Utc>, TimeDelta)) -> View {
        View { as_of, offset, unread_from: self.progress.unread_from() }
    }

    fn perhaps_end_way_back(&mut self) {
        let expected = &self.tenant.expected;
        if !expected.is_empty() && self.progress.is_on_way_back() && self.log.is_complete(expected)
        {
            self.progress.end_way_back();
        }
    }

    /// One cheap request, only for its date: which window may be asked for depends on the server's
    /// clock, and a refusal of this one has a date too.
    async fn ask_for_the_time(&mut self) -> Result<(), Trouble> {
        let start = self.clock.now() - PROBE_AGE;
        let slice = Slice { start, end: start + TimeDelta::seconds(1), limit: 1, offset: 0 };
        let answer = self.ask(slice).await?;
        match cxengage::open(&answer) {
            Err(trouble) if !matches!(trouble.class, Class::Rejected | Class::Garbled) => {
                Err(trouble)
            }
            _ => Ok(()),
        }
    }

    async fn ask(&mut self, slice: Slice) -> Result<Answer, Trouble> {
        let Some((client, password)) = &self.access else {
            return Err(Trouble::new(Class::Transient, "no connection has been prepared yet"));
        };
        let request = self.tenant.account.page(client, password, slice);
        let answer = client.exchange(request).await?;
        if let Some(date) = answer.date {
            self.offset.observe(answer.sent, answer.received, date);
        }
        Ok(answer)
    }

    /// All records of `window`, page by page. How many were received says where the next page
    /// begins; the window stays the same, since the total belongs to it.
    async fn harvest(&mut self, window: Window, pace: Duration) -> Result<Harvest, Trouble> {
        let mut harvest = Harvest { records: Vec::new(), skipped: 0, taken_at: self.clock.now() };
        let mut offset = 0;
        for _ in 0..MOST_PAGES {
            if offset > 0 {
                tokio::time::sleep(pace).await;
            }
            let slice = Slice { start: window.start, end: window.end, limit: PAGE, offset };
            let answer = self.ask(slice).await?;
            let page = cxengage::open(&answer)?;
            let list = page.results.unwrap_or_default();
            let received = list.0.len();
            let (rows, skipped) = self.complaints.decode::<Row<'_>>(&list);
            harvest.skipped += skipped;
            harvest.taken_at = answer.middle();
            for row in &rows {
                match row.record() {
                    Ok(record) if self.settings.exclude.contains(&record.agent) => {}
                    Ok(record) => harvest.records.push(record),
                    Err(lack) => {
                        harvest.skipped += 1;
                        self.complaints.make(format!("a record is left out: {lack}"));
                    }
                }
            }
            offset += received;
            let is_last = match page.total.count() {
                Some(total) => offset as u64 >= total,
                None => received < PAGE,
            };
            if received == 0 || is_last {
                return Ok(harvest);
            }
        }
        Err(Trouble::new(Class::Garbled, format!("a window of more than {MOST_PAGES} pages")))
    }

    fn reading(
        &self,
        harvest: &Harvest,
        view: View,
        observations: Vec<Observation>,
        histories: Vec<AgentHistory>,
    ) -> Reading {
        Reading {
            source: self.settings.name.clone(),
            taken_at: harvest.taken_at,
            // A server whose clock was set back just now would seem to tell of the future.
            as_of: (view.as_of - view.offset).min(harvest.taken_at),
            skipped: harvest.skipped,
            body: Body::Agents { observations, coverage: Coverage::Part, summary: None, histories },
        }
    }
}

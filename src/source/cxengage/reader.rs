//! Reads the log: forwards at every poll, backwards in between until nothing is missing.

use std::mem;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use super::log::{Changes, Log, View};
use super::record::Record;
use super::window::{Progress, Window};
use super::wire::Row;
use crate::clock::{Clock, Offset};
use crate::http::{Answer, Client};
use crate::model::{AgentHistory, Body, Coverage, Observation, Reading, Unread, WayBack};
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

/// Records of one window: more than any ten minutes have, whatever the size of a page.
const MOST_RECORDS: usize = 200_000;

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
    /// When the last answer came that could be read.
    answered_at: DateTime<Utc>,
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
        self.answered_at = harvest.taken_at;
        let changes = self.log.take(mem::take(&mut harvest.records), &self.reasons);
        self.progress.went_forward(window);
        let newest = (window.end, self.ahead());
        let histories = self.log.tell(&changes, newest.0, newest.1, self.progress.missed());
        self.newest = Some(newest);
        if let Some(horizon) = self.progress.horizon() {
            self.log.trim(horizon, window.end);
        }
        self.perhaps_end_way_back();
        let view = self.view(newest);
        Ok(self.reading(&harvest, view, self.log.all(view), histories))
    }

    async fn read_back(&mut self) -> Result<Option<Reading>, Trouble> {
        let window = self.progress.backward(self.server_now());
        let (Some(window), Some(newest)) = (window, self.newest) else {
            return Ok(None);
        };
        let mut harvest = match self.harvest(window, PACE).await {
            Ok(harvest) => harvest,
            // The newest data come all the same; these are asked for again later.
            Err(trouble) => return self.miss(window, newest, trouble),
        };
        self.answered_at = harvest.taken_at;
        let was_unread = self.progress.unread_from();
        self.progress.went_backward(window);
        let changes = self.log.take(mem::take(&mut harvest.records), &self.reasons);
        let missed = self.progress.missed();
        let histories = self.log.tell(&changes, newest.0, self.ahead(), missed);
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
        let now = self.server_now();
        if self.progress.backward(now).is_none() {
            let wait = (self.progress.again_at()? - now).to_std().unwrap_or_default();
            return Some(wait + PACE);
        }
        Some(if self.progress.is_at_leisure(now) { AT_LEISURE } else { PACE })
    }

    fn unread(&self) -> Vec<Unread> {
        let ours = |at| at - self.ahead();
        let unread = |(window, why): (Window, &str)| Unread {
            from: ours(window.start),
            until: ours(window.end),
            why: why.to_owned(),
        };
        self.progress.unread().map(unread).collect()
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
            answered_at: DateTime::<Utc>::MIN_UTC,
        }
    }

    /// What the server's clock shows now, if nobody has ever set it. Windows and records go by that.
    fn server_now(&self) -> DateTime<Utc> {
        self.clock.now() + self.ahead()
    }

    /// That clock minus ours.
    fn ahead(&self) -> TimeDelta {
        self.offset.steady().unwrap_or_default()
    }

    /// Notes that `window` could not be read. What was known until then of what lies behind it is told
    /// to be in doubt. A wish to be left alone concerns the main reading too. A refusal may be of old
    /// records only, and then nobody else would tell of it; where it is of us, the main reading finds
    /// that out by itself.
    fn miss(
        &mut self,
        window: Window,
        newest: (DateTime<Utc>, TimeDelta),
        trouble: Trouble,
    ) -> Result<Option<Reading>, Trouble> {
        if trouble.retry_after.is_some() {
            return Err(trouble);
        }
        self.complaints.make(format!("a part of the past is asked for again later: {trouble}"));
        self.progress.failed(window, self.server_now(), &trouble.text);
        let missed = self.progress.missed();
        let histories = self.log.tell(&Changes::default(), newest.0, self.ahead(), missed);
        let view = self.view(newest);
        // It is no answer: the source is heard of as little as before.
        let nothing = Harvest { records: Vec::new(), skipped: 0, taken_at: self.answered_at };
        Ok(Some(self.reading(&nothing, view, self.log.all(view), histories)))
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
        if let Some(date) = answer.clock() {
            self.offset.observe(answer.sent, answer.received, date);
        }
        Ok(answer)
    }

    /// All records of `window`, page by page. How many were received says where the next page
    /// begins; the window stays the same, since the total belongs to it.
    async fn harvest(&mut self, window: Window, pace: Duration) -> Result<Harvest, Trouble> {
        let mut harvest = Harvest { records: Vec::new(), skipped: 0, taken_at: self.clock.now() };
        let (mut offset, mut asked_anew) = (0, false);
        for _ in 0..MOST_PAGES {
            if offset > 0 {
                tokio::time::sleep(pace).await;
            }
            let stepped = self.offset.stepped();
            let (start, end) = (window.start + stepped, window.end + stepped);
            let answer = self.ask(Slice { start, end, limit: PAGE, offset }).await?;
            if self.offset.stepped() != stepped && !asked_anew {
                // The server's clock was set: whatever it answered, it was asked for something else.
                asked_anew = true;
                offset = 0;
                harvest = Harvest { records: Vec::new(), skipped: 0, ..harvest };
                continue;
            }
            let page = cxengage::open(&answer)?;
            let list = page.results.unwrap_or_default();
            let received = list.0.len();
            harvest.taken_at = answer.middle();
            for item in &list.0 {
                let Some(row) = self.complaints.record::<Row<'_>>(item) else {
                    harvest.skipped += 1;
                    continue;
                };
                match row.record() {
                    Ok(record) if self.settings.exclude.contains(&record.agent) => {}
                    Ok(record) => harvest.records.push(record.read_after(self.offset.stepped())),
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
            if harvest.records.len() > MOST_RECORDS {
                let text = format!("a window of more than {MOST_RECORDS} records");
                return Err(Trouble::new(Class::Garbled, text));
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

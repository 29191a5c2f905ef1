//! Reads the log: one page at each poll, and the rest of what is open in between.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::agenda::{Agenda, Days, Turn};
use super::log::{Log, Taking};
use super::meaning::Meanings;
use super::scope::{Address, Known, Reach, Scope, addresses};
use super::wire::Row;
use crate::model::{Body, Reading, Side, WayBack};
use crate::source::convoso::desk::Desk;
use crate::source::poller::Feed;
use crate::source::reason::Reasons;
use crate::source::records::{Complaints, usable};
use crate::vendor::convoso::{LogPage, LogSlice, open_log};
use crate::vendor::{Class, Trouble};

/// Addresses in one query to begin with: a few hundred would still fit into a request.
const PEOPLE: usize = 50;

/// Estimates of the server's clock differ by their own vagueness; beyond this it was set.
const VAGUE: TimeDelta = TimeDelta::seconds(1);

/// Reads one account's agent-productivity.
pub(in crate::source) struct History {
    desk: Arc<Desk>,
    /// Between two pages.
    spacing: Duration,
    agenda: Agenda,
    log: Log,
    addresses: Vec<Address>,
    complaints: Complaints,
    /// Server minus ours, as rows are taken in with it.
    offset: Option<TimeDelta>,
}

impl Feed for History {
    const SIDE: Option<Side> = Some(Side::History);

    fn prepare(&mut self) -> Result<(), Trouble> {
        self.desk.open()
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        self.plan();
        let turn = self.agenda.next();
        self.step(turn).await
    }

    async fn read_back(&mut self) -> Result<Option<Reading>, Trouble> {
        match self.agenda.next() {
            None => Ok(None),
            turn => self.step(turn).await.map(Some),
        }
    }

    fn backlog(&self) -> Option<Duration> {
        self.agenda.next().map(|_| self.spacing)
    }

    fn way_back(&self) -> Option<WayBack> {
        self.agenda.way_back()
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.desk.offset()
    }
}

impl History {
    /// A reader that leaves `spacing` between two pages.
    pub(in crate::source) fn new(desk: Arc<Desk>, spacing: Duration) -> Self {
        let reach =
            Reach { page: LogSlice::MOST, ceiling: LogSlice::HIGHEST_OFFSET, people: PEOPLE };
        Self::reaching(desk, spacing, reach)
    }

    /// A reader for a vendor whose queries reach as far as `reach`.
    pub(super) fn reaching(desk: Arc<Desk>, spacing: Duration, reach: Reach) -> Self {
        let reasons = Reasons::new(&desk.settings.reason_map);
        let campaign = desk.convoso.filter.campaign_id.as_deref().map(Arc::from);
        let scope = Scope { campaign, people: Vec::new() };
        let pace = TimeDelta::from_std(spacing).unwrap_or(TimeDelta::MAX);
        Self {
            agenda: Agenda::new(scope, reach, pace),
            log: Log::new(desk.convoso.timezone, Meanings::new(reasons)),
            addresses: addresses(&desk.convoso.emails),
            complaints: Complaints::new(desk.settings.name.clone()),
            offset: None,
            desk,
            spacing,
        }
    }

    fn plan(&mut self) {
        let now = self.desk.now();
        let server_now = now + self.desk.offset().unwrap_or_default();
        let zone = self.desk.convoso.timezone;
        match self.agenda.plan(now, server_now, zone) {
            Days::Same => {}
            Days::Over(first) => self.log.keep_from(first),
            Days::New(first) => self.log.start_at(first),
        }
    }

    /// Asks for one page.
    async fn step(&mut self, turn: Option<Turn>) -> Result<Reading, Trouble> {
        let Some((turn, slice)) = turn.and_then(|turn| Some((turn, self.agenda.slice(turn)?)))
        else {
            return Err(Trouble::new(Class::Transient, "nothing of the log is to be asked for"));
        };
        let answer = self.desk.log(&slice).await?;
        self.note_offset();
        let at = answer.middle();
        match open_log(&answer) {
            Ok(page) => self.take(turn, &page, at)?,
            Err(refusal) => {
                let in_own_words = answer.status.is_success() || refusal.code.is_some();
                let known = known(&self.log, &self.addresses, &self.desk, self.offset);
                self.agenda.refused(turn, (refusal, in_own_words), at, &known)?;
            }
        }
        Ok(self.reading(at))
    }

    /// Takes in a page.
    fn take(&mut self, turn: Turn, page: &LogPage<'_>, at: DateTime<Utc>) -> Result<(), Trouble> {
        let mut skipped = 0;
        let mut sighting = self.agenda.sighting(turn, self.desk.convoso.timezone);
        for item in &page.entries.0 {
            let Some(row) = self.complaints.record::<Row<'_>>(item) else {
                skipped += 1;
                continue;
            };
            if self.is_left_out(&row) {
                continue;
            }
            let offset = self.offset.unwrap_or_default();
            let (mark, after) = (sighting.mark, sighting.last());
            let taking = Taking { mark, offset, stepped: self.desk.stepped(), after };
            match self.log.take(&row, taking) {
                Ok(taken) => sighting.see(taken),
                Err(lack) => {
                    skipped += 1;
                    self.complaints.make(format!("a record is left out: {lack}"));
                }
            }
        }
        // A single bad row may be all that is new.
        if !sighting.follows {
            usable(page.entries.0.len(), skipped)?;
        }
        let page = sighting.facts(skipped, page, at);
        let known = known(&self.log, &self.addresses, &self.desk, self.offset);
        self.agenda.answered(turn, page, &known);
        Ok(())
    }

    /// Whether a row is of somebody whom the floor does not want to see.
    fn is_left_out(&self, row: &Row<'_>) -> bool {
        let only = self.desk.convoso.filter.user_id.as_deref();
        row.agent().is_some_and(|agent| {
            self.desk.settings.exclude.contains(&agent)
                || only.is_some_and(|only| only != agent.as_str())
        })
    }

    /// Takes over what is now known of the server's clock, unless it only wavers.
    fn note_offset(&mut self) {
        if let Some(estimate) = self.desk.offset()
            && self.offset.is_none_or(|offset| (estimate - offset).abs() > VAGUE)
        {
            self.offset = Some(estimate);
        }
    }

    /// What is to be told after an answer that was asked for around `at`.
    fn reading(&mut self, at: DateTime<Utc>) -> Reading {
        let mut histories = Vec::new();
        if let Some((first, read_up_to)) = self.agenda.told() {
            let until = read_up_to + TimeDelta::milliseconds(1);
            let news = self.log.news(first, until, self.offset.unwrap_or_default());
            histories = news.histories;
            if news.clocks_disagree {
                let zone = self.desk.convoso.timezone;
                self.complaints.make(format!(
                    "the clocks of the log disagree: event_epoch contradicts created_at, which is used, as a time of {zone}"
                ));
            }
        }
        Reading {
            source: self.desk.settings.name.clone(),
            taken_at: at,
            // A page read again says nothing of what has happened since the news were read.
            as_of: self.agenda.read_up_to().unwrap_or(at).min(at),
            // Of all that has been read, since the newest page alone may be a single row.
            skipped: self.agenda.skipped(),
            body: Body::History { histories, incomplete: self.agenda.incomplete() },
        }
    }
}

/// What is known of the floor, where a day has to be divided.
fn known<'a>(
    log: &'a Log,
    addresses: &'a [Address],
    desk: &Desk,
    offset: Option<TimeDelta>,
) -> Known<'a> {
    let campaigns = desk.rotation().campaigns().map(Arc::from).collect();
    Known { log, addresses, campaigns, offset: offset.unwrap_or_default() }
}

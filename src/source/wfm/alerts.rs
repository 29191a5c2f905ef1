//! Reads the alerts: the active ones all the time, one or those of another status when asked to.

use std::sync::Arc;

use chrono::TimeDelta;
use reqwest::StatusCode;

use super::alert::translate;
use super::desk::Desk;
use crate::http::Answer;
use crate::model::{AlertId, AlertStatus, Body, Reading, Side};
use crate::source::poller::Feed;
use crate::source::records::usable;
use crate::vendor::wfm::{self, AlertRow};
use crate::vendor::{Class, Scalar, Trouble};

/// Alerts asked for at once.
const LIMIT: usize = 500;

/// Alerts sent by an installation that does not heed the limit.
const USUAL: usize = 50;

/// Reads the active alerts of one WFM.
pub(in crate::source) struct AlertList {
    desk: Arc<Desk>,
}

impl Feed for AlertList {
    const SIDE: Option<Side> = Some(Side::Alerts);

    fn prepare(&mut self) -> Result<(), Trouble> {
        self.desk.open()
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        list(&self.desk, &AlertStatus::Active).await
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.desk.offset()
    }
}

impl AlertList {
    pub(in crate::source) fn new(desk: Arc<Desk>) -> Self {
        Self { desk }
    }
}

/// The alerts with `status`, the newest first.
pub(super) async fn list(desk: &Desk, status: &AlertStatus) -> Result<Reading, Trouble> {
    let word = status.word();
    let ask = desk.ask(|account, client, session| account.alerts(client, session, word, LIMIT));
    let answer = ask.await?;
    let found = wfm::alerts(wfm::open(&answer)?)?;
    let received = found.list.0.len();
    let mut skipped = 0;
    let (at, offset) = (answer.middle(), desk.offset().unwrap_or_default());
    let mut alerts = Vec::new();
    for item in &found.list.0 {
        let Some(row) = desk.record::<AlertRow<'_>>(item) else {
            skipped += 1;
            continue;
        };
        match translate(&row, Some(status), at, offset) {
            Some(alert) if desk.settings.exclude.contains(&alert.agent) => {}
            Some(alert) => alerts.push(alert),
            None => {
                skipped += 1;
                desk.complain("an alert is left out: it has no usable id");
            }
        }
    }
    usable(received, skipped)?;
    alerts.sort_by(|a, b| (b.created_at, &a.id).cmp(&(a.created_at, &b.id)));
    let is_less_than = |total| total > received as u64;
    let cut = received >= LIMIT || found.total.map_or(received == USUAL, is_less_than);
    let body = Body::Alerts { status: status.clone(), alerts, cut };
    Ok(reading(desk, &answer, skipped, body))
}

/// The alert called `id`.
pub(super) async fn one(desk: &Desk, id: &AlertId) -> Result<Reading, Trouble> {
    if !wfm::is_alert_id(id.as_str()) {
        return Err(Trouble::new(Class::Rejected, "no request can name this alert"));
    }
    let ask = desk.ask(|account, client, session| account.alert(client, session, id.as_str()));
    let answer = ask.await?;
    let text = wfm::open(&answer).map_err(|trouble| match answer.status {
        StatusCode::NOT_FOUND => {
            let text = "the WFM no longer knows this alert (HTTP 404 from the server)";
            Trouble { text: text.to_owned(), ..trouble }
        }
        _ => trouble,
    })?;
    let mut row = wfm::alert(text)?;
    match row.id.id() {
        None => row.id = Scalar::Text(id.as_str().into()),
        Some(other) if other == id.as_str() => {}
        Some(_) => return Err(Trouble::new(Class::Garbled, "the answer is about another alert")),
    }
    let offset = desk.offset().unwrap_or_default();
    let alert = translate(&row, None, answer.middle(), offset);
    let alert = alert.ok_or_else(|| Trouble::new(Class::Garbled, "the alert has no usable id"))?;
    Ok(reading(desk, &answer, 0, Body::Alert(Box::new(alert))))
}

fn reading(desk: &Desk, answer: &Answer, skipped: u32, body: Body) -> Reading {
    let taken_at = answer.middle();
    Reading { source: desk.settings.name.clone(), taken_at, as_of: taken_at, skipped, body }
}

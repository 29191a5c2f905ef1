//! Reads the states, and keeps the session alive that it reads them with.

use std::time::Duration;

use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use super::states;
use super::wire::{Document, Row, Summary};
use crate::clock::{Clock, Offset};
use crate::http::{Answer, Client};
use crate::model::{Body, Coverage, Reading};
use crate::source::poller::Feed;
use crate::source::reason::Reasons;
use crate::source::records::{Complaints, usable};
use crate::source::settings::{Settings, WfmSettings};
use crate::vendor::wfm::{self, Session};
use crate::vendor::{Class, Trouble, decode};

/// Reads one WFM.
pub(in crate::source) struct Reader {
    settings: Settings,
    wfm: WfmSettings,
    limit: Duration,
    clock: Clock,
    access: Option<Access>,
    offset: Offset,
    reasons: Reasons,
    complaints: Complaints,
}

struct Access {
    client: Client,
    /// The cookie as it was read, to see whether it has been replaced.
    cookie: SecretString,
    session: Session,
    /// Whether the session has been refused: then also an unchanged cookie begins it anew.
    refused: bool,
}

impl Access {
    /// Keeps the present cookies out of whatever the server says.
    fn hide(&mut self) {
        self.client = self.client.clone().hiding(self.session.values());
    }
}

impl Feed for Reader {
    fn prepare(&mut self) -> Result<(), Trouble> {
        let denied = |text: String| Trouble::new(Class::Denied, text);
        let cookie = self.wfm.account.session_cookie.read().map_err(|e| denied(e.to_string()))?;
        let session = Session::new(&cookie);
        if session.is_empty() {
            let text = "the session cookie is not of the form `name=value` (hint: copy it whole)";
            return Err(denied(text.to_owned()));
        }
        if let Some(access) = &mut self.access {
            let is_new = access.cookie.expose_secret() != cookie.expose_secret();
            if is_new || access.refused {
                (access.cookie, access.session, access.refused) = (cookie, session, false);
                access.hide();
            }
            return Ok(());
        }
        let url = &self.wfm.account.url;
        let ca_file = self.settings.ca_file.as_deref();
        let client = Client::for_reading(url, ca_file, self.limit, self.clock.clone())?;
        let mut access = Access { client, cookie, session, refused: false };
        access.hide();
        self.access = Some(access);
        Ok(())
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        let Some(access) = &mut self.access else {
            return Err(Trouble::new(Class::Transient, "no connection has been prepared yet"));
        };
        let team = self.wfm.team_id.as_deref();
        let request = self.wfm.account.states(&access.client, &access.session, team);
        let answer = access.client.exchange(request).await?;
        if let Some(date) = answer.date {
            self.offset.observe(answer.sent, answer.received, date);
        }
        match wfm::open(&answer) {
            Ok(text) => {
                access.session.renew(&answer.cookies);
                access.hide();
                self.understand(text, &answer)
            }
            Err(trouble) => {
                access.refused |= trouble.class == Class::Denied;
                Err(trouble)
            }
        }
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.offset.estimate()
    }
}

impl Reader {
    pub(in crate::source) fn new(
        settings: Settings,
        wfm: WfmSettings,
        limit: Duration,
        clock: Clock,
    ) -> Self {
        Self {
            reasons: Reasons::new(&settings.reason_map),
            complaints: Complaints::new(settings.name.clone()),
            settings,
            wfm,
            limit,
            clock,
            access: None,
            offset: Offset::default(),
        }
    }

    /// Translates the JSON of an answer.
    pub(super) fn understand(&mut self, text: &str, answer: &Answer) -> Result<Reading, Trouble> {
        let document: Document<'_> = decode(text)?;
        let Some(list) = document.states else {
            return Err(Trouble::new(Class::Garbled, "the answer has no list of states"));
        };
        let (rows, mut skipped) = self.complaints.decode::<Row<'_>>(&list);
        let taken_at = answer.middle();
        let offset = self.offset.estimate().unwrap_or_default();
        let mut observations = Vec::with_capacity(rows.len());
        for row in &rows {
            match states::observe(row, taken_at, offset, &self.reasons) {
                Some(seen) if self.settings.exclude.contains(&seen.agent) => {}
                Some(seen) => observations.push(seen),
                None => {
                    skipped += 1;
                    self.complaints
                        .make("a record is left out: it has no usable employeeId".to_owned());
                }
            }
        }
        usable(list.0.len(), skipped)?;
        let summary: Option<Summary<'_>> =
            document.summary.and_then(|raw| serde_json::from_str(raw.get()).ok());
        Ok(Reading {
            source: self.settings.name.clone(),
            taken_at,
            as_of: taken_at,
            skipped,
            body: Body::Agents {
                observations,
                coverage: Coverage::Part,
                summary: summary.as_ref().and_then(states::summary),
            },
        })
    }
}

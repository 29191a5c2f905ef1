//! What the tasks of one WFM source share: the connection, the session, the estimate of its
//! clock, the complaints about its records.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::clock::{Clock, Offset};
use crate::http::{Answer, Client};
use crate::source::records::Complaints;
use crate::source::settings::{Settings, WfmSettings};
use crate::vendor::wfm::{Account, Session};
use crate::vendor::{Class, Trouble};

/// One WFM source, as all of its tasks know it.
pub(in crate::source) struct Desk {
    pub(super) settings: Settings,
    pub(super) wfm: WfmSettings,
    limit: Duration,
    clock: Clock,
    client: Mutex<Option<Client>>,
    offset: Mutex<Offset>,
    complaints: Mutex<Complaints>,
}

impl Desk {
    /// A desk that has not been opened yet; a request takes `limit` at most.
    pub(in crate::source) fn new(
        settings: Settings,
        wfm: WfmSettings,
        limit: Duration,
        clock: Clock,
    ) -> Arc<Self> {
        let (client, offset) = (Mutex::new(None), Mutex::new(Offset::default()));
        let complaints = Mutex::new(Complaints::new(settings.name.clone()));
        Arc::new(Self { settings, wfm, limit, clock, client, offset, complaints })
    }

    /// Reads the cookie anew and makes the connection where there is none.
    pub(super) fn open(&self) -> Result<(), Trouble> {
        let account = &self.wfm.account;
        account.session.open(&account.session_cookie)?;
        let mut client = lock(&self.client);
        if client.is_none() {
            let ca_file = self.settings.ca_file.as_deref();
            let made = Client::for_reading(&account.url, ca_file, self.limit, self.clock.clone())?;
            *client = Some(made);
        }
        Ok(())
    }

    /// One request. A cookie that the answer renews is the one that the next request sends; once one
    /// answer has shown that the session has expired, no other task asks before it is opened anew.
    pub(super) async fn ask(
        &self,
        request: impl FnOnce(&Account, &Client, &Session) -> RequestBuilder,
    ) -> Result<Answer, Trouble> {
        let account = &self.wfm.account;
        let session = account.session.usable()?;
        let client = {
            let mut client = lock(&self.client);
            let prepared = client.take();
            let unprepared =
                || Trouble::new(Class::Transient, "no connection has been prepared yet");
            // Kept, so that a cookie which has been renewed since stays hidden.
            client.insert(prepared.ok_or_else(unprepared)?.hiding(session.values())).clone()
        };
        let answer = client.exchange(request(account, &client, &session)).await?;
        if let Some(date) = answer.clock() {
            lock(&self.offset).observe(answer.sent, answer.received, date);
        }
        account.session.hear(&session, &answer);
        Ok(answer)
    }

    /// The record that `item` of a list is; none where it cannot be understood.
    pub(super) fn record<'a, T: Deserialize<'a>>(&self, item: &'a RawValue) -> Option<T> {
        lock(&self.complaints).record(item)
    }

    /// Logs `complaint` unless it was logged before.
    pub(super) fn complain(&self, complaint: &str) {
        lock(&self.complaints).make(complaint.to_owned());
    }

    /// Server minus ours, as if its clock had never been set, and by how much it was.
    pub(super) fn clock(&self) -> (TimeDelta, TimeDelta) {
        let offset = lock(&self.offset);
        (offset.steady().unwrap_or_default(), offset.stepped())
    }

    /// Server minus ours.
    pub(super) fn offset(&self) -> Option<TimeDelta> {
        lock(&self.offset).estimate()
    }
}

/// A task that died while holding the lock left nothing half done: every change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! What the two tasks of one Convoso source share: the account's connection and token, the
//! estimate of its clock, and which queues there are.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::RequestBuilder;
use secrecy::SecretString;
use tokio::sync::Notify;

use super::rotation::Rotation;
use crate::clock::{Clock, Offset};
use crate::http::{Answer, Client};
use crate::source::settings::{ConvosoSettings, Settings};
use crate::vendor::convoso::LogSlice;
use crate::vendor::{Class, Trouble};

/// One Convoso source, as both of its tasks know it.
pub(in crate::source) struct Desk {
    pub(super) settings: Settings,
    pub(super) convoso: ConvosoSettings,
    limit: Duration,
    clock: Clock,
    access: Mutex<Option<(Client, SecretString)>>,
    offset: Mutex<Offset>,
    rotation: Mutex<Rotation>,
    /// Woken when a queue is seen for the first time.
    pub(super) arrivals: Notify,
}

impl Desk {
    /// A desk that has not been opened yet; a request takes `limit` at most.
    pub(in crate::source) fn new(
        settings: Settings,
        convoso: ConvosoSettings,
        limit: Duration,
        clock: Clock,
    ) -> Arc<Self> {
        let rotation = Rotation::new(&convoso, settings.poll);
        Arc::new(Self {
            settings,
            convoso,
            limit,
            clock,
            access: Mutex::new(None),
            offset: Mutex::new(Offset::default()),
            rotation: Mutex::new(rotation),
            arrivals: Notify::new(),
        })
    }

    /// Reads the token anew and makes the connection where there is none.
    pub(super) fn open(&self) -> Result<(), Trouble> {
        let token = self
            .convoso
            .account
            .auth_token
            .read()
            .map_err(|e| Trouble::new(Class::NotSet, e.to_string()))?;
        let mut access = lock(&self.access);
        let client = match access.take() {
            Some((client, _)) => client,
            None => Client::for_reading(
                &self.convoso.account.url,
                self.settings.ca_file.as_deref(),
                self.limit,
                self.clock.clone(),
            )?,
        };
        *access = Some((client.hiding([token.clone()]), token));
        Ok(())
    }

    /// One search of the agent monitor.
    pub(super) async fn search(&self, filters: &[(&str, &str)]) -> Result<Answer, Trouble> {
        let (client, token) = self.access()?;
        let request = self.convoso.account.search(&client, &token, filters);
        self.exchange(&client, request).await
    }

    /// One page of the agents' log.
    pub(super) async fn log(&self, slice: &LogSlice) -> Result<Answer, Trouble> {
        let (client, token) = self.access()?;
        let request = self.convoso.account.log(&client, &token, slice);
        self.exchange(&client, request).await
    }

    fn access(&self) -> Result<(Client, SecretString), Trouble> {
        let unprepared = || Trouble::new(Class::Transient, "no connection has been prepared yet");
        lock(&self.access).clone().ok_or_else(unprepared)
    }

    async fn exchange(&self, client: &Client, request: RequestBuilder) -> Result<Answer, Trouble> {
        let answer = client.exchange(request).await?;
        if let Some(date) = answer.clock() {
            lock(&self.offset).observe(answer.sent, answer.received, date);
        }
        Ok(answer)
    }

    /// What time it is here.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Server minus ours.
    pub(in crate::source) fn offset(&self) -> Option<TimeDelta> {
        lock(&self.offset).estimate()
    }

    /// By how much the server's clock was set while it was read.
    pub(super) fn stepped(&self) -> TimeDelta {
        lock(&self.offset).stepped()
    }

    /// Which queues there are, and whose turn it is.
    pub(super) fn rotation(&self) -> MutexGuard<'_, Rotation> {
        lock(&self.rotation)
    }
}

/// A task that died while holding the lock left nothing half done: every change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

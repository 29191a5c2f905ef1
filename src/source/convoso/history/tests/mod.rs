//! The reader against a vendor that keeps a log and answers as the test says.

mod ceiling;
mod clocks;
mod days;
mod paging;
mod sample;
mod sessions;
mod vendor;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use self::vendor::{Asked, Vendor};
use super::History;
use super::scope::Reach;
use crate::clock::Clock;
use crate::model::{Activity, AgentHistory, AgentId, Body, Reading, Spell, Timeline};
use crate::source::convoso::Desk;
use crate::source::fixture;
use crate::source::poller::Feed;
use crate::source::settings::{ConvosoSettings, Settings};
use crate::vendor::Trouble;

/// How far a query reaches in these tests.
const FAR: Reach = Reach { page: 3, ceiling: 600, people: 4 };

/// Nine rows and no more.
const SHORT: Reach = Reach { ceiling: 6, ..FAR };

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A row of agent 1 in the documented shape; `at` is a time of the server's wall clock. Its epoch is
/// missing.
fn row(id: &str, at: &str, state: &str, code: &str) -> Value {
    json!({"id": id, "user_id": "1", "user_name": "Jane Smith", "state": state,
        "availability_code": code, "campaign_id": "111", "created_at": at})
}

/// `row` with other fields in it.
fn with(mut row: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else { panic!("not an object") };
    row.as_object_mut().unwrap().extend(fields);
    row
}

/// The reader, the vendor it reads from, and what it has told so far, as the floor keeps it.
struct Scene {
    vendor: Arc<Mutex<Vendor>>,
    history: History,
    told: HashMap<AgentId, Timeline>,
    readings: Vec<Reading>,
}

/// The reader of a floor whose server keeps `vendor`.
async fn scene(vendor: Vendor) -> Scene {
    scene_of(vendor, FAR, |_, _| {}).await
}

async fn scene_of(
    vendor: Vendor,
    reach: Reach,
    change: impl FnOnce(&mut Settings, &mut ConvosoSettings),
) -> Scene {
    let (vendor, server) = vendor.start().await;
    let mut convoso = fixture::dialer(server.url);
    let mut settings = fixture::of_dialer(convoso.clone());
    change(&mut settings, &mut convoso);
    let watch = Arc::clone(&vendor);
    let clock = Clock::telling(move || watch.lock().unwrap().now);
    let desk = Desk::new(settings, convoso, Duration::from_secs(10), clock);
    let mut history = History::reaching(desk, Duration::from_secs(6), reach);
    history.prepare().unwrap();
    Scene { vendor, history, told: HashMap::new(), readings: Vec::new() }
}

impl Scene {
    /// One poll.
    async fn read(&mut self) -> Result<(), Trouble> {
        let reading = self.history.read().await?;
        self.hear(reading);
        Ok(())
    }

    /// One poll, and everything that is open after it.
    async fn settle(&mut self) {
        self.read().await.unwrap();
        for _ in 0..200 {
            if self.history.backlog().is_none() {
                return;
            }
            let reading = self.history.read_back().await.unwrap();
            self.hear(reading.unwrap());
        }
        panic!("it asks for ever: {:?}", self.asked());
    }

    fn hear(&mut self, reading: Reading) {
        for history in histories(&reading) {
            let timeline = self.told.entry(history.agent.clone()).or_default();
            timeline.record(history.from, history.until, history.spells.clone());
        }
        self.readings.push(reading);
    }

    /// Later by `by`, here and at the vendor's.
    fn pass(&self, by: TimeDelta) {
        self.vendor.lock().unwrap().now += by;
    }

    fn add(&self, rows: impl IntoIterator<Item = Value>) {
        self.vendor.lock().unwrap().rows.extend(rows);
    }

    /// What has been asked for since this was called last.
    fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.vendor.lock().unwrap().asked)
    }

    /// The spells of `agent` in all the time.
    fn spells(&self, agent: &str) -> Vec<Spell> {
        let (from, to) = (utc("2020-01-01T00:00:00Z"), utc("2040-01-01T00:00:00Z"));
        let timeline = self.told.get(&AgentId::from(agent));
        timeline.map(|timeline| timeline.past(None).recorded(from, to)).unwrap_or_default()
    }

    /// When each spell of agent 1 began, and what it is.
    fn story(&self) -> Vec<(String, String)> {
        let spells = self.spells("1");
        let since = |spell: &Spell| spell.since.format("%dT%H:%M:%S").to_string();
        spells.iter().map(|spell| (since(spell), spell.raw.as_str().to_owned())).collect()
    }

    /// Why what is known is not all, by the last reading.
    fn incomplete(&self) -> Option<String> {
        match &self.readings.last()?.body {
            Body::History { incomplete, .. } => incomplete.clone(),
            other => panic!("not a history: {other:?}"),
        }
    }
}

fn histories(reading: &Reading) -> &[AgentHistory] {
    match &reading.body {
        Body::History { histories, .. } => histories,
        other => panic!("not a history: {other:?}"),
    }
}

/// A story as it is expected.
fn story(parts: &[(&str, &str)]) -> Vec<(String, String)> {
    parts.iter().map(|(since, raw)| ((*since).to_owned(), (*raw).to_owned())).collect()
}

/// How long `spells` are in all.
fn length<'a>(spells: impl IntoIterator<Item = &'a Spell>) -> TimeDelta {
    spells.into_iter().map(|spell| spell.until.unwrap() - spell.since).sum()
}

fn is_in(spell: &Spell) -> bool {
    spell.activity != Activity::Offline
}

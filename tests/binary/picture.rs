//! A picture of the floor as JSON, and the way around in it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use floorwatch::simulator::{Running, Truth};
use serde_json::Value;

use super::centre::{Centre, PATIENCE, err, out};

/// What the program prints of the floor, with everybody's past; its exit status and complaints.
pub struct Picture {
    pub json: Value,
    pub status: Option<i32>,
    pub complaints: String,
    /// When the program was started.
    pub started: DateTime<Utc>,
}

impl Picture {
    pub fn take(centre: &Centre) -> Self {
        let started = Utc::now();
        let args = ["snapshot", "--format", "json", "--timeline", "--wait", PATIENCE];
        let output = centre.run(&args);
        let json = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{output:?}"));
        Self { json, status: output.status.code(), complaints: err(&output), started }
    }

    pub fn source(&self, name: &str) -> &Value {
        let sources = self.json["sources"].as_array().unwrap();
        sources.iter().find(|source| source["name"] == name).unwrap()
    }

    /// Everybody, by the roster's id, else source and id.
    pub fn agents(&self) -> BTreeMap<&str, &Value> {
        let agents = self.json["agents"].as_array().unwrap();
        agents.iter().map(|agent| (agent["person"].as_str().unwrap(), agent)).collect()
    }
}

pub fn presence<'a>(agent: &'a Value, source: &str) -> Option<&'a Value> {
    agent["presences"].as_array().unwrap().iter().find(|said| said["source"] == source)
}

pub fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap_or_else(|| panic!("no instant: {value}")).parse().unwrap()
}

/// The truth around `as_of`, which is written in whole seconds, cut off: so up to one later. An
/// answer is made a moment before or after the middle of its request, and a server's clock is known
/// to half a second.
pub fn around(running: &Running, as_of: DateTime<Utc>) -> [Truth; 6] {
    [-600, -200, 200, 600, 1_100, 1_600]
        .map(|ms| running.truth_at(as_of + chrono::TimeDelta::milliseconds(ms)))
}

//! Records of agent `a`, from their JSON.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::http::scripted::three;
use crate::source::cxengage::record::Record;
use crate::source::cxengage::wire::Row;

pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    three() + TimeDelta::seconds(seconds)
}

pub(super) fn record(json: &str) -> Result<Record, &'static str> {
    serde_json::from_str::<Row<'_>>(json).unwrap().record()
}

/// A record of agent `a` that starts `start` seconds after [`three`], with further attributes.
pub(super) fn event(id: &str, start: i64, attributes: &Value) -> Record {
    let mut row = json!({
        "eventId": id, "agentId": "a", "sessionId": "s1", "start": at(start).to_rfc3339(),
    });
    for (key, value) in attributes.as_object().unwrap() {
        row[key] = match (key.as_str(), value) {
            ("end" | "loginTimestamp", Value::Number(n)) => {
                at(n.as_i64().unwrap()).to_rfc3339().into()
            }
            _ => value.clone(),
        };
    }
    record(&row.to_string()).unwrap()
}

pub(super) fn ready(id: &str, start: i64) -> Record {
    event(
        id,
        start,
        &json!({"eventType": "agent-ready", "presence": "ready", "state": "idle",
        "reasonName": null, "allocation": "not-allocated"}),
    )
}

pub(super) fn lunch(id: &str, start: i64) -> Record {
    event(
        id,
        start,
        &json!({"eventType": "agent-not-ready", "presence": "not-ready",
        "state": "away", "reasonName": "Lunch", "allocation": "not-allocated"}),
    )
}

pub(super) fn capacity(id: &str, start: i64, voice: u32) -> Record {
    event(
        id,
        start,
        &json!({"eventType": "agent-capacity", "capacity": [
        {"channels": {"voice": voice, "sms": 0}}]}),
    )
}

//! Agent state records, as JSON.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::window::Window;
use crate::simulator::fault::Fault;
use crate::simulator::server_time::ServerTime;
use crate::simulator::world::World;
use crate::simulator::world::person::{CxSeat, Person};
use crate::simulator::world::session::{Kind, Record};
use crate::simulator::world::state::Reason;

/// A record that is in the window.
pub struct Found<'a> {
    /// Whose.
    pub person: &'a Person,
    seat: &'a CxSeat,
    record: Record,
    before: Option<Record>,
    after: Option<Record>,
}

/// The records that began or ended in the window, oldest first.
pub fn matching<'a>(world: &'a World, window: &Window) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for person in &world.people {
        let Some(seat) = &person.cx else { continue };
        let records = seat.sessions.records();
        // Records follow each other, so only the one before the window can end inside it.
        let first = records.partition_point(|r| r.start < window.start).saturating_sub(1);
        for place in first..records.len() {
            let record = records[place];
            if record.start >= window.end {
                break;
            }
            if window.holds(record.start) || record.end.is_some_and(|end| window.holds(end)) {
                found.push(Found {
                    person,
                    seat,
                    record,
                    before: place.checked_sub(1).map(|before| records[before]),
                    after: records.get(place + 1).copied(),
                });
            }
        }
    }
    found.sort_by_key(|f| (f.record.start, f.person.index));
    found
}

impl Found<'_> {
    /// The record as far as it is known at `known_until`.
    pub fn json(&self, known_until: DateTime<Utc>, time: ServerTime, fault: &Fault) -> Value {
        let Self { person, seat, record, .. } = self;
        let id = |start, node| version_1(time.stamp(start), person.index, node).to_string();
        let (allocation, load, busy) = self.work();
        let channel = |name: &str| u8::from(busy && name == self.channel());
        let reason = reason(record.kind);
        let mut json = json!({
            "eventId": id(record.start, EVENT),
            "eventType": self.event_type(),
            "sessionId": id(record.login, SESSION),
            "loginTimestamp": time.iso(record.login),
            "agentId": seat.agent_id.to_string(),
            "agentName": fault.name(person.index, &person.name),
            "tenantAgentId": seat.tenant_agent_id,
            "platformAgentId": seat.platform_agent_id,
            "presence": if is_ready(record.kind) { "ready" } else { "not-ready" },
            "state": if is_ready(record.kind) { "idle" } else { "away" },
            "allocation": allocation,
            "direction": "inbound",
            "capacity": [{
                "channels": {
                    "email": 0,
                    "voice": channel("voice"),
                    "workItem": 0,
                    "messaging": 0,
                    "sms": channel("sms"),
                },
                "allocation": allocation,
                "load": load,
                "capacity": if seat.digital { 2 } else { 1 },
            }],
            "transfers": [],
            "start": time.iso(record.start),
            "reasonName": reason,
            "reasonId": reason.map(|name| named("reason", name)),
            "reasonListName": reason.map(|_| "Away Reasons"),
            "reasonListId": reason.map(|_| named("list", "Away Reasons")),
        });
        if let (Value::Object(fields), Some(end)) =
            (&mut json, record.end.filter(|end| *end <= known_until))
        {
            self.close(fields, end, time, &id);
        }
        json
    }

    /// Only a closed record has an end, a duration, and a successor if the session went on.
    fn close(
        &self,
        fields: &mut Map<String, Value>,
        end: DateTime<Utc>,
        time: ServerTime,
        id: &dyn Fn(DateTime<Utc>, u16) -> String,
    ) {
        let milliseconds = (end - self.record.start).num_milliseconds();
        let seconds = format!("{}.{:03}", milliseconds / 1_000, milliseconds % 1_000);
        fields.insert("end".into(), json!(time.iso(end)));
        fields.insert("durationSeconds".into(), serde_json::from_str(&seconds).unwrap_or_default());
        if let Some(next) = self.after.filter(|_| self.record.left.is_none()) {
            fields.insert("nextEventId".into(), json!(id(next.start, EVENT)));
        }
    }

    fn event_type(&self) -> &'static str {
        let after_contact = self.before.is_some_and(|b| {
            b.left.is_none() && matches!(b.kind, Kind::Contact | Kind::LeavingContact(_))
        });
        match self.record.kind {
            Kind::SessionStart => "agent-session-start",
            Kind::Contact => "agent-capacity",
            Kind::LeavingContact(_) => "agent-not-ready",
            Kind::Ready | Kind::NotReady(_) if after_contact => "agent-capacity",
            Kind::Ready => "agent-ready",
            Kind::NotReady(_) => "agent-not-ready",
        }
    }

    /// Allocation, load, and whether there is a contact. A text agent takes two at once, so one of
    /// them is half a load.
    fn work(&self) -> (&'static str, Value, bool) {
        match self.record.kind {
            Kind::Contact | Kind::LeavingContact(_) if self.seat.digital => {
                ("allocated", json!(0.5), true)
            }
            Kind::Contact | Kind::LeavingContact(_) => ("fully-allocated", json!(1), true),
            _ => ("not-allocated", json!(0), false),
        }
    }

    fn channel(&self) -> &'static str {
        if self.seat.digital { "sms" } else { "voice" }
    }
}

fn is_ready(kind: Kind) -> bool {
    matches!(kind, Kind::Ready | Kind::Contact)
}

/// Reasons are the tenant's own words.
fn reason(kind: Kind) -> Option<&'static str> {
    let (Kind::LeavingContact(reason) | Kind::NotReady(reason)) = kind else { return None };
    match reason {
        Reason::Break => Some("Break"),
        Reason::Lunch => Some("Lunch"),
        Reason::Meeting => Some("Meeting"),
        Reason::Training => Some("Training"),
        Reason::Personal => Some("Personal"),
        Reason::Unspecified => None,
    }
}

const EVENT: u16 = 0;
const SESSION: u16 = 1;

/// A version 1 UUID holds its time; the person's number stands for the machine.
fn version_1(at: DateTime<Utc>, index: usize, node: u16) -> Uuid {
    /// Ticks of 100 ns from the Gregorian calendar's start to 1970.
    const GREGORIAN: i64 = 0x01b2_1dd2_1381_4000;
    let ticks = at.timestamp_millis() * 10_000 + GREGORIAN;
    let low = ticks.to_be_bytes();
    let time_low = u32::from_be_bytes([low[4], low[5], low[6], low[7]]);
    let time_mid = u16::from_be_bytes([low[2], low[3]]);
    let time_high = u16::from_be_bytes([low[0], low[1]]) & 0x0fff | 0x1000;
    let [_, _, n0, n1, n2, n3, n4, n5] = (index as u64).to_be_bytes();
    let [clock_high, clock_low] = (0x8000 | node).to_be_bytes();
    let last = [clock_high, clock_low, n0 | 1, n1, n2, n3, n4, n5];
    Uuid::from_fields(time_low, time_mid, time_high, &last)
}

/// The same UUID for the same name.
fn named(kind: &str, name: &str) -> String {
    let sum = |salt: u64| {
        kind.bytes()
            .chain(name.bytes())
            .fold(salt, |sum, b| crate::simulator::world::chance::mix(sum, u64::from(b)))
    };
    let bits = u128::from(sum(1)) << 64 | u128::from(sum(2));
    uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_id_holds_the_time_of_its_event() {
        let at = DateTime::from_timestamp_millis(1_507_312_313_299).unwrap();
        let id = version_1(at, 7, EVENT);
        assert_eq!(id.get_version_num(), 1);
        let (seconds, nanoseconds) = id.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds, nanoseconds / 1_000_000), (1_507_312_313, 299));
        assert_ne!(id, version_1(at, 8, EVENT));
        assert_ne!(id, version_1(at, 7, SESSION));
    }
}

//! One page of the log, in each dialect.

use chrono::{TimeDelta, Timelike};
use serde_json::{Value, json};

use super::query::Query;
use super::words;
use crate::simulator::dialect::Dialect;
use crate::simulator::fault::Fault;
use crate::simulator::server_time::{ServerTime, VENDOR_ZONE};
use crate::simulator::world::log::Event;
use crate::simulator::world::person::DialerSeat;
use crate::simulator::world::{World, chance};

/// The document's own sample has instants of two years before its dates.
const WRONG_BY: TimeDelta = TimeDelta::days(728);

/// An entry, and what is said with it.
struct Entry<'a> {
    number: usize,
    event: &'a Event,
    world: &'a World,
    seat: &'a DialerSeat,
    name: String,
    time: ServerTime,
}

/// The page that `query` asks for; `turn` is the request's number.
pub fn answer(
    world: &World,
    query: &Query,
    time: ServerTime,
    dialect: Dialect,
    turn: u64,
    fault: &Fault,
) -> Value {
    let events = world.log.events();
    let first = query.from.map_or(0, |from| events.partition_point(|e| e.at < from));
    let last = query.until.map_or(events.len(), |until| events.partition_point(|e| e.at < until));
    // A server whose clock is ahead may be asked for a day that has not begun.
    let range = first.min(last)..last;
    let found = || {
        let wanted =
            |number: &usize| query.holds(&events[*number]) && !fault.hides(events[*number].person);
        range.clone().filter(wanted)
    };
    let entries: Vec<Entry> = found()
        .skip(query.offset)
        .take(query.limit)
        .filter_map(|number| Entry::new(number, world, time, fault))
        .collect();
    let rows = |row: &dyn Fn(&Entry) -> Value| entries.iter().map(row).collect::<Vec<_>>();
    let nested = |rows: Vec<Value>| {
        json!({"success": true, "data": {
            "offset": query.offset,
            "limit": query.limit.to_string(),
            "total": found().count().to_string(),
            "entries": rows,
        }})
    };
    match dialect {
        Dialect::Documented if entries.is_empty() => json!({"success": true, "entries": []}),
        Dialect::Documented => json!({"entries": rows(&|entry| entry.documented())}),
        Dialect::Service => nested(rows(&|entry| entry.service())),
        Dialect::Mixed if turn.is_multiple_of(3) => {
            json!({"success": "true", "entries": rows(&|entry| entry.mixed(turn))})
        }
        Dialect::Mixed => nested(rows(&|entry| entry.mixed(turn))),
    }
}

impl<'a> Entry<'a> {
    fn new(number: usize, world: &'a World, time: ServerTime, fault: &Fault) -> Option<Self> {
        let event = &world.log.events()[number];
        let person = &world.people[event.person];
        let name = fault.name(person.index, &person.name);
        Some(Self { number, event, world, seat: person.dialer.as_ref()?, name, time })
    }

    fn documented(&self) -> Value {
        let campaign = &self.world.campaigns[self.event.campaign];
        json!({
            "id": format!("event_{:03}", self.number + 1),
            "user_id": self.seat.user_id,
            "state": words::state(self.event.mark),
            "availability_code": words::code(self.event.mark),
            "campaign_id": campaign.id,
            "event_epoch": self.epoch(),
            "event_sec": self.second_of_day(),
            "created_at": self.time.naive(self.event.at),
            "browser": self.browser(),
            "ip_address": self.address(),
            "user_name": self.name,
            "campaign_name": campaign.name,
            "campaign_type": campaign_type(campaign.kind),
        })
    }

    fn service(&self) -> Value {
        let (code, code_name) = words::numbered(self.event.mark);
        let mut row = self.documented();
        row["id"] = json!((900_001 + self.number).to_string());
        row["state"] = json!(words::state(self.event.mark).to_uppercase());
        row["availability_code"] = json!(code);
        row["availability_name"] = json!(code_name);
        row["availability_code_name"] = json!("");
        row["event_epoch"] = json!(self.epoch().to_string());
        row["event_sec"] = json!(hms(self.event.ended));
        row["user_uid"] = json!(format!("u-{}", self.seat.user_id));
        row["campaign_uid"] = json!(format!("c-{}", self.world.campaigns[self.event.campaign].id));
        row["browser"] = json!(format!(
            "{}.agents.example.com ---- {} ---- Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
             (KHTML, like Gecko) {}.0.0.0 Safari/537.36",
            self.seat.extension,
            self.address(),
            self.browser().replace(' ', "/"),
        ));
        row
    }

    /// Either row, with odd types and letters; one answer in three has instants that its dates
    /// contradict, and its dates are right.
    fn mixed(&self, turn: u64) -> Value {
        let salt = chance::mix(self.number as u64, turn);
        let mut row = if salt.is_multiple_of(2) { self.documented() } else { self.service() };
        // Whichever page an entry is on, its key is the same.
        row["id"] = json!(900_001 + self.number);
        let state = words::state(self.event.mark);
        row["state"] = json!(match salt >> 4 & 3 {
            0 => state.to_lowercase(),
            1 => state.replace("Not", "Not_").replace("LogOut", "LOG_OUT"),
            2 => format!(" {state} "),
            _ => state.to_owned(),
        });
        if salt >> 8 & 1 == 0 {
            row["user_id"] = json!(self.seat.user_id.parse::<u64>().unwrap_or_default());
        }
        if turn.is_multiple_of(3) {
            row["event_epoch"] = json!(self.epoch() - WRONG_BY.num_seconds());
        }
        if words::code(self.event.mark).is_empty() {
            row["availability_code"] =
                [Value::Null, json!(""), json!("0")][(salt % 3) as usize].clone();
        }
        row
    }

    fn epoch(&self) -> i64 {
        self.time.stamp(self.event.at).timestamp()
    }

    fn second_of_day(&self) -> u32 {
        let local = self.time.stamp(self.event.at).with_timezone(&VENDOR_ZONE);
        local.time().num_seconds_from_midnight()
    }

    fn browser(&self) -> &'static str {
        ["Chrome 120.0", "Firefox 121.0", "Edge 120.0"][self.event.person % 3]
    }

    /// Of the addresses that are kept for examples.
    fn address(&self) -> String {
        format!("203.0.113.{}", 1 + self.event.person % 254)
    }
}

fn campaign_type(kind: &str) -> String {
    let (first, rest) = kind.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

fn hms(length: TimeDelta) -> String {
    let seconds = length.num_seconds();
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

//! A nasty mixture of both shapes, another one each time. What a client needs is always there in
//! some form and always true; everything else may be missing, null or of another type.

use serde_json::{Map, Value, json};

use super::row::{Monitor, Row};
use super::{documented, service};
use crate::simulator::world::chance;

/// The answer to the search number `turn`.
pub fn answer(monitor: &Monitor, turn: u64) -> Value {
    let agents: Vec<(String, Value)> =
        monitor.rows.iter().map(|row| (row.seat.user_id.clone(), agent(row, turn))).collect();
    let list = |agents: Vec<(String, Value)>| agents.into_iter().map(|a| a.1).collect::<Vec<_>>();
    match turn % 3 {
        0 => {
            let mut root = documented::answer(monitor);
            counters(&mut root, monitor, turn);
            root["success"] = json!("true");
            root["agents"] = list(agents).into();
            root
        }
        shape => {
            let mut root = service::answer(monitor);
            let entries = &mut root["data"]["entries"];
            counters(entries, monitor, turn);
            // A server that keeps maps by id writes the empty one as a list.
            entries["agents"] = if shape == 1 || agents.is_empty() {
                list(agents).into()
            } else {
                agents.into_iter().collect::<Map<_, _>>().into()
            };
            root
        }
    }
}

fn counters(place: &mut Value, monitor: &Monitor, turn: u64) {
    let [total, in_call, ready, paused] = monitor.counts;
    let calls = monitor.calls;
    place["call_data"] = json!({
        "total_calls": number(calls.total(), turn),
        "answered": number(calls.answered, turn + 1),
        "dropped": number(calls.dropped, turn + 2),
        "comment": null,
    });
    let values = [
        ("queue_dialable_leads", monitor.leads),
        ("queue_calls_today", calls.total()),
        ("queue_dropped", calls.dropped),
        ("queue_answered", calls.answered),
        ("agent_total", total),
        ("agent_incall", in_call),
        ("agent_ready", ready),
        ("agent_paused", paused),
    ];
    for (salt, (name, value)) in (turn..).zip(values) {
        place[name] = number(value, salt);
    }
}

fn agent(row: &Row, turn: u64) -> Value {
    let salt = chance::mix(row.person.index as u64, turn);
    let id = json!(row.seat.user_id);
    let mut agent = Map::new();
    let mut put = |name: &str, value: Value| agent.insert(name.to_owned(), value);
    put("user_id", if salt.is_multiple_of(2) { id } else { bare(&row.seat.user_id) });
    put("user_full_name", json!(row.name));
    put(
        "campaign_id",
        if salt.is_multiple_of(3) { bare(&row.campaign.id) } else { json!(row.campaign.id) },
    );
    put("campaign_name", json!(row.campaign.name));
    put("queue_id", if salt.is_multiple_of(5) { bare(&row.queue.id) } else { json!(row.queue.id) });
    put("queue_name", json!(row.queue.name));
    put("status", json!(row.status));
    put("calls_today", number(row.calls_today, salt >> 8));
    put("skill_options", json!(row.seat.skills.join(" , ")));
    match salt >> 16 & 3 {
        0 => {
            put("status_time_mmss", json!(row.mmss()));
        }
        1 => {
            put("status_time_sec", Value::Null);
            put("status_time_mmss", json!(hms(row.seconds())));
        }
        _ => {
            put("status_time_sec", number(row.seconds(), salt >> 20));
        }
    }
    let nothing = [Value::Null, json!(""), json!("0"), json!("-"), json!(0)];
    for (place, name) in (1..).zip(["lead_id", "call_log_id", "list_id", "extension", "call_type"])
    {
        let pick = salt >> (24 + 3 * place) & 7;
        if let Some(value) = usize::try_from(pick).ok().and_then(|pick| nothing.get(pick)) {
            put(name, value.clone());
        }
    }
    if let Some((lead, log)) = row.call() {
        put("lead_id", number(lead, salt));
        put("call_log_id", json!(log));
    }
    put("total_calls", json!("n/a"));
    put("queue_assignment", json!([]));
    agent.into()
}

/// The same number in one of the ways that have been seen.
fn number(value: u64, salt: u64) -> Value {
    match salt % 5 {
        0 => json!(value),
        1 => json!(value.to_string()),
        2 => serde_json::from_str(&format!("{value}.0")).unwrap_or_else(|_| json!(value)),
        3 => json!(grouped(value)),
        _ => json!(format!(" {value} ")),
    }
}

/// "1,234".
fn grouped(value: u64) -> String {
    match value {
        0..=999 => value.to_string(),
        _ => format!("{},{:03}", grouped(value / 1_000), value % 1_000),
    }
}

/// An id of digits as a JSON number.
fn bare(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| json!(id), Value::from)
}

/// HH:MM:SS from an hour on, MM:SS below.
fn hms(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours:02}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_five_ways() {
        let all: Vec<_> = (0..5).map(|salt| number(1_234_567, salt).to_string()).collect();
        let want = ["1234567", "\"1234567\"", "1234567.0", "\"1,234,567\"", "\" 1234567 \""];
        assert_eq!(all, want);
        assert_eq!(hms(59), "00:59");
        assert_eq!(hms(3_661), "01:01:01");
    }
}

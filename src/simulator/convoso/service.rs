//! The real service's shape: `entries` is an object with a success of its own, most numbers are
//! text, and "0", "-" and "" stand for nothing.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::row::{Monitor, Row};
use super::status;

/// A search's answer.
pub fn answer(monitor: &Monitor) -> Value {
    let [total, in_call, ready, paused] = monitor.counts.map(|n| n.to_string());
    let calls = monitor.calls;
    let choice = |id: &str, name: &str| json!({"value": id, "name": name});
    json!({
        "success": true,
        "data": {
            "entries": {
                "success": true,
                "code": 200,
                "campaigns": monitor.campaigns.iter().map(|c| choice(&c.id, &c.name)).collect::<Vec<_>>(),
                "queues": monitor.queues.iter().map(|q| choice(&q.id, &q.name)).collect::<Vec<_>>(),
                "agents": monitor.rows.iter().map(agent).collect::<Vec<_>>(),
                "call_data": {
                    "total_calls": calls.total().to_string(),
                    "answered": calls.answered.to_string(),
                    "dropped": calls.dropped.to_string(),
                },
                "queue_dialable_leads": monitor.leads.to_string(),
                "queue_calls_today": calls.total().to_string(),
                "queue_dropped": calls.dropped.to_string(),
                "queue_answered": calls.answered.to_string(),
                "agent_total": total,
                "agent_incall": in_call,
                "agent_ready": ready,
                "agent_paused": paused,
            },
        },
    })
}

fn agent(row: &Row) -> Value {
    let call = row.call();
    let now = row.time.now;
    let changed = row.time.naive(row.segment.start);
    json!({
        "user_id": row.seat.user_id,
        "user_full_name": row.name,
        "campaign_id": row.campaign.id,
        "campaign_name": row.campaign.name,
        "queue_id": row.queue.id,
        "queue_name": row.queue.name,
        "queue_assignment": row.queue.name,
        "queue_assignment_ids": [row.queue.id],
        "list_id": if call.is_some() { "333" } else { "0" },
        "list_name": if call.is_some() { "Spring list" } else { "-" },
        "extension": format!("SIP-{:05}", row.person.index),
        "channel_type": "VOICE",
        "call_type": if call.is_some() { row.campaign.kind } else { "-" },
        "lead_id": call.map_or_else(|| "0".to_owned(), |(lead, _)| lead.to_string()),
        "call_log_id": call.map_or_else(String::new, |(_, log)| log.to_string()),
        "calls_today": row.calls_today.to_string(),
        "total_calls": row.total_calls,
        "status": row.status,
        "status_label": status::label(row.status),
        "status_time_sec": row.seconds().to_string(),
        "status_time_mmss": row.mmss(),
        "connection_type": "SOFTPHONE",
        "skill_options": row.seat.skills.join(", "),
        "availability_id": if matches!(row.status, "PAUSED") { "2" } else { "1" },
        "inbound_only": "0",
        "since_last_update": "1",
        "last_state_change": changed,
        "last_update_time": row.time.naive(now - TimeDelta::seconds(1)),
        "last_call_time": "-",
        "last_call_finish": "",
        "last_inbound_call_time": "0000-00-00 00:00:00",
        "last_inbound_call_finish": "0000-00-00 00:00:00",
    })
}

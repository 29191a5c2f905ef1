//! The document's shape.

use serde_json::{Value, json};

use super::row::{Monitor, Row};
use super::status;

/// A search's answer.
pub fn answer(monitor: &Monitor) -> Value {
    let [total, in_call, ready, paused] = monitor.counts;
    let calls = monitor.calls;
    json!({
        "agents": monitor.rows.iter().map(agent).collect::<Vec<_>>(),
        "call_data": {
            "total_calls": calls.total(),
            "answered": calls.answered,
            "dropped": calls.dropped,
        },
        "queue_dialable_leads": monitor.leads,
        "queue_calls_today": calls.total(),
        "queue_dropped": calls.dropped,
        "queue_answered": calls.answered,
        "agent_total": total,
        "agent_incall": in_call,
        "agent_ready": ready,
        "agent_paused": paused,
    })
}

fn agent(row: &Row) -> Value {
    let (lead, log) =
        row.call().map_or((String::new(), String::new()), |(a, b)| (a.to_string(), b.to_string()));
    let shift = row.person.duty.shift(row.time.now).0;
    json!({
        "user_id": row.seat.user_id,
        "user_full_name": row.name,
        "campaign_id": row.campaign.id,
        "campaign_name": row.campaign.name,
        "queue_id": row.queue.id,
        "queue_name": row.queue.name,
        "queue_assignment": row.time.naive(shift),
        "list_id": (333 + row.queue.campaign).to_string(),
        "extension": row.seat.extension,
        "channel_type": "phone",
        "call_type": row.campaign.kind,
        "lead_id": lead,
        "call_log_id": log,
        "calls_today": row.calls_today,
        "total_calls": row.total_calls,
        "status": row.status,
        "status_label": status::label(row.status),
        "status_time_sec": row.seconds(),
        "status_time_mmss": row.mmss(),
        "connection_type": "softphone",
        "skill_options": row.seat.skills.join(","),
    })
}

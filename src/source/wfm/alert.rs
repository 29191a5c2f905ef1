//! Alerts in our words.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{AgentId, Alert, AlertId, AlertKind, AlertStatus};
use crate::source::records::{agent_id, plain_id};
use crate::vendor::wfm::{AlertRow, instant, is_alert_id};

/// What stands where the WFM has no word: neither an id nor a word of anybody's.
const NO_WORD: &str = "?";

/// What `row`, read at our instant `at`, says; none when no request could name the alert. `offset` is
/// server minus ours, `asked` the status that was asked for, where one was.
pub(super) fn translate(
    row: &AlertRow<'_>,
    asked: Option<&AlertStatus>,
    at: DateTime<Utc>,
    offset: TimeDelta,
) -> Option<Alert> {
    let id = plain_id(&row.id).filter(|id| is_alert_id(id))?;
    let agent = agent_id(&row.employee_id).or_else(|| agent_id(&row.employee_number));
    let word = |text: Option<String>| text.unwrap_or_else(|| NO_WORD.to_owned());
    // An installation may send other alerts than were asked for; each says itself what it is.
    let status = row.status.text().map(|status| AlertStatus::of(&status)).or(asked.cloned());
    let ours = |value| instant(value).map(|time| (time - offset).min(at));
    Some(Alert {
        id: AlertId::from(id),
        agent: agent.unwrap_or_else(|| AgentId::from(NO_WORD)),
        name: row.employee_name.text(),
        kind: AlertKind::of(&word(row.kind.text())),
        message: row.message.text().unwrap_or_default(),
        status: status.unwrap_or_else(|| AlertStatus::of(NO_WORD)),
        created_at: ours(&row.created_at),
        acknowledged_at: ours(&row.acknowledged_at),
        resolved_at: ours(&row.resolved_at),
        notes: row.notes.text(),
    })
}

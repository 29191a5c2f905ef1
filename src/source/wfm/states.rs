//! One row of the WFM in our words.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::wire::{Row, ShiftRow, Summary};
use crate::model::{
    Activity, AdherenceSummary, AgentId, Observation, Reason, ScheduleState, Scheduled, Shift, Work,
};
use crate::source::reason::Reasons;
use crate::source::records::agent_id;
use crate::vendor::Scalar;
use crate::vendor::wfm::instant;

/// What `row` says at our instant `at`; none when it names nobody. `offset` is server minus ours, as it
/// was when the server stamped what it says of an agent.
pub(super) fn observe(
    row: &Row<'_>,
    at: DateTime<Utc>,
    offset: impl FnOnce(&AgentId, DateTime<Utc>) -> TimeDelta,
    reasons: &Reasons,
) -> Option<Observation> {
    let number = agent_id(&row.employee_number);
    let agent = agent_id(&row.employee_id).or_else(|| number.clone())?;
    let raw = row.state.text().unwrap_or_default();
    let started = instant(&row.state_started_at);
    let since = started.map(|started| (started - offset(&agent, started)).min(at));
    Some(Observation {
        aliases: number.into_iter().filter(|number| *number != agent).collect(),
        name: row.employee_name.text(),
        since,
        work: Work { queue: row.queue.text(), ..Work::default() },
        schedule: Some(ScheduleState {
            scheduled: row.scheduled_state.text().map(|word| scheduled(&word, reasons)),
            adherent: row.is_adherent.truth(),
            shift: shift(row),
        }),
        ..Observation::of(agent, activity(&raw, reasons), raw)
    })
}

/// The head count, where there is one.
pub(super) fn summary(summary: &Summary<'_>) -> Option<AdherenceSummary> {
    Some(AdherenceSummary {
        total: summary.total_agents.count()?,
        adherent: summary.adherent_count.count()?,
        percentage: summary.adherence_percentage.number().filter(|p| (0.0..=100.0).contains(p)),
    })
}

fn activity(word: &str, reasons: &Reasons) -> Activity {
    match key(word).as_str() {
        "available" => Activity::Available,
        "oncall" => Activity::OnContact,
        "aftercallwork" => Activity::WrapUp,
        "unavailable" => Activity::Away(Reason::Unspecified),
        "offline" => Activity::Offline,
        _ => match away(word, reasons) {
            Some(reason) => Activity::Away(reason),
            None => Activity::Unknown,
        },
    }
}

fn scheduled(word: &str, reasons: &Reasons) -> Scheduled {
    match key(word).as_str() {
        "available" | "oncall" | "aftercallwork" => Scheduled::Available,
        "unavailable" => Scheduled::Away(Reason::Unspecified),
        "offline" | "off" | "offshift" | "dayoff" => Scheduled::Off,
        _ => match away(word, reasons) {
            Some(reason) => Scheduled::Away(reason),
            None => Scheduled::Unknown(word.to_owned()),
        },
    }
}

/// The reason that a word names: the floor's own words first, then exactly the documented four. A
/// guess would turn an unknown state into a known one.
fn away(word: &str, reasons: &Reasons) -> Option<Reason> {
    reasons.mapped(word).or_else(|| match key(word).as_str() {
        "break" => Some(Reason::Break),
        "lunch" => Some(Reason::Lunch),
        "meeting" => Some(Reason::Meeting),
        "training" => Some(Reason::Training),
        _ => None,
    })
}

fn key(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn shift(row: &Row<'_>) -> Option<Shift> {
    let shift: ShiftRow<'_> = serde_json::from_str(row.shift?.get()).ok()?;
    Some(Shift { start: wall_time(&shift.start_time)?, end: wall_time(&shift.end_time)? })
}

fn wall_time(value: &Scalar<'_>) -> Option<NaiveTime> {
    let text = value.as_str()?.trim();
    ["%H:%M", "%H:%M:%S"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

//! The main reading: who is there and what each does.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::Desk;
use super::status::StatusWords;
use super::wire::{AgentRow, Monitor};
use crate::clock::plausible_time;
use crate::http::Answer;
use crate::model::{
    Activity, AgentId, Body, Call, Contact, Coverage, Observation, Reading, Reason, Work,
};
use crate::source::poller::Feed;
use crate::source::reason::Reasons;
use crate::source::records::{Complaints, agent_id, plain_id, usable};
use crate::vendor::{PARTS, Scalar, Trouble, clean, convoso};

/// Reads all agents.
pub(in crate::source) struct Agents {
    desk: Arc<Desk>,
    words: StatusWords,
    reasons: Reasons,
    complaints: Complaints,
}

impl Feed for Agents {
    const HAS_BUDGET: bool = true;

    fn prepare(&mut self) -> Result<(), Trouble> {
        self.desk.open()
    }

    async fn read(&mut self) -> Result<Reading, Trouble> {
        let filter = &self.desk.convoso.filter;
        // The vendor does not say whether several skills mean any or all, so they are matched here.
        let filters: Vec<(&str, &str)> = [
            ("campaign_id", &filter.campaign_id),
            ("queue_id", &filter.queue_id),
            ("user_id", &filter.user_id),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.as_deref().map(|value| (name, value)))
        .collect();
        let answer = self.desk.search(&filters).await?;
        self.understand(&answer)
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.desk.offset()
    }
}

impl Agents {
    pub(in crate::source) fn new(desk: Arc<Desk>) -> Self {
        Self {
            words: StatusWords::new(&desk.convoso.status_map),
            reasons: Reasons::new(&desk.settings.reason_map),
            complaints: Complaints::new(desk.settings.name.clone()),
            desk,
        }
    }

    /// Translates an answer.
    pub(super) fn understand(&mut self, answer: &Answer) -> Result<Reading, Trouble> {
        let monitor = Monitor::of(&convoso::open(answer)?)?;
        let list = monitor.agents.unwrap_or_default();
        let listed = list.0.len();
        let taken_at = answer.middle();
        let mut skipped = 0;
        let mut observations: Vec<Observation> = Vec::new();
        let mut places: HashMap<AgentId, usize> = HashMap::new();
        for item in &list.0 {
            let Some(row) = self.complaints.record::<AgentRow<'_>>(item) else {
                skipped += 1;
                continue;
            };
            let Some(id) = agent_id(&row.user_id) else {
                skipped += 1;
                self.complaints.make("a record is left out: it has no usable user_id".to_owned());
                continue;
            };
            self.note_queue(&row);
            if self.desk.settings.exclude.contains(&id) || !self.has_skill(&row) {
                continue;
            }
            let observation = self.observe(&row, id.clone(), taken_at);
            match places.get(&id) {
                Some(&place) => {
                    let known = &mut observations[place];
                    if known.raw != observation.raw {
                        self.complaints.make(format!(
                            "agent {id} is listed twice and differently: the busiest state counts"
                        ));
                    }
                    join(known, observation);
                }
                None => {
                    places.insert(id, observations.len());
                    observations.push(observation);
                }
            }
        }
        usable(listed, skipped)?;
        let coverage = self.coverage(&monitor.agent_total, listed, observations.len());
        Ok(Reading {
            source: self.desk.settings.name.clone(),
            taken_at,
            as_of: taken_at,
            skipped,
            body: Body::Agents { observations, coverage, summary: None, histories: Vec::new() },
        })
    }

    /// What it means not to be listed. Rows that were left out on purpose, or as unreadable, are
    /// taken off the vendor's head count too: only rows that never came make a list partial.
    fn coverage(&self, total: &Scalar<'_>, listed: usize, kept: usize) -> Coverage {
        if !self.desk.convoso.filter.is_empty() {
            return Coverage::Filtered;
        }
        let declared = total.count().map(|total| total.saturating_sub(listed as u64) + kept as u64);
        Coverage::Whole { declared }
    }

    fn note_queue(&self, row: &AgentRow<'_>) {
        if let Some(queue) = plain_id(&row.queue_id)
            && self.desk.rotation().see(plain_id(&row.campaign_id).as_deref(), &queue)
        {
            self.desk.arrivals.notify_one();
        }
    }

    /// Whether the row has any of the skills asked for.
    fn has_skill(&self, row: &AgentRow<'_>) -> bool {
        let wanted = &self.desk.convoso.filter.skills;
        wanted.is_empty()
            || skills(&row.skill_options)
                .iter()
                .any(|skill| wanted.iter().any(|w| w.trim().to_lowercase() == skill.to_lowercase()))
    }

    fn observe(&self, row: &AgentRow<'_>, id: AgentId, at: DateTime<Utc>) -> Observation {
        let raw = row.status.text().unwrap_or_default();
        let activity = match self.words.activity(&raw) {
            Activity::Away(Reason::Unspecified) => Activity::Away(
                row.status_label
                    .text()
                    .and_then(|label| self.reasons.mapped(&label))
                    .unwrap_or(Reason::Unspecified),
            ),
            activity => activity,
        };
        // A second call straight after the first restarts the timer; outside calls the ids linger.
        let episode =
            activity.is_busy().then(|| row.call_log_id.id().or_else(|| row.lead_id.id())).flatten();
        Observation {
            name: row.user_full_name.text(),
            since: time_in_status(row).map(|time| at - time),
            episode,
            contact: activity.is_busy().then(|| call(row)).flatten(),
            work: Work {
                campaign_id: plain_id(&row.campaign_id),
                campaign: row.campaign_name.text(),
                queue_id: plain_id(&row.queue_id),
                queue: row.queue_name.text(),
                skills: skills(&row.skill_options),
                calls_today: row.calls_today.count(),
                extension: row.extension.text().filter(|text| text != "0"),
                also: Vec::new(),
            },
            ..Observation::of(id, activity, raw)
        }
    }
}

/// Takes over another row of the same agent, who sits in another queue too. One state: where the rows
/// differ, the busiest one, and of two such the one that began last, since the other is older news.
fn join(known: &mut Observation, mut other: Observation) {
    let rank = |row: &Observation| (row.activity.kind().busyness(), row.since);
    if rank(&other) > rank(known) {
        std::mem::swap(known, &mut other);
    }
    known.work.join(&other.work);
    known.name = known.name.take().or(other.name);
}

/// The call an agent is on; none where the row says nothing of it. Outside calls the ids of the last
/// one linger, so that only a busy agent's row is asked.
fn call(row: &AgentRow<'_>) -> Option<Box<Contact>> {
    let word = |value: &Scalar<'_>| value.text().filter(|word| word != "0");
    let call = Call {
        id: plain_id(&row.call_log_id),
        lead_id: plain_id(&row.lead_id),
        list_id: plain_id(&row.list_id),
        kind: word(&row.call_type),
        channel: word(&row.channel_type),
    };
    let is_said = call != Call::default();
    is_said.then(|| Box::new(Contact { call: Some(call), ..Contact::default() }))
}

fn skills(options: &Scalar<'_>) -> Vec<String> {
    let text = options.as_str().unwrap_or_default();
    let skills = text.split(',').map(clean).filter(|skill| !matches!(skill.as_str(), "" | "-"));
    skills.take(PARTS).collect()
}

/// How long the agent has been in the status: the seconds, else the clock-like text, in which
/// minutes may go beyond 59 and hours may stand in front.
fn time_in_status(row: &AgentRow<'_>) -> Option<TimeDelta> {
    let clock = |value: &Scalar<'_>| {
        let text = value.as_str()?;
        let parts: Vec<f64> =
            text.trim().split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        match parts[..] {
            [minutes, seconds] => Some(minutes * 60.0 + seconds),
            [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
            _ => None,
        }
    };
    let seconds = row
        .status_time_sec
        .number()
        .or_else(|| clock(&row.status_time_sec))
        .or_else(|| clock(&row.status_time_mmss))?;
    plausible_time(seconds.max(0.0) * 1000.0)
}

//! The floor at one instant, ready to be written.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Serialize;

use super::agent::Agent;
use super::alert::AlertLine;
use super::campaign::CampaignLine;
use super::flag::Flag;
use super::instant::instant;
use super::kpi::Kpi;
use super::presence::{PresenceLine, SpellLine};
use super::queue::QueueLine;
use super::source::SourceLine;
use crate::model::{self, ActivityKind, CampaignDay, Floor, Headline, Person, Queue};
use crate::rules::{
    Adherence, Finding, Judged, Limits, Vouched, adherence, figures_over, findings_beside,
    own_alerts,
};

/// The name and version of the JSON's shape.
const SCHEMA: &str = "floorwatch.snapshot/1";

/// How much of a past is exported.
const TIMELINE: TimeDelta = TimeDelta::hours(24);

/// The floor at one instant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Snapshot {
    /// The name and version of this shape.
    pub schema: &'static str,
    /// The instant.
    #[serde(serialize_with = "instant")]
    pub taken_at: DateTime<Utc>,
    /// The floor's name.
    pub floor: String,
    /// Start of the floor's day.
    #[serde(serialize_with = "instant")]
    pub since: DateTime<Utc>,
    /// How each source is doing.
    pub sources: Vec<SourceLine>,
    /// People by activity.
    pub totals: Totals,
    /// Every queue.
    pub queues: Vec<QueueLine>,
    /// Everybody.
    pub agents: Vec<Agent>,
    /// The WFMs' alerts and our own; null where none have ever been read and we found none.
    pub alerts: Option<Vec<AlertLine>>,
    /// The campaigns' windows of 30 days; null without a journal.
    pub campaigns: Option<Vec<CampaignLine>>,
}

/// People by activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the activities'")]
pub struct Totals {
    /// All of them.
    pub people: u32,
    pub offline: u32,
    pub unreachable: u32,
    pub logged_in: u32,
    pub available: u32,
    pub ready_or_on_contact: u32,
    pub ringing: u32,
    pub on_contact: u32,
    pub wrap_up: u32,
    pub away: u32,
    pub unknown: u32,
    /// Of all of these, whose state nothing fresh confirms.
    pub stale: u32,
    /// Of all of these, whose state is the word of a log without calls, for want of its monitor's.
    pub by_log: u32,
}

impl Snapshot {
    /// The snapshot of `floor` at `taken_at`, with what the rules find under `limits`.
    #[must_use]
    pub fn of(floor: &Floor, limits: &Limits, taken_at: DateTime<Utc>) -> Self {
        let since = floor.day_start(taken_at);
        // To the second, as instants are written: the times add up to what the snapshot says it is of.
        let until = taken_at.trunc_subsecs(0);
        let judged: Vec<_> = floor
            .people()
            .iter()
            .map(|person| {
                let headline = floor.headline(person, taken_at);
                let out = adherence(floor, person, &headline, taken_at);
                let found =
                    findings_beside(floor, person, &headline, out.as_ref(), limits, taken_at);
                (person, headline, out, found)
            })
            .collect();
        let alarmed = judged.iter().map(|(person, headline, out, found)| {
            Judged::of(floor, (person, headline), out.as_ref(), found, taken_at)
        });
        let own =
            own_alerts(floor, alarmed, limits.adherence.grace, &mut Vouched::default(), taken_at);
        let agent = |(person, headline, adherence, found): (&Person, Headline, _, Vec<Finding>)| {
            let adherence: Option<Adherence> = adherence;
            let flags = found.into_iter().map(Flag::of).collect();
            let presences = person.presences.iter().map(|presence| {
                let evidence = floor.evidence(presence, taken_at);
                PresenceLine::of(presence, floor.reason_of(presence).as_ref(), evidence)
            });
            let presences = presences.collect();
            let kpi = Kpi::of(&figures_over(floor, person, since, until, taken_at));
            Agent::of(person, &headline, adherence.as_ref(), flags, presences, kpi, taken_at)
        };
        let queue = |queue: &Queue| {
            let feed = floor.feed(&queue.key.source);
            QueueLine::of(queue, feed, taken_at)
        };
        let agents = judged.into_iter().map(agent).collect();
        Self {
            schema: SCHEMA,
            taken_at,
            floor: floor.identity().name.clone(),
            since,
            sources: floor.feeds().iter().map(|feed| SourceLine::of(feed, taken_at)).collect(),
            totals: Totals::of(&floor.totals(taken_at)),
            queues: floor.queues().iter().map(queue).collect(),
            agents,
            alerts: AlertLine::all(floor, &own),
            campaigns: None,
        }
    }

    /// The snapshot with the campaigns' calls of every day that a journal has kept.
    #[must_use]
    pub fn with_campaigns(self, days: &[CampaignDay]) -> Self {
        Self { campaigns: Some(CampaignLine::all(days)), ..self }
    }

    /// The sources that are not live, each with its reason, one sentence each.
    #[must_use]
    pub fn troubles(&self) -> Vec<String> {
        self.sources.iter().filter_map(SourceLine::trouble).collect()
    }

    /// The snapshot with what each source of `floor`, of which it was taken, knows of each person's
    /// last 24 hours.
    #[must_use]
    pub fn with_timelines(mut self, floor: &Floor) -> Self {
        let from = self.taken_at - TIMELINE;
        for (agent, person) in self.agents.iter_mut().zip(floor.people()) {
            for (line, presence) in agent.presences.iter_mut().zip(&person.presences) {
                let past = floor.timeline(&presence.key());
                let spells = past.map(|past| past.spells(from, self.taken_at)).unwrap_or_default();
                line.timeline = Some(spells.iter().map(SpellLine::of).collect());
            }
        }
        self
    }
}

impl Totals {
    pub(super) fn of(totals: &model::Totals) -> Self {
        let people = &totals.people;
        Self {
            people: people.all(),
            offline: people.of(ActivityKind::Offline),
            unreachable: people.of(ActivityKind::Unreachable),
            logged_in: people.of(ActivityKind::LoggedIn),
            available: people.of(ActivityKind::Available),
            ready_or_on_contact: people.of(ActivityKind::ReadyOrOnContact),
            ringing: people.of(ActivityKind::Ringing),
            on_contact: people.of(ActivityKind::OnContact),
            wrap_up: people.of(ActivityKind::WrapUp),
            away: people.of(ActivityKind::Away),
            unknown: people.of(ActivityKind::Unknown),
            stale: totals.stale.all(),
            by_log: totals.by_log.all(),
        }
    }
}

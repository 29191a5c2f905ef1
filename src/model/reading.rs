//! What a source says, translated into our words: the only thing that flows from `source` to the floor.
//!
//! Serialisable, so that a reading can be recorded, replayed or passed to another process.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Activity, AgentHistory, AgentId, Alert, AlertStatus, Contact, Evidence, LookUp, ScheduleState,
    Side, SourceName, Spell, VendorKpi,
};

/// One answer of one source. Every instant is in our clock; every text has been cleaned of control
/// characters by the source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Who says it.
    pub source: SourceName,
    /// When the answer was asked for and came (the middle of the request).
    pub taken_at: DateTime<Utc>,
    /// The instant it describes; older than `taken_at` where the source lags.
    pub as_of: DateTime<Utc>,
    /// Records that could not be understood and were left out.
    pub skipped: u32,
    /// What it says.
    pub body: Body,
}

/// What a [`Reading`] is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// The states of agents.
    Agents {
        /// One entry an agent.
        observations: Vec<Observation>,
        /// What it means not to be among them.
        coverage: Coverage,
        /// A WFM's own head count.
        summary: Option<AdherenceSummary>,
        /// What a source that is a log says of the past; empty for the others.
        histories: Vec<AgentHistory>,
    },
    /// The counters of one queue.
    Queue(QueueCount),
    /// What the log beside a monitor says of agents' past.
    History {
        /// One entry an agent of whom there is something new.
        histories: Vec<AgentHistory>,
        /// Why it is known not to be all, in a sentence; none where it is.
        incomplete: Option<String>,
    },
    /// A WFM's alerts with one status.
    Alerts {
        /// Which status was asked for.
        status: AlertStatus,
        /// Those that have it.
        alerts: Vec<Alert>,
        /// Whether there may be more: the list is as long as the WFM lets it be.
        cut: bool,
    },
    /// One alert, looked up by its id.
    Alert(Box<Alert>),
}

impl Body {
    /// Which side reading it comes from; none for the main reading and what is counted in turn.
    #[must_use]
    pub fn side(&self) -> Option<Side> {
        match self {
            Self::History { .. } => Some(Side::History),
            Self::Alerts { status: AlertStatus::Active, .. } => Some(Side::Alerts),
            Self::Agents { .. } | Self::Queue(_) | Self::Alerts { .. } | Self::Alert(_) => None,
        }
    }
}

/// What it means that an agent is not in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// The list claims to be everybody; `declared` is how many the source says there are.
    Whole {
        /// The source's own head count beside the list.
        declared: Option<u64>,
    },
    /// A filter of ours narrows the list: who is gone may only have moved out of it.
    Filtered,
    /// Everybody whom this login may see: who is missing may be out of its sight, and is never
    /// believed gone; but nobody vouches for them any more.
    Visible,
    /// Only what changed: absence says nothing.
    Part,
}

/// What one source says of one agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The agent's id at the source.
    pub agent: AgentId,
    /// Other ids by which the roster may know the same agent (a WFM's employee number).
    pub aliases: Vec<AgentId>,
    /// The name the source shows; not an identity.
    pub name: Option<String>,
    /// What the agent does.
    pub activity: Activity,
    /// The vendor's own word(s) for it, verbatim.
    pub raw: String,
    /// Since when, in our clock; none when the source does not say.
    pub since: Option<DateTime<Utc>>,
    /// How we know.
    pub evidence: Evidence,
    /// What distinguishes two stretches of the same activity (a call id): a new one restarts the timer.
    pub episode: Option<String>,
    /// Not ready as soon as the present contact ends.
    pub away_pending: bool,
    /// Where the agent works and how much.
    pub work: Work,
    /// What the schedule wants of the agent; only a WFM says so.
    pub schedule: Option<ScheduleState>,
    /// What the agent is working on. Boxed: few have one, everybody has the room for it.
    pub contact: Option<Box<Contact>>,
    /// The figures the source keeps itself.
    pub kpi: Option<Box<VendorKpi>>,
    /// What the agent did between the previous reading and this state, where the growth of the
    /// source's sums tells: oldest first, each with both ends, without gaps up to `since` (or the
    /// reading, where that is not known). The order of the short ones may be a guess, their lengths
    /// are not.
    pub earlier: Vec<Spell>,
}

impl Observation {
    /// Whether something that is shown of it came as no text, so that U+FFFD stands for it.
    #[must_use]
    pub fn has_replaced(&self) -> bool {
        let work = [&self.work.campaign, &self.work.queue, &self.name];
        let texts = work.into_iter().flatten().chain(&self.work.skills);
        texts.chain([&self.raw]).any(|text| text.contains(char::REPLACEMENT_CHARACTER))
    }

    /// An observed state and nothing else; the rest is filled in with `..`.
    #[must_use]
    pub fn of(agent: impl Into<AgentId>, activity: Activity, raw: impl Into<String>) -> Self {
        Self {
            agent: agent.into(),
            aliases: Vec::new(),
            name: None,
            activity,
            raw: raw.into(),
            since: None,
            evidence: Evidence::Observed,
            episode: None,
            away_pending: false,
            work: Work::default(),
            schedule: None,
            contact: None,
            kpi: None,
            earlier: Vec::new(),
        }
    }
}

/// Where an agent works and how much.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The campaign's id.
    pub campaign_id: Option<String>,
    /// The campaign's name.
    pub campaign: Option<String>,
    /// The queue's id.
    pub queue_id: Option<String>,
    /// The queue's name.
    pub queue: Option<String>,
    /// What the agent is skilled in.
    pub skills: Vec<String>,
    /// Calls handled since the vendor's midnight.
    pub calls_today: Option<u64>,
    /// The phone's extension.
    pub extension: Option<String>,
    /// The queues in which the agent sits besides, in one and the same state; most sit in one only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Assignment>,
}

/// A queue in which an agent sits, and its campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Assignment {
    /// The campaign's id.
    pub campaign_id: Option<String>,
    /// The queue's id.
    pub queue_id: Option<String>,
    /// The campaign's name.
    pub campaign: Option<String>,
    /// The queue's name.
    pub queue: Option<String>,
}

/// A name, else the id it stands for.
fn named<'a>(name: Option<&'a String>, id: Option<&'a String>) -> Option<&'a str> {
    name.or(id).map(String::as_str)
}

impl Work {
    /// The queue's name, else its id.
    #[must_use]
    pub fn queue_or_id(&self) -> Option<&str> {
        named(self.queue.as_ref(), self.queue_id.as_ref())
    }

    /// The campaign's name, else its id.
    #[must_use]
    pub fn campaign_or_id(&self) -> Option<&str> {
        named(self.campaign.as_ref(), self.campaign_id.as_ref())
    }

    /// Every queue in which the agent sits, by its name, else its id.
    pub fn queues(&self) -> impl Iterator<Item = &str> {
        let also = self.also.iter().filter_map(|a| named(a.queue.as_ref(), a.queue_id.as_ref()));
        self.queue_or_id().into_iter().chain(also)
    }

    /// The campaigns of all of these, by name, else id; one may come several times.
    pub fn campaigns(&self) -> impl Iterator<Item = &str> {
        let also = self.also.iter();
        let also = also.filter_map(|a| named(a.campaign.as_ref(), a.campaign_id.as_ref()));
        self.campaign_or_id().into_iter().chain(also)
    }

    /// Every queue in which the agent sits, and its campaign.
    pub fn assignments(&self) -> impl Iterator<Item = Assignment> {
        let Self { campaign_id, campaign, queue_id, queue, .. } = self.clone();
        let first = Assignment { campaign_id, queue_id, campaign, queue };
        std::iter::once(first).chain(self.also.iter().cloned())
    }

    /// Takes over in which queues the same agent sits by another row of the same list.
    pub fn join(&mut self, other: &Self) {
        let mut all: Vec<_> = self.assignments().chain(other.assignments()).collect();
        // The order of the rows says nothing, and may change from one answer to the next.
        all.sort();
        all.dedup();
        let nowhere = Assignment::default();
        all.retain(|assignment| *assignment != nowhere);
        let mut all = all.into_iter();
        let Assignment { campaign_id, queue_id, campaign, queue } = all.next().unwrap_or_default();
        (self.campaign_id, self.campaign, self.queue_id, self.queue) =
            (campaign_id, campaign, queue_id, queue);
        self.also = all.collect();
        self.skills.extend(
            other.skills.iter().filter(|s| !self.skills.contains(s)).cloned().collect::<Vec<_>>(),
        );
        self.calls_today = self.calls_today.max(other.calls_today);
        self.extension = self.extension.take().or_else(|| other.extension.clone());
    }
}

/// The counters of one queue, since the vendor's midnight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueCount {
    /// The campaign that was asked for; none when only the queue was.
    pub campaign_id: Option<String>,
    /// The queue that was asked for.
    pub queue_id: String,
    /// The campaign's name, where a row of the answer gives it.
    pub campaign: Option<String>,
    /// The queue's name, where a row of the answer gives it.
    pub queue: Option<String>,
    /// All calls.
    pub calls_today: Option<u64>,
    /// Calls answered; the vendor does not say whether by a person.
    pub answered: Option<u64>,
    /// Calls dropped.
    pub dropped: Option<u64>,
    /// Leads that can still be dialled.
    pub dialable_leads: Option<u64>,
}

/// A WFM's own head count of the agents this login may see.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdherenceSummary {
    /// Agents it counts.
    pub total: u64,
    /// Of these, the adherent ones.
    pub adherent: u64,
    /// Its percentage, 0 to 100.
    pub percentage: Option<f64>,
}

/// What a source's task reports after every attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Whose task.
    pub source: SourceName,
    /// When the attempt ended, in our clock.
    pub at: DateTime<Utc>,
    /// What came of it.
    pub outcome: Outcome,
    /// Server minus ours, as well as it is known.
    pub clock_offset: Option<TimeDelta>,
    /// How long the attempt took.
    pub took: TimeDelta,
    /// When what the report is about is asked for again, of what is counted in turn the main reading.
    pub next_at: Option<DateTime<Utc>>,
    /// How far a log has been read back into the past.
    pub way_back: Option<WayBack>,
    /// What of a log could not be read when it was asked for, and is asked for again, by time.
    pub unread: Vec<Unread>,
}

/// A stretch of a log that could not be read so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// From when, in our clock.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Why, in a sentence without secrets and without the source's name.
    pub why: String,
}

/// What came of one attempt to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The source answered.
    Read(Reading),
    /// The main reading failed; the last good one stands, marked stale.
    Failed(Failure),
    /// The counters of one queue could not be read; the agents are not concerned.
    QueueFailed {
        /// The campaign that was asked for.
        campaign_id: Option<String>,
        /// The queue that was asked for.
        queue_id: String,
        /// Why.
        failure: Failure,
        /// When it is counted again; none where that is at its next turn.
        next_at: Option<DateTime<Utc>>,
    },
    /// What is read beside the main reading failed; the agents are not concerned.
    SideFailed {
        /// What.
        side: Side,
        /// Why.
        failure: Failure,
    },
    /// Something the supervisor asked to look up could not be: one alert, or those of one status.
    LookUpFailed {
        /// What.
        what: LookUp,
        /// Why.
        failure: Failure,
    },
}

/// Why a source could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What follows from it.
    pub kind: FailureKind,
    /// One sentence naming the cause, without secrets, without the source's name.
    pub text: String,
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// Asked again after a back-off: no answer, 408, 421, 425, 429, a 5xx other than 501.
    Transient,
    /// The answer could not be understood; asked again at the usual time, later more slowly.
    Garbled,
    /// There is no credential to ask with, so that nothing was asked; looked for again, ever more slowly.
    NotSet,
    /// Wrong or expired credentials: asked again ever more slowly, so that no account is locked out.
    Denied,
    /// The credentials are right but may not read this: asked again hourly.
    NotEntitled,
    /// The source refuses the request itself (a wrong filter, 404, 501): asked again ever more slowly.
    Rejected,
    /// An error in this program, whatever the source said: asked again ever more slowly.
    Internal,
}

impl FailureKind {
    /// Whether it is we who are refused, or cannot ask at all, and not the request.
    #[must_use]
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::NotSet | Self::Denied | Self::NotEntitled)
    }
}

/// How far a log has been read back into the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayBack {
    /// Windows read.
    pub done: u32,
    /// Windows there are to read; equal to `done` at the end.
    pub of: u32,
}

impl WayBack {
    /// Whether there is nothing left to read.
    #[must_use]
    pub fn is_complete(self) -> bool {
        self.done >= self.of
    }
}

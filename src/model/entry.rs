//! What is kept of the floor from one run to the next, and what comes back of it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    AgentId, AgentKey, AssignedQueues, KnownAlert, PersonId, QueueKey, ScheduleState, SourceName,
    Span, Spell, TimetableEntry, VendorAdherence, VendorKpi,
};

/// Which of the two layers of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// What the source's own log says.
    Recorded,
    /// What our readings showed.
    Watched,
}

impl Layer {
    /// The word kept.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Watched => "watched",
        }
    }
}

/// One thing to keep. What begins at the same instant (of the same agent, layer, day...) replaces
/// what was kept before, so that the same may be kept any number of times, by several programs.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// Up to when a source has been read: what goes on (a watched spell, a span without an end) is
    /// confirmed until then.
    ReadUntil {
        /// The source.
        source: SourceName,
        /// Its main readings, or its log.
        layer: Layer,
        /// The instant, in our clock.
        at: DateTime<Utc>,
    },
    /// The name that a source shows of an agent.
    Name {
        /// Whose.
        agent: AgentKey,
        /// The name; not an identity.
        name: String,
    },
    /// Another id by which the roster knows an agent at the same source.
    Alias {
        /// Who.
        agent: AgentKey,
        /// The roster's id.
        alias: AgentId,
    },
    /// A spell of an agent. A watched one without an end goes on.
    Spell {
        /// Whose.
        agent: AgentKey,
        /// In which layer.
        layer: Layer,
        /// The spell.
        spell: Spell,
    },
    /// The spell that was said to begin at `since` never was.
    NoSpell {
        /// Whose.
        agent: AgentKey,
        /// In which layer.
        layer: Layer,
        /// When it was said to begin.
        since: DateTime<Utc>,
    },
    /// Where an agent sits.
    Place {
        /// Who.
        agent: AgentKey,
        /// Where, and for how long.
        span: Span<AssignedQueues>,
    },
    /// What a WFM says of an agent's schedule.
    Schedule {
        /// Whose.
        agent: AgentKey,
        /// What, and for how long.
        span: Span<ScheduleState>,
    },
    /// What the schedule file wants of a person between two instants: all of it.
    Plan {
        /// Whose.
        person: PersonId,
        /// From when.
        from: DateTime<Utc>,
        /// Until when, exclusive.
        until: DateTime<Utc>,
        /// What, oldest first, each with both ends; off in between.
        entries: Vec<TimetableEntry>,
    },
    /// The sums that a telephony system gave for a day before we began to watch it grow.
    Sums {
        /// Whose.
        agent: AgentKey,
        /// The sums; they replace earlier ones of the same window.
        kpi: Box<VendorKpi>,
    },
    /// What a telephony system says of an agent's adherence, as it changes: it grows with no sum, so
    /// that the first one of a day tells nothing of the last.
    Adherence {
        /// Whose.
        agent: AgentKey,
        /// What it says; it replaces what it said before of the same window.
        said: VendorAdherence,
    },
    /// The calls of a queue.
    Calls(CallCount),
    /// An alert, a WFM's or our own, as it stands.
    Alert(Box<KnownAlert>),
    /// The clock by which everything is kept was set.
    ClockSet(Box<ClockSet>),
}

impl Entry {
    /// What kind of thing it is, in words that name nobody.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::ReadUntil { .. } => "up to when a source was read",
            Self::Name { .. } => "a name",
            Self::Alias { .. } => "another id of an agent",
            Self::Spell { .. } | Self::NoSpell { .. } => "a spell",
            Self::Place { .. } => "a queue where an agent sits",
            Self::Schedule { .. } => "a schedule of a WFM",
            Self::Plan { .. } => "a plan of the schedule file",
            Self::Sums { .. } => "the sums of a day",
            Self::Adherence { .. } => "a vendor's word of an agent's adherence",
            Self::Calls(_) => "the calls of a queue",
            Self::Alert(_) => "an alert",
            Self::ClockSet(_) => "that the clock was set",
        }
    }
}

/// The clock by which everything is kept was set: what this run has kept by the old one is told by the
/// new one from now on, so that nothing lasts for as long as the step, and nothing ends before it began.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockSet {
    /// What the old clock showed.
    pub at: DateTime<Utc>,
    /// By how much it was set; ahead where it is positive.
    pub by: TimeDelta,
    /// The alerts that the floor goes on with, as they stood by the old clock.
    pub alerts: Vec<KnownAlert>,
    /// The vendors' days of which this run has kept something, and when they began by the old clock: that
    /// is forgotten, and what holds by the new one is kept after this.
    pub days: Vec<(AgentKey, DateTime<Utc>)>,
}

/// The calls of a queue since the vendor's midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallCount {
    /// Which queue.
    pub key: QueueKey,
    /// Its name, else its id.
    pub queue: String,
    /// The campaign's name, where known.
    pub campaign: Option<String>,
    /// The vendor's day.
    pub day: NaiveDate,
    /// The instant they describe, in our clock.
    pub at: DateTime<Utc>,
    /// All calls.
    pub calls: Option<u64>,
    /// Calls answered; the vendor does not say whether by a person.
    pub answered: Option<u64>,
    /// Calls dropped.
    pub dropped: Option<u64>,
    /// Leads that can still be dialled.
    pub dialable_leads: Option<u64>,
}

/// What was kept of a stretch of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Archive {
    /// Up to when each source had been read.
    pub read_until: Vec<(SourceName, Layer, DateTime<Utc>)>,
    /// The names the sources show.
    pub names: Vec<(AgentKey, String)>,
    /// The other ids by which the roster knew agents at the same source.
    pub aliases: Vec<(AgentKey, AgentId)>,
    /// Every spell that reaches into the stretch, by beginning. A watched one has an end: where it
    /// went on, the last instant at which the program that watched it had read its source.
    pub spells: Vec<(AgentKey, Layer, Spell)>,
    /// Where agents sat; each with an end, as the spells.
    pub places: Vec<(AgentKey, Span<AssignedQueues>)>,
    /// What WFMs said of schedules; each with an end, as the spells.
    pub schedules: Vec<(AgentKey, Span<ScheduleState>)>,
    /// What the schedule file wanted; each with both ends.
    pub plans: Vec<(PersonId, TimetableEntry)>,
    /// The newest sums of each window.
    pub sums: Vec<(AgentKey, VendorKpi)>,
    /// What telephony systems last said of adherence in each of their windows.
    pub adherence: Vec<(AgentKey, VendorAdherence)>,
    /// Our own alerts, and those of the WFMs that were open.
    pub alerts: Vec<KnownAlert>,
}

/// The calls of one campaign on one of the vendor's days, all its queues together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignDay {
    /// The source.
    pub source: SourceName,
    /// The campaign's id.
    pub campaign_id: String,
    /// The vendor's day.
    pub day: NaiveDate,
    /// Calls answered.
    pub answered: u64,
    /// Calls dropped.
    pub dropped: u64,
    /// All calls; none where the vendor gave none.
    pub calls: Option<u64>,
}

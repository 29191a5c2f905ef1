//! The floor in our words: who is on it, what each does, what each queue counts, and how far each
//! statement can be trusted. Knows nothing of vendors' wire formats, of screens or of files.

mod activity;
mod attempt;
mod feed;
mod floor;
mod fusion;
mod identity;
mod person;
mod queue;
mod reading;
mod roster;
mod schedule;
mod timetable;

pub use activity::{Activity, ActivityKind, Evidence, Reason};
pub use attempt::{Answer, Attempt, AttemptId, Stage, Verdict};
pub use feed::{Feed, FeedStatus, Hold, HoldReason};
pub use floor::{Change, Floor, FloorIdentity, Totals};
pub use fusion::{Conflict, Headline, Statement, headline};
pub use identity::{AgentId, AgentKey, PersonId, SourceKind, SourceName};
pub use person::{Person, Presence};
pub use queue::{KnownQueue, Queue, QueueKey, Tally};
pub use reading::{
    AdherenceSummary, Body, Coverage, Failure, FailureKind, Observation, Outcome, QueueCount,
    Reading, Report, WayBack, Work,
};
pub use roster::{Roster, RosterPerson};
pub use schedule::{ScheduleState, Scheduled, Shift};
pub use timetable::{Duty, Timetable, TimetableEntry};

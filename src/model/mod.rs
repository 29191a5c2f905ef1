//! The floor in our words: who is on it, what each does, what each queue counts, and how far each
//! statement can be trusted. Knows nothing of vendors' wire formats, of screens or of files.

mod activity;
mod alert;
mod attempt;
mod contact;
mod entry;
mod feed;
mod floor;
mod fused;
mod fusion;
mod history;
mod identity;
mod kpi;
mod moved;
mod person;
mod queue;
mod reading;
mod roster;
mod schedule;
mod side;
mod span;
mod timeline;
mod timetable;

pub use activity::{Activity, ActivityKind, Evidence, Reason};
pub use alert::{Alert, AlertKey, AlertKind, AlertPatch, AlertStatus, KnownAlert, SAME_DEVIATION};
pub use attempt::{
    Answer, Attempt, AttemptId, AttemptRecord, Deed, OWN_DEED_OVERTAKES, OwnDeed, Stage, Verdict,
};
pub use contact::{Call, ChannelLoad, Contact, Transfer};
pub use entry::{Archive, CallCount, CampaignDay, ClockSet, Entry, Layer};
pub use feed::{Feed, FeedStatus, Hold, HoldReason};
pub use floor::{Alerts, Change, Floor, FloorIdentity, HeldAlerts, Totals};
pub use fused::{Fused, ONE_CHANGE};
pub use fusion::{Conflict, Fate, Headline, Statement, Weighed, headline};
pub use history::{AgentHistory, Connection, Private};
pub use identity::{AgentId, AgentKey, AlertId, PersonId, RawWord, SourceKind, SourceName};
pub use kpi::{AdherencePct, Bucket, SAME_BEGINNING, VendorAdherence, VendorKpi, WINDOW_JITTER};
pub use person::{LONGEST_SILENCE, NOT_LISTED, Person, Presence};
pub use queue::{AssignedQueues, KnownQueue, Queue, QueueKey, Tally};
pub use reading::{
    AdherenceSummary, Assignment, Body, Coverage, Failure, FailureKind, Observation, Outcome,
    QueueCount, Reading, Report, Unread, WayBack, Work,
};
pub use roster::{Roster, RosterPerson};
pub use schedule::{ScheduleState, Scheduled, Shift};
pub use side::{LookUp, Side, SideFeed};
pub use span::{Span, Spans};
pub use timeline::{Doubt, Kept, Past, Seen, Spell, Timeline, Told};
pub use timetable::{Duty, Timetable, TimetableEntry, day_start, instant as wall_instant};

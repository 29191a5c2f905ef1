//! What reaches the program's state, and what it wants done.

use chrono::{DateTime, Utc};
use tui_input::InputRequest;

use crate::action::Action;
use crate::command::{Order, Progress};
use crate::model::{
    AgentKey, Archive, AttemptId, AttemptRecord, CampaignDay, Entry, KnownAlert, KnownQueue,
    LookUp, OwnDeed, PersonId, Report, SourceName, Verdict,
};

/// This program's own number of an attempt, until the journal gives it one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// What reaches the program's state.
#[derive(Debug)]
pub enum Message {
    /// A key asked for something.
    Action(Action),
    /// Something was typed into a text.
    Edit(InputRequest),
    /// A text was pasted.
    Paste(String),
    /// A source's task reports. Boxed: much larger than the others.
    Report(Box<Report>),
    /// An attempt came further.
    Progress(Ticket, Progress),
    /// How much the screen has room for.
    Room {
        /// Rows of a list.
        rows: usize,
        /// Rows by which what lies over the page can be scrolled down.
        scroll: usize,
    },
    /// Whether the question that is put counts as read, so that an answer counts.
    Answerable(bool),
    /// Queues that an earlier run saw.
    KnownQueues(Vec<KnownQueue>),
    /// What the journal says was done to a person, the newest first.
    Actions(PersonId, Vec<AttemptRecord>),
    /// What earlier runs kept of the floor.
    Restored(Box<Archive>),
    /// Nothing of what earlier runs kept is to be waited for: there is no journal, or it cannot be
    /// read, or reading it takes too long.
    NothingRestored,
    /// What was done to our own alerts, by this run, an earlier one, or another program.
    OwnDeeds(Vec<OwnDeed>),
    /// Our own alerts that stand in the journal, whichever program raised them; told when they change.
    OwnAlerts(Vec<KnownAlert>),
    /// The calls of campaigns on earlier days.
    CampaignDays(Vec<CampaignDay>),
    /// Whether what happens is kept: why not and since when, or none where it is.
    Keeping(Option<KeepingTrouble>),
    /// A damaged journal was set aside and a new one begun: which, and why, in a sentence.
    SetAside(String),
    /// Time has passed.
    Tick,
    /// Something went wrong that the supervisor should know.
    Trouble(String),
}

/// Why what happens is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepingTrouble {
    /// The cause, in a sentence.
    pub why: String,
    /// Since when nothing has been kept, in our clock.
    pub since: DateTime<Utc>,
}

/// What the program wants done outside of it.
#[derive(Debug)]
pub enum Effect {
    /// Write the intent to the journal, then send the order, once.
    Carry {
        /// Our number of it.
        ticket: Ticket,
        /// What is journalled and sent.
        order: Order,
    },
    /// Complete the journal's row.
    Conclude {
        /// The journal's number.
        id: AttemptId,
        /// What became of it.
        verdict: Verdict,
    },
    /// Keep what happened from this run to the next.
    Keep(Vec<Entry>),
    /// Ask a source for something that is not read all the time.
    LookUp(SourceName, LookUp),
    /// Ask the journal what was done to a person, known by these keys.
    LoadActions(PersonId, Vec<AgentKey>),
    /// Read every source now.
    ReadNow,
    /// Use another theme.
    UseTheme(String),
    /// Paint the whole screen again.
    Redraw,
    /// Give the terminal back until the shell says to go on.
    Suspend,
    /// Leave.
    Quit,
}

//! How a source itself is doing: live, stale, failed, denied or still waiting, and why.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{
    AdherenceSummary, Coverage, Failure, FailureKind, Side, SideFeed, SourceKind, SourceName,
    Unread, WayBack,
};

/// How far a source can be trusted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedStatus {
    /// Its last reading is current.
    Live,
    /// It has spoken before, but its last reading is not current; the numbers are old.
    Stale,
    /// It fails and has never said anything.
    Failed,
    /// It refuses us: wrong credentials, an expired session, a missing permission.
    Denied,
    /// It has not answered yet.
    Waiting,
}

/// The word for a source in `status` on a screen, where why it fails is known: a credential that is not
/// there is refused by nobody.
pub(super) fn shown_word(status: FeedStatus, failure: Option<&Failure>) -> &'static str {
    match failure {
        Some(failure) if failure.kind == FailureKind::NotSet => "not set",
        _ => status.word(),
    }
}

impl FeedStatus {
    /// The word exported; see [`Feed::word`].
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::Denied => "denied",
            Self::Waiting => "waiting",
        }
    }

    /// The status at `now` of what is asked for every `poll`, was last read at `read_at`, and whose
    /// last attempt came to `failure`; see [`Feed::status`].
    pub(super) fn of(
        failure: Option<&Failure>,
        read_at: Option<DateTime<Utc>>,
        poll: TimeDelta,
        now: DateTime<Utc>,
    ) -> Self {
        match (failure, read_at) {
            (Some(failure), _) if failure.kind.is_refusal() => Self::Denied,
            (Some(_), Some(_)) => Self::Stale,
            (Some(_), None) => Self::Failed,
            (None, None) => Self::Waiting,
            (None, Some(read_at)) if (now - read_at).abs() > patience(poll) => Self::Stale,
            (None, Some(_)) => Self::Live,
        }
    }
}

/// The silence after which what is asked for every `poll` is no longer current.
pub(super) fn patience(poll: TimeDelta) -> TimeDelta {
    (poll * 3).max(TimeDelta::seconds(10))
}

/// Why agents missing from a reading are held as stale for a while instead of being believed gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldReason {
    /// The source counts more agents than it lists.
    PartialList {
        /// Agents listed.
        listed: u64,
        /// Agents the source says there are.
        declared: u64,
    },
    /// More than half the floor went missing between two readings.
    MassVanish {
        /// How many are missing.
        missing: u64,
        /// Of how many that were there.
        of: u64,
    },
    /// It lists nobody at all any more.
    Emptied {
        /// How many it listed before.
        of: u64,
    },
}

impl std::fmt::Display for HoldReason {
    /// What the source does, without its name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PartialList { listed, declared } => {
                write!(f, "lists only {listed} of {declared} agents")
            }
            Self::MassVanish { missing, of } => write!(f, "lost {missing} of {of} agents at once"),
            Self::Emptied { of } => write!(f, "lists nobody any more, {of} before"),
        }
    }
}

/// A doubtful reading: the missing are held as stale until [`Hold::until`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// When it began.
    pub since: DateTime<Utc>,
    /// When the missing are believed gone after all. For a list of whom a login may see, by which
    /// nobody is ever believed gone, when this is no longer news.
    pub until: DateTime<Utc>,
}

impl Hold {
    /// Whether the missing are still held at `now`.
    #[must_use]
    pub fn is_active(&self, now: DateTime<Utc>) -> bool {
        now < self.until
    }
}

/// One source, as the floor knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// Its name.
    pub name: SourceName,
    /// What kind of system it is.
    pub kind: SourceKind,
    /// How often it is read.
    pub poll: TimeDelta,
    /// The instant its last reading describes, in our clock.
    pub as_of: Option<DateTime<Utc>>,
    /// When that reading came.
    pub read_at: Option<DateTime<Utc>>,
    /// Successful main readings since the start.
    pub readings: u64,
    /// Failed attempts since the last success.
    pub failures: u32,
    /// Why the last attempt failed; none after a success.
    pub failure: Option<Failure>,
    /// When it is asked again.
    pub next_at: Option<DateTime<Utc>>,
    /// Server minus ours.
    pub clock_offset: Option<TimeDelta>,
    /// How long the last attempt took.
    pub took: Option<TimeDelta>,
    /// Records of the last reading that could not be understood.
    pub skipped: u32,
    /// Agents of the last reading of whom something came as no text, and is shown as U+FFFD.
    pub repaired: u32,
    /// How far its log has been read back.
    pub way_back: Option<WayBack>,
    /// What of its log could not be read so far, by time.
    pub unread: Vec<Unread>,
    /// What its last list claims to be; none before the first one.
    pub coverage: Option<Coverage>,
    /// A doubt about its last reading.
    pub hold: Option<Hold>,
    /// A WFM's own head count.
    pub summary: Option<AdherenceSummary>,
    /// The time zone in which the vendor's day begins at midnight, and its wall times are.
    pub day_zone: Option<chrono_tz::Tz>,
    /// Whether differing from it is a conflict; a WFM's states may be kept by hand.
    pub may_conflict: bool,
    /// What it is asked for beside the main reading.
    pub sides: Vec<SideFeed>,
}

impl Feed {
    /// A source that has not spoken yet.
    #[must_use]
    pub fn new(name: SourceName, kind: SourceKind, poll: TimeDelta) -> Self {
        Self {
            name,
            kind,
            poll,
            as_of: None,
            read_at: None,
            readings: 0,
            failures: 0,
            failure: None,
            next_at: None,
            clock_offset: None,
            took: None,
            skipped: 0,
            repaired: 0,
            way_back: None,
            unread: Vec::new(),
            coverage: None,
            hold: None,
            summary: None,
            day_zone: None,
            may_conflict: kind.is_telephony(),
            sides: Vec::new(),
        }
    }

    /// What is read beside the main reading, if it is.
    #[must_use]
    pub fn side(&self, side: Side) -> Option<&SideFeed> {
        self.sides.iter().find(|feed| feed.side == side)
    }

    pub(super) fn side_mut(&mut self, side: Side) -> Option<&mut SideFeed> {
        self.sides.iter_mut().find(|feed| feed.side == side)
    }

    /// How far it can be trusted at `now`.
    ///
    /// One failed attempt makes it stale at once: what stands on the screen is then known not to be
    /// the newest. Silence makes it stale after three missed polls, and never before 10 s. So does a
    /// reading that seems to come from the future: our own clock was set back, and nobody can say
    /// how old it is.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> FeedStatus {
        FeedStatus::of(self.failure.as_ref(), self.read_at, self.poll, now)
    }

    /// The word for how it is doing, on a screen.
    #[must_use]
    pub fn word(&self, now: DateTime<Utc>) -> &'static str {
        shown_word(self.status(now), self.failure.as_ref())
    }

    /// Whether whom it does not list now is not there: it is live, and its last list claims to be
    /// everybody and is not in doubt.
    #[must_use]
    pub fn lists_everybody(&self, now: DateTime<Utc>) -> bool {
        self.status(now) == FeedStatus::Live
            && matches!(self.coverage, Some(Coverage::Whole { .. }))
            && !self.hold.is_some_and(|hold| hold.is_active(now))
    }

    /// The silence after which the last reading is no longer current.
    #[must_use]
    pub fn patience(&self) -> TimeDelta {
        patience(self.poll)
    }

    /// How much of its log could not be read so far, in a sentence; none where nothing is missed.
    #[must_use]
    pub fn missed(&self) -> Option<String> {
        let first = self.unread.first()?;
        let missed = self.unread.iter().map(|unread| unread.until - unread.from).sum::<TimeDelta>();
        let minutes = (missed.num_seconds().max(0) + 59) / 60;
        let why = &first.why;
        Some(format!("{minutes} min of its log could not be read and are asked for again: {why}"))
    }

    /// Why its last list is doubtful at `now`, in a sentence; none where it is not.
    #[must_use]
    pub fn doubt(&self, now: DateTime<Utc>) -> Option<String> {
        let hold = self.hold.filter(|hold| hold.is_active(now))?;
        let why = hold.reason;
        Some(format!("the last list is doubtful: it {why}; who is missing is held as stale"))
    }

    /// How old what it says is at `now`; none before the first reading.
    #[must_use]
    pub fn age(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.as_of.map(|as_of| (now - as_of).max(TimeDelta::zero()))
    }
}

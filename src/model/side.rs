//! What a source is asked for beside its main reading, each with a condition of its own: a log that
//! fails says nothing against the monitor beside it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::feed::{patience, shown_word};
use super::{AlertId, AlertStatus, Failure, FeedStatus, WayBack};

/// What a source is asked for beside its main reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Convoso's agent-productivity: the log of yesterday and today.
    History,
    /// A WFM's alerts.
    Alerts,
}

impl Side {
    /// The word shown beside the source's name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::History => "agent-productivity",
            Self::Alerts => "alerts",
        }
    }
}

/// What the supervisor wants to know beyond what is read all the time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookUp {
    /// How one alert stands.
    Alert(AlertId),
    /// The alerts with one status.
    Alerts(AlertStatus),
}

impl std::fmt::Display for LookUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Alert(id) => write!(f, "alert {id}"),
            Self::Alerts(status) => write!(f, "{} alerts", status.word()),
        }
    }
}

/// How one of them is doing.
#[derive(Debug, Clone, PartialEq)]
pub struct SideFeed {
    /// Which.
    pub side: Side,
    /// How often it is read.
    pub poll: TimeDelta,
    /// The instant its last reading describes, in our clock.
    pub as_of: Option<DateTime<Utc>>,
    /// When that reading came.
    pub read_at: Option<DateTime<Utc>>,
    /// Successful readings since the start.
    pub readings: u64,
    /// Failed attempts since the last success.
    pub failures: u32,
    /// Why the last attempt failed; none after a success.
    pub failure: Option<Failure>,
    /// When it is asked again.
    pub next_at: Option<DateTime<Utc>>,
    /// Records that could not be understood: of a log all that are known, else those of the last answer.
    pub skipped: u32,
    /// What came with something that is no text, and is shown as U+FFFD: of a log the agents of all its
    /// answers, else the alerts of the last one.
    pub repaired: u32,
    /// How far it has been read; none where one answer holds everything.
    pub way_back: Option<WayBack>,
    /// Why what it said is known not to be all, in a sentence.
    pub incomplete: Option<String>,
}

impl SideFeed {
    /// One that has not spoken yet.
    #[must_use]
    pub fn new(side: Side, poll: TimeDelta) -> Self {
        Self {
            side,
            poll,
            as_of: None,
            read_at: None,
            readings: 0,
            failures: 0,
            failure: None,
            next_at: None,
            skipped: 0,
            repaired: 0,
            way_back: None,
            incomplete: None,
        }
    }

    /// How far it can be trusted at `now`; see [`super::Feed::status`], which goes by the same rules.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> FeedStatus {
        FeedStatus::of(self.failure.as_ref(), self.read_at, self.poll, now)
    }

    /// The word for how it is doing, on a screen.
    #[must_use]
    pub fn word(&self, now: DateTime<Utc>) -> &'static str {
        shown_word(self.status(now), self.failure.as_ref())
    }

    /// The silence after which what it said last is no longer current.
    #[must_use]
    pub fn patience(&self) -> TimeDelta {
        patience(self.poll)
    }

    /// Whether it has said all there is, or has failed: nothing better is to be waited for.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        let is_whole = self.way_back.is_none_or(WayBack::is_complete);
        self.failure.is_some() || self.readings > 0 && is_whole
    }
}

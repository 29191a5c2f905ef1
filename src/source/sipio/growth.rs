//! Where the time between two readings went, laid out one state after the other.
//!
//! The counters say to the millisecond how long each state lasted, but not in which order. What is
//! left of the state before comes first, what holds now last, and in between what follows on that in
//! the round of work.

use chrono::{DateTime, TimeDelta, Utc};

use super::buckets::{activity, name};
use super::state::{State, slack};
use crate::model::{Activity, Bucket, Doubt, Evidence, RawWord, Spell};

/// By so much two readings may miss the time between them: the vendor looks at its clock at some
/// instant between our asking and its answer. It is nobody's time, so it is left to its neighbour.
const JITTER: TimeDelta = TimeDelta::seconds(1);

/// By how much each counter grew between two readings.
#[derive(Debug, Clone)]
pub(super) struct Growth {
    /// The reading before.
    pub(super) from: DateTime<Utc>,
    /// When the counters first stood as they stood then: before `from`, where they stood still.
    pub(super) moved_at: DateTime<Utc>,
    /// This reading.
    pub(super) at: DateTime<Utc>,
    /// The state that was going on, or came last in what was laid out before.
    pub(super) before: Option<Bucket>,
    /// What grew.
    pub(super) by: Vec<(Bucket, TimeDelta)>,
}

/// A stretch of what is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// None for time that no counter accounts for.
    pub(super) bucket: Option<Bucket>,
    pub(super) since: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// Whether several states lie between the readings, so that only its length is sure.
    pub(super) is_somewhere: bool,
}

impl Growth {
    /// What was done before `now`, the present state, or before the reading, where that is not
    /// known: oldest first, without gaps.
    ///
    /// It begins with the reading before, or earlier, where the counters stood still then because an
    /// answer was kept on its way.
    pub(super) fn lay_out(&self, now: Option<&State>) -> Vec<Piece> {
        let end = now.and_then(|now| now.since).unwrap_or(self.at).min(self.at);
        let mut done: Vec<_> = self
            .by
            .iter()
            .filter(|(bucket, _)| now.is_none_or(|now| now.bucket != *bucket))
            .collect();
        let first = self.before.as_ref().map_or(0, place);
        done.sort_by_key(|(bucket, _)| {
            (self.before.as_ref() != Some(bucket), (place(bucket) + ROUND - first) % ROUND)
        });
        let begin = done.iter().fold(end, |begin, (_, by)| begin - *by);
        let mut earliest = if begin < self.from - JITTER { self.moved_at } else { self.from };
        let mut pieces = Vec::with_capacity(done.len() + 1);
        let is_somewhere = done.len() > 1;
        let gap = Piece { bucket: None, since: self.from, until: end, is_somewhere: false };
        if begin < earliest - slack(self.at - earliest) {
            // More than the time that passed: what is told of it is told of some other time.
            return nonempty(vec![gap]);
        }
        if begin > earliest + JITTER {
            earliest = begin;
            pieces.push(Piece { until: begin, ..gap });
        }
        let mut since = begin;
        for (index, (bucket, by)) in done.into_iter().enumerate() {
            let until = since + *by;
            let begins = if index == 0 { earliest } else { since.max(earliest) };
            pieces.push(Piece { bucket: Some(bucket.clone()), since: begins, until, is_somewhere });
            since = until;
        }
        nonempty(pieces)
    }
}

fn nonempty(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.retain(|piece| piece.since < piece.until);
    pieces
}

impl From<Piece> for Spell {
    fn from(piece: Piece) -> Self {
        let Piece { bucket, since, until, is_somewhere } = piece;
        Self {
            since,
            until: Some(until),
            activity: bucket.as_ref().map_or(Activity::Unknown, activity),
            evidence: Evidence::Inferred,
            raw: RawWord::from(bucket.as_ref().map_or("", name)),
            doubt: is_somewhere.then_some(Doubt::Order),
        }
    }
}

/// How many places the round of work has.
const ROUND: u8 = 10;

/// The place of `bucket` in the round of work: from signing in over calls to a pause, and on with
/// waiting for the next call, or with leaving.
fn place(bucket: &Bucket) -> u8 {
    match bucket {
        Bucket::Offline => 0,
        Bucket::Unreachable => 1,
        Bucket::LoggedIn => 2,
        Bucket::Available => 3,
        Bucket::Ringing => 4,
        Bucket::ExternalCall => 5,
        Bucket::OnContact => 6,
        Bucket::WrapUp => 7,
        Bucket::Away => 8,
        Bucket::Other(_) => 9,
    }
}

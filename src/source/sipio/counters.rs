//! Which state an agent is in, concluded from which of its counters grew between two readings of the
//! same window.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::buckets::name;
use super::growth::{Growth, Piece};
use super::state::{State, slack};
use crate::model::Bucket;

/// Time in each bucket since the window began; a bucket that is not there has none.
pub(super) type Spent = BTreeMap<Bucket, TimeDelta>;

/// What is remembered of one agent between two readings of the same window.
#[derive(Debug, Clone)]
pub(super) struct Track {
    spent: Spent,
    /// When it was last read.
    read_at: DateTime<Utc>,
    /// When its counters first stood as they stand.
    moved_at: DateTime<Utc>,
    state: Option<State>,
    /// What was going on at the reading as far as it has been laid out: the state, or, where that is
    /// open, what came last.
    last: Option<State>,
    /// What grew since the reading before; none where the two cannot be compared.
    growth: Option<Growth>,
}

/// What the counters say of the present state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// The agent is in it.
    In(State),
    /// They leave it open, for this reason.
    Open(String),
}

impl Track {
    /// The first reading of a window: it tells how long, not what now.
    pub(super) fn first(spent: Spent, at: DateTime<Utc>) -> (Self, Finding) {
        let track =
            Self { spent, read_at: at, moved_at: at, state: None, last: None, growth: None };
        (track, Finding::Open("no growth seen yet".to_owned()))
    }

    /// The reading at `at`, the first since the server's clock was set: of what it says now the time
    /// before may be another, so that nothing can be concluded from it; what went on is taken to go on.
    pub(super) fn carried(&self, spent: Spent, at: DateTime<Utc>) -> (Self, Finding) {
        let (state, last) = (self.state.clone(), self.last.clone());
        let finding = match &state {
            Some(state) => Finding::In(state.clone()),
            None => Finding::Open("the server's clock was set".to_owned()),
        };
        (Self { spent, read_at: at, moved_at: at, state, last, growth: None }, finding)
    }

    /// The reading at `at`, with what it implies.
    pub(super) fn next(&self, spent: Spent, at: DateTime<Utc>) -> (Self, Finding) {
        if at <= self.read_at {
            return Self::first(spent, at); // our clock was set: no time can be compared
        }
        let at_of = |spent: &Spent, bucket| spent.get(bucket).copied().unwrap_or_default();
        if self.spent.iter().any(|(bucket, before)| at_of(&spent, bucket) < *before) {
            // The vendor computes its figures from a log, anew when a late event turns up.
            let (track, _) = Self::first(spent, at);
            return (track, Finding::Open("counters recomputed".to_owned()));
        }
        let grown: Vec<Grown<'_>> = spent
            .iter()
            .map(|(bucket, now)| Grown { bucket, by: *now - at_of(&self.spent, bucket) })
            .filter(|grown| grown.by > TimeDelta::zero())
            .collect();
        let finding = self.conclude(&grown, at);
        let (moved_at, state) = match &finding {
            _ if grown.is_empty() => (self.moved_at, self.state.clone()),
            Finding::In(state) => (at, Some(state.clone())),
            Finding::Open(_) => (at, None),
        };
        let growth = Growth {
            from: self.read_at,
            moved_at: self.moved_at,
            at,
            before: self.last.as_ref().map(|last| last.bucket.clone()),
            by: grown.iter().map(|grown| (grown.bucket.clone(), grown.by)).collect(),
        };
        let (last, growth) = (self.last.clone(), Some(growth));
        (Self { spent, read_at: at, moved_at, state, last, growth }, finding)
    }

    /// Where the time between the reading before and `now`, the state that this one was found to show,
    /// went: see [`Growth::lay_out`].
    pub(super) fn lay_out(&mut self, now: Option<&State>) -> Vec<Piece> {
        let growth = self.growth.take();
        let pieces = growth.as_ref().map(|growth| growth.lay_out(now)).unwrap_or_default();
        let stood_still = growth.is_some_and(|growth| growth.by.is_empty());
        self.last = match (now, pieces.last()) {
            (Some(now), _) => Some(now.clone()),
            (None, _) if stood_still => self.last.take(),
            (None, last) => last.and_then(|piece| {
                Some(State { bucket: piece.bucket.clone()?, since: Some(piece.since) })
            }),
        };
        pieces
    }

    /// What a live word beside the counters says: the state is `bucket`, and only since when has to
    /// be concluded. `before` is the reading before this one. Who was there before and somewhere else
    /// in between came back.
    pub(super) fn told(&mut self, bucket: Bucket, before: Option<&Self>) -> State {
        let of = |track: &Self| track.spent.get(&bucket).copied().unwrap_or_default();
        let grown = before.map(|before| of(self) - of(before));
        let at_latest = grown.map(|grown| self.read_at - grown.max(TimeDelta::zero()));
        let growth = self.growth.iter().flat_map(|growth| &growth.by);
        let stayed = growth.into_iter().all(|(grown, _)| *grown == bucket);
        let since = match before.and_then(|before| before.last.as_ref()) {
            Some(last) if last.bucket == bucket && stayed => last.since.or(at_latest),
            _ => at_latest,
        };
        let state = State { bucket, since };
        self.state = Some(state.clone());
        state
    }

    fn conclude(&self, grown: &[Grown<'_>], at: DateTime<Utc>) -> Finding {
        let total = grown.iter().fold(TimeDelta::zero(), |sum, grown| sum + grown.by);
        let open = |text: String| Finding::Open(text);
        let now = |grown: &Grown<'_>, since| {
            Finding::In(State { bucket: grown.bucket.clone(), since: Some(since) })
        };
        let same = |was: &&State, grown: &Grown<'_>| was.bucket == *grown.bucket;
        let was = |grown: &Grown<'_>| self.state.as_ref().filter(|was| same(was, grown));
        let fits = self.fits(total, at);
        match grown {
            [] => open("nothing grew".to_owned()),
            [only] if fits => {
                let begun = at - only.by;
                // What was open then and came last in what was laid out turns out to have been last.
                let last = self.last.as_ref().filter(|last| same(last, only));
                let going_on = last.filter(|_| begun <= self.moved_at + slack(only.by));
                now(only, going_on.and_then(|was| was.since).unwrap_or(begun))
            }
            [only] => open(format!("perhaps {}", name(only.bucket))),
            // The state before and one other: the agent went over to the other. To have come back
            // already, it would have to have been there for less than the time between two readings;
            // the next one then shows the growth of the first alone, and says so.
            [a, b] if fits && was(a).is_some() => now(b, at - b.by),
            [a, b] if fits && was(b).is_some() => now(a, at - a.by),
            several => {
                let names: Vec<&str> = several.iter().map(|grown| name(grown.bucket)).collect();
                open(names.join(" or "))
            }
        }
    }

    /// Whether the counters grew by about the time that passed. Since when they stood still counts
    /// too: an answer may have been kept somewhere on its way. Counters without any time began only
    /// with the agent's first event, at any instant in between.
    fn fits(&self, total: TimeDelta, at: DateTime<Utc>) -> bool {
        let (least, most) = (at - self.read_at, at - self.moved_at);
        let is_fresh = self.spent.values().all(TimeDelta::is_zero);
        (is_fresh || total >= least - slack(least)) && total <= most + slack(most)
    }
}

/// One bucket that grew.
struct Grown<'a> {
    bucket: &'a Bucket,
    by: TimeDelta,
}

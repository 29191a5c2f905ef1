//! What the readings of a source showed of an agent for a while: the queue it sat in, what a WFM had
//! scheduled for it.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::moved::each;

/// For so long it is kept, as long as what agents did.
const KEPT: TimeDelta = TimeDelta::hours(26);

/// A stretch of time in which the readings showed one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span<T> {
    /// The first reading that showed it, in our clock.
    pub since: DateTime<Utc>,
    /// The last instant that confirms it, in our clock; none while it goes on.
    pub until: Option<DateTime<Utc>>,
    /// The value.
    pub value: T,
}

impl<T> Span<T> {
    /// Its end; a span of no length without one.
    fn end(&self) -> DateTime<Utc> {
        self.until.unwrap_or(self.since)
    }
}

/// The stretches of one agent, by beginning. Between two of them nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans<T> {
    /// What this run saw; the last instant that confirms the last one is its end.
    seen: VecDeque<Span<T>>,
    /// Whether the last one goes on as far as has been recorded.
    is_open: bool,
    /// What earlier runs recorded, without overlaps. It holds until this run saw something itself.
    restored: Vec<Span<T>>,
    /// The silence between two readings beyond which nobody knows what was in between.
    patience: TimeDelta,
}

impl<T> Default for Spans<T> {
    fn default() -> Self {
        Self {
            seen: VecDeque::new(),
            is_open: false,
            restored: Vec::new(),
            patience: TimeDelta::zero(),
        }
    }
}

impl<T: Clone + PartialEq> Spans<T> {
    /// Takes in what the reading of `as_of` shows; none where it shows nothing. A silence longer than
    /// `patience` between two readings is a gap. What has to be recorded, a later one replacing what
    /// began at the same instant; nothing where nothing changed.
    pub fn see(
        &mut self,
        value: Option<&T>,
        as_of: DateTime<Utc>,
        patience: TimeDelta,
    ) -> Vec<Span<T>> {
        self.patience = patience;
        let mut recorded = self.rewind(as_of);
        if let Some(last) = self.seen.back_mut().filter(|_| self.is_open) {
            let confirmed = last.end();
            let heard_of = as_of - confirmed <= patience;
            if heard_of && value == Some(&last.value) {
                last.until = Some(as_of);
                return recorded;
            }
            last.until = Some(if heard_of { as_of } else { confirmed });
            recorded.push(last.clone());
            self.is_open = false;
        }
        if let Some(value) = value {
            let span = Span { since: as_of, until: Some(as_of), value: value.clone() };
            recorded.push(Span { until: None, ..span.clone() });
            self.seen.push_back(span);
            self.is_open = true;
            self.forget_before(as_of - KEPT);
        }
        recorded
    }

    /// Moves what this run saw: the clock was set.
    pub(super) fn move_by(&mut self, by: TimeDelta) {
        each(&mut self.seen, by);
    }

    /// Takes in what an earlier run recorded; in any order with [`Self::see`]. `patience` as there.
    pub fn restore(&mut self, spans: Vec<Span<T>>, patience: TimeDelta) {
        self.patience = patience;
        let mut all = std::mem::take(&mut self.restored);
        all.extend(spans.into_iter().filter(|span| span.since < span.end()));
        all.sort_by_key(|span| (span.since, span.until));
        for span in all {
            match self.restored.last_mut() {
                Some(last) if span.since <= last.end() && span.value == last.value => {
                    last.until = last.until.max(span.until);
                }
                Some(last) if span.since < last.end() => {
                    // What two programs saw differently: the later one's word, then again the other's.
                    let rest = Span { since: span.end(), ..last.clone() };
                    last.until = Some(span.since);
                    self.restored.push(span);
                    self.restored.extend(Some(rest).filter(|rest| rest.since < rest.end()));
                }
                _ => self.restored.push(span),
            }
        }
        self.restored.retain(|span| span.since < span.end());
    }

    /// What it was between `from` and `to`, cut to that, oldest first, each with an end.
    pub fn within(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Span<T>> {
        self.going_on_within(from, to, None)
    }

    /// The same; what goes on is taken to go on until `at`.
    pub fn going_on_within(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        at: Option<DateTime<Utc>>,
    ) -> Vec<Span<T>> {
        let begun = self.seen.partition_point(|span| span.since <= from).saturating_sub(1);
        let seen = self.seen.range(begun..).enumerate().map(|(index, span)| {
            let is_last = begun + index + 1 == self.seen.len();
            let until = span.until.max(at.filter(|_| is_last && self.is_open));
            Span { until, ..span.clone() }
        });
        let first_seen = self.seen.front().map(|span| span.since);
        let begun = self.restored.partition_point(|span| span.since <= from).saturating_sub(1);
        let restored = self.restored[begun..].iter().enumerate().map(|(index, span)| {
            let next = self.restored.get(begun + index + 1).map(|next| next.since);
            let next = next.into_iter().chain(first_seen).min();
            // As long as a source may be silent while it runs, it may be between two runs.
            let bridged = next.filter(|next| *next - span.end() <= self.patience);
            Span { until: bridged.or(span.until), ..span.clone() }
        });
        let restored = restored.take_while(|span| first_seen.is_none_or(|seen| span.since < seen));
        let cut = |span: Span<T>| {
            let (since, until) = (span.since.max(from), span.end().min(to));
            (since < until).then_some(Span { since, until: Some(until), value: span.value })
        };
        restored.chain(seen).take_while(|span| span.since < to).filter_map(cut).collect()
    }

    /// Whether there is anything of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty() && self.restored.is_empty()
    }

    fn forget_before(&mut self, before: DateTime<Utc>) {
        while self.seen.front().is_some_and(|span| span.end() < before) {
            self.seen.pop_front();
        }
        if self.restored.first().is_some_and(|span| span.end() < before) {
            self.restored.retain(|span| span.end() >= before);
        }
    }

    /// Forgets what lies after `as_of`: our clock was set back, and it never was. What of it was
    /// recorded is recorded anew, without a length.
    fn rewind(&mut self, as_of: DateTime<Utc>) -> Vec<Span<T>> {
        let mut recorded = Vec::new();
        while let Some(gone) = self.seen.pop_back_if(|span| span.since > as_of) {
            recorded.push(Span { until: Some(gone.since), ..gone });
            self.is_open = false;
        }
        if let Some(last) = self.seen.back_mut().filter(|last| last.end() > as_of) {
            last.until = Some(as_of);
            if !self.is_open {
                recorded.push(last.clone());
            }
        }
        recorded
    }
}

#[cfg(test)]
mod tests;

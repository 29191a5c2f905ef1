//! What a timeline tells: its two layers as one sequence of spells.

use chrono::{DateTime, TimeDelta, Utc};

use super::overlay::in_turn;
use super::{Spell, Timeline};
use crate::model::{Activity, Layer, Reason};

/// A log and the monitor beside it may put one event so far apart: both count whole seconds, and
/// what is known of the server's clock is as good as that.
pub(in crate::model) const TOLERANCE: TimeDelta = TimeDelta::seconds(10);

/// One agent's past at one source, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    timeline: &'a Timeline,
    /// Up to when the log has been read; what goes on by the log goes on until then.
    read_until: Option<DateTime<Utc>>,
    /// Until when what was watched last is taken to go on, where that is later than it was confirmed.
    watched_on: Option<DateTime<Utc>>,
}

/// A spell of a [`Past`] with its true beginning and its end, and which layer tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::model) struct Piece {
    /// The spell; its end is always known.
    pub(in crate::model) spell: Spell,
    /// Until when, exclusive.
    pub(in crate::model) until: DateTime<Utc>,
    /// Which layer tells it.
    pub(in crate::model) layer: Layer,
}

impl<'a> Past<'a> {
    pub(super) fn new(timeline: &'a Timeline, read_until: Option<DateTime<Utc>>) -> Self {
        Self { timeline, read_until, watched_on: None }
    }

    /// Up to when the log has been read; none without one.
    #[must_use]
    pub fn read_until(&self) -> Option<DateTime<Utc>> {
        self.read_until
    }

    /// Up to when anything is known of the agent, by either layer.
    #[must_use]
    pub fn known_until(&self) -> Option<DateTime<Utc>> {
        let earlier = self.timeline.restored.iter().filter_map(|spell| spell.until).max();
        self.read_until.max(self.watched_until()).max(earlier)
    }

    /// The same past, for whom the log may be taken to say nothing new until `at`.
    #[must_use]
    pub fn going_on_until(self, at: DateTime<Utc>) -> Self {
        Self { read_until: self.read_until.max(Some(at)), ..self }
    }

    /// The same past, where what was watched last goes on until `at`.
    pub(in crate::model) fn watched_on_until(self, at: DateTime<Utc>) -> Self {
        Self { watched_on: Some(at), ..self }
    }

    /// Up to when readings have confirmed the agent; none where none was watched.
    pub(in crate::model) fn watched_until(&self) -> Option<DateTime<Utc>> {
        let own = self.timeline.watched.back().and_then(|spell| spell.until);
        let earlier = self.timeline.restored.iter().filter_map(|spell| spell.until);
        own.or_else(|| earlier.max())
    }

    /// What readings showed last, of this run or of an earlier one.
    pub(in crate::model) fn last_watched(&self) -> Option<&'a Spell> {
        let own = self.timeline.watched.back();
        own.or_else(|| self.timeline.restored.iter().max_by_key(|spell| spell.until))
    }

    /// The spells between `from` and `to`, cut to that, oldest first, each with an end. They never
    /// overlap; between them there may be gaps: nobody knows. A pause that was watched without a
    /// reason has the one that the log gives for it.
    #[must_use]
    pub fn spells(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Spell> {
        let cut = |piece: Piece| {
            let since = piece.spell.since.max(from);
            (since < piece.until).then_some(Spell { since, ..piece.spell })
        };
        // Between one reading and the next the log knows nothing that the readings will not show: it
        // may have been read a moment later, and would end a call that goes on.
        let logged = self.log(to).take_while(|entry| entry.spell.since < to).last();
        let watched = self.watched_until().map(|until| until.min(to)).zip(logged);
        let is_between = |(until, logged): &(DateTime<Utc>, Bounded<'_>)| {
            logged.until.min(to) - *until <= TOLERANCE
        };
        let log_until = watched.filter(is_between).map_or(to, |(until, _)| until);
        self.told(from, to, log_until).into_iter().filter_map(cut).collect()
    }

    /// What [`Self::spells`] tells, from the last spell on that began at or before `from`, ended or
    /// not, each with its true beginning; and what the log says after the last reading, at once.
    pub(in crate::model) fn pieces(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Piece> {
        self.told(from, to, to)
    }

    /// The same; after the last reading the log is told until `log_until`.
    fn told(&self, from: DateTime<Utc>, to: DateTime<Utc>, log_until: DateTime<Utc>) -> Vec<Piece> {
        let watched = self.shown(from, to);
        // What holds at `from` is told from where it began, by either layer.
        let covers = |spell: &&Spell| spell.until.is_none_or(|until| until > from);
        let shown = watched.first().filter(covers).map(|spell| spell.since);
        let logged = self.log(from).next().map(|entry| entry.spell.since);
        let start = [shown, logged].into_iter().flatten().fold(from, DateTime::min);
        let log: Vec<_> = self.log(start).take_while(|entry| entry.spell.since < to).collect();
        let mut rest = log.as_slice();
        let mut found = Vec::new();
        let mut free = start;
        for shown in bounded(watched.iter(), None) {
            let (since, until) = (shown.spell.since, shown.until.min(to));
            if since >= to {
                break;
            }
            while let [entry, later @ ..] = rest {
                found.extend(entry.part(free, since).map(|spell| (spell, Layer::Recorded)));
                if entry.until > since {
                    break;
                }
                rest = later;
            }
            let mut told = Vec::new();
            if since < until {
                shown.tell(since, until, rest, &mut told);
            } else {
                // Seen at one instant only: no time, but what was before had ended by then.
                told.push(Spell { until: Some(since), ..shown.spell.clone() });
            }
            found.extend(told.into_iter().map(|spell| (spell, Layer::Watched)));
            free = until;
        }
        let tail = rest.iter().filter_map(|entry| entry.part(free, log_until));
        found.extend(tail.map(|spell| (spell, Layer::Recorded)));
        let pieces = found.into_iter().filter_map(|(spell, layer)| {
            let until = spell.until?;
            Some(Piece { spell, until, layer })
        });
        let mut pieces: Vec<_> = pieces.collect();
        let first = pieces.partition_point(|piece| piece.spell.since <= from).saturating_sub(1);
        pieces.drain(..first);
        pieces
    }

    /// What was watched by this run and by earlier ones, from the last spell on that began at or
    /// before `from`, each with an end.
    fn shown(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Spell> {
        let Timeline { watched, restored, restored_in_turn, patience, .. } = self.timeline;
        // What begins a moment later may end the silence before it.
        let to = to + *patience;
        let begun = watched.partition_point(|spell| spell.since <= from).saturating_sub(1);
        let last = watched.len().checked_sub(1);
        let own = watched.range(begun..).enumerate().take_while(|(_, spell)| spell.since < to);
        let mut shown: Vec<_> = own
            .map(|(index, spell)| {
                let on = self.watched_on.filter(|_| Some(begun + index) == last);
                Spell { until: spell.until.max(on), ..spell.clone() }
            })
            .collect();
        let earlier = restored_in_turn.as_ref().unwrap_or(restored);
        let begun = earlier.partition_point(|spell| spell.since <= from).saturating_sub(1);
        let earlier = earlier[begun..].iter().take_while(|spell| spell.since < to);
        let first = shown.first().filter(|spell| spell.since <= from).map(|spell| spell.since);
        let matters = |spell: &&Spell| first.is_none_or(|first| spell.until > Some(first));
        let before = shown.len();
        shown.extend(earlier.filter(matters).cloned());
        if shown.len() == before { shown } else { in_turn(shown, *patience).1 }
    }

    /// Whether a reading showed what was done at `at`; where none did, the log alone says so.
    #[must_use]
    pub fn is_watched(&self, at: DateTime<Utc>) -> bool {
        let shown = self.shown(at, at + TimeDelta::nanoseconds(1));
        shown.iter().any(|spell| spell.since <= at && spell.until.is_some_and(|until| at < until))
    }

    /// What the log alone says between `from` and `to`, cut to that, oldest first, each with an end:
    /// what the vendor's own metrics are made of.
    #[must_use]
    pub fn recorded(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Spell> {
        self.log(from).filter_map(|entry| entry.part(from, to)).collect()
    }

    /// The log from what held at `from` on.
    fn log(&self, from: DateTime<Utc>) -> impl Iterator<Item = Bounded<'a>> {
        let recorded = &self.timeline.recorded;
        let begun = recorded.partition_point(|spell| spell.since <= from).saturating_sub(1);
        bounded(recorded[begun..].iter(), self.read_until)
    }
}

/// A spell with its end.
struct Bounded<'a> {
    spell: &'a Spell,
    until: DateTime<Utc>,
}

/// `spells`, each with its end: its own, else where the next begins, else `known_until`.
fn bounded<'a>(
    spells: impl Iterator<Item = &'a Spell>,
    known_until: Option<DateTime<Utc>>,
) -> impl Iterator<Item = Bounded<'a>> {
    let mut spells = spells.peekable();
    std::iter::from_fn(move || {
        let spell = spells.next()?;
        let next = spells.peek().map(|next| next.since);
        let until = match (spell.until, next) {
            (Some(until), Some(next)) => until.min(next),
            (Some(end), None) | (None, Some(end)) => end,
            (None, None) => known_until.unwrap_or(spell.since),
        };
        Some(Bounded { spell, until })
    })
}

impl Bounded<'_> {
    /// What of it lies between `from` and `to`.
    fn part(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Spell> {
        let (since, until) = (self.spell.since.max(from), self.until.min(to));
        (since < until).then(|| Spell { since, until: Some(until), ..self.spell.clone() })
    }

    /// Adds what of it lies between `from` and `to`; where it is a pause without a reason, in parts
    /// with the reasons that `log` gives. What the log says of a pause that began earlier is no
    /// reason for this one.
    fn tell(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        log: &[Bounded<'_>],
        found: &mut Vec<Spell>,
    ) {
        let mut told = from;
        if self.spell.activity == Activity::Away(Reason::Unspecified) {
            // What lies within the tolerance of an end of the pause is that end.
            let near = |at: DateTime<Utc>, end: DateTime<Utc>| (at - end).abs() <= TOLERANCE;
            let earliest = self.spell.since - TOLERANCE;
            for (index, entry) in log.iter().enumerate() {
                let Some(reason) = entry.spell.activity.reason() else { continue };
                if *reason == Reason::Unspecified || entry.spell.since < earliest {
                    continue;
                }
                let since = entry.spell.since;
                let since = if near(since, told) { told } else { since.max(told) };
                // As far as the log has been read it goes on; the pause says that it still does.
                let is_open = entry.spell.until.is_none() && index + 1 == log.len();
                let until = if is_open || near(entry.until, to) { to } else { entry.until };
                if let Some(named) = self.part(since, until.min(to)) {
                    found.extend(self.part(told, since));
                    found.push(Spell { activity: Activity::Away(reason.clone()), ..named });
                    told = until.min(to);
                }
            }
        }
        found.extend(self.part(told, to));
    }
}

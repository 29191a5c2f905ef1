//! What a timeline tells: its two layers as one sequence of spells.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

use super::logouts::is_absence;
use super::overlay::{in_turn, is_left_open};
use super::{Spell, Timeline};
use crate::model::{Activity, Evidence, Layer, Reason};

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

/// A spell of a [`Past`], or as much of it as nothing else covers. A day has hundreds of them for every
/// agent: they are lent, and not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::model) struct Piece<'a> {
    /// Since when.
    pub(in crate::model) since: DateTime<Utc>,
    /// Until when, exclusive.
    pub(in crate::model) until: DateTime<Utc>,
    /// What was done then, and how that is known; its own beginning and end may lie farther apart.
    pub(in crate::model) spell: Cow<'a, Spell>,
    /// Which layer tells it.
    pub(in crate::model) layer: Layer,
}

impl Piece<'_> {
    fn into_spell(self) -> Spell {
        Spell { since: self.since, until: Some(self.until), ..self.spell.into_owned() }
    }
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

    /// Up to when anything is known of the agent, by either layer. What a log tells by a clock that is
    /// ahead may lie after all that has been read.
    #[must_use]
    pub fn known_until(&self) -> Option<DateTime<Utc>> {
        let earlier = self.timeline.restored.iter().filter_map(|spell| spell.until).max();
        let latest = self.timeline.latest_beginning();
        self.read_until.max(self.watched_until()).max(earlier).max(latest)
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

    /// What a list that had the agent showed last, of this run or of an earlier one.
    pub(in crate::model) fn last_listed(&self) -> Option<&'a Spell> {
        let was_listed = |spell: &&Spell| !spell.is_not_listed() && !is_absence(spell);
        let Timeline { watched, restored, .. } = self.timeline;
        let own = watched.iter().rev().find(was_listed);
        own.or_else(|| restored.iter().filter(was_listed).max_by_key(|spell| spell.until))
    }

    /// The spells between `from` and `to`, cut to that, oldest first, each with an end. They never
    /// overlap; between them there may be gaps: nobody knows. A pause that was watched without a
    /// reason has the one that the log gives for it.
    #[must_use]
    pub fn spells(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Spell> {
        let cut = |piece: Piece<'_>| {
            let since = piece.since.max(from);
            (since < piece.until).then(|| Piece { since, ..piece }.into_spell())
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
    pub(in crate::model) fn pieces(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<Piece<'a>> {
        self.told(from, to, to)
    }

    /// The same; after the last reading the log is told until `log_until`.
    fn told(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        log_until: DateTime<Utc>,
    ) -> Vec<Piece<'a>> {
        let watched = self.shown(from, to);
        // What holds at `from` is told from where it began, by either layer.
        let covers = |spell: &&Cow<'_, Spell>| {
            spell.since <= from && spell.until.is_none_or(|until| until > from)
        };
        let shown = watched.iter().find(covers).map(|spell| spell.since);
        let logged = self.log(from).next().map(|entry| entry.spell.since);
        let start = [shown, logged].into_iter().flatten().fold(from, DateTime::min);
        let log: Vec<_> = self.log(start).take_while(|entry| entry.spell.since < to).collect();
        let mut rest = log.as_slice();
        let mut told = Vec::with_capacity(watched.len() + log.len());
        let mut free = start;
        // A log may lack a logout that the readings saw: what it says of the time before is over then.
        let mut gone = None;
        for shown in bounded(watched.into_iter(), Layer::Watched, None) {
            let (since, until) = (shown.spell.since, shown.until.min(to));
            if since >= to {
                break;
            }
            while let [entry, later @ ..] = rest {
                told.extend(entry.part(free, since).filter(|_| Some(entry.spell.since) >= gone));
                if entry.until > since {
                    break;
                }
                rest = later;
            }
            let is_logout = shown.spell.activity == Activity::Offline
                && shown.spell.evidence == Evidence::Observed;
            gone = is_logout.then(|| shown.spell.since - TOLERANCE);
            if since < until {
                shown.tell(since, until, rest, &mut told);
            } else {
                // Seen at one instant only: no time, but what was before had ended by then.
                let Bounded { spell, layer, .. } = shown;
                told.push(Piece { since, until: since, spell, layer });
            }
            free = until;
        }
        let rest = rest.iter().filter(|entry| Some(entry.spell.since) >= gone);
        told.extend(rest.filter_map(|entry| entry.part(free, log_until)));
        let first = told.partition_point(|piece| piece.since <= from).saturating_sub(1);
        told.drain(..first);
        told
    }

    /// What was watched by this run and by earlier ones, from the last spell on that began at or
    /// before `from`, each with an end.
    fn shown(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Cow<'a, Spell>> {
        let Timeline { watched, restored, restored_in_turn, patience, .. } = self.timeline;
        // What begins a moment later may end the silence before it.
        let to = to + *patience;
        let begun = watched.partition_point(|spell| spell.since <= from);
        let begun = last_known(begun, |at| watched.get(at));
        let last = watched.len().checked_sub(1);
        let own = watched.range(begun..).enumerate().take_while(|(_, spell)| spell.since < to);
        let shown: Vec<_> = own
            .map(|(index, spell)| {
                let on = self.watched_on.filter(|_| Some(begun + index) == last);
                if on > spell.until {
                    Cow::Owned(Spell { until: on, ..spell.clone() })
                } else {
                    Cow::Borrowed(spell)
                }
            })
            .collect();
        let earlier = restored_in_turn.as_ref().unwrap_or(restored);
        let begun = earlier.partition_point(|spell| spell.since <= from);
        let begun = last_known(begun, |at| earlier.get(at));
        let earlier = earlier[begun..].iter().take_while(|spell| spell.since < to);
        let first = shown.first().filter(|spell| spell.since <= from).map(|spell| spell.since);
        let matters = |spell: &&Spell| first.is_none_or(|first| spell.until > Some(first));
        let mut earlier = earlier.filter(matters).peekable();
        if earlier.peek().is_none() {
            return self.timeline.heeded(shown, to);
        }
        let all = shown.into_iter().map(Cow::into_owned).chain(earlier.cloned()).collect();
        let all = in_turn(all, *patience).1.into_iter().map(Cow::Owned).collect();
        self.timeline.heeded(all, to)
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
        self.log(from).filter_map(|entry| entry.part(from, to)).map(Piece::into_spell).collect()
    }

    /// The log from what held at `from` on.
    fn log(&self, from: DateTime<Utc>) -> impl Iterator<Item = Bounded<'a>> {
        let recorded = &self.timeline.recorded;
        let begun = recorded.partition_point(|spell| spell.since <= from).saturating_sub(1);
        let recorded = recorded[begun..].iter().map(Cow::Borrowed);
        bounded(recorded, Layer::Recorded, self.read_until)
    }
}

/// Where to begin with the spells `at` each place, of which the first `begun` have begun: with the last of
/// these that leaves nothing open. Beside time that one run leaves open another's word goes on, from
/// where this one's ended; and what was shown before an absence may have gone on into it.
fn last_known<'s>(begun: usize, at: impl Fn(usize) -> Option<&'s Spell>) -> usize {
    let mut begun = begun.saturating_sub(1);
    while begun > 0 && at(begun).is_some_and(|spell| is_left_open(spell) || is_absence(spell)) {
        begun -= 1;
    }
    begun
}

/// A spell with its end.
struct Bounded<'a> {
    spell: Cow<'a, Spell>,
    until: DateTime<Utc>,
    layer: Layer,
}

/// The `spells` of one layer, each with its end: its own, else where the next begins, else `known_until`.
fn bounded<'a>(
    spells: impl Iterator<Item = Cow<'a, Spell>>,
    layer: Layer,
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
        Some(Bounded { spell, until, layer })
    })
}

impl<'a> Bounded<'a> {
    /// What of it lies between `from` and `to`.
    fn part(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Option<Piece<'a>> {
        let (since, until) = (self.spell.since.max(from), self.until.min(to));
        let piece = || Piece { since, until, spell: self.spell.clone(), layer: self.layer };
        (since < until).then(piece)
    }

    /// Adds what of it lies between `from` and `to`; where it is a pause without a reason, in parts
    /// with the reasons that `log` gives. What the log says of a pause that began earlier is no
    /// reason for this one.
    fn tell(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        log: &[Bounded<'_>],
        found: &mut Vec<Piece<'a>>,
    ) {
        let mut told = from;
        if self.spell.activity == Activity::Away(Reason::Unspecified) {
            // What lies within the tolerance of an end of the pause is that end.
            let near = |at: DateTime<Utc>, end: DateTime<Utc>| (at - end).abs() <= TOLERANCE;
            let earliest = self.spell.since - TOLERANCE;
            for (index, entry) in log.iter().enumerate() {
                let Some(reason) = entry.spell.activity.reason() else { continue };
                // What had ended by then was the reason of a pause shortly before this one.
                let is_over = entry.until <= self.spell.since;
                if *reason == Reason::Unspecified || entry.spell.since < earliest || is_over {
                    continue;
                }
                let since = entry.spell.since;
                let since = if near(since, told) { told } else { since.max(told) };
                // As far as the log has been read it goes on; the pause says that it still does.
                let is_open = entry.spell.until.is_none() && index + 1 == log.len();
                let until = if is_open || near(entry.until, to) { to } else { entry.until };
                if let Some(named) = self.part(since, until.min(to)) {
                    found.extend(self.part(told, since));
                    let activity = Activity::Away(reason.clone());
                    let spell = Cow::Owned(Spell { activity, ..named.spell.into_owned() });
                    found.push(Piece { spell, ..named });
                    told = until.min(to);
                }
            }
        }
        found.extend(self.part(told, to));
    }
}

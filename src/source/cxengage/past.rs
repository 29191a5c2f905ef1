//! What the log says of an agent's past: its records in a row as spells of one activity each.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::chain::Chain;
use super::standing::Standing;
use super::window::Window;
use crate::model::{Activity, Doubt, RawWord, Spell};

/// An estimate of the clocks that moved by less is not worth telling everything anew.
const STEADY: TimeDelta = TimeDelta::milliseconds(250);

/// The least difference between two instants.
const INSTANT: TimeDelta = TimeDelta::milliseconds(1);

/// How the past is put into our clock. The estimate of a server's clock moves by milliseconds from
/// answer to answer; by this one, which stays, a spell told twice begins twice at the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    /// Server minus ours.
    offset: TimeDelta,
    /// What it was taken to be before; the same where nothing has been told by another.
    before: TimeDelta,
}

/// A stretch of the past told anew, in our clock; see [`crate::model::AgentHistory`].
#[derive(Debug, PartialEq)]
pub(super) struct Told {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub spells: Vec<Spell>,
}

impl Anchor {
    pub(super) fn new(offset: TimeDelta) -> Self {
        Self { offset, before: offset }
    }

    /// Another one, where `offset` differs too much from this: everything is to be told anew then.
    pub(super) fn moved(self, offset: TimeDelta) -> Option<Self> {
        let moved = (offset - self.offset).abs() > STEADY;
        moved.then_some(Self { offset, before: self.offset })
    }

    fn ours(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at - self.offset
    }

    /// The earlier of what `at` is, and what it was taken to be before.
    fn earliest(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at - self.offset.max(self.before)
    }

    /// The later of the two.
    fn latest(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at - self.offset.min(self.before)
    }

    /// What has been told by this one is not told by another any more.
    pub(super) fn settled(self) -> Self {
        Self::new(self.offset)
    }
}

/// How far the log has been read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read<'a> {
    /// Up to when.
    pub to: DateTime<Utc>,
    /// What before that could not be read, by time.
    pub missed: &'a [Window],
}

impl Read<'_> {
    /// Until when what `last` says is known, where `next` is the next thing that is known; none where
    /// it says so itself, or only the next thing does. Behind something missed nobody knows how long a
    /// record without an end went on.
    fn known_until(&self, last: &Standing, next: Option<&Standing>) -> Option<DateTime<Utc>> {
        let stop = next.map_or(self.to, |next| next.start);
        let between = |missed: &&Window| missed.end > last.start && missed.start < stop;
        let missed = self.missed.iter().find(between).map(|missed| missed.start);
        last.end.or(missed.map(|at| at.max(last.start + INSTANT)))
    }
}

/// What `chain`, in which something else holds after the records at `changed` than before, now says
/// of the past, as far as it was `read`: the spell that lasts when the first of them comes, those that
/// begin with one of them, and no more. None of a chain without records.
pub(super) fn tell(
    chain: &Chain,
    changed: &Range<usize>,
    read: Read<'_>,
    anchor: Anchor,
) -> Option<Told> {
    let first = (0..changed.start).rev().find(|at| chain.at(*at).is_some_and(|s| s.begins));
    let folded = if first.is_none() { chain.base() } else { None };
    let first = first.unwrap_or(0);
    let mut spells = Vec::new();
    let mut until = None;
    let mut head = folded;
    let mut last = folded;
    for (place, standing) in (first..chain.places().end).filter_map(|at| Some((at, chain.at(at)?)))
    {
        if standing.begins || head.is_none() {
            spells.extend(
                head.zip(last)
                    .and_then(|(head, last)| spell(head, last, Some(standing), read, anchor)),
            );
            if place >= changed.end {
                until = Some(anchor.ours(standing.start));
                head = None;
                break;
            }
            head = Some(standing);
        }
        last = Some(standing);
    }
    spells.extend(head.zip(last).and_then(|(head, last)| spell(head, last, None, read, anchor)));
    let begin = folded.map(|base| base.since).or_else(|| Some(chain.at(first)?.start))?;
    let newest = last.map_or(begin, |last| last.since);
    let until = until.unwrap_or_else(|| anchor.ours(read.to).max(anchor.latest(newest) + INSTANT));
    Some(Told { from: anchor.earliest(begin), until, spells })
}

/// The spell from `head` to `last`, which `next` follows; none where it took no time.
fn spell(
    head: &Standing,
    last: &Standing,
    next: Option<&Standing>,
    read: Read<'_>,
    anchor: Anchor,
) -> Option<Spell> {
    let ends_at_once = next.is_some_and(|next| next.start <= head.since);
    if ends_at_once {
        return None;
    }
    let left_open = next.is_some_and(|next| last.is_left_open_before(next));
    let clipped = head.clipped && head.activity != Activity::Unknown;
    Some(Spell {
        since: anchor.ours(head.since),
        until: read.known_until(last, next).map(|end| anchor.ours(end.max(head.since))),
        activity: head.activity.clone(),
        evidence: head.evidence(),
        raw: RawWord::from(head.began_as.to_string()),
        doubt: match (left_open, clipped) {
            (true, _) => Some(Doubt::NoLogout),
            (false, true) => Some(Doubt::Clipped),
            (false, false) => None,
        },
    })
}

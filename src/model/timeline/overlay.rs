//! Several accounts of one past laid over each other: of several programs that watched one source, and
//! of the runs before and after a crash.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Doubt, JITTER, Spell};
use crate::model::{Activity, Evidence, RawWord, Reason};

/// `spells`, each with an end, in order and each once; and what they tell together, without overlaps,
/// whatever order they came in. What began last holds, and when it has ended what began before goes
/// on; two accounts of one spell are one. That one account leaves open what was done says nothing
/// against another that knows it. A silence of at most `patience` is no gap.
pub(super) fn in_turn(mut spells: Vec<Spell>, patience: TimeDelta) -> (Vec<Spell>, Vec<Spell>) {
    spells.sort_by(order);
    spells.dedup();
    let (open, known): (Vec<_>, Vec<_>) = unite(&spells).into_iter().partition(is_left_open);
    let known = swept(known);
    let mut told = besides(&known, swept(open));
    told.extend(known);
    told.sort_by_key(|spell| (spell.since, spell.until));
    for index in 1..told.len() {
        let (before, after) = told.split_at_mut(index);
        let (Some(last), Some(next)) = (before.last_mut(), after.first()) else { continue };
        let is_late = next.evidence == Evidence::Inferred && next.activity != last.activity;
        let patience = if is_late { patience.min(JITTER) } else { patience };
        if last.until.is_some_and(|until| next.since - until <= patience) {
            last.until = Some(next.since);
        }
    }
    (spells, told)
}

/// Whether `spell` is time of which a reading could not tell what was done. What the source itself
/// shows as unknown is a statement like any other.
pub(super) fn is_left_open(spell: &Spell) -> bool {
    spell.activity == Activity::Unknown && spell.evidence == Evidence::Inferred
}

/// What `spells`, by beginning, tell together, without overlaps.
fn swept(spells: Vec<Spell>) -> Vec<Spell> {
    let mut sweep = Sweep::default();
    for spell in spells {
        let since = spell.since;
        sweep.go_to(Some(since));
        sweep.at = Some(since);
        if spell.until == Some(since) {
            sweep.told.push(spell); // seen at one instant only: that it was so ends a silence
        } else {
            sweep.open.push(spell);
        }
    }
    sweep.go_to(None);
    sweep.told
}

/// What of `open` lies where nothing is `known`; both by beginning and without overlaps.
fn besides(known: &[Spell], open: Vec<Spell>) -> Vec<Spell> {
    let mut left = Vec::with_capacity(open.len());
    for spell in open {
        let until = spell.until.unwrap_or(spell.since);
        let first = known.partition_point(|known| known.until.is_none_or(|end| end <= spell.since));
        let mut since = spell.since;
        let within = known[first..].iter().take_while(|known| known.since < until);
        for known in within {
            if since < known.since {
                left.push(Spell { since, until: Some(known.since), ..spell.clone() });
            }
            since = since.max(known.until.unwrap_or(known.since));
        }
        let at = spell.since;
        let covers = |known: &Spell| known.since <= at && known.until.is_some_and(|end| at < end);
        let is_instant = spell.since == until && !known.get(first).is_some_and(covers);
        if since < until || is_instant {
            left.push(Spell { since, until: Some(until), ..spell });
        }
    }
    left
}

/// By beginning; of one beginning always in the same order, also while one of them goes on.
fn order(a: &Spell, b: &Spell) -> Ordering {
    let rest = |spell: &Spell| (spell.evidence.weight(), spell.doubt.map(Doubt::word));
    (a.since, a.raw.as_str(), word(&a.activity))
        .cmp(&(b.since, b.raw.as_str(), word(&b.activity)))
        .then_with(|| (a.until, rest(a)).cmp(&(b.until, rest(b))))
}

fn word(activity: &Activity) -> (&str, bool, &str) {
    let reason = activity.reason().map_or("", Reason::word);
    (activity.word(), *activity == Activity::OwnCall, reason)
}

/// What two accounts of one spell have in common.
type Words<'a> = (&'a Activity, &'a RawWord, Evidence, Option<Doubt>);

/// Two accounts of one spell: the same word, known in the same way, begun within the jitter of readings,
/// or long side by side. How the one was known says nothing of the time that only the other tells.
fn unite(spells: &[Spell]) -> Vec<Spell> {
    let mut united: Vec<Spell> = Vec::new();
    let mut latest: HashMap<Words<'_>, usize> = HashMap::new();
    for spell in spells {
        let words = (&spell.activity, &spell.raw, spell.evidence, spell.doubt);
        let known = latest.get(&words).and_then(|at| united.get_mut(*at));
        if let Some(known) = known {
            let shared = known.until.min(spell.until).map(|until| until - spell.since);
            let is_one = shared.is_some_and(|shared| {
                shared > JITTER || shared > TimeDelta::zero() && spell.since - known.since <= JITTER
            });
            if is_one {
                known.until = known.until.max(spell.until);
                continue;
            }
        }
        latest.insert(words, united.len());
        united.push(spell.clone());
    }
    united
}

/// Goes through spells by beginning.
#[derive(Default)]
struct Sweep {
    /// Up to where everything is told.
    at: Option<DateTime<Utc>>,
    /// What has begun, the last one last; some of them may have ended.
    open: Vec<Spell>,
    told: Vec<Spell>,
}

impl Sweep {
    /// Tells what holds up to `to`; up to the end of everything where that is none.
    fn go_to(&mut self, to: Option<DateTime<Utc>>) {
        while let (Some(at), Some(top)) = (self.at, self.open.last()) {
            let until = top.until.unwrap_or(top.since);
            let end = to.map_or(until, |to| until.min(to));
            if at < end {
                self.told.push(Spell { since: at, until: Some(end), ..top.clone() });
                self.at = Some(end);
            }
            if to.is_some_and(|to| until > to) {
                return;
            }
            self.open.pop();
        }
    }
}

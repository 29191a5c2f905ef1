//! Several accounts of one past laid over each other: of several programs that watched one source, and
//! of the runs before and after a crash.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{JITTER, Spell};
use crate::model::{Activity, Evidence, RawWord, Reason};

/// `spells`, each with an end, in order and each once; and what they tell together, without overlaps,
/// whatever order they came in. What began last holds, and when it has ended what began before goes
/// on; two accounts of one spell are one. A silence of at most `patience` is no gap.
pub(super) fn in_turn(mut spells: Vec<Spell>, patience: TimeDelta) -> (Vec<Spell>, Vec<Spell>) {
    spells.sort_by(order);
    spells.dedup();
    let united = unite(&spells);
    let mut sweep = Sweep::default();
    for spell in united {
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
    let mut told = sweep.told;
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

/// By beginning; of one beginning always in the same order, also while one of them goes on.
fn order(a: &Spell, b: &Spell) -> Ordering {
    let rest = |spell: &Spell| (spell.evidence.weight(), spell.doubt.map(super::Doubt::word));
    (a.since, a.raw.as_str(), word(&a.activity))
        .cmp(&(b.since, b.raw.as_str(), word(&b.activity)))
        .then_with(|| (a.until, rest(a)).cmp(&(b.until, rest(b))))
}

fn word(activity: &Activity) -> (&str, bool, &str) {
    let reason = activity.reason().map_or("", Reason::word);
    (activity.word(), *activity == Activity::OwnCall, reason)
}

/// Two accounts of one spell: the same word, begun within the jitter of readings, or long side by side.
fn unite(spells: &[Spell]) -> Vec<Spell> {
    let mut united: Vec<Spell> = Vec::new();
    let mut latest: HashMap<(&Activity, &RawWord), usize> = HashMap::new();
    for spell in spells {
        let known = latest.get(&(&spell.activity, &spell.raw)).and_then(|at| united.get_mut(*at));
        if let Some(known) = known {
            let shared = known.until.min(spell.until).map(|until| until - spell.since);
            let is_one = shared.is_some_and(|shared| {
                shared > JITTER || shared > TimeDelta::zero() && spell.since - known.since <= JITTER
            });
            if is_one {
                known.until = known.until.max(spell.until);
                if spell.evidence.weight() > known.evidence.weight() {
                    known.evidence = spell.evidence;
                }
                continue;
            }
        }
        latest.insert((&spell.activity, &spell.raw), united.len());
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

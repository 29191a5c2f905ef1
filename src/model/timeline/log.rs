//! The layer that the source's own log tells.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::past::TOLERANCE;
use super::{Kept, Spell, Timeline, Told};

/// The least length of time: how much of it an event ahead of its window covers.
const INSTANT: TimeDelta = TimeDelta::nanoseconds(1);

impl Timeline {
    /// Takes in what the log says: `spells` are all that begin from `from` until `until`. Events of
    /// one instant stay in the order in which the log has them: the last one is what held. An event
    /// outside (a clock a second ahead) replaces what was known of its own instant only.
    pub fn record(
        &mut self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        spells: Vec<Spell>,
    ) -> Told {
        let within = |spell: &Spell| from <= spell.since && spell.since < until;
        let outside: Vec<_> = spells.iter().filter(|s| !within(s)).map(|s| s.since).collect();
        let mut before = Vec::new();
        self.recorded.retain(|spell| {
            let is_replaced = within(spell) || outside.contains(&spell.since);
            if is_replaced {
                before.push(spell.clone());
            }
            !is_replaced
        });
        let mut told = difference(&before, &spells);
        self.recorded.extend(spells);
        self.recorded.sort_by_key(|spell| spell.since);
        self.recorded_until = self.recorded_until.max(Some(until));
        self.covered.add(from, until);
        for at in outside {
            self.covered.add(at, at + INSTANT);
        }
        told.from = told.from.map(|from| self.told_otherwise_from(from));
        told
    }

    /// Takes in what earlier runs kept of the log. Where this run has read the log itself, the log
    /// knows better.
    pub fn restore_log(&mut self, spells: Vec<Spell>) -> Told {
        let mut told = Told::default();
        for spell in spells {
            let at = self.recorded.partition_point(|known| known.since < spell.since);
            let known = self.recorded.get(at).filter(|known| known.since == spell.since);
            match known {
                None if self.covered.contains(spell.since) => {
                    told.kept.push(Kept::Gone(spell.since));
                }
                None => {
                    told.told_from(spell.since - TOLERANCE);
                    self.recorded.insert(at, spell);
                }
                // Two runs that were told differently of one instant: the same one has to win in
                // whatever order they come.
                Some(known)
                    if !self.covered.contains(spell.since) && rank(known) < rank(&spell) =>
                {
                    told.told_from(spell.since - TOLERANCE);
                    self.recorded[at] = spell;
                }
                Some(_) => {}
            }
        }
        told.from = told.from.map(|from| self.told_otherwise_from(from));
        told
    }
}

fn rank(spell: &Spell) -> (bool, u8, Option<DateTime<Utc>>, &str) {
    (spell.until.is_some(), spell.evidence.weight(), spell.until, spell.raw.as_str())
}

/// What of `now` has to be kept that `before` did not say, and from when on it is told otherwise. Of
/// several at one instant the last is what held.
fn difference(before: &[Spell], now: &[Spell]) -> Told {
    let last = |spells: &[Spell]| -> BTreeMap<DateTime<Utc>, Spell> {
        spells.iter().map(|spell| (spell.since, spell.clone())).collect()
    };
    let (before, now) = (last(before), last(now));
    let mut told = Told::default();
    for (since, spell) in &now {
        match before.get(since) {
            Some(known) if known == spell => continue,
            // Only its end is another: what was told until the earlier of the two stands.
            Some(known) if (Spell { until: spell.until, ..known.clone() }) == *spell => {
                let ends = [known.until, spell.until].into_iter().flatten().min();
                told.told_from(ends.unwrap_or(*since).max(*since) - TOLERANCE);
            }
            // A reason may be given to a pause that was watched a moment before.
            _ => told.told_from(*since - TOLERANCE),
        }
        told.kept.push(Kept::Put(spell.clone()));
    }
    for since in before.keys().filter(|since| !now.contains_key(since)) {
        told.told_from(*since - TOLERANCE);
        told.kept.push(Kept::Gone(*since));
    }
    told
}

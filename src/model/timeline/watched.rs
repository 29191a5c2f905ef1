//! The layer that the readings show.

use chrono::{DateTime, TimeDelta, Utc};

use super::overlay::in_turn;
use super::{Doubt, JITTER, Kept, Seen, Spell, Timeline, Told, WATCHED};
use crate::model::{Evidence, RawWord};

/// Spells before a new one that may have been told in the same words: an agent goes from one contact
/// to the next.
const NEIGHBOURS: usize = 4;

impl Timeline {
    /// Takes in what a reading shows. A silence longer than `patience` between two readings is a
    /// gap: nobody knows what was then, unless the state says that it began before it.
    pub fn watch(&mut self, seen: Seen<'_>, patience: TimeDelta) -> Told {
        self.patience = patience;
        let mut told = Told::default();
        self.rewind(seen.as_of, &mut told);
        for spell in seen.earlier {
            let confirmed = self.confirmed().unwrap_or(spell.since);
            let (since, until) =
                (spell.since.max(confirmed), spell.until.unwrap_or(spell.since).min(seen.as_of));
            if since < until {
                let seen = Seen {
                    since: Some(since),
                    as_of: until,
                    activity: &spell.activity,
                    evidence: spell.evidence,
                    raw: spell.raw.as_str(),
                    earlier: &[],
                };
                self.see(seen, spell.doubt, patience, &mut told);
            }
        }
        self.see(seen, None, patience, &mut told);
        told.from = told.from.map(|from| self.told_otherwise_from(from));
        told
    }

    /// Whether the last spell goes on by the last reading.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.is_open
    }

    /// Takes in that the readings no longer show the agent: what it did last is known until it was
    /// last confirmed. That is told once.
    pub fn no_longer_seen(&mut self) -> Told {
        let mut told = Told::default();
        if let Some(last) = self.watched.back().filter(|_| self.is_open) {
            told.from = last.until;
            told.kept.push(Kept::Put(last.clone()));
            self.is_open = false;
        }
        told
    }

    /// Takes in what earlier runs, or another program, watched; each spell has an end. `patience` as
    /// in [`Self::watch`].
    pub fn restore_watched(&mut self, spells: Vec<Spell>, patience: TimeDelta) -> Told {
        self.patience = patience;
        let spells = spells.into_iter().filter(|s| s.until.is_some_and(|until| s.since < until));
        let spells: Vec<_> = spells.collect();
        let mut told = Told::default();
        if let Some(first) = spells.iter().map(|spell| spell.since).min() {
            // A short silence before it is none now.
            let known = self.watched.iter().chain(&self.restored).filter_map(|spell| spell.until);
            let near = known.filter(|until| *until <= first && first - *until <= patience);
            told.told_from(near.max().unwrap_or(first));
        }
        self.restored.extend(spells);
        let all = std::mem::take(&mut self.restored);
        let (all, flat) = in_turn(all, TimeDelta::zero());
        self.restored_in_turn = (flat != all).then_some(flat);
        self.restored = all;
        told.from = told.from.map(|from| self.told_otherwise_from(from));
        told
    }

    /// Up to when the last watched spell is confirmed.
    fn confirmed(&self) -> Option<DateTime<Utc>> {
        self.watched.back().and_then(|last| last.until)
    }

    /// Since when nothing was shown before `at`: what an earlier run watched last before it goes on until
    /// then, if somebody was seen then, and else does not.
    fn silent_since(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let near = |until: &DateTime<Utc>| *until <= at && at - *until <= self.patience;
        let ends = self.restored.iter().filter_map(|spell| spell.until).filter(near);
        ends.max().unwrap_or(at)
    }

    fn see(&mut self, seen: Seen<'_>, doubt: Option<Doubt>, patience: TimeDelta, told: &mut Told) {
        let mut begins = seen.since.unwrap_or(seen.as_of).min(seen.as_of);
        let was_open = self.is_open;
        if let Some(last) = self.watched.back_mut() {
            let confirmed = last.until.unwrap_or(last.since);
            let heard_of = seen.as_of - confirmed <= patience;
            let goes_on = match seen.since {
                Some(since) => {
                    (since - last.since).abs() <= JITTER || heard_of && since <= confirmed
                }
                None => heard_of,
            };
            let is_same = last.activity == *seen.activity
                && last.raw.as_str() == seen.raw
                && last.doubt == doubt;
            if goes_on && is_same {
                last.until = Some(seen.as_of);
                // What is concluded anew every time is no news; that the source says so itself is.
                let is_news =
                    seen.evidence == Evidence::Observed && last.evidence != Evidence::Observed;
                if is_news {
                    last.evidence = seen.evidence;
                    told.told_from(last.since);
                }
                if !was_open || is_news {
                    told.kept.push(Kept::Put(Spell { until: None, ..last.clone() }));
                }
                if !was_open || !heard_of {
                    told.told_from(confirmed);
                }
                self.is_open = true;
                return;
            }
            begins = begins.max(last.since);
            // It lasted until the next began, if that is not long after it was last confirmed.
            let is_near = begins - confirmed <= patience;
            let ends = if is_near { begins } else { confirmed };
            told.told_from(if was_open && is_near { begins } else { begins.min(confirmed) });
            last.until = Some(ends);
            if ends == last.since {
                if begins != ends {
                    told.kept.push(Kept::Gone(last.since));
                }
                told.told_from(self.silent_since(ends));
                self.watched.pop_back();
            } else if was_open || ends != confirmed {
                told.kept.push(Kept::Put(last.clone()));
            }
        }
        told.told_from(self.silent_since(begins));
        let mut near = self.watched.iter().rev().take(NEIGHBOURS).map(|spell| &spell.raw);
        let raw = near.find(|raw| raw.as_str() == seen.raw).cloned();
        let spell = Spell {
            since: begins,
            until: Some(seen.as_of),
            activity: seen.activity.clone(),
            evidence: seen.evidence,
            raw: raw.unwrap_or_else(|| RawWord::from(seen.raw)),
            doubt,
        };
        told.kept.push(Kept::Put(Spell { until: None, ..spell.clone() }));
        self.watched.push_back(spell);
        self.is_open = true;
        self.forget_before(seen.as_of - WATCHED);
    }

    /// Only where something is added does anything have to go: a reading costs what it changes.
    fn forget_before(&mut self, before: DateTime<Utc>) {
        let is_old = |spell: &Spell| spell.until.is_some_and(|until| until < before);
        while self.watched.front().is_some_and(is_old) {
            self.watched.pop_front();
        }
        if self.restored.first().is_some_and(is_old) {
            self.restored.retain(|spell| !is_old(spell));
            if let Some(flat) = &mut self.restored_in_turn {
                flat.retain(|spell| !is_old(spell));
            }
        }
    }

    /// Forgets what lies after `as_of`. The floor takes in nothing older than what it has, except
    /// where our clock was set back: then what was shown later never was.
    fn rewind(&mut self, as_of: DateTime<Utc>, told: &mut Told) {
        while let Some(last) = self.watched.pop_back_if(|spell| spell.since > as_of) {
            told.kept.push(Kept::Gone(last.since));
            told.told_from(as_of);
            self.is_open = false;
        }
        if let Some(last) = self.watched.back_mut()
            && last.until.is_some_and(|until| until > as_of)
        {
            last.until = Some(as_of);
            told.told_from(as_of);
            if !self.is_open {
                told.kept.push(Kept::Put(last.clone()));
            }
        }
    }
}

//! What the log's logouts say of what the readings showed.
//!
//! A monitor shows that somebody is there, and when it is read again that they are not, or are back: when
//! they left lies between two readings, and whoever left and came back between them was never missed. The
//! log has the second. So what was watched ends with the logout, and what was inferred from an absence
//! begins with it.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};

use super::{JITTER, Spell, TOLERANCE, Timeline};
use crate::model::{Activity, Evidence, RawWord};

/// A stretch of the log in which the agent was logged out.
struct Logout<'a> {
    at: DateTime<Utc>,
    /// The login after it.
    until: Option<DateTime<Utc>>,
    raw: &'a RawWord,
}

impl Timeline {
    /// Whether `logout` ended the session in which the readings last showed the agent: an earlier one was
    /// followed by a login that the log has not told yet, and that session's own logout is still to come.
    pub(in crate::model) fn is_ended_by(&self, logout: &Spell) -> bool {
        let Some((last, before)) = self.last_logged_in() else { return true };
        let until = last.until.unwrap_or(last.since);
        // Of a session that began with a login that was seen, the logout before it is not the end,
        // however near it is.
        let came_back = before.is_some_and(|before| {
            before.activity == Activity::Offline
                && before.until.is_some_and(|end| end >= last.since)
        });
        let earliest = if came_back { last.since } else { last.since - JITTER };
        logout.since >= until - TOLERANCE && logout.since >= earliest
    }

    /// Whether the log says that the agent logged out at `at`.
    pub(in crate::model) fn logs_out_at(&self, at: DateTime<Utc>) -> bool {
        let first = self.recorded.partition_point(|spell| spell.since < at);
        let then = self.recorded[first..].iter().take_while(|spell| spell.since == at);
        then.into_iter().any(|spell| spell.activity == Activity::Offline)
    }

    /// What the readings of this run, else of an earlier one, last showed of the agent while it was logged
    /// in, and what they showed before that.
    pub(in crate::model) fn last_logged_in(&self) -> Option<(&Spell, Option<&Spell>)> {
        let is_there = |spell: &Spell| spell.activity != Activity::Offline;
        let own = self.watched.iter().rposition(is_there);
        if let Some(at) = own {
            let before = at.checked_sub(1).map_or(self.restored.last(), |at| self.watched.get(at));
            return Some((self.watched.get(at)?, before));
        }
        let at = self.restored.iter().rposition(is_there)?;
        Some((self.restored.get(at)?, at.checked_sub(1).and_then(|at| self.restored.get(at))))
    }

    /// When the last pause began that was watched before the one at `since`, which two readings may put
    /// a little apart.
    pub(in crate::model) fn pause_before(&self, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let watched = self.watched.iter().rev().chain(self.restored.iter().rev());
        let mut near = watched.take_while(|spell| spell.since > since - JITTER - TOLERANCE * 2);
        let is_pause = |spell: &&Spell| spell.activity.reason().is_some();
        near.find(|spell| is_pause(spell) && spell.since < since - JITTER).map(|spell| spell.since)
    }

    /// The logouts of the log after `from` and before `to`.
    fn logouts(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = Logout<'_>> {
        let first = self.recorded.partition_point(|spell| spell.since < from);
        let near = self.recorded[first..].iter().enumerate();
        let near = near.take_while(move |(_, spell)| spell.since < to);
        let is_logout = |spell: &Spell| {
            spell.activity == Activity::Offline && spell.evidence == Evidence::Observed
        };
        near.filter(move |(_, spell)| is_logout(spell)).map(move |(index, spell)| {
            let mut later = self.recorded[first + index + 1..].iter();
            let login = later.find(|next| next.activity != Activity::Offline);
            let until = spell.until.or_else(|| login.map(|login| login.since));
            Logout { at: spell.since, until, raw: &spell.raw }
        })
    }

    /// What was `shown` between `from` and `to`, by beginning and without overlaps, where it heeds the
    /// logouts of the log.
    pub(super) fn heeded<'a>(
        &'a self,
        mut shown: Vec<Cow<'a, Spell>>,
        to: DateTime<Utc>,
    ) -> Vec<Cow<'a, Spell>> {
        let Some(first) = shown.first().map(|spell| spell.since - TOLERANCE) else { return shown };
        for logout in self.logouts(first, to) {
            heed(&mut shown, &logout, self.patience + TOLERANCE);
        }
        shown
    }

    /// From when on everything is told otherwise where that is so from `from` on by one of the layers.
    pub(super) fn told_otherwise_from(&self, from: DateTime<Utc>) -> DateTime<Utc> {
        // A login, or who is shown after it, may tell of a logout shortly before.
        let near = from - self.patience - TOLERANCE - JITTER;
        let first = self.logouts(near, from).next().map_or(from, |logout| logout.at);
        let reaches = |spell: &&Spell| {
            is_absence(spell)
                && spell.since <= from
                && spell.until.is_none_or(|until| until >= near)
        };
        let absences = self.watched.iter().rev().find(reaches).into_iter();
        let absences = absences.chain(self.restored.iter().filter(reaches));
        absences.map(|spell| spell.since).fold(first.min(from), DateTime::min)
    }
}

/// Has `shown`, by beginning and without overlaps, heed `logout`. What was shown to go on until a login may
/// have ended `bridged` before that at most.
fn heed(shown: &mut Vec<Cow<'_, Spell>>, logout: &Logout<'_>, bridged: TimeDelta) {
    let is_there = |spell: &Spell| spell.activity != Activity::Offline;
    let absent = shown.iter().position(|spell| {
        is_absence(spell)
            && spell.since - JITTER <= logout.at
            && spell.until.is_some_and(|until| logout.at < until)
    });
    if let Some(index) = absent {
        let absence = shown.remove(index).into_owned();
        let Some(until) = absence.until else { return };
        let at = logout.at.max(absence.since);
        let before = index.checked_sub(1).and_then(|before| shown.get_mut(before));
        if let Some(before) = before.filter(|before| before.until == Some(absence.since))
            && is_there(before)
        {
            before.to_mut().until = Some(at);
        }
        let back = logout.until.filter(|back| *back < until - JITTER);
        let end = back.unwrap_or(until);
        shown.insert(index, Cow::Owned(logout.spell(at, end)));
        if end < until {
            // Back for so short that no reading showed it, and gone again.
            shown.insert(index + 1, Cow::Owned(Spell { since: end, ..absence }));
        }
        return;
    }
    let Some(login) = logout.until else { return };
    let is_login = |spell: &Cow<'_, Spell>| {
        is_there(spell)
            && (spell.since - login).abs() <= JITTER
            && logout.at < spell.since
            && spell.since - logout.at <= bridged
    };
    let Some(index) = shown.iter().position(is_login) else { return };
    let back = shown[index].since;
    let before = index.checked_sub(1).and_then(|before| shown.get_mut(before));
    let goes_on = |spell: &&mut Cow<'_, Spell>| {
        spell.since < logout.at && spell.until.is_some_and(|until| logout.at < until)
    };
    if let Some(before) = before.filter(goes_on).filter(|before| is_there(before)) {
        before.to_mut().until = Some(logout.at);
        shown.insert(index, Cow::Owned(logout.spell(logout.at, back)));
    }
}

impl Logout<'_> {
    /// That the agent was logged out between two instants.
    fn spell(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Spell {
        let (activity, evidence) = (Activity::Offline, Evidence::Observed);
        Spell { since, until: Some(until), activity, evidence, raw: self.raw.clone(), doubt: None }
    }
}

/// Whether it was only inferred from the agent's absence.
pub(super) fn is_absence(spell: &Spell) -> bool {
    spell.activity == Activity::Offline && spell.evidence == Evidence::Inferred
}

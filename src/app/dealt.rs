//! What was done to the program's own alerts, here, in an earlier run, or by another program that watches
//! the same floor: each shows the same ones.

use chrono::{DateTime, TimeDelta, Utc};

use super::deal::concerned;
use super::local::patch;
use super::message::Effect;
use super::{App, Station};
use crate::model::{
    AlertKey, AlertStatus, AttemptRecord, Deed, KnownAlert, OWN_DEED_OVERTAKES, OwnDeed,
};
use crate::rules::{has_cleared_itself, is_same_own_alert};

/// How long it is remembered who did what.
const KEPT: TimeDelta = TimeDelta::hours(48);

/// What was done longer ago is no news: it comes from an earlier run.
const NEWS_FOR: TimeDelta = TimeDelta::seconds(60);

impl App {
    /// Who did what to the alert called `key`, in whichever program, as far as it is not followed here;
    /// the oldest first.
    pub fn dealt_elsewhere(&self, key: &AlertKey) -> impl Iterator<Item = &AttemptRecord> {
        let here = |record: &&AttemptRecord| self.tracked.iter().any(|t| t.id == Some(record.id));
        let theirs = self.dealt.iter().filter(move |(of, _)| of == key).map(|(_, record)| record);
        theirs.filter(move |record| !here(record))
    }

    /// Takes in what was done to our own alerts, as far as it is not known yet. Nothing is done again:
    /// the alert stands as it was left. It is kept once more, in case whoever did it ended before.
    pub(super) fn take_deeds(&mut self, deeds: Vec<OwnDeed>, now: DateTime<Utc>) -> Option<Effect> {
        let (mut kept, mut news) = (Vec::new(), Vec::new());
        for OwnDeed { record, alert } in deeds {
            let here = self.counterpart(&record);
            let is_known = here.is_some();
            let Some(known) = here.or(alert) else { continue };
            let is_ours = self.tracked.iter().any(|tracked| tracked.id == Some(record.id));
            let key = known.key.clone();
            match changed_by(&record, known.clone()) {
                Some(changed) if !is_ours => {
                    let status = changed.alert.status.word().to_owned();
                    let name = concerned(&self.floor, &changed);
                    let kind = changed.alert.kind.word();
                    tracing::info!("alert {kind} of {name}: {status} by {}", by(&record));
                    if record.done_at.is_some_and(|at| now - at < NEWS_FOR) {
                        news.push(format!("{} {status} {name}'s alert", by(&record)));
                    }
                    kept.push(self.keep_own(changed));
                }
                // It is kept already as it was left: it must not be raised here as if nobody had seen it.
                _ if !is_known => self.floor.raise(known),
                _ => {}
            }
            self.dealt.retain(|(_, known)| known.id != record.id);
            self.dealt.push((key, record));
        }
        self.dealt.retain(|(_, record)| record.done_at.is_some_and(|at| now - at < KEPT));
        // On a wall it is nobody's business who did what; and what went wrong goes before.
        let is_urgent = self.notice.as_ref().is_some_and(|notice| notice.is_error);
        if self.setup.station != Station::Kiosk && !is_urgent {
            match &news[..] {
                [] => {}
                [one] => self.say(one, false, now),
                [one, others @ ..] => {
                    let others = others.len();
                    self.say(format!("{one}, and {others} more were dealt with"), false, now);
                }
            }
        }
        (!kept.is_empty()).then_some(Effect::Keep(kept))
    }

    /// The alert here that `record` is about, though it may be called otherwise.
    fn counterpart(&self, record: &AttemptRecord) -> Option<KnownAlert> {
        let key = record.alert_key()?;
        let alerts = self.floor.alerts();
        let same = || {
            let mut theirs = alerts.of_agent(&record.attempt.target);
            theirs.find(|known| is_same_own_alert(&known.key.id, &key.id))
        };
        alerts.get(&key).or_else(same).cloned()
    }
}

/// How `known` stands after `record`; none where it stands so already, or has gone on since.
fn changed_by(record: &AttemptRecord, mut known: KnownAlert) -> Option<KnownAlert> {
    let at = record.done_at?;
    let alert = &mut known.alert;
    let is_left = match (&record.attempt.deed, &alert.status) {
        (Deed::Acknowledge(_) | Deed::Resolve(_), AlertStatus::Active)
        | (Deed::Resolve(_), AlertStatus::Acknowledged) => true,
        // Somebody's word goes before what cleared itself: it does not come back.
        (Deed::Resolve(_), _) => has_cleared_itself(alert),
        _ => false,
    };
    if !is_left || known.as_of >= at + OWN_DEED_OVERTAKES {
        return None;
    }
    alert.notes.take_if(|_| alert.status == AlertStatus::Resolved);
    alert.merge(patch(&record.attempt.deed, &record.attempt.reason, at)?);
    known.as_of = at.max(known.as_of + TimeDelta::milliseconds(1));
    Some(known)
}

/// Who did it, and where.
fn by(record: &AttemptRecord) -> String {
    format!("{} at {}", record.attempt.operator, record.attempt.host)
}

//! The program's own alerts: raised and cleared as the floor changes, and dealt with here.

use chrono::{DateTime, Utc};

use super::deal::{concerned, dealt_with_meanwhile};
use super::message::{Effect, Ticket};
use super::{App, Prompt, Row, Tracked};
use crate::model::{AlertPatch, AlertStatus, Deed, Entry, KnownAlert, Verdict};
use crate::rules::{self, Judged};

impl App {
    /// Raises and clears our own alerts of the floor as it is; `rows` are everybody on it. None before
    /// it is known what an earlier run raised and somebody dealt with in it: what has been acknowledged
    /// must not ring again.
    pub(super) fn watch_over(&mut self, rows: &[Row], now: DateTime<Utc>) -> Option<Effect> {
        if !self.recalled {
            return None;
        }
        let people = self.floor.people();
        let judged = rows.iter().filter_map(|row| {
            let person = people.get(row.person)?;
            let whom = (person, &row.headline);
            Some(Judged::of(&self.floor, whom, row.adherence.as_ref(), &row.findings, now))
        });
        let grace = self.setup.limits.adherence.grace;
        let changes = rules::own_alerts(&self.floor, judged, grace, &mut self.vouched, now);
        let kept: Vec<_> = changes.into_iter().map(|known| self.keep_own(known)).collect();
        if !kept.is_empty() {
            self.adopt();
        }
        (!kept.is_empty()).then_some(Effect::Keep(kept))
    }

    /// Calls our own alerts as the journal does, where another program was the first to raise them.
    pub(super) fn adopt(&mut self) {
        for theirs in &self.born {
            let Some(before) = self.floor.adopt(theirs) else { continue };
            let key = &theirs.key;
            self.alerts.rename(&before, key);
            self.dealt
                .iter_mut()
                .filter(|(of, _)| *of == before)
                .for_each(|(of, _)| of.clone_from(key));
            let about = |tracked: &&mut Tracked| tracked.alert_key().as_ref() == Some(&before);
            for tracked in self.tracked.iter_mut().filter(about) {
                tracked.attempt.deed.rename_alert(key.id.clone());
            }
            match &mut self.prompt {
                Some(Prompt::Alert { key: shown, .. }) if *shown == before => shown.clone_from(key),
                Some(Prompt::Deal(prompt)) => prompt.rename(&before, key),
                _ => {}
            }
        }
    }

    pub(super) fn keep_own(&mut self, known: KnownAlert) -> Entry {
        let (kind, status) = (known.alert.kind.word(), known.alert.status.word());
        let name = concerned(&self.floor, &known);
        tracing::info!("alert {kind} of {name}: {status}");
        self.floor.raise(known.clone());
        Entry::Alert(Box::new(known))
    }

    /// A change of one of our own alerts is on disk: nothing has to go anywhere, so that it is done,
    /// unless the alert has changed in between.
    pub(super) fn settle(&mut self, ticket: Ticket, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(tracked) = self.tracked.iter_mut().find(|t| t.ticket == ticket) else {
            return Vec::new();
        };
        let known = tracked.alert_key().and_then(|key| self.floor.alerts().get(&key)).cloned();
        let patch = patch(&tracked.attempt.deed, &tracked.attempt.reason, now);
        let mut effects = Vec::new();
        match (dealt_with_meanwhile(&self.floor, tracked), known, patch) {
            (None, Some(mut known), Some(patch)) => {
                effects.extend(tracked.conclude(Verdict::Confirmed, now));
                known.alert.merge(patch);
                known.as_of = now;
                effects.push(Effect::Keep(vec![self.keep_own(known)]));
            }
            (why, ..) => {
                let why = why.unwrap_or_else(|| "it is no alert any more".to_owned());
                effects.extend(tracked.conclude(Verdict::Overtaken(why), now));
            }
        }
        effects.extend(self.hand_over(now));
        effects
    }
}

/// What `deed` makes of an alert; none for a logout.
pub(super) fn patch(deed: &Deed, notes: &str, now: DateTime<Utc>) -> Option<AlertPatch> {
    let notes = (!notes.is_empty()).then(|| notes.to_owned());
    match deed {
        Deed::LogOut => None,
        Deed::Acknowledge(_) => Some(AlertPatch {
            status: Some(AlertStatus::Acknowledged),
            acknowledged_at: Some(now),
            notes,
            ..AlertPatch::default()
        }),
        Deed::Resolve(_) => Some(AlertPatch {
            status: Some(AlertStatus::Resolved),
            resolved_at: Some(now),
            notes,
            ..AlertPatch::default()
        }),
    }
}

//! What the program does when somebody sets the machine's clock under it.

use chrono::{DateTime, TimeDelta, Utc};

use super::{App, Effect, Ledger};
use crate::model::Entry;
use crate::rules::words;

impl App {
    /// Takes in that the machine's clock was set by `step`; `now` is still told as before. Whether what
    /// is shown is to follow it: not where the sources' clocks say that it was put wrong. Then the times
    /// here go on as before, and that is said once. What is to be done where it is followed.
    pub fn clock_was_set(&mut self, step: TimeDelta, now: DateTime<Utc>) -> Option<Effect> {
        let by = words::duration(step.abs() + HALF_A_SECOND);
        let (whither, where_it_is) =
            if step < TimeDelta::zero() { ("back", "behind") } else { ("ahead", "ahead of") };
        if !self.floor.believes_in(step) {
            let is_known = self.contradicted.is_some_and(|known| (known - step).abs() <= SAME_STEP);
            if !is_known {
                self.contradicted = Some(step);
                let text = format!(
                    "this machine's clock is {by} {where_it_is} what the sources' clocks say: the times shown go by theirs"
                );
                // The logger asks the machine, whatever is shown beside its lines.
                tracing::warn!("{text}, only those of this log by the machine's");
                self.say(text, true, now);
            }
            return None;
        }
        tracing::warn!("this machine's clock was set {whither} by {by}: the times shown follow it");
        self.contradicted = None;
        Some(Effect::Keep(self.follow(step, now)))
    }

    /// Takes in that the machine's clock shows what is shown here.
    pub fn clock_is_right(&mut self) {
        self.contradicted = None;
    }

    /// Moves every instant that is compared with the time; what has to be kept.
    fn follow(&mut self, step: TimeDelta, now: DateTime<Utc>) -> Vec<Entry> {
        let kept = self.floor.move_by(step, now);
        // What has been summed up was cut at instants that have other names now.
        self.ledger = Ledger::default();
        if let Some((floor, at)) = &mut self.frozen {
            floor.move_by(step, now);
            *at += step;
        }
        let frozen = self.frozen.as_ref();
        if let (Some(ledger), Some((floor, at))) = (&mut self.frozen_ledger, frozen) {
            *ledger = Ledger::default();
            ledger.update(floor, &[], *at);
        }
        self.judged_at = None;
        let notice = self.notice.iter_mut().map(|notice| &mut notice.at);
        let asked = self.handed_at.values_mut().chain(self.looked_again_at.values_mut());
        let own = self.rotated_at.iter_mut().chain(&mut self.set_aside);
        let unkept = self.keeping.iter_mut().map(|trouble| &mut trouble.since);
        notice.chain(asked).chain(own).chain(unkept).for_each(|at| *at += step);
        self.vouched.move_by(step);
        for known in &mut self.born {
            known.as_of += step;
            known.alert = known.alert.clone().moved(step);
        }
        self.tracked.iter_mut().for_each(|tracked| tracked.move_by(step));
        self.alerts.move_by(step);
        kept
    }
}

/// A step is told to the next whole second.
const HALF_A_SECOND: TimeDelta = TimeDelta::milliseconds(500);

/// Two looks at a clock that was set once differ by no more.
const SAME_STEP: TimeDelta = TimeDelta::seconds(1);

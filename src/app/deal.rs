//! Dealing with alerts: what is asked, when each change goes out, and how it is looked up then.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::Input;

use super::message::{Effect, Ticket};
use super::prompt::Question;
use super::tracked::{Tracked, Watching};
use super::{App, Prompt, Station};
use crate::command::{LOOK_AGAIN_AFTER, Order};
use crate::model::{
    AgentKey, AlertId, AlertKey, AlertStatus, Attempt, Deed, Floor, KnownAlert, LookUp, PersonId,
    SourceName, Verdict,
};
use crate::rules::alert_is_current;

/// Why a confirmed question is put again.
const STALE: &str =
    "What is known of these alerts is not current: Enter again does it all the same.";

/// The longest notes that can be typed or pasted, in characters.
pub(super) const LONGEST_NOTES: usize = 500;

/// Between two changes at one WFM. A documented installation takes 100 requests a minute: each change
/// is looked up too, and the readings go on.
const BETWEEN_CHANGES: TimeDelta = TimeDelta::milliseconds(1_500);

/// What is done to an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dealing {
    /// Say that it has been seen.
    Acknowledge,
    /// Say that it is over.
    Resolve,
}

impl Dealing {
    /// The words shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Resolve => "resolve",
        }
    }

    fn deed(self, alert: AlertId) -> Deed {
        match self {
            Self::Acknowledge => Deed::Acknowledge(alert),
            Self::Resolve => Deed::Resolve(alert),
        }
    }

    fn suits(self, status: &AlertStatus) -> bool {
        match status {
            AlertStatus::Active => true,
            AlertStatus::Acknowledged => self == Self::Resolve,
            AlertStatus::Resolved | AlertStatus::Other(_) => false,
        }
    }
}

/// One alert that the question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealTarget {
    /// Which.
    pub key: AlertKey,
    /// Whom it concerns, by name.
    pub name: String,
    /// What it says.
    pub message: String,
    /// How it stood when the question was put: the answer counts for that only.
    pub status: AlertStatus,
}

/// The question whether to acknowledge or resolve alerts. Its targets are fixed when it opens.
#[derive(Debug, Clone)]
pub struct DealPrompt {
    /// What would be done.
    pub deed: Dealing,
    /// To which alerts; never none.
    pub targets: Vec<DealTarget>,
    /// What is to be kept with them; may be empty.
    pub notes: Input,
    /// Why the question still stands after an answer.
    pub objection: Option<&'static str>,
    /// Rows by which what it says is scrolled down.
    pub scroll: usize,
}

impl DealPrompt {
    /// What somebody has to have read before they answer.
    pub(super) fn question(&self) -> Question {
        Question::Deal {
            deed: self.deed,
            keys: self.targets.iter().map(|target| target.key.clone()).collect(),
            objection: self.objection,
        }
    }

    /// What was called `before` is called `key` from now on.
    pub(super) fn rename(&mut self, before: &AlertKey, key: &AlertKey) {
        let targets = self.targets.iter_mut().filter(|target| target.key == *before);
        targets.for_each(|target| target.key.clone_from(key));
    }
}

impl App {
    /// Puts the question for `keys`, or says why it cannot be put. What it cannot be done to is left
    /// out with a sentence.
    pub(super) fn ask_to_deal(&mut self, deed: Dealing, keys: &[AlertKey], now: DateTime<Utc>) {
        if self.authority.is_none() {
            let text = match self.setup.station {
                Station::Kiosk => "a kiosk can only look: no alert can be dealt with from here",
                _ => "this program runs read-only: no alert can be dealt with from here",
            };
            return self.say(text, true, now);
        }
        let (targets, left_out) = self.sorted_out(deed, keys);
        if let Some(text) = left_out_of(&left_out, keys.len()) {
            self.say(text, true, now);
        }
        if !targets.is_empty() {
            let notes = Input::default();
            let prompt = DealPrompt { deed, targets, notes, objection: None, scroll: 0 };
            self.prompt = Some(Prompt::Deal(Box::new(prompt)));
        }
    }

    /// Puts the question for the newest active alert of `person`.
    pub(super) fn ask_to_deal_with(
        &mut self,
        deed: Dealing,
        person: &PersonId,
        now: DateTime<Utc>,
    ) {
        let theirs = self.floor.person(person).map(|person| self.floor.alerts_of(person));
        let newest = theirs.into_iter().flatten().rfind(|known| known.is_open());
        match newest.map(|known| known.key.clone()) {
            Some(key) => self.ask_to_deal(deed, &[key], now),
            None => self.say(format!("there is no active alert to {}", deed.word()), true, now),
        }
    }

    /// The alerts of `keys` that `deed` can be done to now, and why not to the others.
    fn sorted_out(&self, deed: Dealing, keys: &[AlertKey]) -> (Vec<DealTarget>, Vec<String>) {
        let (mut targets, mut left_out) = (Vec::new(), Vec::new());
        for key in keys {
            match self.deal_target(deed, key) {
                Ok(target) => targets.push(target),
                Err(why) => left_out.push(why),
            }
        }
        (targets, left_out)
    }

    fn deal_target(&self, deed: Dealing, key: &AlertKey) -> Result<DealTarget, String> {
        let known = self.floor.alerts().get(key).ok_or("nothing is known of the alert any more")?;
        let name = concerned(&self.floor, known);
        let open =
            self.tracked.iter().find(|t| !t.is_over() && t.alert_key().as_ref() == Some(key));
        if let Some(tracked) = open {
            let (word, at) = (tracked.attempt.deed.word(), tracked.attempt.asked_at);
            let at = self.floor_time(at);
            return Err(format!("to {word} {name}'s alert is under way since {at}"));
        }
        let status = &known.alert.status;
        if !deed.suits(status) {
            return Err(format!("{name}'s alert is {} already", status.word()));
        }
        if !known.listed {
            let source = &key.source;
            return Err(format!("{source} no longer lists {name}'s alert as {}", status.word()));
        }
        let message = known.alert.message.clone();
        Ok(DealTarget { key: key.clone(), name, message, status: status.clone() })
    }

    /// The answer was yes. Each alert is looked at again: what somebody else has dealt with meanwhile
    /// is left alone.
    pub(super) fn confirm_deal(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Prompt::Deal(mut given)) = self.prompt.take() else { return Vec::new() };
        let in_doubt = given.targets.iter().any(|target| !self.is_current(&target.key, now));
        if in_doubt && given.objection.is_none() {
            given.objection = Some(STALE);
            self.prompt = Some(Prompt::Deal(given));
            return Vec::new();
        }
        let (mut targets, mut left_out) = (Vec::new(), Vec::new());
        for asked in &given.targets {
            match self.deal_target(given.deed, &asked.key) {
                Ok(now) if now.status == asked.status => targets.push(now),
                Ok(now) => {
                    left_out.push(format!("{}'s alert is {} now", now.name, now.status.word()));
                }
                Err(why) => left_out.push(why),
            }
        }
        if let Some(text) = left_out_of(&left_out, given.targets.len()) {
            self.say(text, true, now);
        }
        let notes = given.notes.value().trim();
        for target in targets {
            self.confirmed(given.deed, target, notes, now);
        }
        self.hand_over(now)
    }

    /// Whether what is known of the alert called `key` is current.
    fn is_current(&self, key: &AlertKey, now: DateTime<Utc>) -> bool {
        let known = self.floor.alerts().get(key);
        known.is_some_and(|known| alert_is_current(&self.floor, known, now))
    }

    fn confirmed(&mut self, deed: Dealing, target: DealTarget, notes: &str, now: DateTime<Utc>) {
        let Some(known) = self.floor.alerts().get(&target.key) else { return };
        let attempt = Attempt {
            deed: deed.deed(target.key.id.clone()),
            target: AgentKey::new(target.key.source.clone(), known.alert.agent.clone()),
            name: target.name,
            operator: self.setup.operator.clone(),
            host: self.setup.host.clone(),
            reason: notes.to_owned(),
            state_before: self.state_of(known),
            asked_at: now,
        };
        let ticket = self.ticket();
        self.unmark(&target.key);
        self.track(Tracked {
            before: Some(target.status),
            waits: true,
            ..Tracked::new(ticket, attempt, now)
        });
    }

    /// An alert in words, for the journal.
    fn state_of(&self, known: &KnownAlert) -> String {
        let alert = &known.alert;
        let since = alert.created_at.map(|at| format!(" since {}", self.floor_time(at)));
        let (source, kind, status) = (&known.key.source, alert.kind.word(), alert.status.word());
        format!("{source}: {kind}, {status}{}: {}", since.unwrap_or_default(), alert.message)
    }

    /// Hands over the changes whose turn it is: one at a time at each WFM, with a pause in between,
    /// and only while the alert still stands as it did when the change was confirmed.
    pub(super) fn hand_over(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(authority) = self.authority.clone() else { return Vec::new() };
        let waiting = self.tracked.iter().filter(|tracked| tracked.is_waiting());
        let sources: BTreeSet<_> = waiting.map(|t| t.attempt.target.source.clone()).collect();
        let mut effects = Vec::new();
        for source in sources {
            if !self.is_free(&source, now) {
                continue;
            }
            let floor = &self.floor;
            let mut turns = self
                .tracked
                .iter_mut()
                .filter(|tracked| tracked.is_waiting() && tracked.attempt.target.source == source);
            let next = turns.find_map(|tracked| match dealt_with_meanwhile(floor, tracked) {
                Some(why) => {
                    tracked.conclude(Verdict::NotSent(why), now);
                    None
                }
                None => Some(tracked),
            });
            if let Some(tracked) = next {
                (tracked.waits, tracked.at) = (false, now);
                let order = Order::new(&authority, tracked.attempt.clone());
                effects.push(Effect::Carry { ticket: tracked.ticket, order });
                self.handed_at.insert(source, now);
            }
        }
        effects
    }

    /// Whether the next change may go to `source`: none is on its way, and the last is long enough
    /// ago; what only goes to the journal needs no rest.
    fn is_free(&self, source: &SourceName, now: DateTime<Utc>) -> bool {
        let rested = source.is_own()
            || self.handed_at.get(source).is_none_or(|at| (now - *at).abs() >= BETWEEN_CHANGES);
        let theirs = |t: &&Tracked| t.before.is_some() && &t.attempt.target.source == source;
        rested && !self.tracked.iter().filter(theirs).any(Tracked::is_on_the_wire)
    }

    /// Has the alerts looked up again whose last look-up decided nothing: of each WFM the one that
    /// has waited longest, so that many which stay as they are do not flood it.
    pub(super) fn look_up_again(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let mut waiting: Vec<(DateTime<Utc>, &mut Tracked)> = self
            .tracked
            .iter_mut()
            .filter(|tracked| !tracked.is_over())
            .filter_map(|tracked| match &tracked.watch {
                Some(Watching::Alert(watch)) => Some((watch.waits_since(now)?, tracked)),
                _ => None,
            })
            .collect();
        waiting.sort_by_key(|(since, _)| *since);
        let mut effects = Vec::new();
        for (_, tracked) in waiting {
            let Some(key) = tracked.alert_key() else { continue };
            let last = self.looked_again_at.get(&key.source);
            if last.is_some_and(|at| (now - *at).abs() < LOOK_AGAIN_AFTER) {
                continue;
            }
            if let Some(Watching::Alert(watch)) = &mut tracked.watch {
                watch.look(now);
            }
            self.looked_again_at.insert(key.source.clone(), now);
            effects.push(Effect::LookUp(key.source, LookUp::Alert(key.id)));
        }
        effects
    }

    /// The WFM refused: what was shown as done is not.
    pub(super) fn say_refused(&mut self, key: &AlertKey, why: &str, now: DateTime<Utc>) {
        let known = self.floor.alerts().get(key);
        let whose =
            known.map_or_else(|| "the".to_owned(), |k| format!("{}'s", concerned(&self.floor, k)));
        self.say(format!("{whose} alert was not changed: {why}"), true, now);
    }

    /// The readings still show these alerts as they were: what was shown as done is not.
    pub(super) fn say_unchanged(&mut self, tickets: &[Ticket], now: DateTime<Utc>) {
        let unchanged = self.tracked.iter().filter(|tracked| tickets.contains(&tracked.ticket));
        let names: Vec<_> = unchanged.map(|tracked| tracked.attempt.name.as_str()).collect();
        let Some(first) = names.first() else { return };
        let whose = match names.len() {
            1 => format!("{first}'s alert is as it was"),
            many => format!("{many} alerts are as they were, {first}'s first"),
        };
        self.say(format!("{whose}: nothing is sent again by itself, only by your key"), true, now);
    }
}

/// Whom an alert concerns, by name: the floor's, else the WFM's, else the id.
pub(super) fn concerned(floor: &Floor, known: &KnownAlert) -> String {
    let person = floor.person_of_alert(known).map(|person| person.name.clone());
    person.or_else(|| known.alert.name.clone()).unwrap_or_else(|| known.alert.agent.to_string())
}

/// Why the change of `tracked` may not go out any more.
pub(super) fn dealt_with_meanwhile(floor: &Floor, tracked: &Tracked) -> Option<String> {
    let known = tracked.alert_key().and_then(|key| floor.alerts().get(&key));
    match known {
        None => Some("nothing is known of the alert any more".to_owned()),
        Some(known) if Some(&known.alert.status) != tracked.before.as_ref() => {
            Some(format!("it was {} meanwhile", known.alert.status.word()))
        }
        Some(known) if !known.listed => Some("somebody has dealt with it meanwhile".to_owned()),
        Some(_) => None,
    }
}

/// The sentence about what was left out of `of`.
fn left_out_of(left_out: &[String], of: usize) -> Option<String> {
    let first = left_out.first()?;
    Some(match (left_out.len(), of) {
        (all, of) if all == of => format!("nothing was sent: {first}"),
        (some, of) => format!("{some} of {of} left out: {first}"),
    })
}

//! Attempts on their way, logouts and changes of alerts alike: each step of one, what the readings
//! then show, and the end.

use chrono::{DateTime, TimeDelta, Utc};

use super::App;
use super::message::{Effect, Ticket};
use crate::command::{AlertWatch, Progress, Sighting, Watch, sighting};
use crate::model::{
    AlertKey, AlertStatus, Answer, Attempt, AttemptId, Deed, LookUp, Stage, Verdict,
};

/// How long a finished logout is remembered: as long as its effects could look like something else.
const LOGOUT_FOR: TimeDelta = TimeDelta::minutes(45);

/// How long a finished change of an alert is remembered: as long as it is of interest on the screen.
const DEAL_FOR: TimeDelta = TimeDelta::minutes(2);

/// What the readings are watched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watching {
    /// Whether the agent goes.
    Logout(Watch),
    /// How the alert stands.
    Alert(AlertWatch),
}

/// An attempt on its way.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// Our number of it.
    pub ticket: Ticket,
    /// The journal's number of it.
    pub id: Option<AttemptId>,
    /// What was confirmed.
    pub attempt: Attempt,
    /// How far it has come.
    pub stage: Stage,
    /// When it reached that stage.
    pub at: DateTime<Utc>,
    /// What the readings show, once the request is out.
    pub watch: Option<Watching>,
    /// How the alert stood when it was confirmed; none for a logout.
    pub(super) before: Option<AlertStatus>,
    /// Whether it waits for others to be sent first.
    pub(super) waits: bool,
}

impl Tracked {
    /// One that has just been confirmed.
    pub(super) fn new(ticket: Ticket, attempt: Attempt, now: DateTime<Utc>) -> Self {
        let (stage, at) = (Stage::Asked, now);
        Self { ticket, id: None, attempt, stage, at, watch: None, before: None, waits: false }
    }

    /// Moves every instant by `by`: our clock was set.
    pub(super) fn move_by(&mut self, by: TimeDelta) {
        self.at += by;
        if let Stage::Sent { at, .. } = &mut self.stage {
            *at += by;
        }
        match &mut self.watch {
            Some(Watching::Logout(watch)) => watch.move_by(by),
            Some(Watching::Alert(watch)) => watch.move_by(by),
            None => {}
        }
    }

    /// Whether the newest reading shows the agent gone; no verdict yet. Never of an alert.
    #[must_use]
    pub fn looks_gone(&self) -> bool {
        let Some(Watching::Logout(watch)) = &self.watch else { return false };
        watch.so_far() == Some(Sighting::Gone)
    }

    /// Until when the readings are watched; none before the request is out.
    #[must_use]
    pub fn watched_until(&self) -> Option<DateTime<Utc>> {
        self.watch.as_ref().map(|watch| match watch {
            Watching::Logout(watch) => watch.until(),
            Watching::Alert(watch) => watch.until(),
        })
    }

    /// Whether nothing more is to be expected of it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Done(_))
    }

    /// Whether it waits for others to be sent first; nothing of it has been sent or written.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.waits && !self.is_over()
    }

    /// The alert that it changes; none for a logout.
    #[must_use]
    pub fn alert_key(&self) -> Option<AlertKey> {
        let id = self.attempt.deed.alert()?.clone();
        Some(AlertKey { source: self.attempt.target.source.clone(), id })
    }

    /// Whether it changes one of our own alerts: it is done as soon as it is on disk.
    pub(super) fn is_local(&self) -> bool {
        self.attempt.target.source.is_own()
    }

    /// What it does to whom, as the log words it.
    #[must_use]
    pub fn describe(&self) -> String {
        let Attempt { deed, name, target, .. } = &self.attempt;
        match deed.alert() {
            None => format!("{} {name} at {}", deed.word(), target.source),
            Some(_) => format!("{} alert of {name} at {}", deed.word(), target.source),
        }
    }

    /// Whether it is older than it is remembered.
    pub(super) fn is_forgotten(&self, now: DateTime<Utc>) -> bool {
        let kept = if self.attempt.deed == Deed::LogOut { LOGOUT_FOR } else { DEAL_FOR };
        self.is_over() && now - self.at >= kept
    }

    /// Whether it has been handed over and the vendor has neither answered nor been given up.
    pub(super) fn is_on_the_wire(&self) -> bool {
        let open = matches!(
            self.stage,
            Stage::Asked | Stage::Journalled | Stage::Sent { answer: None, .. }
        );
        open && !self.waits
    }

    /// Begins to watch the readings for what becomes of a request that goes out at `at`.
    fn watch(&self, at: DateTime<Utc>) -> Watching {
        let wanted = match &self.attempt.deed {
            Deed::LogOut => return Watching::Logout(Watch::new(at)),
            Deed::Acknowledge(_) => AlertStatus::Acknowledged,
            Deed::Resolve(_) => AlertStatus::Resolved,
        };
        let before = self.before.clone().unwrap_or(AlertStatus::Active);
        Watching::Alert(AlertWatch::new(wanted, before, at))
    }

    pub(super) fn conclude(&mut self, verdict: Verdict, now: DateTime<Utc>) -> Option<Effect> {
        let detail = verdict.detail().map_or_else(String::new, |detail| format!(": {detail}"));
        tracing::info!("{}: {}{detail}", self.describe(), verdict.word());
        self.stage = Stage::Done(verdict.clone());
        self.at = now;
        self.id.map(|id| Effect::Conclude { id, verdict })
    }
}

impl App {
    /// The number of the next attempt.
    pub(super) fn ticket(&mut self) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        ticket
    }

    /// Follows a new attempt from here on.
    pub(super) fn track(&mut self, tracked: Tracked) {
        tracing::info!("{}: asked, {}", tracked.describe(), tracked.attempt.state_before);
        self.tracked.push(tracked);
    }

    /// An attempt came further.
    pub(super) fn progress(
        &mut self,
        ticket: Ticket,
        progress: Progress,
        now: DateTime<Utc>,
    ) -> Vec<Effect> {
        let Some(tracked) = self.tracked.iter_mut().find(|t| t.ticket == ticket) else {
            return Vec::new();
        };
        tracked.at = now;
        let concluded = match progress {
            Progress::Journalled(id) => {
                tracked.id = Some(id);
                tracked.stage = Stage::Journalled;
                if tracked.is_local() {
                    return self.settle(ticket, now);
                }
                None
            }
            Progress::Sent(at) => {
                tracing::info!("{}: sent", tracked.describe());
                tracked.stage = Stage::Sent { at, answer: None };
                tracked.watch = Some(tracked.watch(at));
                None
            }
            Progress::NotJournalled(why) => tracked.conclude(Verdict::NotSent(why), now),
            Progress::Answered(answer) => return self.answered(ticket, answer, now),
        };
        concluded.into_iter().chain(self.hand_over(now)).collect()
    }

    /// The vendor answered, or did not in time. A refusal is believed; of the rest the readings must
    /// say what became of it, and of an alert there is one only when it is looked up.
    fn answered(&mut self, ticket: Ticket, given: Answer, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(tracked) = self.tracked.iter_mut().find(|t| t.ticket == ticket) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        match (&given, &mut tracked.stage) {
            (Answer::Refused(why), _) => {
                effects.extend(tracked.conclude(Verdict::Refused(why.clone()), now));
            }
            (_, Stage::Sent { answer, .. }) => *answer = Some(given.clone()),
            _ => {}
        }
        if let Some(Watching::Alert(watch)) = &mut tracked.watch {
            watch.answer();
            watch.look(now);
        }
        if let Some(key) = tracked.alert_key() {
            effects.push(Effect::LookUp(key.source.clone(), LookUp::Alert(key.id.clone())));
            match given {
                Answer::Changed(patch) => self.floor.merge_alert(&key, *patch, now),
                Answer::Refused(why) => self.say_refused(&key, &why, now),
                Answer::Accepted | Answer::NotLoggedIn(_) | Answer::NoAnswer(_) => {}
            }
        }
        effects.extend(self.hand_over(now));
        effects
    }

    /// The program is left: what is out and not yet verified will not be, and the journal says so.
    pub fn abandon(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let open = self.tracked.iter_mut().filter(|t| t.watch.is_some() && !t.is_over());
        open.filter_map(|tracked| {
            let text = "the program was left before it could be verified".to_owned();
            tracked.conclude(Verdict::Unknown(text), now)
        })
        .collect()
    }

    /// Looks for what became of the attempts that are out: after a reading, and as time passes.
    pub(super) fn verify(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut without_effect = Vec::new();
        for tracked in self.tracked.iter_mut().filter(|tracked| !tracked.is_over()) {
            let verdict = match &mut tracked.watch {
                None => None,
                Some(Watching::Logout(watch)) => {
                    let seen = sighting(&self.floor, &tracked.attempt.target, now);
                    if let Some((sighting, as_of)) = seen {
                        watch.see(sighting, as_of);
                    }
                    watch.verdict(now)
                }
                Some(Watching::Alert(watch)) => watch.verdict(now),
            };
            let Some(verdict) = verdict else { continue };
            if verdict == Verdict::Unchanged {
                without_effect.push(tracked.ticket);
            }
            effects.extend(tracked.conclude(verdict, now));
        }
        self.say_unchanged(&without_effect, now);
        effects.extend(self.look_up_again(now));
        effects.extend(self.hand_over(now));
        effects
    }
}

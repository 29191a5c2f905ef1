//! Logging an agent out: what is asked, when it may go out, and what became of it.

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::Input;

use super::message::{Effect, Progress};
use super::{App, Prompt, Station};
use crate::command::{Order, Sighting, Watch};
use crate::model::{
    Activity, AgentKey, Answer, Attempt, AttemptId, Evidence, Floor, Person, PersonId, Presence,
    SourceKind, Stage, Verdict,
};
use crate::rules::words;

/// The word that confirms a logout which a single key may not.
pub const CONFIRMING_WORD: &str = "logout";

/// How much confirmation a logout needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmation {
    /// Every presence is fresh and interruptible: one key is enough.
    Plain,
    /// Something is busy, stale or unknown: the typed word is needed, and these are the reasons.
    Typed(Vec<String>),
}

/// Which field of the prompt is being typed into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptField {
    /// None: a single key answers.
    Answer,
    /// The word that confirms.
    Word,
    /// Why.
    Reason,
}

/// The question whether to log somebody out. Its target is fixed when it opens.
#[derive(Debug, Clone)]
pub struct LogoutPrompt {
    /// Whom.
    pub person: PersonId,
    /// Their name on the screen.
    pub name: String,
    /// The agent that would be logged out, and where.
    pub target: AgentKey,
    /// How much confirmation it needs.
    pub confirmation: Confirmation,
    /// Every presence in words, as it was when the question was put.
    pub state: Vec<String>,
    /// What happens then, in a sentence.
    pub consequence: String,
    /// Set when the state changed between the question and the answer, so that it is put again.
    pub changed: bool,
    /// The field being typed into.
    pub field: PromptField,
    /// The word typed so far.
    pub word: Input,
    /// The reason typed so far.
    pub reason: Input,
    /// What each presence was at when the question was put: the answer counts for that only.
    activities: Vec<Activity>,
}

/// This program's own number of an attempt, until the journal gives it one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

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
    pub watch: Option<Watch>,
}

impl Tracked {
    /// Whether nothing more is to be expected of it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Done(_))
    }
}

/// How much confirmation logging `person` out at `target` needs at `now`: one key where every
/// presence is fresh and can be interrupted (or is offline elsewhere), else the typed word.
#[must_use]
pub fn assess(
    floor: &Floor,
    person: &Person,
    target: &AgentKey,
    now: DateTime<Utc>,
) -> Confirmation {
    let unlisted = person.presence(&target.source).is_none();
    let unlisted = unlisted.then(|| format!("{} does not list this agent", target.source));
    let presences = person.presences.iter();
    let doubts: Vec<_> =
        unlisted.into_iter().chain(presences.filter_map(|p| doubt(floor, p, now))).collect();
    if doubts.is_empty() { Confirmation::Plain } else { Confirmation::Typed(doubts) }
}

fn doubt(floor: &Floor, presence: &Presence, now: DateTime<Utc>) -> Option<String> {
    let activity = words::activity(&presence.activity);
    if presence.activity.is_busy() {
        Some(format!("{activity} at {}", presence.source))
    } else if floor.evidence(presence, now) == Evidence::Stale {
        let age = words::duration(now - presence.as_of);
        Some(format!("what {} says ({activity}) is {age} old", presence.source))
    } else if presence.activity.is_interruptible() || presence.activity == Activity::Offline {
        None
    } else {
        Some(format!("{activity} at {}", presence.source))
    }
}

/// One presence in words: what, for how long, how we know.
fn describe(floor: &Floor, presence: &Presence, now: DateTime<Utc>) -> String {
    let age = (now - presence.as_of).max(TimeDelta::zero());
    let time = presence.since.map(|since| format!(" for {}", words::duration(now - since)));
    format!(
        "{}: {}{} ({}, {} old)",
        presence.source,
        words::activity(&presence.activity),
        time.unwrap_or_default(),
        floor.evidence(presence, now).word(),
        words::duration(age),
    )
}

/// The agent that a logout of `person` would reach, or why there is none.
///
/// # Errors
/// A sentence: only Convoso can log an agent out, and only one who is logged in there.
pub fn target(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Result<AgentKey, String> {
    let name = &person.name;
    let at_convoso = person.ids.iter().filter_map(|(source, agent)| {
        let feed = floor.feed(source)?;
        (feed.kind == SourceKind::Convoso).then(|| AgentKey::new(source.clone(), agent.clone()))
    });
    let mut offline = None;
    for key in at_convoso {
        let presence = person.presence(&key.source);
        match presence {
            Some(p)
                if p.activity == Activity::Offline && floor.evidence(p, now) != Evidence::Stale =>
            {
                offline = Some(key);
            }
            _ => return Ok(key),
        }
    }
    match offline {
        Some(key) => {
            Err(format!("{name} is not logged in at {}: there is nothing to log out", key.source))
        }
        None => Err(format!("{name} has no Convoso id, and only Convoso can log an agent out")),
    }
}

impl LogoutPrompt {
    fn new(floor: &Floor, person: &Person, target: AgentKey, now: DateTime<Utc>) -> Self {
        let confirmation = assess(floor, person, &target, now);
        let mut state: Vec<_> =
            person.presences.iter().map(|presence| describe(floor, presence, now)).collect();
        if person.presence(&target.source).is_none() {
            state.push(format!("{}: unknown (it does not list this agent)", target.source));
        }
        let busy = person.presences.iter().any(|presence| presence.activity.is_busy());
        let consequence = if busy {
            "A live call may be cut: the vendor does not say what becomes of it."
        } else {
            "They must log in again before they can take contacts."
        };
        Self {
            person: person.id.clone(),
            name: person.name.clone(),
            field: match confirmation {
                Confirmation::Plain => PromptField::Answer,
                Confirmation::Typed(_) => PromptField::Word,
            },
            target,
            confirmation,
            state,
            consequence: consequence.to_owned(),
            changed: false,
            word: Input::default(),
            reason: Input::default(),
            activities: person.presences.iter().map(|p| p.activity.clone()).collect(),
        }
    }

    /// The text being typed into.
    pub(super) fn input(&mut self) -> Option<&mut Input> {
        match self.field {
            PromptField::Answer => None,
            PromptField::Word => Some(&mut self.word),
            PromptField::Reason => Some(&mut self.reason),
        }
    }

    pub(super) fn next_field(&mut self) {
        self.field = match (self.field, &self.confirmation) {
            (PromptField::Answer | PromptField::Word, _) => PromptField::Reason,
            (PromptField::Reason, Confirmation::Plain) => PromptField::Answer,
            (PromptField::Reason, Confirmation::Typed(_)) => PromptField::Word,
        };
    }

    fn state_before(&self) -> String {
        self.state.join("; ")
    }
}

impl App {
    /// Puts the question, or says why it cannot be put.
    pub(super) fn ask_logout(&mut self, id: &PersonId, now: DateTime<Utc>) {
        match self.logout_prompt(id, now) {
            Ok(prompt) => self.prompt = Some(Prompt::Logout(Box::new(prompt))),
            Err(why) => self.say(why, true, now),
        }
    }

    fn logout_prompt(&self, id: &PersonId, now: DateTime<Utc>) -> Result<LogoutPrompt, String> {
        if self.authority.is_none() {
            return Err(match self.setup.station {
                Station::Kiosk => "a kiosk can only look: nobody can be logged out from here",
                _ => "this program runs read-only: nobody can be logged out from here",
            }
            .to_owned());
        }
        let person = self.floor.person(id).ok_or("nobody is selected")?;
        let target = target(&self.floor, person, now)?;
        if let Some(tracked) = self.under_way(&target) {
            return Err(format!(
                "a logout of {} is under way since {}: it is not sent twice",
                person.name,
                self.floor_time(tracked.attempt.asked_at),
            ));
        }
        Ok(LogoutPrompt::new(&self.floor, person, target, now))
    }

    fn under_way(&self, target: &AgentKey) -> Option<&Tracked> {
        self.tracked.iter().find(|t| &t.attempt.target == target && !t.is_over())
    }

    /// The answer was yes. The state is looked at again: when it needs more confirmation than was
    /// given, or is no longer what was asked about, the question is put anew.
    pub(super) fn confirm_logout(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(Prompt::Logout(given)) = self.prompt.take() else { return Vec::new() };
        let mut asked = match self.logout_prompt(&given.person, now) {
            Ok(asked) => asked,
            Err(why) => {
                self.say(format!("nothing was sent: {why}"), true, now);
                return Vec::new();
            }
        };
        let typed = given.word.value().trim() == CONFIRMING_WORD;
        let same_doubt = asked.activities == given.activities && asked.target == given.target;
        let confirmed = match (&asked.confirmation, &given.confirmation) {
            (Confirmation::Plain, Confirmation::Plain) => asked.target == given.target,
            (_, Confirmation::Typed(_)) => typed && same_doubt,
            (Confirmation::Typed(_), Confirmation::Plain) => false,
        };
        if !confirmed {
            asked.changed = !same_doubt || matches!(given.confirmation, Confirmation::Plain);
            asked.reason = given.reason;
            self.prompt = Some(Prompt::Logout(Box::new(asked)));
            return Vec::new();
        }
        asked.reason = given.reason;
        self.order(&asked, now)
    }

    fn order(&mut self, asked: &LogoutPrompt, now: DateTime<Utc>) -> Vec<Effect> {
        let Some(authority) = &self.authority else { return Vec::new() };
        let order = Order::new(authority, asked.target.clone());
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        let attempt = Attempt {
            target: asked.target.clone(),
            name: asked.name.clone(),
            operator: self.setup.operator.clone(),
            host: self.setup.host.clone(),
            reason: asked.reason.value().trim().to_owned(),
            state_before: asked.state_before(),
            asked_at: now,
        };
        self.tracked.push(Tracked {
            ticket,
            id: None,
            attempt: attempt.clone(),
            stage: Stage::Asked,
            at: now,
            watch: None,
        });
        vec![Effect::Logout { ticket, attempt: Box::new(attempt), order }]
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
        match progress {
            Progress::Journalled(id) => {
                tracked.id = Some(id);
                tracked.stage = Stage::Journalled;
                Vec::new()
            }
            Progress::Sent(at) => {
                tracked.stage = Stage::Sent { at, answer: None };
                tracked.watch = Some(Watch::new(at));
                Vec::new()
            }
            Progress::NotJournalled(why) => conclude(tracked, Verdict::NotSent(why), now),
            Progress::Answered(Answer::Refused(why)) => {
                conclude(tracked, Verdict::Refused(why), now)
            }
            Progress::Answered(given) => {
                if let Stage::Sent { answer, .. } = &mut tracked.stage {
                    *answer = Some(given);
                }
                Vec::new()
            }
        }
    }

    /// Looks for what became of the attempts that are out: after a reading, and as time passes.
    pub(super) fn verify(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for tracked in self.tracked.iter_mut().filter(|tracked| !tracked.is_over()) {
            let Some(watch) = &mut tracked.watch else { continue };
            if let Some((sighting, as_of)) = sighting(&self.floor, &tracked.attempt.target, now) {
                watch.see(sighting, as_of);
            }
            if let Some(verdict) = watch.verdict(now) {
                effects.extend(conclude(tracked, verdict, now));
            }
        }
        effects
    }
}

/// What the newest reading of the target's source says of the target; none while it is stale or
/// has not decided (missing from one answer only).
#[must_use]
pub fn sighting(
    floor: &Floor,
    target: &AgentKey,
    now: DateTime<Utc>,
) -> Option<(Sighting, DateTime<Utc>)> {
    let presence = floor.person_of(target)?.presence(&target.source)?;
    if floor.evidence(presence, now) == Evidence::Stale {
        return None;
    }
    let seen =
        if presence.activity == Activity::Offline { Sighting::Gone } else { Sighting::Present };
    Some((seen, presence.as_of))
}

fn conclude(tracked: &mut Tracked, verdict: Verdict, now: DateTime<Utc>) -> Vec<Effect> {
    tracked.stage = Stage::Done(verdict.clone());
    tracked.at = now;
    tracked.id.map(|id| Effect::Conclude { id, verdict }).into_iter().collect()
}

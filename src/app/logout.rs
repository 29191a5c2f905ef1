//! Logging an agent out: what is asked, when it may go out, and what became of it.

use chrono::{DateTime, Utc};
use tui_input::Input;

use super::message::{Effect, Ticket};
use super::{App, Prompt, Station};
use crate::command::{Order, Progress, Sighting, Watch, sighting, target};
use crate::model::{
    Activity, AgentKey, Answer, Attempt, AttemptId, Floor, Person, PersonId, Stage, Verdict,
};
use crate::rules::{Confirmation, assess, describe};

/// Why a confirmed question is put again.
const STATE_CHANGED: &str = "The state changed meanwhile: look again.";

/// Why a typed answer did not count.
const WRONG_WORD: &str = "That was not the word `logout`: nothing was sent.";

/// The word that confirms a logout which a single key may not.
pub const CONFIRMING_WORD: &str = "logout";

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
    /// Why the question still stands after an answer: the state changed, the word was another.
    pub objection: Option<&'static str>,
    /// The field being typed into.
    pub field: PromptField,
    /// The word typed so far.
    pub word: Input,
    /// The reason typed so far.
    pub reason: Input,
    /// What each presence was at when the question was put: the answer counts for that only.
    activities: Vec<Activity>,
}

/// Every presence of `person` in words, and that there is none at `target` where so.
fn state(floor: &Floor, person: &Person, target: &AgentKey, now: DateTime<Utc>) -> Vec<String> {
    let presences = person.presences.iter();
    let mut state: Vec<_> = presences.map(|presence| describe(floor, presence, now)).collect();
    if person.presence(&target.source).is_none() {
        state.push(format!("{}: unknown (it does not list this agent)", target.source));
    }
    state
}

fn describe_target(attempt: &Attempt) -> String {
    format!("{} ({})", attempt.name, attempt.target)
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
    pub watch: Option<Watch>,
}

impl Tracked {
    /// Whether the newest reading shows the agent gone; no verdict yet.
    #[must_use]
    pub fn looks_gone(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| watch.so_far() == Some(Sighting::Gone))
    }

    /// Until when the readings are watched; none before the request is out.
    #[must_use]
    pub fn watched_until(&self) -> Option<DateTime<Utc>> {
        self.watch.as_ref().map(Watch::until)
    }

    /// Whether nothing more is to be expected of it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Done(_))
    }
}

impl LogoutPrompt {
    fn new(floor: &Floor, person: &Person, target: AgentKey, now: DateTime<Utc>) -> Self {
        let confirmation = assess(floor, person, &target, now);
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
            state: state(floor, person, &target, now),
            target,
            confirmation,
            consequence: consequence.to_owned(),
            objection: None,
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

    /// The question whether to log `id` out, as it would be put at `now`.
    ///
    /// # Errors
    /// A sentence that says why it cannot be put.
    pub fn logout_prompt(&self, id: &PersonId, now: DateTime<Utc>) -> Result<LogoutPrompt, String> {
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
            let changed = !same_doubt || matches!(given.confirmation, Confirmation::Plain);
            asked.objection = Some(if changed { STATE_CHANGED } else { WRONG_WORD });
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
        tracing::info!("log out {}: asked, {}", describe_target(&attempt), attempt.state_before);
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

    /// While the question stands, what it says of the agent follows the readings. What was asked
    /// about does not: another state needs another answer.
    pub(super) fn look_again(&mut self, now: DateTime<Utc>) {
        let Some(Prompt::Logout(prompt)) = &mut self.prompt else { return };
        let Some(person) = self.floor.person(&prompt.person) else { return };
        prompt.state = state(&self.floor, person, &prompt.target, now);
        let needed = assess(&self.floor, person, &prompt.target, now);
        if prompt.confirmation == Confirmation::Plain && needed != Confirmation::Plain {
            // What one key may not do any more is not offered to one key.
            let target = prompt.target.clone();
            let again = LogoutPrompt::new(&self.floor, person, target, now);
            let reason = std::mem::take(&mut prompt.reason);
            **prompt = LogoutPrompt { reason, objection: Some(STATE_CHANGED), ..again };
        }
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
        let whom = describe_target(&tracked.attempt);
        match progress {
            Progress::Journalled(id) => {
                tracked.id = Some(id);
                tracked.stage = Stage::Journalled;
                Vec::new()
            }
            Progress::Sent(at) => {
                tracing::info!("log out {whom}: sent");
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

    /// The program is left: what is out and not yet verified will not be, and the journal says so.
    pub fn abandon(&mut self, now: DateTime<Utc>) -> Vec<Effect> {
        let open = self.tracked.iter_mut().filter(|t| t.watch.is_some() && !t.is_over());
        open.flat_map(|tracked| {
            let text = "the program was left before it could be verified".to_owned();
            conclude(tracked, Verdict::Unknown(text), now)
        })
        .collect()
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

fn conclude(tracked: &mut Tracked, verdict: Verdict, now: DateTime<Utc>) -> Vec<Effect> {
    let detail = verdict.detail().map_or_else(String::new, |detail| format!(": {detail}"));
    tracing::info!("log out {}: {}{detail}", describe_target(&tracked.attempt), verdict.word());
    tracked.stage = Stage::Done(verdict.clone());
    tracked.at = now;
    tracked.id.map(|id| Effect::Conclude { id, verdict }).into_iter().collect()
}

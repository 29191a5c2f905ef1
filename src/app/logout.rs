//! Logging an agent out: what is asked, and when it may go out.

use chrono::{DateTime, Utc};
use tui_input::Input;

use super::message::Effect;
use super::prompt::Question;
use super::tracked::Tracked;
use super::{App, Prompt, Station};
use crate::command::{Order, target};
use crate::model::{Activity, AgentKey, Attempt, Deed, Floor, Person, PersonId};
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
    /// What is known of them in words, as it was when the question was put.
    pub state: Vec<String>,
    /// What happens then, in a sentence.
    pub consequence: String,
    /// Why the question still stands after an answer: the state changed, the word was another.
    pub objection: Option<&'static str>,
    /// The field being typed into.
    pub field: PromptField,
    /// Rows by which what it says is scrolled down.
    pub scroll: usize,
    /// The word typed so far.
    pub word: Input,
    /// The reason typed so far.
    pub reason: Input,
    /// What each presence was at when the question was put: the answer counts for that only.
    activities: Vec<Activity>,
}

impl LogoutPrompt {
    fn new(floor: &Floor, person: &Person, target: AgentKey, now: DateTime<Utc>) -> Self {
        let confirmation = assess(floor, person, &target, now);
        let busy = person.presences.iter().any(|presence| presence.activity.is_busy())
            || floor.headline(person, now).activity.is_busy();
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
            state: describe(floor, person, &target, now),
            target,
            confirmation,
            consequence: consequence.to_owned(),
            objection: None,
            scroll: 0,
            word: Input::default(),
            reason: Input::default(),
            activities: person.presences.iter().map(|p| p.activity.clone()).collect(),
        }
    }

    /// What somebody has to have read before they answer.
    pub(super) fn question(&self, floor: &Floor) -> Question {
        let typed = matches!(self.confirmation, Confirmation::Typed(_));
        // The typed word is for what was asked about: another state is found out when it is confirmed.
        let person = floor.person(&self.person).filter(|_| !typed);
        let presences = person.into_iter().flat_map(|person| &person.presences);
        Question::Logout {
            target: self.target.clone(),
            typed,
            activities: presences.map(|presence| presence.activity.clone()).collect(),
            objection: self.objection,
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
        let logout = |t: &&Tracked| t.attempt.deed == Deed::LogOut && &t.attempt.target == target;
        self.tracked.iter().find(|t| logout(t) && !t.is_over())
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
        let attempt = Attempt {
            deed: Deed::LogOut,
            target: asked.target.clone(),
            name: asked.name.clone(),
            operator: self.setup.operator.clone(),
            host: self.setup.host.clone(),
            reason: asked.reason.value().trim().to_owned(),
            state_before: asked.state_before(),
            asked_at: now,
        };
        let order = Order::new(authority, attempt.clone());
        let ticket = self.ticket();
        self.track(Tracked::new(ticket, attempt, now));
        vec![Effect::Carry { ticket, order }]
    }

    /// While the question stands, what it says of the agent follows the readings. What was asked
    /// about does not: another state needs another answer.
    pub(super) fn look_again(&mut self, now: DateTime<Utc>) {
        let Some(Prompt::Logout(prompt)) = &mut self.prompt else { return };
        let Some(person) = self.floor.person(&prompt.person) else { return };
        prompt.state = describe(&self.floor, person, &prompt.target, now);
        let needed = assess(&self.floor, person, &prompt.target, now);
        if prompt.confirmation == Confirmation::Plain && needed != Confirmation::Plain {
            // What one key may not do any more is not offered to one key.
            let target = prompt.target.clone();
            let again = LogoutPrompt::new(&self.floor, person, target, now);
            let reason = std::mem::take(&mut prompt.reason);
            **prompt = LogoutPrompt { reason, objection: Some(STATE_CHANGED), ..again };
        }
    }
}

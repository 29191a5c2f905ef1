//! From what the terminal sends to what the program understands.

use crossterm::event::Event;
use tui_input::backend::crossterm::to_input_request;

use crate::action::Action;
use crate::app::{App, Message, Prompt, PromptField, Station};
use crate::keymap::{Keymap, Mode};

/// What somebody can have seen before they pressed a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// A page: not only the wish for a larger window.
    pub(super) page: bool,
    /// The question that lies over it.
    pub(super) question: Read,
}

/// How far a question can have been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    /// It has stood whole on the screen for long enough.
    Whole,
    /// It has not stood there for long enough.
    TooShort,
    /// Not all of it fits on the screen.
    CutOff,
}

/// What `event` means to `app` now; none when it means nothing.
pub(super) fn message(app: &App, keymap: &Keymap, event: &Event, seen: Seen) -> Option<Message> {
    let mode = match (app.is_typing(), app.is_asking()) {
        (true, _) => Mode::Text,
        (_, true) => Mode::Prompt,
        _ => Mode::Floor,
    };
    let typed = |message: Option<Message>| match refusal(seen.question) {
        _ if !seen.page || mode != Mode::Text => None,
        // Typed blindly, the word that confirms would only wait for an Enter.
        Some(refusal) if message.is_some() && types_an_answer(app) => Some(refusal),
        _ => message,
    };
    match event {
        Event::Key(key) => match keymap.resolve(mode, *key) {
            Some(action) if !seen.page && !is_blind(action) => None,
            Some(action) if !is_offered(app, action) => None,
            Some(action) if confirms(app, action) => {
                refusal(seen.question).or(Some(Message::Action(action)))
            }
            Some(action) => Some(Message::Action(action)),
            None => typed(to_input_request(event).map(Message::Edit)),
        },
        Event::Paste(text) => typed(Some(Message::Paste(text.clone()))),
        _ => None,
    }
}

/// What is said instead of an answer that does not count.
fn refusal(question: Read) -> Option<Message> {
    let text = match question {
        Read::Whole => return None,
        Read::TooShort => READ_FIRST,
        Read::CutOff => CUT_OFF,
    };
    Some(Message::Trouble(text.to_owned()))
}

/// Said where an answer came before anybody can have read the question.
const READ_FIRST: &str = "nothing was sent: read it first (hint: answer once its key is bright)";

/// Said where an answer came to a question that does not fit on the screen.
const CUT_OFF: &str = "nothing was sent: the question is not wholly on the screen \
                       (hint: enlarge the window)";

/// Whether what is typed is the word that confirms.
fn types_an_answer(app: &App) -> bool {
    matches!(app.prompt(), Some(Prompt::Logout(prompt)) if prompt.field == PromptField::Word)
}

/// Whether `action` needs no page to be seen.
fn is_blind(action: Action) -> bool {
    matches!(action, Action::Quit | Action::Redraw | Action::Suspend | Action::Back | Action::No)
}

/// Whether `action` would change something outside: nobody can confirm what they have not read.
fn confirms(app: &App, action: Action) -> bool {
    match app.prompt() {
        Some(Prompt::Logout(prompt)) => match prompt.field {
            PromptField::Answer => action == Action::Yes,
            PromptField::Word => action == Action::Open,
            PromptField::Reason => false,
        },
        Some(Prompt::Deal(_)) => action == Action::Open,
        _ => false,
    }
}

/// A wall is passed by people who press keys; only what changes nothing but the picture is offered.
fn is_offered(app: &App, action: Action) -> bool {
    let on_a_wall = matches!(
        action,
        Action::Quit
            | Action::Redraw
            | Action::Agents
            | Action::Queues
            | Action::Adherence
            | Action::Alerts
            | Action::NextPage
            | Action::PreviousPage
            | Action::NextTheme
    );
    app.setup().station != Station::Kiosk || on_a_wall
}

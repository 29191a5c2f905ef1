//! From what the terminal sends to what the program understands.

use crossterm::event::Event;
use tui_input::backend::crossterm::to_input_request;

use crate::action::Action;
use crate::app::{App, Message, Prompt, Station};
use crate::keymap::{Keymap, Mode};

/// What somebody can have seen before they pressed a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// A page: not only the wish for a larger window.
    pub(super) page: bool,
    /// All of the question that lies over it: one that is cut off, or that came with the same stroke
    /// as its answer, has not been read by anybody.
    pub(super) question: bool,
}

/// What `event` means to `app` now; none when it means nothing.
pub(super) fn message(app: &App, keymap: &Keymap, event: &Event, seen: Seen) -> Option<Message> {
    let mode = match (app.is_typing(), app.is_asking()) {
        (true, _) => Mode::Text,
        (_, true) => Mode::Prompt,
        _ => Mode::Floor,
    };
    match event {
        Event::Key(key) => match keymap.resolve(mode, *key) {
            Some(action) if !seen.page && !is_blind(action) => None,
            Some(action) if !seen.question && confirms(app, action) => {
                let text = "nothing was sent: the question was not wholly on the screen yet \
                            (hint: look again, or enlarge the window)";
                Some(Message::Trouble(text.to_owned()))
            }
            Some(action) => is_offered(app, action).then_some(Message::Action(action)),
            None if mode == Mode::Text && seen.page => to_input_request(event).map(Message::Edit),
            None => None,
        },
        Event::Paste(text) if mode == Mode::Text && seen.page => Some(Message::Paste(text.clone())),
        _ => None,
    }
}

/// Whether `action` needs no page to be seen.
fn is_blind(action: Action) -> bool {
    matches!(action, Action::Quit | Action::Redraw | Action::Suspend | Action::Back | Action::No)
}

/// Whether `action` would change something outside: nobody can confirm what they cannot read.
fn confirms(app: &App, action: Action) -> bool {
    matches!(app.prompt(), Some(Prompt::Logout(_) | Prompt::Deal(_)))
        && matches!(action, Action::Yes | Action::Open)
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

//! What is on the screen, in words and meanings: pure, and only as much as is visible.
//!
//! [`screen`] turns the program's state into a [`Screen`]; two equal screens look the same, so that
//! nothing needs to be drawn when nothing changed (the log's lines excepted, see [`Body::Log`]).

mod adherence;
mod agents;
mod alert;
mod alerts;
mod banner;
mod concern;
mod deal;
mod details;
mod due;
mod explain;
mod figures;
mod filter;
mod folded;
mod footer;
mod header;
mod help;
mod logout;
mod panel;
mod queues;
mod scene;
mod sources;
mod state;
mod strip;
mod table;
mod text;
mod time;
mod window;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::app::{App, Page, Prompt};
use crate::keymap::Keymap;
use crate::theme::{Symbols, Tone};

pub use panel::Panel;
use scene::Scene;
pub use table::{Column, GAP, Row, Table};
pub use text::{Line, Span, shown, wrap};

/// The least size at which the pages are drawn: names, states and a whole question fit into it.
const LEAST: (u16, u16) = (60, 16);

/// Everything on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// Which characters it is drawn with.
    pub symbols: Symbols,
    /// The floor's name and totals, the sources, the banners.
    pub header: Vec<Line>,
    /// The pages, and what the list is narrowed to.
    pub tabs: Line,
    /// The page.
    pub body: Body,
    /// The keys, or a sentence for the supervisor, or what is being searched for.
    pub footer: Line,
    /// What lies over the page.
    pub overlay: Option<Panel>,
    /// How many rows of a list fit: what a screenful is.
    pub list_rows: usize,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A list.
    List(List),
    /// The program's own log, which the terminal's side draws from its logger.
    Log {
        /// Lines by which it is scrolled back.
        back: usize,
        /// The floor's time zone.
        zone: Tz,
    },
    /// The terminal is too small for any page.
    TooSmall(Line),
}

/// A page with a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// What stands over the list.
    pub above: Vec<Line>,
    /// The list.
    pub table: Table,
    /// Why the list is empty.
    pub empty: Vec<Line>,
    /// What stands at the bottom of the page.
    pub below: Vec<Line>,
}

/// What is on a screen of `width` by `height` at `now`.
#[must_use]
pub fn screen(
    app: &App,
    keymap: &Keymap,
    symbols: Symbols,
    now: DateTime<Utc>,
    width: u16,
    height: u16,
) -> Screen {
    let scene = Scene::new(app, keymap, symbols, now, width, height);
    if width < LEAST.0 || height < LEAST.1 {
        return too_small(&scene);
    }
    let header = header::lines(&scene);
    let room = scene.height.saturating_sub(header.len() + 2);
    let (body, list_rows) = match app.page() {
        Page::Agents => listed(agents::list(&scene, room), room),
        Page::Queues => listed(queues::list(&scene, room), room),
        Page::Adherence => listed(adherence::list(&scene, room), room),
        Page::Alerts => listed(alerts::list(&scene, room), room),
        Page::Log => (Body::Log { back: app.log_back(), zone: scene.zone }, room),
    };
    let fit = |line: Line| line.fit(scene.width, symbols);
    Screen {
        symbols,
        header: header.into_iter().map(fit).collect(),
        tabs: fit(header::tabs(&scene)),
        body,
        footer: fit(footer::line(&scene)),
        overlay: overlay(&scene),
        list_rows,
    }
}

/// The page of a list, and the rows that fit beside its lines and the line of titles.
fn listed(list: List, room: usize) -> (Body, usize) {
    let rows = room.saturating_sub(list.above.len() + list.below.len() + 1);
    (Body::List(list), rows)
}

fn overlay(scene: &Scene<'_>) -> Option<Panel> {
    match scene.app.prompt()? {
        Prompt::Help { scroll, .. } => Some(help::panel(scene, *scroll)),
        Prompt::Details { person, scroll, connection, actions } => {
            let (scroll, connection) = (*scroll, *connection);
            let actions = actions.as_deref();
            let asked = details::Asked { scroll, connection, actions };
            Some(details::panel(scene, person, &asked))
        }
        Prompt::Alert { key, scroll } => Some(alert::panel(scene, key, *scroll)),
        Prompt::Explain { subject, scroll, .. } => Some(explain::panel(scene, subject, *scroll)),
        Prompt::Deal(prompt) => Some(deal::panel(scene, prompt)),
        Prompt::Search { .. } => None, // typed into the last line, beneath the list it narrows
        Prompt::Filter(picker) => Some(filter::panel(scene, picker)),
        Prompt::Logout(prompt) => Some(logout::panel(scene, prompt)),
    }
}

fn too_small(scene: &Scene<'_>) -> Screen {
    let (width, height) = LEAST;
    let text = format!("enlarge the terminal to {width}x{height}");
    let line = Line::of(text, Tone::Warn).fit(scene.width, scene.symbols);
    Screen {
        symbols: scene.symbols,
        header: Vec::new(),
        tabs: Line::default(),
        body: Body::TooSmall(line),
        footer: Line::default(),
        overlay: None,
        list_rows: 1,
    }
}

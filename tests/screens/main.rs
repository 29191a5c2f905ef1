//! Every screen, drawn at a fixed instant and kept as text. The pictures are reviewed like code:
//! `INSTA_UPDATE=always cargo test --test screens` draws them anew, and the difference is read.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so do its helpers")]

mod alerts;
mod due;
mod explain;
mod five;
mod floor;
mod person;

use std::cell::Cell;
use std::io::Write;
use std::rc::Rc;

use floorwatch::action::Action;
use floorwatch::app::{App, KeepingTrouble, Message, Station};
use floorwatch::keymap::Keymap;
use floorwatch::model::FailureKind;
use floorwatch::theme::{Symbols, Theme};
use floorwatch::{ui, view};
use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::{Terminal, TerminalOptions, Viewport};
use tui_input::InputRequest;
use unicode_width::UnicodeWidthStr;

use floor::{app_on, at, fails, lists_nobody, lists_too_few, queue, silent_floor, usual_floor};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

fn drawn(
    app: &App,
    symbols: Symbols,
    theme: &str,
    now: i64,
    (width, height): (u16, u16),
) -> Buffer {
    let keymap = Keymap::embedded().unwrap();
    let screen = view::screen(app, &keymap, symbols, at(now), width, height);
    let theme = Theme::load(theme).unwrap();
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| ui::draw(frame, &screen, &theme)).unwrap();
    terminal.backend().buffer().clone()
}

/// What is read on the screen, row by row. A wide letter covers two cells.
fn text(buffer: &Buffer) -> String {
    let row = |y: u16| {
        let mut row = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap();
        }
        row.trim_end().to_owned()
    };
    (0..buffer.area.height).map(row).collect::<Vec<_>>().join("\n")
}

/// Every stretch of the screen that is not drawn plainly: where it is, what it says, how it looks.
fn styled_runs(buffer: &Buffer) -> String {
    let plain = Style::reset();
    let mut runs = Vec::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let (start, style) = (x, buffer[(x, y)].style());
            let mut run = String::new();
            while x < buffer.area.width && buffer[(x, y)].style() == style {
                run.push_str(buffer[(x, y)].symbol());
                x += 1;
            }
            let run = run.trim();
            let look = look(style);
            if style != plain && !run.is_empty() && !look.is_empty() {
                runs.push(format!("{y}:{start} {run:?} {look}"));
            }
        }
    }
    runs.join("\n")
}

fn look(style: Style) -> String {
    let mut look = Vec::new();
    for (name, colour) in [("fg", style.fg), ("bg", style.bg)] {
        if let Some(colour) = colour.filter(|colour| colour.to_string() != "Reset") {
            look.push(format!("{name}={colour}"));
        }
    }
    if !style.add_modifier.is_empty() {
        look.push(format!("{:?}", style.add_modifier));
    }
    look.join(" ")
}

/// Compares the screen at each of the usual sizes with its picture.
fn looks_like(name: &str, app: &App) {
    looks_like_at(name, app, 0);
}

fn looks_like_at(name: &str, app: &App, now: i64) {
    for (width, height) in SIZES {
        let buffer = drawn(app, Symbols::Unicode, "mono", now, (width, height));
        kept(&format!("{name}_{width}x{height}"), &text(&buffer));
    }
}

fn kept(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("pictures");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

fn usual() -> App {
    app_on(usual_floor(), Station::Desk)
}

fn press(app: &mut App, actions: &[Action]) {
    for action in actions {
        app.update(Message::Action(*action), at(0));
    }
}

fn type_in(app: &mut App, text: &str) {
    for letter in text.chars() {
        app.update(Message::Edit(InputRequest::InsertChar(letter)), at(0));
    }
}

/// Selects the agent called `name`.
fn select(app: &mut App, name: &str) {
    press(app, &[Action::Top]);
    let index = app
        .rows()
        .iter()
        .position(|row| app.live_floor().people()[row.person].name == name)
        .unwrap();
    press(app, &vec![Action::Down; index]);
}

#[test]
fn the_agents_those_who_need_attention_first() {
    let app = usual();
    looks_like("agents", &app);
    let wide = drawn(&app, Symbols::Unicode, "mono", 0, (200, 60));
    kept("agents_200x60", &text(&wide));
}

#[test]
fn the_agents_in_ascii_only() {
    let buffer = drawn(&usual(), Symbols::Ascii, "mono", 0, (80, 24));
    kept("agents_ascii_80x24", &text(&buffer));
}

#[test]
fn the_agents_colours_and_what_is_left_of_them_without_colour() {
    for theme in ["dark", "mono"] {
        let buffer = drawn(&usual(), Symbols::Unicode, theme, 0, (80, 24));
        kept(&format!("agents_styles_{theme}"), &styled_runs(&buffer));
    }
}

#[test]
fn the_queues_with_their_headroom_and_the_vendors_day() {
    let mut app = usual();
    press(&mut app, &[Action::Queues]);
    looks_like("queues", &app);
    let wide = drawn(&app, Symbols::Unicode, "mono", 0, (200, 60));
    kept("queues_200x60", &text(&wide));
}

#[test]
fn a_drop_rate_is_rounded_half_up_as_the_exports_do_and_at_three_percent_nothing_is_left() {
    let mut floor = usual_floor();
    for (id, name, counts) in [
        ("301", "Half", [800, 799, 1, 0]),
        ("302", "Limit", [100, 97, 3, 0]),
        ("303", "Beyond", [99, 96, 3, 0]),
        ("304", "Quiet", [0, 0, 0, 0]),
    ] {
        queue(&mut floor, id, name, counts, -2);
    }
    let mut app = app_on(floor, Station::Desk);
    press(&mut app, &[Action::Queues]);
    let screen = text(&drawn(&app, Symbols::Unicode, "mono", 0, (200, 60)));
    for (name, rate, left) in [
        ("Half", "0.13%", "23 drops left"),
        ("Limit", "3.00%", "0 drops left"),
        ("Beyond", "3.03%", "1 answer needed"),
        ("Quiet", "–", "–"),
    ] {
        let line = screen.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        let found = line.contains(&format!(" {rate} ")) && line.contains(&format!(" {left} "));
        assert!(found, "{line}");
    }
}

#[test]
fn adherence_those_who_are_out_first() {
    let mut app = usual();
    press(&mut app, &[Action::Adherence]);
    looks_like("adherence", &app);
}

#[test]
fn the_help_is_listed_from_the_keymap() {
    let mut app = usual();
    press(&mut app, &[Action::Help]);
    looks_like("help", &app);
    press(&mut app, &[Action::Down; 24]);
    let buffer = drawn(&app, Symbols::Unicode, "mono", 0, (80, 24));
    kept("help_further_80x24", &text(&buffer));
}

#[test]
fn one_person_in_full() {
    let mut app = usual();
    select(&mut app, "Bea Novak");
    press(&mut app, &[Action::Open]);
    looks_like("details", &app);
}

#[test]
fn searching_narrows_the_list_above_the_line_that_is_typed() {
    let mut app = usual();
    press(&mut app, &[Action::Search]);
    type_in(&mut app, "an");
    looks_like("search", &app);
}

#[test]
fn the_filter_says_how_many_each_choice_leaves() {
    let mut app = usual();
    press(&mut app, &[Action::Filter]);
    looks_like("filter", &app);
    type_in(&mut app, "west");
    press(&mut app, &[Action::Open]);
    let buffer = drawn(&app, Symbols::Unicode, "mono", 0, (80, 24));
    kept("filtered_80x24", &text(&buffer));
}

#[test]
fn a_plain_logout_names_agent_state_and_consequence() {
    let mut app = usual();
    select(&mut app, "Jane Smith");
    press(&mut app, &[Action::Logout]);
    looks_like("logout_plain", &app);
    press(&mut app, &[Action::No]);
    looks_like("logout_no", &app);
}

#[test]
fn the_key_that_answers_is_as_dim_as_its_word_until_the_answer_counts() {
    for (name, hint) in [("Jane Smith", "y log out"), ("Luis García", "Enter log out")] {
        let mut app = usual();
        select(&mut app, name);
        press(&mut app, &[Action::Logout]);
        let is_bright = |app: &App| {
            let buffer = drawn(app, Symbols::Unicode, "dark", 0, (80, 24));
            let row =
                |y: u16| (0..80).map(|x| buffer[(x, y)].symbol()).collect::<Vec<_>>().concat();
            let found = (0..24).find_map(|y| Some((y, row(y).split_once(hint)?.0.chars().count())));
            let (y, x) = found.unwrap();
            let x = u16::try_from(x).unwrap();
            let word = x + u16::try_from(hint.find(' ').unwrap()).unwrap() + 1;
            buffer[(x, y)].style() != buffer[(word, y)].style()
        };
        assert!(is_bright(&app), "{name}");
        app.update(Message::Answerable(false), at(0));
        assert!(!is_bright(&app), "{name}");
    }
}

#[test]
fn a_logout_that_was_confirmed_is_followed_in_a_line_of_its_own() {
    let mut app = usual();
    select(&mut app, "Jane Smith");
    press(&mut app, &[Action::Logout, Action::Yes]);
    looks_like("logout_yes", &app);
}

#[test]
fn a_busy_agents_logout_wants_the_typed_word() {
    let mut app = usual();
    select(&mut app, "Luis García");
    press(&mut app, &[Action::Logout]);
    type_in(&mut app, "logo");
    looks_like("logout_typed", &app);
    press(&mut app, &[Action::NextField]);
    type_in(&mut app, "left early");
    let buffer = drawn(&app, Symbols::Unicode, "mono", 0, (80, 24));
    kept("logout_reason_80x24", &text(&buffer));
}

#[test]
fn a_question_keeps_its_input_and_its_keys_on_the_smallest_screen_and_what_it_says_scrolls() {
    let mut app = five::five();
    select(&mut app, "Luis Garc\u{ed}a");
    press(&mut app, &[Action::Logout]);
    type_in(&mut app, "logo");
    let small = |app: &App| text(&drawn(app, Symbols::Unicode, "mono", 0, (60, 16)));
    let shown = small(&app);
    kept("logout_small_60x16", &shown);
    for part in ["careful", "> type logout to confirm: logo", "Enter log out", "PgDn more"] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
    app.update(Message::Room { rows: 8, scroll: 20 }, at(0));
    press(&mut app, &[Action::PageDown]);
    let further = small(&app);
    for part in ["then ", "> type logout to confirm: logo", "Enter log out", "PgUp back"] {
        assert!(further.contains(part), "no {part}: {further}");
    }
    press(&mut app, &[Action::PageUp]);
    assert_eq!(small(&app), shown);
}

#[test]
fn a_state_that_changed_before_the_answer_is_shown_anew() {
    let mut app = usual();
    select(&mut app, "Jane Smith");
    press(&mut app, &[Action::Logout]);
    // The dialer falls silent while the question stands.
    app.update(Message::Action(Action::Yes), at(30));
    looks_like_at("logout_changed", &app, 30);
}

#[test]
fn the_first_frame_waits_and_says_for_what() {
    looks_like("waiting", &app_on(silent_floor(), Station::Desk));
}

#[test]
fn a_source_that_is_down_says_since_when_and_its_agents_are_stale() {
    let mut floor = usual_floor();
    let (transient, denied) = (FailureKind::Transient, FailureKind::Denied);
    fails(&mut floor, "dialer", 0, transient, "no answer within 10 s");
    fails(&mut floor, "wfm", 0, denied, "the session has expired (the login page came instead)");
    looks_like("source_down", &app_on(floor, Station::Desk));
}

#[test]
fn a_list_that_is_too_short_is_held_under_a_banner() {
    let mut floor = usual_floor();
    lists_too_few(&mut floor);
    looks_like("partial_list", &app_on(floor, Station::Desk));
}

#[test]
fn a_wfm_that_lists_nobody_any_more_is_held_under_a_banner() {
    let mut floor = usual_floor();
    lists_nobody(&mut floor);
    looks_like("lists_nobody", &app_on(floor, Station::Desk));
}

#[test]
fn a_journal_that_is_not_kept_is_said_under_the_title() {
    let mut app = usual();
    let trouble = |why: &str| KeepingTrouble { why: why.to_owned(), since: at(-60) };
    app.update(Message::Keeping(Some(trouble("disk full"))), at(0));
    looks_like("not_kept", &app);
    let long = "unable to open the file or something else that takes its time to be said at all";
    app.update(Message::Keeping(Some(trouble(long))), at(0));
    let screen = text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24)));
    let banner = screen.lines().find(|line| line.contains("JOURNAL")).unwrap();
    assert!(banner.contains("…, nothing kept since ") && banner.width() <= 80, "{banner}");
    app.update(Message::Keeping(None), at(0));
    assert!(!text(&drawn(&app, Symbols::Unicode, "mono", 0, (80, 24))).contains("JOURNAL"));
}

#[test]
fn a_damaged_journal_that_was_set_aside_is_said_under_the_title_until_it_has_been_seen() {
    let mut app = usual();
    let banner = |app: &App| {
        let screen = text(&drawn(app, Symbols::Unicode, "mono", 0, (80, 24)));
        let banner = screen.lines().find(|line| line.contains("set aside at"));
        banner.map(|line| line.trim().to_owned())
    };
    app.update(Message::SetAside("the damaged journal is set aside".to_owned()), at(-60));
    let said = "the damaged journal was set aside at 10:59:00, a new one begun; Esc: seen";
    assert_eq!(banner(&app).as_deref(), Some(said));
    press(&mut app, &[Action::Back]);
    assert_eq!(banner(&app), None);
}

#[test]
fn a_frozen_picture_says_so_and_stands_still() {
    let mut app = usual();
    press(&mut app, &[Action::Freeze]);
    looks_like_at("frozen", &app, 95);
}

#[test]
fn a_kiosk_shows_no_keys_and_selects_nobody() {
    looks_like("kiosk", &app_on(usual_floor(), Station::Kiosk));
}

#[test]
fn the_log_is_a_page() {
    let mut app = usual();
    press(&mut app, &[Action::Log]);
    let buffer = drawn(&app, Symbols::Unicode, "mono", 0, (80, 24));
    kept("log_80x24", &text(&buffer));
}

#[test]
fn every_screen_can_be_drawn_at_any_size() {
    let mut person = usual();
    select(&mut person, "Jane Smith");
    let pages = [
        vec![],
        vec![Action::Queues],
        vec![Action::Adherence],
        vec![Action::Log],
        vec![Action::Help],
        vec![Action::Open],
        vec![Action::Filter],
        vec![Action::Search],
        vec![Action::Logout],
        vec![Action::Explain],
        vec![Action::Queues, Action::Explain],
        vec![Action::ExplainFloor],
        vec![Action::Lost],
    ];
    for actions in pages {
        let mut app = usual();
        press(&mut app, &actions);
        for size in [(0, 0), (1, 1), (5, 0), (0, 5), (2, 2), (20, 5), (40, 8), (41, 9), (60, 12)] {
            let buffer = drawn(&app, Symbols::Unicode, "dark", 0, size);
            assert_eq!(buffer.area.as_size(), size.into(), "{actions:?}");
        }
    }
}

#[test]
fn an_ascii_screen_has_only_ascii_in_its_own_words() {
    let mut app = app_on(silent_floor(), Station::Desk);
    for action in [Action::Agents, Action::Queues, Action::Adherence, Action::Help] {
        press(&mut app, &[action]);
        let shown = text(&drawn(&app, Symbols::Ascii, "mono", 0, (120, 40)));
        let foreign: String = shown.chars().filter(|c| !c.is_ascii()).collect();
        let names: String = app.live_floor().people().iter().map(|p| p.name.as_str()).collect();
        assert!(foreign.chars().all(|c| names.contains(c)), "{foreign}");
    }
}

/// Counts what is written to a terminal.
#[derive(Clone, Default)]
struct Counted(Rc<Cell<usize>>);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_second_without_news_costs_fewer_than_300_bytes() {
    let mut app = usual();
    let keymap = Keymap::embedded().unwrap();
    let theme = Theme::load("dark").unwrap();
    let written = Counted::default();
    let viewport = Viewport::Fixed(Rect::new(0, 0, 80, 24));
    let backend = CrosstermBackend::new(written.clone());
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
    let mut bytes = Vec::new();
    for now in 0..8 {
        app.update(Message::Tick, at(now));
        let screen = view::screen(&app, &keymap, Symbols::Unicode, at(now), 80, 24);
        let before = written.0.get();
        terminal.draw(|frame| ui::draw(frame, &screen, &theme)).unwrap();
        bytes.push(written.0.get() - before);
    }
    let ticks = &bytes[1..];
    let mean = ticks.iter().sum::<usize>() / ticks.len();
    assert!(mean < 300, "{bytes:?}");
}

#[test]
fn a_frame_costs_what_is_visible_and_not_what_is_listed() {
    let app = usual();
    let keymap = Keymap::embedded().unwrap();
    let screen = view::screen(&app, &keymap, Symbols::Unicode, at(0), 80, 17);
    let view::Body::List(list) = &screen.body else { panic!("{:?}", screen.body) };
    assert_eq!(list.table.rows.len(), screen.list_rows);
    assert!(screen.list_rows < app.rows().len());
}

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::theme::{Symbols, Tone};
use crate::view::{Column, Line, List, Panel, Row, Table};

const SIZES: [(u16, u16); 14] = [
    (0, 0),
    (1, 0),
    (0, 1),
    (1, 1),
    (5, 0),
    (0, 5),
    (2, 2),
    (3, 3),
    (20, 5),
    (1, 60),
    (200, 1),
    (39, 8),
    (80, 24),
    (200, 60),
];

fn list() -> List {
    let column =
        |title: &str, width, flush_right| Column { title: title.into(), width, flush_right };
    let row = |name: &str, time: &str, selected| Row {
        cells: vec![Line::text(name), Line::of(time, Tone::Warn)],
        selected,
    };
    List {
        above: vec![Line::text("above")],
        table: Table {
            columns: vec![column("Name", 6, false), column("Time", 8, true)],
            rows: vec![row("佐藤", "1:23", false), row("Ann", "1:02:03", true)],
        },
        empty: Vec::new(),
        below: vec![Line::text("below")],
    }
}

fn screen(body: Body) -> Screen {
    let lines = vec![Line::text("inside"), Line::of("the panel", Tone::Accent)];
    Screen {
        symbols: Symbols::Unicode,
        header: vec![Line::of("Tampa", Tone::Title), Line::text("dialer live")],
        tabs: Line::of(" 1 Agents ", Tone::Tab),
        body,
        footer: Line::of("? help", Tone::Muted),
        overlay: Some(Panel {
            title: Line::text("Title"),
            lines,
            foot: Line::text("Esc close"),
            width: 30,
            height: 4,
            complete: true,
            scroll_limit: 0,
        }),
        list_rows: 3,
    }
}

fn drawn(screen: &Screen, width: u16, height: u16) -> Terminal<TestBackend> {
    let theme = Theme::load("mono").unwrap();
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, screen, &theme)).unwrap();
    terminal
}

#[test]
fn nothing_panics_at_any_size_even_with_a_screen_made_for_another() {
    let bodies = [
        Body::List(list()),
        Body::List(List { empty: vec![Line::text("nobody")], ..List::default() }),
        Body::Log { back: 0, zone: chrono_tz::Tz::UTC },
        Body::Log { back: usize::MAX, zone: chrono_tz::Tz::UTC },
        Body::TooSmall(Line::text("enlarge")),
    ];
    for body in bodies {
        for symbols in [Symbols::Unicode, Symbols::Ascii] {
            let screen = Screen { symbols, ..screen(body.clone()) };
            for (width, height) in SIZES {
                let terminal = drawn(&screen, width, height);
                assert_eq!(terminal.backend().buffer().area.as_size(), (width, height).into());
            }
        }
    }
}

#[test]
fn a_list_stands_between_its_lines_and_wide_letters_keep_the_columns() {
    let screen = Screen { overlay: None, ..screen(Body::List(list())) };
    let shown = drawn(&screen, 20, 9).backend().to_string();
    let rows: Vec<_> = shown.lines().map(|line| line.trim_matches('"').trim_end()).collect();
    assert_eq!(rows[3], "above");
    assert_eq!(rows[4], "Name       Time");
    assert!(rows[5].starts_with("佐藤") && rows[5].contains("       1:23"), "{rows:?}");
    assert_eq!(rows[6], "Ann     1:02:03");
    assert_eq!((rows[7], rows[8]), ("below", "? help"));
}

#[test]
fn a_panel_in_ascii_has_an_ascii_frame() {
    let screen = Screen { symbols: Symbols::Ascii, ..screen(Body::List(List::default())) };
    assert!(drawn(&screen, 60, 20).backend().to_string().is_ascii());
}

#[test]
fn in_ascii_nothing_else_is_drawn_wherever_it_comes_from() {
    let mut screen = screen(Body::List(list()));
    screen.symbols = Symbols::Ascii;
    screen.header.push(Line::text("José 佐藤 – 1\u{20e3} 👍🏽 · Đặng…"));
    let theme = Theme::load("mono").unwrap();
    let area = Rect::new(0, 0, 80, 24);
    let mut buffer = Buffer::empty(area);
    render(&mut buffer, area, &screen, &theme);
    assert!(buffer.content.iter().all(|cell| cell.symbol().is_ascii()));
    let row: String = (0..30).map(|x| buffer[(x, 2)].symbol()).collect();
    assert!(row.starts_with("Jose ZuTe - 1 "), "{row}");
}

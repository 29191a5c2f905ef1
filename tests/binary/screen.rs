//! What a supervisor sees and can do.

use floorwatch::simulator::{Fault, Target};
use portable_pty::CommandBuilder;
use rustix::process::Signal;

use super::centre::Centre;
use super::terminal::Terminal;

fn live(terminal: &Terminal) -> String {
    terminal.wait_until("three live sources", |screen| {
        let text = screen.contents();
        ["dialer live", "cx live", "wfm live"].iter().all(|source| text.contains(source))
    })
}

#[test]
fn the_demo_is_a_live_floor() {
    let mut demo = Demo::start();
    assert!(demo.screen.contains("12 people"), "{}", demo.screen);
    demo.terminal.keys("q");
    assert!(demo.terminal.wait_for_end().success());
    assert_eq!(demo.left_over(), [] as [String; 0]);
}

#[test]
fn a_demo_that_is_ended_by_a_signal_leaves_nothing_either() {
    let mut demo = Demo::start();
    demo.terminal.signal(Signal::TERM);
    demo.terminal.wait_for_end();
    assert_eq!(demo.left_over(), [] as [String; 0]);
}

/// A demo with a home and a directory for temporary files of its own.
struct Demo {
    home: tempfile::TempDir,
    terminal: Terminal,
    screen: String,
}

impl Demo {
    fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_floorwatch"));
        command.args(["demo", "--agents", "12", "--seed", "3"]);
        command.env_clear();
        let own = home.path().to_str().unwrap();
        for (name, value) in [("HOME", own), ("TMPDIR", own), ("TERM", "xterm-256color")] {
            command.env(name, value);
        }
        let terminal = Terminal::of(command, 80, 24);
        let screen = live(&terminal);
        Self { home, terminal, screen }
    }

    /// Every file and directory that it has left.
    fn left_over(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.home.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

#[test]
fn the_first_frame_is_honest_before_any_source_has_answered() {
    let centre = Centre::usual();
    for target in [Target::Convoso, Target::CxEngage, Target::Wfm] {
        centre.fault(target, Fault::Hang);
    }
    let terminal = Terminal::start(&centre, &[]);
    let screen = terminal.wait_for("waiting for dialer");
    assert!(screen.contains("dialer waiting"), "{screen}");
}

#[test]
fn every_page_is_a_key_away() {
    let centre = Centre::usual();
    let mut terminal = Terminal::start(&centre, &[]);
    live(&terminal);
    for (key, shows) in [
        ("2", "Drop"),
        ("3", "Scheduled"),
        ("?", "Keys in the lists"),
        ("\u{1b}", "Scheduled"),
        ("1", "Calls"),
    ] {
        terminal.keys(key);
        terminal.wait_for(shows);
    }
}

#[test]
fn typing_a_name_finds_it_and_a_q_is_a_letter_there() {
    let centre = Centre::usual();
    let mut terminal = Terminal::start(&centre, &[]);
    live(&terminal);
    let wanted = centre.truth().people[1].name.clone();
    terminal.keys("/");
    terminal.keys("qqq");
    terminal.wait_for("qqq");
    terminal.keys("\u{1b}");
    terminal.wait_without("qqq");
    terminal.keys("/");
    terminal.keys(&wanted);
    terminal.keys("\r");
    terminal.wait_for(&format!("only \"{wanted}\""));
    terminal.keys("\r");
    terminal.wait_for("observed");
}

#[test]
fn a_frozen_picture_says_so_and_goes_on_when_let() {
    let centre = Centre::usual();
    let mut terminal = Terminal::start(&centre, &[]);
    live(&terminal);
    terminal.keys("p");
    terminal.wait_for("FROZEN");
    terminal.keys("p");
    terminal.wait_without("FROZEN");
}

#[test]
fn a_new_size_is_drawn_whole() {
    let centre = Centre::usual();
    let terminal = Terminal::start(&centre, &[]);
    live(&terminal);
    terminal.resize(120, 40);
    terminal.wait_for("Campaign");
    terminal.resize(20, 5);
    terminal.wait_for("enlarge");
    terminal.resize(80, 24);
    live(&terminal);
}

#[test]
fn without_colours_no_colour_is_sent_and_with_ascii_nothing_else_of_ours() {
    let centre = Centre::usual();
    let terminal = Terminal::start(&centre, &["--color", "never", "--theme", "mono", "--ascii"]);
    live(&terminal);
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    for colour in ["\u{1b}[38;", "\u{1b}[48;", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"] {
        assert!(!bytes.contains(colour), "{colour:?}");
    }
    for shape in ['●', '◆', '▼', '│', '…'] {
        assert!(!bytes.contains(shape), "{shape}");
    }
}

#[test]
fn names_with_escape_sequences_are_shown_harmlessly() {
    let centre = Centre::usual();
    centre.edit_config(|text| {
        text.replace("roster = ", "# roster = ").replace("schedule = ", "# schedule = ")
    });
    centre.fault(Target::Convoso, Fault::EvilNames);
    let terminal = Terminal::start(&centre, &[]);
    live(&terminal);
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    // Beyond what the program itself sends: no title, no bell, no bidi override, no zero width.
    for evil in ["\u{1b}]", "\u{7}", "\u{202e}", "\u{2066}", "\u{200b}", "\u{9b}", "\u{2028}"] {
        assert!(!bytes.contains(evil), "{evil:?}");
    }
}

#[test]
fn read_only_and_kiosk_say_so_and_never_ask() {
    let centre = Centre::usual();
    let mut terminal = Terminal::start(&centre, &["--read-only"]);
    let screen = live(&terminal);
    assert!(screen.to_lowercase().contains("read-only"), "{screen}");
    terminal.keys("L");
    terminal.wait_for("nobody can be logged out from here");
    let mut wall = Terminal::start(&centre, &["--kiosk"]);
    let screen = live(&wall);
    assert!(screen.to_lowercase().contains("kiosk"), "{screen}");
    wall.keys("Ly");
    wall.keys("2");
    wall.wait_for("Drop");
    assert!(centre.truth().logouts.is_empty());
}

#[test]
fn a_queue_once_seen_stays_listed_after_a_restart() {
    let centre = Centre::usual();
    let mut terminal = Terminal::start(&centre, &[]);
    live(&terminal);
    let queue = centre.truth().queues[0].name.clone();
    terminal.keys("2");
    terminal.wait_for(&queue);
    terminal.keys("q");
    assert!(terminal.wait_for_end().success());
    centre.fault(Target::Convoso, Fault::Hang);
    let mut again = Terminal::start(&centre, &[]);
    again.keys("2");
    again.wait_for(&queue);
}

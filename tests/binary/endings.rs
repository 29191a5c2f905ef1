//! However it ends, the terminal is left as it was found, and the exit status says how.

use floorwatch::simulator::{Fault, Target};
use portable_pty::CommandBuilder;
use rustix::process::Signal;

use super::centre::Centre;
use super::terminal::Terminal;

fn started(centre: &Centre) -> Terminal {
    let terminal = Terminal::start(centre, &[]);
    terminal.wait_for("dialer");
    assert!(terminal.on_alternate_screen());
    terminal
}

fn ends(mut terminal: Terminal, status: u32) {
    assert_eq!(terminal.wait_for_end().exit_code(), status);
    assert!(!terminal.on_alternate_screen(), "the alternate screen was not left");
    assert!(!terminal.cursor_is_hidden(), "the cursor is still hidden");
}

#[test]
fn q_and_ctrl_c_end_with_0_also_while_every_source_hangs() {
    let centre = Centre::usual();
    for target in [Target::Convoso, Target::CxEngage, Target::Wfm] {
        centre.fault(target, Fault::Hang);
    }
    for keys in ["q", "\u{3}", "/abc\u{3}", "?\u{3}", "\u{1b}[200~abc\u{3}", "\u{1b}[20\u{3}"] {
        let mut terminal = started(&centre);
        terminal.keys(keys);
        ends(terminal, 0);
    }
}

#[test]
fn a_signal_ends_with_128_and_its_number() {
    let centre = Centre::usual();
    for (signal, status) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let terminal = started(&centre);
        terminal.signal(signal);
        ends(terminal, status);
    }
}

/// The program as a shell's child, as it is for a person: the terminal outlives it. Says how it ended once
/// the terminal is set as it was.
const SHELL: &str = r#"
"$@"
status=$?
until stty -a | grep -q ' icanon.* echo '; do sleep 0.1; done
echo "ended $status, as it was found"
read -r line
"#;

#[test]
fn what_ends_it_without_a_word_leaves_the_terminal_as_it_was_found_too() {
    let centre = Centre::usual();
    // A failed allocation aborts; the kernel in want of memory kills.
    for (signal, status) in [(Signal::ABORT, 134), (Signal::KILL, 137)] {
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", SHELL, "sh", env!("CARGO_BIN_EXE_floorwatch")]);
        command.args(centre.args(&[]));
        command.env_clear();
        for (name, value) in centre.env() {
            command.env(name, value);
        }
        let mut terminal = Terminal::of(command, 80, 24);
        terminal.wait_for("dialer");
        assert!(terminal.on_alternate_screen() && terminal.cursor_is_hidden());
        let shell = terminal.pid();
        let children = std::fs::read_to_string(format!("/proc/{shell}/task/{shell}/children"));
        let program = children.unwrap().trim().parse().unwrap();
        let program = rustix::process::Pid::from_raw(program).unwrap();
        rustix::process::kill_process(program, signal).unwrap();
        terminal.wait_for(&format!("ended {status}, as it was found"));
        assert!(!terminal.on_alternate_screen() && !terminal.cursor_is_hidden());
        terminal.keys("\n");
        assert!(terminal.wait_for_end().success());
    }
}

#[test]
fn a_terminal_that_vanishes_ends_the_program() {
    let centre = Centre::usual();
    let mut terminal = started(&centre);
    terminal.close();
    terminal.wait_for_end();
}

#[test]
fn without_a_terminal_it_says_so_and_ends_with_2() {
    let centre = Centre::usual();
    let output = centre.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    let error = super::centre::err(&output);
    assert!(error.contains("no terminal") && error.contains("snapshot"), "{error}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_config_with_mistakes_leaves_the_screen_untouched() {
    let centre = Centre::usual();
    centre.edit_config(|text| {
        text.replace("kind = \"wfm\"", "kind = \"wfn\"").replace("poll = \"3s\"", "poll = \"3\"")
    });
    let mut terminal = Terminal::sized(&centre, &[], 200, 24);
    assert_eq!(terminal.wait_for_end().exit_code(), 2);
    let bytes = String::from_utf8(terminal.bytes()).unwrap();
    assert!(!bytes.contains("\u{1b}["), "{bytes:?}");
    assert!(bytes.contains("wfn") && bytes.contains("poll = \"3\""), "all at once: {bytes}");
}

#[test]
fn without_a_config_it_says_how_to_begin() {
    let home = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_floorwatch"));
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    let mut terminal = Terminal::of(command, 120, 40);
    assert_eq!(terminal.wait_for_end().exit_code(), 2);
    let text = String::from_utf8(terminal.bytes()).unwrap();
    assert!(text.contains("floorwatch demo") && text.contains("config.toml"), "{text}");
}

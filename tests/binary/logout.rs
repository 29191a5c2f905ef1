//! Logging an agent out, on the screen and without one. The contact centre counts the requests it
//! receives: what must not happen twice, or not at all, is read there.

use std::process::Command;

use floorwatch::simulator::{Fault, PersonTruth, Target};

use super::centre::{Centre, err, out};
use super::terminal::Terminal;

fn id(person: &PersonTruth) -> String {
    person.convoso_user_id.clone().unwrap()
}

fn requests(centre: &Centre, person: &PersonTruth) -> u64 {
    centre.truth().logouts.get(&id(person)).copied().unwrap_or(0)
}

/// A dashboard on which `person` is selected.
pub fn selected(centre: &Centre, person: &PersonTruth) -> Terminal {
    let mut terminal = Terminal::sized(centre, &[], 120, 40);
    terminal.wait_until("two live sources", |screen| {
        let text = screen.contents();
        text.contains("dialer live") && text.contains("wfm live")
    });
    terminal.keys("/");
    terminal.keys(&person.name);
    terminal.keys("\r");
    terminal.wait_for(&format!("only \"{}\"", person.name));
    terminal
}

/// Selects `person` and asks for the logout.
fn ask(centre: &Centre, person: &PersonTruth) -> Terminal {
    let mut terminal = selected(centre, person);
    terminal.keys("L");
    terminal.wait_until_answerable();
    terminal
}

#[test]
fn no_sends_nothing() {
    let centre = Centre::usual();
    let person = centre.somebody("away");
    let mut terminal = ask(&centre, &person);
    for key in ["n", "\u{1b}"] {
        terminal.keys(key);
        terminal.wait_without("Log out ");
        terminal.keys("L");
        terminal.wait_for("Log out ");
    }
    assert!(centre.truth().logouts.is_empty());
}

#[test]
fn yes_sends_one_request_and_the_readings_show_the_agent_gone() {
    let centre = Centre::usual();
    let person = centre.somebody("away");
    let mut terminal = ask(&centre, &person);
    // A nervous finger, and an attempt while the first is under way.
    terminal.keys("yyy");
    terminal.wait_without("Log out ");
    terminal.keys("L");
    terminal.keys("y");
    terminal.wait_for("gone");
    assert_eq!(requests(&centre, &person), 1);
    let row = journal_row(&centre);
    assert_eq!((row.operator.as_str(), row.agent), ("sam", id(&person)));
    assert!(row.state_before.contains("away"), "{}", row.state_before);
}

#[test]
fn a_paste_and_a_wheel_never_act() {
    /// The wheel up and down as a terminal sends it that reports the mouse, in both encodings.
    const WHEEL: &str = "\u{1b}[<64;10;10M\u{1b}[<65;10;10M\u{1b}[M`!!";
    let pasted = |text: &str| format!("\u{1b}[200~{text}\u{1b}[201~");
    let centre = Centre::usual();
    let person = centre.somebody("away");
    let mut terminal = ask(&centre, &person);
    terminal.keys(&pasted("y"));
    terminal.keys(WHEEL);
    terminal.keys("\t");
    terminal.wait_for("> reason");
    terminal.keys(&pasted("sick\r\ny\r"));
    let screen = terminal.wait_for("sick");
    assert!(screen.contains("Log out "), "a line's end in a paste is no Enter: {screen}");
    terminal.keys("\u{1b}");
    terminal.wait_without("Log out ");
    terminal.keys(&pasted("Ly"));
    terminal.keys(WHEEL);
    // With a question open it would be no page's key.
    terminal.keys("2");
    terminal.wait_for("Drop");
    assert!(centre.truth().logouts.is_empty());
}

struct Row {
    operator: String,
    agent: String,
    state_before: String,
    verdict: Option<String>,
}

/// The only row of the table of actions in the only journal there is.
fn journal_row(centre: &Centre) -> Row {
    let place = centre.home.path().join("state/floorwatch");
    let mut files = std::fs::read_dir(place).unwrap().map(|file| file.unwrap().path());
    let file = files.find(|file| file.extension().is_some_and(|end| end == "sqlite")).unwrap();
    let journal = rusqlite::Connection::open(file).unwrap();
    let sql = "SELECT operator, agent, state_before, verdict FROM actions";
    journal
        .query_row(sql, [], |row| {
            Ok(Row {
                operator: row.get(0)?,
                agent: row.get(1)?,
                state_before: row.get(2)?,
                verdict: row.get(3)?,
            })
        })
        .unwrap()
}

#[test]
fn a_busy_agent_needs_the_typed_word() {
    let centre = Centre::large();
    let person = centre.somebody("on_contact");
    let mut terminal = ask(&centre, &person);
    terminal.keys("y\r");
    // An answer counts only once the objection to the last one stands on the screen.
    terminal.wait_for("That was not the word");
    terminal.wait_until_answerable();
    assert_eq!(requests(&centre, &person), 0);
    terminal.keys("logout\r");
    terminal.wait_without("Log out ");
    terminal.wait_until("the request", |_| requests(&centre, &person) == 1);
}

#[test]
fn the_word_typed_before_the_question_can_have_been_read_does_not_wait_for_an_enter() {
    let centre = Centre::large();
    let person = centre.somebody("on_contact");
    let mut terminal = ask(&centre, &person);
    terminal.keys("\u{1b}");
    terminal.wait_without("Log out ");
    terminal.keys("Llogout\r");
    terminal.wait_for("read it first");
    terminal.wait_until_answerable();
    terminal.keys("\r");
    terminal.wait_until("the question again", |screen| {
        let text = screen.contents();
        text.contains("That was not the word") || text.contains("The state changed")
    });
    assert_eq!(requests(&centre, &person), 0);
}

#[test]
fn without_a_journal_nothing_is_sent() {
    let centre = Centre::usual();
    // A file where the journal's directory would have to be.
    std::fs::write(centre.home.path().join("state"), "").unwrap();
    let person = centre.somebody("away");
    let mut terminal = ask(&centre, &person);
    terminal.keys("y");
    terminal.wait_for("NOT SENT");
    assert_eq!(requests(&centre, &person), 0);
    let output = logout(&centre, &person, &["--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("nothing was sent"), "{}", err(&output));
    assert_eq!(requests(&centre, &person), 0);
}

fn logout(centre: &Centre, person: &PersonTruth, flags: &[&str]) -> std::process::Output {
    let agent = id(person);
    let mut args = vec!["logout", "--source", "dialer", "--agent", &agent, "--reason", "left"];
    args.extend(flags);
    centre.run(&args)
}

#[test]
fn headless_it_is_gone_journalled_and_verified() {
    let centre = Centre::usual();
    let person = centre.somebody("away");
    let output = logout(&centre, &person, &["--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).contains("gone"), "{}", out(&output));
    assert_eq!(requests(&centre, &person), 1);
    let row = journal_row(&centre);
    assert_eq!(row.verdict.as_deref(), Some("gone"));
    let again = logout(&centre, &person, &["--yes"]);
    assert_ne!(again.status.code(), Some(2), "{}", err(&again));
    assert_eq!(requests(&centre, &person), 1, "who is gone is not logged out again");
}

/// Logs somebody out headless while the contact centre behaves as `fault`.
fn verified(fault: Fault, status: i32, word: &str) {
    let centre = Centre::usual();
    let person = centre.somebody("away");
    centre.fault(Target::ConvosoLogout, fault);
    let output = logout(&centre, &person, &["--yes"]);
    assert_eq!(output.status.code(), Some(status), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains(word), "{}", out(&output));
    assert_eq!(requests(&centre, &person), 1);
}

#[test]
fn headless_a_time_out_is_verified_like_a_success() {
    verified(Fault::LogoutTimesOut, 0, "gone");
}

#[test]
fn headless_not_logged_in_is_verified_like_a_success() {
    verified(Fault::Logout6012, 1, "still here");
}

#[test]
fn headless_a_success_that_is_a_lie_is_found_out() {
    verified(Fault::LogoutLies, 1, "still here");
}

#[test]
fn headless_an_agent_who_comes_back_is_said_to() {
    verified(Fault::ComesBack, 1, "came back");
}

#[test]
fn headless_a_refusal_a_stranger_and_a_busy_agent_are_not_done() {
    let centre = Centre::large();
    let busy = centre.somebody("on_contact");
    let output = logout(&centre, &busy, &["--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("--on-call"), "{}", err(&output));
    let mut stranger = busy.clone();
    stranger.convoso_user_id = Some("999999".to_owned());
    let output = logout(&centre, &stranger, &["--yes", "--on-call"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("does not list agent 999999"), "{}", err(&output));
    let refused = Fault::CodeText { code: 6006, text: "No such User".to_owned() };
    centre.fault(Target::ConvosoLogout, refused);
    let away = centre.somebody("away");
    let output = logout(&centre, &away, &["--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("refused"), "{}{}", out(&output), err(&output));
    assert_eq!(requests(&centre, &busy), 0);
}

#[test]
fn headless_bad_arguments_end_with_2_and_send_nothing() {
    let centre = Centre::usual();
    let person = centre.somebody("away");
    let wrong_source = ["logout", "--source", "cx", "--agent", "1", "--reason", "x", "--yes"];
    for (output, says) in [
        (centre.run(&wrong_source), "dialer"),
        (logout(&centre, &person, &[]), "--yes"),
        (logout(&centre, &person, &["--yes", "--read-only"]), "--read-only"),
    ] {
        assert_eq!(output.status.code(), Some(2), "{}", err(&output));
        assert!(err(&output).contains(says), "{}", err(&output));
    }
    assert!(centre.truth().logouts.is_empty());
}

#[test]
fn the_help_names_every_command() {
    let output = Command::new(env!("CARGO_BIN_EXE_floorwatch")).arg("--help").output().unwrap();
    assert!(output.status.success());
    for command in ["demo", "simulate", "snapshot", "check", "logout", "completions", "man"] {
        assert!(out(&output).contains(command), "{command}");
    }
}

//! Keys that nobody meant: what comes in one go is no question and answer, and what is never closed
//! swallows nothing.

use std::time::Duration;

use super::alerts;
use super::centre::Centre;
use super::logout::selected;
use super::terminal::Terminal;

/// Between two keys of a try, in milliseconds, and how often it is tried; none for both in one write.
const TRIES: [(Option<u64>, usize); 4] =
    [(None, 200), (Some(2), 20), (Some(20), 20), (Some(100), 20)];

/// Puts the question whose title has `title` with `ask` and answers it with `answer` before anybody can
/// have read it, as often as [`TRIES`] say.
fn answers_too_early(terminal: &mut Terminal, ask: &str, answer: &str, title: &str) {
    for (apart, tries) in TRIES {
        for _ in 0..tries {
            match apart {
                None => terminal.keys(&format!("{ask}{answer}")),
                Some(ms) => {
                    terminal.keys(ask);
                    std::thread::sleep(Duration::from_millis(ms));
                    terminal.keys(answer);
                }
            }
            terminal.wait_for("read it first");
            terminal.wait_for(title);
            terminal.keys("\u{1b}");
            terminal.wait_without(title);
            terminal.wait_without("read it first");
        }
    }
    // Left and put again at once, after it has stood there for long. An Escape right before a letter would
    // be another key.
    terminal.keys(ask);
    terminal.wait_until_answerable();
    terminal.keys("\u{1b}");
    std::thread::sleep(Duration::from_millis(30));
    terminal.keys(&format!("{ask}{answer}"));
    terminal.wait_for("read it first");
}

#[test]
fn two_keys_in_one_go_log_nobody_out() {
    let centre = Centre::usual();
    let person = centre.somebody("away");
    let mut terminal = selected(&centre, &person);
    answers_too_early(&mut terminal, "L", "y", "Log out ");
    assert!(centre.truth().logouts.is_empty());
    terminal.wait_until_answerable();
    terminal.keys("y");
    terminal.wait_for("gone");
    assert_eq!(centre.truth().logouts.values().sum::<u64>(), 1, "an answer in time counts");
}

#[test]
fn two_keys_in_one_go_deal_with_no_alert() {
    let centre = alerts::centre();
    let (_, name) = alerts::only_one(&centre);
    let mut terminal = alerts::page(&centre, &[]);
    terminal.keys("/");
    terminal.keys(&name);
    terminal.keys("\r");
    terminal.wait_for(&format!("only \"{name}\""));
    answers_too_early(&mut terminal, "a", "\r", "Acknowledge ");
    assert!(centre.truth().patches.is_empty());
    terminal.wait_until_answerable();
    terminal.keys("\r");
    terminal.wait_until("that it is done", |screen| {
        screen.contents().to_lowercase().contains("confirmed")
    });
}

#[test]
fn a_paste_that_is_never_closed_swallows_no_later_key() {
    let centre = Centre::usual();
    let mut terminal = Terminal::start(&centre, &[]);
    terminal.wait_for("dialer live");
    terminal.keys("/");
    terminal.wait_for("search:");
    terminal.keys("\u{1b}[200~jane");
    terminal.wait_for("search: jane");
    terminal.keys("\u{1b}");
    terminal.wait_without("search: jane");
    // A paste does nothing where nothing is typed, whatever is in it.
    terminal.keys("\u{1b}[200~q2Ly\u{1b}[201~");
    terminal.keys("3");
    terminal.wait_for("Scheduled");
    terminal.keys("q");
    assert!(terminal.wait_for_end().success());
}

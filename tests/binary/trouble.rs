//! What is on the screen when a source is down, and that nothing else is disturbed.

use floorwatch::simulator::{Fault, Target};

use super::centre::Centre;
use super::terminal::Terminal;

fn shows(terminal: &Terminal, texts: &[&str]) -> String {
    terminal.wait_until(&format!("{texts:?}"), |screen| {
        let content = screen.contents();
        texts.iter().all(|text| content.contains(text))
    })
}

#[test]
fn a_source_that_goes_down_is_stale_and_the_others_stay_live() {
    let centre = Centre::usual();
    let terminal = Terminal::start(&centre, &[]);
    shows(&terminal, &["dialer live", "cx live", "wfm live"]);
    centre.fault(Target::Convoso, Fault::Status { code: 503, retry_after: None });
    let screen = shows(&terminal, &["dialer STALE", "NO DATA SINCE", "503"]);
    assert!(screen.contains("cx live") && screen.contains("wfm live"), "{screen}");
    centre.fault(Target::Convoso, Fault::None);
    shows(&terminal, &["dialer live", "cx live", "wfm live"]);
}

#[test]
fn a_bad_document_keeps_the_last_good_reading_and_says_what_is_wrong() {
    let centre = Centre::usual();
    let terminal = Terminal::sized(&centre, &[], 160, 40);
    shows(&terminal, &["dialer live", "cx live", "wfm live", "15 people"]);
    for (fault, says) in [
        (Fault::Html, "HTML"),
        (Fault::Empty, "empty"),
        (Fault::Truncated, "truncated"),
        (Fault::WrongTypes, "dialer STALE"),
    ] {
        centre.fault(Target::Convoso, fault);
        let screen = shows(&terminal, &["dialer STALE", says]);
        assert!(screen.contains("15 people"), "{screen}");
        centre.fault(Target::Convoso, Fault::None);
        shows(&terminal, &["dialer live"]);
    }
}

#[test]
fn an_expired_session_is_denied_until_it_is_asked_again() {
    let centre = Centre::usual();
    centre.fault(Target::Wfm, Fault::RedirectToLogin);
    let mut terminal = Terminal::start(&centre, &[]);
    // The key is named where it is a while.
    shows(&terminal, &["dialer live", "wfm DENIED", ", next ", "R: now"]);
    centre.fault(Target::Wfm, Fault::None);
    terminal.keys("R");
    shows(&terminal, &["wfm live"]);
}

#[test]
fn half_a_floor_gone_at_once_is_held_under_a_banner() {
    let centre = Centre::usual();
    let terminal = Terminal::start(&centre, &[]);
    shows(&terminal, &["dialer live", "cx live"]);
    centre.fault(Target::Convoso, Fault::HalfGone);
    shows(&terminal, &["held"]);
    centre.fault(Target::Convoso, Fault::None);
    terminal.wait_without("held as stale");
}

#[test]
fn a_damaged_journal_is_set_aside_and_the_floor_is_watched_and_kept() {
    let centre = Centre::usual();
    let state = centre.home.path().join("state").join("floorwatch");
    let journals = |of: &str| -> Vec<std::path::PathBuf> {
        let files = std::fs::read_dir(&state).unwrap().map(|file| file.unwrap().path());
        files.filter(|file| file.to_string_lossy().contains(of)).collect()
    };
    let mut terminal = Terminal::start(&centre, &[]);
    shows(&terminal, &["dialer live"]);
    terminal.keys("q");
    assert!(terminal.wait_for_end().success());
    let [journal] = &journals(".sqlite")[..] else { panic!("more than the file itself is left") };
    std::fs::write(journal, "this is no database, whatever its name says ".repeat(20)).unwrap();
    let terminal = Terminal::start(&centre, &[]);
    shows(&terminal, &["the damaged journal is set aside and a new one begun"]);
    let screen = shows(&terminal, &["dialer live"]);
    assert!(!screen.contains("JOURNAL:"), "{screen}");
    let aside = journals(".sqlite.damaged-");
    assert_eq!(aside.len(), 1);
    assert!(std::fs::read(&aside[0]).unwrap().starts_with(b"this is no database"));
    assert!(std::fs::read(journal).unwrap().starts_with(b"SQLite format 3"));
}

//! From where people work, and what opens the vendors' doors: on no list, in no file, in no output.

use std::fs;

use floorwatch::simulator::{Dialect, Options, PersonTruth, SessionRules};

use super::centre::{Centre, PATIENCE, err, out};
use super::terminal::Terminal;

/// What the vendor says of the place where people work.
const PERSONAL: [&str; 6] =
    ["203.0.113.", "Chrome", "Firefox 121", "Edge 120", "Mozilla", "agents.example.com"];

fn centre(dialect: Dialect) -> Centre {
    // Every answer renews the cookie: what comes from the vendor is as secret as what was configured.
    let session = SessionRules { renew_every: 1, ..SessionRules::default() };
    Centre::start(Options { agents: 15, dialect, session, ..Options::default() })
}

fn harmless(text: &str, centre: &Centre, what: &str) {
    for word in PERSONAL {
        assert!(!text.contains(word), "{word} is in {what}");
    }
    without_secrets(text, centre, what);
}

fn without_secrets(text: &str, centre: &Centre, what: &str) {
    let secrets = centre.running.credentials();
    let cookie = secrets.session_cookie.split('=').next_back().unwrap().to_owned();
    // Of a renewed cookie only the beginning is known to a test.
    let begins = "next-auth.session-token=".to_owned();
    for secret in [secrets.auth_token, secrets.password, secrets.api_key, cookie, begins] {
        assert!(!text.contains(&secret), "{secret} is in {what}");
    }
}

#[test]
fn nothing_personal_and_no_secret_is_in_any_output_or_file() {
    for dialect in [Dialect::Documented, Dialect::Service] {
        let centre = centre(dialect);
        let log = centre.home.path().join("floorwatch.log");
        let log = log.to_str().unwrap();
        let runs: [&[&str]; 5] = [
            &["snapshot", "--format", "json", "--timeline", "--wait", PATIENCE, "--log-file", log],
            &["snapshot", "--format", "csv", "--wait", PATIENCE, "--log-file", log],
            &["snapshot", "--format", "table", "--wait", PATIENCE, "--log-file", log],
            &["check", "--log-file", log],
            &["roster", "--wait", PATIENCE, "--log-file", log],
        ];
        let ended = std::thread::scope(|scope| {
            let running = runs.map(|args| scope.spawn(|| centre.run(args)));
            running.map(|run| run.join().unwrap())
        });
        for (args, output) in runs.iter().zip(&ended) {
            assert_eq!(output.status.code(), Some(0), "{args:?} {}", err(output));
            harmless(&(out(output) + &err(output)), &centre, args[0]);
        }
        harmless(&fs::read_to_string(log).unwrap(), &centre, "the log file");
        let session = centre.truth().session;
        assert!(session.renewed > 0 && session.refused == 0, "{session:?}");
    }
}

/// Opens `person`'s page, once their log has been read.
fn page_of(centre: &Centre, person: &PersonTruth) -> Terminal {
    let mut terminal = Terminal::sized(centre, &[], 160, 120);
    terminal.wait_until("the log", |screen| {
        let text = screen.contents();
        text.contains("dialer live") && text.contains("wfm live") && !text.contains(", log ")
    });
    terminal.keys("/");
    terminal.keys(&person.name);
    terminal.keys("\r");
    terminal.wait_for(&format!("only \"{}\"", person.name));
    terminal.keys("\r");
    terminal.wait_for("What each source says");
    terminal
}

#[test]
fn from_where_somebody_works_is_shown_on_their_page_and_only_for_the_asking() {
    let centre = centre(Dialect::Service);
    let person = centre.somebody("away");
    let mut terminal = page_of(&centre, &person);
    harmless(&String::from_utf8_lossy(&terminal.bytes()), &centre, "what was sent so far");
    terminal.keys("i");
    let shown = terminal.wait_for("203.0.113.");
    assert!(shown.contains("questions of security only"), "{shown}");
    terminal.keys("i");
    terminal.wait_without("203.0.113.");
    terminal.keys("\u{1b}");
    terminal.wait_without("What each source says");
    without_secrets(&String::from_utf8_lossy(&terminal.bytes()), &centre, "the terminal");
    terminal.keys("q");
    assert!(terminal.wait_for_end().success());
    // What the program leaves behind knows nothing of it either.
    for file in fs::read_dir(centre.home.path().join("state/floorwatch")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        harmless(&String::from_utf8_lossy(&bytes), &centre, "the journal");
    }
}

#[test]
fn a_wall_shows_nobodys_address() {
    let centre = centre(Dialect::Service);
    let mut wall = Terminal::sized(&centre, &["--kiosk"], 160, 120);
    wall.wait_until("the log", |screen| {
        let text = screen.contents();
        text.contains("dialer live") && text.contains("wfm live") && !text.contains(", log ")
    });
    wall.keys("\ri\r/i\ri");
    for (key, shows) in [("2", "Drop"), ("3", "Scheduled"), ("4", "active, newest first")] {
        wall.keys(key);
        wall.wait_for(shows);
        wall.keys("\ri");
    }
    wall.keys("1");
    wall.wait_for("Calls");
    harmless(&String::from_utf8_lossy(&wall.bytes()), &centre, "what a wall was sent");
}

//! From where people work, and what opens the vendors' doors: on no list, in no file, in no output.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use floorwatch::simulator::{Dialect, Options, PersonTruth, SessionRules};

use super::centre::{Centre, PATIENCE, err, out};
use super::terminal::Terminal;
use super::vendor::Vendor;

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

/// The secret of a vendor that repeats it.
const TOKEN: &str = "tok/en\"8Ki2+x&y%Zq";

/// How the vendor repeats it, as it may stand within the quotation marks of JSON.
fn spellings() -> Vec<String> {
    let json = serde_json::to_string(TOKEN).unwrap();
    let json = &json[1..json.len() - 1];
    let percent: String = TOKEN.bytes().map(|byte| format!("%{byte:02X}")).collect();
    vec![
        json.to_owned(),
        json.replace('/', "\\/"),
        TOKEN.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
        TOKEN.chars().map(|c| format!("\\u{:04x}\\u200b", u32::from(c))).collect(),
        percent.replace('%', "\\u0025"),
        percent,
        STANDARD.encode(TOKEN).replace('/', "\\/"),
        URL_SAFE.encode(TOKEN),
        format!("Basic {}", STANDARD.encode(format!("rta-user:{TOKEN}"))),
    ]
}

/// No reader of `text` can make the secret of it.
fn keeps_it(text: &str, what: &str) {
    let text = text.to_lowercase();
    for form in
        spellings().iter().flat_map(|spelling| [spelling.clone(), spelling.replace('\\', "")])
    {
        assert!(!text.contains(&form.to_lowercase()), "{form} is in {what}");
    }
    assert!(!text.contains(&TOKEN.to_lowercase()), "the secret is in {what}");
}

#[test]
fn a_secret_that_a_vendor_repeats_in_any_spelling_is_in_no_output_and_no_file() {
    let agent = |(index, spelling): (usize, &String)| {
        format!(
            r#"{{"user_id":"{index}","user_full_name":"Agent{index} {spelling}","status":"READY",
                "status_time_sec":"{spelling}","queue_id":"{spelling}","queue_name":"{spelling}",
                "skill_options":"{spelling}","status_label":"{spelling}"}}"#
        )
    };
    let listed: Vec<_> = spellings().iter().enumerate().map(agent).collect();
    let listed = format!(r#"{{"success":true,"agents":[{}]}}"#, listed.join(","));
    let complaint =
        format!(r#"{{"success":false,"code":6006,"text":"bad {}"}}"#, spellings().join(" "));
    let refuses = complaint.clone();
    let vendor = Vendor::start(move |path| {
        let body = if path.ends_with("logout") { &refuses } else { &listed };
        (200, body.clone().into_bytes())
    });
    let centre = vendor.as_dialer(TOKEN);
    let log = centre.home.path().join("floorwatch.log");
    let log = log.to_str().unwrap();
    let keeps_all = |args: &[&str], shows: &str| {
        let output = centre.run(args);
        let said = out(&output) + &err(&output);
        assert!(said.contains(shows), "{args:?}: {said}");
        keeps_it(&said, args[0]);
    };
    keeps_all(&["snapshot", "--wait", "10s", "--log-file", log], "Agent3 ****");
    keeps_all(&["roster", "--wait", "10s", "--log-file", log], "Agent3 ****");
    let logout = ["logout", "--source", "dialer", "--agent", "3", "--reason", "left", "--yes"];
    keeps_all(&[&logout[..], &["--on-call", "--log-file", log]].concat(), "refused: bad ****");
    let mut terminal = Terminal::sized(&centre, &["--log-file", log], 200, 40);
    terminal.wait_for("Agent3 ****");
    vendor.say(move |_| (400, complaint.clone().into_bytes()));
    terminal.wait_for("bad ****");
    terminal.keys("5");
    terminal.wait_for("bad ****");
    terminal.keys("q");
    assert!(terminal.wait_for_end().success());
    keeps_it(&String::from_utf8_lossy(&terminal.bytes()), "what the terminal was sent");
    keeps_all(&["check", "--log-file", log], "bad ****");
    keeps_it(&fs::read_to_string(log).unwrap(), "the log file");
    let state = centre.home.path().join("state/floorwatch");
    let files: Vec<_> = fs::read_dir(state).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty());
    for file in files {
        keeps_it(&String::from_utf8_lossy(&fs::read(file).unwrap()), "the journal");
    }
}

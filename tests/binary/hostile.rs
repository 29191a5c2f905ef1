//! Answers that would take the machine's memory, and what they cost; and a machine that has no more to
//! give.

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

use super::centre::{Centre, out};
use super::terminal::Terminal;
use super::vendor::Vendor;

/// The most bytes of one answer that are read.
const BODY: usize = 32 * 1024 * 1024;

fn floor_of_two(_: &str) -> (u16, Vec<u8>) {
    let agent = |id: &str, name: &str| {
        format!(
            r#"{{"user_id":"{id}","user_full_name":"{name}","status":"READY","status_time_sec":"5"}}"#
        )
    };
    let agents = [agent("1", "Jane Smith"), agent("2", "Zoe Lee")].join(",");
    (200, format!(r#"{{"success":true,"agents":[{agents}]}}"#).into_bytes())
}

/// A list of `item`, as long as may be read.
fn list_of(item: &'static str) -> impl Fn(&str) -> (u16, Vec<u8>) + Send + 'static {
    move |_| {
        let (before, after) = (r#"{"success":true,"agents":["#, "0]}");
        let room = BODY - before.len() - after.len();
        let items = item.repeat(room / item.len());
        (200, [before, &items, after].concat().into_bytes())
    }
}

/// The most memory that the program has had so far, in bytes.
fn peak(terminal: &Terminal) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", terminal.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[test]
fn an_answer_costs_three_times_its_bytes_at_most_and_the_last_good_reading_stays() {
    let vendor = Vendor::start(floor_of_two);
    let centre = vendor.as_dialer("t0ken-for-tests");
    let mut terminal = Terminal::sized(&centre, &[], 160, 24);
    terminal.wait_for("Jane Smith");
    let before = peak(&terminal);
    for (item, says) in [
        ("0,", "more than 50000 items"),
        ("{},", "more than 50000 items"),
        (r#"{"a":"#, "nested more than 32 deep"),
    ] {
        vendor.say(list_of(item));
        let screen = terminal.wait_for(says);
        assert!(screen.contains("dialer STALE") && screen.contains("Jane Smith"), "{screen}");
        vendor.say(floor_of_two);
        terminal.wait_for("dialer live");
    }
    vendor.say(|_| (200, format!("{{\"text\":\"{}\"}}", "x".repeat(BODY - 100)).into_bytes()));
    terminal.wait_for("a text of more than 256 KiB");
    vendor.say(|_| (200, vec![b' '; BODY + 1]));
    terminal.wait_for("larger than 32 MiB");
    let grown = peak(&terminal) - before;
    assert!(grown <= 3 * BODY, "{} MiB", grown / 1024 / 1024);
    terminal.keys("q");
    assert!(terminal.wait_for_end().success());
}

#[test]
fn a_bad_byte_costs_a_letter_and_neither_the_person_nor_the_source() {
    let vendor = Vendor::start(|path| {
        let (status, body) = floor_of_two(path);
        let text = String::from_utf8(body).unwrap().replace("Zoe", "Zo\\ud800");
        let (before, after) = text.split_once("Jane Smith").unwrap();
        (status, [before.as_bytes(), b"Jan\xe9 Smith", after.as_bytes()].concat())
    });
    let centre = vendor.as_dialer("t0ken-for-tests");
    let terminal = Terminal::sized(&centre, &[], 160, 24);
    let screen = terminal.wait_for("2 repaired");
    assert!(screen.contains("dialer live") && screen.contains("2 people"), "{screen}");
    // The emulator leaves the letter out; what it was sent has it.
    let sent = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(sent.contains("Zo\u{fffd}") && sent.contains("Jan\u{fffd}"), "{sent}");
    let check = centre.run(&["check"]);
    let said = out(&check);
    assert_eq!(check.status.code(), Some(0), "{said}");
    assert!(said.contains("2 records hold what is no text; it is shown as \u{fffd}"), "{said}");
}

/// Lets the program have so many files open at once, and tells how many it might before.
fn allow_files(terminal: &Terminal, files: Option<u64>) -> Option<u64> {
    let pid = Pid::from_raw(i32::try_from(terminal.pid()).unwrap());
    let maximum = getrlimit(Resource::Nofile).maximum;
    prlimit(pid, Resource::Nofile, Rlimit { current: files, maximum }).unwrap().current
}

#[test]
fn without_a_file_descriptor_it_goes_on_and_says_so_until_there_are_some_again() {
    let vendor = Vendor::start(floor_of_two);
    let centre = vendor.as_dialer("t0ken-for-tests");
    let mut terminal = Terminal::sized(&centre, &[], 160, 24);
    terminal.wait_for("Jane Smith");
    let before = allow_files(&terminal, Some(3));
    let screen = terminal.wait_for("no connection can be opened: Too many open files");
    assert!(screen.contains("Jane Smith") && screen.contains("dialer STALE"), "{screen}");
    terminal.keys("?");
    terminal.wait_for("Keys in the lists");
    terminal.keys("\u{1b}");
    terminal.wait_without("Keys in the lists");
    allow_files(&terminal, before);
    terminal.keys("R");
    terminal.wait_for("dialer live");
    terminal.keys("q");
    assert!(terminal.wait_for_end().success());
    assert!(!terminal.on_alternate_screen());
    let state = centre.home.path().join("state/floorwatch/f.sqlite");
    let journal = rusqlite::Connection::open(state).unwrap();
    let sound: String = journal.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn a_name_that_does_not_resolve_is_said_on_the_screen_and_off_it() {
    let centre = Centre::usual();
    let url = toml::Value::String(format!("{}/v1", centre.running.url())).to_string();
    centre.edit_config(|text| text.replacen(&url, "\"https://dialer.invalid/v1\"", 1));
    const SAYS: &str = "the name `dialer.invalid` does not resolve";
    let terminal = Terminal::sized(&centre, &[], 160, 24);
    let screen = terminal.wait_for(SAYS);
    assert!(screen.contains("dialer FAILED"), "{screen}");
    for args in [&["check"][..], &["snapshot", "--wait", "10s"]] {
        let output = centre.run(args);
        assert_eq!(output.status.code(), Some(3), "{args:?}");
        let said = out(&output);
        assert!(said.contains(SAYS) && !said.contains("the network and whether"), "{said}");
    }
}

//! The other commands, their exit statuses and what they say.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use floorwatch::simulator::{Fault, Target};
use rustix::process::{Pid, Signal, kill_process};

use super::centre::{Centre, PATIENCE, err, out};

#[test]
fn check_says_of_each_source_whether_it_works_and_what_to_do() {
    let centre = Centre::usual();
    let output = centre.run(&["check"]);
    assert_eq!(output.status.code(), Some(0), "{}", out(&output));
    centre.fault(Target::CxEngage, Fault::Forbidden);
    let output = centre.run(&["check"]);
    assert_eq!(output.status.code(), Some(3));
    let text = out(&output);
    assert!(text.contains("cx (cxengage): denied") && text.contains("WFM RTA"), "{text}");
    assert!(text.contains("dialer (convoso): live"), "{text}");
}

#[test]
fn a_credential_that_is_not_set_is_denied_by_nobody() {
    let centre = Centre::usual();
    centre.edit_config(|text| {
        let token = text.lines().find(|line| line.starts_with("auth_token")).unwrap().to_owned();
        text.replace(&token, "auth_token = { env = \"FLOORWATCH_TEST_UNSET\" }")
    });
    let output = centre.run(&["check"]);
    assert_eq!(output.status.code(), Some(3));
    let text = out(&output);
    let lines: Vec<_> =
        text.lines().skip_while(|line| !line.starts_with("dialer")).take(3).collect();
    assert_eq!(lines[0], "dialer (convoso): not set", "{text}");
    assert!(lines[1].contains("`FLOORWATCH_TEST_UNSET` is not set"), "{text}");
    assert!(lines[1].contains("(hint: export it"), "{text}");
    assert_eq!(lines[2], "  agent-productivity: not set", "{text}");
}

#[test]
fn simulate_prints_its_url_leaves_a_ready_config_and_ends_with_0() {
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_floorwatch"))
        .args(["simulate", "--agents", "5", "--write"])
        .arg(home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("http://127.0.0.1:"), "{line}");
    let output = Command::new(env!("CARGO_BIN_EXE_floorwatch"))
        .arg("check")
        .env("FLOORWATCH_CONFIG", home.path().join("config.toml"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
    let config = std::fs::read_to_string(home.path().join("config.toml")).unwrap();
    assert!(config.contains("name = \"Simulated floor\""), "{config}");
    assert!(
        config.contains("[journal]\ndirectory = \"journal-"),
        "nothing of it is the user's: {config}"
    );
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_has_heard_enough_is_no_failure() {
    let centre = Centre::usual();
    let mut child = Command::new(env!("CARGO_BIN_EXE_floorwatch"))
        .args(["completions", "bash"])
        .env_clear()
        .envs(centre.env())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
}

#[test]
fn the_log_file_holds_no_secret_and_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let centre = Centre::usual();
    centre.fault(Target::Convoso, Fault::Status { code: 500, retry_after: None });
    let log = centre.home.path().join("floorwatch.log");
    let output = centre.run(&["snapshot", "--wait", PATIENCE, "--log-file", log.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("dialer"), "{text}");
    let secrets = centre.running.credentials();
    for secret in [secrets.auth_token, secrets.password, secrets.session_cookie] {
        assert!(!text.contains(&secret));
    }
    assert_eq!(std::fs::metadata(&log).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn a_secret_that_the_server_repeats_is_not_passed_on() {
    let centre = Centre::usual();
    let secrets = centre.running.credentials();
    let text = format!("bad auth_token={}", secrets.auth_token);
    centre.fault(Target::Convoso, Fault::SuccessFalse { text });
    for args in [["check"].as_slice(), &["snapshot", "--wait", PATIENCE]] {
        let output = centre.run(args);
        let said = out(&output) + &err(&output);
        assert!(said.contains("bad auth_token=***"), "{said}");
        assert!(!said.contains(&secrets.auth_token), "{said}");
    }
}

//! `floorwatch report`: its arguments, and what it says where there is nothing to report from.

use std::fs;
use std::process::{Command, Output, Stdio};

use floorwatch::simulator::{Fault, Target};
use serde_json::Value;
use tempfile::TempDir;

use super::centre::{Centre, PATIENCE, err, out};

/// A floor without a contact centre: a report asks nobody.
struct Alone(TempDir);

impl Alone {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let config = "[floor]\nname = \"Tampa\"\ntimezone = \"America/New_York\"\nroster = \"roster.csv\"\n\n\
                      [[source]]\nname = \"dialer\"\nkind = \"convoso\"\nurl = \"http://127.0.0.1:9/v1\"\n\
                      auth_token = { env = \"TOKEN\" }\n";
        fs::write(home.path().join("config.toml"), config).unwrap();
        let roster = "person,name,team,email,timezone,dialer\njane,Jane Smith,Blue,,,7\n";
        fs::write(home.path().join("roster.csv"), roster).unwrap();
        Self(home)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_floorwatch"))
            .arg("--config")
            .arg(self.0.path().join("config.toml"))
            .arg("report")
            .args(args)
            .env_clear()
            .env("XDG_STATE_HOME", self.0.path().join("state"))
            .env("TOKEN", "secret")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

#[test]
fn without_a_journal_it_ends_with_1_and_says_how_one_comes_about() {
    let alone = Alone::new();
    let output = alone.run(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert_eq!(out(&output), "");
    let said = err(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("Tampa.sqlite`") && said.contains("the dashboard"), "{said}");
    assert!(!alone.0.path().join("state").exists(), "looking leaves nothing behind");
}

#[test]
fn a_file_that_is_no_journal_is_said_to_be_none_and_left_as_it_is() {
    let alone = Alone::new();
    let state = alone.0.path().join("state").join("floorwatch");
    fs::create_dir_all(&state).unwrap();
    let file = state.join("Tampa.sqlite");
    fs::write(&file, "no journal at all, but a letter that somebody put here\n".repeat(40))
        .unwrap();
    let before = fs::read(&file).unwrap();
    let output = alone.run(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(err(&output).contains("Tampa.sqlite`"), "{}", err(&output));
    assert_eq!(err(&output).lines().count(), 1, "{}", err(&output));
    assert_eq!(fs::read(&file).unwrap(), before);
    assert_eq!(fs::read_dir(&state).unwrap().count(), 1, "and nothing lies beside it");
}

#[test]
fn a_window_that_cannot_be_ends_with_2_and_one_sentence() {
    let alone = Alone::new();
    for (args, says) in [
        (&["--since", "2026-03-01", "--until", "2026-03-01"][..], "is not before"),
        (&["--since", "2026-03-02T00:00:00Z", "--until", "2026-03-01T00:00:00Z"], "is not before"),
        (&["--until", "2999-01-01"], "is in the future"),
        (&["--since", "2999-01-01T00:00:00Z"], "is not before now"),
    ] {
        let output = alone.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        let said = err(&output);
        assert!(said.contains(says) && said.contains("hint: "), "{args:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{args:?}: {said}");
    }
    for garbage in ["yesterday", "25:00", "2026-02-30", "2026-03-01T10:00:00"] {
        let output = alone.run(&["--since", garbage]);
        assert_eq!(output.status.code(), Some(2), "{garbage}");
        let said = err(&output);
        assert!(said.contains(&format!("`{garbage}` is not a time (hint: ")), "{said}");
    }
}

#[test]
fn of_a_journal_without_history_the_roster_is_all_that_is_known_in_every_format() {
    // A logout opens the journal, and keeps no history in it.
    let centre = Centre::usual();
    let somebody = centre.somebody("away");
    let id = somebody.convoso_user_id.unwrap();
    let args =
        ["logout", "--source", "dialer", "--agent", id.as_str(), "--reason", "left", "--yes"];
    assert_eq!(centre.run(&args).status.code(), Some(0));
    for target in [Target::Convoso, Target::CxEngage, Target::SipIo, Target::Wfm] {
        centre.fault(target, Fault::Forbidden); // a report asks nobody
    }
    let output = centre.run(&["report"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let report: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(report["schema"], "floorwatch.report/1");
    let agents = report["agents"].as_array().unwrap();
    assert_eq!(agents.len(), 15);
    for agent in agents {
        let kpi = &agent["kpi"];
        assert!(kpi["ms"]["unknown"].as_i64().unwrap() > 0, "{agent}");
        assert_eq!((&kpi["logged_in_ms"], &kpi["occupancy_pct"]), (&Value::Null, &Value::Null));
    }
    assert_eq!(report["queues"], serde_json::json!([]));
    let csv = centre.run(&["report", "--format", "csv"]);
    assert!(out(&csv).starts_with("scope,person,name,team,"), "{}", out(&csv));
    assert_eq!(out(&csv).lines().filter(|line| line.starts_with("agent,")).count(), 15);
    let table = centre.run(&["report", "--format", "table"]);
    assert!(out(&table).lines().all(|line| line.chars().count() <= 120), "{}", out(&table));
}

#[test]
fn a_snapshot_does_without_a_journal_that_cannot_be_read_and_says_so() {
    let centre = Centre::usual();
    let state = centre.home.path().join("state").join("floorwatch");
    fs::create_dir_all(&state).unwrap();
    fs::write(state.join("Tampa.sqlite"), "no journal at all\n".repeat(100)).unwrap();
    centre.edit_config(|text| {
        let (head, rest) = text.split_once("[floor]\nname = ").unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        format!("{head}[floor]\nname = \"Tampa\"\n{rest}")
    });
    let output = centre.run(&["snapshot", "--wait", PATIENCE]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let said = err(&output);
    assert_eq!(said.matches("Tampa.sqlite`").count(), 1, "{said}");
    let snapshot: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!(snapshot["campaigns"], Value::Null);
}

//! Before a shift: a dialer that lists nobody, a roster and a schedule file.

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::simulator::{Fault, Target};
use serde_json::Value;

use super::centre::{Centre, PATIENCE, err, out};
use super::terminal::Terminal;

/// A dialer and nothing else, on which nobody is logged in; the shift of three people begins at `begins`.
fn centre(begins: DateTime<Utc>) -> Centre {
    let centre = Centre::usual();
    centre.fault(Target::Convoso, Fault::EmptyList);
    centre.edit_config(|text| {
        let dialer: Vec<_> = text.split("[[source]]").take(2).collect();
        let zone = text.lines().find(|line| line.starts_with("timezone")).unwrap();
        let text = dialer.join("[[source]]").replacen(zone, "timezone = \"UTC\"", 1);
        // By its log they are there.
        text + "\nhistory_poll = \"off\"\n[adherence]\ngrace = \"1s\"\n"
    });
    let people = centre.truth().people.into_iter().filter_map(|p| p.convoso_user_id);
    let ids: Vec<_> = people.take(3).collect();
    let people = ["ann", "bob", "eve"].into_iter().zip(&ids);
    let roster = people.clone().map(|(person, id)| format!("{person},{person} Smith,,,,{id}\n"));
    let roster = roster.fold("person,name,team,email,timezone,dialer\n".to_owned(), |a, b| a + &b);
    std::fs::write(centre.home.path().join("roster.csv"), roster).unwrap();
    let (date, start) = (begins.format("%Y-%m-%d"), begins.format("%H:%M"));
    let end = (begins + TimeDelta::hours(8)).format("%H:%M");
    let schedule = people.map(|(person, _)| format!("{person},{date},{start},{end},work\n"));
    let schedule = schedule.fold("person,date,start,end,activity\n".to_owned(), |a, b| a + &b);
    std::fs::write(centre.home.path().join("schedule.csv"), schedule).unwrap();
    centre
}

#[test]
fn who_has_not_logged_in_since_the_shift_began_is_offline_and_late() {
    let centre = centre(Utc::now() - TimeDelta::minutes(30));
    let output = centre.run(&["snapshot", "--format", "json", "--wait", PATIENCE]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let floor: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!((&floor["totals"]["offline"], &floor["totals"]["unknown"]), (&3.into(), &0.into()));
    for agent in floor["agents"].as_array().unwrap() {
        assert_eq!(
            (&agent["activity"], &agent["evidence"]),
            (&"offline".into(), &"derived".into())
        );
        assert_eq!((&agent["since"], &agent["seconds_in_activity"]), (&Value::Null, &Value::Null));
        assert_eq!(agent["presences"][0]["raw"], "not listed", "{agent}");
        assert_eq!(agent["flags"][0]["kind"], "late_start", "{agent}");
        assert_eq!(agent["adherence"]["adherent"], false, "{agent}");
    }
    let alerts = floor["alerts"].as_array().unwrap();
    assert_eq!(alerts.len(), 3, "{alerts:?}");
    assert!(alerts.iter().all(|alert| alert["type"] == "late_start"), "{alerts:?}");
    let mut terminal = Terminal::start(&centre, &[]);
    terminal.wait_for("O offline");
    terminal.keys("4");
    terminal.wait_for("3 active");
}

#[test]
fn who_is_due_in_a_few_minutes_is_said_before_they_are_late() {
    let begins = Utc::now() + TimeDelta::minutes(5);
    let centre = centre(begins);
    let mut terminal = Terminal::start(&centre, &[]);
    let due = format!("due {}: 3 missing", begins.format("%H:%M"));
    terminal.wait_for(&due);
    terminal.keys("3");
    terminal.wait_for(&format!("{due}: ann Smith, bob Smith, eve Smith"));
}

//! Two dashboards on one journal: a supervisor's, and one that only looks.

use floorwatch::simulator::Options;

use super::centre::Centre;
use super::terminal::Terminal;

/// A floor without a WFM: whoever strays from the schedule file is an alert of the program's own.
fn centre() -> Centre {
    let centre = Centre::start(Options { agents: 60, ..Options::default() });
    centre.edit_config(|text| {
        let mut parts = text.split("[[source]]");
        let before = parts.next().unwrap().to_owned();
        let kept = parts.filter(|part| !part.contains("kind = \"wfm\""));
        let text = kept.fold(before, |text, part| text + "[[source]]" + part);
        text + "\n[adherence]\ngrace = \"1s\"\n"
    });
    // The roster names no source that is not there.
    let path = centre.home.path().join("roster.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut lines = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let lines: Vec<_> = lines.records().map(Result::unwrap).collect();
    let wfm = lines[0].iter().position(|name| name == "wfm").unwrap();
    let mut roster = csv::Writer::from_path(&path).unwrap();
    for line in lines {
        let others = line.iter().enumerate().filter(|(place, _)| *place != wfm);
        roster.write_record(others.map(|(_, cell)| cell)).unwrap();
    }
    roster.flush().unwrap();
    centre
}

/// The alerts' page with an alert on it.
fn page(centre: &Centre, args: &[&str]) -> Terminal {
    let mut terminal = Terminal::sized(centre, args, 140, 50);
    terminal.wait_for("dialer live");
    terminal.keys("4");
    terminal.wait_until("an alert", |screen| {
        let text = screen.contents();
        text.lines().any(|line| line.contains("active, newest first") && !line.starts_with('0'))
    });
    terminal
}

#[test]
fn what_is_acknowledged_in_one_stands_so_in_the_other_and_is_in_the_journal_once() {
    let centre = centre();
    let mut desk = page(&centre, &[]);
    let mut other = page(&centre, &["--read-only"]);
    desk.keys("a");
    desk.wait_for("Acknowledge");
    desk.wait_until_answerable();
    desk.keys("called\r");
    desk.wait_until("that it is done", |screen| {
        screen.contents().to_lowercase().contains("confirmed")
    });
    other.wait_until("who did it", |screen| {
        let text = screen.contents();
        text.contains("sam at ") && text.contains(" acknowledged ") && text.contains("'s alert")
    });
    other.keys("f");
    other.wait_until("the acknowledged alerts", |screen| {
        let text = screen.contents();
        text.lines().any(|line| line.contains(" acknowledged, newest") && !line.starts_with('0'))
    });
    for terminal in [&mut desk, &mut other] {
        terminal.keys("\u{3}");
        assert!(terminal.wait_for_end().success());
    }
    let state = centre.home.path().join("state").join("floorwatch");
    let files = std::fs::read_dir(state).unwrap().map(|file| file.unwrap().path());
    let mut journals = files.filter(|file| file.extension().is_some_and(|end| end == "sqlite"));
    let journal = rusqlite::Connection::open(journals.next().unwrap()).unwrap();
    let count = |sql: &str| journal.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let deeds = count("SELECT count(*) FROM actions WHERE verdict = 'confirmed'");
    let alerts = count("SELECT count(DISTINCT alert) FROM actions");
    assert!(deeds > 0 && deeds == alerts, "{deeds} deeds on {alerts} alerts");
    let twice =
        "SELECT count(*) FROM (SELECT lag(status) OVER (PARTITION BY id ORDER BY at) AS before,
                     status FROM alert_history WHERE source = 'floorwatch') WHERE before = status";
    assert_eq!(count(twice), 0, "a change is told of twice");
}

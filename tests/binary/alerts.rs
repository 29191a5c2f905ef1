//! Dealing with alerts on the screen. The WFM counts the changes it is asked for: what must not be
//! sent twice, or not at all, is read there.

use std::collections::BTreeMap;

use floorwatch::simulator::{Action, AlertTruth, Fault, Options, Target};

use super::centre::Centre;
use super::terminal::Terminal;

pub fn centre() -> Centre {
    let centre = Centre::start(Options { agents: 60, ..Options::default() });
    // Read often, so that little is waited for; what is dealt with here are the WFM's alerts, and the
    // program raises none of its own within so long a grace.
    let patient = "\n[adherence]\ngrace = \"1h\"\nsevere = \"24h\"\n";
    centre.edit_config(|text| text.replace("poll = \"15s\"", "poll = \"5s\"") + patient);
    centre
}

fn active(centre: &Centre) -> Vec<AlertTruth> {
    centre.truth().alerts.into_iter().filter(|alert| alert.status == "active").collect()
}

/// Mishaps that go on for half an hour at least: an alert about anything else may be over by itself
/// before it has been dealt with.
const LASTING: [&str; 4] = ["long_break", "out_of_adherence", "cx_left_open", "cx_closed"];

/// An active alert that stays, of somebody who has no other and whose name nobody else has, and that
/// name.
pub fn only_one(centre: &Centre) -> (AlertTruth, String) {
    let truth = centre.truth();
    let active = active(centre);
    let of = |alert: &AlertTruth| active.iter().filter(|a| a.person == alert.person).count();
    let called = |name: &str| truth.people.iter().filter(|person| person.name == name).count();
    let fits = |alert: &AlertTruth| {
        let person = truth.person(&alert.person).unwrap();
        let lasts = person.mishap.as_deref().is_some_and(|mishap| LASTING.contains(&mishap));
        lasts && of(alert) == 1 && called(&person.name) == 1
    };
    let alert = active.iter().find(|alert| fits(alert)).unwrap();
    (alert.clone(), truth.person(&alert.person).unwrap().name.clone())
}

fn now(centre: &Centre, id: &str) -> AlertTruth {
    centre.truth().alerts.into_iter().find(|alert| alert.id == id).unwrap()
}

/// The alerts' page, read.
pub fn page(centre: &Centre, args: &[&str]) -> Terminal {
    let mut terminal = Terminal::sized(centre, args, 120, 40);
    terminal.keys("4");
    terminal.wait_until("the alerts", |screen| {
        let text = screen.contents();
        let counted = |line: &str| {
            line.contains("active, newest first")
                && line.starts_with(|c: char| c.is_ascii_digit())
                && !line.contains("waiting for")
        };
        text.contains("dialer live") && text.lines().any(counted)
    });
    terminal
}

/// The question `key` puts about the alert of `name`.
fn ask(terminal: &mut Terminal, key: &str, title: &str, id: &str, name: &str) {
    terminal.keys("/");
    terminal.keys(name);
    terminal.keys("\r");
    terminal.wait_for(&format!("only \"{name}\""));
    terminal.keys(key);
    terminal.wait_for(title);
    terminal.wait_for(id);
    terminal.wait_until_answerable();
}

fn once(deeds: &[(&str, &str)]) -> BTreeMap<String, BTreeMap<String, u64>> {
    let mut patches: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for (id, action) in deeds {
        patches.entry((*id).to_owned()).or_default().insert((*action).to_owned(), 1);
    }
    patches
}

#[test]
fn an_alert_is_acknowledged_with_notes_then_resolved_and_both_are_remembered_after_a_restart() {
    let centre = centre();
    let (alert, name) = only_one(&centre);
    let mut terminal = page(&centre, &[]);
    ask(&mut terminal, "a", "Acknowledge this alert?", &alert.id, &name);
    terminal.keys("seen by me\r");
    terminal.wait_for(&format!("acknowledge {name}: CONFIRMED"));
    let then = now(&centre, &alert.id);
    assert_eq!((then.status.as_str(), then.notes.as_deref()), ("acknowledged", Some("seen by me")));
    assert_eq!(centre.truth().patches, once(&[(&alert.id, "acknowledge")]));

    terminal.keys("f");
    // What is searched for stays.
    terminal.wait_until("the acknowledged alerts", |screen| {
        let text = screen.contents();
        text.contains("1 acknowledged, only") && text.contains("newest first, read at")
    });
    terminal.keys("\r");
    let details = terminal.wait_for("seen by me");
    assert!(details.contains(&alert.id) && details.contains("acknowledged"), "{details}");
    terminal.keys("r");
    terminal.wait_for("Resolve this alert?");
    terminal.wait_until_answerable();
    terminal.keys("\r");
    terminal.wait_for(&format!("resolve {name}: CONFIRMED"));
    assert_eq!(now(&centre, &alert.id).status, "resolved");
    let deeds = once(&[(&alert.id, "acknowledge"), (&alert.id, "resolve")]);
    assert_eq!(centre.truth().patches, deeds);
    terminal.keys("\u{3}");
    assert!(terminal.wait_for_end().success());

    let mut again = Terminal::sized(&centre, &[], 120, 120);
    again.wait_for("dialer live");
    again.keys("/");
    again.keys(&name);
    again.keys("\r");
    again.wait_for(&format!("only \"{name}\""));
    again.keys("\r");
    again.wait_for("What was done");
    again.wait_until("both deeds", |screen| {
        let text = screen.contents();
        text.contains("acknowledge at wfm by sam (\"seen by me\"): confirmed")
            && text.contains("resolve at wfm by sam: confirmed")
    });
    assert_eq!(centre.truth().patches, deeds, "nothing is sent again by a restart");
}

#[test]
fn no_leaves_an_alert_alone() {
    let centre = centre();
    let (alert, name) = only_one(&centre);
    let mut terminal = page(&centre, &[]);
    ask(&mut terminal, "r", "Resolve this alert?", &alert.id, &name);
    terminal.keys("not yet\u{1b}");
    terminal.wait_without("Resolve this alert?");
    assert!(centre.truth().patches.is_empty());
}

#[test]
fn all_that_are_marked_are_dealt_with_once_each() {
    let centre = centre();
    let mut terminal = page(&centre, &[]);
    // The first three rows, of which each may be several alerts of one cause.
    terminal.keys("   a");
    let question = terminal.wait_for(" alerts? ");
    let (before, _) = question.split_once(" alerts? ").unwrap();
    let marked: usize = before.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(marked >= 3, "{question}");
    let before: Vec<_> = active(&centre).into_iter().map(|alert| alert.id).collect();
    terminal.wait_until_answerable();
    terminal.keys("\r");
    terminal.wait_for(&format!("acknowledge: {marked} of {marked} confirmed"));
    let truth = centre.truth();
    assert_eq!(truth.patches.len(), marked);
    for (id, actions) in &truth.patches {
        assert_eq!(actions, &BTreeMap::from([("acknowledge".to_owned(), 1)]));
        assert!(before[..marked + 2].contains(id), "the newest stand first");
        assert_eq!(now(&centre, id).acknowledged_by.as_deref(), Some("client"));
    }
}

/// Acknowledges an alert while changes end with `fault`; the screen must end with `verdict`, and the
/// alert with `status`.
fn ends(fault: &Fault, verdict: &str, status: &str) {
    let centre = centre();
    let (alert, name) = only_one(&centre);
    centre.fault(Target::WfmUpdate, fault.clone());
    let mut terminal = page(&centre, &[]);
    ask(&mut terminal, "a", "Acknowledge this alert?", &alert.id, &name);
    terminal.keys("\r");
    let screen = terminal.wait_until(&format!("the end of {fault:?}"), |screen| {
        let text = screen.contents();
        ["CONFIRMED", "REFUSED", "UNCHANGED", "UNKNOWN", "OVERTAKEN", "NOT SENT"]
            .iter()
            .any(|word| text.contains(&format!("acknowledge {name}: {word}")))
    });
    assert!(screen.contains(&format!("acknowledge {name}: {verdict}")), "{fault:?}:\n{screen}");
    let patches = centre.truth().patches;
    assert_eq!(patches, once(&[(&alert.id, "acknowledge")]), "{fault:?}");
    assert_eq!(now(&centre, &alert.id).status, status, "{fault:?}");
}

#[test]
fn however_a_change_ends_it_is_sent_once_and_told_as_it_is() {
    let refused = Fault::SuccessFalse { text: "no such alert here".to_owned() };
    let status = |code| Fault::Status { code, retry_after: None };
    let ended: Vec<_> = [
        (Fault::Forbidden, "REFUSED", "active"),
        (status(409), "REFUSED", "active"),
        (refused, "REFUSED", "active"),
        (Fault::DoneThenHangs, "CONFIRMED", "acknowledged"),
        (Fault::DoneThenStatus { code: 503 }, "CONFIRMED", "acknowledged"),
        (Fault::Lies, "UNCHANGED", "active"),
        (Fault::WithoutStatus, "CONFIRMED", "acknowledged"),
        (Fault::Html, "UNCHANGED", "active"),
        (status(503), "UNCHANGED", "active"),
    ]
    .map(|(fault, verdict, status)| std::thread::spawn(move || ends(&fault, verdict, status)))
    .into_iter()
    .map(std::thread::JoinHandle::join)
    .collect();
    let wrong = ended.iter().filter(|end| end.is_err()).count();
    assert_eq!(wrong, 0, "of {} ends", ended.len());
}

#[test]
fn who_may_only_look_cannot_deal_with_anything() {
    let centre = centre();
    let mut terminal = page(&centre, &["--read-only"]);
    for key in ["a", "r"] {
        terminal.keys(key);
        terminal.wait_for("no alert can be dealt with from here");
        // The next key's own answer counts, not this one that still stands.
        terminal.wait_without("no alert can be dealt with from here");
    }
    let mut wall = Terminal::sized(&centre, &["--kiosk"], 120, 40);
    wall.wait_for("dialer live");
    wall.keys("4");
    wall.wait_for("active, newest first");
    wall.keys(" a\rr\r");
    wall.keys("2");
    wall.wait_for("Drop");
    assert!(centre.truth().patches.is_empty());
}

#[test]
fn what_a_colleague_did_while_the_question_stood_is_respected() {
    let centre = centre();
    let (alert, name) = only_one(&centre);
    let mut terminal = page(&centre, &[]);
    ask(&mut terminal, "a", "Acknowledge this alert?", &alert.id, &name);
    assert!(centre.running.colleague_changes(&alert.id, Action::Acknowledge, Some("mine")));
    let lists = || centre.truth().requests.get(&Target::WfmAlerts).copied().unwrap_or(0);
    let before = lists();
    terminal.wait_until("two more readings", |_| lists() >= before + 2);
    terminal.keys("\r");
    terminal.wait_without("Acknowledge this alert?");
    terminal.wait_until("why not", |screen| {
        let text = screen.contents();
        text.contains("s alert is acknowledged") || text.contains("no longer lists")
    });
    assert!(centre.truth().patches.is_empty());
    let then = now(&centre, &alert.id);
    assert_eq!(then.acknowledged_by.as_deref(), Some("colleague"));
    assert_eq!(then.notes.as_deref(), Some("mine"));
}

#[test]
fn a_colleague_who_was_a_moment_quicker_is_not_overruled() {
    let centre = centre();
    let (alert, name) = only_one(&centre);
    let mut terminal = page(&centre, &[]);
    ask(&mut terminal, "a", "Acknowledge this alert?", &alert.id, &name);
    assert!(centre.running.colleague_changes(&alert.id, Action::Resolve, None));
    terminal.keys("late\r");
    terminal.wait_without("Acknowledge this alert?");
    terminal.wait_until("the end", |screen| {
        let text = screen.contents();
        ["REFUSED", "OVERTAKEN", "NOT SENT", "s alert is resolved", "no longer lists"]
            .iter()
            .any(|word| text.contains(word))
    });
    assert!(!terminal.contents().contains("CONFIRMED"));
    let sent: u64 = centre.truth().patches.values().flat_map(BTreeMap::values).sum();
    assert!(sent <= 1, "it was sent {sent} times");
    let then = now(&centre, &alert.id);
    assert_eq!(
        (then.status.as_str(), then.resolved_by.as_deref()),
        ("resolved", Some("colleague"))
    );
}

//! A wall takes no keys: whatever one odd answer stopped has to go on by itself.

use std::cell::RefCell;

use floorwatch::simulator::{Fault, Options, Target};

use super::centre::Centre;
use super::terminal::Terminal;

/// Something that is read, words by which the screen names it while it is in trouble, and its odd answer.
type Case = (Target, &'static str, Fault);

/// One odd answer for each main reading, then one for what is read beside them: that is only named
/// while the main reading is well. Twice over.
fn rounds() -> [Vec<Case>; 4] {
    let status = |code| Fault::Status { code, retry_after: None };
    let says = |body: &str| Fault::Says { body: body.to_owned() };
    let main = |convoso, cxengage, sipio, wfm| {
        vec![
            (Target::Convoso, "dialer ", convoso),
            (Target::CxEngage, "cx ", cxengage),
            (Target::SipIo, "sip ", sipio),
            (Target::Wfm, "wfm ", wfm),
        ]
    };
    let beside = |history, alerts| {
        vec![
            (Target::ConvosoHistory, "dialer agent-productivity ", history),
            (Target::WfmAlerts, "wfm alerts ", alerts),
        ]
    };
    [
        main(status(404), status(401), status(410), Fault::Html),
        beside(status(501), Fault::RedirectToLogin),
        main(Fault::Forbidden, status(400), says("false"), status(501)),
        beside(Fault::Html, status(404)),
    ]
}

fn live(screen: &str) -> bool {
    ["dialer live", "cx live", "sip live", "wfm live"].iter().all(|text| screen.contains(text))
        && !["STALE", "DENIED", "FAILED", "reading back", ", log "]
            .iter()
            .any(|word| screen.contains(word))
}

#[test]
fn a_wall_shows_every_odd_answer_and_heals_without_a_key() {
    let centre = Centre::start(Options { agents: 15, ..Options::default() });
    centre.edit_config(|text| {
        let fast = "poll = \"1s\"\nhistory_poll = \"10s\"\nmax_requests_per_minute = 600";
        text.replace("poll = \"15s\"", "poll = \"5s\"").replace("poll = \"3s\"", fast)
    });
    let wall = Terminal::sized(&centre, &["--kiosk"], 160, 40);
    wall.wait_until("all live", |screen| live(&screen.contents()));
    for cases in rounds() {
        // Each is well again as soon as it is named: what is read back in between may meet it first.
        for (target, _, fault) in &cases {
            centre.fault(*target, fault.clone());
        }
        let left = RefCell::new(cases.clone());
        wall.wait_until(&format!("each of {cases:?} named"), |screen| {
            let screen = screen.contents();
            let lines: Vec<_> = screen.lines().collect();
            left.borrow_mut().retain(|(target, name, _)| {
                let is_named = |line: &&str| {
                    let rest = line.strip_prefix(*name).unwrap_or_default();
                    let is_in_trouble =
                        ["STALE", "DENIED", "FAILED"].iter().any(|word| rest.starts_with(word));
                    is_in_trouble && line.contains("next ")
                };
                let is_named = lines.iter().any(is_named);
                if is_named {
                    centre.fault(*target, Fault::None);
                }
                !is_named
            });
            left.borrow().is_empty()
        });
        wall.wait_until("all live again", |screen| live(&screen.contents()));
    }
}

#[test]
fn lists_that_lost_everybody_are_held_under_a_banner() {
    let centre = Centre::start(Options { agents: 15, ..Options::default() });
    centre.edit_config(|text| text.replace("poll = \"15s\"", "poll = \"5s\""));
    let wall = Terminal::sized(&centre, &["--kiosk"], 160, 40);
    wall.wait_until("all live", |screen| live(&screen.contents()));
    let nobody = r#"{"states":false,"agents":[]}"#;
    for (target, name) in [(Target::Wfm, "wfm"), (Target::SipIo, "sip")] {
        centre.fault(target, Fault::Says { body: nobody.to_owned() });
        wall.wait_for(&format!("{name} lists nobody any more, "));
        centre.fault(target, Fault::None);
        wall.wait_without(&format!("{name} lists nobody"));
    }
}

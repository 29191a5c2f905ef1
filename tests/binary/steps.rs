//! The vendors' clock is set under a running dashboard.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use floorwatch::simulator::Target;

use super::centre::Centre;
use super::terminal::Terminal;

/// What is read, and how often more it may have been asked for while it was read `READ` times: the window
/// that a server with another clock did not understand is asked for once more.
const MAINS: [Target; 4] = [Target::Convoso, Target::CxEngage, Target::SipIo, Target::Wfm];
const READ: u64 = 3;
const ONCE_MORE: u64 = 1;

#[test]
fn a_server_that_is_set_by_an_hour_makes_no_source_silent_and_no_storm() {
    let centre = Centre::usual();
    centre.edit_config(|config| config.replace("poll = \"15s\"", "poll = \"5s\""));
    let terminal = Terminal::sized(&centre, &[], 120, 40);
    let is_read = |screen: &str| {
        ["dialer live", "cx live", "sip live", "wfm live"].iter().all(|text| screen.contains(text))
            && !screen.contains("reading back")
    };
    terminal.wait_until("everything read", |screen| is_read(&screen.contents()));
    let requests = || -> BTreeMap<Target, u64> { centre.truth().requests };
    for minutes in [60, -60, 0] {
        let before = requests();
        let since = |now: &BTreeMap<Target, u64>, target| now[&target] - before[&target];
        centre.running.set_clock(TimeDelta::minutes(minutes));
        terminal.wait_until("three readings of every source", |screen| {
            let screen = screen.contents();
            assert!(!screen.contains("STALE"), "{minutes} min:\n{screen}");
            MAINS.iter().all(|target| since(&requests(), *target) >= READ)
        });
        let now = requests();
        // CxEngage reads what is left of the day at its leisure, and Convoso is read every 3 s.
        for target in [Target::SipIo, Target::Wfm] {
            assert!(since(&now, target) <= READ + ONCE_MORE + 1, "{minutes} min: {now:?}");
        }
        let screen = terminal.contents();
        assert!(is_read(&screen), "{minutes} min:\n{screen}");
    }
}

//! The real program on a terminal beside the simulator's truth, while sources are silent, slow, hanging,
//! denied or empty, and until all is well again: whatever stands there without a mark is so, no alert is
//! born of a fault, and none that was true is lost by one.
//!
//! A fixed sample runs with the suite, without the alerts. `tests/truth.sh` runs all subsets, by the same
//! code: the cases stand in the environment then.

mod alerts;
mod case;
mod chronicle;
mod flags;
mod frame;
mod judge;
mod queues;
mod run;
mod sums;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use chrono::{TimeDelta, Utc};
use floorwatch::simulator::Target;

use case::{Case, Kind};
use chronicle::Chronicle;
use judge::{Judge, Wrong};
use run::Run;

/// As long as any source may be late.
const LATEST: TimeDelta = TimeDelta::seconds(60);

/// Which cases are tried: `subsets`, `combinations`, or names such as `convoso=silent,wfm=empty`, apart by
/// blanks; without it, the sample.
const CASES: &str = "TRUTH_CASES";
/// How many of them at once, and how many of the sample: more are late on a small machine.
const AT_ONCE: &str = "TRUTH_AT_ONCE";
const USUALLY_AT_ONCE: usize = 5;

/// The sources in each way, some of them and all.
fn sample() -> Vec<Case> {
    use Kind::{Denied, Empty, Hanging, Silent, Slow};
    use Target::{Convoso, ConvosoHistory, CxEngage, SipIo, Wfm, WfmAlerts};
    let all = |kind| case::TARGETS.map(|target| (target, kind));
    let sick: [&[(Target, Kind)]; 7] = [
        &[(Convoso, Hanging), (CxEngage, Silent), (WfmAlerts, Denied)],
        &[(Convoso, Empty), (SipIo, Silent)],
        &[(Convoso, Slow), (Wfm, Denied), (SipIo, Empty)],
        &[(Convoso, Denied), (ConvosoHistory, Denied), (CxEngage, Slow)],
        &[(Wfm, Empty), (WfmAlerts, Empty), (CxEngage, Empty), (ConvosoHistory, Empty)],
        &all(Silent),
        &all(Hanging),
    ];
    sick.into_iter().map(Case::new).collect()
}

fn chosen() -> Vec<Case> {
    match std::env::var(CASES).as_deref() {
        Ok("subsets") => Case::every_subset(),
        Ok("combinations") => Case::every_combination(),
        Ok(names) => {
            let case = |name| Case::named(name).unwrap_or_else(|| panic!("no case is {name:?}"));
            names.split_whitespace().map(case).collect()
        }
        Err(_) => sample(),
    }
}

/// What is wrong in one run.
fn tried(case: &Case) -> Vec<Wrong> {
    let run = Run::of(case);
    let chronicle = Chronicle::of(&run.centre.running, run.begin - LATEST, Utc::now());
    let mut judge = Judge::new(case, &run, &chronicle);
    judge.look();
    queues::judge(&mut judge);
    // Near the edges of shifts the journal's instants and the screen's are not told apart well enough yet for
    // a suite that must never fail by chance: only the script looks at the program's own alerts.
    if std::env::var_os(CASES).is_some() {
        alerts::judge(&mut judge);
    }
    judge.wrong
}

/// The first of each kind in full, how many there are of each, and of whom.
fn told(case: &Case, wrong: &[Wrong]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Wrong>> = BTreeMap::new();
    for one in wrong {
        kinds.entry(one.what).or_default().push(one);
    }
    let told = kinds.into_iter().map(|(what, wrong)| {
        let Wrong { at, said, so, screen, .. } = wrong[0];
        let mut others: Vec<_> = wrong.iter().map(|wrong| wrong.said.as_str()).collect();
        others.sort_unstable();
        others.dedup_by_key(|said| said.split(',').next());
        let (count, others) = (wrong.len(), others.join("\n  "));
        format!(
            "{case:?}: {what}, {count} times, first at {at}\nsaid: {said}\nso: {so}\n{screen}\n\
             said of whom:\n  {others}"
        )
    });
    told.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn what_stands_there_without_a_mark_is_so_whatever_fails() {
    let cases = chosen();
    let at_once = std::env::var(AT_ONCE).ok().and_then(|text| text.parse().ok());
    let at_once = at_once.unwrap_or(USUALLY_AT_ONCE).clamp(1, cases.len());
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let wrong = thread::scope(|own| own.spawn(|| tried(case)).join());
            let failure = match wrong {
                Ok(wrong) if wrong.is_empty() => None,
                Ok(wrong) => Some(told(case, &wrong)),
                Err(_) => Some(format!("{case:?}: was not tried to its end")),
            };
            eprintln!("{case:?}: {}", if failure.is_none() { "right" } else { "WRONG" });
            failure.iter().for_each(|failure| eprintln!("{failure}"));
            failures.lock().unwrap().extend(failure);
        }
    };
    thread::scope(|scope| (0..at_once).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().unwrap();
    let count = failures.len();
    assert!(failures.is_empty(), "{count} of {}\n\n{}", cases.len(), failures.join("\n\n"));
}

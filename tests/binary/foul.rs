//! Foul weather: random faults of everything, one after another and at once. What is asked stays
//! within what the vendors allow, and in the end everything is live again; `tests/foul.sh` lets it
//! last ten minutes, and looks at the memory and at how fast keys are answered, too.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use floorwatch::simulator::{Fault, Options, Target};

use super::centre::Centre;
use super::terminal::Terminal;

const TARGETS: [Target; 7] = [
    Target::Convoso,
    Target::ConvosoScoped,
    Target::ConvosoHistory,
    Target::CxEngage,
    Target::SipIo,
    Target::Wfm,
    Target::WfmAlerts,
];

/// How long it lasts where nobody says: long enough for every kind of task to meet some.
const SHORT: Duration = Duration::from_secs(20);

/// When the memory is looked at for the first time.
const SETTLED: Duration = Duration::from_secs(120);

fn faults() -> Vec<Fault> {
    let status = |code| Fault::Status { code, retry_after: None };
    let says = |body: &str| Fault::Says { body: body.to_owned() };
    let mut faults: Vec<_> = [400, 401, 403, 404, 410, 429, 500, 501, 502, 503].map(status).into();
    faults.extend([
        Fault::Status { code: 429, retry_after: Some(2) },
        Fault::Html,
        Fault::RedirectToLogin,
        Fault::Empty,
        Fault::Truncated,
        Fault::WrongTypes,
        Fault::InvalidUtf8,
        Fault::Hang,
        Fault::Delay { ms: 3_000 },
        Fault::Disconnect,
        Fault::EmptyList,
        Fault::PartialList,
        Fault::HalfGone,
        Fault::SuccessFalse { text: "Database is away".to_owned() },
        Fault::EvilNames,
        says("[]"),
        says("false"),
        says("null"),
        says("{}"),
    ]);
    faults
}

/// The pages, by a word that no other of them has.
const PAGES: [(&str, &str); 3] = [("2", "Drop"), ("3", "Scheduled"), ("1", "Calls")];

struct Run {
    centre: Centre,
    terminal: Terminal,
    chance: fastrand::Rng,
    latencies: Vec<Duration>,
}

impl Run {
    /// Switches something on or off, and goes through the pages.
    fn step(&mut self) {
        let faults = faults();
        let target = TARGETS[self.chance.usize(..TARGETS.len())];
        let fault = faults[self.chance.usize(..faults.len())].clone();
        match self.chance.u32(..4) {
            0 => self.centre.fault(target, Fault::None),
            1 => self.centre.fault(target, fault),
            times => self.centre.running.faults().set_for(target, fault, times - 1),
        }
        for (key, word) in PAGES {
            let pressed = Instant::now();
            self.terminal.keys(key);
            self.terminal.wait_for(word);
            self.latencies.push(pressed.elapsed());
            // Nobody types faster, and a fault has to last until somebody meets it.
            std::thread::sleep(Duration::from_millis(self.chance.u64(50..500)));
        }
    }

    /// The program's memory in kB.
    fn memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.terminal.pid());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    fn requests(&self) -> BTreeMap<Target, u64> {
        self.centre.truth().requests
    }

    /// Heals everything. Who watches need not wait for what is asked again slowly.
    fn clear(&mut self) {
        self.centre.running.faults().clear();
        self.terminal.keys("R");
        self.terminal.wait_until("all live again", |screen| {
            let text = screen.contents();
            ["dialer live", "cx live", "sip live", "wfm live"]
                .iter()
                .all(|live| text.contains(live))
        });
    }
}

/// How many requests a minute each vendor allows, all kinds together.
const ALLOWED: [(&[Target], u64); 4] = [
    (&[Target::Convoso, Target::ConvosoScoped, Target::ConvosoHistory], 60),
    (&[Target::CxEngage], 480),
    (&[Target::SipIo], 60),
    (&[Target::Wfm, Target::WfmAlerts], 100),
];

#[test]
fn random_faults_cost_no_memory_no_request_too_many_and_no_key() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let long = setting("FLOORWATCH_FOUL_SECONDS").map(Duration::from_secs);
    let seed = setting("FLOORWATCH_FOUL_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("the seed is {seed}");
    let centre = Centre::start(Options { agents: 40, ..Options::default() });
    let terminal = Terminal::sized(&centre, &[], 120, 40);
    terminal.wait_for("dialer live");
    let chance = fastrand::Rng::with_seed(seed);
    let mut run = Run { centre, terminal, chance, latencies: Vec::new() };
    let (began, before) = (Instant::now(), run.requests());
    let mut settled = None;
    while began.elapsed() < long.unwrap_or(SHORT) {
        run.step();
        if began.elapsed() >= SETTLED {
            settled.get_or_insert_with(|| run.memory());
        }
    }
    let (elapsed, after) = (began.elapsed(), run.requests());
    run.clear();
    for (targets, allowed) in ALLOWED {
        let count = |counts: &BTreeMap<Target, u64>| -> u64 {
            targets.iter().map(|target| counts.get(target).copied().unwrap_or(0)).sum()
        };
        let asked = count(&after) - count(&before);
        // What a minute allows may be spent at its beginning.
        let most = allowed * (elapsed.as_secs() / 60 + 1);
        println!("{targets:?}: {asked} requests in {elapsed:?}, {most} allowed");
        assert!(asked <= most, "{targets:?}");
    }
    let Some(settled) = settled else { return };
    let end = run.memory();
    run.latencies.sort();
    let of_100 = |part: usize| run.latencies[(run.latencies.len() - 1) * part / 100];
    println!("memory: {settled} kB after two minutes, {end} kB at the end");
    println!(
        "{} keys answered: half within {:?}, 95 of 100 within {:?}, all within {:?}",
        run.latencies.len(),
        of_100(50),
        of_100(95),
        of_100(100)
    );
    assert!(end < settled + settled / 10, "the memory grows");
    // The slowest say more of what else this machine does than of the program.
    assert!(of_100(50) < Duration::from_millis(50), "keys are answered late");
}

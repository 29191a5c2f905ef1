//! The figures that a supervisor is judged by: right to the second, by the real program, also after it
//! was killed, and the same on the screen's side and in the report.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use floorwatch::simulator::{Fault, KpiTruth, Options, Pace, Target};
use rustix::process::Signal;
use serde_json::Value;

use super::centre::{Centre, PATIENCE, err, out};
use super::picture::instant;
use super::terminal::Terminal;

/// Every activity, in the words of files.
const ACTIVITIES: [&str; 9] = [
    "offline",
    "unreachable",
    "logged_in",
    "available",
    "ringing",
    "on_contact",
    "wrap_up",
    "away",
    "unknown",
];

/// What is behind the present by contract: CxEngage withholds its newest records for 15 s and is read
/// every 15 s; what sip.io's counters show is known with the next reading.
const LAG: TimeDelta = TimeDelta::seconds(40);

/// For how long the program runs before it is killed: the ten minutes where they are asked for, at the
/// pace of a real floor, else about a minute at a brisk one.
struct Run {
    before: TimeDelta,
    after: TimeDelta,
    pace: Pace,
    /// By how much a percentage may be off; none at a brisk pace, where a second moves that of a minute by
    /// points: it may be off by as much as its times.
    points: Option<f64>,
}

impl Run {
    fn of(environment: Option<String>) -> Self {
        match environment.map(|seconds| seconds.parse().unwrap()) {
            Some(seconds) => Self {
                before: TimeDelta::seconds(seconds),
                after: LAG + TimeDelta::seconds(20),
                pace: Pace::Usual,
                points: Some(0.5),
            },
            None => Self {
                before: TimeDelta::seconds(40),
                after: LAG + TimeDelta::seconds(5),
                pace: Pace::Brisk,
                points: None,
            },
        }
    }
}

/// A floor whose day begins now: whatever it is told of its day, it was there to see it.
struct Stage {
    centre: Centre,
    since: DateTime<Utc>,
}

impl Stage {
    fn new(agents: usize, pace: Pace) -> Self {
        let centre = Centre::start(Options { agents, pace, ..Options::default() });
        centre.without_limit();
        let since = Utc::now().trunc_subsecs(0);
        let begins = since.with_timezone(&chrono_tz::America::New_York).format("%H:%M:%S");
        let floor = format!("[floor]\nday_starts = \"{begins}\"");
        centre.edit_config(|text| text.replace("[floor]", &floor));
        Self { centre, since }
    }

    /// The dashboard, once it has read everything.
    fn dashboard(&self) -> Terminal {
        let terminal = Terminal::sized(&self.centre, &[], 160, 40);
        terminal.wait_until("four live sources", |screen| {
            let text = screen.contents();
            ["dialer live", "cx live", "wfm live", "sip live"].iter().all(|s| text.contains(s))
        });
        terminal
    }

    /// Lets the world go on until `after` the day's beginning, by its own clock.
    fn pass(&self, after: TimeDelta) {
        while self.centre.truth().at < self.since + after {
            std::thread::sleep(Duration::from_millis(250));
        }
    }

    fn elapsed(&self) -> TimeDelta {
        self.centre.truth().at - self.since
    }

    /// What the snapshot says of everybody's day.
    fn snapshot(&self) -> Figures {
        self.figures(&["snapshot", "--format", "json", "--wait", PATIENCE], self.since)
    }

    /// What the report says of everybody from the day's beginning, until now or `until`.
    fn report(&self, until: Option<DateTime<Utc>>) -> Figures {
        self.report_from(self.since, until)
    }

    fn report_from(&self, since: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Figures {
        let begins = since;
        let since = since.to_rfc3339();
        let mut args = vec!["report", "--format", "json", "--since", &since];
        let until = until.map(|until| until.to_rfc3339());
        args.extend(until.iter().flat_map(|until| ["--until", until.as_str()]));
        self.figures(&args, begins)
    }

    fn figures(&self, args: &[&str], begins: DateTime<Utc>) -> Figures {
        let output = self.centre.run(args);
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 3)), "{args:?} {code:?}: {}", err(&output));
        let json: Value = serde_json::from_str(&out(&output)).unwrap();
        let agents = json["agents"].as_array().unwrap();
        let of =
            |agent: &Value| (agent["person"].as_str().unwrap().to_owned(), agent["kpi"].clone());
        let agents: BTreeMap<_, _> = agents.iter().map(of).collect();
        assert_eq!(instant(&json["since"]), begins, "{args:?}");
        let lengths: BTreeSet<i64> = agents.values().map(sum).collect();
        assert_eq!(lengths.len(), 1, "everybody's window is the same: {lengths:?}");
        let length = TimeDelta::milliseconds(*lengths.first().unwrap());
        let end = ["until", "taken_at"].iter().find_map(|name| json[*name].as_str());
        let end: DateTime<Utc> = end.unwrap().parse().unwrap();
        let until = begins + length;
        let off = (until - end).abs();
        assert!(off < TimeDelta::seconds(2), "the times fill the window: {until} of {end}");
        Figures { until, agents }
    }

    /// What was so until `until`, by the roster's id, of whom a figure can be told at all.
    fn truth(&self, until: DateTime<Utc>) -> BTreeMap<String, KpiTruth> {
        let now = self.centre.truth();
        let told = |kpi: &KpiTruth| {
            let person = now.person(&kpi.person).unwrap();
            // CxEngage has lost sight of them, or has not heard that they left.
            let misled = person.mishap.as_deref().is_some_and(|mishap| mishap.starts_with("cx_"));
            // Whom no system lists, nobody knows.
            let gone = |times: &Option<_>| {
                times.as_ref().is_some_and(|t: &floorwatch::simulator::TimesTruth| {
                    t.ms.contains_key("offline")
                })
            };
            !misled && !gone(&kpi.convoso) && !gone(&kpi.cxengage)
        };
        let all = self.centre.running.kpi(self.since, until);
        all.into_iter().filter(told).map(|kpi| (kpi.person.clone(), kpi)).collect()
    }
}

/// What one command says.
struct Figures {
    until: DateTime<Utc>,
    /// The figures by the roster's id.
    agents: BTreeMap<String, Value>,
}

fn ms(kpi: &Value, activity: &str) -> i64 {
    kpi["ms"][activity].as_i64().unwrap_or_else(|| panic!("no {activity}: {kpi}"))
}

fn sum(kpi: &Value) -> i64 {
    ACTIVITIES.iter().map(|activity| ms(kpi, activity)).sum()
}

fn truly(truth: &KpiTruth, activity: &str) -> i64 {
    truth.really.ms.get(activity).map_or(0, |ms| i64::try_from(*ms).unwrap())
}

/// By whom somebody is known.
fn known_by(truth: &KpiTruth) -> String {
    let systems = [
        ("convoso", truth.convoso.is_some()),
        ("cxengage", truth.cxengage.is_some()),
        ("sip.io", truth.sip.is_some()),
    ];
    let known: Vec<_> = systems.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    known.join(" and ")
}

/// A second for each change, and one for the window's edges.
fn tolerance(truth: &KpiTruth) -> i64 {
    1_000 * (1 + i64::try_from(truth.really.changes).unwrap())
}

/// Handle time by `whole`, in percent.
fn share(handle: i64, whole: i64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a day")]
    (whole > 0).then(|| 100.0 * handle as f64 / whole as f64)
}

/// What the percentages are made of, in milliseconds.
struct Shares {
    handle: i64,
    available: i64,
    logged_in: i64,
}

impl Shares {
    /// As `kpi` tells them. A snapshot does not tell what was handled; who sits in the dialer makes no
    /// calls of their own.
    fn told(kpi: &Value) -> Self {
        let handle = kpi["handle_ms"].as_i64();
        Self {
            handle: handle.unwrap_or_else(|| ms(kpi, "on_contact") + ms(kpi, "wrap_up")),
            available: ms(kpi, "available"),
            logged_in: ACTIVITIES[1..8].iter().map(|activity| ms(kpi, activity)).sum(),
        }
    }

    /// Each percentage, with the whole that it is of.
    fn each(&self) -> [(&'static str, Option<f64>, i64); 2] {
        let (occupied, logged_in) = (self.handle + self.available, self.logged_in);
        [
            ("occupancy_pct", share(self.handle, occupied), occupied),
            ("utilization_pct", share(self.handle, logged_in), logged_in),
        ]
    }
}

/// Everything that differs from the truth by more than `edge` and what is allowed anyway.
fn differences(told: &Figures, stage: &Stage, edge: TimeDelta, points: Option<f64>) -> Vec<String> {
    let mut found = Vec::new();
    for (person, truth) in stage.truth(told.until) {
        let kpi = &told.agents[&person];
        let who = format!("{person} ({}, {} changes)", known_by(&truth), truth.really.changes);
        let is_late = truth.convoso.is_none();
        let edge = if is_late { edge.num_milliseconds() } else { 0 };
        for activity in ACTIVITIES {
            let (told, so) = (ms(kpi, activity), truly(&truth, activity));
            if (told - so).abs() > tolerance(&truth) + edge {
                found.push(format!("{who}: {told} ms {activity} instead of {so}"));
            }
        }
        if edge > 0 {
            continue;
        }
        let own = i64::try_from(truth.really.own_call_ms).unwrap();
        let so = Shares {
            handle: truly(&truth, "on_contact") - own + truly(&truth, "wrap_up"),
            available: truly(&truth, "available"),
            logged_in: ACTIVITIES[1..8].iter().map(|a| truly(&truth, a)).sum(),
        };
        let told = Shares::told(kpi);
        if (told.handle - so.handle).abs() > tolerance(&truth) {
            found.push(format!("{who}: {} ms handled instead of {}", told.handle, so.handle));
        }
        for ((figure, told, told_whole), (_, so, whole)) in told.each().into_iter().zip(so.each()) {
            let said = kpi[figure].as_f64();
            let follows = match (said, told) {
                (Some(said), Some(share)) => (said - share).abs() <= 0.005_01,
                (said, share) => said.is_none() && share.is_none(),
            };
            if !follows {
                found.push(format!("{who}: {figure} {said:?} of {told_whole} ms makes {told:?}"));
            }
            let points = points.or_else(|| share(tolerance(&truth), whole)).unwrap_or(100.0);
            let same = match (said, so) {
                (Some(said), Some(so)) => (said - so).abs() <= points,
                (said, so) => said.is_none() == so.is_none() || whole < 2_000,
            };
            if !same {
                found.push(format!("{who}: {figure} {said:?} instead of {so:?}"));
            }
        }
    }
    found
}

fn nothing(differences: &[String]) {
    assert!(differences.is_empty(), "\n{}", differences.join("\n"));
}

fn killed(mut terminal: Terminal) {
    terminal.signal(Signal::KILL);
    assert!(!terminal.wait_for_end().success());
}

#[test]
fn killed_and_started_again_it_tells_the_times_of_everybody() {
    let run = Run::of(std::env::var("FLOORWATCH_KPI_SECONDS").ok());
    let stage = Stage::new(60, run.pace);
    let first = stage.dashboard();
    stage.pass(run.before);
    killed(first);
    let gone = stage.centre.truth().at;
    let second = stage.dashboard();
    stage.pass(stage.elapsed() + run.after);
    let settled = stage.report(Some(stage.centre.truth().at - LAG));
    let snapshot = stage.snapshot();
    let report = stage.report(None);
    drop(second);
    // Nothing new comes any more. While nobody looked, too: what is known of an instant is known in
    // every window.
    let whole = stage.report(Some(settled.until));
    for milliseconds in [-1_500, -200, 400, 1_300] {
        adds_up(&stage, gone + TimeDelta::milliseconds(milliseconds), &whole);
    }

    let kinds: BTreeSet<String> = stage.truth(settled.until).values().map(known_by).collect();
    for kind in ["convoso", "cxengage", "sip.io", "convoso and cxengage", "convoso and sip.io"] {
        assert!(kinds.contains(kind), "nobody is known by {kind} only: {kinds:?}");
    }
    let all = [
        ("the report up to a while ago", &settled, TimeDelta::zero()),
        ("the snapshot", &snapshot, LAG),
        ("the report", &report, LAG),
    ];
    let told = |(of, figures, edge): (&str, &Figures, TimeDelta)| {
        let found = differences(figures, &stage, edge, run.points);
        found.into_iter().map(|line| format!("{of}: {line}")).collect::<Vec<_>>()
    };
    nothing(&all.into_iter().flat_map(told).collect::<Vec<_>>());
    same_figures(&snapshot, &report, &stage.truth(report.until));
}

/// What was until `at` and what was after it make up `whole`. Not of whom sip.io alone knows: its sums
/// tell how much of a silence was what, but not when.
fn adds_up(stage: &Stage, at: DateTime<Utc>, whole: &Figures) {
    let at = at.trunc_subsecs(3);
    let (before, after) = (stage.report(Some(at)), stage.report_from(at, Some(whole.until)));
    for (person, truth) in stage.truth(whole.until) {
        for activity in ACTIVITIES.iter().filter(|_| known_by(&truth) != "sip.io") {
            let of = |figures: &Figures| ms(&figures.agents[&person], activity);
            let (parts, whole) = ([of(&before), of(&after)], of(whole));
            let told = parts.iter().sum::<i64>();
            assert_eq!(told, whole, "{person} {activity}: {parts:?}, cut at {at}");
        }
    }
}

/// Both say the same, but for the time between the two and for what is known late.
fn same_figures(one: &Figures, other: &Figures, truth: &BTreeMap<String, KpiTruth>) {
    let people = |figures: &Figures| figures.agents.keys().cloned().collect::<Vec<_>>();
    assert_eq!(people(one), people(other), "the same people");
    let between = (other.until - one.until).num_milliseconds().abs() + 1_500;
    for (person, truth) in truth {
        let late = truth.convoso.is_none();
        let allowed = between + if late { LAG.num_milliseconds() } else { 3_500 };
        for activity in ACTIVITIES {
            let (one, other) =
                (ms(&one.agents[person], activity), ms(&other.agents[person], activity));
            assert!((one - other).abs() <= allowed, "{person} {activity}: {one} and {other}");
        }
    }
}

#[test]
fn two_dashboards_on_one_journal_tell_it_as_one_does() {
    let stage = Stage::new(40, Pace::Brisk);
    let first = stage.dashboard();
    let second = stage.dashboard();
    stage.pass(TimeDelta::seconds(30));
    killed(first);
    stage.pass(TimeDelta::seconds(35) + LAG);
    let settled = stage.report(Some(stage.centre.truth().at - LAG));
    drop(second);
    nothing(&differences(&settled, &stage, TimeDelta::zero(), None));
}

#[test]
fn a_source_that_is_down_leaves_unknown_time_and_none_that_is_invented() {
    let down = TimeDelta::seconds(30);
    let stage = Stage::new(40, Pace::Brisk);
    let dashboard = stage.dashboard();
    stage.pass(TimeDelta::seconds(15));
    let begun = stage.elapsed();
    stage.centre.fault(Target::Convoso, Fault::Status { code: 503, retry_after: None });
    stage.pass(begun + down);
    stage.centre.fault(Target::Convoso, Fault::None);
    // It may be asked again only after a while.
    dashboard.wait_until("a live dialer", |screen| screen.contents().contains("dialer live"));
    let ended = stage.elapsed();
    stage.pass(ended + LAG + TimeDelta::seconds(10));
    let report = stage.report(Some(stage.centre.truth().at - LAG));
    drop(dashboard);
    let silence = (ended - begun).num_milliseconds() + 5_000;
    let (mut gaps, mut invented) = (0, Vec::new());
    for (person, truth) in stage.truth(report.until) {
        let kpi = &report.agents[&person];
        let unknown = ms(kpi, "unknown");
        if known_by(&truth) == "convoso" {
            assert!(unknown <= silence, "{person}: {unknown} ms unknown of {silence}");
            gaps += i64::from(unknown >= 5_000 && truth.really.changes > 0);
        } else if truth.convoso.is_none() {
            assert!(unknown <= tolerance(&truth), "{person} is known elsewhere: {kpi}");
        }
        for activity in &ACTIVITIES[..8] {
            let told = ms(kpi, activity);
            // CxEngage has no words for a ringing and a wrap-up, and says that they are ready.
            let words: &[&str] = match *activity {
                "available" if truth.cxengage.is_some() => &["available", "ringing", "wrap_up"],
                _ => &[activity],
            };
            let so: i64 = words.iter().map(|word| truly(&truth, word)).sum();
            if told > so + tolerance(&truth) {
                let systems = known_by(&truth);
                invented.push(format!("{person} ({systems}): {told} ms {activity} of {so}"));
            }
        }
    }
    nothing(&invented);
    assert!(gaps >= 3, "only {gaps} people changed while nobody looked");
}

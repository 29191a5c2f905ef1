//! With one, two, three or four of the five systems down, denied or talking nonsense: the sick one is
//! named with its cause, and the others are as they always are.

use std::sync::Mutex;
use std::thread;

use chrono::{TimeDelta, Utc};
use floorwatch::simulator::{Fault, Options, PersonTruth, Target, Truth};
use serde_json::Value;

use super::centre::Centre;
use super::picture::{Picture, around, instant, presence};
use super::terminal::Terminal;

/// The systems, and the source or what is read beside one that each is.
const SYSTEMS: [(Target, &str, Option<&str>); 6] = [
    (Target::Convoso, "dialer", None),
    (Target::ConvosoHistory, "dialer", Some("agent-productivity")),
    (Target::CxEngage, "cx", None),
    (Target::SipIo, "sip", None),
    (Target::Wfm, "wfm", None),
    (Target::WfmAlerts, "wfm", Some("alerts")),
];

/// What goes wrong, and words of which one must be in the cause.
fn faults() -> [(Fault, &'static [&'static str]); 5] {
    let status = |code| Fault::Status { code, retry_after: None };
    [
        (status(503), &["503"]),
        (status(401), &["401", "session expired", "credentials", "refuse", "key", "token"]),
        (Fault::Html, &["HTML", "session expired", "login"]),
        (Fault::Truncated, &["truncated"]),
        (Fault::Hang, &["answer", "in time", "no current reading"]),
    ]
}

/// Reads a centre of which `sick` are sick, and looks at all that is said.
fn with(sick: &[(Target, Fault, &[&str])]) {
    let centre = Centre::start(Options { agents: 40, ..Options::default() });
    for (target, fault, _) in sick {
        centre.fault(*target, fault.clone());
    }
    let picture = Picture::take(&centre);
    let context = format!("{sick:?}\n{}", picture.complaints);
    // The exit status goes by the sources themselves; what is read beside them is only named.
    let all_live = SYSTEMS.iter().all(|(_, name, _)| picture.source(name)["status"] == "live");
    assert_eq!(picture.status, Some(if all_live { 0 } else { 3 }), "{context}");
    for (target, name, side) in SYSTEMS {
        let source = picture.source(name);
        let of = |target| sick.iter().find(|(sick, ..)| *sick == target);
        let main =
            SYSTEMS.iter().find(|(_, main, side)| *main == name && side.is_none()).unwrap().0;
        let (line, fault) = match side {
            // A source that is denied may not be asked for anything beside it either.
            Some(_) if of(main).is_some() => continue,
            Some(kind) => {
                let sides = source["sides"].as_array().unwrap();
                (sides.iter().find(|side| side["kind"] == kind).unwrap(), of(target))
            }
            None => (source, of(target)),
        };
        let Some((_, fault, causes)) = fault else {
            let waits = line["status"] == "waiting" && line["error"].is_null();
            let denied_with_it = side.is_none()
                && line["status"] == "denied"
                && sick.iter().any(|(t, ..)| {
                    SYSTEMS
                        .iter()
                        .any(|(of, main, side)| of == t && *main == name && side.is_some())
                });
            assert!(
                line["status"] == "live" || side.is_some() && waits || denied_with_it,
                "{line:#} {context}"
            );
            continue;
        };
        assert_ne!(line["status"], "live", "{line:#} {context}");
        let why = line["error"].as_str().unwrap_or_default();
        let hangs = *fault == Fault::Hang && line["error"].is_null();
        assert!(hangs || causes.iter().any(|cause| why.contains(cause)), "{why}: {context}");
        assert!(picture.complaints.contains(&format!("`{name}`")), "{context}");
    }
    let mains = |name: &str| {
        sick.iter().any(|(t, ..)| SYSTEMS.iter().any(|(of, n, _)| of == t && *n == name))
    };
    let right = the_others_are_right(&centre, &picture, &mains);
    let well = ["dialer", "cx"].iter().filter(|name| !mains(name)).count();
    assert!(right >= 8 * well, "only {right} were compared: {context}");
}

/// How many presences of the sources that are not `sick` are right; fails where one is not.
fn the_others_are_right(centre: &Centre, picture: &Picture, sick: &impl Fn(&str) -> bool) -> usize {
    let mut right = 0;
    for person in &centre.truth().people {
        let agent = picture.agents()[person.person.as_str()];
        for name in ["dialer", "cx"].into_iter().filter(|name| !sick(name)) {
            let Some(said) = presence(agent, name) else { continue };
            let mishap = person.mishap.as_deref().is_some_and(|mishap| mishap.starts_with("cx_"));
            if name == "cx" && mishap {
                continue;
            }
            let then = around(&centre.running, instant(&said["as_of"]));
            let so =
                then.iter().any(|then| is_right(name, said, then.person(&person.person).unwrap()));
            assert!(so, "{said:#} {person:#?}");
            right += 1;
        }
    }
    right
}

fn is_right(source: &str, said: &Value, person: &PersonTruth) -> bool {
    let activity = match (source, &person.convoso, &person.cxengage) {
        ("dialer", Some(seat), _) if !seat.logged_in => "offline",
        ("dialer", Some(_), _) => &person.activity,
        (_, _, Some(seat)) => &seat.activity,
        _ => return false,
    };
    said["activity"] == activity
}

/// Runs all of `cases`, so many at once as the machine can: one that is out of breath does not answer in
/// time, and a source that is well would be sick too.
fn all(cases: &[Vec<(Target, Fault, &'static [&'static str])>]) {
    let at_once = 3 * thread::available_parallelism().unwrap().get();
    let left = Mutex::new(cases.iter());
    let next = || left.lock().unwrap().next();
    let wrong: usize = thread::scope(|scope| {
        let worker = || {
            let failed = |case| thread::scope(|own| own.spawn(|| with(case)).join().is_err());
            std::iter::from_fn(next).filter(|case| failed(case)).count()
        };
        let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(wrong, 0, "of {} cases", cases.len());
}

#[test]
fn any_one_that_is_sick_is_named_and_disturbs_no_other() {
    let one = |system: (Target, &str, Option<&str>)| {
        faults().map(|(fault, causes)| vec![(system.0, fault, causes)])
    };
    all(&SYSTEMS.into_iter().flat_map(one).collect::<Vec<_>>());
}

#[test]
fn any_two_three_or_four_that_are_sick_are_named_and_the_rest_is_right() {
    use Target::{Convoso, ConvosoHistory, CxEngage, SipIo, Wfm, WfmAlerts};
    let sets: [&[Target]; 12] = [
        &[Convoso, CxEngage],
        &[Convoso, SipIo],
        &[CxEngage, Wfm],
        &[SipIo, WfmAlerts],
        &[ConvosoHistory, Wfm],
        &[CxEngage, SipIo],
        &[Convoso, CxEngage, SipIo],
        &[CxEngage, SipIo, Wfm],
        &[Convoso, ConvosoHistory, WfmAlerts],
        &[ConvosoHistory, SipIo, Wfm, WfmAlerts],
        &[Convoso, CxEngage, SipIo, Wfm],
        &[ConvosoHistory, CxEngage, SipIo, Wfm],
    ];
    let case = |(at, targets): (usize, &&[Target])| {
        let each = targets.iter().enumerate().map(|(place, target)| {
            let (fault, causes) = faults()[(at + place) % 5].clone();
            (*target, fault, causes)
        });
        each.collect()
    };
    all(&sets.iter().enumerate().map(case).collect::<Vec<_>>());
}

#[test]
fn without_the_log_nothing_is_told_of_before_the_first_reading_but_what_that_says() {
    let centre = Centre::start(Options { agents: 40, ..Options::default() });
    centre.fault(Target::ConvosoHistory, Fault::Forbidden);
    let picture = Picture::take(&centre);
    assert_eq!(picture.status, Some(0), "{}", picture.complaints);
    let then = centre.running.truth_at(picture.started);
    let mut compared = 0;
    for person in then.people.iter().filter(|person| person.convoso.is_some()) {
        let agent = picture.agents()[person.person.as_str()];
        let Some(said) = presence(agent, "dialer") else { continue };
        let first = &said["timeline"][0];
        assert!(person.since - instant(&first["since"]) <= TimeDelta::seconds(2), "{said:#}");
        let why = said["reason"].as_str().unwrap_or("unspecified");
        assert_eq!(why, "unspecified", "nobody said why: {said:#}");
        compared += 1;
    }
    assert!(compared > 15, "only {compared} pasts were compared");
}

fn shows(terminal: &Terminal, texts: &[&str]) -> String {
    terminal.wait_until(&format!("{texts:?}"), |screen| {
        let content = screen.contents();
        texts.iter().all(|text| content.contains(text))
    })
}

#[test]
fn the_screen_names_each_that_falls_sick_with_cause_and_time_and_lets_it_recover() {
    let centre = Centre::start(Options { agents: 15, ..Options::default() });
    // Without the log beside the monitor, which would go on telling what is done.
    let alone = "poll = \"3s\"\nhistory_poll = \"off\"";
    centre.edit_config(|text| {
        text.replace("poll = \"15s\"", "poll = \"5s\"").replace("poll = \"3s\"", alone)
    });
    let mut terminal = Terminal::sized(&centre, &[], 160, 40);
    let live = ["dialer live", "cx live", "wfm live", "sip live"];
    shows(&terminal, &live);
    let began = Utc::now();
    let status = Fault::Status { code: 503, retry_after: None };
    for target in [Target::Convoso, Target::CxEngage, Target::SipIo, Target::Wfm] {
        centre.fault(target, status.clone());
    }
    let named = [
        "dialer STALE NO DATA SINCE",
        "cx STALE NO DATA SINCE",
        "wfm STALE NO DATA SINCE",
        "sip STALE NO DATA SINCE",
    ];
    let screen = shows(&terminal, &named);
    assert_eq!(screen.matches(": HTTP 503").count(), 4, "{screen}");
    assert!(Utc::now() - began < TimeDelta::minutes(2), "it was named at last");
    // Nothing is counted on: what is shown of anybody stays as it is.
    let row = |screen: &str| {
        let name = &centre.truth().people[0].name;
        let line = screen.lines().find(|line| line.contains(name.as_str()))?;
        Some(line.split(name.as_str()).next()?.to_owned())
    };
    let requests = |truth: &Truth| truth.requests.get(&Target::Convoso).copied().unwrap_or(0);
    let (before, asked) = (row(&screen), requests(&centre.truth()));
    let later = terminal.wait_until("another attempt", |_| requests(&centre.truth()) >= asked + 2);
    assert_eq!(row(&later), before, "a timer goes on");
    centre.running.faults().clear();
    terminal.keys("R");
    shows(&terminal, &live);
}

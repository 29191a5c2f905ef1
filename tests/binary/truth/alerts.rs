//! The program's own alerts held against the truth: none is born of a fault, and those that were true
//! before it and are true after it are the same ones, with what has been done to them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OpenFlags};

use super::chronicle::{Person, Standing};
use super::flags::clock;
use super::frame::Frame;
use super::judge::{Judge, Wrong};
use super::run::{GRACE, POLL};

/// How far a beginning that a dialer tells, or another system, may be off.
const NEAR: TimeDelta = TimeDelta::seconds(5);
const FAR: TimeDelta = TimeDelta::seconds(45);

/// How one of the program's own alerts stood from an instant on.
#[derive(Debug)]
struct Stood {
    at: DateTime<Utc>,
    status: String,
    person: String,
    created_at: DateTime<Utc>,
    line: String,
}

pub fn judge(judge: &mut Judge<'_>) {
    let own = own_alerts(judge);
    let mut wrong = Vec::new();
    for stood in own.values() {
        let name = &stood[0].person;
        let Some(person) = judge.chronicle.people.iter().find(|p| p.id == *name) else { continue };
        let is_new = stood[0].at > judge.run.sick;
        let said = if is_new { born(judge, person, stood) } else { kept(judge, person, stood) };
        let lines: Vec<_> = stood.iter().map(|stood| stood.line.as_str()).collect();
        wrong.extend(said.map(|(what, so)| (what, lines.join("\n"), so)));
    }
    let screen = judge.run.frames.last().map(|frame| frame.text.clone()).unwrap_or_default();
    let at = judge.run.cured;
    let wrong = wrong.into_iter();
    let own_wrong =
        wrong.map(|(what, said, so)| Wrong { what, at, said, so, screen: screen.clone() });
    judge.wrong.extend(own_wrong);
    let run = judge.run;
    for frame in &run.frames {
        count(judge, &own, frame);
    }
}

/// One that was raised since the fault began must tell of what began then, and lasted.
fn born(judge: &Judge<'_>, person: &Person, stood: &[Stood]) -> Option<(&'static str, String)> {
    let created = stood[0].created_at;
    let by_dialer = is_by_dialer(judge, person);
    let slack = if by_dialer { NEAR } else { FAR };
    let onset = created - GRACE;
    let out = |then: &Standing| !then.adherent;
    let is_so = if by_dialer {
        let mut then = judge.chronicle.of_person(person, onset + NEAR, created - NEAR);
        then.all(|(_, then)| out(then))
    } else {
        let mut then = judge.chronicle.of_person(person, onset - FAR, created + NEAR);
        then.any(|(_, then)| out(then))
    };
    if !is_so {
        return Some(("an alert of what was not so", story(judge, person, onset - FAR)));
    }
    let is_old = onset < judge.run.sick - GRACE - slack;
    is_old.then(|| ("an alert born of the fault", story(judge, person, onset - FAR)))
}

/// One that stood when the fault began stands as it did for as long as what it tells of goes on.
fn kept(judge: &Judge<'_>, person: &Person, stood: &[Stood]) -> Option<(&'static str, String)> {
    let (sick, end) = (judge.run.sick, judge.run.frames.last()?.at);
    let before = stood.iter().rfind(|stood| stood.at <= sick)?;
    let mut then = judge.chronicle.of_person(person, before.at - NEAR, end).map(|(_, then)| then);
    let first = then.next()?;
    let goes_on = before.status != "resolved"
        && !first.adherent
        && then.all(|then| {
            let same = |of: &Standing| (of.scheduled.clone(), of.adherent, of.reason.clone());
            let does = |of: &Standing| of.dialer.as_ref().or(of.cx.as_ref()).cloned();
            same(then) == same(first) && does(then) == does(first)
        });
    let changed = stood.iter().find(|stood| stood.at > sick && stood.status != before.status);
    (goes_on && changed.is_some())
        .then(|| ("an alert of what goes on has changed", story(judge, person, sick)))
}

/// The count that stands beside the page's name is the WFM's and the program's own together.
fn count(judge: &mut Judge<'_>, own: &BTreeMap<String, Vec<Stood>>, frame: &Frame) {
    let Some(count) = frame.alerts.filter(|count| !count.is_marked) else { return };
    let back = frame.at - POLL - NEAR;
    // Between two looks one may end and another begin: each is counted for itself.
    let then = judge.chronicle.within(back, frame.at);
    let all: BTreeSet<_> = then.iter().flat_map(|moment| &moment.active_alerts).collect();
    let most = all.len();
    let least = all.iter().filter(|id| then.iter().all(|m| m.active_alerts.contains(**id))).count();
    // The journal is written a moment later than the screen.
    let is_active = |stood: &[Stood], at: DateTime<Utc>| {
        stood.iter().rfind(|stood| stood.at <= at).is_some_and(|stood| stood.status == "active")
    };
    let instants = [frame.at - NEAR, frame.at, frame.at + TimeDelta::seconds(2)];
    let surely = own.values().filter(|stood| instants.iter().all(|at| is_active(stood, *at)));
    let maybe = own.values().filter(|stood| {
        let changed = |stood: &Stood| instants[0] <= stood.at && stood.at <= instants[2];
        instants.iter().any(|at| is_active(stood, *at)) || stood.iter().any(changed)
    });
    let right = least + surely.count()..=most + maybe.count();
    if !right.contains(&count.sure) {
        let lately = own.values().flatten().filter(|stood| (stood.at - frame.at).abs() <= POLL * 3);
        let lately: Vec<_> = lately.map(|stood| stood.line.as_str()).collect();
        let ours = lately.join("\n");
        let so = format!("{right:?} are so, of which {least} to {most} the WFM's; ours:\n{ours}");
        judge.add("a count of alerts", frame, count.sure.to_string(), so);
    }
}

fn is_by_dialer(judge: &Judge<'_>, person: &Person) -> bool {
    let (from, until) = (judge.run.begin, judge.run.cured);
    let mut then = judge.chronicle.of_person(person, from, until);
    let well = judge.case.kind(floorwatch::simulator::Target::Convoso).is_none();
    well && then.all(|(_, then)| then.dialer.is_some())
}

fn story(judge: &Judge<'_>, person: &Person, from: DateTime<Utc>) -> String {
    let mut lines = vec![format!(
        "{} ({}), sick from {} until {}:",
        person.name,
        person.id,
        clock(judge.run.sick),
        clock(judge.run.cured)
    )];
    let mut last = None;
    let end = judge.run.frames.last().map_or(judge.run.cured, |frame| frame.at);
    for (at, then) in judge.chronicle.of_person(person, from, end) {
        if last != Some(then) {
            lines.push(format!("  {}: {then:?}", clock(at)));
            last = Some(then);
        }
    }
    lines.join("\n")
}

/// Each of the program's own alerts by its id, as it has stood, oldest first.
fn own_alerts(judge: &Judge<'_>) -> BTreeMap<String, Vec<Stood>> {
    let file = judge.run.journal();
    let journal = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let query = "select id, at, json from alerts where source = 'floorwatch' order by at";
    let mut statement = journal.prepare(query).unwrap();
    let row = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    };
    let mut own: BTreeMap<String, Vec<Stood>> = BTreeMap::new();
    for (id, at, json) in statement.query_map([], row).unwrap().map(Result::unwrap) {
        let alert: serde_json::Value = serde_json::from_str(&json).unwrap();
        let text = |field: &str| alert[field].as_str().unwrap().to_owned();
        let at = DateTime::from_timestamp_millis(at).unwrap();
        let line = format!("{} {id} {} {}", clock(at), text("status"), alert["notes"]);
        let (status, person) = (text("status"), text("agent"));
        let created_at = text("created_at").parse().unwrap();
        own.entry(id).or_default().push(Stood { at, status, person, created_at, line });
    }
    own
}

//! The figures that the sources keep themselves, and why they are not ours.

use chrono::{DateTime, TimeDelta, Utc};

use super::wording::{clock, hours, quotient};
use super::{Explanation, Input};
use crate::model::{AdherencePct, Bucket, Floor, Person, SourceName, VendorKpi};
use crate::rules::kpi::{LOGGED_IN, OCCUPANCY, UTILIZATION, compare, compare_logged_in, plain};
use crate::rules::worktime::{BREAK_TIME, LOGIN_HOURS, READY_PCT, READY_TIME, Worktime};
use crate::rules::{DayAdherence, Figures, Kpi, Share, Times, day_worktime};

/// The figures of every source that keeps some of `person`'s day, each beside ours.
pub(super) fn figures(
    floor: &Floor,
    person: &Person,
    ours: Option<&Figures>,
    now: DateTime<Utc>,
) -> Vec<Explanation> {
    let keeping = person.presences.iter().filter_map(|p| Some((&p.source, p.kpi.as_deref()?)));
    let sums = keeping.flat_map(|(source, vendor)| of_sums(floor, source, vendor, ours, now));
    let logs = person.keys().into_iter().filter_map(|key| {
        let times = day_worktime(floor, &key, now)?;
        Some(of_log(floor, &key.source, &times, now))
    });
    sums.chain(logs).collect()
}

/// What a telephony system's sums make, and what it prints itself.
fn of_sums(
    floor: &Floor,
    source: &SourceName,
    vendor: &VendorKpi,
    fused: Option<&Figures>,
    now: DateTime<Utc>,
) -> Vec<Explanation> {
    let spent = |bucket: &Bucket| vendor.spent.get(bucket).copied().unwrap_or_default();
    let (contact, wrap) = (spent(&Bucket::OnContact), spent(&Bucket::WrapUp));
    let available = spent(&Bucket::Available);
    let ours = Kpi::of(&Times::of_vendor(vendor));
    let age = now - vendor.as_of;
    let input = |name: &str, time| Input::said(name, hours(time), source, age);
    let window = Input::said(
        "its window",
        format!("{} to {}", clock(floor, vendor.since, now), clock(floor, vendor.as_of, now)),
        source,
        age,
    );
    let worked = || vec![window.clone(), input("on contact", contact), input("wrap-up", wrap)];
    let prints = |figure: &str, theirs: Option<f64>, by_formula: Option<f64>| {
        let mut lines = Vec::new();
        match theirs {
            Some(pct) => lines.push(format!("{source} prints {} %", plain(pct))),
            None => lines.push(format!("{source} prints no {figure}")),
        }
        lines.extend(compare(by_formula, theirs).and_then(|with| with.why));
        lines
    };
    let all_systems = |word: &str, share: Option<Share>| {
        let share = share?;
        let pct = plain(share.pct());
        Some(format!(
            "{}{pct} % {word} for the day of all systems: {source} sums up what it sees by itself, \
             in its own window",
            share.mark()
        ))
    };
    let mut occupancy = Explanation::of(format!("Occupancy by {source}"), OCCUPANCY);
    occupancy.inputs = worked();
    occupancy.inputs.push(input("available", available));
    let parts = [contact, wrap];
    let line = quotient(&parts, &[contact, wrap, available], ours.occupancy_pct);
    occupancy.arithmetic.push(line);
    occupancy.arithmetic.extend(prints("occupancy", vendor.occupancy_pct, ours.occupancy_pct));
    let by_all = fused.and_then(|fused| fused.occupancy);
    occupancy.arithmetic.extend(all_systems("occupancy", by_all));
    let mut utilization = Explanation::of(format!("Utilization by {source}"), UTILIZATION);
    utilization.inputs = worked();
    utilization.inputs.push(input("logged in", ours.logged_in));
    utilization.arithmetic.push(quotient(&parts, &[ours.logged_in], ours.utilization_pct));
    utilization.arithmetic.extend(prints(
        "utilization",
        vendor.utilization_pct,
        ours.utilization_pct,
    ));
    let by_all = fused.and_then(|fused| fused.utilization);
    utilization.arithmetic.extend(all_systems("utilization", by_all));
    let mut logged_in = Explanation::of(format!("Logged in by {source}"), LOGGED_IN);
    logged_in.inputs.push(window.clone());
    let theirs = vendor.logged_in.map(hours);
    logged_in.inputs.push(Input::said("its own count", theirs, source, age));
    logged_in.arithmetic.push(format!("its states but offline: {}", hours(ours.logged_in)));
    let with = compare_logged_in(ours.logged_in, vendor.logged_in);
    logged_in.arithmetic.extend(with.and_then(|with| with.why));
    logged_in.arithmetic.extend(coverage(vendor));
    let mut all = vec![occupancy, utilization, logged_in];
    all.extend(adherence(source, vendor, fused, age));
    all
}

/// A telephony system's own adherence; nothing where it has no schedule.
fn adherence(
    source: &SourceName,
    vendor: &VendorKpi,
    fused: Option<&Figures>,
    age: TimeDelta,
) -> Option<Explanation> {
    let value = match &vendor.adherence {
        AdherencePct::Percent(pct) => format!("{} %", plain(*pct)),
        AdherencePct::Bypass => "bypass".to_owned(),
        AdherencePct::Unreadable(word) => format!("\"{word}\""),
        AdherencePct::NoSchedule => return None,
    };
    let rule = "The system reckons it from a schedule of its own and does not say how; a \"bypass\" is no \
        percentage and enters no average.";
    let mut found = Explanation::of(format!("Adherence by {source}"), rule);
    found.inputs.push(Input::said("it prints", value, source, age));
    found.arithmetic.push(match fused.map(|fused| &fused.adherence) {
        Some(DayAdherence::Share(ours)) => format!(
            "{}{} % for the day of all systems: our schedule, and every system's word of what was done",
            ours.mark(),
            plain(ours.pct())
        ),
        _ => "there is none of ours beside it".to_owned(),
    });
    Some(found)
}

/// How much of its window its sums account for.
fn coverage(vendor: &VendorKpi) -> Option<String> {
    let known = vendor.spent.values().fold(TimeDelta::zero(), |sum, time| {
        sum.checked_add(&(*time).max(TimeDelta::zero())).unwrap_or(sum)
    });
    let missing = (vendor.as_of - vendor.since).checked_sub(&known)?;
    (missing >= TimeDelta::seconds(1))
        .then(|| format!("{} of its window is before its log begins: nobody knows", hours(missing)))
}

/// The work metrics of a dialer's log.
fn of_log(floor: &Floor, source: &SourceName, times: &Worktime, now: DateTime<Utc>) -> Explanation {
    let since = clock(floor, floor.day_start(now), now);
    let rule = format!("{LOGIN_HOURS}; {READY_TIME}; {BREAK_TIME}; {READY_PCT}.");
    let mut found =
        Explanation::of(format!("Work times by the log of {source}, since {since}"), rule);
    let log = floor.feed(source).and_then(|feed| feed.side(crate::model::Side::History));
    let age = log.and_then(|log| log.as_of).map(|as_of| (now - as_of).max(TimeDelta::zero()));
    for (name, time) in [
        ("login hours", times.logged_in),
        ("ready time", times.ready),
        ("break time", times.on_break),
        ("lunch", times.at_lunch),
    ] {
        let input = Input::own(name, hours(time));
        found.inputs.push(Input { source: Some(source.clone()), age, ..input });
    }
    let ready = quotient(&[times.ready], &[times.logged_in], times.ready_pct);
    found.arithmetic.push(format!("ready %: {ready}"));
    found
}

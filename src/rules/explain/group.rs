//! What the figures of the floor, or of one team, are made of.

use chrono::{DateTime, Utc};

use super::figure::{of_schedule, of_work, times};
use super::wording::{adherence_keys, clock, every_threshold_key, hours, shown, total};
use super::{Explanation, Input, origin};
use crate::model::{ActivityKind, Feed, FeedStatus, Floor, SourceKind, Tally, Totals};
use crate::rules::kpi::rounded;
use crate::rules::{
    Figures, FlagKind, HeadCount, Limits, Muster, Severity, silent_wfm, wfms_count, words,
};

/// Several people whose figures are shown together.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// The team, by its name; none where it is the whole floor.
    pub team: Option<&'a str>,
    /// How they stand now.
    pub muster: &'a Muster,
    /// Their figures of the day; none where nothing is known of it.
    pub figures: Option<&'a Figures>,
}

/// What the figures of `group` are made of: who counts and what they do, how many do what is scheduled,
/// how many want attention, every figure of the day, and how each source is doing.
#[must_use]
pub fn group(
    floor: &Floor,
    group: &Group<'_>,
    limits: &Limits,
    now: DateTime<Utc>,
) -> Vec<Explanation> {
    let has_spoken = floor.feeds().iter().any(|feed| feed.read_at.is_some());
    let mut all = vec![who(group, has_spoken), head_count(floor, group, has_spoken, now)];
    let mut attention = attention(group.muster, has_spoken, limits);
    if has_spoken {
        let silent = silences(floor, now, |_| true);
        let why = "flags go by what was last known from there";
        attention.arithmetic.extend(silent.map(|silent| format!("{silent}: {why}")));
    }
    all.push(attention);
    all.extend(day(floor, group, now));
    all.push(origin::sources(floor, now));
    all
}

/// Who counts, and what they do.
fn who(group: &Group<'_>, has_spoken: bool) -> Explanation {
    let Muster { totals, lost, .. } = group.muster;
    let of = |kind| totals.people.of(kind);
    let (all, offline) = (totals.people.all(), of(ActivityKind::Offline));
    let unknown = of(ActivityKind::Unknown);
    let logged_in = totals.people.present().saturating_sub(unknown);
    let present =
        if has_spoken { format!("{logged_in} logged in") } else { "logged in unknown".to_owned() };
    let mut found = Explanation::of(format!("Who counts: {all}, {present}"), everybody(group.team));
    let kinds = ActivityKind::ALL.into_iter().filter(|kind| of(*kind) > 0);
    found.inputs = kinds.clone().map(|kind| doing(kind, totals)).collect();
    let counts: Vec<_> = kinds.map(|kind| u64::from(of(kind))).collect();
    found.arithmetic.push(format!("{} people", sum(&counts)));
    found.arithmetic.push(if has_spoken {
        format!("{all} - {offline} offline - {unknown} unknown = {logged_in} logged in")
    } else {
        "no source has answered yet: nobody's state is known".to_owned()
    });
    let stale = totals.stale.all();
    if stale > 0 {
        let why = "true once, and nothing current confirms what they do";
        found.arithmetic.push(format!("{stale} stale (~): {why}"));
    }
    let by_log = totals.by_log.all();
    if by_log > 0 {
        let why = "their monitor is silent, and the log beside it has no word for a call";
        found.arithmetic.push(format!("{by_log} by log (~): {why}"));
    }
    if *lost > 0 {
        let why = "vanished or forgotten, listed for the rest of the day, flagged or not";
        found.arithmetic.push(format!("{lost} lost: {why}"));
    }
    found
}

/// The rule by which people count.
fn everybody(team: Option<&str>) -> &'static str {
    match team {
        Some(_) => {
            "Everybody in the team counts once, in the state of their row, whatever else the list is \
             narrowed to."
        }
        None => {
            "Everybody in the roster, and whom a source lists beside it, counts once, in the state of \
             their row, whatever the list is narrowed to."
        }
    }
}

/// How many do `kind`, and of how many of them the system that knows best does not confirm it.
fn doing(kind: ActivityKind, totals: &Totals) -> Input {
    let of = |(tally, word): (Tally, &str)| {
        let count = tally.of(kind);
        (count > 0).then(|| format!(", {count} of them {word}"))
    };
    let doubts = [(totals.stale, "stale"), (totals.by_log, "by log")].into_iter().filter_map(of);
    let value = format!("{}{}", totals.people.of(kind), doubts.collect::<String>());
    Input::own(words::kind(kind), value)
}

/// How many do what is scheduled.
fn head_count(
    floor: &Floor,
    group: &Group<'_>,
    has_spoken: bool,
    now: DateTime<Utc>,
) -> Explanation {
    let count = group.muster.head_count;
    let (adherent, said) = (count.adherent, count.said());
    let silent = silent_wfm(floor, now);
    let by_file = silent.filter(|_| count.goes_by_file(floor));
    let silent = silent.filter(|_| by_file.is_none());
    let value = match count.pct().map(rounded) {
        _ if silent.is_some() => "cannot be said".to_owned(),
        Some(pct) => format!("{adherent} of {said} ({pct} %)"),
        None => "no value".to_owned(),
    };
    let rule = "How many do what is scheduled, of how many who are scheduled to work or to be away now \
        and of whom it can be said: heads at this instant, not the share of the day's scheduled time.";
    let mut found = Explanation::of(format!("Adherent now: {value}"), rule);
    found.inputs = schedules(floor, now);
    found.inputs.extend(heads(&count, has_spoken && silent.is_none(), has_spoken));
    found.arithmetic.extend(
        by_file.map(|feed| {
            format!("{}: the schedule file judges meanwhile", silence(floor, feed, now))
        }),
    );
    // A WFM counts everybody whom it knows: that compares with no team.
    if let Some((feed, theirs)) = wfms_count(floor, now).filter(|_| group.team.is_none()) {
        let value = format!("{} of {}", theirs.adherent, theirs.total);
        let counted = Input::own("its own count", value);
        found.inputs.push(Input { age: feed.age(now), source: Some(feed.name.clone()), ..counted });
        if (theirs.adherent, theirs.total) != (u64::from(adherent), u64::from(said)) {
            let line = format!("{} counts by its own rules whom this login may see", feed.name);
            found.arithmetic.push(line);
        }
    }
    match silent {
        Some(feed) => found.arithmetic.push(format!(
            "{}: whom a schedule file judges meanwhile are no share of all",
            silence(floor, feed, now)
        )),
        None => found.arithmetic.extend(share(&count)),
    }
    if has_spoken {
        found.arithmetic.push(format!(
            "not counted: {} scheduled off, {} exempt, {} without a schedule",
            count.off, count.exempt, count.unscheduled
        ));
    }
    found
}

/// The heads that go into it; whether they could be judged, and counted at all.
fn heads(count: &HeadCount, is_judged: bool, is_counted: bool) -> [Input; 3] {
    [
        ("adherent", count.adherent, is_judged),
        ("out", count.out, is_judged),
        ("cannot be said", count.unsaid, is_counted),
    ]
    .map(|(name, count, is_known)| Input::own(name, is_known.then(|| count.to_string())))
}

/// The heads by each other.
fn share(count: &HeadCount) -> Vec<String> {
    let HeadCount { adherent, out, unsaid, .. } = *count;
    let said = count.said();
    let mut lines =
        vec![format!("{adherent} adherent + {out} out = {said} of whom it can be said")];
    lines.push(match count.pct() {
        Some(pct) => format!("100 x {adherent} / {said} = {}", shown(pct)),
        None => "there is nothing to divide by, so there is no value".to_owned(),
    });
    if unsaid > 0 {
        let why = "nothing current says both what is scheduled and what is done";
        lines.push(format!("{unsaid} cannot be said: {why}"));
    }
    if out > 0 {
        lines.push("out counts from its first moment: a grace delays only the alarm".to_owned());
    }
    lines
}

/// By whom people have a schedule.
fn schedules(floor: &Floor, now: DateTime<Utc>) -> Vec<Input> {
    let wfms = floor.feeds().iter().filter(|feed| feed.kind == SourceKind::Wfm);
    let mut inputs: Vec<_> = wfms.map(|feed| origin::status("schedule", feed, now)).collect();
    if floor.timetable().is_some() {
        inputs
            .push(Input::own("schedule", "the schedule file, for whom no WFM has one".to_owned()));
    }
    if inputs.is_empty() {
        inputs.push(Input::own("schedule", None));
    }
    inputs
}

/// How many want attention.
fn attention(muster: &Muster, has_spoken: bool, limits: &Limits) -> Explanation {
    let counts = muster.attention();
    let (critical, warn) = (counts.critical.all, counts.warn.all);
    let rule = "Whoever has a flag counts once, by the most urgent one: !! wants somebody to act, ! wants \
        an eye on it.";
    let value = if has_spoken { format!("{critical} !!, {warn} !") } else { "unknown".to_owned() };
    let mut found = Explanation::of(format!("Attention: {value}"), rule);
    for (severity, mark) in [(Severity::Critical, "!!"), (Severity::Warn, "!")] {
        let flagged: Vec<_> = muster.flagged(severity).collect();
        let word = |kind: FlagKind| kind.word().replace('_', " ");
        let kinds: Vec<_> =
            flagged.iter().map(|(kind, count)| format!("{count} {}", word(*kind))).collect();
        let value = if kinds.is_empty() { "nobody".to_owned() } else { kinds.join(", ") };
        found.inputs.push(Input::own(severity.word(), has_spoken.then_some(value)));
        let counts: Vec<_> = flagged.iter().map(|(_, count)| *count as u64).collect();
        if counts.len() > 1 {
            found.arithmetic.push(format!("{} {mark}", sum(&counts)));
        }
    }
    let doubtful = counts.critical.doubtful + counts.warn.doubtful;
    if doubtful > 0 {
        let why = "by a state that nothing current confirms: as they were, and behind a ~";
        found.arithmetic.push(format!("{doubtful} of these {why}"));
    }
    if !has_spoken {
        found.arithmetic.push("no source has answered yet: nobody can say".to_owned());
    }
    found.config = every_threshold_key(&limits.thresholds);
    found.config.extend(adherence_keys(limits.adherence));
    found
}

/// Every figure of the day; that there is none is said too.
fn day(floor: &Floor, group: &Group<'_>, now: DateTime<Utc>) -> Vec<Explanation> {
    let rule = "Each one's times of the day, by what all systems together say was done; where nobody \
        knows it is unknown, and each one's times add up to the window.";
    // A figure that misses what goes on now must not look as if it did not.
    let why = "what nobody else tells of is unknown meanwhile, and in no figure (~)";
    let missing = silences(floor, now, |feed| feed.kind.is_telephony());
    let missing = missing.map(|silent| format!("{silent}: {why}"));
    let is_known =
        |figures: &&Figures| figures.times.of(ActivityKind::Unknown) < figures.times.all();
    let Some(figures) = group.figures.filter(is_known) else {
        let mut none = Explanation::of("Day, all systems: unknown", rule);
        none.arithmetic.push("nothing is known of anybody's day yet".to_owned());
        none.arithmetic.extend(missing);
        return vec![none];
    };
    let mut all = vec![spent(floor, group, figures, rule, now)];
    all.extend(of_work(figures));
    all.extend(of_schedule(figures).into_iter().map(|mut found| {
        let why =
            "who is exempt, and who has no schedule, is part of the times and of nothing here";
        found.arithmetic.push(why.to_owned());
        found
    }));
    all.iter_mut().for_each(|found| found.arithmetic.extend(missing.clone()));
    all
}

/// The times that the figures are made of.
fn spent(
    floor: &Floor,
    group: &Group<'_>,
    figures: &Figures,
    rule: &str,
    now: DateTime<Utc>,
) -> Explanation {
    let (all, unknown) = (figures.times.all(), figures.times.of(ActivityKind::Unknown));
    let (since, until) = (clock(floor, figures.since, now), clock(floor, figures.until, now));
    let known = hours(all - unknown);
    let what = format!("Day, all systems: {since} to {until}, {known} of it known");
    let mut found = Explanation { inputs: times(figures, now), ..Explanation::of(what, rule) };
    let parts: Vec<_> = ActivityKind::ALL.iter().map(|kind| figures.times.of(*kind)).collect();
    let parts: Vec<_> = parts.into_iter().filter(|time| !time.is_zero()).collect();
    let sum = if parts.len() > 1 { total(&parts) } else { hours(all) };
    let (people, window) = (group.muster.totals.people.all(), figures.until - figures.since);
    found.arithmetic.push(format!("{sum}: {people} people, {} each", hours(window)));
    let telephony = floor.feeds().iter().filter(|feed| feed.kind.is_telephony());
    found.inputs.extend(telephony.map(|feed| origin::status("told by", feed, now)));
    found
}

/// Which of the sources that `matter` give no data now, and since when; none where all do.
fn silences(floor: &Floor, now: DateTime<Utc>, matter: impl Fn(&Feed) -> bool) -> Option<String> {
    let silent = floor.feeds().iter().filter(|feed| matter(feed));
    let silent = silent.filter(|feed| feed.status(now) != FeedStatus::Live);
    let silent: Vec<_> = silent.map(|feed| silence(floor, feed, now)).collect();
    (!silent.is_empty()).then(|| silent.join("; "))
}

fn silence(floor: &Floor, feed: &Feed, now: DateTime<Utc>) -> String {
    match feed.as_of {
        Some(as_of) => {
            format!("{} gives no data since {}", feed.name, clock(floor, as_of, now))
        }
        None => format!("{} has given no data yet", feed.name),
    }
}

/// `a + b = c`; of one number itself.
fn sum(counts: &[u64]) -> String {
    let all = counts.iter().fold(0, |all: u64, count| all.saturating_add(*count));
    let parts: Vec<_> = counts.iter().map(u64::to_string).collect();
    if parts.len() > 1 { format!("{} = {all}", parts.join(" + ")) } else { all.to_string() }
}

//! Whether a person does what the schedule wants; where not, what it is, since when, and whether it
//! is to alarm.
//!
//! The WFM knows the schedule and its own grace, so its word decides who is out while it is fresh.
//! When it is not, and of whom no WFM has a schedule, the schedule file decides. Where that has nothing
//! of the person either, a silent WFM's schedule still stands but nothing can be said of adherence. What
//! kind of deviation it is, and since when, is found in what was scheduled and what was done
//! ([`fn@deviation`]).

mod course;
mod deviation;
mod plan;
mod sentence;

use chrono::{DateTime, TimeDelta, Utc};

use self::course::Doing;
use self::plan::Plan;
use crate::model::{
    AdherencePct, Evidence, Feed, Floor, Fused, Headline, Person, ScheduleState, Scheduled, Shift,
    SourceName,
};

pub use course::Delay;
pub use deviation::{Deviation, DeviationKind, deviation, overrun};
pub(super) use sentence::finding;

/// When being out of adherence becomes a finding, and when a severe one; reached *at* the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdherenceLimits {
    /// A deviation that corrects itself within this time never alarms.
    pub grace: TimeDelta,
    /// A deviation of this length is severe.
    pub severe: TimeDelta,
}

impl Default for AdherenceLimits {
    fn default() -> Self {
        Self { grace: TimeDelta::minutes(2), severe: TimeDelta::minutes(15) }
    }
}

/// What the schedule wants of a person, and whether they do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adherence {
    /// What is scheduled now.
    pub scheduled: Scheduled,
    /// The WFM whose word decides; none where the schedule file's does.
    pub source: Option<SourceName>,
    /// Whether the person does it; none while that cannot be said, and for who is exempt.
    pub adherent: Option<bool>,
    /// Whether the person is exempt from adherence ("bypass"): a system says that it is not measured.
    pub exempt: bool,
    /// Today's shift, in the WFM's wall time.
    pub shift: Option<Shift>,
    /// Since when the person is out of adherence.
    pub out_since: Option<DateTime<Utc>>,
    /// A contact or its wrap-up goes on that delays a scheduled absence or the end of the shift:
    /// nobody's fault. Where it began too late to be the reason, there is a finding all the same.
    pub held_by_call: bool,
    /// What the person does otherwise than scheduled; where the system that knows best is silent, what
    /// they did otherwise when it last spoke.
    pub deviation: Option<Deviation>,
}

/// The adherence of `person`, whose headline is `headline`; none without a schedule.
#[must_use]
pub fn adherence(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<Adherence> {
    let by_wfm = || by_wfm(floor, person, headline, now);
    let by_file = || {
        by_file(floor, person, headline, now)
            .map(|judged| Adherence { shift: todays_shift(floor, person, now), ..judged })
    };
    let judged = if wfm_decides(floor, person, headline, now) {
        by_wfm().or_else(by_file)
    } else {
        by_file().or_else(by_wfm)
    }?;
    let judged = if headline.is_current() {
        judged
    } else {
        as_last_known(floor, person, headline, judged, now)
    };
    if !is_exempt(person) {
        return Some(judged);
    }
    let (adherent, out_since, deviation, held_by_call) = (None, None, None, false);
    Some(Adherence { exempt: true, adherent, out_since, deviation, held_by_call, ..judged })
}

/// What the WFM says of `person`'s schedule, while its word is fresh.
pub(in crate::rules) fn fresh_schedule<'a>(
    floor: &Floor,
    person: &'a Person,
    now: DateTime<Utc>,
) -> Option<&'a ScheduleState> {
    let (schedule, presence) = person.schedule()?;
    (floor.evidence(presence, now) != Evidence::Stale).then_some(schedule)
}

/// Whether the WFM's word goes before the schedule file's: while it is fresh; where the system that knows
/// best has fallen silent, as long as it was when that was last heard of.
fn wfm_decides(floor: &Floor, person: &Person, headline: &Headline, now: DateTime<Utc>) -> bool {
    match known_until(person, headline, now).filter(|_| !headline.is_current()) {
        // Of whom the one that knows best has said nothing yet the WFM may know all the same.
        None => fresh_schedule(floor, person, now).is_some(),
        Some(at) => person.schedule().is_some_and(|(_, presence)| {
            let patience = floor.feed(&presence.source).map(Feed::patience).unwrap_or_default();
            presence.as_of + patience >= at
        }),
    }
}

/// The shift that the WFM has named today, also where it has fallen silent since; else the file's.
fn todays_shift(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Option<Shift> {
    let said = person.schedule().and_then(|(schedule, presence)| {
        schedule.shift.filter(|_| presence.as_of >= floor.day_start(now))
    });
    said.or_else(|| floor.timetable()?.shift(&person.id, now))
}

fn is_exempt(person: &Person) -> bool {
    let figures = person.presences.iter().filter_map(|presence| presence.kpi.as_deref());
    figures.into_iter().any(|kpi| kpi.adherence == AdherencePct::Bypass)
}

fn by_wfm(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<Adherence> {
    let (schedule, presence) = person.schedule()?;
    let scheduled = schedule.scheduled.clone()?;
    let word = fresh_schedule(floor, person, now).and_then(|schedule| schedule.adherent);
    // A word cannot be about what began after it. That somebody is out it says of what they did before,
    // and what they do now may be just what it wanted.
    let is_late = headline.since.is_some_and(|since| presence.as_of < since);
    let deviation = (word == Some(false) && headline.is_current()).then(|| {
        let plan = Plan::of_wfm(floor, person, &scheduled, now);
        let past = past(floor, person, headline, plan.past_from(now), now);
        deviation(&plan.entries, &past, now).or_else(|| {
            // What the schedule does not explain is the WFM's own word.
            (!is_late).then(|| Deviation {
                delays: overrun(&plan.entries, &past, now),
                // Nobody can have been out of it before it was wanted.
                ..Deviation::unexplained(presence.since.max(plan.changed_at))
            })
        })
    });
    let deviation = deviation.flatten();
    let adherent = word.filter(|adherent| *adherent || !is_late || deviation.is_some());
    Some(Adherence {
        source: Some(presence.source.clone()),
        shift: schedule.shift,
        ..judged(scheduled, adherent, deviation)
    })
}

fn by_file(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<Adherence> {
    let scheduled = floor.timetable()?.scheduled(&person.id, now)?.scheduled;
    let doing = Doing::of(&headline.activity).filter(|_| headline.is_current());
    let Some(doing) = doing else { return Some(judged(scheduled, None, None)) };
    let past = |plan: &Plan| past(floor, person, headline, plan.past_from(now), now);
    let (adherent, found, held) = match (&scheduled, doing) {
        // Most people most of the time: what was before does not matter.
        (Scheduled::Available, Doing::Work | Doing::Contact)
        | (Scheduled::Away(_), Doing::Away | Doing::OwnCall)
        | (Scheduled::Off, Doing::Offline) => (Some(true), None, false),
        (Scheduled::Unknown(_), _) => (None, None, false),
        // Overtime is nobody's deviation.
        (Scheduled::Off, Doing::Contact) => {
            let plan = Plan::of_file(floor, person, now);
            let delays = overrun(&plan.entries, &past(&plan), now);
            (None, None, delays.last().is_some_and(|delay| delay.until.is_none()))
        }
        (Scheduled::Off, _) => (None, None, false),
        (Scheduled::Available | Scheduled::Away(_), _) => {
            let plan = Plan::of_file(floor, person, now);
            let found = deviation(&plan.entries, &past(&plan), now);
            (Some(found.is_none()), found, false)
        }
    };
    let judged = judged(scheduled, adherent, found);
    Some(Adherence { held_by_call: judged.held_by_call || held, ..judged })
}

/// The instant up to which the system that knows best told what the person does: nothing is judged from
/// what is only said since.
#[must_use]
pub fn known_until(
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if headline.is_current() {
        return Some(now);
    }
    let monitored = headline.source.as_ref().and_then(|source| person.presence(source));
    // What began in the second in which it was read may be said to have begun after that.
    let begun = headline.since.filter(|_| !headline.by_log);
    monitored.map(|presence| Some(presence.as_of).max(begun).unwrap_or(presence.as_of).min(now))
}

/// `judged` with the deviation that went on when the system that knows best was last heard of. Whether
/// it goes on nobody can say, so that it neither ends nor grows older, and no other one begins.
fn as_last_known(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    judged: Adherence,
    now: DateTime<Utc>,
) -> Adherence {
    let Some(at) = known_until(person, headline, now) else { return judged };
    // What the log says has begun since is nothing that was done otherwise before, and where the WFM's own
    // word is that all is as scheduled nothing else decides.
    if headline.by_log && headline.since > Some(at) || judged.adherent == Some(true) {
        return judged;
    }
    let plan = match judged.source {
        Some(_) => Plan::of_wfm_at(floor, person, at),
        None => Plan::of_file(floor, person, at),
    };
    let past = match headline.by_log {
        true => floor.fused(person, plan.past_from(at), at, at),
        false => past(floor, person, headline, plan.past_from(at), at),
    };
    let deviation = deviation(&plan.entries, &past, at);
    let out_since = deviation.as_ref().and_then(|deviation| deviation.since);
    let held_by_call = deviation.as_ref().is_some_and(Deviation::is_held);
    Adherence { deviation, out_since, held_by_call, ..judged }
}

fn judged(scheduled: Scheduled, adherent: Option<bool>, deviation: Option<Deviation>) -> Adherence {
    Adherence {
        scheduled,
        source: None,
        adherent,
        exempt: false,
        shift: None,
        out_since: deviation.as_ref().and_then(|deviation| deviation.since),
        held_by_call: deviation.as_ref().is_some_and(Deviation::is_held),
        deviation,
    }
}

/// What `person` did from `from` until `now`, an instant up to which it is known; at its end what the
/// headline says, which is what the screen shows of them.
fn past(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<Fused> {
    let mut past = floor.fused(person, from, now, now);
    let activity = headline.activity.clone();
    if past.last().is_some_and(|last| last.activity == activity && last.until >= now) {
        return past;
    }
    let told_until = past.last().map_or(from, |last| last.until);
    let since = headline.since.unwrap_or(told_until).clamp(from.min(now), now);
    past.retain(|stretch| stretch.since < since);
    if let Some(last) = past.last_mut() {
        last.until = last.until.min(since);
    }
    past.push(Fused {
        since,
        until: now,
        activity,
        logged: None,
        evidence: headline.evidence,
        source: headline.source.clone(),
        place: None,
    });
    past
}

#[cfg(test)]
mod tests;

//! Whether a person does what the schedule wants.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Activity, ActivityKind, Evidence, Floor, Headline, Person, Scheduled, Shift};

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
    /// Whether the person does it; none while that cannot be said.
    pub adherent: Option<bool>,
    /// Today's shift, in the WFM's wall time.
    pub shift: Option<Shift>,
    /// Since when the person is out of adherence.
    pub out_since: Option<DateTime<Utc>>,
    /// A scheduled absence that a contact delays: nobody's fault, never an alarm.
    pub held_by_call: bool,
}

/// The adherence of `person`, whose headline is `headline`; none without a schedule.
///
/// The WFM knows the schedule and its own grace, so its word decides while its feed is fresh; when
/// it is stale the schedule still stands but nothing can be said of adherence. Whom no WFM knows is
/// judged by the schedule file, with every activity of work counting as "available".
#[must_use]
pub fn adherence(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<Adherence> {
    let judged = by_wfm(floor, person, now).or_else(|| by_file(floor, person, headline, now))?;
    let waits = matches!(judged.scheduled, Scheduled::Away(_))
        && matches!(headline.activity, Activity::OnContact | Activity::WrapUp);
    Some(Adherence { held_by_call: judged.adherent == Some(false) && waits, ..judged })
}

fn by_wfm(floor: &Floor, person: &Person, now: DateTime<Utc>) -> Option<Adherence> {
    let (schedule, presence) = person.schedule()?;
    let fresh = floor.evidence(presence, now) != Evidence::Stale;
    let adherent = schedule.adherent.filter(|_| fresh);
    Some(Adherence {
        scheduled: schedule.scheduled.clone()?,
        adherent,
        shift: schedule.shift,
        out_since: presence.since.filter(|_| adherent == Some(false)),
        held_by_call: false,
    })
}

fn by_file(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<Adherence> {
    let entry = floor.timetable()?.scheduled(&person.id, now)?;
    let adherent = match (&entry.scheduled, headline.activity.kind()) {
        _ if headline.is_stale() => None,
        (_, ActivityKind::Unknown) | (Scheduled::Unknown(_), _) => None,
        (Scheduled::Available, kind) => Some(matches!(
            kind,
            ActivityKind::Available
                | ActivityKind::Ringing
                | ActivityKind::OnContact
                | ActivityKind::WrapUp
        )),
        (Scheduled::Away(_), kind) => Some(kind == ActivityKind::Away),
        (Scheduled::Off, ActivityKind::Offline) => Some(true),
        (Scheduled::Off, _) => None, // overtime is nobody's deviation
    };
    // The deviation began when the later of the two that make it did.
    let out_since = entry.since.max(headline.since).filter(|_| adherent == Some(false));
    Some(Adherence {
        scheduled: entry.scheduled,
        adherent,
        shift: None,
        out_since,
        held_by_call: false,
    })
}

//! Whether a person does what the schedule wants.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Activity, Evidence, Floor, Headline, Person, Scheduled, Shift};

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
/// it is stale the schedule still stands but nothing can be said of adherence. A deviation is as
/// old as the younger of the two things that make it: the state and the WFM's own record of it.
#[must_use]
pub fn adherence(
    floor: &Floor,
    person: &Person,
    headline: &Headline,
    now: DateTime<Utc>,
) -> Option<Adherence> {
    let (schedule, presence) = person.schedule()?;
    let scheduled = schedule.scheduled.clone()?;
    let fresh = floor.evidence(presence, now) != Evidence::Stale;
    let adherent = schedule.adherent.filter(|_| fresh);
    let out = adherent == Some(false);
    Some(Adherence {
        held_by_call: out
            && matches!(scheduled, Scheduled::Away(_))
            && matches!(headline.activity, Activity::OnContact | Activity::WrapUp),
        scheduled,
        adherent,
        shift: schedule.shift,
        out_since: if out { presence.since } else { None },
    })
}

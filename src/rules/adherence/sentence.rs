//! A deviation as a finding: which rule, by which numbers. It holds for as long as the deviation
//! does: nothing in it counts.

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;

use super::{Adherence, AdherenceLimits, Deviation, DeviationKind};
use crate::model::{Floor, Headline};
use crate::rules::{Finding, Severity, words};

/// What `adherence` says that wants attention at `now`; none within the grace.
pub(in crate::rules) fn finding(
    floor: &Floor,
    adherence: &Adherence,
    headline: &Headline,
    limits: AdherenceLimits,
    now: DateTime<Utc>,
) -> Option<Finding> {
    let deviation = adherence.deviation.as_ref()?;
    let AdherenceLimits { grace, severe } = limits;
    if !deviation.has_lasted(grace, grace, now) {
        return None;
    }
    let (severity, limit) = if deviation.has_lasted(severe, grace, now) {
        (Severity::Critical, format!("severe after {}", words::duration(severe)))
    } else {
        (Severity::Warn, format!("grace {}", words::duration(grace)))
    };
    let what = sentence(adherence, deviation, headline, limits, Wall::of(floor, now));
    Some(Finding {
        kind: deviation.kind.flag(),
        severity,
        since: deviation.since,
        text: format!("{what}; {limit}"),
    })
}

fn sentence(
    adherence: &Adherence,
    deviation: &Deviation,
    headline: &Headline,
    limits: AdherenceLimits,
    wall: Wall,
) -> String {
    let is = words::activity(&headline.activity);
    let since = deviation.since.map_or_else(
        || ", nobody says since when".to_owned(),
        |since| format!(" since {}", wall.clock(since)),
    );
    match (deviation.kind, deviation.bound) {
        (DeviationKind::LateStart, Some(began)) => {
            format!("not there, the shift began at {}", wall.clock(began))
        }
        (DeviationKind::LateStart, None) => {
            format!("not there, work is scheduled at least{since}")
        }
        (DeviationKind::EarlyLeave, ends) => {
            let what = deviation.absence.as_ref().map_or_else(
                || "gone".to_owned(),
                |absence| format!("logged off for {}", absence.word().to_lowercase()),
            );
            let until = ends.map(|ends| format!(" until {}", wall.clock(ends))).unwrap_or_default();
            format!("{what}{since}, the shift goes on{until}")
        }
        (DeviationKind::ExtendedBreak, _) => {
            let over = deviation.since.map(|since| format!(" at {}", wall.clock(since)));
            format!("still {is}, to be over{}", over.unwrap_or_default())
        }
        (DeviationKind::UnscheduledBreak, _) => format!("{is}{since}, work is scheduled"),
        (DeviationKind::WrongState, _) => {
            let from = deviation.counts_from(limits.grace).filter(|f| Some(*f) > deviation.since);
            let held = from.map(|from| format!(", held by a call until {}", wall.clock(from)));
            let scheduled = words::scheduled(&adherence.scheduled);
            format!("scheduled {scheduled}, is {is}{since}{}", held.unwrap_or_default())
        }
    }
}

/// The floor's wall clock.
#[derive(Clone, Copy)]
struct Wall {
    zone: Tz,
    now: DateTime<Utc>,
}

impl Wall {
    fn of(floor: &Floor, now: DateTime<Utc>) -> Self {
        Self { zone: floor.identity().timezone, now }
    }

    /// An instant, to the second where it is not a whole minute, with its date where it is not
    /// today's.
    fn clock(self, at: DateTime<Utc>) -> String {
        let (local, today) = (at.with_timezone(&self.zone), self.now.with_timezone(&self.zone));
        let date = if local.date_naive() == today.date_naive() { "" } else { "%m-%d " };
        let time = if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
        local.format(&format!("{date}{time}")).to_string()
    }
}

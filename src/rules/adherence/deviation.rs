//! What somebody does otherwise than scheduled, and since when: a pure function of the schedule and
//! of what was done.

use chrono::{DateTime, TimeDelta, Utc};

use super::course::{BRIDGED, Course, Delay, Doing};
use crate::model::{AlertKind, Fused, Reason, Scheduled, TimetableEntry};
use crate::rules::FlagKind;

/// The five kinds of deviation that WFMs document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeviationKind {
    /// Offline since the shift began.
    LateStart,
    /// Offline although the shift goes on, after having been there.
    EarlyLeave,
    /// Away for longer than the scheduled absence.
    ExtendedBreak,
    /// Away while work is scheduled, not following a scheduled absence.
    UnscheduledBreak,
    /// Anything else.
    WrongState,
}

impl DeviationKind {
    /// The flag that says so.
    #[must_use]
    pub fn flag(self) -> FlagKind {
        match self {
            Self::LateStart => FlagKind::LateStart,
            Self::EarlyLeave => FlagKind::EarlyLeave,
            Self::ExtendedBreak => FlagKind::ExtendedBreak,
            Self::UnscheduledBreak => FlagKind::UnscheduledBreak,
            Self::WrongState => FlagKind::WrongState,
        }
    }

    /// The alert that says so.
    #[must_use]
    pub fn alert(self) -> AlertKind {
        match self {
            Self::LateStart => AlertKind::LateStart,
            Self::EarlyLeave => AlertKind::EarlyLeave,
            Self::ExtendedBreak => AlertKind::ExtendedBreak,
            Self::UnscheduledBreak => AlertKind::UnscheduledBreak,
            Self::WrongState => AlertKind::WrongState,
        }
    }
}

/// What somebody does otherwise than scheduled now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// What it is.
    pub kind: DeviationKind,
    /// Since when, in our clock; none where nobody says.
    pub since: Option<DateTime<Utc>>,
    /// What it is measured by: when the shift began of a late start, when the absence was to end (or
    /// may end, held up by a call) of an extended break, when the shift goes on until of an early
    /// leave. None where that is not known, and of the other kinds.
    pub bound: Option<DateTime<Utc>>,
    /// The scheduled absence for which somebody logged off, of an early leave; none of any other.
    pub absence: Option<Reason>,
    /// The contacts that delay it, by beginning: nobody's fault.
    pub delays: Vec<Delay>,
    /// Since when nobody has seen anything else: before `since` where a silence lies in between, over
    /// which it may have gone on.
    pub nothing_else_since: Option<DateTime<Utc>>,
}

impl Deviation {
    /// One of which nothing is known but that it is.
    pub(in crate::rules) fn unexplained(since: Option<DateTime<Utc>>) -> Self {
        Self {
            kind: DeviationKind::WrongState,
            since,
            bound: None,
            absence: None,
            delays: Vec::new(),
            nothing_else_since: None,
        }
    }

    /// Whether a contact or its wrap-up delays it now.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.delays.last().is_some_and(|delay| delay.until.is_none())
    }

    /// From when its time counts where it may last `grace`: from its beginning, but a contact that
    /// began within the grace puts it off until its wrap-up has ended. None while one does, or where
    /// the beginning is not known.
    #[must_use]
    pub fn counts_from(&self, grace: TimeDelta) -> Option<DateTime<Utc>> {
        let mut from = self.since?;
        for delay in &self.delays {
            // At the limit it has been reached.
            if delay.since > from && delay.since >= from + grace {
                break;
            }
            from = delay.until?.max(from);
        }
        Some(from)
    }

    /// Whether it has lasted `limit` at `now`, where it may last `grace`. One of unknown age has, as
    /// far as anyone can say.
    #[must_use]
    pub fn has_lasted(&self, limit: TimeDelta, grace: TimeDelta, now: DateTime<Utc>) -> bool {
        match (self.since, self.counts_from(grace)) {
            (None, _) => limit <= grace,
            (Some(_), None) => false,
            (Some(_), Some(from)) => now >= from + limit,
        }
    }

    /// When it alarms, where it may last `grace`; none while that cannot be said.
    #[must_use]
    pub fn alarms_at(&self, grace: TimeDelta) -> Option<DateTime<Utc>> {
        self.counts_from(grace).map(|from| from + grace)
    }
}

/// So soon after a call that held it up an absence begins which is taken for the one it held up; at
/// this limit it is too late.
const PROMPTLY: TimeDelta = TimeDelta::minutes(2);

/// So long before the shift as far as it is known somebody may have left it.
pub(super) const SAME_SHIFT: TimeDelta = TimeDelta::hours(4);

/// What is done at `now` otherwise than `plan` wants, where `past` is what was done until then.
///
/// `plan` are the scheduled stretches, oldest first, one at a time; what lies between them is not
/// known. The last one that has begun holds at `now`. `past` is told without gaps, oldest first, and
/// its last stretch is what is done at `now`. None where everything is as scheduled, and where that
/// cannot be said: nothing is scheduled, or nobody knows what is done. Who is off deviates from
/// nothing: overtime is nobody's deviation.
#[must_use]
pub fn deviation(plan: &[TimetableEntry], past: &[Fused], now: DateTime<Utc>) -> Option<Deviation> {
    let course = Course::of(plan, past, now)?;
    let (doing, entry) = (course.doing()?, course.entry);
    let found = match (&entry.scheduled, doing) {
        (Scheduled::Off | Scheduled::Unknown(_), _) => None,
        (_, Doing::Offline) => Some(offline(&course, now)),
        (Scheduled::Available, Doing::Work | Doing::Contact) => None,
        (Scheduled::Available, Doing::Away) => away(&course),
        (Scheduled::Available, Doing::Idle | Doing::OwnCall) => Some(Deviation::unexplained(
            course.since(|d| matches!(d, Doing::Idle | Doing::OwnCall)),
        )),
        (Scheduled::Away(_), Doing::Away | Doing::OwnCall) => None,
        (Scheduled::Away(_), _) => Some(not_away(&course)),
    }?;
    let is_away = |doing: Doing| matches!(doing, Doing::Away | Doing::OwnCall);
    let nothing_else_since = course.nothing_else_since(|other| match doing {
        Doing::Offline => other == Doing::Offline,
        _ => other != Doing::Offline && is_away(other) == is_away(doing),
    });
    // Before what is scheduled now, or the shift, it was no deviation, or another one.
    let shift = course.shift();
    let from = match doing {
        Doing::Offline => shift.begins.or(shift.known_since),
        _ => entry.since,
    };
    let nothing_else_since = nothing_else_since.map(|s| from.map_or(s, |from| from.max(s)));
    Some(Deviation { nothing_else_since, ..found })
}

/// Offline in a shift: not come, or gone.
fn offline(course: &Course<'_>, now: DateTime<Utc>) -> Deviation {
    let shift = course.shift();
    let begun = course.first_of_run(|doing| doing == Doing::Offline);
    let since = begun.map(|begun| begun.since);
    // Where it is not known when the shift began, it may have begun before.
    let from = match (shift.begins, shift.known_since) {
        (Some(begins), _) => Some(begins),
        (None, Some(known)) => Some(known - SAME_SHIFT),
        (None, None) => None,
    };
    let was_there = course.was_there(from, now);
    let not_before_shift = |since: DateTime<Utc>| shift.begins.map_or(since, |b| b.max(since));
    let is_since_shift =
        shift.begins.or(shift.known_since).zip(since).is_some_and(|(b, s)| s <= b + BRIDGED);
    let kind = if was_there {
        DeviationKind::EarlyLeave
    } else if is_since_shift || begun.is_some_and(Fused::is_not_listed) {
        // Whom no list has had since we began to look, and nobody knows to have been there.
        DeviationKind::LateStart
    } else {
        // What was before nobody knows: neither that they never came nor that they left.
        return Deviation::unexplained(since.map(not_before_shift));
    };
    match kind {
        DeviationKind::LateStart => Deviation {
            kind,
            since: shift.begins.or(shift.known_since),
            bound: shift.begins,
            absence: None,
            delays: Vec::new(),
            nothing_else_since: None,
        },
        _ => Deviation {
            kind,
            since: since.map(not_before_shift),
            bound: shift.ends,
            absence: absence_begun_by(course, since),
            delays: Vec::new(),
            nothing_else_since: None,
        },
    }
}

/// The absence that is scheduled now, where somebody logged off for it: not before it, but for a moment.
fn absence_begun_by(course: &Course<'_>, since: Option<DateTime<Utc>>) -> Option<Reason> {
    let Scheduled::Away(reason) = &course.entry.scheduled else { return None };
    let begins = course.entry.since?;
    since.is_some_and(|since| since + PROMPTLY >= begins).then(|| reason.clone())
}

/// Away while work is scheduled: still, or without anybody having planned it.
fn away(course: &Course<'_>) -> Option<Deviation> {
    let begun = course.run(|doing| doing == Doing::Away)?;
    let Some((absence, ends)) = course.absence_before() else {
        return Some(unscheduled(course));
    };
    // A call that held the absence up takes nothing from it.
    let held = Deviation {
        delays: course.delays(absence.since).into_iter().filter(|d| d.since < begun).collect(),
        ..Deviation::unexplained(absence.since)
    };
    let let_go = held.counts_from(PROMPTLY).zip(absence.since).filter(|(free, since)| free > since);
    if let Some((free, since)) = let_go
        && (begun < ends || begun < free + PROMPTLY)
    {
        let may_end = free + (ends - since);
        return (course.now >= may_end).then(|| extended(may_end));
    }
    Some(if begun < ends { extended(ends) } else { unscheduled(course) })
}

fn extended(since: DateTime<Utc>) -> Deviation {
    let kind = DeviationKind::ExtendedBreak;
    let bound = Some(since);
    Deviation { kind, bound, ..Deviation::unexplained(Some(since)) }
}

fn unscheduled(course: &Course<'_>) -> Deviation {
    let since = course.since(|doing| doing == Doing::Away);
    let kind = DeviationKind::UnscheduledBreak;
    Deviation { kind, ..Deviation::unexplained(since) }
}

/// Not away while that is scheduled; a contact may be the reason. Before it was known to be
/// scheduled, somebody at work was where they were to be.
fn not_away(course: &Course<'_>) -> Deviation {
    let is_there = |d: Doing| matches!(d, Doing::Work | Doing::Contact | Doing::Idle);
    let since = course.since_scheduled(is_there);
    Deviation { delays: course.delays(since), ..Deviation::unexplained(since) }
}

/// The contacts that keep somebody at work after the shift has ended at `now`: since its end, where
/// one went on then.
#[must_use]
pub fn overrun(plan: &[TimetableEntry], past: &[Fused], now: DateTime<Utc>) -> Vec<Delay> {
    let Some(course) = Course::of(plan, past, now) else { return Vec::new() };
    if course.entry.scheduled != Scheduled::Off || course.chain_at(course.entry.since).is_none() {
        return Vec::new();
    }
    course.delays(course.entry.since)
}

//! The figures of a stretch of time: of one person, or of several together.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::attendance::{Attendance, Plan};
use super::gaps::Gaps;
use super::kpi::Kpi;
use super::share::{Share, known_pct};
use super::sums::Sums;
use super::telling::{Telling, Window};
use super::times::{Doing, Times, total};
use crate::model::{
    AdherencePct, Floor, Fused, Person, QueueKey, SourceKind, VendorKpi, WINDOW_JITTER,
};

/// By how much a telephony system's window may seem to begin before the one it was asked for: how its
/// clock differs from ours is known to the second, and better as time goes on.
const CLOCKS: TimeDelta = TimeDelta::seconds(5);

/// The figures of a window: see [`super::kpi`] and [`super::attendance`] for the formulas.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The window's beginning, in our clock.
    pub since: DateTime<Utc>,
    /// The window's end, in our clock.
    pub until: DateTime<Utc>,
    /// Time in each activity; the sum is the window's length, times the number of people. Of a queue,
    /// the time in which somebody sat there.
    pub times: Times,
    /// On contact (but calls on the agent's own phone) and wrap-up.
    pub handle: TimeDelta,
    /// The window less offline and unknown.
    pub logged_in: TimeDelta,
    /// None where there is nothing to divide by.
    pub occupancy: Option<Share>,
    /// None where there is nothing to divide by.
    pub utilization: Option<Share>,
    /// Both sides of the next two; nothing for whom the schedule does not bind.
    pub attendance: Attendance,
    /// Share of scheduled time spent as scheduled.
    pub adherence: DayAdherence,
    /// Worked time by scheduled time whenever it was; may exceed 100.
    pub conformance: Option<Share>,
    /// What nobody knows of the time that these are about.
    pub gaps: Gaps,
}

/// Share of a window's scheduled time spent as scheduled, or why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum DayAdherence {
    /// The share.
    Share(Share),
    /// Nothing was scheduled, as far as is known.
    NoSchedule,
    /// There is a schedule, which need not be followed.
    Bypass,
    /// A telephony system says something else, verbatim.
    Unreadable(String),
}

impl DayAdherence {
    /// The share, where there is one.
    #[must_use]
    pub fn share(&self) -> Option<Share> {
        match self {
            Self::Share(share) => Some(*share),
            Self::NoSchedule | Self::Bypass | Self::Unreadable(_) => None,
        }
    }

    /// What a telephony system says, of a window of which `known_pct` percent is known.
    fn said(adherence: &AdherencePct, known_pct: f64) -> Self {
        match adherence {
            AdherencePct::Percent(pct) => Self::Share(Share::new(*pct, known_pct)),
            AdherencePct::NoSchedule => Self::NoSchedule,
            AdherencePct::Bypass => Self::Bypass,
            AdherencePct::Unreadable(word) => Self::Unreadable(word.clone()),
        }
    }
}

impl Figures {
    /// The figures that follow from `sums`; of one person, or of several.
    pub(super) fn of(since: DateTime<Utc>, until: DateTime<Utc>, sums: &Sums) -> Self {
        let (kpi, gaps) = (Kpi::of(&sums.times), sums.gaps);
        let attendance = sums.attendance;
        let of_work = |pct| Share::of(pct, kpi.logged_in, gaps.logged_in);
        let of_schedule =
            |pct, known, unknown| Share::of(pct, known, total([unknown, gaps.unplanned]));
        let adherence = attendance.adherence_pct();
        let adherence = adherence.map(|pct| of_schedule(pct, attendance.scheduled, gaps.scheduled));
        let conformance = attendance.conformance_pct();
        Self {
            since,
            until,
            times: sums.times,
            handle: kpi.handle,
            logged_in: kpi.logged_in,
            occupancy: kpi.occupancy_pct.map(of_work),
            utilization: kpi.utilization_pct.map(of_work),
            attendance,
            adherence: adherence.map_or(DayAdherence::NoSchedule, DayAdherence::Share),
            conformance: conformance.map(|pct| of_schedule(pct, attendance.due, gaps.due)),
            gaps,
        }
    }

    /// How much is known, in percent, of the time in which somebody was or may have been logged in; all
    /// of it where nobody can have been.
    #[must_use]
    pub fn known_pct(&self) -> Option<f64> {
        if self.times.all().is_zero() {
            return None;
        }
        Some(known_pct(self.logged_in, self.gaps.logged_in).unwrap_or(100.0))
    }

    /// How much is known, in percent, of the scheduled time; none where nothing was scheduled.
    #[must_use]
    pub fn schedule_known_pct(&self) -> Option<f64> {
        let Gaps { scheduled, unplanned, .. } = self.gaps;
        let ours = known_pct(self.attendance.scheduled, total([scheduled, unplanned]));
        self.adherence.share().map(Share::known_pct).or(ours)
    }

    /// The figures of several people's `figures` of one window together; none of nobody. Whom the
    /// schedule does not bind, and who has none, is part of their times and of nothing else.
    #[must_use]
    pub fn together<'a>(figures: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut figures = figures.into_iter();
        let first = figures.next()?;
        let mut sums = first.sums();
        figures.for_each(|figures| sums += &figures.sums());
        Some(Self::of(first.since, first.until, &sums))
    }

    fn sums(&self) -> Sums {
        Sums { times: self.times, attendance: self.attendance, gaps: self.gaps }
    }
}

/// The figures of `person` between `since` and `until`, as it is known at `now`; what is still to come
/// is no part of them.
#[must_use]
pub fn figures_over(
    floor: &Floor,
    person: &Person,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Figures {
    let window = Window::of(since, until, now);
    let telling = Telling::of(floor, person, window);
    let (past, plan) = (telling.past(now), telling.plan());
    let mut sums = telling.summed(&plan);
    sums += &told(&past, &plan);
    personal(floor, person, window, plan.is_known(window.until), &sums)
}

/// What `past`, which has no gaps, adds up to beside `plan`.
fn told(past: &[Fused], plan: &Plan) -> Sums {
    let mut sums = Sums::default();
    for spell in past {
        sums.spend(Doing::from(spell), plan, spell.since, spell.until);
    }
    sums
}

/// The figures of the time in which people sat in each queue between `since` and `until`, as it is
/// known at `now`.
#[must_use]
pub fn queues_over(
    floor: &Floor,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> BTreeMap<QueueKey, Figures> {
    let window = Window::of(since, until, now);
    let mut queues: BTreeMap<QueueKey, Sums> = BTreeMap::new();
    for person in floor.people() {
        let telling = Telling::of(floor, person, window);
        let (past, plan) = (telling.past(now), telling.plan());
        let is_bound = !is_exempt(floor, person, window);
        let day = told(&past, &plan);
        for (key, sums) in by_place(&past, &plan) {
            *queues.entry(key).or_default() += &sums.of_seat(&day).of_bound(is_bound);
        }
    }
    let figures = |sums| Figures::of(window.since, window.until, &sums);
    queues.into_iter().map(|(key, sums)| (key, figures(sums))).collect()
}

fn by_place(past: &[Fused], plan: &Plan) -> BTreeMap<QueueKey, Sums> {
    let mut places: BTreeMap<QueueKey, Sums> = BTreeMap::new();
    for spell in past {
        for place in spell.place.iter().flat_map(|places| places.iter()) {
            if !places.contains_key(place) {
                places.insert(place.clone(), Sums::default());
            }
            let Some(sums) = places.get_mut(place) else { continue };
            sums.spend(Doing::from(spell), plan, spell.since, spell.until);
        }
    }
    places
}

/// The figures of one person whose time sums up to `sums`; whether we have a schedule of theirs is
/// `is_planned`.
pub(super) fn personal(
    floor: &Floor,
    person: &Person,
    window: Window,
    is_planned: bool,
    sums: &Sums,
) -> Figures {
    let is_bound = !is_exempt(floor, person, window);
    let mut figures = Figures::of(window.since, window.until, &sums.of_bound(is_bound));
    if !is_bound {
        figures.adherence = DayAdherence::Bypass;
    } else if !is_planned {
        // A telephony system that has a schedule samples its own percentage.
        let said = said_of(floor, person, window);
        let known_pct = figures.known_pct().unwrap_or(0.0);
        figures.adherence =
            said.map_or(DayAdherence::NoSchedule, |said| DayAdherence::said(said, known_pct));
    }
    figures
}

/// Whether a telephony system that counts `person`'s time says that the schedule does not bind them on
/// the day on which `window` ends. It says so of a person and a day, whichever part of it is asked for.
pub(super) fn is_exempt(floor: &Floor, person: &Person, window: Window) -> bool {
    let last = (window.until - TimeDelta::milliseconds(1)).max(window.since);
    let day = floor.day_start(last);
    let keys = person.keys();
    // The last word counts; the sums of a run have that of its first reading.
    let mut said = keys.iter().filter_map(|key| match floor.adherence_said(key) {
        Some(said) => Some((said.since, &said.adherence)),
        None => floor.baseline(key).map(|vendor| (vendor.since, &vendor.adherence)),
    });
    said.any(|(since, said)| (since - day).abs() <= WINDOW_JITTER && *said == AdherencePct::Bypass)
}

/// What telephony systems that count `person`'s time themselves say of adherence in just `window`: as
/// they were last read, else as it was kept.
fn said_of<'a>(floor: &'a Floor, person: &'a Person, window: Window) -> Option<&'a AdherencePct> {
    let is_percent = |said: &&AdherencePct| matches!(said, AdherencePct::Percent(_));
    let read = counts(person).filter(|vendor| is_of((vendor.since, vendor.as_of), window));
    let read = read.map(|vendor| &vendor.adherence).max_by_key(is_percent);
    read.or_else(|| {
        let keys = person.keys();
        let kept = keys.iter().filter_map(|key| floor.adherence_said(key));
        let kept = kept.filter(|said| is_of((said.since, said.as_of), window));
        kept.map(|said| &said.adherence).max_by_key(is_percent)
    })
}

/// What telephony systems that count `person`'s time themselves say.
fn counts(person: &Person) -> impl Iterator<Item = &VendorKpi> {
    let counting = person.presences.iter().filter(|p| p.kind == SourceKind::SipIo);
    counting.filter_map(|presence| presence.kpi.as_deref())
}

/// Whether what a vendor said at `as_of` of its window since `since` is of `window`, as far as it has come.
fn is_of((since, as_of): (DateTime<Utc>, DateTime<Utc>), window: Window) -> bool {
    (since - window.since).abs() <= CLOCKS
        && as_of >= window.since
        && as_of <= window.until + CLOCKS
}

#[cfg(test)]
mod tests;

//! What is told of one person's time in a window: by sums alone at first, where a system counts for
//! itself, and instant by instant from then on.

use chrono::{DateTime, Utc};

use super::attendance::{Attendance, Plan};
use super::gaps::Gaps;
use super::sums::Sums;
use super::times::{Doing, Times, span};
use crate::model::{
    ActivityKind, AgentKey, Floor, Fused, Person, SourceKind, VendorKpi, WINDOW_JITTER,
};

/// A stretch of time that is not in the future.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) since: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

impl Window {
    pub(super) fn of(since: DateTime<Utc>, until: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        Self { since, until: until.min(now).max(since) }
    }
}

/// What is told of one person's time in a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling<'a> {
    floor: &'a Floor,
    person: &'a Person,
    window: Window,
    /// The sums by which the beginning of the window is counted, if it is.
    pub(super) baseline: Option<&'a VendorKpi>,
    /// From when on it is told instant by instant.
    pub(super) since: DateTime<Utc>,
}

impl<'a> Telling<'a> {
    /// What `floor` tells of `person` in `window`.
    pub(super) fn of(floor: &'a Floor, person: &'a Person, window: Window) -> Self {
        let baseline = baseline(floor, person, window);
        let since = baseline.map_or(window.since, |vendor| vendor.as_of);
        Self { floor, person, window, baseline, since }
    }

    /// What the sources tell instant by instant, as it is known at `now`.
    pub(super) fn past(&self, now: DateTime<Utc>) -> Vec<Fused> {
        self.floor.fused(self.person, self.since, self.window.until, now)
    }

    /// What the schedule wanted in the window.
    pub(super) fn plan(&self) -> Plan {
        Plan::of(&self.floor.scheduled(self.person, self.window.since, self.window.until))
    }

    /// What sums alone tell, beside `plan`; nothing where everything is told instant by instant.
    pub(super) fn summed(&self, plan: &Plan) -> Sums {
        self.baseline.map_or_else(Sums::default, |vendor| summed(vendor, self.window, plan))
    }
}

/// The sums by which the beginning of `person`'s time in `window` is counted: where a system that
/// sums up is the only telephony system that knows the person, and sums up nothing but time of the
/// window. What is older than the window, or newer, cannot be taken out of a sum; what the server's clock,
/// while nothing is known of it, puts before the window is taken off the longest state, which at that
/// hour is almost always that nobody is there.
fn baseline<'a>(floor: &'a Floor, person: &Person, window: Window) -> Option<&'a VendorKpi> {
    let keys = person.keys();
    let is_telephony =
        |key: &&AgentKey| floor.feed(&key.source).is_some_and(|feed| feed.kind.is_telephony());
    let mut telephony = keys.iter().filter(is_telephony).map(|key| &key.source);
    let source = telephony.next()?;
    let is_alone = telephony.all(|other| other == source);
    let sums_up = floor.feed(source).is_some_and(|feed| feed.kind == SourceKind::SipIo);
    if !is_alone || !sums_up {
        return None;
    }
    let told = keys.iter().filter(|key| key.source == *source);
    told.filter_map(|key| floor.baseline(key)).find(|vendor| {
        (vendor.since - window.since).abs() <= WINDOW_JITTER
            && vendor.since < vendor.as_of
            && window.since < vendor.as_of
            && vendor.as_of <= window.until
    })
}

/// What a vendor's sums tell of the time in `window` until they were read.
pub(super) fn summed(vendor: &VendorKpi, window: Window, plan: &Plan) -> Sums {
    let since = vendor.since.max(window.since);
    let times = Times::of_vendors_window(vendor, span(since, vendor.as_of));
    let unknown = times.of(ActivityKind::Unknown);
    let mut attendance = Attendance::default();
    // What they do not account for may have been at any time at which nobody was off.
    let (all, missing) = plan.attended(Doing::UNKNOWN, since, vendor.as_of);
    debug_assert_eq!(all, Attendance::default());
    let mut gaps = Gaps { logged_in: unknown.min(missing.logged_in), ..missing };
    // Sums do not say when: they compare only with the schedule of all their time.
    if plan.covers(since, vendor.as_of) {
        attendance.spend_summed(times.worked(), plan.work(since, vendor.as_of));
        gaps.due = unknown.min(missing.due);
    }
    let mut sums = Sums { times, attendance, gaps };
    sums.spend(Doing::UNKNOWN, plan, window.since, since);
    sums
}

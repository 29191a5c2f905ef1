//! The figures of an agent's day: ours, recomputed from the times a telephony system reports, and how
//! they compare with its own.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{
    ActivityKind, AdherencePct, Bucket, Floor, Person, Presence, SourceKind, VendorKpi,
};

/// The formula of handle time; its unit is that of the times.
pub const HANDLE: &str = "handle time = on contact + wrap-up";

/// The formula of occupancy, in percent.
pub const OCCUPANCY: &str = "occupancy % = 100 x handle time / (handle time + available); \
     away, offline and unreachable time is left out";

/// The formula of logged-in time; its unit is that of the times.
pub const LOGGED_IN: &str =
    "logged-in time = all time but offline; a call on the agent's own phone counts here only";

/// The formula of utilization, in percent.
pub const UTILIZATION: &str = "utilization % = 100 x handle time / logged-in time";

/// By how much a vendor's percentage may differ from ours: whichever way it rounds, it stays within
/// one point.
const POINT: f64 = 1.0;

/// By how much a vendor's logged-in time may differ from ours: it may be kept in whole seconds.
const SECOND: TimeDelta = TimeDelta::seconds(1);

/// The figures recomputed from the times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kpi {
    /// See [`HANDLE`].
    pub handle: TimeDelta,
    /// See [`LOGGED_IN`].
    pub logged_in: TimeDelta,
    /// See [`OCCUPANCY`]; unrounded, none where there is nothing to divide by.
    pub occupancy_pct: Option<f64>,
    /// See [`UTILIZATION`]; unrounded, none where there is nothing to divide by.
    pub utilization_pct: Option<f64>,
}

/// The figures that follow from the times a telephony system reports.
#[must_use]
pub fn kpi(vendor: &VendorKpi) -> Kpi {
    let spent = |bucket: &Bucket| vendor.spent.get(bucket).copied().unwrap_or_default();
    let handle = total([spent(&Bucket::OnContact), spent(&Bucket::WrapUp)]);
    let logged_in = vendor.spent.iter().filter(|(bucket, _)| **bucket != Bucket::Offline);
    let logged_in = total(logged_in.map(|(_, time)| *time));
    Kpi {
        handle,
        logged_in,
        occupancy_pct: percent(handle, total([handle, spent(&Bucket::Available)])),
        utilization_pct: percent(handle, logged_in),
    }
}

/// The sum of `times`; a negative one counts as none, and what is too long for a duration as the
/// longest there is.
fn total(times: impl IntoIterator<Item = TimeDelta>) -> TimeDelta {
    times.into_iter().fold(TimeDelta::zero(), |sum, time| {
        sum.checked_add(&time.max(TimeDelta::zero())).unwrap_or(TimeDelta::MAX)
    })
}

/// `part` in percent of `whole`, which holds it; none where the whole is nothing. Of milliseconds,
/// since seconds are fractions of which not all are exact: a half must stay one to be rounded up.
#[expect(clippy::cast_precision_loss, reason = "the milliseconds of any day are far below 2^52")]
pub(super) fn percent(part: TimeDelta, whole: TimeDelta) -> Option<f64> {
    let ms = |time: TimeDelta| time.num_milliseconds() as f64;
    (ms(whole) > 0.0).then(|| (100.0 * ms(part) / ms(whole)).min(100.0))
}

/// A percentage as a whole number, half up.
#[must_use]
pub fn rounded(pct: f64) -> f64 {
    pct.round()
}

/// A percentage with two decimals, half up: how exports give it.
#[must_use]
pub fn two_decimals(pct: f64) -> f64 {
    (pct * 100.0).round() / 100.0
}

/// How a vendor's figure compares with ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Whether it is ours but for rounding.
    pub agrees: bool,
    /// Why the two do not look the same, in a sentence; none where they do.
    pub why: Option<String>,
}

/// Compares a vendor's percentage with ours (unrounded); none where the vendor gives none.
///
/// Where we have none because there is nothing to divide by, a vendor's 0 says the same.
#[must_use]
pub fn compare(ours: Option<f64>, theirs: Option<f64>) -> Option<Comparison> {
    /// Far below what anybody shows, far above what arithmetic loses.
    const NOISE: f64 = 1e-6;
    let theirs = theirs.filter(|pct| pct.is_finite())?;
    let Some(ours) = ours else {
        let agrees = theirs.abs() < NOISE;
        let why = if agrees {
            "there is nothing to divide by, for which the vendor sends 0".to_owned()
        } else {
            format!("there is nothing to divide by, and yet the vendor says {} %", plain(theirs))
        };
        return Some(Comparison { agrees, why: Some(why) });
    };
    let agrees = (ours - theirs).abs() <= POINT + NOISE;
    let why = if (rounded(ours) - theirs).abs() < NOISE {
        None
    } else if !agrees {
        Some(format!(
            "{} % by the formula, {} % by the vendor: more than one point apart",
            plain(ours),
            plain(theirs)
        ))
    } else if (ours.floor() - theirs).abs() < NOISE {
        Some(format!(
            "{} % is {} % rounded half up; the vendor cut the fraction off",
            plain(ours),
            plain(rounded(ours))
        ))
    } else {
        Some(format!("{} % by the formula; the vendor rounds otherwise", plain(ours)))
    };
    Some(Comparison { agrees, why })
}

/// Compares a vendor's logged-in time with ours; none where the vendor gives none.
#[must_use]
pub fn compare_logged_in(ours: TimeDelta, theirs: Option<TimeDelta>) -> Option<Comparison> {
    let theirs = theirs?;
    let apart = ours.checked_sub(&theirs).map_or(TimeDelta::MAX, |apart| apart.abs());
    let agrees = apart <= SECOND;
    let why = (!agrees).then(|| {
        let duration = super::words::duration;
        format!(
            "its states but offline sum up to {}, and the vendor says {}",
            duration(ours),
            duration(theirs)
        )
    });
    Some(Comparison { agrees, why })
}

/// With two decimals at most.
fn plain(pct: f64) -> String {
    format!("{pct:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A person's day as far as one telephony system alone can tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct DayKpi {
    /// From when, in our clock.
    pub since: DateTime<Utc>,
    /// Time in each of our activities, all of them; together they are the time from `since` until
    /// now. None where that cannot be said.
    pub ms: Option<BTreeMap<ActivityKind, TimeDelta>>,
    /// Time logged in.
    pub logged_in: Option<TimeDelta>,
    /// Occupancy with two decimals.
    pub occupancy_pct: Option<f64>,
    /// Utilization with two decimals.
    pub utilization_pct: Option<f64>,
    /// Adherence as the telephony system reports it.
    pub adherence: Option<AdherencePct>,
}

/// The day of `person` until `now`, where the one telephony system that knows the person sums it up.
///
/// Where several know the person, neither has the whole day and their sums overlap: only the
/// adherence, which the one with the schedule keeps, is given then. What was said before the floor's
/// day began is of another day and gives nothing.
#[must_use]
pub fn day_kpi(floor: &Floor, person: &Person, now: DateTime<Utc>) -> DayKpi {
    let day_start = floor.day_start(now);
    let today = |presence: &&Presence| {
        presence.kpi.as_ref().is_some_and(|vendor| vendor.as_of >= day_start)
    };
    let counting = || {
        let sipio = person.presences.iter().filter(|p| p.kind == SourceKind::SipIo);
        sipio.filter(today).filter_map(|presence| presence.kpi.as_deref())
    };
    let adherence = counting().map(|vendor| &vendor.adherence);
    let adherence = adherence
        .clone()
        .find(|adherence| **adherence != AdherencePct::NoSchedule)
        .or_else(|| adherence.clone().next())
        .cloned();
    let alone = telephony_of(floor, person) <= 1;
    let Some(vendor) = counting().next().filter(|_| alone) else {
        return DayKpi {
            since: day_start,
            ms: None,
            logged_in: None,
            occupancy_pct: None,
            utilization_pct: None,
            adherence,
        };
    };
    let figures = kpi(vendor);
    DayKpi {
        since: vendor.since,
        ms: Some(by_activity(vendor, now)),
        logged_in: Some(figures.logged_in),
        occupancy_pct: figures.occupancy_pct.map(two_decimals),
        utilization_pct: figures.utilization_pct.map(two_decimals),
        adherence,
    }
}

/// How many telephony systems know `person`: by the roster, or because they list them.
fn telephony_of(floor: &Floor, person: &Person) -> usize {
    let knows = |source| person.ids.contains_key(source) || person.presence(source).is_some();
    floor.feeds().iter().filter(|feed| feed.kind.is_telephony() && knows(&feed.name)).count()
}

/// The times as ours. What no state accounts for, before the vendor's log begins or since its last
/// word, is unknown.
fn by_activity(vendor: &VendorKpi, now: DateTime<Utc>) -> BTreeMap<ActivityKind, TimeDelta> {
    let mut ms: BTreeMap<_, _> =
        ActivityKind::ALL.into_iter().map(|kind| (kind, TimeDelta::zero())).collect();
    for (bucket, time) in &vendor.spent {
        let sum = ms.entry(activity_of(bucket)).or_default();
        *sum = total([*sum, *time]);
    }
    let known = total(ms.values().copied());
    let window = now - vendor.since;
    let unknown = window.checked_sub(&known).unwrap_or_default().max(TimeDelta::zero());
    ms.insert(ActivityKind::Unknown, unknown);
    ms
}

fn activity_of(bucket: &Bucket) -> ActivityKind {
    match bucket {
        Bucket::ExternalCall | Bucket::OnContact => ActivityKind::OnContact,
        Bucket::Offline => ActivityKind::Offline,
        Bucket::Unreachable => ActivityKind::Unreachable,
        Bucket::Ringing => ActivityKind::Ringing,
        Bucket::Away => ActivityKind::Away,
        Bucket::WrapUp => ActivityKind::WrapUp,
        Bucket::Available => ActivityKind::Available,
        // All that is known of a word we do not know is that it is not "offline".
        Bucket::LoggedIn | Bucket::Other(_) => ActivityKind::LoggedIn,
    }
}

#[cfg(test)]
mod tests;

//! The figures that follow from the time in each activity, and how a vendor's own compare with them.

use chrono::TimeDelta;

use super::attendance::percent;
use super::times::{Times, total};
use crate::model::ActivityKind;

/// The formula of handle time; its unit is that of the times.
pub const HANDLE: &str = "handle time = on contact + wrap-up";

/// The formula of occupancy, in percent.
pub const OCCUPANCY: &str = "occupancy % = 100 x handle time / (handle time + available); \
     away, offline and unreachable time is left out";

/// The formula of logged-in time; its unit is that of the times.
pub const LOGGED_IN: &str = "logged-in time = all time but offline and unknown; \
     a call on the agent's own phone counts here only";

/// The formula of utilization, in percent.
pub const UTILIZATION: &str = "utilization % = 100 x handle time / logged-in time";

/// By how much a vendor's percentage may differ from ours: whichever way it rounds, it stays within
/// one point.
const POINT: f64 = 1.0;

/// By how much a vendor's logged-in time may differ from ours: it may be kept in whole seconds.
const SECOND: TimeDelta = TimeDelta::seconds(1);

/// The figures of a stretch of time.
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

impl Kpi {
    /// The figures that follow from `times`, whoever told them.
    #[must_use]
    pub fn of(times: &Times) -> Self {
        let on_contact = times.of(ActivityKind::OnContact) - times.own_calls();
        let handle = total([on_contact, times.of(ActivityKind::WrapUp)]);
        let logged_in = times.logged_in();
        // The sum of times too long for a duration may be shorter than they are.
        let share = |whole| percent(handle, whole).map(|pct| pct.min(100.0));
        Self {
            handle,
            logged_in,
            occupancy_pct: share(total([handle, times.of(ActivityKind::Available)])),
            utilization_pct: share(logged_in),
        }
    }
}

/// A percentage as a whole number, half up.
#[must_use]
pub fn rounded(pct: f64) -> f64 {
    pct.round()
}

/// A percentage with two decimals, half up: how exports give it.
#[must_use]
pub fn two_decimals(pct: f64) -> f64 {
    /// The nearest binary fraction of a half may lie below it; nothing that is no half is as near.
    const NOISE: f64 = 1e-9;
    (pct * 100.0 + NOISE).round() / 100.0
}

/// A percentage as text with two decimals, half up: what every list and export writes of one number is
/// the same. Left to itself, formatting rounds a half to the even digit.
#[must_use]
pub fn hundredths(pct: f64) -> String {
    format!("{:.2}", two_decimals(pct))
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
            unrounded(ours),
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
#[must_use]
pub fn plain(pct: f64) -> String {
    hundredths(pct).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A percentage as text with as many decimals as show which way it is rounded, two at least: 121.497 must
/// not read 121.5 where 121 stands beside it.
pub(super) fn unrounded(pct: f64) -> String {
    const MOST: usize = 9;
    let says_so =
        |text: &String| text.parse().is_ok_and(|shown: f64| rounded(shown) == rounded(pct));
    let longer = (3..=MOST).map(|decimals| format!("{pct:.decimals$}"));
    let text = std::iter::once(plain(pct)).chain(longer).find(says_so);
    text.unwrap_or_else(|| plain(pct))
}

#[cfg(test)]
mod tests;

//! The drop rate of a queue or a campaign and what is left of it.
//!
//! Three denominators are in use elsewhere, so each has its name here. The one that counts for the
//! headroom is dropped / (answered + dropped), the shape of the US rule that at most 3 % of the calls
//! answered live may be abandoned, of a campaign in each successive period of 30 days. The vendor's
//! "answered" may include machines: an indicator, not compliance evidence.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::model::{CampaignDay, SourceName};

/// The share of calls that may be dropped: 3 %, as hundredths so that the arithmetic stays exact.
const ALLOWED: u64 = 3;
const WHOLE: u64 = 100;

/// How many days a window of the rule has.
const WINDOW_DAYS: u64 = 30;

/// The drop rate by each of the three denominators in use, in percent, unrounded; each none where
/// there is nothing to divide by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DropRates {
    /// See [`Self::OF_ANSWERED`].
    pub of_answered: Option<f64>,
    /// See [`Self::OF_ANSWERED_AND_DROPPED`].
    pub of_answered_and_dropped: Option<f64>,
    /// See [`Self::OF_TOTAL`].
    pub of_total: Option<f64>,
}

impl DropRates {
    /// The formula of the rate that may exceed 100 %.
    pub const OF_ANSWERED: &'static str = "dropped / answered";
    /// The formula of the rate that the headroom goes by.
    pub const OF_ANSWERED_AND_DROPPED: &'static str = "dropped / (answered + dropped)";
    /// The formula of the rate that counts unanswered calls too.
    pub const OF_TOTAL: &'static str = "dropped / total";

    /// Each with its formula.
    #[must_use]
    pub fn named(&self) -> [(&'static str, Option<f64>); 3] {
        [
            (Self::OF_ANSWERED, self.of_answered),
            (Self::OF_ANSWERED_AND_DROPPED, self.of_answered_and_dropped),
            (Self::OF_TOTAL, self.of_total),
        ]
    }
}

/// The drop rate by each of the three denominators; `total` are all calls, none where nobody says.
#[must_use]
pub fn drop_rates(answered: u64, dropped: u64, total: Option<u64>) -> DropRates {
    DropRates {
        of_answered: share(dropped, answered),
        of_answered_and_dropped: drop_rate_pct(answered, dropped),
        of_total: total.and_then(|total| share(dropped, total)),
    }
}

/// Dropped calls in percent of answered and dropped ones, 0 to 100; none when there are no calls.
#[must_use]
pub fn drop_rate_pct(answered: u64, dropped: u64) -> Option<f64> {
    share(dropped, answered.checked_add(dropped)?)
}

#[expect(clippy::cast_precision_loss, reason = "call counts of a month are far below 2^52")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

/// One of a campaign's successive windows of 30 of the vendor's days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropWindow {
    /// The source.
    pub source: SourceName,
    /// The campaign's id.
    pub campaign_id: String,
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day, inclusive; of the present window a day to come.
    pub last: NaiveDate,
    /// Days of it of which something is recorded.
    pub recorded: u32,
    /// Calls answered.
    pub answered: u64,
    /// Calls dropped.
    pub dropped: u64,
    /// All calls; none where a day of it does not say.
    pub calls: Option<u64>,
}

/// The successive 30-day windows of every campaign in `days`, counted from its first recorded day,
/// the newest window of a campaign last. `days` may come in any order. A window of which nothing is
/// recorded is left out: the last one is the present one only if it reaches to today.
#[must_use]
pub fn drop_windows(days: &[CampaignDay]) -> Vec<DropWindow> {
    let mut campaigns: BTreeMap<(&SourceName, &str), Vec<&CampaignDay>> = BTreeMap::new();
    for day in days {
        campaigns.entry((&day.source, &day.campaign_id)).or_default().push(day);
    }
    campaigns.into_values().flat_map(windows).collect()
}

/// The windows of one campaign.
fn windows(mut days: Vec<&CampaignDay>) -> Vec<DropWindow> {
    days.sort_by_key(|day| day.day);
    let mut windows: Vec<DropWindow> = Vec::new();
    let mut latest = None;
    let Some(start) = days.first().map(|day| day.day) else { return windows };
    for day in days {
        if windows.last().is_none_or(|window| day.day > window.last) {
            windows.extend(window_of(start, day));
        }
        let Some(window) = windows.last_mut() else { continue };
        window.recorded += u32::from(latest != Some(day.day));
        latest = Some(day.day);
        window.answered = window.answered.saturating_add(day.answered);
        window.dropped = window.dropped.saturating_add(day.dropped);
        window.calls = window.calls.zip(day.calls).map(|(sum, calls)| sum.saturating_add(calls));
    }
    windows
}

/// The window that `day` falls into where the first one begins on `start`, with nothing in it; none
/// beyond what a calendar can hold.
fn window_of(start: NaiveDate, day: &CampaignDay) -> Option<DropWindow> {
    let passed = u64::try_from((day.day - start).num_days()).ok()? / WINDOW_DAYS;
    let first = start.checked_add_days(Days::new(passed * WINDOW_DAYS))?;
    Some(DropWindow {
        source: day.source.clone(),
        campaign_id: day.campaign_id.clone(),
        first,
        last: first.checked_add_days(Days::new(WINDOW_DAYS - 1))?,
        recorded: 0,
        answered: 0,
        dropped: 0,
        calls: Some(0),
    })
}

impl DropWindow {
    /// Its drop rate by each of the three denominators.
    #[must_use]
    pub fn rates(&self) -> DropRates {
        drop_rates(self.answered, self.dropped, self.calls)
    }
}

/// What is left of 3 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headroom {
    /// So many calls in a row may still be dropped.
    DropsLeft(u64),
    /// So many calls must be answered without a drop to get back to 3 %.
    AnswersNeeded(u64),
}

/// The headroom under 3 %. With N calls and D drops, each further drop raises both: drops left are
/// floor((pN - D) / (1 - p)), and answers needed ceil(D / p - N).
#[must_use]
pub fn headroom(answered: u64, dropped: u64) -> Option<Headroom> {
    let calls = answered.checked_add(dropped)?;
    let (allowed, used) = (calls.checked_mul(ALLOWED)?, dropped.checked_mul(WHOLE)?);
    Some(if used <= allowed {
        Headroom::DropsLeft((allowed - used) / (WHOLE - ALLOWED))
    } else {
        Headroom::AnswersNeeded(used.div_ceil(ALLOWED) - calls)
    })
}

#[cfg(test)]
mod tests;

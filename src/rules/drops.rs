//! The drop rate of a queue and what is left of it.
//!
//! Three denominators are in use elsewhere; the one here is dropped / (answered + dropped), the
//! shape of the US rule that at most 3 % of the calls answered live may be abandoned. The vendor's
//! "answered" may include machines and a day is not the rule's 30 days: an indicator, not
//! compliance evidence.

use chrono::NaiveDate;

use crate::model::{CampaignDay, SourceName};

/// The share of calls that may be dropped: 3 %, as hundredths so that the arithmetic stays exact.
const ALLOWED: u64 = 3;
const WHOLE: u64 = 100;

/// Dropped calls in percent of answered and dropped ones, 0 to 100; none when there are no calls.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "call counts of a day are far below 2^52")]
pub fn drop_rate_pct(answered: u64, dropped: u64) -> Option<f64> {
    let calls = answered.checked_add(dropped)?;
    (calls > 0).then(|| 100.0 * dropped as f64 / calls as f64)
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
/// the newest window of a campaign last. `days` may come in any order.
#[must_use]
pub fn drop_windows(_days: &[CampaignDay]) -> Vec<DropWindow> {
    Vec::new()
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
mod tests {
    use super::*;

    #[test]
    fn the_documents_sample_is_over_three_percent() {
        let rate = drop_rate_pct(450, 20).unwrap();
        assert!((rate - 4.255_319).abs() < 1e-6);
        assert_eq!(headroom(450, 20), Some(Headroom::AnswersNeeded(197)));
    }

    #[test]
    fn no_calls_have_no_rate_but_no_headroom_either() {
        assert_eq!(drop_rate_pct(0, 0), None);
        assert_eq!(headroom(0, 0), Some(Headroom::DropsLeft(0)));
    }

    #[test]
    fn the_headroom_is_exactly_what_keeps_the_rate_at_or_under_three_percent() {
        for calls in 0..600u64 {
            for dropped in 0..=calls.min(40) {
                match headroom(calls - dropped, dropped).unwrap() {
                    Headroom::DropsLeft(left) => {
                        assert!((dropped + left) * 100 <= (calls + left) * 3);
                        assert!((dropped + left + 1) * 100 > (calls + left + 1) * 3);
                    }
                    Headroom::AnswersNeeded(needed) => {
                        assert!(dropped * 100 <= (calls + needed) * 3);
                        assert!(dropped * 100 > (calls + needed - 1) * 3);
                    }
                }
            }
        }
    }
}

//! Drop rates by their three denominators, and a campaign's windows of 30 days.

use chrono::NaiveDate;
use serde::Serialize;

use super::percent::percent;
use crate::model::CampaignDay;
use crate::rules::{DropWindow, Headroom, drop_windows, headroom};

/// The drop rate by each of the three denominators in use, in percent with two decimals; each null
/// where there is nothing to divide by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct DropRateLine {
    /// Dropped by answered.
    pub of_answered_pct: Option<f64>,
    /// Dropped by answered and dropped: the one that the headroom goes by.
    pub of_answered_and_dropped_pct: Option<f64>,
    /// Dropped by all calls.
    pub of_total_pct: Option<f64>,
}

impl DropRateLine {
    pub(super) fn of(answered: Option<u64>, dropped: Option<u64>, total: Option<u64>) -> Self {
        let by = |whole: Option<u64>| dropped.zip(whole).and_then(|(part, all)| percent(part, all));
        let both = answered.zip(dropped).and_then(|(answered, more)| answered.checked_add(more));
        Self {
            of_answered_pct: by(answered),
            of_answered_and_dropped_pct: by(both),
            of_total_pct: by(total),
        }
    }
}

/// A campaign's successive windows of 30 of the vendor's days, counted from its first recorded one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampaignLine {
    /// The source.
    pub source: String,
    /// The campaign's id.
    pub campaign_id: String,
    /// Its windows, the newest last. An indicator, not compliance evidence.
    pub windows: Vec<DropWindowLine>,
}

/// One window of 30 of the vendor's days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DropWindowLine {
    /// Its first day.
    pub first_day: NaiveDate,
    /// Its last day, inclusive; a day to come while the window goes on.
    pub last_day: NaiveDate,
    /// Days of it of which something is recorded: the others count nothing.
    pub recorded_days: u32,
    /// All calls; null where a day of it does not say.
    pub calls: Option<u64>,
    /// Calls answered.
    pub answered: u64,
    /// Calls dropped.
    pub dropped: u64,
    /// Its drop rates.
    pub drop_rates: DropRateLine,
    /// Calls in a row that may still be dropped before 3 % are exceeded; null where they are.
    pub drops_left: Option<u64>,
    /// Calls that must be answered without a drop to get back to 3 %; null where they are kept to.
    pub answers_needed: Option<u64>,
}

impl CampaignLine {
    /// Every campaign of `days`, by source and id.
    pub(super) fn all(days: &[CampaignDay]) -> Vec<Self> {
        let mut campaigns: Vec<Self> = Vec::new();
        for window in drop_windows(days) {
            let line = DropWindowLine::of(&window);
            match campaigns.last_mut() {
                Some(last) if last.is_of(&window) => last.windows.push(line),
                _ => campaigns.push(Self {
                    source: window.source.to_string(),
                    campaign_id: window.campaign_id,
                    windows: vec![line],
                }),
            }
        }
        campaigns
    }

    fn is_of(&self, window: &DropWindow) -> bool {
        self.source == window.source.as_str() && self.campaign_id == window.campaign_id
    }
}

impl DropWindowLine {
    fn of(window: &DropWindow) -> Self {
        let (answered, dropped) = (window.answered, window.dropped);
        let (drops_left, answers_needed) = match headroom(answered, dropped) {
            Some(Headroom::DropsLeft(left)) => (Some(left), None),
            Some(Headroom::AnswersNeeded(needed)) => (None, Some(needed)),
            None => (None, None),
        };
        Self {
            first_day: window.first,
            last_day: window.last,
            recorded_days: window.recorded,
            calls: window.calls,
            answered,
            dropped,
            drop_rates: DropRateLine::of(Some(answered), Some(dropped), window.calls),
            drops_left,
            answers_needed,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_documents_sample_has_all_three_rates() {
        let sample = DropRateLine::of(Some(450), Some(20), Some(500));
        assert_eq!(
            serde_json::to_value(sample).unwrap(),
            json!({"of_answered_pct": 4.44, "of_answered_and_dropped_pct": 4.26, "of_total_pct": 4.0})
        );
        assert_eq!(DropRateLine::of(None, Some(20), Some(500)).of_total_pct, Some(4.0));
        assert_eq!(DropRateLine::of(Some(0), Some(0), Some(0)), DropRateLine::default());
        assert_eq!(DropRateLine::of(Some(450), None, Some(500)), DropRateLine::default());
    }

    #[test]
    fn a_campaigns_windows_stand_together_the_newest_last() {
        let day = |campaign: &str, day: &str, answered, dropped| CampaignDay {
            source: "dialer".into(),
            campaign_id: campaign.to_owned(),
            day: day.parse().unwrap(),
            answered,
            dropped,
            calls: None,
        };
        let days = [
            day("111", "2026-03-03", 1_000, 0),
            day("111", "2026-02-01", 450, 20),
            day("112", "2026-03-01", 0, 0),
        ];
        let found = serde_json::to_value(CampaignLine::all(&days)).unwrap();
        let ids: Vec<_> = found.as_array().unwrap().iter().map(|c| &c["campaign_id"]).collect();
        assert_eq!(ids, ["111", "112"]);
        let windows = &found[0]["windows"];
        assert_eq!(
            windows[0],
            json!({"first_day": "2026-02-01", "last_day": "2026-03-02", "recorded_days": 1,
                   "calls": null, "answered": 450, "dropped": 20,
                   "drop_rates": {"of_answered_pct": 4.44, "of_answered_and_dropped_pct": 4.26,
                                  "of_total_pct": null},
                   "drops_left": null, "answers_needed": 197})
        );
        assert_eq!(
            (&windows[1]["first_day"], &windows[1]["drops_left"]),
            (&json!("2026-03-03"), &json!(30))
        );
        assert_eq!(found[1]["windows"][0]["drops_left"], 0);
        assert_eq!(CampaignLine::all(&[]), []);
    }
}

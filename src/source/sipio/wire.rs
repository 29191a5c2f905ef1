//! What is read of an answer. Only an agent's id can be relied upon.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::buckets;
use super::counters::Spent;
use crate::clock::plausible_time;
use crate::model::{AdherencePct, Bucket};
use crate::vendor::{PARTS, Scalar, clean};

/// One agent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an agent")]
pub(super) struct Row<'a> {
    #[serde(borrow, default, rename = "user_id")]
    pub user_id: Scalar<'a>,
    #[serde(borrow, default)]
    pub status_ms: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub logged_in_ms: Scalar<'a>,
    #[serde(borrow, default)]
    pub occupancy_pct: Scalar<'a>,
    #[serde(borrow, default)]
    pub utilization_pct: Scalar<'a>,
    #[serde(borrow, default)]
    pub adherence_pct: Scalar<'a>,
    #[serde(borrow, default)]
    pub status: Scalar<'a>,
    #[serde(borrow, default)]
    pub state: Scalar<'a>,
    #[serde(borrow, default)]
    pub bucket: Scalar<'a>,
    #[serde(borrow, default)]
    pub reachable: Scalar<'a>,
}

impl Row<'_> {
    /// Whether it says anything of times: an empty map says that there have been none.
    pub(super) fn tells_times(&self) -> bool {
        self.status_ms.is_some_and(|map| map.get() != "null")
    }

    /// The time in each bucket, and the names of those that hold no time.
    pub(super) fn spent(&self) -> (Spent, Vec<String>) {
        let (mut spent, mut garbage) = (Spent::new(), Vec::new());
        let Some(map) = self.status_ms else { return (spent, garbage) };
        let Ok(map) = serde_json::from_str::<BTreeMap<String, Scalar<'_>>>(map.get()) else {
            // An empty list is how some services send an empty map.
            if !matches!(map.get(), "[]" | "null") {
                garbage.push("statusMs".to_owned());
            }
            return (spent, garbage);
        };
        if map.len() > PARTS {
            garbage.push("statusMs".to_owned());
            return (spent, garbage);
        }
        for (name, value) in map {
            let bucket = buckets::known(&name).unwrap_or_else(|| Bucket::Other(clean(&name)));
            let before = spent.get(&bucket).copied().unwrap_or_default();
            match milliseconds(&value).and_then(|time| time.checked_add(&before)) {
                Some(time) => drop(spent.insert(bucket, time)),
                None => garbage.push(format!("statusMs.{}", clean(&name))),
            }
        }
        (spent, garbage)
    }

    /// The time logged in, as the vendor counts it.
    pub(super) fn logged_in(&self) -> Option<TimeDelta> {
        milliseconds(&self.logged_in_ms)
    }

    /// The adherence, in whatever form it comes.
    pub(super) fn adherence(&self) -> AdherencePct {
        match &self.adherence_pct {
            Scalar::Null => AdherencePct::NoSchedule,
            Scalar::Text(word) if word.trim().eq_ignore_ascii_case("bypass") => {
                AdherencePct::Bypass
            }
            value => match (value.number(), value) {
                (Some(percent), _) if is_believable(percent) => AdherencePct::Percent(percent),
                (Some(percent), _) => {
                    AdherencePct::Unreadable(format!("{percent}, which is not believable"))
                }
                (None, Scalar::Nested) => {
                    AdherencePct::Unreadable("a list or an object".to_owned())
                }
                (None, value) => AdherencePct::Unreadable(value.text().unwrap_or_default()),
            },
        }
    }
}

/// A percentage of somebody's time; an error where it is none that can be.
pub(super) fn percentage(value: &Scalar<'_>) -> Result<Option<f64>, NotBelievable> {
    match value.number() {
        Some(percent) if !is_believable(percent) => Err(NotBelievable),
        percent => Ok(percent),
    }
}

/// A percentage below 0 or above 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotBelievable;

fn is_believable(percent: f64) -> bool {
    (0.0..=100.0).contains(&percent)
}

fn milliseconds(value: &Scalar<'_>) -> Option<TimeDelta> {
    value.number().map(f64::round).and_then(plausible_time)
}

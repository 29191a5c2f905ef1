//! What a telephony system sums up, as JSON.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::model::{AdherencePct, Bucket, VendorKpi};

/// [`VendorKpi`] with its buckets as a list: a vendor's own word is no key of a JSON object.
#[derive(Serialize, Deserialize)]
struct Row {
    since: DateTime<Utc>,
    as_of: DateTime<Utc>,
    spent: Vec<(Bucket, TimeDelta)>,
    logged_in: Option<TimeDelta>,
    occupancy_pct: Option<f64>,
    utilization_pct: Option<f64>,
    adherence: AdherencePct,
}

pub(super) fn json(kpi: &VendorKpi) -> rusqlite::Result<String> {
    super::content::json(&Row {
        since: kpi.since,
        as_of: kpi.as_of,
        spent: kpi.spent.iter().map(|(bucket, spent)| (bucket.clone(), *spent)).collect(),
        logged_in: kpi.logged_in,
        occupancy_pct: kpi.occupancy_pct,
        utilization_pct: kpi.utilization_pct,
        adherence: kpi.adherence.clone(),
    })
}

pub(super) fn read(text: &str) -> Option<VendorKpi> {
    let row: Row = super::content::read(text, "a vendor's sums")?;
    Some(VendorKpi {
        since: row.since,
        as_of: row.as_of,
        spent: row.spent.into_iter().collect::<BTreeMap<_, _>>(),
        logged_in: row.logged_in,
        occupancy_pct: row.occupancy_pct,
        utilization_pct: row.utilization_pct,
        adherence: row.adherence,
    })
}

//! A state of an agent, as the growth of its counters shows it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Bucket;

/// A state and since when: at the latest, where the readings do not show its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    pub(super) bucket: Bucket,
    pub(super) since: Option<DateTime<Utc>>,
}

/// By how much a growth may differ from the time that passed: the vendor looks at its clock at some
/// instant between our asking and its answer.
pub(super) fn slack(passed: TimeDelta) -> TimeDelta {
    TimeDelta::seconds(2).max(passed / 5)
}

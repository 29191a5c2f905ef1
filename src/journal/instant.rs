//! Instants as they are kept where there are many: in whole milliseconds.

use chrono::{DateTime, Utc};

/// An instant as it is kept where there are many.
pub(super) fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The instant that is kept as `millis`; the earliest one where no date can hold it.
pub(super) fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

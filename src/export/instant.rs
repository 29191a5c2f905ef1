//! How instants and lengths of time are written.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serializer;

/// An instant as everybody writes it: RFC 3339, UTC, to the second.
pub(super) fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(super) fn instant<S: Serializer>(at: &DateTime<Utc>, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&stamp(*at))
}

pub(super) fn maybe_instant<S: Serializer>(
    at: &Option<DateTime<Utc>>,
    out: S,
) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => instant(at, out),
        None => out.serialize_none(),
    }
}

/// Whole seconds of a length of time.
pub(super) fn seconds(delta: TimeDelta) -> i64 {
    delta.num_seconds()
}

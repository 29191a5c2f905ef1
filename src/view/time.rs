//! How instants and ages are written.

use chrono::{DateTime, TimeDelta, Utc};

use super::scene::Scene;
pub(super) use crate::rules::words::age;

/// An instant as floor time to the second; with its date where it is not today's.
pub(super) fn clock(scene: &Scene<'_>, at: DateTime<Utc>) -> String {
    let (local, today) = (at.with_timezone(&scene.zone), scene.now.with_timezone(&scene.zone));
    let format =
        if local.date_naive() == today.date_naive() { "%H:%M:%S" } else { "%m-%d %H:%M:%S" };
    local.format(format).to_string()
}

/// How old a statement about `as_of` is.
pub(super) fn age_of(scene: &Scene<'_>, as_of: DateTime<Utc>) -> String {
    age(scene.now - as_of)
}

/// How long until something that comes in `left`. A long wait needs no ticking seconds.
pub(super) fn until(left: TimeDelta) -> String {
    if left < TimeDelta::minutes(10) { age(left) } else { format!("{}min", left.num_minutes()) }
}

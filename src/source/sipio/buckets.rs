//! The vendor's names of the states in which it sums up time.

use crate::model::{Activity, Bucket, Reason};

/// The documented names, in any case.
const NAMES: [(&str, Bucket); 9] = [
    ("extcall", Bucket::ExternalCall),
    ("incall", Bucket::OnContact),
    ("offline", Bucket::Offline),
    ("unreachable", Bucket::Unreachable),
    ("ring", Bucket::Ringing),
    ("paused", Bucket::Away),
    ("wrapup", Bucket::WrapUp),
    ("ready", Bucket::Available),
    ("idle", Bucket::LoggedIn),
];

/// The documented bucket called `name`.
pub(super) fn known(name: &str) -> Option<Bucket> {
    let found = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
    found.map(|(_, bucket)| bucket.clone())
}

/// The vendor's name of `bucket`.
pub(super) fn name(bucket: &Bucket) -> &str {
    match bucket {
        Bucket::Other(name) => name,
        known => NAMES.iter().find(|(_, other)| other == known).map_or("", |(name, _)| name),
    }
}

/// What an agent in `bucket` does.
pub(super) fn activity(bucket: &Bucket) -> Activity {
    match bucket {
        Bucket::ExternalCall => Activity::OwnCall,
        Bucket::OnContact => Activity::OnContact,
        Bucket::Offline => Activity::Offline,
        Bucket::Unreachable => Activity::Unreachable,
        Bucket::Ringing => Activity::Ringing,
        Bucket::Away => Activity::Away(Reason::Unspecified),
        Bucket::WrapUp => Activity::WrapUp,
        Bucket::Available => Activity::Available,
        // "idle" here is who has logged in and is not yet ready; elsewhere the word means the contrary.
        Bucket::LoggedIn => Activity::LoggedIn,
        Bucket::Other(_) => Activity::Unknown,
    }
}

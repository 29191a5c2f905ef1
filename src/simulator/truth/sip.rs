//! What sip.io knows of a person.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::simulator::world::person::Person;
use crate::simulator::world::sip::{Adherence, BUCKETS, Bucket, SipSeat};
use crate::simulator::world::timeline::Timeline;

/// The word for somebody whose telephone is gone.
pub const UNREACHABLE: &str = "unreachable";

/// A person's seat in sip.io.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SipTruth {
    /// Their id there; somebody else has the same number as an extension in the dialer.
    pub user_id: String,
    /// Milliseconds per bucket since the history began; no entry means none. The difference of two
    /// instants' is what the answer for the time between them must be.
    pub ms: BTreeMap<String, u64>,
    /// The bucket they are in.
    pub bucket: String,
    /// The same in the truth's words: offline, unreachable, logged_in, available, ringing,
    /// on_contact, wrap_up or away.
    pub activity: String,
    /// Since when they are in that bucket.
    pub since: DateTime<Utc>,
    /// What is said about their adherence: measured, null, bypass or absent.
    pub adherence: String,
}

impl SipTruth {
    /// The seat of `person`, if they have one.
    pub(super) fn of(person: &Person, now: DateTime<Utc>) -> Option<Self> {
        let seat = person.sip.as_ref()?;
        let (bucket, since) = seat.at(&person.day, now);
        let totals = seat.totals(&person.day, DateTime::UNIX_EPOCH, now);
        let spent = BUCKETS.iter().zip(totals).filter(|(_, ms)| *ms > 0);
        let adherence = match seat.adherence {
            Adherence::Measured => "measured",
            Adherence::Unscheduled => "null",
            Adherence::Bypass => "bypass",
            Adherence::Absent => "absent",
        };
        Some(Self {
            user_id: seat.user_id.clone(),
            ms: spent.map(|(bucket, ms)| (bucket.word().to_owned(), ms)).collect(),
            bucket: bucket.word().to_owned(),
            activity: activity(bucket).to_owned(),
            since,
            adherence: adherence.to_owned(),
        })
    }
}

/// What `seat` says at `at`, in the truth's words, and since when.
pub(super) fn doing(
    seat: &SipSeat,
    day: &Timeline,
    at: DateTime<Utc>,
) -> (&'static str, DateTime<Utc>) {
    let (bucket, since) = seat.at(day, at);
    (activity(bucket), since)
}

fn activity(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::ExtCall | Bucket::InCall => "on_contact",
        Bucket::Offline => "offline",
        Bucket::Unreachable => UNREACHABLE,
        Bucket::Ring => "ringing",
        Bucket::Paused => "away",
        Bucket::WrapUp => "wrap_up",
        Bucket::Ready => "available",
        Bucket::Idle => "logged_in",
    }
}

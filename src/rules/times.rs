//! Time in each activity: what every figure is made of.

use std::ops::AddAssign;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Activity, ActivityKind, Bucket, Fused, VendorKpi};

/// Time in each activity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Times {
    by_kind: [TimeDelta; ActivityKind::ALL.len()],
    /// Of the time on contact, that on calls on the agent's own phone: no work.
    own_calls: TimeDelta,
}

/// From `since` to `until` in whole milliseconds: an instant counts as the millisecond in which it
/// lies. So the parts of a window add up to it exactly, in milliseconds too.
pub(super) fn span(since: DateTime<Utc>, until: DateTime<Utc>) -> TimeDelta {
    let ms = until.timestamp_millis() - since.timestamp_millis();
    TimeDelta::try_milliseconds(ms).unwrap_or_default().max(TimeDelta::zero())
}

/// An activity as far as figures go by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doing {
    kind: ActivityKind,
    /// What it is beside the schedule: a log without calls knows who was at work, not at what.
    attended: ActivityKind,
    is_own_call: bool,
}

impl From<&Activity> for Doing {
    fn from(activity: &Activity) -> Self {
        let kind = activity.kind();
        Self { kind, attended: kind, is_own_call: *activity == Activity::OwnCall }
    }
}

impl From<&Fused> for Doing {
    fn from(stretch: &Fused) -> Self {
        let doing = Self::from(&stretch.activity);
        Self { attended: stretch.logged.unwrap_or(doing.kind), ..doing }
    }
}

impl Doing {
    /// Nobody knows what.
    pub(super) const UNKNOWN: Self =
        Self { kind: ActivityKind::Unknown, attended: ActivityKind::Unknown, is_own_call: false };

    /// The activity without its reason.
    pub(super) fn kind(self) -> ActivityKind {
        self.kind
    }

    /// What it is beside the schedule.
    pub(super) fn attended(self) -> ActivityKind {
        self.attended
    }

    /// Whether it is a call on the agent's own phone.
    pub(super) fn is_own_call(self) -> bool {
        self.is_own_call
    }

    /// Whether time in it is worked time.
    pub(super) fn is_work(self) -> bool {
        use ActivityKind::{Available, OnContact, Ringing, WrapUp};
        !self.is_own_call && matches!(self.attended, Available | Ringing | OnContact | WrapUp)
    }
}

impl Times {
    /// Time in activities of `kind`; what is on contact includes calls on the agent's own phone.
    #[must_use]
    pub fn of(&self, kind: ActivityKind) -> TimeDelta {
        self.by_kind[kind as usize]
    }

    /// Of the time on contact, that on calls on the agent's own phone.
    #[must_use]
    pub fn own_calls(&self) -> TimeDelta {
        self.own_calls
    }

    /// All of it: the length of the window, or of everybody's windows together.
    #[must_use]
    pub fn all(&self) -> TimeDelta {
        total(self.by_kind)
    }

    /// All of it of which somebody knows what was done.
    #[must_use]
    pub fn known(&self) -> TimeDelta {
        self.all() - self.of(ActivityKind::Unknown)
    }

    /// All of it but offline and unknown.
    #[must_use]
    pub fn logged_in(&self) -> TimeDelta {
        let kinds = ActivityKind::ALL.into_iter();
        let there =
            kinds.filter(|kind| !matches!(kind, ActivityKind::Offline | ActivityKind::Unknown));
        total(there.map(|kind| self.of(kind)))
    }

    /// Worked time: available, ringing, on contact and wrapping up.
    #[must_use]
    pub fn worked(&self) -> TimeDelta {
        use ActivityKind::{Available, OnContact, Ringing, WrapUp};
        let on_contact = self.of(OnContact) - self.own_calls;
        total([self.of(Available), self.of(Ringing), on_contact, self.of(WrapUp)])
    }

    /// Adds `time` in which somebody was `doing` something.
    pub(super) fn spend(&mut self, doing: Doing, time: TimeDelta) {
        self.put(doing.kind, time);
        if doing.is_own_call {
            self.own_calls = total([self.own_calls, time]);
        }
    }

    /// Takes back `time` that was added as spent `doing` something.
    pub(super) fn take_back(&mut self, doing: Doing, time: TimeDelta) {
        self.by_kind[doing.kind as usize] -= time;
        if doing.is_own_call {
            self.own_calls -= time;
        }
    }

    fn put(&mut self, kind: ActivityKind, time: TimeDelta) {
        let sum = &mut self.by_kind[kind as usize];
        *sum = total([*sum, time]);
    }

    /// The times of a telephony system's own sums, as they are. A state whose word we do not know
    /// counts as logged in: that it is not "offline" is all there is to it.
    #[must_use]
    pub fn of_vendor(vendor: &VendorKpi) -> Self {
        let mut times = Self::default();
        for (bucket, time) in &vendor.spent {
            match bucket {
                Bucket::ExternalCall => times.spend(Doing::from(&Activity::OwnCall), *time),
                Bucket::OnContact => times.put(ActivityKind::OnContact, *time),
                Bucket::Offline => times.put(ActivityKind::Offline, *time),
                Bucket::Unreachable => times.put(ActivityKind::Unreachable, *time),
                Bucket::Ringing => times.put(ActivityKind::Ringing, *time),
                Bucket::Away => times.put(ActivityKind::Away, *time),
                Bucket::WrapUp => times.put(ActivityKind::WrapUp, *time),
                Bucket::Available => times.put(ActivityKind::Available, *time),
                Bucket::LoggedIn | Bucket::Other(_) => times.put(ActivityKind::LoggedIn, *time),
            }
        }
        times
    }

    /// The times of a telephony system's own sums as those of a window of the length of `window`:
    /// what no state accounts for, before its log begins, is unknown. Sums that are longer, since
    /// two clocks never agree to the millisecond, are cut where that matters least: from the longest.
    #[must_use]
    pub fn of_vendors_window(vendor: &VendorKpi, window: TimeDelta) -> Self {
        let mut times = Self::of_vendor(vendor);
        while let Some(over) =
            times.all().checked_sub(&window).filter(|over| *over > TimeDelta::zero())
        {
            let longest = times.by_kind.iter_mut().max();
            let Some(longest) = longest else { break };
            *longest -= over.min(*longest);
        }
        times.own_calls = times.own_calls.min(times.of(ActivityKind::OnContact));
        times.fill(window);
        times
    }

    /// Makes it `window` long: what is missing is unknown.
    fn fill(&mut self, window: TimeDelta) {
        let missing = window.checked_sub(&self.all()).unwrap_or_default();
        self.put(ActivityKind::Unknown, missing);
    }
}

impl AddAssign<&Self> for Times {
    fn add_assign(&mut self, other: &Self) {
        for (sum, time) in self.by_kind.iter_mut().zip(other.by_kind) {
            *sum = total([*sum, time]);
        }
        self.own_calls = total([self.own_calls, other.own_calls]);
    }
}

/// The sum of `times`; a negative one counts as none, and what is too long for a duration as the
/// longest there is: a vendor may send any number.
pub(super) fn total(times: impl IntoIterator<Item = TimeDelta>) -> TimeDelta {
    times.into_iter().fold(TimeDelta::zero(), |sum, time| {
        sum.checked_add(&time.max(TimeDelta::zero())).unwrap_or(TimeDelta::MAX)
    })
}

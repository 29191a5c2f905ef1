//! How long a state may last before it wants attention.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::model::{Activity, ActivityKind, Reason};

/// Two durations; a limit is reached *at* it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Wants an eye on it.
    pub warn: TimeDelta,
    /// Wants someone to act.
    pub critical: TimeDelta,
}

/// The limits of every activity, and of an absence per reason. A floor's own reasons go by the
/// lower-case text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thresholds {
    by_kind: HashMap<ActivityKind, Limit>,
    by_reason: HashMap<String, Limit>,
}

impl Default for Thresholds {
    /// What other systems' supervisors are used to.
    fn default() -> Self {
        let limit = |warn: i64, critical: i64| Limit {
            warn: TimeDelta::seconds(warn),
            critical: TimeDelta::seconds(critical),
        };
        let by_kind = HashMap::from([
            (ActivityKind::Available, limit(60, 5 * 60)),
            (ActivityKind::OnContact, limit(5 * 60, 15 * 60)),
            (ActivityKind::WrapUp, limit(60, 5 * 60)),
            (ActivityKind::Ringing, limit(20, 60)),
            (ActivityKind::Away, limit(5 * 60, 15 * 60)),
        ]);
        let by_reason = HashMap::from([
            ("break".to_owned(), limit(15 * 60, 20 * 60)),
            ("lunch".to_owned(), limit(60 * 60, 65 * 60)),
            ("training".to_owned(), limit(60 * 60, 90 * 60)),
            ("meeting".to_owned(), limit(60 * 60, 90 * 60)),
        ]);
        Self { by_kind, by_reason }
    }
}

impl Thresholds {
    /// Sets the limit of a kind of activity.
    pub fn set(&mut self, kind: ActivityKind, limit: Limit) {
        self.by_kind.insert(kind, limit);
    }

    /// Sets the limit of an absence for one reason.
    pub fn set_away(&mut self, reason: &Reason, limit: Limit) {
        self.by_reason.insert(reason.word().to_lowercase(), limit);
    }

    /// The limit that applies to `activity`; none where time in it means nothing.
    #[must_use]
    pub fn of(&self, activity: &Activity) -> Option<Limit> {
        self.governing(activity).map(|(_, limit)| limit)
    }

    /// The limit that applies to `activity`, behind the reason whose own it is; none of that where it
    /// is the one of the kind of activity.
    #[must_use]
    pub fn governing<'a>(&self, activity: &'a Activity) -> Option<(Option<&'a Reason>, Limit)> {
        let by_reason = activity.reason().and_then(|reason| {
            self.by_reason.get(&reason.word().to_lowercase()).map(|limit| (Some(reason), *limit))
        });
        by_reason.or_else(|| self.by_kind.get(&activity.kind()).map(|limit| (None, *limit)))
    }

    /// Every limit: of which kind of activity, for which reason where it is one of a reason's own, in
    /// the order in which kinds are listed.
    #[must_use]
    pub fn all(&self) -> Vec<(ActivityKind, Option<&str>, Limit)> {
        let kinds = self.by_kind.iter().map(|(kind, limit)| (*kind, None, *limit));
        let reasons = self.by_reason.iter();
        let reasons =
            reasons.map(|(word, limit)| (ActivityKind::Away, Some(word.as_str()), *limit));
        let mut all: Vec<_> = kinds.chain(reasons).collect();
        all.sort_by_key(|(kind, reason, _)| (*kind, *reason));
        all
    }
}

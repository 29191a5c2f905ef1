//! One activity for a person from what several sources say.
//!
//! 1. A reading cannot contradict what began after it: a presence whose `as_of` is older than
//!    another's `since` is merely late, and yields.
//! 2. A source without a word for a state yields to one that has it. CxEngage has no wrap-up and no
//!    logout: beside another telephony source's wrap-up it yields, and its "away" or "logged in"
//!    yields to an observed logout that came later. Convoso's monitor has no reason for a pause, so
//!    a reason comes from whoever gives one.
//! 3. Among those that still differ the busiest wins.
//! 4. A WFM never gives the activity of a person whom a telephony source knows; it may give the
//!    missing reason of an absence.
//!
//! Stale and unknown states never win over fresh ones.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Activity, ActivityKind, Evidence, Presence, Reason, SourceKind, SourceName};

/// The one activity shown for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Headline {
    /// What the person does.
    pub activity: Activity,
    /// Since when, in our clock.
    pub since: Option<DateTime<Utc>>,
    /// The instant the winning statement describes.
    pub as_of: Option<DateTime<Utc>>,
    /// How we know.
    pub evidence: Evidence,
    /// Whose statement won; none when nobody says anything.
    pub source: Option<SourceName>,
    /// Where another telephony source says otherwise, for longer than its lag explains.
    pub conflict: Option<Conflict>,
}

/// Two telephony sources that differ, for longer than the slower one's documented lag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The other source: the one whose statement did not win.
    pub source: SourceName,
    /// What it says.
    pub activity: Activity,
    /// The instant its statement describes.
    pub as_of: DateTime<Utc>,
    /// Since when the two have differed: the later of the two beginnings.
    pub since: DateTime<Utc>,
}

impl Headline {
    /// How long the person has been at it; none when nobody says since when.
    ///
    /// A stale state's time stops at the instant the last statement described: nothing says that
    /// it went on.
    #[must_use]
    pub fn time_in_state(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let until = match (self.evidence, self.as_of) {
            (Evidence::Stale, Some(as_of)) => as_of,
            _ => now,
        };
        self.since.map(|since| (until - since).max(TimeDelta::zero()))
    }
}

/// The headline of `presences`, each paired with its evidence at `now` (staleness included).
/// `conflicting` says of which sources a difference counts: telephony, and a WFM where the config
/// says so.
#[must_use]
pub fn headline(presences: &[(&Presence, Evidence)], now: DateTime<Utc>) -> Headline {
    let telephony: Vec<_> =
        presences.iter().copied().filter(|(p, _)| p.kind.is_telephony()).collect();
    let candidates = if telephony.is_empty() { presences.to_vec() } else { telephony };
    let fresh: Vec<_> = candidates
        .iter()
        .copied()
        .filter(|(p, e)| *e != Evidence::Stale && p.activity != Activity::Unknown)
        .collect();
    if fresh.is_empty() {
        return of_doubtful(&candidates);
    }
    let standing: Vec<_> = fresh
        .iter()
        .copied()
        .filter(|(p, _)| !fresh.iter().any(|(other, e)| yields(p, other, *e)))
        .collect();
    // Yielding could be mutual only through clocks that disagree; then nobody yields.
    let standing = if standing.is_empty() { fresh } else { standing };
    let Some(&(winner, evidence)) = standing
        .iter()
        .max_by_key(|(p, _)| (p.activity.kind().busyness(), std::cmp::Reverse(p.since)))
    else {
        return of_doubtful(&candidates);
    };
    Headline {
        activity: with_reason(winner, presences),
        since: winner.since,
        as_of: Some(winner.as_of),
        evidence,
        source: Some(winner.source.clone()),
        conflict: conflict(winner, &standing, now),
    }
}

/// Whether `p` gives way to `other`, which is fresh.
fn yields(p: &Presence, other: &Presence, other_evidence: Evidence) -> bool {
    if p.source == other.source {
        return false;
    }
    let differs = p.activity.kind() != other.activity.kind();
    let late = differs && other.since.is_some_and(|since| p.as_of < since);
    let no_word = p.kind == SourceKind::CxEngage
        && match other.activity.kind() {
            ActivityKind::WrapUp => differs && p.activity != Activity::Offline,
            ActivityKind::Offline => {
                matches!(p.activity, Activity::Away(_) | Activity::LoggedIn)
                    && other_evidence == Evidence::Observed
                    && other.since.zip(p.since).is_none_or(|(theirs, ours)| theirs > ours)
            }
            _ => false,
        };
    late || no_word
}

/// When nobody says anything fresh: the newest old statement that says something, marked stale;
/// else the newest "unknown"; else nothing at all.
fn of_doubtful(candidates: &[(&Presence, Evidence)]) -> Headline {
    let newest = candidates
        .iter()
        .max_by_key(|(p, e)| (*e != Evidence::Stale, p.activity != Activity::Unknown, p.as_of));
    match newest {
        Some((p, evidence)) => Headline {
            activity: p.activity.clone(),
            since: p.since,
            as_of: Some(p.as_of),
            evidence: *evidence,
            source: Some(p.source.clone()),
            conflict: None,
        },
        None => Headline {
            activity: Activity::Unknown,
            since: None,
            as_of: None,
            evidence: Evidence::Inferred,
            source: None,
            conflict: None,
        },
    }
}

/// The winner's activity; where it is away without a reason, with the reason that another fresh
/// source, a WFM included, gives for an absence.
fn with_reason(winner: &Presence, presences: &[(&Presence, Evidence)]) -> Activity {
    if winner.activity != Activity::Away(Reason::Unspecified) {
        return winner.activity.clone();
    }
    presences
        .iter()
        .filter(|(p, e)| *e != Evidence::Stale && p.source != winner.source)
        .find_map(|(p, _)| p.activity.reason().filter(|reason| **reason != Reason::Unspecified))
        .map_or_else(|| winner.activity.clone(), |reason| Activity::Away(reason.clone()))
}

/// The first standing presence that says something else than `winner`, once the slower one's lag
/// no longer explains it.
fn conflict(
    winner: &Presence,
    standing: &[(&Presence, Evidence)],
    now: DateTime<Utc>,
) -> Option<Conflict> {
    standing.iter().find_map(|(p, _)| {
        if p.source == winner.source || p.activity.kind() == winner.activity.kind() {
            return None;
        }
        let lag = p.kind.documented_lag().max(winner.kind.documented_lag());
        let since = p.since.max(winner.since)?;
        (now - since > lag).then(|| Conflict {
            source: p.source.clone(),
            activity: p.activity.clone(),
            as_of: p.as_of,
            since,
        })
    })
}

//! One activity for a person from what several sources say.
//!
//! 1. A reading cannot contradict what began after it: a presence whose `as_of` is older than
//!    another's `since` is merely late, and yields.
//! 2. A source without a word for a state yields to one that has it. CxEngage has no wrap-up and no
//!    logout: beside another telephony source's wrap-up it yields, and its "away" or "logged in"
//!    yields to an observed logout that came later. Convoso's monitor has no reason for a pause, so
//!    a reason comes from whoever gives one.
//! 3. Among those that still differ the busiest wins. Among those that agree, an observed statement
//!    goes before a derived one, then the one that began last: before that, the other may have been
//!    outdone by something busier, and an absence must not look longer than it is.
//! 4. A WFM never gives the activity of a person whom a telephony source knows; it may give the
//!    missing reason of an absence, where it has looked since that began.
//!
//! Stale and unknown states never win over fresh ones.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Activity, ActivityKind, Evidence, Presence, Reason, SourceKind, SourceName};

/// One source's statement about a person, as it stands now.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// What it says.
    pub presence: &'a Presence,
    /// How it is known now, the staleness of the whole feed included.
    pub evidence: Evidence,
    /// Whether differing from it is a conflict: always for telephony, for a WFM only where the
    /// config says so, since its states may be kept by hand.
    pub may_conflict: bool,
}

impl Statement<'_> {
    fn is_fresh(&self) -> bool {
        self.evidence != Evidence::Stale && self.presence.activity != Activity::Unknown
    }

    fn kind(&self) -> ActivityKind {
        self.presence.activity.kind()
    }

    /// Whether it gives way to `other`, which is fresh.
    fn yields_to(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.presence, other.presence);
        if mine.source == theirs.source || self.kind() == other.kind() {
            return false;
        }
        let no_word = mine.kind == SourceKind::CxEngage
            && mine.activity != Activity::Offline
            && theirs.activity == Activity::WrapUp;
        self.is_late_for(theirs) || no_word
    }

    /// Whether it describes an instant before `other` began, and so cannot know of it.
    fn is_late_for(&self, other: &Presence) -> bool {
        other.since.is_some_and(|since| self.presence.as_of < since)
    }

    /// Whether a logout that `other` observed came after it: a source without a word for leaving
    /// cannot know of that. A logout is not undone by its source falling silent, so this holds for
    /// a stale one too.
    fn is_outlived_by(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.presence, other.presence);
        mine.kind == SourceKind::CxEngage
            && matches!(mine.activity, Activity::Away(_) | Activity::LoggedIn)
            && theirs.kind.is_telephony()
            && theirs.activity == Activity::Offline
            && theirs.evidence == Evidence::Observed
            && theirs.since.zip(mine.since).is_none_or(|(theirs, mine)| theirs > mine)
    }
}

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
    /// Where another source says otherwise, for longer than its lag explains.
    pub conflict: Option<Conflict>,
}

/// Two sources that differ, for longer than the slower one's documented lag.
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

    /// Whether nothing fresh confirms it.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.evidence == Evidence::Stale
    }
}

/// The headline of what the sources say at `now`.
#[must_use]
pub fn headline(statements: &[Statement<'_>], now: DateTime<Utc>) -> Headline {
    let telephony = |s: &&Statement<'_>| s.presence.kind.is_telephony();
    let by_telephony = statements.iter().any(|s| telephony(&s));
    let lives = |s: &&Statement<'_>| !statements.iter().any(|other| s.is_outlived_by(other));
    let candidates: Vec<_> = statements
        .iter()
        .filter(|s| (!by_telephony || telephony(s)) && lives(s))
        .copied()
        .collect();
    let fresh: Vec<_> = candidates.iter().filter(|s| s.is_fresh()).copied().collect();
    let standing: Vec<_> =
        fresh.iter().filter(|s| !fresh.iter().any(|other| s.yields_to(other))).copied().collect();
    // Clocks that disagree could make everybody yield to somebody; then nobody does.
    let standing = if standing.is_empty() { fresh } else { standing };
    let busiest = |s: &&Statement<'_>| {
        (s.kind().busyness(), s.evidence == Evidence::Observed, s.presence.since)
    };
    let Some(winner) = standing.iter().max_by_key(busiest) else {
        return of_doubtful(&candidates);
    };
    let rivals = statements
        .iter()
        .filter(|s| s.may_conflict && s.is_fresh() && lives(s))
        .filter(|s| !standing.iter().any(|other| s.yields_to(other)));
    Headline {
        activity: with_reason(winner.presence, statements),
        since: winner.presence.since,
        as_of: Some(winner.presence.as_of),
        evidence: winner.evidence,
        source: Some(winner.presence.source.clone()),
        conflict: conflict(winner.presence, rivals, now),
    }
}

/// When nobody says anything fresh: the newest old statement, marked stale, else an "unknown";
/// without any statement, unknown.
fn of_doubtful(candidates: &[Statement<'_>]) -> Headline {
    let newest = candidates
        .iter()
        .max_by_key(|s| (s.presence.activity != Activity::Unknown, s.presence.as_of));
    Headline {
        activity: newest.map_or(Activity::Unknown, |s| s.presence.activity.clone()),
        since: newest.and_then(|s| s.presence.since),
        as_of: newest.map(|s| s.presence.as_of),
        evidence: newest.map_or(Evidence::Inferred, |s| s.evidence),
        source: newest.map(|s| s.presence.source.clone()),
        conflict: None,
    }
}

/// The winner's activity; where it is away without a reason, with the reason that another fresh
/// source, a WFM included, gives for an absence. One that has not looked since it began would give
/// the reason of an earlier one.
fn with_reason(winner: &Presence, statements: &[Statement<'_>]) -> Activity {
    if winner.activity != Activity::Away(Reason::Unspecified) {
        return winner.activity.clone();
    }
    statements
        .iter()
        .filter(|s| s.is_fresh() && s.presence.source != winner.source && !s.is_late_for(winner))
        .filter_map(|s| s.presence.activity.reason())
        .find(|reason| **reason != Reason::Unspecified)
        .map_or_else(|| winner.activity.clone(), |reason| Activity::Away(reason.clone()))
}

/// The first rival that says something else than `winner`, once the slower one's lag no longer
/// explains it.
fn conflict<'a>(
    winner: &Presence,
    mut rivals: impl Iterator<Item = &'a Statement<'a>>,
    now: DateTime<Utc>,
) -> Option<Conflict> {
    rivals.find_map(|rival| {
        let other = rival.presence;
        if other.source == winner.source || rival.kind() == winner.activity.kind() {
            return None;
        }
        let lag = other.kind.documented_lag().max(winner.kind.documented_lag());
        let since = other.since.max(winner.since)?;
        (now - since > lag).then(|| Conflict {
            source: other.source.clone(),
            activity: other.activity.clone(),
            as_of: other.as_of,
            since,
        })
    })
}

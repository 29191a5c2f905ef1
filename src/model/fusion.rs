//! One activity for a person from what several sources say.
//!
//! 1. A reading cannot contradict what began after it: a presence whose `as_of` is older than
//!    another's `since` is merely late, and yields. What sip.io is doing is concluded from how its
//!    counters grew, and may have ended since: it knows of nothing newer than its documented lag.
//! 2. A source without a word for a state says the next best one. Beside a source that has the word
//!    that is no conflict, and beside a wrap-up or a ringing it yields:
//!
//!    | source | has no | and says instead |
//!    |---|---|---|
//!    | CxEngage, WFM | ringing | available, on contact |
//!    | CxEngage | wrap-up | anything but offline |
//!    | Convoso | logged in | away |
//!    | WFM, and CxEngage once the login is past | logged in | away without a reason |
//!    | Convoso, CxEngage, WFM | unreachable | available, away, logged in |
//!    | CxEngage | offline | away, logged in: yields to an observed logout that came later |
//!
//!    sip.io has all words but no reasons, like Convoso's monitor: a reason comes from the log
//!    beside the monitor, else from whoever gives one.
//! 3. Among those that still differ the busiest wins. Among those that agree, an observed statement
//!    goes before a derived one and that before an inferred one, then the one that began last:
//!    before that, the other may have been outdone by something busier, and an absence must not look
//!    longer than it is.
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
    /// The reason that the source's own log gives for an absence which the presence does not explain.
    pub logged_reason: Option<&'a Reason>,
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
        // Who is on a contact at one source and rings at another is on a contact.
        let no_word = match other.kind() {
            ActivityKind::WrapUp => self.lacks_the_word_of(other),
            ActivityKind::Ringing => {
                self.kind() == ActivityKind::Available && self.lacks_the_word_of(other)
            }
            _ => false,
        };
        self.is_late_for(theirs) || no_word
    }

    /// Whether it describes an instant before `other` began, and so cannot know of it.
    fn is_late_for(&self, other: &Presence) -> bool {
        let presence = self.presence;
        let is_concluded =
            presence.kind == SourceKind::SipIo && presence.evidence == Evidence::Inferred;
        let lag = if is_concluded { presence.kind.documented_lag() } else { TimeDelta::zero() };
        other.since.is_some_and(|since| presence.as_of - lag < since)
    }

    /// Whether its source has no word for what `other` says, and this is what it says instead: see
    /// rule 2.
    fn lacks_the_word_of(&self, other: &Self) -> bool {
        use ActivityKind::{
            Available, Away, LoggedIn, Offline, OnContact, Ringing, Unreachable, WrapUp,
        };
        use SourceKind::{Convoso, CxEngage, SipIo, Wfm};
        let mine = self.kind();
        match (self.presence.kind, other.kind()) {
            (SipIo, _) => false,
            (CxEngage | Wfm, Ringing) => matches!(mine, Available | OnContact),
            (CxEngage, WrapUp) => mine != Offline,
            (Convoso, LoggedIn) => mine == Away,
            (CxEngage | Wfm, LoggedIn) => {
                self.presence.activity == Activity::Away(Reason::Unspecified)
            }
            (Convoso | CxEngage | Wfm, Unreachable) => matches!(mine, Available | Away | LoggedIn),
            _ => false,
        }
    }

    /// What it says; a pause that the source's own log explains, with that reason.
    fn activity(&self) -> Activity {
        match (&self.presence.activity, self.logged_reason) {
            (Activity::Away(Reason::Unspecified), Some(reason)) => Activity::Away(reason.clone()),
            (activity, _) => activity.clone(),
        }
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
    let busiest = |s: &&Statement<'_>| (s.kind().busyness(), s.evidence.weight(), s.presence.since);
    let Some(winner) = standing.iter().max_by_key(busiest) else {
        return of_doubtful(&candidates);
    };
    let rivals = statements
        .iter()
        .filter(|s| s.may_conflict && s.is_fresh() && lives(s))
        .filter(|s| !standing.iter().any(|other| s.yields_to(other)));
    Headline {
        activity: with_reason(winner, statements),
        since: winner.presence.since,
        as_of: Some(winner.presence.as_of),
        evidence: winner.evidence,
        source: Some(winner.presence.source.clone()),
        conflict: conflict(winner, rivals, now),
    }
}

/// When nobody says anything fresh: the newest old statement, marked stale, else an "unknown";
/// without any statement, unknown.
fn of_doubtful(candidates: &[Statement<'_>]) -> Headline {
    let newest = candidates
        .iter()
        .max_by_key(|s| (s.presence.activity != Activity::Unknown, s.presence.as_of));
    Headline {
        activity: newest.map_or(Activity::Unknown, Statement::activity),
        since: newest.and_then(|s| s.presence.since),
        as_of: newest.map(|s| s.presence.as_of),
        evidence: newest.map_or(Evidence::Inferred, |s| s.evidence),
        source: newest.map(|s| s.presence.source.clone()),
        conflict: None,
    }
}

/// The winner's activity; where it is away without a reason and its own log gives none, with the
/// reason that another fresh source, a WFM included, gives for an absence. One that has not looked
/// since it began would give the reason of an earlier one.
fn with_reason(winner: &Statement<'_>, statements: &[Statement<'_>]) -> Activity {
    let activity = winner.activity();
    if activity != Activity::Away(Reason::Unspecified) {
        return activity;
    }
    statements
        .iter()
        .filter(|s| s.presence.source != winner.presence.source)
        .filter(|s| s.is_fresh() && !s.is_late_for(winner.presence))
        .map(Statement::activity)
        .find(|other| other.reason().is_some_and(|reason| *reason != Reason::Unspecified))
        .unwrap_or(activity)
}

/// The first rival that says something else than `winner`, once the slower one's lag no longer
/// explains it. That one of the two has no word for what the other says is no conflict.
fn conflict<'a>(
    winner: &Statement<'_>,
    mut rivals: impl Iterator<Item = &'a Statement<'a>>,
    now: DateTime<Utc>,
) -> Option<Conflict> {
    rivals.find_map(|rival| {
        let (mine, theirs) = (winner.presence, rival.presence);
        let is_one = theirs.source == mine.source || rival.kind() == winner.kind();
        if is_one || rival.lacks_the_word_of(winner) || winner.lacks_the_word_of(rival) {
            return None;
        }
        let lag = theirs.kind.documented_lag().max(mine.kind.documented_lag());
        let since = theirs.since.max(mine.since)?;
        (now - since > lag).then(|| Conflict {
            source: theirs.source.clone(),
            activity: rival.activity(),
            as_of: theirs.as_of,
            since,
        })
    })
}

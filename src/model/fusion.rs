//! One activity for a person from what several sources say: now, and at every instant of the past.
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
//! 5. That a whole list never had somebody says "offline" where nobody says more ([`not_listed`]).
//!
//! Stale and unknown states never win over fresh ones. But what is fresh yields by rules 1 and 2 to what
//! a phone system said last that has fallen silent: that one cannot take back what it said, and the
//! other one has not contradicted it. Where nothing fresh is left then, the last known state stands,
//! stale, with the reason that was known for it.

mod account;
mod not_listed;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use account::weighed;
pub use account::{Fate, Weighed};
pub(super) use not_listed::heard;

use super::{
    Activity, ActivityKind, Evidence, Feed, Presence, Reason, SourceKind, SourceName, Spell,
};

/// One source's statement about a person: as it stands now, or as it stood at an instant of the past.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'a> {
    /// Who says it.
    pub source: &'a SourceName,
    /// What kind of system that is.
    pub kind: SourceKind,
    /// What it says.
    pub activity: &'a Activity,
    /// Since when, in our clock; none where it does not say.
    pub since: Option<DateTime<Utc>>,
    /// How far the source has been heard of the person, in our clock: it knows of nothing later.
    pub as_of: DateTime<Utc>,
    /// How the source knew it, whatever has become of the source since.
    pub origin: Evidence,
    /// How it is known at the instant judged, the staleness of the whole feed included.
    pub evidence: Evidence,
    /// The reason that the source's own log gives for an absence which the statement does not explain.
    pub logged_reason: Option<&'a Reason>,
    /// Whether differing from it is a conflict: always for telephony, for a WFM only where the
    /// config says so, since its states may be kept by hand.
    pub may_conflict: bool,
    /// Whether it follows from a list that never had the person.
    pub is_not_listed: bool,
    /// Whether it is so old that nobody believes it; see [`Presence::disbelieved_from`].
    pub is_disbelieved: bool,
}

impl<'a> Statement<'a> {
    /// What `presence` says, known as `evidence`, with what `presence` itself does not know left out.
    #[must_use]
    pub fn of(presence: &'a Presence, evidence: Evidence) -> Self {
        Self {
            source: &presence.source,
            kind: presence.kind,
            activity: &presence.activity,
            since: presence.since,
            as_of: presence.as_of,
            origin: presence.evidence,
            evidence,
            logged_reason: None,
            may_conflict: presence.kind.is_telephony(),
            is_not_listed: presence.is_not_listed(),
            is_disbelieved: presence.disbelieved_from().is_some(),
        }
    }

    /// What `feed`, which is silent, said last: `spell`, since `since` as far as it told of it.
    pub(super) fn last_word(
        feed: &'a Feed,
        spell: &'a Spell,
        since: DateTime<Utc>,
        as_of: DateTime<Utc>,
    ) -> Self {
        Self {
            source: &feed.name,
            kind: feed.kind,
            activity: &spell.activity,
            since: Some(since),
            as_of,
            origin: spell.evidence,
            evidence: Evidence::Stale,
            logged_reason: None,
            may_conflict: feed.may_conflict,
            is_not_listed: false,
            is_disbelieved: false,
        }
    }

    /// Whether it is current and says anything.
    pub(super) fn is_fresh(&self) -> bool {
        self.evidence != Evidence::Stale && *self.activity != Activity::Unknown
    }

    fn word(&self) -> ActivityKind {
        self.activity.kind()
    }

    /// Whether it gives way to `other`, which is fresh.
    fn yields_to(&self, other: &Self) -> bool {
        if self.source == other.source || self.word() == other.word() {
            return false;
        }
        // Who is on a contact at one source and rings at another is on a contact.
        let no_word = match other.word() {
            ActivityKind::WrapUp => self.lacks_the_word_of(other),
            ActivityKind::Ringing => {
                self.word() == ActivityKind::Available && self.lacks_the_word_of(other)
            }
            _ => false,
        };
        self.is_late_for(other) || no_word
    }

    /// Whether it leaves open what `last`, the last word of a phone system that has fallen silent, said:
    /// it has not been heard since that began, or has no word for it and has said nothing new since.
    fn has_not_answered(&self, last: &Self) -> bool {
        last.is_silent()
            && self.source != last.source
            && (self.is_late_for(last) || self.yields_to(last) && self.says_nothing_new(last))
    }

    /// Whether it was outdone by what `last` said while that was confirmed, and has said nothing new since:
    /// silence proves nobody right, so that the two go on to differ.
    pub(super) fn was_outdone_by(&self, last: &Self) -> bool {
        last.is_silent()
            && self.word().busyness() < last.word().busyness()
            && self.says_nothing_new(last)
    }

    /// Whether it is the last word of a phone system that has fallen silent, and is still believed.
    fn is_silent(&self) -> bool {
        self.kind.is_telephony()
            && self.evidence == Evidence::Stale
            && *self.activity != Activity::Unknown
            && !self.is_disbelieved
    }

    fn says_nothing_new(&self, last: &Self) -> bool {
        self.since.zip(last.since).is_none_or(|(since, last)| since <= last)
    }

    /// Since when it is so as far as anybody has said: a phone system that has fallen silent may have seen
    /// the same begin later, took nothing back, and is told as among those that agree.
    fn begun(&self, statements: &[Self]) -> Option<DateTime<Utc>> {
        let is_same = |last: &&Self| {
            last.is_silent()
                && last.word() == self.word()
                && last.origin.weight() >= self.origin.weight()
                && last.since <= Some(self.as_of)
        };
        let later = statements.iter().filter(is_same).filter_map(|last| last.since).max();
        self.since.map(|since| since.max(later.unwrap_or(since)))
    }

    /// Whether it describes an instant before `other` began, and so cannot know of it.
    fn is_late_for(&self, other: &Self) -> bool {
        let is_concluded = self.kind == SourceKind::SipIo && self.origin == Evidence::Inferred;
        let lag = if is_concluded { self.kind.documented_lag() } else { TimeDelta::zero() };
        other.since.is_some_and(|since| self.as_of - lag < since)
    }

    /// Whether its source has no word for what `other` says, and this is what it says instead: see
    /// rule 2.
    fn lacks_the_word_of(&self, other: &Self) -> bool {
        use ActivityKind::{
            Available, Away, LoggedIn, Offline, OnContact, Ringing, Unreachable, WrapUp,
        };
        use SourceKind::{Convoso, CxEngage, SipIo, Wfm};
        let mine = self.word();
        match (self.kind, other.word()) {
            (SipIo, _) => false,
            (CxEngage | Wfm, Ringing) => matches!(mine, Available | OnContact),
            (CxEngage, WrapUp) => mine != Offline,
            (Convoso, LoggedIn) => mine == Away,
            (CxEngage | Wfm, LoggedIn) => *self.activity == Activity::Away(Reason::Unspecified),
            (Convoso | CxEngage | Wfm, Unreachable) => matches!(mine, Available | Away | LoggedIn),
            _ => false,
        }
    }

    /// What it says; a pause that the source's own log explains, with that reason.
    fn told(&self) -> Activity {
        match (self.activity, self.logged_reason) {
            (Activity::Away(Reason::Unspecified), Some(reason)) => Activity::Away(reason.clone()),
            (activity, _) => activity.clone(),
        }
    }

    /// Whether a logout that `other` observed came after it: a source without a word for leaving
    /// cannot know of that. A logout is not undone by its source falling silent, so this holds for
    /// a stale one too.
    fn is_outlived_by(&self, other: &Self) -> bool {
        self.kind == SourceKind::CxEngage
            && matches!(self.activity, Activity::Away(_) | Activity::LoggedIn)
            && other.kind.is_telephony()
            && *other.activity == Activity::Offline
            && other.origin == Evidence::Observed
            && other.since.zip(self.since).is_none_or(|(theirs, mine)| theirs > mine)
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
    /// Whether it is the word of a log without calls, for want of its monitor's.
    pub by_log: bool,
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

    /// Whether the system that knows best says so now: it is neither stale nor only a log's word.
    #[must_use]
    pub fn is_current(&self) -> bool {
        !self.is_stale() && !self.by_log
    }
}

/// Who is right among several sources.
struct Verdict<'a> {
    /// Whose word may be given for the activity; a WFM's only where no telephony source speaks.
    candidates: Vec<Statement<'a>>,
    /// The fresh ones of these that yield to nobody.
    standing: Vec<Statement<'a>>,
    /// The one that is right.
    winner: Option<Statement<'a>>,
}

/// Judges what the sources say of one instant.
fn judge<'a>(statements: &[Statement<'a>]) -> Verdict<'a> {
    let by_telephony = statements.iter().any(|s| s.kind.is_telephony());
    let candidates: Vec<_> = statements
        .iter()
        .filter(|s| !by_telephony || s.kind.is_telephony())
        .filter(|s| lives(s, statements))
        .copied()
        .collect();
    let fresh: Vec<_> = candidates.iter().filter(|s| s.is_fresh()).copied().collect();
    let standing: Vec<_> =
        fresh.iter().filter(|s| !fresh.iter().any(|other| s.yields_to(other))).copied().collect();
    // Clocks that disagree could make everybody yield to somebody; then nobody does.
    let standing = if standing.is_empty() { fresh } else { standing };
    let busiest = |s: &&Statement<'_>| (s.word().busyness(), s.evidence.weight(), s.since);
    let winner = standing.iter().max_by_key(busiest).copied();
    Verdict { candidates, standing, winner }
}

/// Whether no observed logout came after it; see rule 2.
fn lives(statement: &Statement<'_>, statements: &[Statement<'_>]) -> bool {
    !statements.iter().any(|other| statement.is_outlived_by(other))
}

/// The headline of what the sources say at `now`.
#[must_use]
pub fn headline(statements: &[Statement<'_>], now: DateTime<Utc>) -> Headline {
    let statements = &*not_listed::heard(statements);
    let leaves_open = |s: &Statement<'_>| statements.iter().any(|last| s.has_not_answered(last));
    let answering: Vec<_> = statements.iter().filter(|s| !leaves_open(s)).copied().collect();
    let Verdict { candidates, standing, winner } = judge(&answering);
    let Some(winner) = winner else { return last_known(&candidates, statements) };
    let rivals = statements
        .iter()
        .filter(|s| s.may_conflict && lives(s, statements))
        .filter(|s| s.is_fresh() || winner.was_outdone_by(s))
        .filter(|s| !standing.iter().any(|other| s.yields_to(other)));
    Headline {
        activity: with_reason(&winner, statements),
        since: winner.begun(statements),
        as_of: Some(winner.as_of),
        evidence: winner.evidence,
        source: Some(winner.source.clone()),
        conflict: conflict(&winner, rivals, now),
        by_log: false,
    }
}

/// What all sources together say of an instant of the past, and whose word it is; none where nobody
/// fresh says anything. What the sources differed about is over and no conflict.
pub(super) fn verdict<'a>(statements: &[Statement<'a>]) -> Option<(Activity, Statement<'a>)> {
    let by_telephony = statements.iter().any(|s| s.kind.is_telephony());
    let mut heard = statements.iter().filter(|s| !by_telephony || s.kind.is_telephony());
    let winner = match (heard.next(), heard.next()) {
        // Nobody can contradict it. So it is with most people, and for every stretch of their day.
        (Some(only), None) => Some(*only).filter(Statement::is_fresh),
        _ => judge(statements).winner,
    }?;
    Some((with_reason(&winner, statements), winner))
}

/// Sources that fall silent at one time were last read within this of each other, unless a config has them
/// read more seldom: then the one that was read last is judged alone.
const TOGETHER: TimeDelta = TimeDelta::minutes(1);

/// When nobody says anything fresh: the last known state, marked stale, else an "unknown"; without any
/// statement, unknown. Several sources that fell silent together are judged as they were before, since
/// what was the state then is not another one for not being confirmed any more.
fn last_known(candidates: &[Statement<'_>], statements: &[Statement<'_>]) -> Headline {
    let known = |s: &&Statement<'_>| *s.activity != Activity::Unknown;
    let newest = candidates.iter().filter(known).map(|s| s.as_of).max();
    let together = candidates.iter().filter(known);
    let together = together.filter(|s| newest.is_some_and(|newest| newest - s.as_of <= TOGETHER));
    let before: Vec<_> = together.map(|s| Statement { evidence: s.origin, ..*s }).collect();
    let last = judge(&before).winner.map(|s| Statement { evidence: Evidence::Stale, ..s });
    // A state that a source itself has taken back may be among them, of which nothing was fresh even then.
    let last = last.or_else(|| candidates.iter().max_by_key(|s| (known(s), s.as_of)).copied());
    Headline {
        activity: last.map_or(Activity::Unknown, |last| with_reason(&last, statements)),
        since: last.and_then(|s| s.since),
        as_of: last.map(|s| s.as_of),
        evidence: last.map_or(Evidence::Inferred, |s| s.evidence),
        source: last.map(|s| s.source.clone()),
        conflict: None,
        by_log: false,
    }
}

/// The winner's activity; where it is away without a reason and its own log gives none, with the
/// reason that another source, a WFM included, gives for an absence. One that has not looked since it
/// began would give the reason of an earlier one; one that has fallen silent after it looked gave the
/// reason of this one all the same, which the silence does not take back.
fn with_reason(winner: &Statement<'_>, statements: &[Statement<'_>]) -> Activity {
    let activity = winner.told();
    if activity != Activity::Away(Reason::Unspecified) {
        return activity;
    }
    giving_reason(winner, statements).map_or(activity, Statement::told)
}

/// Whose reason of an absence is that of `winner`, which gives none; one that is fresh before others.
fn giving_reason<'a, 'b>(
    winner: &Statement<'_>,
    statements: &'b [Statement<'a>],
) -> Option<&'b Statement<'a>> {
    let explains = |s: &&Statement<'_>| {
        let told = s.told();
        s.source != winner.source
            && !s.is_late_for(winner)
            && told.reason().is_some_and(|reason| *reason != Reason::Unspecified)
    };
    let mut explaining = statements.iter().filter(explains);
    let first = explaining.clone().find(|s| s.is_fresh());
    first.or_else(|| explaining.next())
}

/// The first rival that says something else than `winner`, once the slower one's lag no longer
/// explains it. That one of the two has no word for what the other says is no conflict.
fn conflict<'a>(
    winner: &Statement<'_>,
    mut rivals: impl Iterator<Item = &'a Statement<'a>>,
    now: DateTime<Utc>,
) -> Option<Conflict> {
    rivals.find_map(|rival| {
        let is_one = rival.source == winner.source || rival.word() == winner.word();
        if is_one || rival.lacks_the_word_of(winner) || winner.lacks_the_word_of(rival) {
            return None;
        }
        let lag = rival.kind.documented_lag().max(winner.kind.documented_lag());
        let since = rival.since.max(winner.since)?;
        (now - since > lag).then(|| Conflict {
            source: rival.source.clone(),
            activity: rival.told(),
            as_of: rival.as_of,
            since,
        })
    })
}

#[cfg(test)]
mod tests;

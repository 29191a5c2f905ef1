//! What became of each source's statement when the headline was made, and by which of the rules.

use super::{Headline, Statement, giving_reason, heard};
use crate::model::{Activity, Evidence, Reason, SourceName};

/// What became of one source's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is the headline.
    Won,
    /// It says the same, and another one's word goes before it.
    Agrees,
    /// It says something else, less busy than the headline.
    Outdone,
    /// It describes an instant before what this other source says began, and cannot know of it.
    Late(SourceName),
    /// Its source has no word for what this other source says.
    NoWord(SourceName),
    /// Its source cannot know of the logout that this other source observed later.
    LeftSince(SourceName),
    /// Nothing fresh confirms it.
    Stale,
    /// It says that nobody can say.
    Unknown,
    /// It follows from a list that never had the person, and somebody else says more.
    NotListed,
    /// A WFM's, of somebody whom a telephony source knows: it never gives the activity.
    OnlyAWfm,
}

/// What became of one source's statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Whose.
    pub source: SourceName,
    /// How it is known now.
    pub evidence: Evidence,
    /// What became of it.
    pub fate: Fate,
    /// Whether the headline's reason of an absence is its.
    pub gave_reason: bool,
}

/// What became of each of `statements` when they made `headline`.
pub(in crate::model) fn weighed(statements: &[Statement<'_>], headline: &Headline) -> Vec<Weighed> {
    let source = |s: &Statement<'_>| s.source.clone();
    let won = |s: &Statement<'_>| headline.source.as_ref() == Some(s.source);
    let heard = heard(statements);
    let is_heard = |s: &Statement<'_>| heard.iter().any(|other| other.source == s.source);
    let by_telephony = heard.iter().any(|s| s.kind.is_telephony());
    let unexplained = |winner: &&Statement<'_>| {
        let told = winner.told();
        told == Activity::Away(Reason::Unspecified) && headline.activity != told
    };
    let winner = statements.iter().find(|s| won(s)).filter(unexplained);
    let explained_by = winner.and_then(|winner| giving_reason(winner, statements)).map(source);
    let weigh = |s: &Statement<'_>| Weighed {
        source: source(s),
        evidence: s.evidence,
        fate: match s {
            s if won(s) => Fate::Won,
            s if !is_heard(s) => Fate::NotListed,
            s => fate(s, &heard, headline, by_telephony),
        },
        gave_reason: explained_by == Some(source(s)),
    };
    statements.iter().map(weigh).collect()
}

/// What became of `statement`, which did not win.
fn fate(
    statement: &Statement<'_>,
    all: &[Statement<'_>],
    headline: &Headline,
    by_telephony: bool,
) -> Fate {
    let source = |s: &Statement<'_>| s.source.clone();
    let may_win = |s: &Statement<'_>| !by_telephony || s.kind.is_telephony();
    let lives = |s: &Statement<'_>| !all.iter().any(|other| s.is_outlived_by(other));
    if !may_win(statement) {
        return Fate::OnlyAWfm;
    }
    if let Some(other) = all.iter().find(|other| statement.is_outlived_by(other)) {
        return Fate::LeftSince(source(other));
    }
    if !statement.is_fresh() {
        let says_so = *statement.activity == Activity::Unknown;
        return if says_so { Fate::Unknown } else { Fate::Stale };
    }
    let counts = |s: &&Statement<'_>| s.is_fresh() || statement.has_not_answered(s);
    let mut rivals = all.iter().filter(|s| may_win(s) && lives(s)).filter(counts);
    match rivals.find(|other| statement.yields_to(other)) {
        Some(other) if statement.is_late_for(other) => Fate::Late(source(other)),
        Some(other) => Fate::NoWord(source(other)),
        None if statement.word() == headline.activity.kind() => Fate::Agrees,
        None => Fate::Outdone,
    }
}

//! Several people as they stand at one instant: how many do what, want attention, got lost, do what is
//! scheduled.

use std::collections::BTreeMap;

use super::{Adherence, Due, Finding, FlagKind, HeadCount, Severity};
use crate::model::{Headline, Totals};

/// How many people have a flag.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flagged {
    /// All of them.
    pub all: usize,
    /// Of these, whose state is less than the word of the system that knows best: they have the flag that
    /// they had when it was heard last.
    pub doubtful: usize,
}

/// How many people need attention, by their most urgent finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attention {
    /// Wants someone to act.
    pub critical: Flagged,
    /// Wants an eye on it.
    pub warn: Flagged,
}

/// Several people as they stand at one instant, each counted once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Muster {
    /// By what they do.
    pub totals: Totals,
    /// By how they stand to their schedule.
    pub head_count: HeadCount,
    /// How many vanished or are forgotten.
    pub lost: usize,
    /// Whose shift begins about now.
    pub due: Due,
    flagged: BTreeMap<(Severity, FlagKind), usize>,
    /// Of those with a flag, how many are so by a state in doubt.
    doubtful: BTreeMap<Severity, usize>,
}

impl Muster {
    /// Counts one more; `findings` are the person's, most urgent first.
    pub fn add(
        &mut self,
        headline: &Headline,
        findings: &[Finding],
        adherence: Option<&Adherence>,
        is_lost: bool,
    ) {
        self.totals.add(headline);
        self.head_count.add(adherence);
        self.lost += usize::from(is_lost);
        if let Some(most) = findings.first() {
            *self.flagged.entry((most.severity, most.kind)).or_default() += 1;
            if !headline.is_current() {
                *self.doubtful.entry(most.severity).or_default() += 1;
            }
        }
    }

    /// How many have a flag, by the most urgent one.
    #[must_use]
    pub fn attention(&self) -> Attention {
        let having = |severity| Flagged {
            all: self.flagged(severity).map(|(_, count)| count).sum(),
            doubtful: self.doubtful.get(&severity).copied().unwrap_or(0),
        };
        Attention { critical: having(Severity::Critical), warn: having(Severity::Warn) }
    }

    /// What the most urgent flag is of those of whom it is `severity`, and of how many.
    pub fn flagged(&self, severity: Severity) -> impl Iterator<Item = (FlagKind, usize)> {
        let of_it = move |((of, kind), count): (&(Severity, FlagKind), &usize)| {
            (*of == severity).then_some((*kind, *count))
        };
        self.flagged.iter().filter_map(of_it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Activity, Evidence};

    #[test]
    fn a_flag_by_a_state_in_doubt_is_counted_apart() {
        let flag = |severity| Finding {
            kind: FlagKind::OverThreshold,
            severity,
            since: None,
            text: String::new(),
        };
        let states =
            [(Evidence::Observed, false), (Evidence::Stale, false), (Evidence::Derived, true)];
        let mut muster = Muster::default();
        for (evidence, by_log) in states {
            let headline = Headline {
                activity: Activity::WrapUp,
                since: None,
                as_of: None,
                evidence,
                source: None,
                conflict: None,
                by_log,
            };
            muster.add(&headline, &[flag(Severity::Critical)], None, false);
            muster.add(&headline, &[], None, false);
        }
        let critical = Flagged { all: 3, doubtful: 2 };
        assert_eq!(muster.attention(), Attention { critical, warn: Flagged::default() });
    }
}

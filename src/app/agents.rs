//! The list of agents: who is in it and in which order.

use chrono::{DateTime, Utc};

use super::App;
use crate::model::{Headline, PersonId};
use crate::rules::{Adherence, Finding, Severity};

/// One person in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whom.
    pub id: PersonId,
    /// The index into the shown floor's people.
    pub person: usize,
    /// What the person does.
    pub headline: Headline,
    /// What wants attention, most urgent first.
    pub findings: Vec<Finding>,
    /// What the schedule wants.
    pub adherence: Option<Adherence>,
}

impl Row {
    /// The most urgent finding's severity.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

/// What the agents are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Who needs me: most urgent first, then longest in state.
    Attention,
    /// Longest in state first.
    Time,
    /// By state, busiest first, then longest.
    State,
    /// By name.
    Name,
    /// By queue, then name.
    Queue,
    /// Most calls first.
    Calls,
}

impl Sort {
    /// Every order, in the order in which a key goes through them.
    pub const ALL: [Self; 6] =
        [Self::Attention, Self::Time, Self::State, Self::Name, Self::Queue, Self::Calls];

    /// The word shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Time => "time",
            Self::State => "state",
            Self::Name => "name",
            Self::Queue => "queue",
            Self::Calls => "calls",
        }
    }

    pub(super) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

impl App {
    /// Makes the rows anew from the shown floor.
    pub(super) fn refresh(&mut self, now: DateTime<Utc>) {
        let _ = now; // (stub)
    }
}

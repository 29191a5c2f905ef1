//! The list of agents: who is in it and in which order.

use std::cmp::{Ordering, Reverse};
use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::filter::matching;
use super::{App, Attention};
use crate::model::{Floor, Headline, Person, PersonId, Presence};
use crate::rules::{self, Adherence, Finding, FlagKind, Severity};

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

    fn compare(self, floor: &Floor, a: &Row, b: &Row) -> Ordering {
        let person = |row: &Row| floor.people().get(row.person);
        let name = |row: &Row| person(row).map(|p| p.name.to_lowercase());
        let work = |row: &Row| person(row).and_then(Person::work);
        // Longest first: the earliest beginning; who has none comes last.
        let time = |row: &Row| (row.headline.since.is_none(), row.headline.since);
        // The offline and the unknown need nobody: a floor is read from the top.
        let absent = |row: &Row| row.headline.activity.kind().busyness() < 2;
        match self {
            Self::Attention => {
                let key = |r: &Row| (Reverse(r.severity()), absent(r), time(r));
                key(a).cmp(&key(b))
            }
            Self::Time => (absent(a), time(a)).cmp(&(absent(b), time(b))),
            Self::State => {
                let key = |r: &Row| (Reverse(r.headline.activity.kind().busyness()), time(r));
                key(a).cmp(&key(b))
            }
            Self::Name => name(a).cmp(&name(b)),
            Self::Queue => {
                let queue = |r: &Row| work(r).and_then(|w| w.queue_or_id().or(w.campaign_or_id()));
                let key = |r: &Row| (queue(r).is_none(), queue(r), name(r));
                key(a).cmp(&key(b))
            }
            Self::Calls => {
                let key = |r: &Row| Reverse(work(r).and_then(|w| w.calls_today));
                key(a).cmp(&key(b))
            }
        }
    }
}

impl App {
    /// Everybody on `floor` as a row at `now`, in the floor's order.
    pub(super) fn rows_of(&self, floor: &Floor, now: DateTime<Utc>) -> Vec<Row> {
        floor.people().iter().enumerate().map(|(index, p)| self.row(floor, index, p, now)).collect()
    }

    fn row(&self, floor: &Floor, index: usize, person: &Person, now: DateTime<Utc>) -> Row {
        let headline = floor.headline(person, now);
        Row {
            id: person.id.clone(),
            person: index,
            findings: self.findings(floor, person, &headline, now),
            adherence: rules::adherence(floor, person, &headline, now),
            headline,
        }
    }

    /// What the rules find, less what the supervisor did: whom a logout of theirs sent away did not
    /// vanish.
    fn findings(
        &self,
        floor: &Floor,
        person: &Person,
        headline: &Headline,
        now: DateTime<Utc>,
    ) -> Vec<Finding> {
        let mut found = rules::findings(floor, person, headline, &self.setup.limits, now);
        let sent_away = |p: &Presence| {
            self.tracked.iter().any(|t| t.attempt.target == p.key() && t.looks_gone())
        };
        if person.presences.iter().any(sent_away) {
            found.retain(|finding| finding.kind != FlagKind::Vanished);
        }
        found
    }

    /// Makes the rows anew from the shown floor. Before any source has spoken there are none: a
    /// roster alone is no floor, and nobody can be selected who is not shown.
    pub(super) fn refresh(&mut self, now: DateTime<Utc>) {
        let (floor, at) = self.shown(now);
        let spoken = floor.feeds().iter().any(|feed| feed.read_at.is_some());
        let mut rows = if spoken { self.rows_of(floor, at) } else { Vec::new() };
        let mut adherence_rows: Vec<_> =
            rows.iter().filter(|row| row.adherence.is_some()).cloned().collect();
        adherence_rows.sort_by_cached_key(|row| adherence_order(floor, row));
        let having = |severity| rows.iter().filter(|r| r.severity() == Some(severity)).count();
        let attention =
            Attention { critical: having(Severity::Critical), warn: having(Severity::Warn) };
        let people = floor.people();
        if !self.search.is_empty() {
            let names = people.iter().map(|person| person.name.as_str());
            let found: HashSet<_> = matching(&self.search, names).into_iter().collect();
            rows.retain(|row| found.contains(&row.person));
        }
        rows.retain(|row| people.get(row.person).is_some_and(|p| self.filter.admits(row, p)));
        rows.sort_by(|a, b| {
            let order = self.sort.compare(floor, a, b);
            let order = if self.reverse { order.reverse() } else { order };
            order.then_with(|| a.id.cmp(&b.id))
        });
        self.rows = rows;
        self.adherence_rows = adherence_rows;
        self.attention = attention;
        self.refresh_alerts(now);
        self.look_again(now);
    }
}

/// Out of adherence first, the longest before the others; then who cannot be judged, then the rest.
fn adherence_order(floor: &Floor, row: &Row) -> (u8, bool, Option<DateTime<Utc>>, Option<String>) {
    let rank = row.adherence.as_ref().map_or(3, |adherence| match adherence.adherent {
        Some(false) if !adherence.held_by_call => 0,
        Some(false) => 1,
        None => 2,
        Some(true) => 3,
    });
    let out_since = row.adherence.as_ref().and_then(|adherence| adherence.out_since);
    let name = floor.people().get(row.person).map(|person| person.name.to_lowercase());
    (rank, out_since.is_none(), out_since, name)
}

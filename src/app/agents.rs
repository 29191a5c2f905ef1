//! The list of agents: who is in it and in which order.

use std::cmp::{Ordering, Reverse};

use chrono::{DateTime, TimeDelta, Utc};

use super::search::Sought;
use super::{App, Effect, Page};
use crate::model::{Floor, Headline, Person, PersonId, Presence};
use crate::rules::{
    self, Adherence, Due, Finding, FlagKind, Lost, Muster, Severity, Share, due_at,
};

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
    /// How they got lost, where they did.
    pub lost: Option<Lost>,
    /// Occupancy of the day; only while the list is sorted by it.
    pub occupancy_pct: Option<f64>,
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
    /// Highest occupancy of the day first.
    Occupancy,
}

impl Sort {
    /// Every order, in the order in which a key goes through them.
    pub const ALL: [Self; 7] = [
        Self::Attention,
        Self::Time,
        Self::State,
        Self::Name,
        Self::Queue,
        Self::Calls,
        Self::Occupancy,
    ];

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
            Self::Occupancy => "occupancy",
        }
    }

    pub(super) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|sort| *sort == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }

    /// The names by which people are listed in this order, in the floor's order of people; none where it
    /// does not go by them.
    fn names(self, floor: &Floor) -> Vec<String> {
        let by_name = matches!(self, Self::Name | Self::Queue);
        let people = floor.people().iter().filter(|_| by_name);
        people.map(|person| person.name.to_lowercase()).collect()
    }

    fn compare(self, floor: &Floor, names: &[String], a: &Row, b: &Row) -> Ordering {
        let person = |row: &Row| floor.people().get(row.person);
        let name = |row: &Row| names.get(row.person);
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
            // Without an occupancy there is none to be compared: last.
            Self::Occupancy => {
                let key = |r: &Row| r.occupancy_pct.unwrap_or(f64::NEG_INFINITY);
                key(b).total_cmp(&key(a))
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
        let adherence = rules::adherence(floor, person, &headline, now);
        Row {
            id: person.id.clone(),
            person: index,
            findings: self.findings(floor, person, &headline, adherence.as_ref(), now),
            adherence,
            lost: self.lost_of(floor, person, &headline, now),
            occupancy_pct: self.occupancy_to_sort_by(floor, &person.id, now),
            headline,
        }
    }

    fn occupancy_to_sort_by(
        &self,
        floor: &Floor,
        id: &PersonId,
        now: DateTime<Utc>,
    ) -> Option<f64> {
        if self.sort != Sort::Occupancy {
            return None;
        }
        self.shown_ledger().person(floor, id, now)?.occupancy.map(Share::pct)
    }

    /// How `person` got lost; whom a logout from here sent away did not vanish.
    fn lost_of(
        &self,
        floor: &Floor,
        person: &Person,
        headline: &Headline,
        now: DateTime<Utc>,
    ) -> Option<Lost> {
        let lost = rules::lost(floor, person, headline, now)?;
        let vanished = matches!(lost, Lost::Vanished { .. });
        (!vanished || !self.was_sent_away(person)).then_some(lost)
    }

    /// Whether a logout from here sent `person` away.
    fn was_sent_away(&self, person: &Person) -> bool {
        let target = |p: &Presence| {
            self.tracked.iter().any(|t| t.attempt.target == p.key() && t.looks_gone())
        };
        person.presences.iter().any(target)
    }

    /// What the rules find, less what the supervisor did: whom a logout of theirs sent away did not
    /// vanish.
    fn findings(
        &self,
        floor: &Floor,
        person: &Person,
        headline: &Headline,
        adherence: Option<&Adherence>,
        now: DateTime<Utc>,
    ) -> Vec<Finding> {
        let limits = &self.setup.limits;
        let mut found = rules::findings_beside(floor, person, headline, adherence, limits, now);
        if self.was_sent_away(person) {
            found.retain(|finding| finding.kind != FlagKind::Vanished);
        }
        found
    }

    /// Makes the rows anew from the shown floor. Before any source has spoken there are none: a
    /// roster alone is no floor, and nobody can be selected who is not shown. Our own alerts go by
    /// the floor as it is.
    pub(super) fn refresh(&mut self, now: DateTime<Utc>) -> Option<Effect> {
        let mut rows = self.spoken_rows(&self.floor, now);
        let kept = self.watch_over(&rows, now);
        if let Some((frozen, at)) = &self.frozen {
            rows = self.spoken_rows(frozen, *at);
        }
        let (floor, at) = self.shown(now);
        let mut muster = mustered(floor, &rows, at, None);
        muster.due = whose_shift_begins(floor, &rows, self.setup.limits.adherence.grace, at);
        let team_muster =
            self.filter.team.as_deref().map(|team| mustered(floor, &rows, at, Some(team)));
        let is_scheduled = |row: &&Row| self.page == Page::Adherence && row.adherence.is_some();
        let mut adherence_rows: Vec<_> = rows.iter().filter(is_scheduled).cloned().collect();
        adherence_rows.sort_by_cached_key(|row| adherence_order(floor, row));
        let people = floor.people();
        if !self.search.is_empty() {
            let sought = Sought::of(&self.search);
            rows.retain(|row| people.get(row.person).is_some_and(|p| sought.is(floor, p)));
        }
        rows.retain(|row| people.get(row.person).is_some_and(|p| self.filter.admits(row, p)));
        let (lost_first, names) = (self.filter.lost, self.sort.names(floor));
        rows.sort_by(|a, b| {
            let order = if lost_first {
                longest_lost(a, b)
            } else {
                self.sort.compare(floor, &names, a, b)
            };
            let order = if self.reverse { order.reverse() } else { order };
            order.then_with(|| a.id.cmp(&b.id))
        });
        self.rows = rows;
        self.adherence_rows = adherence_rows;
        (self.muster, self.team_muster) = (muster, team_muster.unwrap_or_default());
        self.refresh_alerts(now);
        self.look_again(now);
        self.judged_at = Some(now);
        kept
    }

    fn spoken_rows(&self, floor: &Floor, now: DateTime<Utc>) -> Vec<Row> {
        let spoken = floor.feeds().iter().any(|feed| feed.read_at.is_some());
        if spoken { self.rows_of(floor, now) } else { Vec::new() }
    }
}

/// Everybody in `rows`, or of them who is in `team`. Before any source has spoken there are no rows, and
/// people all the same.
fn mustered(floor: &Floor, rows: &[Row], at: DateTime<Utc>, team: Option<&str>) -> Muster {
    let is_counted = |person: &Person| team.is_none() || person.team.as_deref() == team;
    let mut muster = Muster::default();
    for row in rows {
        if floor.people().get(row.person).is_some_and(is_counted) {
            let adherence = row.adherence.as_ref();
            muster.add(&row.headline, &row.findings, adherence, row.lost.is_some());
        }
    }
    if rows.is_empty() {
        let people = floor.people().iter().filter(|person| is_counted(person));
        people.for_each(|person| muster.totals.add(&floor.headline(person, at)));
    }
    muster
}

/// Whose shift begins about `at`.
fn whose_shift_begins(floor: &Floor, rows: &[Row], grace: TimeDelta, at: DateTime<Utc>) -> Due {
    let mut due = Due::default();
    for row in rows {
        let Some(person) = floor.people().get(row.person) else { continue };
        if let Some(begins) = due_at(floor, person, row.adherence.as_ref(), grace, at) {
            due.add(begins, row.person, &row.headline);
        }
    }
    due
}

/// Who got lost first comes first; whose beginning nobody knows, last.
fn longest_lost(a: &Row, b: &Row) -> Ordering {
    let key = |row: &Row| {
        let since = row.lost.as_ref().and_then(Lost::since);
        (since.is_none(), since)
    };
    key(a).cmp(&key(b))
}

/// Out of adherence first, the longest before the others; then who cannot be judged, then the rest.
fn adherence_order(floor: &Floor, row: &Row) -> (u8, bool, Option<DateTime<Utc>>, Option<String>) {
    // A call that came too late is no reason.
    let alarms = row.findings.iter().any(|finding| finding.kind.is_deviation());
    let rank = row.adherence.as_ref().map_or(3, |adherence| match adherence.adherent {
        Some(false) if !adherence.held_by_call || alarms => 0,
        Some(false) => 1,
        None if !adherence.exempt => 2,
        None | Some(true) => 3,
    });
    let out_since = row.adherence.as_ref().and_then(|adherence| adherence.out_since);
    let name = floor.people().get(row.person).map(|person| person.name.to_lowercase());
    (rank, out_since.is_none(), out_since, name)
}

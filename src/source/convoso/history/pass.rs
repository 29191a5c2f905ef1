//! One way through a day's log, query by query and page by page.

use std::collections::VecDeque;

use chrono::{DateTime, NaiveDate, Utc};

use super::scope::{Known, Reach, Scope, halves};
use super::sighting::PageFacts;

/// A query, and how far it has been read.
#[derive(Debug, Clone, Default)]
pub(super) struct Strand {
    pub scope: Scope,
    /// Rows received so far, counted from the query's first.
    pub rows: u32,
    /// When the last of them was written.
    pub last: Option<DateTime<Utc>>,
    /// How many rows the vendor says there are.
    pub total: Option<u32>,
}

impl Strand {
    pub(super) fn of(scope: Scope) -> Self {
        Self { scope, ..Self::default() }
    }

    /// The offset to ask for: beyond the ceiling nothing can be.
    pub(super) fn offset(&self, reach: Reach) -> u32 {
        self.rows.min(reach.ceiling)
    }

    fn pages_left(&self, reach: Reach) -> u32 {
        let left = self.total.map_or(0, |total| total.saturating_sub(self.rows));
        left.div_ceil(reach.page.max(1)).max(1)
    }
}

/// A way through a day's log.
#[derive(Debug)]
pub(super) struct Pass {
    /// Which pass of all it is, and which query of it is at hand.
    number: u32,
    query: u32,
    queue: VecDeque<Strand>,
    done: Vec<Strand>,
    /// Whether the next answer is to show that the end of a period does not belong to it.
    pub is_probing: bool,
    pub is_disordered: bool,
    pub is_shifted: bool,
    pub pages: u32,
    /// Rows that cannot be understood.
    pub skipped: u32,
    /// Up to when everything is known to have been read: when the first query's end was reached.
    pub read_up_to: Option<DateTime<Utc>>,
    /// Why it could not bring everything.
    pub lacks: Vec<String>,
}

impl Pass {
    /// A pass that goes on where `strands` ended, or begins with fresh ones.
    pub(super) fn new(number: u32, strands: Vec<Strand>) -> Self {
        Self {
            number,
            query: 0,
            queue: strands.into(),
            done: Vec::new(),
            is_probing: false,
            is_disordered: false,
            is_shifted: false,
            pages: 0,
            skipped: 0,
            read_up_to: None,
            lacks: Vec::new(),
        }
    }

    /// What is asked for next; none at the end.
    pub(super) fn front(&self) -> Option<&Strand> {
        self.queue.front()
    }

    /// What rows are marked with that the query at hand brings.
    pub(super) fn mark(&self) -> u64 {
        u64::from(self.number) << 32 | u64::from(self.query)
    }

    /// The query at hand is done with.
    fn pop(&mut self) -> Option<Strand> {
        self.query += 1;
        self.queue.pop_front()
    }

    /// Pages that it has still to bring, as far as is known.
    pub(super) fn pages_left(&self, reach: Reach) -> u32 {
        self.queue.iter().map(|strand| strand.pages_left(reach)).sum()
    }

    /// Where the queries ended.
    pub(super) fn into_strands(self) -> Vec<Strand> {
        self.done
    }

    /// Goes on behind a page of `day`.
    pub(super) fn turn_page(
        &mut self,
        page: PageFacts,
        day: NaiveDate,
        reach: Reach,
        known: &Known<'_>,
    ) {
        self.pages += 1;
        self.skipped += page.skipped;
        self.is_probing = false;
        self.is_disordered |= page.is_disordered;
        self.is_shifted |= page.is_shifted;
        let Some(strand) = self.queue.front_mut() else { return };
        let offset = strand.offset(reach);
        if offset == 0 && page.received == 0 && known.expects_rows(&strand.scope, day) {
            self.doubt_addresses();
            return;
        }
        strand.rows = strand.rows.max(offset + page.received);
        strand.last = page.last.max(strand.last);
        strand.total = page.total.or(strand.total);
        // Rows may have been left out of a page; the vendor's own count says that there are more.
        let is_cut_short =
            page.received > 0 && strand.total.is_some_and(|total| total > strand.rows);
        let may_have_more = page.is_full || is_cut_short;
        if !may_have_more {
            self.read_up_to = self.read_up_to.or(Some(page.at));
            let done = self.pop();
            self.done.extend(done);
        } else if offset >= reach.ceiling {
            let last = strand.last.map(|last| last - known.offset);
            self.divide(day, reach, known, last);
        }
    }

    /// Asks in parts for what cannot be reached in one; `last` is when its last row was written, in
    /// our clock.
    pub(super) fn divide(
        &mut self,
        day: NaiveDate,
        reach: Reach,
        known: &Known<'_>,
        last: Option<DateTime<Utc>>,
    ) {
        let Some(strand) = self.pop() else { return };
        match known.divide(&strand.scope, day, reach) {
            Some(parts) => {
                self.lacks.extend(parts.lack.map(str::to_owned));
                parts.scopes.into_iter().rev().for_each(|scope| {
                    self.queue.push_front(Strand::of(scope));
                });
            }
            None => {
                let most = reach.ceiling + reach.page;
                self.lacks.push(format!(
                    "rows beyond the first {most} cannot be asked for{}",
                    if strand.scope.people.is_empty() {
                        " (hint: with e-mail addresses in the roster they could be)"
                    } else {
                        ""
                    }
                ));
                // Nobody knows what came behind it.
                self.read_up_to = self.read_up_to.min(last).or(last);
                self.done.push(strand);
            }
        }
    }

    /// One of several addresses hides what the others have: each half is asked for alone, and an
    /// address that finds nothing by itself is left out.
    pub(super) fn doubt_addresses(&mut self) {
        let Some(strand) = self.pop() else { return };
        match halves(&strand.scope) {
            Some(scopes) => scopes.into_iter().rev().for_each(|scope| {
                self.queue.push_front(Strand::of(scope));
            }),
            None => {
                let agents = strand.scope.people.iter().map(|person| person.agent.as_str());
                let agents = agents.collect::<Vec<_>>().join(", ");
                self.lacks.push(format!("the vendor does not know the address of agent {agents}"));
                self.done.push(strand);
            }
        }
    }

    /// Leaves out the query at hand, which the vendor refuses.
    pub(super) fn give_up_query(&mut self, why: String) {
        self.lacks.push(why);
        let done = self.pop();
        self.done.extend(done);
    }
}

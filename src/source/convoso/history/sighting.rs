//! What a page's rows say about the way through the log, beside what they say about agents.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::local_time::midnight;
use super::log::Taken;
use crate::vendor::convoso::LogPage;

/// What a page held, as far as going on depends on it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageFacts {
    /// Rows received, usable or not.
    pub received: u32,
    /// Of these, the ones that cannot be understood.
    pub skipped: u32,
    /// Whether there may be more behind it.
    pub is_full: bool,
    /// How many rows the query has, where the vendor says so.
    pub total: Option<u32>,
    /// Whether there are rows of the day asked for, later than its midnight.
    pub is_of_day: bool,
    /// Whether there are rows of the day after, later than its midnight.
    pub is_of_next_day: bool,
    /// When the newest row so far was written.
    pub last: Option<DateTime<Utc>>,
    /// Whether a row was older than one before it.
    pub is_disordered: bool,
    /// Whether it begins with a row that had come before: rows have been put in before it.
    pub is_shifted: bool,
    /// The middle of the request.
    pub at: DateTime<Utc>,
}

/// The rows of one page, as they are looked at.
#[derive(Debug)]
pub(super) struct Sighting {
    /// What the rows are marked with.
    pub mark: u64,
    pub day: NaiveDate,
    pub zone: Tz,
    /// Rows that were asked for.
    pub limit: u32,
    /// Whether the page follows another, so that it must not begin with a row known from there.
    pub follows: bool,
    /// Whether no row of it may be known.
    pub is_fresh: bool,
    pub seen: PageFacts,
    pub is_begun: bool,
}

impl Sighting {
    /// When the newest row so far was written.
    pub(super) fn last(&self) -> Option<DateTime<Utc>> {
        self.seen.last
    }

    /// Looks at the next row; none is one that only marks something.
    pub(super) fn see(&mut self, row: Option<Taken>) {
        let Some(row) = row else { return };
        let seen = &mut self.seen;
        if !self.is_begun {
            let before = row.seen_in;
            seen.is_shifted =
                self.follows && before == Some(self.mark) || self.is_fresh && before.is_some();
            self.is_begun = true;
        }
        seen.is_disordered |= seen.last.is_some_and(|last| row.created < last);
        seen.last = seen.last.max(Some(row.created));
        let is_later = row.created > midnight(self.zone, row.day);
        seen.is_of_day |= row.day == self.day && is_later;
        seen.is_of_next_day |= Some(row.day) == self.day.succ_opt() && is_later;
    }

    /// What the page held, `skipped` rows that cannot be understood among them.
    pub(super) fn facts(self, skipped: u32, page: &LogPage<'_>, at: DateTime<Utc>) -> PageFacts {
        let received = page.entries.0.len();
        // A service that gives less than it is asked for says how much.
        let asked = u64::from(self.limit);
        let limit = page.limit.filter(|limit| (1..asked).contains(limit)).unwrap_or(asked);
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        PageFacts {
            received: count(received as u64),
            skipped,
            is_full: received as u64 >= limit,
            total: page.total.map(count),
            at,
            ..self.seen
        }
    }
}

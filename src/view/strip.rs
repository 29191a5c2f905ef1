//! A stretch of time as a row of cells of equal length, and what fills each of them.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// How long a cell may be, in minutes: an hour is always a whole number of them.
const STEPS: [i64; 12] = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];

/// The axis that all strips of one picture share. It begins and ends on a whole hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis {
    /// Its beginning.
    pub from: DateTime<Utc>,
    /// What a cell stands for.
    step: TimeDelta,
    /// Its cells.
    pub cells: usize,
}

/// A stretch of time that is filled with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filled<T> {
    /// Its beginning.
    pub since: DateTime<Utc>,
    /// Its end.
    pub until: DateTime<Utc>,
    /// What fills it.
    pub with: T,
}

impl Axis {
    /// An axis that reaches from `from` to `to`, each moved outwards to a whole hour of `zone`, in at
    /// most `room` cells.
    pub(super) fn over(from: DateTime<Utc>, to: DateTime<Utc>, zone: Tz, room: usize) -> Self {
        let from = whole_hour(from, zone);
        let down = whole_hour(to, zone);
        let to = if down < to { down + TimeDelta::hours(1) } else { down };
        let minutes = (to - from).num_minutes().max(60);
        let fits = |step: &&i64| usize::try_from(minutes / **step).is_ok_and(|n| n <= room);
        let step = STEPS.iter().find(fits).copied().unwrap_or(60);
        let cells = usize::try_from(minutes / step).unwrap_or(room).min(room);
        Self { from, step: TimeDelta::minutes(step), cells }
    }

    /// The cell in which `at` lies; none outside of the axis.
    pub(super) fn cell_of(&self, at: DateTime<Utc>) -> Option<usize> {
        let index = (at - self.from).num_seconds().div_euclid(self.step.num_seconds());
        usize::try_from(index).ok().filter(|index| *index < self.cells)
    }

    fn start_of(&self, cell: usize) -> DateTime<Utc> {
        self.from + self.step * i32::try_from(cell).unwrap_or(i32::MAX)
    }

    /// What fills most of each cell; none where nothing fills most of it. `stretches` do not overlap
    /// and may come in any order; of two that fill as much the first one counts.
    pub(super) fn fill<T: Clone + PartialEq>(&self, stretches: &[Filled<T>]) -> Vec<Option<T>> {
        (0..self.cells)
            .map(|cell| {
                let (start, end) = (self.start_of(cell), self.start_of(cell + 1));
                let mut shares: Vec<(&T, TimeDelta)> = Vec::new();
                for stretch in stretches {
                    let share = stretch.until.min(end) - stretch.since.max(start);
                    if share <= TimeDelta::zero() {
                        continue;
                    }
                    match shares.iter_mut().find(|(with, _)| **with == stretch.with) {
                        Some((_, sum)) => *sum += share,
                        None => shares.push((&stretch.with, share)),
                    }
                }
                let known = shares.iter().fold(TimeDelta::zero(), |sum, (_, share)| sum + *share);
                let most = shares.iter().rev().max_by_key(|(_, share)| *share)?;
                // The cell that is still running is filled as far as it has run.
                (most.1 >= self.step - known || self.is_last_of(stretches, start, end))
                    .then(|| most.0.clone())
            })
            .collect()
    }

    /// Whether what is known ends within the cell from `start` to `end`.
    fn is_last_of<T>(
        &self,
        stretches: &[Filled<T>],
        start: DateTime<Utc>,
        end: DateTime<Utc>,
    ) -> bool {
        let last = stretches.iter().map(|stretch| stretch.until).max();
        last.is_some_and(|last| start < last && last <= end)
    }

    /// The hours of `zone` as they stand over the cells: the cell of each, and its two digits; as many
    /// as there is room for with a blank between them.
    pub(super) fn hours(&self, zone: Tz) -> Vec<(usize, String)> {
        let per_hour = (60 / self.step.num_minutes().max(1)).unsigned_abs();
        let per_hour = usize::try_from(per_hour).unwrap_or(1).max(1);
        let every = 3_usize.div_ceil(per_hour);
        (0..self.cells)
            .step_by(per_hour * every)
            .filter(|cell| cell + 2 <= self.cells)
            .map(|cell| (cell, self.start_of(cell).with_timezone(&zone).format("%H").to_string()))
            .collect()
    }
}

/// The whole hour of `zone` in which `at` lies.
fn whole_hour(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let local = at.with_timezone(&zone);
    let over = i64::from(local.minute()) * 60 + i64::from(local.second());
    at - TimeDelta::seconds(over) - TimeDelta::nanoseconds(i64::from(local.nanosecond()))
}

#[cfg(test)]
mod tests;

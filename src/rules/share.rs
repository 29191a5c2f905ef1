//! A percentage of somebody's time, and how much of that time is known.
//!
//! What is known of two minutes looks like what is known of a day, so the two travel together: whoever
//! shows the one has the other in the hand.

use chrono::TimeDelta;

use super::attendance::percent;
use super::times::total;

/// From this much on, in percent of its time, a percentage stands for all of it.
pub const STANDS_FOR_ALL: f64 = 80.0;

/// The mark of a percentage of which less is known, wherever it is written.
pub const PARTIAL: &str = "~";

/// A percentage, and how much is known of the time that it is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Unrounded.
    pct: f64,
    /// How much is known, in percent, unrounded.
    known_pct: f64,
}

impl Share {
    /// `pct` of a time of which `known` is known and `unknown` is not.
    pub(super) fn of(pct: f64, known: TimeDelta, unknown: TimeDelta) -> Self {
        Self { pct, known_pct: known_pct(known, unknown).unwrap_or(0.0) }
    }

    /// `pct` of a time of which `known_pct` percent is known.
    #[must_use]
    pub fn new(pct: f64, known_pct: f64) -> Self {
        Self { pct, known_pct }
    }

    /// The percentage, unrounded. Whoever writes it writes [`Self::mark`] too.
    #[must_use]
    pub fn pct(self) -> f64 {
        self.pct
    }

    /// How much of its time is known, in percent, unrounded.
    #[must_use]
    pub fn known_pct(self) -> f64 {
        self.known_pct
    }

    /// Whether so little is known that it must not be read as that of the whole time.
    #[must_use]
    pub fn is_partial(self) -> bool {
        self.known_pct < STANDS_FOR_ALL
    }

    /// What stands before it where it is written.
    #[must_use]
    pub fn mark(self) -> &'static str {
        if self.is_partial() { PARTIAL } else { "" }
    }
}

/// How much is known, in percent, unrounded; none of no time.
pub(super) fn known_pct(known: TimeDelta, unknown: TimeDelta) -> Option<f64> {
    percent(known, total([known, unknown]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_marked_below_eighty_percent_known_and_not_from_there_on() {
        for (known, unknown, is_partial) in
            [(100, 9_900, true), (7_999, 2_001, true), (8_000, 2_000, false), (1, 0, false)]
        {
            let (known, unknown) = (TimeDelta::seconds(known), TimeDelta::seconds(unknown));
            let share = Share::of(100.0, known, unknown);
            assert_eq!(share.is_partial(), is_partial, "{known} known, {unknown} unknown");
            assert_eq!(share.mark() == PARTIAL, is_partial);
        }
    }

    #[test]
    fn of_no_time_nothing_is_known() {
        assert_eq!(known_pct(TimeDelta::zero(), TimeDelta::zero()), None);
        assert!(Share::of(50.0, TimeDelta::zero(), TimeDelta::zero()).is_partial());
    }
}

//! One day of the server's: where its queries end, and which ways through it are being gone.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::pass::{Pass, Strand};
use super::scope::{Reach, Scope};

/// Which way through a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// On from where the last one ended.
    Tail,
    /// From the first row.
    Whole,
}

/// One day of the server's log.
#[derive(Debug)]
pub(super) struct Day {
    pub date: NaiveDate,
    /// Where the queries that make up the day end.
    strands: Vec<Strand>,
    tail: Option<Pass>,
    whole: Option<Pass>,
    /// Whether it has been read to its end once.
    pub has_been_read: bool,
    /// Up to when it has been read, in our clock.
    pub read_up_to: Option<DateTime<Utc>>,
    /// When it is read from its first row again.
    reread_at: Option<DateTime<Utc>>,
    /// When reading on may come first again.
    tail_not_before: Option<DateTime<Utc>>,
    /// Whether it has been found not to be in the order of time.
    is_disordered: bool,
    /// Pages of the last way through the whole of it.
    pages: u32,
    /// Rows of what has been read that cannot be understood.
    skipped: u32,
    lacks: Vec<String>,
}

impl Day {
    pub(super) fn new(date: NaiveDate) -> Self {
        Self {
            date,
            strands: Vec::new(),
            tail: None,
            whole: None,
            has_been_read: false,
            read_up_to: None,
            reread_at: None,
            tail_not_before: None,
            is_disordered: false,
            pages: 0,
            skipped: 0,
            lacks: Vec::new(),
        }
    }

    pub(super) fn pass(&self, way: Way) -> Option<&Pass> {
        match way {
            Way::Tail => self.tail.as_ref(),
            Way::Whole => self.whole.as_ref(),
        }
    }

    pub(super) fn pass_mut(&mut self, way: Way) -> Option<&mut Pass> {
        match way {
            Way::Tail => self.tail.as_mut(),
            Way::Whole => self.whole.as_mut(),
        }
    }

    /// Reads on from where it ended.
    pub(super) fn begin_tail(&mut self, number: u32) {
        if self.tail.is_none() && self.has_been_read {
            self.tail = Some(Pass::new(number, self.strands.clone()));
        }
    }

    /// Whether reading on may come before what else there is to read. In a day of many parts it
    /// takes many requests, and would leave none for anything else.
    pub(super) fn is_tail_due(&self, now: DateTime<Utc>) -> bool {
        self.tail_not_before.is_none_or(|at| at <= now)
    }

    /// Reads it from its first row: in the parts into which it has been divided, else as `scope`.
    pub(super) fn begin_whole(&mut self, number: u32, scope: &Scope) {
        if self.whole.is_some() {
            return;
        }
        let mut strands: Vec<Strand> =
            self.strands.iter().map(|strand| Strand::of(strand.scope.clone())).collect();
        if strands.is_empty() {
            strands.push(Strand::of(scope.clone()));
        }
        self.reread_at = None;
        self.whole = Some(Pass::new(number, strands));
    }

    /// Whether it is time to read it from its first row.
    pub(super) fn is_reread_due(&self, now: DateTime<Utc>) -> bool {
        self.whole.is_none() && self.reread_at.is_none_or(|at| at <= now)
    }

    /// Starts over with the way through the whole, for nobody knows what has been missed.
    pub(super) fn begin_anew(&mut self, number: u32, scope: &Scope) {
        self.whole = None;
        self.begin_whole(number, scope);
    }

    /// Ends `way`, if it has come to its end. `pause` is how long to wait before the whole is read
    /// again; it takes `pace` for each page, and not more than a third of the time may go into that.
    pub(super) fn perhaps_end(
        &mut self,
        way: Way,
        now: DateTime<Utc>,
        pause: TimeDelta,
        pace: TimeDelta,
    ) {
        if self.pass(way).is_none_or(|pass| pass.front().is_some()) {
            return;
        }
        let pass = match way {
            Way::Tail => self.tail.take(),
            Way::Whole => self.whole.take(),
        };
        let Some(pass) = pass else { return };
        self.read_up_to = self.read_up_to.max(pass.read_up_to);
        let takes = |pages: u32| pace * i32::try_from(pages).unwrap_or(i32::MAX);
        match way {
            Way::Tail => {
                self.skipped += pass.skipped;
                self.tail_not_before = Some(now + takes(pass.pages.saturating_sub(1)));
                // What comes late, or out of its order, says that rows may be missed elsewhere too.
                if pass.is_disordered || pass.is_shifted {
                    let soon = now + takes(self.pages.saturating_sub(1)) * 3;
                    self.reread_at = Some(self.reread_at.map_or(soon, |at| at.min(soon)));
                }
                for lack in &pass.lacks {
                    if !self.lacks.contains(lack) {
                        self.lacks.push(lack.clone());
                    }
                }
            }
            Way::Whole => {
                self.has_been_read = true;
                self.pages = pass.pages;
                self.skipped = pass.skipped;
                let again = pass.is_shifted || (pass.is_disordered && !self.is_disordered);
                self.is_disordered |= pass.is_disordered;
                let pause = if again { TimeDelta::zero() } else { pause };
                self.reread_at = Some(now + pause.max(takes(pass.pages) * 3));
                self.lacks.clone_from(&pass.lacks);
                self.lacks.dedup();
            }
        }
        self.strands = pass.into_strands();
    }

    /// Pages that are still to come before all of it has been read once.
    pub(super) fn pages_left(&self, reach: Reach) -> u32 {
        match (&self.whole, self.has_been_read) {
            (_, true) => 0,
            (Some(pass), false) => pass.pages_left(reach).max(1),
            (None, false) => 1,
        }
    }

    /// Rows that cannot be understood, as far as is known.
    pub(super) fn skipped(&self) -> u32 {
        let read = |pass: &Option<Pass>| pass.as_ref().map_or(0, |pass| pass.skipped);
        // What is read again from its first row has been counted already.
        let whole = if self.has_been_read { 0 } else { read(&self.whole) };
        self.skipped + read(&self.tail) + whole
    }

    /// Why what is known of it is not all, in a sentence.
    pub(super) fn incomplete(&self) -> Option<String> {
        const SHOWN: usize = 3;
        let mut why = self.lacks.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
        if self.lacks.len() > SHOWN {
            why.push_str(&format!("; and {} more", self.lacks.len() - SHOWN));
        }
        (!why.is_empty()).then(|| format!("the log of {} is truncated: {why}", self.date))
    }
}

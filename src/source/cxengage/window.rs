//! Which stretches of the log are asked for: forwards at every poll, backwards where some of it has
//! not been read.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use crate::model::WayBack;

/// The vendor allows ten minutes; a second less leaves room for either reading of the bounds.
const WIDEST: TimeDelta = TimeDelta::seconds(599);

/// The newest data are withheld for 15 s, and out of order up to then.
const MARGIN: TimeDelta = TimeDelta::seconds(20);

/// Read again at every poll: the vendor does not say whether a window is matched against the starts
/// or the ends of records, and records come late.
const OVERLAP: TimeDelta = TimeDelta::seconds(90);

/// How often the widest window is read instead, for records that come later than the overlap.
const RESCAN: TimeDelta = TimeDelta::seconds(60);

/// Windows that follow each other backwards share so much.
const SEAM: TimeDelta = TimeDelta::seconds(4);

/// How far back a start reads: a shift.
const SHIFT: TimeDelta = TimeDelta::hours(12);

/// How long the vendor keeps records: three days, less what it may take to read that far.
const RETENTION: TimeDelta = TimeDelta::minutes(72 * 60 - 15);

/// How long a window that could not be read is left alone, at first and at most: a fault passes, and a
/// vendor that never answers it must not be asked again and again.
const LEFT_ALONE: TimeDelta = TimeDelta::seconds(5);
const LEFT_ALONE_AT_MOST: TimeDelta = TimeDelta::minutes(10);

/// After so many failures in a row a window stands back, and what is older is asked for before it.
const STANDS_BACK_AFTER: u32 = 3;

/// From, to, in the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
}

/// A stretch that has not been read. It is read from its newer end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Gap {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    /// What was read before it ends here; the gap itself begins earlier, for the overlap.
    known_to: DateTime<Utc>,
    /// Left by the program's start, not by an outage.
    at_start: bool,
    /// How often its newest window has failed in a row, and why the last time.
    failures: u32,
    why: String,
    /// Before this it is not asked for again.
    not_before: Option<DateTime<Utc>>,
}

/// How far the log has been read.
#[derive(Debug, Default)]
pub(super) struct Progress {
    read_to: Option<DateTime<Utc>>,
    rescanned: Option<DateTime<Utc>>,
    /// By time; the newest is read first.
    gaps: Vec<Gap>,
    done: u32,
    /// What is left of the time before the start changes nothing any more of what holds now: it is
    /// read for the day's past only.
    at_leisure: bool,
}

impl Progress {
    /// The next window forwards, when the server's clock shows `now`.
    pub(super) fn forward(&self, now: DateTime<Utc>) -> Window {
        let end = whole_second(now - MARGIN);
        let widest = end - WIDEST;
        let start = match self.read_to {
            Some(read_to) if self.rescanned.is_some_and(|at| end - at < RESCAN) => {
                (read_to.min(end) - OVERLAP).max(widest)
            }
            _ => widest,
        };
        Window { start, end }
    }

    /// Notes that a window forwards has been read. What lies between it and the one before, or at
    /// the start a shift's length, becomes a gap.
    pub(super) fn went_forward(&mut self, window: Window) {
        let oldest = window.end - RETENTION;
        // What was left of an earlier gap may have been forgotten by the vendor meanwhile.
        self.gaps.retain(|gap| gap.end > oldest);
        self.gaps.iter_mut().for_each(|gap| gap.start = gap.start.max(oldest));
        let gap = match self.read_to {
            None => Some((window.end - SHIFT, window.end - SHIFT)),
            Some(read_to) if read_to < window.start => Some((read_to - OVERLAP, read_to)),
            Some(_) => None,
        };
        if let Some((start, known_to)) = gap {
            self.gaps.push(Gap {
                start: start.max(oldest),
                end: window.start + SEAM,
                known_to,
                at_start: self.read_to.is_none(),
                failures: 0,
                why: String::new(),
                not_before: None,
            });
            self.done += u32::from(self.read_to.is_none());
        }
        if self.read_to.is_none_or(|_| window.end - window.start >= WIDEST) {
            self.rescanned = Some(window.end);
        }
        self.read_to = Some(window.end);
    }

    /// The next window backwards when the server's clock shows `now`; none when nothing is missing, or
    /// what is missing is left alone for now.
    pub(super) fn backward(&self, now: DateTime<Utc>) -> Option<Window> {
        self.next(now).map(Gap::newest)
    }

    fn next(&self, now: DateTime<Utc>) -> Option<&Gap> {
        let is_due = |gap: &&Gap| gap.not_before.is_none_or(|at| at <= now);
        self.gaps.iter().rev().find(is_due)
    }

    /// When the first of what is left alone is asked for again.
    pub(super) fn again_at(&self) -> Option<DateTime<Utc>> {
        self.gaps.iter().filter_map(|gap| gap.not_before).min()
    }

    /// Notes at `now` that `window`, which [`Self::backward`] named, could not be read, and why: it is
    /// asked for again, ever more slowly, and does not hold up what is older for good.
    pub(super) fn failed(&mut self, window: Window, now: DateTime<Utc>, why: &str) {
        let Some(at) = self.gaps.iter().position(|gap| gap.newest() == window) else { return };
        let gap = &mut self.gaps[at];
        let doublings = gap.failures.min(16);
        gap.failures += 1;
        why.clone_into(&mut gap.why);
        gap.not_before = Some(now + (LEFT_ALONE * (1 << doublings)).min(LEFT_ALONE_AT_MOST));
        if gap.failures < STANDS_BACK_AFTER {
            return;
        }
        let older = gap.without_newest();
        if let Some(older) = older {
            gap.start = window.start;
            gap.known_to = gap.known_to.max(window.start);
            self.gaps.insert(at, older);
        }
    }

    /// Notes that `window`, which [`Self::backward`] named, has been read.
    pub(super) fn went_backward(&mut self, window: Window) {
        let Some(at) = self.gaps.iter().position(|gap| gap.newest() == window) else { return };
        self.done += 1;
        match self.gaps[at].without_newest() {
            Some(older) => self.gaps[at] = older,
            None => {
                self.gaps.remove(at);
            }
        }
    }

    /// What could not be read when it was asked for, in the server's clock, by time: without what the
    /// windows around it have told.
    pub(super) fn missed(&self) -> Vec<Window> {
        self.unread().map(|(window, _)| window).collect()
    }

    /// That, each with why it could not be read the last time.
    pub(super) fn unread(&self) -> impl Iterator<Item = (Window, &str)> {
        let failing = self.gaps.iter().filter(|gap| gap.failures > 0);
        let between =
            |gap: &Gap| Window { start: gap.known_to.max(gap.start + SEAM), end: gap.end - SEAM };
        failing.map(move |gap| (between(gap), gap.why.as_str()))
    }

    /// What holds now is known: what is left of the time before the start may take its time. What an
    /// outage left may not.
    pub(super) fn end_way_back(&mut self) {
        self.at_leisure = true;
    }

    /// Whether what was before the start still has to be read to know what holds now.
    pub(super) fn is_on_way_back(&self) -> bool {
        self.gaps.iter().any(|gap| self.is_urgent(gap) && gap.at_start)
    }

    /// Whether the next window backwards may take its time.
    pub(super) fn is_at_leisure(&self, now: DateTime<Utc>) -> bool {
        self.next(now).is_some_and(|gap| !self.is_urgent(gap))
    }

    fn is_urgent(&self, gap: &Gap) -> bool {
        !(gap.at_start && self.at_leisure)
    }

    /// How far reading back has come; none before the first window. Nobody waits for what fails again
    /// and again: that is missed, and said to be.
    pub(super) fn way_back(&self) -> Option<WayBack> {
        self.read_to?;
        let urgent = self.gaps.iter().filter(|gap| self.is_urgent(gap));
        let urgent = urgent.filter(|gap| gap.failures < STANDS_BACK_AFTER);
        let left: u32 = urgent.map(Gap::windows).sum();
        Some(WayBack { done: self.done, of: self.done + left })
    }

    /// Who has nothing newer than this may have done something that has not been read: an outage is
    /// not yet caught up with, or a window could not be read so far.
    pub(super) fn unread_from(&self) -> Option<DateTime<Utc>> {
        let from = |gap: &Gap| match (gap.at_start, gap.failures > 0) {
            (false, _) => Some(gap.known_to),
            (true, true) => Some(gap.end - SEAM),
            (true, false) => None,
        };
        self.gaps.iter().filter_map(from).max()
    }

    /// Before this nothing more will be read: late records come within the widest window.
    pub(super) fn horizon(&self) -> Option<DateTime<Utc>> {
        let newest = self.read_to? - WIDEST - OVERLAP;
        Some(self.gaps.iter().map(|gap| gap.start - OVERLAP).fold(newest, DateTime::min))
    }
}

impl Gap {
    fn newest(&self) -> Window {
        Window { start: self.start.max(self.end - WIDEST), end: self.end }
    }

    /// What is left of it without its newest window, of which nothing has failed yet; none where that is
    /// all of it.
    fn without_newest(&self) -> Option<Self> {
        let end = self.end - WIDEST + SEAM;
        let (failures, why, not_before) = (0, String::new(), None);
        (end > self.start + SEAM).then_some(Self { end, failures, why, not_before, ..*self })
    }

    fn windows(&self) -> u32 {
        let stride = (WIDEST - SEAM).num_seconds();
        let length = (self.end - self.start - SEAM).num_seconds().max(0);
        u32::try_from((length + stride - 1) / stride).unwrap_or(u32::MAX)
    }
}

fn whole_second(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::seconds(1)).unwrap_or(time)
}

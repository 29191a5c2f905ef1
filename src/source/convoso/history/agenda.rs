//! What of the log is asked for next: today's news before all, then what has not been read yet, then
//! what is to be read again.
//!
//! There is no way to ask for what is new. Today is read on from the last row; because rows come
//! late and are changed, it is read from its beginning every ten minutes, and once more when it is
//! over.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::day::{Day, Way};
use super::pass::{Pass, Strand};
use super::scope::{Known, Reach, Scope};
use super::sighting::{PageFacts, Sighting};
use crate::model::WayBack;
use crate::vendor::convoso::{LogSlice, wants_a_later_end};
use crate::vendor::{Class, Trouble};

/// How long until today is read from its beginning again, and yesterday.
const TODAY_AGAIN: TimeDelta = TimeDelta::minutes(10);
const YESTERDAY_AGAIN: TimeDelta = TimeDelta::hours(1);

/// The estimate of the server's clock may step back a little over midnight; further back means that
/// a clock was set.
const FLICKER: TimeDelta = TimeDelta::hours(1);

/// Whether the last day of a period belongs to it, which the vendor does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Ends {
    #[default]
    Unknown,
    Inclusive,
    Exclusive,
}

/// Which of the two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Yesterday,
    Today,
}

/// What is done next: a page of one way through one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    which: Which,
    pub way: Way,
}

/// The two days and what is left to do of them.
#[derive(Debug)]
pub(super) struct Agenda {
    days: Option<[Day; 2]>,
    ends: Ends,
    /// What everything asks for: the floor may be one campaign of many.
    scope: Scope,
    reach: Reach,
    pace: TimeDelta,
    passes: u32,
    /// Pages read before both days had been read once.
    pages: u32,
}

/// What became of the days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Days {
    Same,
    /// A day is over: rows before this one are not needed any more.
    Over(NaiveDate),
    /// Nothing known before is of use.
    New(NaiveDate),
}

impl Agenda {
    /// Nothing asked for yet. A page takes `pace`.
    pub(super) fn new(scope: Scope, reach: Reach, pace: TimeDelta) -> Self {
        Self { days: None, ends: Ends::default(), scope, reach, pace, passes: 0, pages: 0 }
    }

    /// Plans a poll at `now`, which is `server_now` by the server's clock.
    pub(super) fn plan(&mut self, now: DateTime<Utc>, server_now: DateTime<Utc>, zone: Tz) -> Days {
        let date = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let became = self.turn_over(date(server_now), date(server_now + FLICKER));
        let mut number = self.passes;
        if let Some([yesterday, today]) = &mut self.days {
            let mut next = || {
                number += 1;
                number
            };
            if matches!(became, Days::Over(_)) {
                // Its last minutes first, then what has been changed or has come late.
                yesterday.begin_tail(next());
                yesterday.begin_anew(next(), &self.scope);
            }
            let mut days = [today, yesterday];
            for day in days.iter_mut().filter(|day| day.is_reread_due(now)) {
                day.begin_whole(next(), &self.scope);
            }
            let [today, yesterday] = days;
            let is_idle = [&*today, &*yesterday].iter().all(|day| day.pass(Way::Whole).is_none());
            if is_idle || today.is_tail_due(now) {
                today.begin_tail(next());
            }
        }
        self.passes = number;
        became
    }

    /// Takes note of the server's `date`; `soon` is its date an hour later.
    fn turn_over(&mut self, date: NaiveDate, soon: NaiveDate) -> Days {
        let before = date.pred_opt().unwrap_or(date);
        match self.days.take() {
            Some([yesterday, today])
                if today.date == date || (today.date > date && today.date == soon) =>
            {
                self.days = Some([yesterday, today]);
                Days::Same
            }
            Some([_, today]) if today.date == before => {
                self.days = Some([today, Day::new(date)]);
                Days::Over(before)
            }
            _ => {
                self.days = Some([Day::new(before), Day::new(date)]);
                self.pages = 0;
                Days::New(before)
            }
        }
    }

    /// What is to be asked for; none when everything has been.
    pub(super) fn next(&self) -> Option<Turn> {
        let [yesterday, today] = self.days.as_ref()?;
        let turn = |which, way| Turn { which, way };
        let order = [
            (yesterday.pass(Way::Tail).is_some(), turn(Which::Yesterday, Way::Tail)),
            (today.pass(Way::Tail).is_some(), turn(Which::Today, Way::Tail)),
            (!today.has_been_read, turn(Which::Today, Way::Whole)),
            (!yesterday.has_been_read, turn(Which::Yesterday, Way::Whole)),
            (yesterday.pass(Way::Whole).is_some(), turn(Which::Yesterday, Way::Whole)),
            (today.pass(Way::Whole).is_some(), turn(Which::Today, Way::Whole)),
        ];
        let found = order.into_iter().find(|(is_open, _)| *is_open).map(|(_, turn)| turn);
        found.filter(|turn| self.strand(*turn).is_some())
    }

    fn day(&self, turn: Turn) -> Option<&Day> {
        let [yesterday, today] = self.days.as_ref()?;
        Some(if turn.which == Which::Today { today } else { yesterday })
    }

    fn day_mut(&mut self, turn: Turn) -> Option<&mut Day> {
        let [yesterday, today] = self.days.as_mut()?;
        Some(if turn.which == Which::Today { today } else { yesterday })
    }

    pub(super) fn pass(&self, turn: Turn) -> Option<&Pass> {
        self.day(turn)?.pass(turn.way)
    }

    /// How far the query of `turn` has been read.
    pub(super) fn strand(&self, turn: Turn) -> Option<&Strand> {
        self.pass(turn)?.front()
    }

    /// How the rows that answer `turn` are to be looked at.
    pub(super) fn sighting(&self, turn: Turn, zone: Tz) -> Sighting {
        let rows = self.strand(turn).map_or(0, |strand| strand.rows);
        let last = self.strand(turn).and_then(|strand| strand.last);
        // At the ceiling known rows are asked for again.
        let is_fresh = turn.way == Way::Tail && rows > 0 && rows <= self.reach.ceiling;
        Sighting {
            mark: self.pass(turn).map_or(0, Pass::mark),
            day: self.day(turn).map_or(NaiveDate::MIN, |day| day.date),
            zone,
            limit: self.reach.page,
            follows: rows > 0,
            is_fresh,
            seen: PageFacts { last, ..PageFacts::default() },
            is_begun: false,
        }
    }

    /// The query of `turn`.
    pub(super) fn slice(&self, turn: Turn) -> Option<LogSlice> {
        let (pass, strand) = (self.pass(turn)?, self.strand(turn)?);
        let from = self.day(turn)?.date;
        let is_later = self.ends == Ends::Exclusive || pass.is_probing;
        let to = if is_later { from.succ_opt().unwrap_or(from) } else { from };
        let emails = strand.scope.people.iter().map(|person| person.email.as_ref().to_owned());
        Some(LogSlice {
            from,
            to,
            campaign_id: strand.scope.campaign.as_ref().map(|id| id.as_ref().to_owned()),
            agent_emails: emails.collect(),
            offset: strand.offset(self.reach),
            limit: self.reach.page,
        })
    }

    /// Goes on behind the answer to `turn`.
    pub(super) fn answered(&mut self, turn: Turn, page: PageFacts, known: &Known<'_>) {
        if self.has_to_probe(turn, page) {
            if let Some(pass) = self.day_mut(turn).and_then(|day| day.pass_mut(turn.way)) {
                pass.is_probing = true;
            }
            return;
        }
        if self.way_back().is_some_and(|way| !way.is_complete()) && turn.way == Way::Whole {
            self.pages += 1;
        }
        let (reach, pace) = (self.reach, self.pace);
        let Some(day) = self.day_mut(turn) else { return };
        let date = day.date;
        if let Some(pass) = day.pass_mut(turn.way) {
            pass.turn_page(page, date, reach, known);
        }
        let pause = again(turn);
        day.perhaps_end(turn.way, page.at, pause, pace);
    }

    /// Learns whether the last day of a period belongs to it. An answer without a row of the day may
    /// mean that it does not, or that nothing happened: then the next day is asked for as the end.
    fn has_to_probe(&mut self, turn: Turn, page: PageFacts) -> bool {
        if self.ends != Ends::Unknown {
            return false;
        }
        let was_probe = self.pass(turn).is_some_and(|pass| pass.is_probing);
        let is_first = self.strand(turn).is_some_and(|strand| strand.rows == 0);
        if was_probe && page.is_of_next_day {
            self.ends = Ends::Inclusive;
        } else if page.is_of_day {
            self.ends = if was_probe { Ends::Exclusive } else { Ends::Inclusive };
        }
        self.ends == Ends::Unknown && !was_probe && is_first
    }

    /// Goes on behind a refusal of `turn`, where there is a way: one that the vendor gives in its own
    /// words. A bare status may come from anything in between, and says nothing of the query.
    ///
    /// # Errors
    /// The refusal itself, where there is none.
    pub(super) fn refused(
        &mut self,
        turn: Turn,
        (refusal, in_own_words): (Trouble, bool),
        at: DateTime<Utc>,
        known: &Known<'_>,
    ) -> Result<(), Trouble> {
        let may_probe = self.ends == Ends::Unknown && wants_a_later_end(&refusal);
        let (reach, pace, base) = (self.reach, self.pace, self.scope.clone());
        let pause = again(turn);
        let Some(day) = self.day_mut(turn) else { return Err(refusal) };
        let date = day.date;
        let Some(pass) = day.pass_mut(turn.way) else { return Err(refusal) };
        let Some(strand) = pass.front() else { return Err(refusal) };
        let is_part = strand.scope != base;
        if refusal.class != Class::Rejected {
            return Err(refusal);
        }
        if may_probe && !pass.is_probing {
            pass.is_probing = true;
        } else if !in_own_words {
            return Err(refusal);
        } else if strand.offset(reach) > 0 {
            // What lies beyond can only be asked for in parts.
            let last = strand.last.map(|last| last - known.offset);
            pass.divide(date, reach, known, last);
        } else if !strand.scope.people.is_empty() {
            pass.doubt_addresses();
        } else if is_part {
            let campaign = strand.scope.campaign.as_deref().unwrap_or_default();
            pass.give_up_query(format!("campaign {campaign} cannot be asked for: {refusal}"));
        } else {
            return Err(refusal);
        }
        day.perhaps_end(turn.way, at, pause, pace);
        Ok(())
    }

    /// What may be told: the first day that has been read, and up to when today has. None while the
    /// end of today is being read, since what is known then ends somewhere in between.
    pub(super) fn told(&self) -> Option<(NaiveDate, DateTime<Utc>)> {
        let [yesterday, today] = self.days.as_ref()?;
        let is_between = |day: &Day| day.pass(Way::Tail).is_some();
        if !today.has_been_read || is_between(today) || is_between(yesterday) {
            return None;
        }
        let first = if yesterday.has_been_read { yesterday.date } else { today.date };
        Some((first, self.read_up_to()?))
    }

    /// Up to when today has been read; none before it has been once.
    pub(super) fn read_up_to(&self) -> Option<DateTime<Utc>> {
        let [_, today] = self.days.as_ref()?;
        today.read_up_to
    }

    /// How many pages of the first way through both days have been read.
    pub(super) fn way_back(&self) -> Option<WayBack> {
        let days = self.days.as_ref()?;
        let left: u32 = days.iter().map(|day| day.pages_left(self.reach)).sum();
        Some(WayBack { done: self.pages, of: self.pages + left })
    }

    /// Rows of both days that cannot be understood.
    pub(super) fn skipped(&self) -> u32 {
        self.days.iter().flatten().map(Day::skipped).sum()
    }

    /// Why what is known is not all.
    pub(super) fn incomplete(&self) -> Option<String> {
        let days = self.days.iter().flatten();
        let sentences: Vec<String> = days.filter_map(Day::incomplete).collect();
        (!sentences.is_empty()).then(|| sentences.join("; "))
    }
}

fn again(turn: Turn) -> TimeDelta {
    match turn.which {
        Which::Today => TODAY_AGAIN,
        Which::Yesterday => YESTERDAY_AGAIN,
    }
}

//! How many do what is scheduled now: a head count, which is not the share of scheduled time that
//! "adherence" means elsewhere.

use chrono::{DateTime, Utc};

use super::Adherence;
use crate::model::{AdherenceSummary, Feed, FeedStatus, Floor, Scheduled, SourceKind};

/// Several people by how they stand to their schedule at one instant, each once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeadCount {
    /// Do what is scheduled.
    pub adherent: u32,
    /// Do not, for however short a time.
    pub out: u32,
    /// Have something to do by the schedule, and nobody can say whether they do it.
    pub unsaid: u32,
    /// How many of these only a WFM could judge.
    pub unsaid_by_wfm: u32,
    /// Are scheduled to be off: they have nothing to do, and count nowhere.
    pub off: u32,
    /// Have a schedule that does not bind them, and count nowhere.
    pub exempt: u32,
    /// Have no schedule, and count nowhere.
    pub unscheduled: u32,
}

impl HeadCount {
    /// Counts one more, who stands so to the schedule; none is nobody's schedule.
    pub fn add(&mut self, adherence: Option<&Adherence>) {
        let counted = match adherence {
            None => &mut self.unscheduled,
            Some(adherence) if adherence.exempt => &mut self.exempt,
            Some(adherence) if adherence.scheduled == Scheduled::Off => &mut self.off,
            Some(Adherence { adherent: Some(true), .. }) => &mut self.adherent,
            Some(Adherence { adherent: Some(false), .. }) => &mut self.out,
            Some(Adherence { adherent: None, .. }) => &mut self.unsaid,
        };
        *counted += 1;
        let is_unsaid = adherence.is_some_and(|adherence| {
            adherence.source.is_some()
                && adherence.adherent.is_none()
                && !adherence.exempt
                && adherence.scheduled != Scheduled::Off
        });
        self.unsaid_by_wfm += u32::from(is_unsaid);
    }

    /// Whether it says how many do what is scheduled, though a WFM gives no data: the schedule file
    /// judges everybody whom that would.
    #[must_use]
    pub fn goes_by_file(&self, floor: &Floor) -> bool {
        floor.timetable().is_some() && self.unsaid_by_wfm == 0
    }

    /// Of how many it can be said whether they do what is scheduled.
    #[must_use]
    pub fn said(&self) -> u32 {
        self.adherent + self.out
    }

    /// The adherent among these, in percent, unrounded; none where it can be said of nobody.
    #[must_use]
    pub fn pct(&self) -> Option<f64> {
        let said = self.said();
        (said > 0).then(|| 100.0 * f64::from(self.adherent) / f64::from(said))
    }
}

/// A WFM that gives no data now. A few whom a schedule file judges meanwhile are no share of the floor:
/// unless [`HeadCount::goes_by_file`], nobody can say how many do what is scheduled.
#[must_use]
pub fn silent_wfm(floor: &Floor, now: DateTime<Utc>) -> Option<&Feed> {
    let mut wfms = floor.feeds().iter().filter(|feed| feed.kind == SourceKind::Wfm);
    wfms.find(|feed| feed.status(now) != FeedStatus::Live)
}

/// A WFM's own head count of the floor, as far as it is current.
#[must_use]
pub fn wfms_count(floor: &Floor, now: DateTime<Utc>) -> Option<(&Feed, AdherenceSummary)> {
    let mut live = floor.feeds().iter().filter(|feed| feed.status(now) == FeedStatus::Live);
    live.find_map(|feed| feed.summary.map(|summary| (feed, summary)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Reason;

    fn standing(scheduled: Scheduled, adherent: Option<bool>, exempt: bool) -> Adherence {
        Adherence {
            scheduled,
            source: None,
            adherent,
            exempt,
            shift: None,
            out_since: None,
            held_by_call: false,
            deviation: None,
        }
    }

    fn counted(standings: &[Option<Adherence>]) -> HeadCount {
        let mut count = HeadCount::default();
        standings.iter().for_each(|adherence| count.add(adherence.as_ref()));
        count
    }

    #[test]
    fn who_is_off_or_exempt_or_has_no_schedule_is_no_part_of_the_share() {
        let lunch = Scheduled::Away(Reason::Lunch);
        let count = counted(&[
            Some(standing(Scheduled::Available, Some(true), false)),
            Some(standing(lunch.clone(), Some(false), false)),
            Some(standing(lunch, Some(true), false)),
            Some(standing(Scheduled::Unknown("standby".to_owned()), None, false)),
            // A WFM calls whoever is off and not there adherent; a schedule file says so too.
            Some(standing(Scheduled::Off, Some(true), false)),
            Some(standing(Scheduled::Off, None, false)),
            Some(standing(Scheduled::Off, None, true)),
            Some(standing(Scheduled::Available, None, true)),
            None,
        ]);
        let expected = HeadCount {
            adherent: 2,
            out: 1,
            unsaid: 1,
            off: 2,
            exempt: 2,
            unscheduled: 1,
            unsaid_by_wfm: 0,
        };
        assert_eq!(count, expected);
        assert_eq!((count.said(), count.pct().map(f64::round)), (3, Some(67.0)));
    }

    #[test]
    fn of_nobody_there_is_no_share() {
        assert_eq!(HeadCount::default().pct(), None);
        let off = counted(&[Some(standing(Scheduled::Off, Some(true), false)), None]);
        assert_eq!((off.said(), off.pct()), (0, None));
    }
}

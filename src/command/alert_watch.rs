//! What became of a change to an alert, as the readings show it. An answer that says "changed" is
//! shown at once but not believed: another supervisor may have been quicker, and a change that the
//! WFM has taken in may still be lost.

use chrono::{DateTime, TimeDelta, Utc};

use super::WATCH_FOR;
use crate::model::{AlertStatus, Verdict};

/// A reading older than this when the watch ends does not prove that nothing was changed.
const STILL_COUNTS: TimeDelta = TimeDelta::seconds(15);

/// So many look-ups must find no such alert before that is believed.
const LOST_AFTER: u32 = 2;

/// Between two look-ups of the same alert.
pub const LOOK_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(5);

/// The watch over one change of one alert, from the moment the request goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertWatch {
    wanted: AlertStatus,
    before: AlertStatus,
    sent_at: DateTime<Utc>,
    /// When the vendor answered, or was given up; nothing is decided before.
    answered: bool,
    last: Option<(AlertStatus, DateTime<Utc>)>,
    /// Why it cannot be looked up, and how often that was said: once may be one odd answer.
    lost: Option<(String, u32)>,
    /// When it was last asked to be looked up.
    looked_at: Option<DateTime<Utc>>,
}

impl AlertWatch {
    /// Moves every instant by `by`: our clock was set.
    pub fn move_by(&mut self, by: TimeDelta) {
        self.sent_at += by;
        self.last.iter_mut().for_each(|(_, at)| *at += by);
        self.looked_at.iter_mut().for_each(|at| *at += by);
    }

    /// Begins when the request goes out that is to make `wanted` of `before`.
    #[must_use]
    pub fn new(wanted: AlertStatus, before: AlertStatus, sent_at: DateTime<Utc>) -> Self {
        Self { wanted, before, sent_at, answered: false, last: None, lost: None, looked_at: None }
    }

    /// The vendor answered, or did not in time.
    pub fn answer(&mut self) {
        self.answered = true;
    }

    /// Takes in what a reading says. One that describes the alert as it was when the request went
    /// out, or earlier, says nothing.
    pub fn see(&mut self, status: &AlertStatus, as_of: DateTime<Utc>) {
        let newer = self.last.as_ref().is_none_or(|(_, last)| as_of >= *last);
        if as_of > self.sent_at && newer {
            self.last = Some((status.clone(), as_of));
        }
    }

    /// The WFM has no such alert to look up, as `why` says.
    pub fn lose(&mut self, why: String) {
        let before = self.lost.take().map_or(0, |(_, times)| times);
        self.lost = Some((why, before + 1));
    }

    /// The alert is looked up.
    pub fn look(&mut self, now: DateTime<Utc>) {
        self.looked_at = Some(now);
    }

    /// Since when the alert waits to be looked up again; none before the answer, which has it looked
    /// up the first time, and while a look-up is still to be waited for.
    #[must_use]
    pub fn waits_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.looked_at.filter(|at| self.answered && now - *at >= LOOK_AGAIN_AFTER)
    }

    /// When the watch ends.
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.sent_at + WATCH_FOR
    }

    /// What became of it: at once when a reading shows what was wanted or more, else when the watch
    /// has ended.
    #[must_use]
    pub fn verdict(&self, now: DateTime<Utc>) -> Option<Verdict> {
        let ended = now >= self.until();
        if !self.answered && !ended {
            return None;
        }
        match (&self.last, &self.lost) {
            (Some((status, _)), _) if *status == self.wanted => Some(Verdict::Confirmed),
            // Nothing leads back from there.
            (Some((AlertStatus::Resolved, _)), _) => {
                Some(Verdict::Overtaken("somebody has resolved it meanwhile".to_owned()))
            }
            (_, Some((why, times))) if *times >= LOST_AFTER || ended => {
                Some(Verdict::Unknown(format!("it cannot be looked up: {why}")))
            }
            (last, _) => ended.then(|| self.at_the_end(last.as_ref())),
        }
    }

    fn at_the_end(&self, last: Option<&(AlertStatus, DateTime<Utc>)>) -> Verdict {
        match last {
            None => {
                let text = format!("no reading said anything within {} s", WATCH_FOR.num_seconds());
                Verdict::Unknown(text)
            }
            Some((status, _)) if *status != self.before => {
                Verdict::Overtaken(format!("it is {} now", status.word()))
            }
            Some((_, at)) if *at > self.until() - STILL_COUNTS => Verdict::Unchanged,
            Some((status, at)) => {
                let (word, after) = (status.word(), (*at - self.sent_at).num_seconds());
                Verdict::Unknown(format!("still {word} {after} s later, and then no reading said"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AlertStatus::{Acknowledged, Active, Resolved};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn watch(wanted: AlertStatus, readings: &[(AlertStatus, i64)]) -> AlertWatch {
        let mut watch = AlertWatch::new(wanted, Active, at(0));
        watch.answer();
        for (status, as_of) in readings {
            watch.see(status, at(*as_of));
        }
        watch
    }

    #[test]
    fn a_reading_decides_at_once_when_it_shows_what_was_wanted_or_more() {
        let done = watch(Acknowledged, &[(Active, 1), (Acknowledged, 6)]);
        assert_eq!(done.verdict(at(6)), Some(Verdict::Confirmed));
        let more = watch(Acknowledged, &[(Resolved, 2)]);
        assert!(matches!(more.verdict(at(2)), Some(Verdict::Overtaken(_))));
        let resolved = watch(Resolved, &[(Resolved, 2)]);
        assert_eq!(resolved.verdict(at(2)), Some(Verdict::Confirmed));
    }

    #[test]
    fn what_does_not_show_it_decides_only_at_the_end() {
        let unknown = |text: &str| Verdict::Unknown(text.to_owned());
        let overtaken = |text: &str| Verdict::Overtaken(text.to_owned());
        let snoozed = AlertStatus::Other("snoozed".to_owned());
        let cases = [
            (Acknowledged, vec![(Active, 2), (Active, 27)], Verdict::Unchanged),
            (
                Acknowledged,
                vec![(Active, 2)],
                unknown("still active 2 s later, and then no reading said"),
            ),
            (
                Acknowledged,
                vec![(Acknowledged, 0), (Acknowledged, -3)],
                unknown("no reading said anything within 30 s"),
            ),
            (Resolved, vec![(Acknowledged, 3)], overtaken("it is acknowledged now")),
            (Resolved, vec![(snoozed, 3)], overtaken("it is snoozed now")),
        ];
        for (wanted, readings, verdict) in cases {
            let watch = watch(wanted, &readings);
            assert_eq!(watch.verdict(at(29)), None, "{readings:?}");
            assert_eq!(watch.verdict(at(30)), Some(verdict), "{readings:?}");
        }
    }

    #[test]
    fn an_older_reading_that_comes_late_does_not_count() {
        let watch = watch(Acknowledged, &[(Acknowledged, 6), (Active, 3)]);
        assert_eq!(watch.verdict(at(7)), Some(Verdict::Confirmed));
    }

    #[test]
    fn nothing_is_decided_before_the_vendor_has_answered() {
        let mut watch = AlertWatch::new(Acknowledged, Active, at(0));
        watch.see(&Acknowledged, at(2));
        assert_eq!(watch.verdict(at(3)), None, "somebody else may have done that");
        watch.answer();
        assert_eq!(watch.verdict(at(3)), Some(Verdict::Confirmed));
    }

    #[test]
    fn an_alert_that_two_look_ups_do_not_find_is_unknown_at_once() {
        let mut watch = watch(Resolved, &[(Active, 2)]);
        watch.lose("HTTP 404 from the server".to_owned());
        assert_eq!(watch.verdict(at(3)), None, "one odd answer decides nothing");
        watch.lose("HTTP 404 from the server".to_owned());
        let text = "it cannot be looked up: HTTP 404 from the server".to_owned();
        assert_eq!(watch.verdict(at(3)), Some(Verdict::Unknown(text)));
    }

    #[test]
    fn it_is_looked_up_again_only_after_a_while() {
        let mut watch = watch(Resolved, &[]);
        assert_eq!(watch.waits_since(at(9)), None, "it has not been looked up at all");
        watch.look(at(1));
        assert_eq!(watch.waits_since(at(5)), None);
        assert_eq!(watch.waits_since(at(6)), Some(at(1)));
    }
}

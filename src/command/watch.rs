//! What became of a logout, as the readings show it. The vendor's answer is not believed: success,
//! "not logged in" and silence all end here.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Verdict;

/// How long the readings are watched.
pub const WATCH_FOR: TimeDelta = TimeDelta::seconds(30);

/// Who was listed earlier than this before the watch ends may have gone since: a dialer takes its
/// time, and a reading that fails or is in doubt says nothing.
const STILL_COUNTS: TimeDelta = TimeDelta::seconds(15);

/// What one reading says of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sighting {
    /// Listed and logged in.
    Present,
    /// Logged out, or believed so.
    Gone,
}

/// The watch over one logout. An agent once gone may come back (some phones log in again by
/// themselves), so "gone" is final only at the end; until then it is [`Watch::so_far`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    sent_at: DateTime<Utc>,
    last: Option<(Sighting, DateTime<Utc>)>,
    came_back: bool,
}

impl Watch {
    /// Begins when the request goes out.
    #[must_use]
    pub fn new(sent_at: DateTime<Utc>) -> Self {
        Self { sent_at, last: None, came_back: false }
    }

    /// Moves every instant by `by`: our clock was set.
    pub fn move_by(&mut self, by: TimeDelta) {
        self.sent_at += by;
        self.last.iter_mut().for_each(|(_, at)| *at += by);
    }

    /// Takes in what a reading says. One that describes the floor as it was when the request went
    /// out, or earlier, says nothing.
    pub fn see(&mut self, sighting: Sighting, as_of: DateTime<Utc>) {
        if as_of <= self.sent_at {
            return;
        }
        self.came_back |= self.so_far() == Some(Sighting::Gone) && sighting == Sighting::Present;
        self.last = Some((sighting, as_of));
    }

    /// What the readings have shown so far; none before the first that counts.
    #[must_use]
    pub fn so_far(&self) -> Option<Sighting> {
        self.last.map(|(sighting, _)| sighting)
    }

    /// When the watch ends.
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.sent_at + WATCH_FOR
    }

    /// What became of it: at once when the agent came back, else when the watch has ended.
    #[must_use]
    pub fn verdict(&self, now: DateTime<Utc>) -> Option<Verdict> {
        if self.came_back {
            return Some(Verdict::CameBack);
        }
        (now >= self.until()).then(|| match self.last {
            Some((Sighting::Gone, _)) => Verdict::Gone,
            Some((Sighting::Present, at)) if at > self.until() - STILL_COUNTS => Verdict::StillHere,
            Some((Sighting::Present, at)) => {
                let after = (at - self.sent_at).num_seconds();
                Verdict::Unknown(format!("still listed {after} s later, and then no reading said"))
            }
            None => {
                let text = format!("no reading said anything within {} s", WATCH_FOR.num_seconds());
                Verdict::Unknown(text)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    #[test]
    fn the_readings_decide_within_thirty_seconds() {
        use Sighting::{Gone, Present};
        let cases: [(&[(Sighting, i64)], Verdict); 5] = [
            (&[(Present, 2), (Gone, 5), (Gone, 29)], Verdict::Gone),
            (&[(Present, 2), (Present, 29)], Verdict::StillHere),
            (
                &[(Present, 2)],
                Verdict::Unknown("still listed 2 s later, and then no reading said".to_owned()),
            ),
            (&[(Gone, 3), (Present, 9)], Verdict::CameBack),
            (
                &[(Gone, -1), (Gone, 0)],
                Verdict::Unknown("no reading said anything within 30 s".to_owned()),
            ),
        ];
        for (sightings, verdict) in cases {
            let mut watch = Watch::new(at(0));
            for (sighting, as_of) in sightings {
                watch.see(*sighting, at(*as_of));
            }
            assert_eq!(watch.verdict(at(30)), Some(verdict), "{sightings:?}");
        }
    }

    #[test]
    fn gone_is_not_final_before_the_end_but_a_return_is() {
        let mut watch = Watch::new(at(0));
        watch.see(Sighting::Gone, at(3));
        assert_eq!((watch.so_far(), watch.verdict(at(29))), (Some(Sighting::Gone), None));
        watch.see(Sighting::Present, at(10));
        assert_eq!(watch.verdict(at(10)), Some(Verdict::CameBack));
    }
}

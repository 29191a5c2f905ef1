//! What was really so, several times a second: what each system would say of everybody if it had no
//! delay.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::simulator::{PersonTruth, QueueTruth, Running, Truth};

/// Between two looks at the world. Nothing on the floor lasts less than a few of them.
pub const STEP: TimeDelta = TimeDelta::milliseconds(250);

/// What one system would say of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub activity: String,
    pub since: DateTime<Utc>,
}

/// One person at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub dialer: Option<Said>,
    /// Where they sit at the dialer.
    pub queue: Option<String>,
    pub cx: Option<Said>,
    pub sip: Option<Said>,
    /// Why they are away.
    pub reason: Option<String>,
    pub scheduled: String,
    pub adherent: bool,
    pub in_wfm: bool,
}

/// Everybody at one instant.
#[derive(Debug)]
pub struct Moment {
    pub at: DateTime<Utc>,
    /// In the roster's order.
    pub people: Vec<Standing>,
    /// Which of the WFM's alerts want somebody.
    pub active_alerts: BTreeSet<String>,
    pub queues: Vec<QueueTruth>,
}

/// One person of whom the screen can be held against the truth.
#[derive(Debug)]
pub struct Person {
    pub id: String,
    pub name: String,
    /// What is wrong with what CxEngage says of them.
    pub cx_is_wrong: bool,
    place: usize,
}

/// Everybody from `begin` until `end`.
#[derive(Debug)]
pub struct Chronicle {
    pub people: Vec<Person>,
    moments: Vec<Moment>,
}

impl Chronicle {
    pub fn of(running: &Running, begin: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        let first = running.truth_at(begin);
        let steps = (end - begin).num_milliseconds() / STEP.num_milliseconds();
        // One more than there is time for: what is so now may have begun after the last look.
        let instants = (0..=steps + 1).map(|step| begin + STEP * i32::try_from(step).unwrap());
        Self {
            people: people(&first),
            moments: instants.map(|at| moment(&running.truth_at(at))).collect(),
        }
    }

    /// Everything from `from` until `until`, with what held when that began and what did at its very end,
    /// which lies between two looks.
    pub fn within(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> &[Moment] {
        let first = self.moments.partition_point(|moment| moment.at <= from).saturating_sub(1);
        let end = self.moments.partition_point(|moment| moment.at <= until) + 1;
        let end = end.min(self.moments.len());
        &self.moments[first.min(end)..end]
    }

    /// How `person` stood all the while.
    pub fn of_person<'a>(
        &'a self,
        person: &Person,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = (DateTime<Utc>, &'a Standing)> + Clone {
        let place = person.place;
        self.within(from, until).iter().map(move |moment| (moment.at, &moment.people[place]))
    }
}

/// Two people may share a name, and a screen shows nothing else of them.
fn people(truth: &Truth) -> Vec<Person> {
    let is_alone = |name: &str| truth.people.iter().filter(|p| p.name == name).count() == 1;
    let people = truth.people.iter().enumerate().filter(|(_, person)| is_alone(&person.name));
    let person = |(place, person): (usize, &PersonTruth)| Person {
        id: person.person.clone(),
        name: person.name.clone(),
        cx_is_wrong: person.mishap.as_deref().is_some_and(|mishap| mishap.starts_with("cx_")),
        place,
    };
    people.map(person).collect()
}

fn moment(truth: &Truth) -> Moment {
    let active = truth.alerts.iter().filter(|alert| alert.status == "active");
    Moment {
        at: truth.at,
        people: truth.people.iter().map(standing).collect(),
        active_alerts: active.map(|alert| alert.id.clone()).collect(),
        queues: truth.queues.clone(),
    }
}

fn standing(person: &PersonTruth) -> Standing {
    let dialer = person.convoso.as_ref().map(|seat| Said {
        activity: if seat.logged_in { person.activity.clone() } else { "offline".to_owned() },
        since: person.since,
    });
    let cx = person.cxengage.as_ref();
    let sip = person.sip.as_ref();
    Standing {
        dialer,
        queue: person.queue_id.clone(),
        cx: cx.map(|cx| Said { activity: cx.activity.clone(), since: cx.since }),
        sip: sip.map(|sip| Said { activity: sip.activity.clone(), since: sip.since }),
        reason: person.reason.clone(),
        scheduled: person.scheduled.clone(),
        adherent: person.adherent,
        in_wfm: person.wfm_employee_id.is_some(),
    }
}

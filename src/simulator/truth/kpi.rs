//! How long everybody did what over a window: what really was, and what each system could know at
//! best.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::cxengage::CxTruth;
use super::{doing, sip};
use crate::simulator::centre::Centre;
use crate::simulator::convoso::status;
use crate::simulator::dialect::Dialect;
use crate::simulator::world::person::Person;
use crate::simulator::world::sip::Bucket;

/// One person's window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KpiTruth {
    /// The roster's id.
    pub person: String,
    /// When the window begins: not before the history.
    pub since: DateTime<Utc>,
    /// When it ends: not after now.
    pub until: DateTime<Utc>,
    /// What they did.
    pub really: TimesTruth,
    /// What the dialer's monitor would have said at each instant; none for somebody who does not
    /// sit there.
    pub convoso: Option<TimesTruth>,
    /// The same of CxEngage, without its delay.
    pub cxengage: Option<TimesTruth>,
    /// The same of sip.io's counters.
    pub sip: Option<TimesTruth>,
    /// Whether the WFM knows them.
    pub in_wfm: bool,
}

/// Time in each activity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimesTruth {
    /// Milliseconds per activity, by the words of a person's; no entry means none. "unknown" is a
    /// status that no client can know.
    pub ms: BTreeMap<String, u64>,
    /// Of those on a contact, the milliseconds of calls on the person's own phone, which are no work.
    pub own_call_ms: u64,
    /// How often the activity, or the reason of an absence, changed.
    pub changes: u64,
}

/// Everybody's times from `since` until `until`, in the roster's order; a time in the future means
/// now.
pub fn kpi(centre: &Centre, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<KpiTruth> {
    let mut world = centre.world();
    let now = centre.time().now;
    world.advance(now);
    let until = until.min(now);
    world.people.iter().map(|person| of(person, since, until, centre.dialect)).collect()
}

/// What is done in one stretch: the activity, its reason, and whether it is a call of one's own.
type Doing = (String, Option<&'static str>, bool);

fn of(person: &Person, since: DateTime<Utc>, until: DateTime<Utc>, dialect: Dialect) -> KpiTruth {
    let since = since.max(person.day.segments()[0].start);
    let instants = boundaries(person, since, until);
    let times = |what: &dyn Fn(DateTime<Utc>) -> Doing| TimesTruth::of(&instants, until, what);
    let own_call = |at| {
        let seat = person.sip.as_ref();
        seat.is_some_and(|seat| seat.at(&person.day, at).0 == Bucket::ExtCall)
    };
    let really = |at: DateTime<Utc>| {
        let (activity, _) = doing(person, CxTruth::of(person, at).as_ref(), at);
        let reason = person.day.at(at).state.reason().filter(|_| activity == "away");
        (activity, reason, own_call(at))
    };
    let monitor = |at: DateTime<Utc>| {
        let segment = person.day.at(at);
        let is_known = status::word(dialect, person.index, segment) != status::UNKNOWN;
        let word = if is_known { segment.state.word() } else { "unknown" };
        (word.to_owned(), segment.state.reason(), false)
    };
    let cx = |at: DateTime<Utc>| {
        let activity = CxTruth::of(person, at).map_or(String::new(), |cx| cx.activity);
        (activity, None, false)
    };
    let counters = |at: DateTime<Utc>| {
        let seat = person.sip.as_ref();
        let word = seat.map_or("", |seat| sip::doing(seat, &person.day, at).0);
        (word.to_owned(), None, own_call(at))
    };
    KpiTruth {
        person: person.id.clone(),
        since,
        until,
        really: times(&really),
        convoso: person.dialer.as_ref().map(|_| times(&monitor)),
        cxengage: person.cx.as_ref().map(|_| times(&cx)),
        sip: person.sip.as_ref().map(|_| times(&counters)),
        in_wfm: person.wfm.is_some(),
    }
}

/// The instants from `since` until `until` at which anything about `person` may change, in order.
fn boundaries(person: &Person, since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let day = person.day.segments().iter().map(|segment| segment.start);
    let records = person.cx.iter().flat_map(|seat| seat.sessions.records());
    let sessions = records.flat_map(|record| [Some(record.start), record.left]).flatten();
    let within = day.chain(sessions).filter(|at| since < *at && *at < until);
    let mut instants: Vec<_> = within.chain((since < until).then_some(since)).collect();
    instants.sort_unstable();
    instants.dedup();
    instants
}

impl TimesTruth {
    fn of(
        instants: &[DateTime<Utc>],
        until: DateTime<Utc>,
        what: impl Fn(DateTime<Utc>) -> Doing,
    ) -> Self {
        let mut times = Self::default();
        let mut before = None;
        for (place, at) in instants.iter().enumerate() {
            let doing = what(*at);
            let end = instants.get(place + 1).copied().unwrap_or(until);
            // To the millisecond at both ends, so that the parts are the whole.
            let lasted = end.timestamp_millis() - at.timestamp_millis();
            let lasted = lasted.max(0).unsigned_abs();
            *times.ms.entry(doing.0.clone()).or_default() += lasted;
            times.own_call_ms += if doing.2 { lasted } else { 0 };
            times.changes += u64::from(before.as_ref().is_some_and(|before| *before != doing));
            before = Some(doing);
        }
        times.ms.retain(|_, ms| *ms > 0);
        times
    }
}

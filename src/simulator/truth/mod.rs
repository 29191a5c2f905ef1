//! What is really so, for tests: every number a client may show has its counterpart here.

mod alert;
mod cxengage;
mod history;
mod kpi;
mod sip;

pub use alert::{AlertTruth, SessionTruth};
pub use cxengage::CxTruth;
pub use history::{HistoryTruth, SpellTruth, history};
pub use kpi::{KpiTruth, TimesTruth, kpi};
pub use sip::SipTruth;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::centre::Centre;
use super::convoso::{dialable, is_listed, status};
use super::fault::Target;
use super::server_time::ServerTime;
use super::world::World;
use super::world::duty::Scheduled;
use super::world::person::Person;
use super::world::state::State;

/// The whole floor at one instant. All times are true: never the server's wrong ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Everybody, in the roster's order.
    pub people: Vec<PersonTruth>,
    /// Every queue.
    pub queues: Vec<QueueTruth>,
    /// How often each user's logout was asked for, however it ended.
    pub logouts: BTreeMap<String, u64>,
    /// The WFM's alerts since the history began, the newest first.
    pub alerts: Vec<AlertTruth>,
    /// How often each alert's change was asked for, per alert and action, however it ended.
    pub patches: BTreeMap<String, BTreeMap<String, u64>>,
    /// How often somebody pushed states into the WFM, which is not implemented.
    pub imports: u64,
    /// The WFM's session so far.
    pub session: SessionTruth,
    /// Requests per API so far.
    pub requests: BTreeMap<Target, u64>,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonTruth {
    /// The roster's id.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Their team.
    pub team: String,
    /// Their id in Convoso.
    pub convoso_user_id: Option<String>,
    /// Their id in CxEngage.
    pub cxengage_agent_id: Option<String>,
    /// Their id in the WFM.
    pub wfm_employee_id: Option<String>,
    /// Their id in sip.io.
    pub sip_user_id: Option<String>,
    /// Their number in the WFM.
    pub wfm_employee_number: Option<String>,
    /// What they do: offline, logged_in, available, ringing, on_contact, wrap_up, away, and, where
    /// they sit in sip.io alone, unreachable.
    pub activity: String,
    /// Why they are away: break, lunch, meeting, training, personal; none where none was given.
    pub reason: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The campaign they sit in, in Convoso.
    pub campaign_id: Option<String>,
    /// The queue they sit in, in Convoso.
    pub queue_id: Option<String>,
    /// Calls they took today, by the vendor's day.
    pub calls_today: u64,
    /// What the schedule says: available, away or off.
    pub scheduled: String,
    /// Why they are scheduled to be away.
    pub scheduled_reason: Option<String>,
    /// Whether they do what is scheduled.
    pub adherent: bool,
    /// What is wrong with them: long_break, forgotten_wrap, out_of_adherence, cx_left_open,
    /// cx_closed, cx_silent.
    pub mishap: Option<String>,
    /// Their seat in Convoso.
    pub convoso: Option<ConvosoTruth>,
    /// Their seat in CxEngage.
    pub cxengage: Option<CxTruth>,
    /// Their seat in sip.io.
    pub sip: Option<SipTruth>,
}

/// What Convoso says of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConvosoTruth {
    /// Whether they are logged in there.
    pub logged_in: bool,
    /// Whether the search lists them; some who are logged out are for a while.
    pub listed: bool,
    /// The status word, verbatim.
    pub status: String,
    /// Whether that word is one that no client can know.
    pub unknown_status: bool,
}

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueTruth {
    /// Its campaign.
    pub campaign_id: String,
    /// Its campaign's name.
    pub campaign: String,
    /// Its id.
    pub queue_id: String,
    /// Its name.
    pub name: String,
    /// People of the queue who are logged in.
    pub agents: u64,
    /// Those per activity; no entry means none.
    pub activities: BTreeMap<String, u64>,
    /// Calls since the vendor's midnight, also those that reached nobody.
    pub calls_today: u64,
    /// Those that an agent took.
    pub answered: u64,
    /// Those that were abandoned.
    pub dropped: u64,
    /// Leads that can still be dialled.
    pub dialable_leads: u64,
}

impl Truth {
    /// The truth at `at`, which must not be in the future; now without it.
    #[must_use]
    pub fn of(centre: &Centre, at: Option<DateTime<Utc>>) -> Self {
        let mut world = centre.world();
        let mut time = centre.time();
        world.advance_board(time.now);
        time.now = at.unwrap_or(time.now).min(time.now);
        let people = (0..world.people.len())
            .map(|place| {
                let calls = world.people[place].day.calls(time.midnight(), time.now).answered;
                person(&world, &world.people[place], calls, time, centre)
            })
            .collect();
        let queues = (0..world.queues.len()).map(|place| queue(&mut world, place, time)).collect();
        let alerts = alert::alerts(&world, time.now);
        let session = SessionTruth::of(&centre.session());
        let ledger = centre.ledger();
        Self {
            at: time.now,
            people,
            queues,
            logouts: ledger.logouts.clone(),
            alerts,
            patches: ledger.patches.clone(),
            imports: ledger.imports,
            session,
            requests: ledger.requests.clone(),
        }
    }

    /// The person with this roster id.
    #[must_use]
    pub fn person(&self, id: &str) -> Option<&PersonTruth> {
        self.people.iter().find(|p| p.person == id)
    }
}

fn person(
    world: &World,
    person: &Person,
    calls_today: u64,
    time: ServerTime,
    centre: &Centre,
) -> PersonTruth {
    let now = person.day.at(time.now);
    let scheduled = person.duty.at(time.now);
    let (word, scheduled_reason) = match scheduled {
        Scheduled::Off => ("off", None),
        Scheduled::Work => ("available", None),
        Scheduled::Away(reason) => ("away", reason.word()),
    };
    let cxengage = CxTruth::of(person, time.now);
    let sip = SipTruth::of(person, time.now);
    let (activity, since) = doing(person, cxengage.as_ref(), time.now);
    let queue = person.dialer.as_ref().map(|d| &world.queues[d.queue]);
    PersonTruth {
        person: person.id.clone(),
        name: person.name.clone(),
        team: person.team.to_owned(),
        convoso_user_id: person.dialer.as_ref().map(|d| d.user_id.clone()),
        cxengage_agent_id: person.cx.as_ref().map(|c| c.agent_id.to_string()),
        sip_user_id: person.sip.as_ref().map(|s| s.user_id.clone()),
        wfm_employee_id: person.wfm.as_ref().map(|w| w.employee_id.to_string()),
        wfm_employee_number: person.wfm.as_ref().map(|w| w.employee_number.clone()),
        activity,
        reason: now.state.reason().map(str::to_owned),
        since,
        campaign_id: queue.map(|q| world.campaigns[q.campaign].id.clone()),
        queue_id: queue.map(|q| q.id.clone()),
        calls_today,
        scheduled: word.to_owned(),
        scheduled_reason: scheduled_reason.map(str::to_owned),
        adherent: scheduled.is_kept_by(now.state),
        mishap: person.mishap.map(|m| m.word().to_owned()),
        convoso: person.dialer.as_ref().map(|seat| {
            let word = status::word(centre.dialect, person.index, now);
            ConvosoTruth {
                logged_in: !now.state.is_out(),
                listed: is_listed(seat, now, time),
                status: word.to_owned(),
                unknown_status: word == status::UNKNOWN,
            }
        }),
        cxengage,
        sip,
    }
}

/// What `person` does at `at`, and since when; `cxengage` is what that system would say.
fn doing(
    person: &Person,
    cxengage: Option<&CxTruth>,
    at: DateTime<Utc>,
) -> (String, DateTime<Utc>) {
    let now = person.day.at(at);
    let sip = person.sip.as_ref().map(|seat| sip::doing(seat, &person.day, at));
    // Put out of the dialer only: whoever still works elsewhere does work.
    let elsewhere = || {
        let cx = cxengage.map(|cx| (&*cx.activity, cx.since));
        cx.into_iter().chain(sip).find(|(activity, _)| is_work(activity))
    };
    let (activity, since) = match (sip, now.state) {
        (_, State::ForcedOut) => elsewhere().unwrap_or((now.state.word(), now.start)),
        // Only that system knows that the telephone is gone.
        (Some((sip::UNREACHABLE, _)), _) => (sip::UNREACHABLE, now.start),
        _ => (now.state.word(), now.start),
    };
    (activity.to_owned(), since)
}

fn is_work(activity: &str) -> bool {
    matches!(activity, "available" | "on_contact")
}

fn queue(world: &mut World, place: usize, time: ServerTime) -> QueueTruth {
    let calls = world.calls(time.midnight(), time.now, |seat| seat.queue == place);
    let dialable_leads = dialable(world, place, time);
    let mut activities = BTreeMap::new();
    for person in &world.people {
        let state = person.day.at(time.now).state;
        if person.dialer.as_ref().is_some_and(|d| d.queue == place) && !state.is_out() {
            *activities.entry(state.word().to_owned()).or_default() += 1;
        }
    }
    let queue = &world.queues[place];
    let campaign = &world.campaigns[queue.campaign];
    QueueTruth {
        campaign_id: campaign.id.clone(),
        campaign: campaign.name.clone(),
        queue_id: queue.id.clone(),
        name: queue.name.clone(),
        agents: activities.values().sum(),
        activities,
        calls_today: calls.total(),
        answered: calls.answered,
        dropped: calls.dropped,
        dialable_leads,
    }
}

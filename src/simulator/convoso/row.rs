//! What one answer is about, before any dialect.

use chrono::TimeDelta;

use super::status;
use crate::simulator::dialect::Dialect;
use crate::simulator::fault::Fault;
use crate::simulator::parameters::Parameters;
use crate::simulator::server_time::ServerTime;
use crate::simulator::world::World;
use crate::simulator::world::person::{DialerSeat, Person};
use crate::simulator::world::queue::{Campaign, Queue};
use crate::simulator::world::state::State;
use crate::simulator::world::timeline::{Calls, Segment};

/// One agent listed.
#[derive(Clone)]
pub struct Row<'a> {
    /// Who.
    pub person: &'a Person,
    /// Their name as it is served.
    pub name: String,
    /// Their seat.
    pub seat: &'a DialerSeat,
    /// Their queue.
    pub queue: &'a Queue,
    /// Its campaign.
    pub campaign: &'a Campaign,
    /// Their state.
    pub segment: Segment,
    /// The status word.
    pub status: &'static str,
    /// Calls they took today.
    pub calls_today: u64,
    /// Calls they took since they are known.
    pub total_calls: u64,
    /// The time of the answer.
    pub time: ServerTime,
}

/// One answer to a search.
pub struct Monitor<'a> {
    /// The agents.
    pub rows: Vec<Row<'a>>,
    /// How many agents it claims, and how many of them in call, ready, paused.
    pub counts: [u64; 4],
    /// Calls in the scope of the filter.
    pub calls: Calls,
    /// Dialable leads in the scope of the filter.
    pub leads: u64,
    /// All campaigns.
    pub campaigns: &'a [Campaign],
    /// All queues.
    pub queues: &'a [Queue],
}

/// What narrows an answer.
#[derive(Debug, Default)]
pub struct Scope {
    campaign: Option<usize>,
    queue: Option<usize>,
    user_id: Option<String>,
    skills: Vec<String>,
}

/// An id in a filter that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSuch {
    /// Campaign.
    Campaign,
    /// Queue.
    Queue,
    /// User.
    User,
}

impl Scope {
    /// Reads the filters of a request.
    pub fn of(parameters: &Parameters, world: &mut World) -> Result<Self, NoSuch> {
        let mut scope = Self::default();
        if let Some(id) = parameters.get("campaign_id") {
            let place = world.campaigns.iter().position(|c| c.id == id);
            scope.campaign = Some(place.ok_or(NoSuch::Campaign)?);
        }
        if let Some(id) = parameters.get("queue_id") {
            let place = world.queues.iter().position(|q| q.id == id);
            scope.queue = Some(place.ok_or(NoSuch::Queue)?);
        }
        if let Some(id) = parameters.get("user_id") {
            world.by_user_id(id).ok_or(NoSuch::User)?;
            scope.user_id = Some(id.to_owned());
        }
        let skills = parameters.get("filter_by_skill_options").unwrap_or_default();
        scope.skills = skills.split(',').map(|s| s.trim().to_lowercase()).collect();
        scope.skills.retain(|s| !s.is_empty());
        Ok(scope)
    }

    fn holds_queue(&self, place: usize, queue: &Queue) -> bool {
        self.queue.is_none_or(|q| q == place) && self.campaign.is_none_or(|c| c == queue.campaign)
    }

    fn holds(&self, seat: &DialerSeat, queues: &[Queue]) -> bool {
        self.holds_queue(seat.queue, &queues[seat.queue])
            && self.user_id.as_ref().is_none_or(|id| *id == seat.user_id)
            && (self.skills.is_empty()
                || self.skills.iter().any(|s| seat.skills.contains(&s.as_str())))
    }
}

impl<'a> Monitor<'a> {
    /// What Convoso knows within `scope`; `world` has been advanced to `time`.
    pub fn new(
        world: &'a mut World,
        scope: &Scope,
        time: ServerTime,
        dialect: Dialect,
        fault: &Fault,
    ) -> Self {
        let queues = world.queues.clone();
        let calls = world.calls(time.midnight(), time.now, |seat| scope.holds(seat, &queues));
        let leads = (0..queues.len())
            .filter(|place| scope.holds_queue(*place, &queues[*place]))
            .map(|place| dialable(world, place, time))
            .sum();
        let today: Vec<u64> = world
            .people
            .iter_mut()
            .map(|p| p.day.calls(time.midnight(), time.now).answered)
            .collect();
        let world = &*world;
        let all: Vec<Row> = world
            .people
            .iter()
            .filter_map(|person| {
                let seat = person.dialer.as_ref().filter(|s| scope.holds(s, &world.queues))?;
                let segment = person.day.at(time.now);
                is_listed(seat, segment, time).then(|| {
                    let queue = &world.queues[seat.queue];
                    Row {
                        name: fault.name(person.index, &person.name),
                        queue,
                        campaign: &world.campaigns[queue.campaign],
                        status: status::word(dialect, person.index, segment),
                        calls_today: today[person.index],
                        total_calls: calls_so_far(person, time),
                        person,
                        seat,
                        segment,
                        time,
                    }
                })
            })
            .flat_map(|row| {
                let second = fault.sits_twice(row.person.index).then(|| row.in_next_queue(world));
                std::iter::once(row).chain(second)
            })
            .collect();
        let claimed = counts(&all);
        let mut place = 0..;
        let rows: Vec<Row> =
            all.into_iter().filter(|_| !fault.hides(place.next().unwrap_or(0))).collect();
        let counts = if fault.counts_agree() { counts(&rows) } else { claimed };
        Self { rows, counts, calls, leads, campaigns: &world.campaigns, queues: &world.queues }
    }
}

impl<'a> Row<'a> {
    /// The row that the same agent has in another queue.
    fn in_next_queue(&self, world: &'a World) -> Self {
        let place = (self.seat.queue + 1) % world.queues.len();
        let queue = &world.queues[place];
        Self { queue, campaign: &world.campaigns[queue.campaign], ..self.clone() }
    }

    /// Whole seconds in the state.
    #[must_use]
    pub fn seconds(&self) -> u64 {
        (self.time.now - self.segment.start).num_seconds().unsigned_abs()
    }

    /// The same as MM:SS; the minutes go past 59.
    #[must_use]
    pub fn mmss(&self) -> String {
        format!("{:02}:{:02}", self.seconds() / 60, self.seconds() % 60)
    }

    /// The lead and the call's log entry, while there is a call.
    #[must_use]
    pub fn call(&self) -> Option<(u64, u64)> {
        let call = u64::from(self.segment.call);
        let index = self.person.index as u64;
        (call > 0).then(|| (54_321 + 1_000 * index + call, 789_000 + 10_000 * index + call))
    }
}

/// Leads of the queue at `place` that can still be dialled today.
pub fn dialable(world: &mut World, place: usize, time: ServerTime) -> u64 {
    let calls = world.calls(time.midnight(), time.now, |seat| seat.queue == place);
    world.queues[place].leads.saturating_sub(calls.total())
}

/// Whether Convoso lists the person at all: for a while after they left, some of them.
pub fn is_listed(seat: &DialerSeat, segment: Segment, time: ServerTime) -> bool {
    let since: TimeDelta = time.now - segment.start;
    !segment.state.is_out() || since < seat.listed_after_logout
}

fn counts(rows: &[Row]) -> [u64; 4] {
    let count = |f: fn(State) -> bool| rows.iter().filter(|r| f(r.segment.state)).count() as u64;
    [
        rows.len() as u64,
        count(|s| s == State::OnContact),
        count(|s| s == State::Available),
        count(|s| matches!(s, State::Away(_) | State::LoggedIn)),
    ]
}

fn calls_so_far(person: &Person, time: ServerTime) -> u64 {
    let segments = person.day.segments();
    let begun = segments.partition_point(|s| s.start <= time.now);
    segments[..begun].iter().rev().map(|s| s.call).find(|c| *c > 0).map_or(0, u64::from)
}

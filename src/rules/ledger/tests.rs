use chrono::{NaiveTime, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::model::{
    Activity, ActivityKind, AdherencePct, AgentHistory, Archive, Body, Bucket, Coverage, Doubt,
    Duty, Evidence, Failure, FailureKind, Feed, FloorIdentity, Fused, Observation, Outcome,
    Reading, Reason, Report, Roster, RosterPerson, ScheduleState, Scheduled, Side, SideFeed,
    SourceKind, SourceName, Spell, Timetable, VendorKpi, Work,
};
use crate::rules::{Share, figures_over, queues_over};
use kept::Kept;

mod kept;
mod retold;

/// Twenty minutes before midnight, so that a test of that length sees two days.
fn evening() -> DateTime<Utc> {
    "2026-03-01T23:40:00Z".parse().unwrap()
}

const SOURCES: [(&str, SourceKind, i64); 4] = [
    ("dialer", SourceKind::Convoso, 3),
    ("cx", SourceKind::CxEngage, 15),
    ("sip", SourceKind::SipIo, 15),
    ("wfm", SourceKind::Wfm, 15),
];

/// Who has an id where: everybody's is the index of the person.
const IDS: [&[usize]; 7] = [&[0], &[1], &[0, 1], &[2], &[0, 2, 3], &[3], &[1, 2]];

fn empty_floor() -> Floor {
    let person = |(index, sources): (usize, &&[usize])| RosterPerson {
        id: format!("p{index}").as_str().into(),
        name: format!("P {index}"),
        team: Some(if index % 2 == 0 { "even" } else { "odd" }.to_owned()),
        email: None,
        timezone: None,
        ids: sources.iter().map(|s| (SOURCES[*s].0.into(), index.to_string().into())).collect(),
    };
    let identity = FloorIdentity {
        name: "Tampa".to_owned(),
        timezone: chrono_tz::UTC,
        day_starts: NaiveTime::MIN,
    };
    let mut feeds: Vec<_> = SOURCES
        .iter()
        .map(|(name, kind, poll)| Feed::new((*name).into(), *kind, TimeDelta::seconds(*poll)))
        .collect();
    feeds[0].sides.push(SideFeed::new(Side::History, TimeDelta::seconds(60)));
    let roster = Roster::new(IDS.iter().enumerate().map(person).collect());
    let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let duty = |person: &str, start, end, scheduled| Duty {
        person: person.into(),
        date: evening().date_naive(),
        start,
        end,
        scheduled,
    };
    let lunch = Scheduled::Away(Reason::Lunch);
    let duties = [
        duty("p0", time(8, 0), time(23, 50), Scheduled::Available),
        duty("p2", time(23, 45), time(1, 0), Scheduled::Available),
        duty("p2", time(23, 55), time(0, 5), lunch),
    ];
    Floor::new(identity, roster, feeds, Vec::new())
        .with_timetable(Some(Timetable::new(chrono_tz::UTC, duties)))
}

const ACTIVITIES: [Activity; 9] = [
    Activity::Available,
    Activity::OnContact,
    Activity::WrapUp,
    Activity::Away(Reason::Unspecified),
    Activity::Away(Reason::Break),
    Activity::Offline,
    Activity::Ringing,
    Activity::OwnCall,
    Activity::Unknown,
];

/// What a source says of one agent: what it does, since how many seconds, and where.
type State = (usize, Option<i64>, usize);

#[derive(Debug, Clone)]
enum Event {
    Wait(i64),
    /// A list of a source, so many seconds old, by agent.
    List {
        source: usize,
        age: i64,
        states: Vec<Option<State>>,
        is_whole: bool,
    },
    /// What a source's log says of one agent's last seconds.
    Log {
        source: usize,
        agent: usize,
        back: i64,
        spells: Vec<(i64, usize)>,
        is_all: bool,
    },
    Fail {
        source: usize,
    },
    /// The log beside the dialer's monitor cannot be read.
    LogFails,
    /// The program is killed and started again.
    Restart,
    /// What the runs before kept comes back.
    Restore,
}

fn event() -> impl Strategy<Value = Event> {
    let state = (0..ACTIVITIES.len(), prop::option::of(0..90_i64), 0..3_usize);
    let states = prop::collection::vec(prop::option::weighted(0.8, state), IDS.len() + 1);
    let spells = prop::collection::vec((-3..120_i64, 0..ACTIVITIES.len()), 0..4);
    prop_oneof![
        3 => (0..20_i64).prop_map(Event::Wait),
        1 => (20..400_i64).prop_map(Event::Wait),
        6 => (0..4_usize, 0..20_i64, states, any::<bool>()).prop_map(
            |(source, age, states, is_whole)| Event::List { source, age, states, is_whole }
        ),
        2 => (0..2_usize, 0..IDS.len(), 0..200_i64, spells, prop::bool::weighted(0.8)).prop_map(
            |(source, agent, back, spells, is_all)| Event::Log { source, agent, back, spells, is_all }
        ),
        1 => (0..4_usize).prop_map(|source| Event::Fail { source }),
        1 => Just(Event::LogFails),
        1 => Just(Event::Restart),
        1 => Just(Event::Restore),
    ]
}

/// A floor, its ledger and the time.
struct Scene {
    floor: Floor,
    ledger: Ledger,
    now: DateTime<Utc>,
    /// What each source has last said of everybody: a log says nothing of whom nothing is new.
    as_of: [Option<DateTime<Utc>>; 4],
    /// What each run kept; the last one is this one.
    runs: Vec<Kept>,
}

impl Scene {
    fn new() -> Self {
        let runs = vec![Kept::default()];
        let (floor, ledger, now) = (empty_floor(), Ledger::default(), evening());
        Self { floor, ledger, now, as_of: [None; 4], runs }
    }

    fn play(&mut self, event: &Event) {
        match event {
            Event::Wait(seconds) => {
                self.now += TimeDelta::seconds(*seconds);
                self.ledger.update(&self.floor, &[], self.now);
            }
            Event::List { source, age, states, is_whole } => {
                let as_of = self.now - TimeDelta::seconds(*age);
                let states = states.iter().enumerate();
                let observations = states
                    .filter_map(|(agent, state)| Some(self.says(agent, (*state)?, as_of, *source)))
                    .collect();
                let coverage =
                    if *is_whole { Coverage::Whole { declared: None } } else { Coverage::Part };
                let body =
                    Body::Agents { observations, coverage, summary: None, histories: Vec::new() };
                self.as_of[*source] = Some(as_of);
                self.read(*source, as_of, body);
            }
            Event::Log { source, agent, back, spells, is_all } => {
                let as_of = self.as_of[*source].unwrap_or(self.now);
                let history = history(*agent, as_of, *back, spells);
                let histories = vec![history];
                let body = if *source == 0 {
                    let incomplete = (!is_all).then(|| "not all".to_owned());
                    Body::History { histories, incomplete }
                } else {
                    let coverage = Coverage::Part;
                    Body::Agents { observations: Vec::new(), coverage, summary: None, histories }
                };
                self.read(*source, as_of, body);
            }
            Event::Fail { source } => self.hear_of(*source, Outcome::Failed(failure())),
            Event::LogFails => {
                let (side, failure) = (Side::History, failure());
                self.hear_of(0, Outcome::SideFailed { side, failure });
            }
            Event::Restart => {
                let runs = std::mem::take(&mut self.runs);
                *self = Self { now: self.now, runs, ..Self::new() };
                self.runs.push(Kept::default());
                self.ledger.update(&self.floor, &[], self.now);
            }
            Event::Restore => {
                let mut archive = Archive::default();
                let (_, earlier) = self.runs.split_last().unwrap();
                earlier.iter().for_each(|run| run.give_back(&mut archive));
                let changes = self.floor.restore(archive, self.now);
                self.take(&changes);
            }
        }
    }

    fn says(
        &self,
        agent: usize,
        (activity, since, queue): State,
        as_of: DateTime<Utc>,
        source: usize,
    ) -> Observation {
        let activity = ACTIVITIES[activity].clone();
        let since = since.map(|since| as_of - TimeDelta::seconds(since));
        let day = self.floor.day_start(as_of);
        let sums_up = source == 2;
        let counted = sums_up.then(|| Box::new(counts(day, as_of, agent)));
        let mut work = Work {
            campaign_id: (queue > 0).then(|| "111".to_owned()),
            queue_id: (queue > 0).then(|| queue.to_string()),
            ..Work::default()
        };
        if queue == 2 && agent == 0 {
            let queue_id = Some("1".to_owned());
            work.join(&Work { queue_id, ..work.clone() }); // who sits in two at once
        }
        let raw = format!("{activity:?}");
        // Who counts may conclude the state from what grew, and what was done just before.
        let is_concluded = sums_up && queue == 2;
        let earlier = is_concluded.then(|| laid_out(since.unwrap_or(as_of)));
        let scheduled = [None, Some(Scheduled::Available), Some(Scheduled::Away(Reason::Lunch))];
        let scheduled = scheduled[queue].clone().filter(|_| source == 3);
        let state =
            |scheduled| ScheduleState { scheduled: Some(scheduled), adherent: None, shift: None };
        Observation {
            since,
            work,
            kpi: counted,
            schedule: scheduled.map(state),
            earlier: earlier.unwrap_or_default(),
            evidence: if is_concluded { Evidence::Inferred } else { Evidence::Observed },
            ..Observation::of(agent.to_string(), activity, raw)
        }
    }

    fn read(&mut self, source: usize, as_of: DateTime<Utc>, body: Body) {
        let name = SourceName::from(SOURCES[source].0);
        let reading = Reading { source: name, taken_at: self.now, as_of, skipped: 0, body };
        self.hear_of(source, Outcome::Read(reading));
    }

    fn hear_of(&mut self, source: usize, outcome: Outcome) {
        let report = Report {
            source: SOURCES[source].0.into(),
            at: self.now,
            outcome,
            clock_offset: None,
            took: TimeDelta::zero(),
            next_at: None,
            way_back: None,
            unread: Vec::new(),
        };
        let changes = self.floor.report(report, self.now);
        self.take(&changes);
    }

    fn take(&mut self, changes: &[Change]) {
        self.ledger.update(&self.floor, changes, self.now);
        self.runs.last_mut().unwrap().keep(changes);
    }

    /// An instant is told the same from wherever the telling begins.
    fn is_one_past(&self) -> Result<(), TestCaseError> {
        let (floor, now) = (&self.floor, self.now);
        for person in floor.people() {
            let day = floor.fused(person, floor.day_start(now), now, now);
            for begun in &day {
                for from in [begun.since, begun.since + TimeDelta::seconds(1)] {
                    let told = floor.fused(person, from, now, now);
                    let told: Vec<_> = told.into_iter().filter(|f| f.since < f.until).collect();
                    prop_assert_eq!(told, since(&day, from), "{} from {}", person.id, from);
                }
            }
        }
        Ok(())
    }

    /// Everybody's figures are those reckoned from scratch.
    fn agrees(&self) -> Result<(), TestCaseError> {
        let (floor, now) = (&self.floor, self.now);
        let since = floor.day_start(now);
        let mut all = Vec::new();
        for person in floor.people() {
            let scratch = figures_over(floor, person, since, now, now);
            let kept = self.ledger.person(floor, &person.id, now).unwrap();
            prop_assert_eq!(&kept, &scratch, "{} at {}", person.id, now);
            prop_assert_eq!(scratch.times.all(), now - since);
            if let Some((high, low)) = scratch.occupancy.zip(scratch.utilization) {
                prop_assert!(low.pct() <= high.pct());
            }
            all.push((person, scratch));
        }
        let together = Figures::together(all.iter().map(|(_, figures)| figures));
        prop_assert_eq!(self.ledger.floor(now), together);
        let odd = all.iter().filter(|(person, _)| person.team.as_deref() == Some("odd"));
        let odd = Figures::together(odd.map(|(_, figures)| figures));
        prop_assert_eq!(self.ledger.team("odd", now), odd);
        for queue in ["1", "2"] {
            let key = key(queue);
            let scratch = queues_over(floor, since, now, now).remove(&key);
            prop_assert_eq!(self.ledger.queue(&key, now), scratch);
        }
        Ok(())
    }
}

fn key(queue: &str) -> QueueKey {
    QueueKey {
        source: "dialer".into(),
        campaign_id: Some("111".to_owned()),
        queue_id: queue.to_owned(),
    }
}

/// `told` from `from` on.
fn since(told: &[Fused], from: DateTime<Utc>) -> Vec<Fused> {
    let told = told.iter().filter(|fused| from < fused.until);
    told.map(|fused| Fused { since: fused.since.max(from), ..fused.clone() }).collect()
}

/// Sums of the day so far: half of it available, a third on contact, the rest before the log begins.
fn counts(since: DateTime<Utc>, as_of: DateTime<Utc>, agent: usize) -> VendorKpi {
    let day = as_of - since;
    VendorKpi {
        since,
        as_of,
        spent: [(Bucket::Available, day / 2), (Bucket::OnContact, day / 3)].into(),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence: if agent == 4 { AdherencePct::Bypass } else { AdherencePct::Percent(92.0) },
    }
}

fn failure() -> Failure {
    Failure { kind: FailureKind::Transient, text: "HTTP 503".to_owned() }
}

/// A call that ended some time before `until`, and what was done from then on.
fn laid_out(until: DateTime<Utc>) -> Vec<Spell> {
    let spell = |from, to, activity: Activity| Spell {
        since: until - TimeDelta::seconds(from),
        until: Some(until - TimeDelta::seconds(to)),
        raw: activity.word().into(),
        activity,
        evidence: Evidence::Inferred,
        doubt: Some(Doubt::Order),
    };
    vec![spell(9, 4, Activity::OnContact), spell(4, 0, Activity::WrapUp)]
}

fn history(agent: usize, until: DateTime<Utc>, back: i64, spells: &[(i64, usize)]) -> AgentHistory {
    let from = until - TimeDelta::seconds(back);
    let mut spells: Vec<_> = spells
        .iter()
        .map(|(ago, activity)| Spell {
            since: until - TimeDelta::seconds(*ago),
            until: None,
            activity: ACTIVITIES[*activity].clone(),
            evidence: Evidence::Observed,
            raw: "state".into(),
            doubt: None,
        })
        .filter(|spell| from <= spell.since)
        .collect();
    spells.sort_by_key(|spell| spell.since);
    let agent = agent.to_string().into();
    AgentHistory { agent, name: None, from, until, spells, connection: None }
}

/// A sequence costs many reckonings: a few of them each time, and as many as `PROPTEST_CASES` asks for.
fn few_unless_asked() -> ProptestConfig {
    let asked = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let is_asked = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig { cases: if is_asked { asked.cases } else { 32 }, ..asked }
}

proptest! {
    #![proptest_config(few_unless_asked())]

    #[test]
    fn whatever_is_read_and_whenever_the_ledger_is_what_is_reckoned_from_scratch(
        events in prop::collection::vec(event(), 1..60)
    ) {
        let mut scene = Scene::new();
        for event in &events {
            scene.play(event);
            scene.agrees()?;
            scene.is_one_past()?;
        }
    }
}

fn list(source: usize, states: &[Option<State>]) -> Event {
    Event::List { source, age: 0, states: states.to_vec(), is_whole: false }
}

#[test]
fn between_two_changes_a_state_runs_on_and_stops_when_its_source_falls_silent() {
    let mut scene = Scene::new();
    scene.play(&list(0, &[Some((1, Some(60), 1))]));
    scene.play(&Event::Wait(9));
    let id = PersonId::from("p0");
    let on_contact = |scene: &Scene, at| {
        let found = scene.ledger.person(&scene.floor, &id, at).unwrap();
        found.times.of(ActivityKind::OnContact)
    };
    assert_eq!(on_contact(&scene, scene.now), TimeDelta::seconds(69));
    let later = scene.now + TimeDelta::milliseconds(500);
    assert_eq!(on_contact(&scene, later), TimeDelta::milliseconds(69_500));
    scene.play(&Event::Wait(60));
    assert_eq!(on_contact(&scene, scene.now), TimeDelta::seconds(60), "as far as it was confirmed");
    scene.agrees().unwrap();
}

#[test]
fn a_new_day_begins_with_what_goes_on() {
    let mut scene = Scene::new();
    scene.play(&Event::Wait(19 * 60 + 55));
    scene.play(&list(0, &[Some((1, Some(600), 1))]));
    scene.play(&Event::Wait(7));
    let found = scene.ledger.person(&scene.floor, &"p0".into(), scene.now).unwrap();
    assert_eq!(found.since, "2026-03-02T00:00:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(found.times.of(ActivityKind::OnContact), TimeDelta::seconds(2));
    assert_eq!(found.times.all(), TimeDelta::seconds(2));
}

#[test]
fn a_queue_has_the_time_in_which_people_sat_there_and_nobody_has_none() {
    let mut scene = Scene::new();
    assert_eq!(scene.ledger.queue(&key("1"), scene.now), None);
    scene.play(&list(0, &[Some((1, Some(0), 1)), None, Some((0, Some(0), 1))]));
    for _ in 0..10 {
        scene.play(&Event::Wait(3));
        scene.play(&list(0, &[Some((1, None, 1)), None, Some((0, None, 1))]));
    }
    let found = scene.ledger.queue(&key("1"), scene.now).unwrap();
    assert_eq!(found.times.all(), TimeDelta::seconds(60));
    assert_eq!(found.times.of(ActivityKind::OnContact), TimeDelta::seconds(30));
    assert_eq!(found.occupancy.map(Share::pct), Some(50.0));
    scene.agrees().unwrap();
}

#[test]
fn a_floor_without_anybody_has_no_figures() {
    let identity = empty_floor().identity().clone();
    let floor = Floor::new(identity, Roster::default(), Vec::new(), Vec::new());
    let mut ledger = Ledger::default();
    ledger.update(&floor, &[], evening());
    assert_eq!(ledger.floor(evening()), None);
    assert_eq!(ledger.team("odd", evening()), None);
    assert_eq!(ledger.person(&floor, &"p0".into(), evening()), None);
}

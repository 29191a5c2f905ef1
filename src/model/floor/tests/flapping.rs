//! Agents that leave and come back within seconds: a dialer's client that reconnects.

use proptest::prelude::*;

use super::*;
use crate::model::{AgentHistory, Archive, Layer, SideFeed, Spell};

/// A client's truth: logged in as available from an even entry on, gone from an odd one; in milliseconds.
#[derive(Debug, Clone)]
struct Truth(Vec<i64>);

fn at_ms(ms: i64) -> DateTime<Utc> {
    at(0) + TimeDelta::milliseconds(ms)
}

impl Truth {
    /// Since when it has been as it is at `ms`, and whether it is logged in.
    fn at(&self, ms: i64) -> (bool, i64) {
        let turns = self.0.iter().filter(|turn| **turn <= ms).count();
        (turns % 2 == 1, turns.checked_sub(1).map_or(i64::MIN, |last| self.0[last]))
    }

    /// For how long between `from` and `to` it is logged in.
    fn available(&self, from: i64, to: i64) -> i64 {
        (from..to).step_by(10).filter(|ms| self.at(*ms).0).count() as i64 * 10
    }

    /// What the log says at `ms`, which tells what is `lag` old: whole seconds.
    fn log(&self, ms: i64, lag: i64) -> Vec<Spell> {
        let known = self.0.iter().take_while(|turn| **turn <= ms - lag);
        let spells = known.enumerate().map(|(index, turn)| {
            let is_login = index % 2 == 0;
            let (activity, raw) = if is_login {
                (Activity::Available, "LOGIN AVAILABLE")
            } else {
                (Activity::Offline, "LogOut LOGGED_OUT")
            };
            let since = at(turn.div_euclid(1_000));
            let evidence = Evidence::Observed;
            Spell { since, until: None, activity, evidence, raw: raw.into(), doubt: None }
        });
        spells.collect()
    }
}

/// A floor of one dialer that is read every second, with a log beside it.
fn watched() -> Floor {
    let mut dialer = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(1));
    dialer.sides = vec![SideFeed::new(Side::History, TimeDelta::seconds(60))];
    Floor::new(identity(), Roster::default(), vec![dialer], Vec::new())
}

fn poll(floor: &mut Floor, truth: &Truth, ms: i64) -> Vec<Change> {
    let mut seen: Vec<_> =
        ["a", "b", "c"].map(|agent| says(agent, Activity::Available, -500)).into();
    let (is_here, since) = truth.at(ms);
    if is_here {
        let whole = (ms - since).div_euclid(1_000) * 1_000;
        let since = Some(at_ms(ms - whole));
        seen.push(Observation { since, ..Observation::of("1", Activity::Available, "READY") });
    }
    let when = at_ms(ms);
    let list = reading("dialer", 0, WHOLE, seen);
    floor.apply(Reading { taken_at: when, as_of: when, ..list }, when)
}

fn read_log(floor: &mut Floor, truth: &Truth, ms: i64, lag: i64) -> Vec<Change> {
    let when = at_ms(ms);
    let history = AgentHistory {
        agent: "1".into(),
        name: None,
        from: at(-86_400),
        until: when,
        spells: truth.log(ms, lag),
        connection: None,
    };
    let body = Body::History { histories: vec![history], incomplete: None };
    let log = reading("dialer", 0, WHOLE, Vec::new());
    floor.apply(Reading { taken_at: when, as_of: when, body, ..log }, when)
}

/// For how long the agent was available, offline and neither between two instants, as it is told at the
/// second of them.
fn times(floor: &Floor, from: i64, to: i64) -> [i64; 3] {
    let person = floor.person(&"dialer:1".into()).unwrap();
    let (from, to) = (at_ms(from), at_ms(to));
    let mut times = [0; 3];
    for stretch in floor.fused(person, from, to, to) {
        let length = (stretch.until - stretch.since).num_milliseconds();
        times[match stretch.activity {
            Activity::Available => 0,
            Activity::Offline => 1,
            _ => 2,
        }] += length;
    }
    times
}

#[test]
fn a_return_of_four_seconds_stands_and_is_followed_by_its_own_logout() {
    // There for long, gone at 20, back at 28 for four seconds.
    let truth = Truth(vec![-300_000, 20_000, 28_000, 32_000]);
    let mut floor = watched();
    for second in 1..=60 {
        poll(&mut floor, &truth, second * 1_000 + 200);
        // The log tells at 25 of the first logout, and then nothing for a while.
        if second == 25 || second == 50 {
            read_log(&mut floor, &truth, second * 1_000 + 500, 2_000);
        }
        let (is_here, since) = truth.at(second * 1_000 + 200);
        let presence = presence(&floor, "dialer", "1");
        if second == 26 {
            assert_eq!(presence.since, Some(at(20)), "by the log");
        }
        if is_here {
            assert_eq!(presence.activity, Activity::Available, "second {second}");
            assert!(
                (presence.since.unwrap() - at_ms(since)).num_milliseconds() < 1_000 || since < 0
            );
        } else if second >= 34 {
            let since = presence.since.unwrap();
            assert!((since - at(32)).abs() <= TimeDelta::seconds(1), "at {second} since {since}");
        }
    }
    assert_eq!(presence(&floor, "dialer", "1").since, Some(at(32)));
    let [available, offline, unknown] = times(&floor, 20_000, 60_000);
    assert_eq!((available + offline, unknown), (40_000, 0));
    assert!((available - 4_000).abs() <= 1_000, "{available}");
}

fn flaps() -> impl Strategy<Value = Truth> {
    prop::collection::vec(1_500_i64..9_000, 20..40).prop_map(|lengths| {
        let turns = lengths.iter().scan(0, |at, length| {
            *at += length;
            Some(*at)
        });
        Truth(std::iter::once(-100_000).chain(turns).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_times_of_who_flaps_add_up_and_each_change_is_where_it_was(
        truth in flaps(),
        log_every in prop::sample::select(vec![0_i64, 7, 31, 60]),
        lag in 0_i64..5_000,
        crash in prop::option::of(5_i64..85),
    ) {
        let mut floor = watched();
        let mut kept = Book::default();
        for second in 0..=100 {
            if crash == Some(second) {
                floor = watched();
                floor.restore(kept.archive(second * 1_000 - 700), at_ms(second * 1_000));
            }
            let ms = second * 1_000 + 300;
            let mut changes = poll(&mut floor, &truth, ms);
            if log_every > 0 && (second % log_every == 3 || second == 100) {
                changes.extend(read_log(&mut floor, &truth, ms + 100, lag));
            }
            kept.take(changes);
            // Whoever is shown as there, or as gone, has been so since about then.
            let (is_here, since) = truth.at(ms);
            let known = floor.person(&"dialer:1".into()).map(|person| &person.presences[0]);
            if let Some(known) = known.filter(|known| known.missed == 0 && is_here) {
                prop_assert_eq!(&known.activity, &Activity::Available);
                let apart = (known.since.unwrap() - at_ms(since)).num_milliseconds().abs();
                prop_assert!(apart <= 1_000, "at {}: {} and {}", ms, known.since.unwrap(), at_ms(since));
            }
        }
        let (from, to) = (1_000, 91_000);
        let told = times(&floor, from, to);
        prop_assert_eq!(told.iter().sum::<i64>(), 90_000);
        let transitions = truth.0.iter().filter(|turn| (from..to).contains(turn)).count() as i64;
        let wrong = (told[0] - truth.available(from, to)).abs();
        // By the log a change is known to the second, without one to within two readings.
        let within = if log_every > 0 { 1_000 } else { 1_300 };
        // Whoever is gone when the program ends is in no list that the next run could miss them from: until
        // they are back nobody knows.
        let unknown = if crash.is_some() { 4_000 + 9_000 } else { 4_000 };
        prop_assert!(
            wrong <= transitions * within && told[2] <= unknown,
            "{:?} for {} in {} changes", told, truth.available(from, to), transitions
        );
    }
}

/// What a run kept of the agent.
#[derive(Default)]
struct Book(BTreeMap<(Layer, DateTime<Utc>), Spell>);

impl Book {
    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            let Change::Keep(entry) = change else { continue };
            match *entry {
                Entry::Spell { agent, layer, spell } if agent.agent.as_str() == "1" => {
                    self.0.insert((layer, spell.since), spell);
                }
                Entry::NoSpell { agent, layer, since } if agent.agent.as_str() == "1" => {
                    self.0.remove(&(layer, since));
                }
                _ => {}
            }
        }
    }

    /// What there is of it for the next run, where this one read the dialer last at `ms`.
    fn archive(&self, ms: i64) -> Archive {
        let key = AgentKey::new("dialer".into(), "1".into());
        let spells = self.0.iter().map(|((layer, _), spell)| {
            let on = Some(at_ms(ms)).filter(|_| *layer == Layer::Watched);
            (key.clone(), *layer, Spell { until: spell.until.or(on), ..spell.clone() })
        });
        let read_until = vec![("dialer".into(), Layer::Watched, at_ms(ms))];
        Archive { spells: spells.collect(), read_until, ..Archive::default() }
    }
}

use std::collections::HashMap;

use super::mishap::Mishap;
use super::state::State;
use chrono::TimeDelta;

use super::*;

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800, 0).unwrap()
}

fn tally(world: &World, at: DateTime<Utc>) -> HashMap<&'static str, usize> {
    let mut tally = HashMap::new();
    for person in &world.people {
        *tally.entry(person.day.at(at).state.word()).or_default() += 1;
    }
    tally
}

#[test]
fn the_same_seed_makes_the_same_floor() {
    let trace = |world: &World| -> Vec<_> {
        let days = world.people.iter().flat_map(|p| p.day.segments());
        days.map(|s| (s.start, s.state, s.call)).collect()
    };
    let (mut one, mut other) = (World::new(7, start(), 25, 6), World::new(7, start(), 25, 6));
    one.advance(start() + TimeDelta::hours(2));
    for minute in 0..=120 {
        other.advance(start() + TimeDelta::minutes(minute));
    }
    assert_eq!(trace(&one), trace(&other), "however often it is looked at");
    assert_ne!(trace(&one), trace(&World::new(8, start(), 25, 6)));
}

#[test]
fn the_floor_is_alive_whatever_the_seed_and_the_hour() {
    for seed in 0..20 {
        for hours in [0, 7, 15] {
            let start = start() + TimeDelta::hours(hours);
            let world = World::new(seed, start, 25, 6);
            let tally = tally(&world, start);
            let count = |word| tally.get(word).copied().unwrap_or(0);
            assert!(count("on_contact") >= 7, "seed {seed}: {tally:?}");
            assert!(count("available") >= 1, "seed {seed}: {tally:?}");
            assert!((2..=4).contains(&count("offline")), "seed {seed}: {tally:?}");
            assert!((1..=8).contains(&count("away")), "seed {seed}: {tally:?}");
        }
    }
}

#[test]
fn a_floor_of_25_looks_like_one_on_average() {
    let mut sums: HashMap<&str, usize> = HashMap::new();
    for seed in 0..40 {
        for (word, count) in tally(&World::new(seed, start(), 25, 6), start()) {
            *sums.entry(word).or_default() += count;
        }
    }
    let mean = |word| sums[word] / 40;
    assert!((12..=14).contains(&mean("on_contact")), "{sums:?}");
    assert!((4..=7).contains(&mean("available")), "{sums:?}");
    assert!((2..=4).contains(&mean("away")), "{sums:?}");
    assert!((1..=2).contains(&mean("wrap_up")), "{sums:?}");
}

#[test]
fn something_changes_every_few_seconds() {
    let mut world = World::new(7, start(), 25, 6);
    let later = start() + TimeDelta::minutes(5);
    world.advance(later);
    let segments = world.people.iter().flat_map(|p| p.day.segments());
    let changes = segments.filter(|s| s.start > start() && s.start <= later).count();
    assert!(changes > 50, "{changes} changes in five minutes");
}

#[test]
fn a_call_rings_is_talked_and_is_wrapped_up() {
    let world = World::new(3, start(), 25, 6);
    for person in world.people.iter().filter(|p| p.dialer.is_some() && p.mishap.is_none()) {
        for pair in person.day.segments().windows(2) {
            match pair[0].state {
                State::Ringing => assert_eq!(pair[1].state, State::OnContact),
                State::OnContact => assert_eq!(pair[1].state, State::WrapUp),
                _ => continue,
            }
            assert_eq!(pair[0].call, pair[1].call);
        }
    }
}

#[test]
fn every_mishap_happens_and_shows() {
    let world = World::new(7, start(), 25, 6);
    let mut seen: Vec<_> = world.people.iter().filter_map(|p| Some(p.mishap?.word())).collect();
    seen.sort_unstable();
    let all = ["cx_closed", "cx_left_open", "cx_silent", "forgotten_wrap", "long_break"];
    assert_eq!(seen[..5], all);
    for person in &world.people {
        let now = person.day.at(start());
        match person.mishap {
            Some(Mishap::LongBreak) => assert_eq!(now.state.reason(), Some("break")),
            Some(Mishap::ForgottenWrap) => {
                assert_eq!(now.state, State::WrapUp);
                assert!(start() - now.start > TimeDelta::minutes(25));
            }
            Some(Mishap::OutOfAdherence) => {
                assert!(matches!(person.duty.at(start()), duty::Scheduled::Away(_)));
                assert!(!matches!(now.state, State::Away(_) | State::Offline));
            }
            Some(Mishap::CxLeftOpen | Mishap::CxClosed) => assert_eq!(now.state, State::Offline),
            _ => {}
        }
    }
}

#[test]
fn who_is_put_out_stays_out_for_half_an_hour() {
    let mut world = World::new(7, start(), 25, 6);
    let now = start() + TimeDelta::seconds(10);
    world.advance(now);
    let index = world.people.iter().position(|p| p.day.at(now).state == State::OnContact).unwrap();
    let person = &mut world.people[index];
    let back = now + person.time_out();
    person.put_out(now, back);
    world.advance(now + TimeDelta::hours(1));
    let day = &world.people[index].day;
    assert_eq!(day.at(now).state, State::ForcedOut);
    assert_eq!(day.at(now).start, now);
    assert_eq!(day.at(now + TimeDelta::minutes(29)).state, State::ForcedOut);
    assert_ne!(day.at(back + TimeDelta::seconds(1)).state, State::ForcedOut);
}

#[test]
fn about_four_in_ten_sit_in_cxengage_a_fifth_has_a_telephone_and_most_sit_in_the_others() {
    let world = World::new(7, start(), 1_000, 6);
    let count = |f: fn(&Person) -> bool| world.people.iter().filter(|p| f(p)).count();
    assert!((350..=450).contains(&count(|p| p.cx.is_some())));
    assert!((150..=250).contains(&count(|p| p.sip.is_some())));
    assert_eq!(count(|p| p.dialer.is_none() && p.cx.is_none()), 40, "with sip.io alone");
    assert!(count(|p| p.dialer.is_some()) > 850);
    assert!(count(|p| p.wfm.is_some()) > 850);
    assert_eq!(count(|p| p.dialer.is_none() && p.cx.is_none() && p.sip.is_none()), 0);
}

#[test]
fn who_comes_back_works_again_at_once() {
    let mut world = World::new(7, start(), 25, 6);
    let now = start() + TimeDelta::seconds(10);
    world.advance(now);
    let busy = |p: &Person| p.day.at(now).state == State::OnContact && p.mishap.is_none();
    let index = world.people.iter().position(busy).unwrap();
    world.people[index].put_out(now, now + TimeDelta::seconds(6));
    world.advance(now + TimeDelta::seconds(60));
    let day = &world.people[index].day;
    assert_eq!(day.at(now + TimeDelta::seconds(5)).state, State::ForcedOut);
    assert!(!day.at(now + TimeDelta::seconds(7)).state.is_out());
}

#[test]
fn the_floor_goes_on_for_days() {
    let mut world = World::new(7, start(), 25, 6);
    for day in 1..=3 {
        let now = start() + TimeDelta::days(day);
        world.advance(now);
        let tally = tally(&world, now);
        assert!(tally["on_contact"] >= 6, "day {day}: {tally:?}");
    }
    for person in &world.people {
        let segments = person.day.segments();
        assert!(segments.windows(2).all(|pair| pair[0].start < pair[1].start));
        let Some(cx) = &person.cx else { continue };
        let records = cx.sessions.records();
        assert!(records.windows(2).all(|pair| pair[0].start < pair[1].start));
    }
}
